//! Several registers that one operation reads and writes at once.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::code::{Code, Codes};
use super::{Made, Model, foreign};
use crate::check::history::{Operation, Value, Verb};
use crate::check::transaction::{Part, parts};

/// All registers as one object: what spans two of them cannot be judged one by one.
#[derive(Clone, Debug)]
pub struct MultiRegister {
    codes: Codes,
    /// What each register holds at first.
    start: Code,
}

/// A list of reads and writes, carried out in order and all at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Op(Rc<[Piece]>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Piece {
    /// What was heard; `None` if nothing was.
    Read(Code, Option<Code>),
    Write(Code, Code),
}

impl Default for MultiRegister {
    fn default() -> MultiRegister {
        MultiRegister { codes: Codes::default(), start: Code::NIL }
    }
}

impl MultiRegister {
    /// The same, each register holding this at first.
    pub fn starting_with(mut self, value: &Value) -> MultiRegister {
        self.start = self.codes.code(value);
        self
    }

    /// The same, beginning nobody knows how: the first read of each register tells, and a read of nothing tells
    /// nothing.
    pub fn of_unknown_start(self) -> MultiRegister {
        MultiRegister { start: Code::ANY, ..self }
    }

    fn piece(&mut self, part: &Part<'_>) -> Piece {
        let key = self.codes.code(&Value::Text(part.key.clone()));
        let value = part.value.map(|value| self.codes.code(value));
        match part.writes {
            true => Piece::Write(key, value.unwrap_or(Code::NIL)),
            false => Piece::Read(key, value.filter(|value| *value != Code::NIL || self.start != Code::ANY)),
        }
    }
}

impl Model for MultiRegister {
    type State = Rc<LiteMap<Code, Code>>;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        if !matches!(operation.action.verb, Verb::Transact | Verb::Read | Verb::Write) {
            return Err(foreign("multi-register", operation));
        }
        let parts = parts(operation)?;
        Ok(Op(parts.iter().map(|part| self.piece(part)).collect()))
    }

    fn start(&self) -> Self::State {
        Rc::default()
    }

    fn step(&self, state: &Self::State, op: &Op) -> Option<Self::State> {
        let mut state = state.clone();
        for piece in op.0.iter() {
            match *piece {
                Piece::Read(_, None) => {}
                Piece::Read(key, Some(heard)) => match state.get(&key).copied().unwrap_or(self.start) {
                    Code::ANY => {
                        Rc::make_mut(&mut state).insert(key, heard);
                    }
                    now if now != heard => return None,
                    _ => {}
                },
                Piece::Write(key, value) => {
                    Rc::make_mut(&mut state).insert(key, value);
                }
            }
        }
        Some(state)
    }

    fn reads_only(&self, op: &Op) -> bool {
        // Where the start is unknown, a read that heard something tells it.
        let looks = |piece: &Piece| match piece {
            Piece::Read(_, heard) => heard.is_none() || self.start != Code::ANY,
            Piece::Write(..) => false,
        };
        op.0.iter().all(looks)
    }

    fn weight(&self, state: &Self::State) -> u64 {
        2 + 2 * state.len() as u64
    }

    fn asks(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        for (place, piece) in op.0.iter().enumerate() {
            let Piece::Read(key, Some(heard)) = *piece else { continue };
            let own = |piece: &Piece| matches!(piece, Piece::Write(other, _) if *other == key);
            let at_first = || self.step(&self.start(), &Op(Rc::from([*piece]))).is_some();
            if !op.0[..place].iter().any(own) && !at_first() {
                tell(Made::This(key, heard));
            }
        }
    }

    fn makes(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        for piece in op.0.iter() {
            if let Piece::Write(key, value) = *piece {
                tell(Made::This(key, value));
            }
        }
    }

    fn partition(&self, _operation: &Operation) -> Option<SmolStr> {
        None
    }

    fn describe(&self, state: &Self::State) -> String {
        if state.is_empty() {
            return "nothing".to_owned();
        }
        let pair = |(key, value): (&Code, &Code)| {
            let name = match self.codes.value(*key) {
                Value::Text(name) => name,
                key => key.name(),
            };
            format!("{name} = {}", self.codes.describe(*value))
        };
        state.iter().map(pair).collect::<Vec<_>>().join(", ")
    }
}
