//! What a standard can be told of how objects began. Whatever it cannot honour it refuses.

use super::history::Value;
use super::judgement::{Initial, Refusal};
use super::model::Versioned;

/// Which beginnings a standard knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// With nothing, and no other way.
    Empty,
    /// With a value, or elements.
    Value,
    ValueOrUnknown,
    /// With a whole number.
    Number,
    NumberOrUnknown,
    /// With a version and a value.
    Version,
}

impl Begins {
    /// For people: what `--initial` may be; `None` if it may be nothing.
    pub fn told(self) -> Option<&'static str> {
        Some(match self {
            Begins::Empty => return None,
            Begins::Value => "a value",
            Begins::ValueOrUnknown => "a value or unknown",
            Begins::Number => "a whole number",
            Begins::NumberOrUnknown => "a whole number or unknown",
            Begins::Version => "[version value]",
        })
    }

    /// Can a standard of this name be told this?
    ///
    /// # Errors
    /// It cannot.
    pub fn check(self, name: &str, initial: &Initial) -> Result<(), Refusal> {
        let fits = match (self, initial) {
            (_, Initial::Nothing) => true,
            (Begins::Empty, _) => false,
            (_, Initial::Unknown) => matches!(self, Begins::ValueOrUnknown | Begins::NumberOrUnknown),
            (Begins::Value | Begins::ValueOrUnknown, Initial::Value(_)) => true,
            (Begins::Number | Begins::NumberOrUnknown, Initial::Value(value)) => value.whole().is_some(),
            (Begins::Version, Initial::Value(value)) => Versioned::default().starting_with(value).is_ok(),
        };
        if fits {
            return Ok(());
        }
        let given = match initial {
            Initial::Value(value) => value,
            Initial::Nothing | Initial::Unknown => &Value::Text("unknown".into()),
        };
        let why = match self.told() {
            None => format!("initial values are not for the model {name}: its objects begin empty"),
            Some(told) => format!("the initial value of the model {name} is {told}, not {given}"),
        };
        Err(Refusal { operation: None, why })
    }
}
