//! A counter: a number that is added to and read.

use super::register::sum;
use super::{Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// A counter for each key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    /// What it holds at first.
    pub start: i128,
}

/// An operation of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Op {
    by: Option<i128>,
    heard: Option<i128>,
}

impl Model for Counter {
    type State = i128;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let heard = match (&operation.outcome, operation.action.verb) {
            // Some clients read an untouched counter as nothing.
            (Outcome::Ok(Value::Nil), Verb::Read) => Some(self.start),
            (Outcome::Ok(answer), Verb::Read) => Some(
                answer
                    .whole()
                    .ok_or_else(|| format!("a counter is read as a whole number, not as {answer}"))?,
            ),
            (Outcome::Ok(answer), Verb::Add) => sum(answer)?,
            _ => None,
        };
        match operation.action.verb {
            Verb::Read => Ok(Op { by: None, heard }),
            Verb::Add => {
                let by = operation.action.value.whole();
                let by = by.ok_or_else(|| "a counter adds whole numbers only".to_owned())?;
                Ok(Op { by: Some(by), heard })
            }
            _ => Err(foreign("counter", operation)),
        }
    }

    fn start(&self) -> i128 {
        self.start
    }

    fn step(&self, state: &i128, op: &Op) -> Option<i128> {
        let sum = state.checked_add(op.by.unwrap_or(0))?;
        op.heard.is_none_or(|heard| heard == sum).then_some(sum)
    }

    fn reads_only(&self, op: &Op) -> bool {
        op.by.is_none()
    }

    fn impossible(&self, ops: &[Op], answered: usize) -> Option<usize> {
        // Whatever is added, the sum stays between all that is taken and all that is given, and a multiple of what
        // divides every part. Bounds that leave the numbers bound nothing.
        let (mut least, mut most, mut divisor) = (self.start, self.start, 0);
        for by in ops.iter().filter_map(|op| op.by) {
            least = least.saturating_add(by.min(0));
            most = most.saturating_add(by.max(0));
            divisor = common_divisor(divisor, by.unsigned_abs());
        }
        let never = |sum: i128| {
            let apart = sum.abs_diff(self.start);
            sum < least || sum > most || apart.checked_rem(divisor).is_some_and(|rest| rest != 0)
        };
        ops[..answered].iter().position(|op| op.heard.is_some_and(never))
    }

    fn describe(&self, state: &i128) -> String {
        state.to_string()
    }
}

fn common_divisor(one: u128, other: u128) -> u128 {
    if other == 0 { one } else { common_divisor(other, one % other) }
}
