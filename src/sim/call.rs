//! What clients ask for.

use std::fmt;

use smol_str::SmolStr;

use super::node::NodeId;
use super::outcome::Outcome;

/// Why a compare-and-set fails: it was looked at, and the answer is no.
pub const ANOTHER_VALUE: &str = "the value is another";
/// Why a lock is not taken.
pub const HELD: &str = "it is held already";
/// Why a lock is not let go.
pub const NOT_YOURS: &str = "it is not yours";

/// What the operation is. The value under a key is what was first made of it: a number, a list, a set, a lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    Read {
        key: SmolStr,
    },
    Write {
        key: SmolStr,
        value: i64,
    },
    /// Compare and set: writes `new` if the value is `old`.
    Cas {
        key: SmolStr,
        old: i64,
        new: i64,
    },
    /// Adds to a number; an absent key counts as 0.
    Add {
        key: SmolStr,
        by: i64,
    },
    /// Writes behind what is in a list.
    Append {
        key: SmolStr,
        value: i64,
    },
    /// Puts an element into a set.
    Insert {
        key: SmolStr,
        value: i64,
    },
    /// Takes an element out of a set.
    Remove {
        key: SmolStr,
        value: i64,
    },
    Enqueue {
        key: SmolStr,
        value: i64,
    },
    /// Takes the first out of a queue; nothing if it is empty.
    Dequeue {
        key: SmolStr,
    },
    /// Takes a lock.
    Acquire {
        key: SmolStr,
        by: NodeId,
    },
    /// Lets a lock go.
    Release {
        key: SmolStr,
        by: NodeId,
    },
}

impl Call {
    /// The key it is about.
    pub fn key(&self) -> &SmolStr {
        match self {
            Call::Read { key }
            | Call::Write { key, .. }
            | Call::Cas { key, .. }
            | Call::Add { key, .. }
            | Call::Append { key, .. }
            | Call::Insert { key, .. }
            | Call::Remove { key, .. }
            | Call::Enqueue { key, .. }
            | Call::Dequeue { key }
            | Call::Acquire { key, .. }
            | Call::Release { key, .. } => key,
        }
    }

    /// The same, to put another in its place.
    pub fn key_mut(&mut self) -> &mut SmolStr {
        match self {
            Call::Read { key }
            | Call::Write { key, .. }
            | Call::Cas { key, .. }
            | Call::Add { key, .. }
            | Call::Append { key, .. }
            | Call::Insert { key, .. }
            | Call::Remove { key, .. }
            | Call::Enqueue { key, .. }
            | Call::Dequeue { key }
            | Call::Acquire { key, .. }
            | Call::Release { key, .. } => key,
        }
    }

    /// The value it brings along, where there is one to choose.
    pub fn value_mut(&mut self) -> Option<&mut i64> {
        match self {
            Call::Write { value, .. }
            | Call::Append { value, .. }
            | Call::Insert { value, .. }
            | Call::Enqueue { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The client that asks, where it matters.
    pub fn owner_mut(&mut self) -> Option<&mut NodeId> {
        match self {
            Call::Acquire { by, .. } | Call::Release { by, .. } => Some(by),
            _ => None,
        }
    }

    /// Does it leave everything as it is?
    pub fn reads_only(&self) -> bool {
        matches!(self, Call::Read { .. })
    }

    /// Does this outcome answer it? A service that has looked at the object and says that its value is another, or that
    /// a lock is held, has answered; any other failure is a refusal, and no answer to the client.
    pub fn is_answered_by(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Ok(_) => true,
            Outcome::Failed(why) => [ANOTHER_VALUE, HELD, NOT_YOURS].contains(why),
            Outcome::Redirect(_) => false,
        }
    }

    /// What it makes of a number, for protocols that keep nothing else.
    ///
    /// # Errors
    /// The outcome of a call that changes nothing.
    pub fn on_number(&self, now: Option<i64>) -> Result<i64, Outcome> {
        match self {
            Call::Read { .. } => Err(Outcome::ok(now)),
            Call::Cas { old, .. } if now != Some(*old) => Err(Outcome::Failed(ANOTHER_VALUE)),
            Call::Write { value, .. } => Ok(*value),
            Call::Cas { new, .. } => Ok(*new),
            Call::Add { by, .. } => Ok(now.unwrap_or(0).wrapping_add(*by)),
            _ => Err(Outcome::Failed("nothing but numbers is kept here")),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Read { key } => write!(f, "read {key}"),
            Call::Write { key, value } => write!(f, "write {key} {value}"),
            Call::Cas { key, old, new } => write!(f, "cas {key} {old} {new}"),
            Call::Add { key, by } => write!(f, "add {key} {by}"),
            Call::Append { key, value } => write!(f, "append {key} {value}"),
            Call::Insert { key, value } => write!(f, "insert {key} {value}"),
            Call::Remove { key, value } => write!(f, "remove {key} {value}"),
            Call::Enqueue { key, value } => write!(f, "enqueue {key} {value}"),
            Call::Dequeue { key } => write!(f, "dequeue {key}"),
            Call::Acquire { key, .. } => write!(f, "acquire {key}"),
            Call::Release { key, .. } => write!(f, "release {key}"),
        }
    }
}
