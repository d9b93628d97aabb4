//! What clients ask of nodes, and what they hear back.

use std::fmt;

use smol_str::SmolStr;

/// One operation of one client, numbered through the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

/// How new the state is that a client has seen: what it carries from answer to request so that nobody shows it an older
/// one. Zero is "nothing yet"; what the number counts is the protocol's own business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(pub u64);

impl std::hash::Hash for Token {
    /// A letter without a token has the digest it had before there were tokens: links carry fingerprints.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if self.0 != 0 {
            state.write_u64(self.0);
        }
    }
}

/// What the operation is.
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
}

/// A value as a client sees it; `None` is "nothing was ever written".
pub type Value = Option<i64>;

/// How an operation ended, as far as the answering node can tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It took effect; a read found this value.
    Ok(Value),
    /// It did not and will not take effect, for this reason.
    Failed(&'static str),
    /// Ask another node; it did not take effect here.
    Redirect(Option<super::NodeId>),
}

impl Call {
    /// The key it is about.
    pub fn key(&self) -> &SmolStr {
        match self {
            Call::Read { key } | Call::Write { key, .. } | Call::Cas { key, .. } | Call::Add { key, .. } => {
                key
            }
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
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Ok(Some(value)) => write!(f, "{value}"),
            Outcome::Ok(None) => write!(f, "nothing"),
            Outcome::Failed(why) => write!(f, "failed: {why}"),
            Outcome::Redirect(Some(node)) => write!(f, "ask {node}"),
            Outcome::Redirect(None) => write!(f, "ask another"),
        }
    }
}
