//! A register that counts its writes and tells the count: the model of Jepsen's test of etcd. A value is
//! `[version value]`; a request leaves the version open, and the answer to a write tells the one that it made.

use super::code::{Code, Codes};
use super::{Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// One versioned register for each key; version 0 holds nothing.
#[derive(Clone, Debug)]
pub struct Versioned {
    codes: Codes,
    start: (i128, Code),
}

/// An operation of a versioned register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Op {
    verb: Verb,
    /// The version that was read or made, where the answer tells it.
    version: Option<i128>,
    /// What was written, or read; `None` if nobody heard.
    value: Option<Code>,
    /// What a compare-and-set expects.
    old: Code,
}

impl Default for Versioned {
    fn default() -> Versioned {
        Versioned { codes: Codes::default(), start: (0, Code::NIL) }
    }
}

impl Versioned {
    /// The same, each register holding this `[version value]` at first.
    ///
    /// # Errors
    /// What is no such pair.
    pub fn starting_with(mut self, value: &Value) -> Result<Versioned, String> {
        let (version, value) = pair(value)?;
        let value = self.codes.code(value);
        let version = version.ok_or_else(|| "a versioned register begins at a version".to_owned())?;
        self.start = (version, value);
        Ok(self)
    }
}

/// The version, if it is told, and the value.
fn pair(value: &Value) -> Result<(Option<i128>, &Value), String> {
    let wrong = || format!("{value} is no [version value]");
    let Value::List(parts) = value else { return Err(wrong()) };
    let [version, value] = parts.as_slice() else { return Err(wrong()) };
    match (version, version.whole()) {
        (Value::Nil, _) => Ok((None, value)),
        (_, Some(version)) if version >= 0 => Ok((Some(version), value)),
        _ => Err(wrong()),
    }
}

impl Model for Versioned {
    type State = (i128, Code);
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let action = &operation.action;
        let told = match &operation.outcome {
            Outcome::Ok(Value::Nil | Value::Bool(true)) if action.verb != Verb::Read => None,
            // Nothing is there, and it has no version.
            Outcome::Ok(Value::Nil) => Some((None, &Value::Nil)),
            Outcome::Ok(answer) => Some(pair(answer)?),
            Outcome::Failed | Outcome::Unknown => None,
        };
        let version = told.and_then(|(version, _)| version);
        let same = |asked: &Value| match told {
            Some((_, told)) if told != asked => {
                Err(format!("the answer to this {} tells another value, {told}", action.verb.name()))
            }
            _ => Ok(()),
        };
        let (value, old) = match action.verb {
            Verb::Read => (told.map(|(_, value)| value), &Value::Nil),
            Verb::Write => {
                let (_, value) = pair(&action.value)?;
                same(value)?;
                (Some(value), &Value::Nil)
            }
            // `[version [old new]]`, read as the old and the new one of a compare-and-set.
            Verb::Cas => match &action.value {
                Value::List(two) if two.len() == 2 => {
                    same(&action.value)?;
                    (Some(&two[1]), &two[0])
                }
                other => {
                    return Err(format!("a versioned compare-and-set is [version [old new]], not {other}"));
                }
            },
            _ => return Err(foreign("versioned register", operation)),
        };
        let (value, old) = (value.map(|value| self.codes.code(value)), self.codes.code(old));
        Ok(Op { verb: action.verb, version, value, old })
    }

    fn start(&self) -> (i128, Code) {
        self.start
    }

    fn step(&self, state: &(i128, Code), op: &Op) -> Option<(i128, Code)> {
        let (version, now) = *state;
        if op.verb == Verb::Read {
            let fits =
                op.version.is_none_or(|heard| heard == version) && op.value.is_none_or(|heard| heard == now);
            return fits.then_some(*state);
        }
        let (next, value) = (version.checked_add(1)?, op.value?);
        let fits = op.version.is_none_or(|told| told == next) && (op.verb != Verb::Cas || op.old == now);
        fits.then_some((next, value))
    }

    fn reads_only(&self, op: &Op) -> bool {
        op.verb == Verb::Read
    }

    fn describe(&self, (version, value): &(i128, Code)) -> String {
        format!("{} at version {version}", self.codes.describe(*value))
    }
}
