//! The words a script may use: protocols, their knobs and their promises.

use super::length;
use super::slip::{Slip, nearest};
use crate::sim::{Dial, Fit, Knob, Level, Setting};

/// One protocol, as far as a script speaks of it.
#[derive(Clone, Debug)]
pub struct Role {
    pub name: &'static str,
    pub about: &'static str,
    pub knobs: &'static [Knob],
    pub promises: Vec<&'static str>,
    /// Promises that are judged by an objective, each with the objective's key.
    pub objectives: &'static [(&'static str, &'static str)],
    /// The strongest level that it serves.
    pub strongest: Level,
    /// A written knob that cannot stand where it stands, with so many nodes.
    pub misfit: Fit,
    /// Can the protocol read this as the content of a disk?
    pub disk: fn(&str) -> Result<(), String>,
}

impl Role {
    /// The knob of this name.
    ///
    /// # Errors
    /// A slip with the nearest name there is.
    pub fn knob(&self, name: &str) -> Result<&'static Knob, Slip> {
        let known: Vec<&str> = self.knobs.iter().map(|knob| knob.name).collect();
        let found = self.knobs.iter().find(|knob| knob.name == name);
        found.ok_or_else(|| {
            let mut slip = Slip::unknown("knob", name, &known);
            if known.is_empty() {
                slip.hint = format!("{} has no knobs.", self.name);
            }
            slip
        })
    }

    /// Can operations be served at this level?
    ///
    /// # Errors
    /// A slip with the strongest one that can.
    pub fn serve(&self, level: Level) -> Result<(), Slip> {
        if level <= self.strongest {
            return Ok(());
        }
        let what = format!("{} serves nothing{level}", self.name);
        Err(Slip::new(what, format!("The strongest level that it serves is{}.", self.strongest)))
    }

    /// The key of the objective by which this promise is judged, if it is judged by one.
    pub fn objective(&self, promise: &str) -> Option<&'static str> {
        self.objectives.iter().find(|(name, _)| *name == promise).map(|(_, key)| *key)
    }

    /// Is there a promise of this name?
    ///
    /// # Errors
    /// A slip with the nearest name there is.
    pub fn promise(&self, name: &str) -> Result<(), Slip> {
        let known = self.promises.contains(&name);
        if known { Ok(()) } else { Err(Slip::unknown("promise", name, &self.promises)) }
    }
}

/// Finds the protocol of this name.
pub fn role<'a>(roles: &'a [Role], name: &str) -> Result<&'a Role, Slip> {
    let known: Vec<&str> = roles.iter().map(|role| role.name).collect();
    roles.iter().find(|role| role.name == name).ok_or_else(|| Slip::unknown("protocol", name, &known))
}

/// Reads what a knob is set to, from text: `true`, `5`, `150ms`, `any term`.
pub fn setting(knob: &Knob, text: &str) -> Result<Setting, Slip> {
    let wrong = || {
        Slip::new(
            format!("{:?} cannot be set to {text:?}", knob.name),
            format!("It takes {}.", knob.dial.range()),
        )
    };
    let setting = match knob.dial {
        Dial::Switch { .. } => match text {
            "true" | "on" => Setting::Switch(true),
            "false" | "off" => Setting::Switch(false),
            _ => return Err(wrong()),
        },
        Dial::Number { .. } => Setting::Number(text.parse().map_err(|_| wrong())?),
        Dial::Duration { .. } => Setting::Duration(
            length::read(text)
                .map_err(|slip| Slip { hint: format!("{} {}", wrong().hint, slip.hint), ..wrong() })?,
        ),
        Dial::Choice { options, .. } if !options.contains(&text) => {
            return Err(Slip { hint: nearest(text, options), ..wrong() });
        }
        Dial::Choice { .. } => Setting::Choice(text.to_owned()),
    };
    if knob.dial.allows(&setting) { Ok(setting) } else { Err(wrong()) }
}

/// A setting as text that [`setting`] reads.
pub fn write_setting(setting: &Setting) -> String {
    match setting {
        Setting::Switch(on) => on.to_string(),
        Setting::Number(number) => number.to_string(),
        Setting::Duration(time) => length::write(*time),
        Setting::Choice(choice) => choice.clone(),
    }
}
