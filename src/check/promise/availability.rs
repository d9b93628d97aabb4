//! Availability as in the CAP theorem: "every request received by a non-failing node in the system must result in a
//! response" (Gilbert and Lynch 2002, section 2.2). A refusal is none.

use std::rc::Rc;

use super::{News, Watch};
use crate::check::history::{Operation, Outcome, Verb};
use crate::check::judgement::Blame;

/// Watches for an operation that ends without an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Available;

impl Watch for Available {
    fn speaks_of(&self, _operation: &Operation) -> bool {
        true
    }

    fn invoked(&mut self, _record: &[Rc<Operation>], _place: usize) {}

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let operation = &record[place];
        let what = match operation.outcome {
            Outcome::Ok(_) => return News::Fine,
            // "The value is another" is an answer.
            Outcome::Failed if operation.action.verb == Verb::Cas => return News::Fine,
            Outcome::Failed => "was refused",
            Outcome::Unknown => "got no answer in time",
        };
        let text = format!("{} {what}.", operation.action);
        News::Broken(Blame { text, operations: vec![place], ..Blame::default() })
    }
}
