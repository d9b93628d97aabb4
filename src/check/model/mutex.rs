//! A lock that one may hold.

use super::code::Code;
use super::{Made, Model, foreign};
use crate::check::history::{Operation, Verb};

/// A mutex for each key; it is free at first. Only who holds it can let it go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mutex;

/// Who asks, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Op {
    client: u32,
    acquires: bool,
}

impl Model for Mutex {
    type State = Option<u32>;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let acquires = match operation.action.verb {
            Verb::Acquire => true,
            Verb::Release => false,
            _ => return Err(foreign("mutex", operation)),
        };
        Ok(Op { client: operation.client, acquires })
    }

    fn start(&self) -> Option<u32> {
        None
    }

    fn step(&self, state: &Option<u32>, op: &Op) -> Option<Option<u32>> {
        match (op.acquires, state) {
            (true, None) => Some(Some(op.client)),
            (false, Some(holder)) if *holder == op.client => Some(None),
            _ => None,
        }
    }

    fn reads_only(&self, _op: &Op) -> bool {
        false
    }

    fn asks(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        if !op.acquires {
            tell(held(op.client));
        }
    }

    fn makes(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        if op.acquires {
            tell(held(op.client));
        }
    }

    fn holds(&self, state: &Option<u32>, tell: &mut dyn FnMut(Made)) {
        state.iter().for_each(|client| tell(held(*client)));
    }

    fn describe(&self, state: &Option<u32>) -> String {
        match state {
            Some(client) => format!("held by client {client}"),
            None => "free".to_owned(),
        }
    }
}

/// It was held by this client once.
fn held(client: u32) -> Made {
    Code::of_int(i64::from(client)).map_or(Made::Anything, |client| Made::This(client, Code::NIL))
}
