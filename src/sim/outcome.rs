//! What clients hear back.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::node::NodeId;

/// A value as a client sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing was ever written.
    #[default]
    Nothing,
    Int(i64),
    /// The elements of a list, a queue or a set, or values that contradict each other.
    Many(Vec<i64>),
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Value::Nothing => None::<i64>.hash(state),
            Value::Int(value) => Some(*value).hash(state),
            Value::Many(values) => (2_u8, values).hash(state),
        }
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Value {
        value.map_or(Value::Nothing, Value::Int)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

/// How an operation ended, as far as the answering node can tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It took effect; a read found this value.
    Ok(Value),
    /// It did not and will not take effect, for this reason.
    Failed(&'static str),
    /// Ask another node; it did not take effect here.
    Redirect(Option<NodeId>),
}

impl Outcome {
    /// It took effect, and this is the value now.
    pub fn ok(value: impl Into<Value>) -> Outcome {
        Outcome::Ok(value.into())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nothing => f.write_str("nothing"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Many(values) => {
                let words: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", words.join(" "))
            }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Ok(value) => write!(f, "{value}"),
            Outcome::Failed(why) => write!(f, "failed: {why}"),
            Outcome::Redirect(Some(node)) => write!(f, "ask {node}"),
            Outcome::Redirect(None) => write!(f, "ask another"),
        }
    }
}
