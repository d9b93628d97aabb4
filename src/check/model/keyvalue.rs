//! A store of texts or lists by key, with append.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::code::{Code, Codes};
use super::text::Text;
use super::{Made, Model, foreign};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// One text or list for each key; an absent one is empty, and whether it is told as nothing, as `""` or as `[]`
/// makes no difference.
#[derive(Clone, Debug, Default)]
pub struct KeyValue {
    codes: Codes,
    start: Text,
}

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
        self.start = Text::new(&self.pieces(value));
        self
    }

    /// A text is its characters, so that appended pieces need no mark between them; a list is its elements; anything
    /// else is one piece, which is no list of itself.
    fn pieces(&mut self, value: &Value) -> Rc<[Code]> {
        match value {
            Value::Nil => Rc::from([]),
            Value::Text(text) => text.chars().filter_map(|c| Code::of_int(i64::from(u32::from(c)))).collect(),
            Value::List(values) => values.iter().map(|value| self.element(value)).collect(),
            other => Rc::from([self.codes.code(&Value::Tagged(Box::new(("".into(), other.clone()))))]),
        }
    }

    /// What is appended: to a list, an element.
    fn appended(&mut self, value: &Value) -> Rc<[Code]> {
        match value {
            Value::Nil | Value::Text(_) | Value::List(_) => self.pieces(value),
            element => Rc::from([self.element(element)]),
        }
    }

    /// An element of a list is never mistaken for a character.
    fn element(&mut self, value: &Value) -> Code {
        self.codes.code(&Value::List(vec![value.clone()]))
    }
}

impl Model for KeyValue {
    type State = Text;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        Ok(match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => Op::Read(Some(self.pieces(value))),
            (Verb::Read, _) => Op::Read(None),
            (Verb::Write, _) => Op::Put(self.pieces(&operation.action.value)),
            (Verb::Append, _) => Op::Append(self.appended(&operation.action.value)),
            _ => return Err(foreign("key-value store", operation)),
        })
    }

    fn start(&self) -> Text {
        self.start.clone()
    }

    fn step(&self, state: &Text, op: &Op) -> Option<Text> {
        match op {
            Op::Read(None) => Some(state.clone()),
            Op::Read(Some(heard)) => state.is(heard).then(|| state.clone()),
            Op::Put(value) => Some(Text::new(value)),
            Op::Append(value) => Some(state.append(value)),
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

    fn weight(&self, _state: &Text) -> u64 {
        // What was there before is shared.
        8
    }

    fn looks_ahead(&self) -> bool {
        true
    }

    fn overwrites(&self, op: &Op) -> bool {
        matches!(op, Op::Put(_))
    }

    fn may_see(&self, state: &Text, op: &Op) -> bool {
        matches!(op, Op::Read(Some(heard)) if state.begins(heard))
    }

    fn makes_way(&self, op: &Op, other: &Op) -> bool {
        match (op, other) {
            (Op::Put(value), Op::Read(Some(heard))) => heard.starts_with(value),
            _ => false,
        }
    }

    fn asks(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        if let Op::Read(Some(heard)) = op {
            heard.iter().for_each(|piece| tell(Made::This(*piece, Code::NIL)));
        }
    }

    fn makes(&self, op: &Op, tell: &mut dyn FnMut(Made)) {
        if let Op::Put(value) | Op::Append(value) = op {
            value.iter().for_each(|piece| tell(Made::This(*piece, Code::NIL)));
        }
    }

    fn holds(&self, state: &Text, tell: &mut dyn FnMut(Made)) {
        state.codes().iter().for_each(|piece| tell(Made::This(*piece, Code::NIL)));
    }

    fn impossible(&self, ops: &[Op], answered: usize) -> Option<usize> {
        let start = Op::Put(self.start().codes().into());
        let trie = Pieces::of(ops.iter().chain([&start]));
        ops[..answered]
            .iter()
            .position(|op| matches!(op, Op::Read(Some(heard)) if !heard.is_empty() && !trie.make(heard)))
    }

    fn describe(&self, state: &Text) -> String {
        let mut words = String::new();
        for code in &state.codes() {
            match (code.int().and_then(|int| char::from_u32(int as u32)), self.codes.value(*code)) {
                (Some(c), _) => words.push(c),
                (None, Value::Tagged(whole)) => words.push_str(&whole.1.to_string()),
                (None, element) => words.push_str(&element.to_string()),
            }
        }
        if words.is_empty() { "nothing".to_owned() } else { words }
    }
}

/// All that was put or appended, by its beginnings: what of it can lie behind each other to make a text.
#[derive(Debug, Default)]
struct Pieces {
    /// From a node by a code to the next; the first node is 0.
    next: FxHashMap<(u32, Code), u32>,
    /// Where a piece ends, and whether one of them is appended: what is put stands at the beginning only.
    ends: Vec<Option<bool>>,
}

impl Pieces {
    fn of<'a>(ops: impl Iterator<Item = &'a Op>) -> Pieces {
        let mut pieces = Pieces { next: FxHashMap::default(), ends: vec![None] };
        for op in ops {
            let (value, appended) = match op {
                Op::Read(_) => continue,
                Op::Put(value) => (value, false),
                Op::Append(value) => (value, true),
            };
            let mut node = 0;
            for code in value.iter() {
                let fresh = pieces.ends.len() as u32;
                node = *pieces.next.entry((node, *code)).or_insert(fresh);
                if node == fresh {
                    pieces.ends.push(None);
                }
            }
            let end = &mut pieces.ends[node as usize];
            *end = Some(end.unwrap_or(false) || appended);
        }
        pieces
    }

    /// Could they make this text?
    fn make(&self, text: &[Code]) -> bool {
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for from in 0..text.len() {
            if !reached[from] {
                continue;
            }
            let mut node = 0;
            for (at, code) in text.iter().enumerate().skip(from) {
                let Some(next) = self.next.get(&(node, *code)) else { break };
                node = *next;
                if self.ends[node as usize].is_some_and(|appended| appended || from == 0) {
                    reached[at + 1] = true;
                }
            }
        }
        reached[text.len()]
    }
}
