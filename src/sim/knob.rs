//! Knobs: the parameters of a protocol, as data.

use super::time::Micros;

/// One parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knob {
    /// As scenario files name it: `"pre-vote"`.
    pub name: &'static str,
    /// One sentence: what turning it does.
    pub about: &'static str,
    pub dial: Dial,
    /// It has an effect only where each of these is so; wherever it stands, if there is none ([`ALWAYS`]).
    pub needs: &'static [Need],
}

/// What a knob needs to have an effect: that another is set to one of these, written as in scenario files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub knob: &'static str,
    pub is: &'static [&'static str],
}

/// Of a knob that needs no other.
pub const ALWAYS: &[Need] = &[];

/// What a knob can be set to, and its default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dial {
    /// On or off.
    Switch { default: bool },
    /// A whole number in `least..=most`.
    Number { default: u64, least: u64, most: u64 },
    /// A length of time in `least..=most`.
    Duration { default: Micros, least: Micros, most: Micros },
    /// One of the words in `options`.
    Choice { default: &'static str, options: &'static [&'static str] },
}

/// Where a knob stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    Switch(bool),
    Number(u64),
    Duration(Micros),
    Choice(String),
}

/// Looks for a written knob whose setting is impossible: in all of them, the number of nodes, and which are written.
pub type Fit = fn(&Knobs, u16, &dyn Fn(&str) -> bool) -> Option<Misfit>;

/// A knob whose setting is impossible, beside the others or with this number of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub knob: &'static str,
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

/// Every knob of a protocol, set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knobs(Vec<(&'static str, Setting)>);

impl Knob {
    /// What is not so that this knob needs; `None` if it has an effect beside the others.
    pub fn misses(&self, knobs: &Knobs) -> Option<Need> {
        let is = |need: &Need| knobs.get(need.knob).is_some_and(|setting| need.is.contains(&setting.word()));
        self.needs.iter().find(|need| !is(need)).copied()
    }
}

impl Setting {
    /// A switch or a choice as scenario files write it; nothing of a number or a length, which no knob needs.
    fn word(&self) -> &str {
        match self {
            Setting::Switch(true) => "true",
            Setting::Switch(false) => "false",
            Setting::Choice(choice) => choice,
            Setting::Number(_) | Setting::Duration(_) => "",
        }
    }
}

impl Dial {
    /// Its setting where a script does not name it.
    pub fn default(&self) -> Setting {
        match *self {
            Dial::Switch { default } => Setting::Switch(default),
            Dial::Number { default, .. } => Setting::Number(default),
            Dial::Duration { default, .. } => Setting::Duration(default),
            Dial::Choice { default, .. } => Setting::Choice(default.to_owned()),
        }
    }

    /// The settings it allows, in words: `"1 to 1000"`.
    pub fn range(&self) -> String {
        match *self {
            Dial::Switch { .. } => "true or false".to_owned(),
            Dial::Number { least, most, .. } => format!("{least} to {most}"),
            Dial::Duration { least, most, .. } => format!("{least} to {most}"),
            Dial::Choice { options, .. } => options.join(", "),
        }
    }

    /// Is this a setting of its kind and within its range?
    pub fn allows(&self, setting: &Setting) -> bool {
        match (self, setting) {
            (Dial::Switch { .. }, Setting::Switch(_)) => true,
            (Dial::Number { least, most, .. }, Setting::Number(n)) => (least..=most).contains(&n),
            (Dial::Duration { least, most, .. }, Setting::Duration(d)) => (least..=most).contains(&d),
            (Dial::Choice { options, .. }, Setting::Choice(choice)) => options.contains(&choice.as_str()),
            _ => false,
        }
    }
}

impl Knobs {
    /// All knobs at their defaults.
    pub fn defaults(knobs: &'static [Knob]) -> Knobs {
        Knobs(knobs.iter().map(|knob| (knob.name, knob.dial.default())).collect())
    }

    /// Turns a knob that exists; the caller has checked that its dial allows the setting.
    pub fn set(&mut self, name: &str, setting: Setting) {
        if let Some((_, current)) = self.0.iter_mut().find(|(known, _)| *known == name) {
            *current = setting;
        }
    }

    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, setting)| setting)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Setting)> {
        self.0.iter().map(|(name, setting)| (*name, setting))
    }

    /// A switch of the protocol's own list.
    pub fn switch(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Setting::Switch(true)))
    }

    /// A number of the protocol's own list.
    pub fn number(&self, name: &str) -> u64 {
        match self.get(name) {
            Some(Setting::Number(n)) => *n,
            _ => 0,
        }
    }

    /// A length of time of the protocol's own list.
    pub fn duration(&self, name: &str) -> Micros {
        match self.get(name) {
            Some(Setting::Duration(length)) => *length,
            _ => Micros::ZERO,
        }
    }

    /// A choice of the protocol's own list.
    pub fn choice(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Setting::Choice(choice)) => choice,
            _ => "",
        }
    }
}
