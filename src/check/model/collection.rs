//! Things that hold many values: queue, stack, set.

use std::rc::Rc;

use super::code::{Code, Codes};
use super::{Made, Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// Which one comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// First in, first out.
    Queue,
    /// Last in, first out.
    Stack,
    /// Any; each is in it at most once.
    Set,
}

/// A collection for each key; it is empty at first.
#[derive(Clone, Debug)]
pub struct Collection {
    kind: Kind,
    codes: Codes,
    start: Rc<[Code]>,
}

/// An operation of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Put(Code),
    /// What came out; nil if it was empty, `None` if nobody heard.
    Take(Option<Code>),
    /// One element of a set, and whether it was there.
    Remove(Code, Option<bool>),
    Contains(Code, Option<bool>),
    /// All that is in it; `None` if nobody heard.
    Read(Option<Rc<[Code]>>),
}

impl Collection {
    pub fn new(kind: Kind) -> Collection {
        Collection { kind, codes: Codes::default(), start: Rc::from([]) }
    }

    /// The same, holding these at first, in the order in which they went in.
    pub fn starting_with(mut self, elements: &[Value]) -> Collection {
        for element in elements {
            let code = self.codes.code(element);
            self.start = self.put(&self.start, code);
        }
        self
    }

    fn put(&self, state: &[Code], value: Code) -> Rc<[Code]> {
        let place = match self.kind {
            Kind::Queue | Kind::Stack => state.len(),
            // In order, so that equal sets are equal states.
            Kind::Set => match state.binary_search(&value) {
                Ok(_) => return state.into(),
                Err(place) => place,
            },
        };
        state[..place].iter().chain([&value]).chain(&state[place..]).copied().collect()
    }

    fn take(&self, state: &Rc<[Code]>, heard: Option<Code>) -> Option<Rc<[Code]>> {
        let (one, rest) = match self.kind {
            Kind::Stack => match state.split_last() {
                Some((one, rest)) => (*one, rest),
                None => return heard.is_none_or(|heard| heard == Code::NIL).then(|| state.clone()),
            },
            _ => match state.split_first() {
                Some((one, rest)) => (*one, rest),
                None => return heard.is_none_or(|heard| heard == Code::NIL).then(|| state.clone()),
            },
        };
        heard.is_none_or(|heard| heard == one).then(|| rest.into())
    }
}

impl Model for Collection {
    type State = Rc<[Code]>;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let value = self.codes.code(&operation.action.value);
        let heard = match &operation.outcome {
            Outcome::Ok(value) => Some(value),
            _ => None,
        };
        let yes = match heard {
            Some(Value::Bool(yes)) => Some(*yes),
            _ => None,
        };
        Ok(match (self.kind, operation.action.verb) {
            (Kind::Queue, Verb::Enqueue)
            | (Kind::Stack, Verb::Push)
            | (Kind::Set, Verb::Insert | Verb::Add) => Op::Put(value),
            (Kind::Queue, Verb::Dequeue) | (Kind::Stack, Verb::Pop) => {
                Op::Take(heard.map(|heard| self.codes.code(heard)))
            }
            (Kind::Set, Verb::Remove) => Op::Remove(value, yes),
            (Kind::Set, Verb::Contains) if heard.is_some() && yes.is_none() => {
                return Err("whether a set contains something is answered by true or false".to_owned());
            }
            (Kind::Set, Verb::Contains) => Op::Contains(value, yes),
            (kind, Verb::Read) => match heard {
                None => Op::Read(None),
                Some(Value::Nil) => Op::Read(Some(Rc::from([]))),
                Some(Value::Set(_)) if kind != Kind::Set => {
                    return Err("what has an order is read as a list, not as a set".to_owned());
                }
                Some(heard) => {
                    let other = || format!("what holds many is read as a list, not as {heard}");
                    let values = heard.items().ok_or_else(other)?;
                    let mut codes: Vec<Code> = values.iter().map(|value| self.codes.code(value)).collect();
                    if kind == Kind::Set {
                        codes.sort_unstable();
                    }
                    Op::Read(Some(codes.into()))
                }
            },
            (Kind::Queue, _) => return Err(foreign("queue", operation)),
            (Kind::Stack, _) => return Err(foreign("stack", operation)),
            (Kind::Set, _) => return Err(foreign("set", operation)),
        })
    }

    fn start(&self) -> Rc<[Code]> {
        self.start.clone()
    }

    fn step(&self, state: &Rc<[Code]>, op: &Op) -> Option<Rc<[Code]>> {
        let has = |value: &Code| state.binary_search(value).is_ok();
        match op {
            Op::Put(value) => Some(self.put(state, *value)),
            Op::Take(heard) => self.take(state, *heard),
            Op::Remove(value, heard) => {
                let was = has(value);
                let rest = || state.iter().filter(|other| *other != value).copied().collect();
                heard.is_none_or(|heard| heard == was).then(rest)
            }
            Op::Contains(value, heard) => {
                heard.is_none_or(|heard| heard == has(value)).then(|| state.clone())
            }
            Op::Read(heard) => heard.as_ref().is_none_or(|heard| heard == state).then(|| state.clone()),
        }
    }

    fn reads_only(&self, op: &Op) -> bool {
        matches!(op, Op::Contains(..) | Op::Read(_))
    }

    fn matters(&self, op: &Op, other: &Op) -> bool {
        match (op, other) {
            (Op::Put(value), Op::Take(Some(heard))) => heard == value,
            (Op::Put(value), Op::Read(Some(heard))) => heard.contains(value),
            // What somebody may have taken, or removed, had to be there.
            (Op::Put(_), Op::Take(None) | Op::Put(_) | Op::Read(None)) => false,
            (Op::Put(value), Op::Remove(other, heard) | Op::Contains(other, heard)) => {
                value == other && *heard == Some(true)
            }
            (Op::Contains(..) | Op::Read(_), _) => false,
            (Op::Take(_) | Op::Remove(..), _) => true,
        }
    }

    fn weight(&self, state: &Rc<[Code]>) -> u64 {
        2 + state.len() as u64
    }

    fn asks(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        match op {
            Op::Take(Some(value)) if *value != Code::NIL => tell(Made::This(*value, Code::NIL)),
            Op::Remove(value, Some(true)) | Op::Contains(value, Some(true)) => {
                tell(Made::This(*value, Code::NIL));
            }
            Op::Read(Some(values)) => values.iter().for_each(|value| tell(Made::This(*value, Code::NIL))),
            _ => {}
        }
    }

    fn makes(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        if let Op::Put(value) = op {
            tell(Made::This(*value, Code::NIL));
        }
    }

    fn holds(&self, state: &Rc<[Code]>, tell: &mut dyn FnMut(Made)) {
        state.iter().for_each(|value| tell(Made::This(*value, Code::NIL)));
    }

    fn describe(&self, state: &Rc<[Code]>) -> String {
        let words: Vec<String> = state.iter().map(|code| self.codes.describe(*code)).collect();
        if words.is_empty() { "empty".to_owned() } else { format!("[{}]", words.join(" ")) }
    }
}
