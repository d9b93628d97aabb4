//! A counter: a number that is added to and read.

use super::{Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// A counter for each key; it begins at 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter;

/// An operation of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Op {
    by: Option<i64>,
    heard: Option<i64>,
}

impl Model for Counter {
    type State = i64;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let heard = match &operation.outcome {
            Outcome::Ok(Value::Int(heard)) => Some(*heard),
            // Some clients read an untouched counter as nothing.
            Outcome::Ok(Value::Nil) if operation.action.verb == Verb::Read => Some(0),
            _ => None,
        };
        match (operation.action.verb, &operation.action.value) {
            (Verb::Read, _) => Ok(Op { by: None, heard }),
            (Verb::Add, Value::Int(by)) => Ok(Op { by: Some(*by), heard: None }),
            (Verb::Add, _) => Err("a counter adds whole numbers only".to_owned()),
            _ => Err(foreign("counter", operation)),
        }
    }

    fn start(&self) -> i64 {
        0
    }

    fn step(&self, state: &i64, op: &Op) -> Option<i64> {
        let sum = state.wrapping_add(op.by.unwrap_or(0));
        op.heard.is_none_or(|heard| heard == sum).then_some(sum)
    }

    fn reads_only(&self, op: &Op) -> bool {
        op.by.is_none()
    }

    fn describe(&self, state: &i64) -> String {
        state.to_string()
    }
}
