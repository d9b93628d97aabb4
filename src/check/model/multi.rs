//! Several registers that one operation reads and writes at once.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::code::{Code, Codes};
use super::{Made, Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// All registers as one object: what spans two of them cannot be judged one by one.
#[derive(Clone, Debug, Default)]
pub struct MultiRegister {
    codes: Codes,
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

impl MultiRegister {
    fn key(&mut self, key: &Value) -> Code {
        // A key written as a number or as text is the same key.
        let text = match key {
            Value::Text(text) => text.clone(),
            other => SmolStr::new(other.to_string()),
        };
        self.codes.code(&Value::Text(text))
    }

    /// `["r" | "w", key, value]`, and what was heard for it.
    fn piece(&mut self, piece: &Value, heard: Option<&Value>) -> Result<Piece, String> {
        let wrong = || format!("{piece} is no [r key value] or [w key value]");
        let Value::List(parts) = piece else { return Err(wrong()) };
        let [Value::Text(verb), key, rest @ ..] = parts.as_slice() else { return Err(wrong()) };
        let key = self.key(key);
        match verb.as_str() {
            "r" | "read" => {
                let heard = match heard {
                    Some(Value::List(parts)) => Some(self.codes.code(parts.get(2).unwrap_or(&Value::Nil))),
                    _ => None,
                };
                Ok(Piece::Read(key, heard))
            }
            "w" | "write" => Ok(Piece::Write(key, self.codes.code(rest.first().unwrap_or(&Value::Nil)))),
            _ => Err(wrong()),
        }
    }
}

impl Model for MultiRegister {
    type State = Rc<LiteMap<Code, Code>>;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let action = &operation.action;
        let pieces = match (action.verb, &action.value, &operation.outcome) {
            (Verb::Transact, Value::List(asked), outcome) => {
                let heard = match outcome {
                    Outcome::Ok(Value::List(heard)) => heard.as_slice(),
                    _ => &[],
                };
                let pieces = asked.iter().enumerate().map(|(i, piece)| self.piece(piece, heard.get(i)));
                pieces.collect::<Result<_, _>>()?
            }
            (Verb::Read, _, Outcome::Ok(value)) => {
                let key = self.key(&Value::Text(action.key.clone()));
                Rc::from([Piece::Read(key, Some(self.codes.code(value)))])
            }
            (Verb::Read, ..) => Rc::from([]),
            (Verb::Write, value, _) => {
                let key = self.key(&Value::Text(action.key.clone()));
                Rc::from([Piece::Write(key, self.codes.code(value))])
            }
            _ => return Err(foreign("multi-register", operation)),
        };
        Ok(Op(pieces))
    }

    fn start(&self) -> Self::State {
        Rc::default()
    }

    fn step(&self, state: &Self::State, op: &Op) -> Option<Self::State> {
        let mut state = state.clone();
        for piece in op.0.iter() {
            match *piece {
                Piece::Read(_, None) => {}
                Piece::Read(key, Some(heard)) => {
                    let now = state.get(&key).copied().unwrap_or(Code::NIL);
                    if now != heard {
                        return None;
                    }
                }
                Piece::Write(key, value) => {
                    Rc::make_mut(&mut state).insert(key, value);
                }
            }
        }
        Some(state)
    }

    fn reads_only(&self, op: &Op) -> bool {
        op.0.iter().all(|piece| matches!(piece, Piece::Read(..)))
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
            format!("{} = {}", self.codes.describe(*key).trim_matches('"'), self.codes.describe(*value))
        };
        state.iter().map(pair).collect::<Vec<_>>().join(", ")
    }
}
