//! A register with read, write, compare-and-set, and add for those that hold numbers.

use super::code::{Code, Codes};
use super::{Made, Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// One register for each key.
#[derive(Clone, Debug)]
pub struct Register {
    codes: Codes,
    start: Code,
    /// Knows compare-and-set and add.
    compares: bool,
    /// A read of nothing tells nothing, because nobody knows how the register began.
    nil_is_unknown: bool,
}

/// An operation of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Op {
    verb: Verb,
    value: Code,
    old: Code,
    /// What was heard; `None` if nothing was.
    heard: Option<Code>,
}

impl Op {
    /// The value that must be there when it comes.
    pub fn needs(&self) -> Option<Code> {
        match self.verb {
            Verb::Read => self.heard,
            Verb::Cas => Some(self.old),
            _ => None,
        }
    }

    /// The value that it leaves, whatever was there: none if it only reads, or if that depends.
    pub fn leaves(&self) -> Option<Code> {
        matches!(self.verb, Verb::Write | Verb::Cas).then_some(self.value)
    }

    /// Does it leave a value that depends on the one before?
    pub fn adds(&self) -> bool {
        self.verb == Verb::Add
    }
}

/// The sum that the answer to an addition tells, if it tells one.
///
/// # Errors
/// An answer that is no number.
pub fn sum(answer: &Value) -> Result<Option<i128>, String> {
    match answer {
        Value::Nil | Value::Bool(true) => Ok(None),
        answer => match answer.whole() {
            Some(sum) => Ok(Some(sum)),
            None => Err(format!("the answer to an addition is the sum, and {answer} is no whole number")),
        },
    }
}

impl Register {
    /// A register that knows compare-and-set and add, and holds nothing at first.
    pub fn comparing() -> Register {
        Register { codes: Codes::default(), start: Code::NIL, compares: true, nil_is_unknown: false }
    }

    /// A register that can only be read and written, and holds nothing at first.
    pub fn plain() -> Register {
        Register { compares: false, ..Register::comparing() }
    }

    /// The same, beginning with this value.
    pub fn starting_with(mut self, value: &Value) -> Register {
        self.start = self.codes.code(value);
        self
    }

    /// Can a register in this state hold this value?
    fn may_be(&self, state: Code, value: Code) -> bool {
        state == value
            || state == Code::ANY
            // Nothing counts as 0 where it is added to, and a sum is a number.
            || state == Code::NUMBER && self.codes.int(value).is_some()
    }

    /// The same, beginning nobody knows how: the first read tells, and a read of nothing tells nothing.
    pub fn of_unknown_start(self) -> Register {
        Register { start: Code::ANY, nil_is_unknown: true, ..self }
    }
}

impl Model for Register {
    type State = Code;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let action = &operation.action;
        match action.verb {
            Verb::Read | Verb::Write => {}
            Verb::Cas if self.compares => {}
            Verb::Add if self.compares && action.value.whole().is_some() => {}
            Verb::Add if self.compares => return Err(format!("{} is no whole number to add", action.value)),
            _ => return Err(foreign("register", operation)),
        }
        let heard = match (&operation.outcome, action.verb) {
            (Outcome::Ok(Value::Nil), Verb::Read) if self.nil_is_unknown => None,
            (Outcome::Ok(value), Verb::Read) => Some(self.codes.code(value)),
            // The new number, if the service tells it.
            (Outcome::Ok(value), Verb::Add) => sum(value)?.map(|sum| self.codes.code_of(sum)),
            _ => None,
        };
        let (value, old) = (self.codes.code(&action.value), self.codes.code(&action.old));
        Ok(Op { verb: action.verb, value, old, heard })
    }

    fn start(&self) -> Code {
        self.start
    }

    #[inline]
    fn step(&self, state: &Code, op: &Op) -> Option<Code> {
        let state = *state;
        match op.verb {
            Verb::Read => match op.heard {
                None => Some(state),
                Some(heard) => self.may_be(state, heard).then_some(heard),
            },
            Verb::Write => Some(op.value),
            Verb::Cas => self.may_be(state, op.old).then_some(op.value),
            _ if state == Code::ANY || state == Code::NUMBER => Some(op.heard.unwrap_or(Code::NUMBER)),
            _ => {
                let now = if state == Code::NIL { 0 } else { self.codes.int(state)? };
                let sum = self.codes.code_of(now.checked_add(self.codes.int(op.value)?)?);
                op.heard.is_none_or(|heard| heard == sum).then_some(sum)
            }
        }
    }

    fn reads_only(&self, op: &Op) -> bool {
        // Where the start is unknown, a read that heard something tells it.
        op.verb == Verb::Read && (self.start != Code::ANY || op.heard.is_none())
    }

    fn matters(&self, op: &Op, other: &Op) -> bool {
        match (op.verb, other.verb) {
            (Verb::Read, _) => false,
            // A sum may be anything, and goes into any other.
            (Verb::Add, Verb::Read) => other.heard.is_some(),
            (Verb::Add, Verb::Cas | Verb::Add) | (_, Verb::Add) => true,
            (_, Verb::Read) => other.heard == Some(op.value),
            (_, Verb::Cas) => other.old == op.value,
            _ => false,
        }
    }

    fn looks_ahead(&self) -> bool {
        true
    }

    fn overwrites(&self, op: &Op) -> bool {
        op.verb == Verb::Write
    }

    fn may_see(&self, state: &Code, op: &Op) -> bool {
        op.verb != Verb::Write && self.step(state, op).is_some()
    }

    fn makes_way(&self, op: &Op, other: &Op) -> bool {
        op.adds() || other.adds() || op.leaves().is_some_and(|left| other.needs() == Some(left))
    }

    fn asks(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        if let Some(value) = op.needs() {
            tell(Made::This(value, Code::NIL));
        }
    }

    fn makes(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        match op.leaves() {
            Some(value) => tell(Made::This(value, Code::NIL)),
            None if op.adds() => tell(Made::Anything),
            None => {}
        }
    }

    fn holds(&self, state: &Code, tell: &mut dyn FnMut(Made)) {
        tell(if *state == Code::ANY { Made::Anything } else { Made::This(*state, Code::NIL) });
    }

    fn describe(&self, state: &Code) -> String {
        self.codes.describe(*state)
    }
}
