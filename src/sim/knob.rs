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
}

/// What a knob can be set to, and where it stands if nobody touches it.
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

/// Looks for a written knob that cannot stand where it stands: all of them, how many nodes there are, and which are
/// written.
pub type Fit = fn(&Knobs, u16, &dyn Fn(&str) -> bool) -> Option<Misfit>;

/// A knob that cannot stand where it stands, beside the others and with so many nodes.
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

impl Dial {
    /// Where it stands if nobody touches it.
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
    /// All knobs where they stand if nobody touches them.
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
