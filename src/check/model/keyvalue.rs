//! A store of texts or lists by key, with append.

use std::rc::Rc;

use super::code::{Code, Codes};
use super::{Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// One text or list for each key; an absent one is empty, and whether it is told as nothing, as `""` or as `[]`
/// makes no difference.
#[derive(Clone, Debug, Default)]
pub struct KeyValue {
    codes: Codes,
    start: Pieces,
}

/// What a key holds, piece by piece.
type Pieces = Rc<[Code]>;

/// An operation of a store: whole contents, as the pieces they are made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Read(Option<Rc<[Code]>>),
    Put(Rc<[Code]>),
    Append(Rc<[Code]>),
}

impl KeyValue {
    /// The same, each key holding this at first.
    pub fn starting_with(mut self, value: &Value) -> KeyValue {
        self.start = self.pieces(value);
        self
    }

    /// A text is its characters, so that appended pieces need no mark between them; a list is its elements.
    fn pieces(&mut self, value: &Value) -> Rc<[Code]> {
        match value {
            Value::Nil => Rc::from([]),
            Value::Text(text) => text.chars().filter_map(|c| Code::of_int(i64::from(u32::from(c)))).collect(),
            Value::List(values) => values.iter().map(|value| self.element(value)).collect(),
            other => Rc::from([self.element(other)]),
        }
    }

    /// An element of a list is never mistaken for a character.
    fn element(&mut self, value: &Value) -> Code {
        self.codes.code(&Value::List(vec![value.clone()]))
    }
}

impl Model for KeyValue {
    type State = Rc<[Code]>;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        Ok(match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => Op::Read(Some(self.pieces(value))),
            (Verb::Read, _) => Op::Read(None),
            (Verb::Write, _) => Op::Put(self.pieces(&operation.action.value)),
            (Verb::Append, _) => Op::Append(self.pieces(&operation.action.value)),
            _ => return Err(foreign("key-value store", operation)),
        })
    }

    fn start(&self) -> Rc<[Code]> {
        self.start.clone()
    }

    fn step(&self, state: &Rc<[Code]>, op: &Op) -> Option<Rc<[Code]>> {
        match op {
            Op::Read(None) => Some(state.clone()),
            Op::Read(Some(heard)) => (heard == state).then(|| state.clone()),
            Op::Put(value) => Some(value.clone()),
            Op::Append(value) => Some(state.iter().chain(value.iter()).copied().collect()),
        }
    }

    fn reads_only(&self, op: &Op) -> bool {
        matches!(op, Op::Read(_))
    }

    fn matters(&self, op: &Op, other: &Op) -> bool {
        match (op, other) {
            (Op::Put(value), Op::Read(Some(heard))) => heard.starts_with(value),
            (Op::Append(value), Op::Read(Some(heard))) => value.iter().all(|piece| heard.contains(piece)),
            _ => false,
        }
    }

    fn describe(&self, state: &Rc<[Code]>) -> String {
        let mut words = String::new();
        for code in state.iter() {
            match code.int().and_then(|int| char::from_u32(int as u32)) {
                Some(c) => words.push(c),
                None => words.push_str(&self.codes.describe(*code)),
            }
        }
        if words.is_empty() { "nothing".to_owned() } else { words }
    }
}
