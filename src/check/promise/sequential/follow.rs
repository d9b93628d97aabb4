//! Sequential consistency while a run unfolds: the order that was found last time is kept, and nearly always goes on.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::super::{AN_ANSWER, News, Watch, before};
use super::{Answer, solve};
use crate::check::budget::Spent;
use crate::check::history::{Operation, Outcome, Value, Verb};
use crate::check::model::{Code, Model, Register};

/// Watches for the first answer that no order explains. Keys that are changed by what a register does not know are
/// left out; what is left of an order is an order.
#[derive(Clone, Debug)]
pub struct Sequential {
    model: Register,
    /// An order that explains all answers so far, and what each operation leaves in its key.
    order: Vec<(usize, Code)>,
    /// What changes something, was asked for, and is not in the order.
    open: Vec<usize>,
    strange: Vec<SmolStr>,
}

impl Default for Sequential {
    fn default() -> Sequential {
        Sequential { model: Register::comparing(), order: Vec::new(), open: Vec::new(), strange: Vec::new() }
    }
}

impl Sequential {
    /// Does the order go on with this answer in it, and else as it is?
    fn goes_on(&mut self, record: &[Rc<Operation>], place: usize) -> bool {
        let operation = &*record[place];
        let Ok(op) = self.model.prepare(operation) else { return true };
        let end = self.order.len();
        if operation.action.verb != Verb::Read {
            let Some(open) = self.open.iter().position(|open| *open == place) else {
                return self.heard_what_it_left(operation, place);
            };
            let then = self.model.step(&self.value_at(record, end, &operation.action.key), &op);
            if let Some(then) = then {
                self.open.remove(open);
                self.order.push((place, then));
            }
            return then.is_some();
        }
        let Some(value) = op.needs() else { return true };
        let own = |(other, _): &(usize, Code)| {
            record[*other].client == operation.client && before(&record[*other], operation)
        };
        let first = self.order.iter().rposition(own).map_or(0, |last| last + 1);
        let mut now = self.value_at(record, first, &operation.action.key);
        let mut gap = first;
        while now != value && gap < end {
            let (other, left) = self.order[gap];
            if record[other].action.key == operation.action.key {
                now = left;
            }
            gap += 1;
        }
        if now == value {
            self.order.insert(gap, (place, value));
            return true;
        }
        self.found_early(record, place, now, value)
    }

    /// A read may find a write that nobody answered yet.
    fn found_early(&mut self, record: &[Rc<Operation>], place: usize, now: Code, value: Code) -> bool {
        let key = &record[place].action.key;
        let Some(open) = self.open.iter().position(|other| {
            let same = record[*other].action.key == *key;
            let op = self.model.prepare(&record[*other]).ok().filter(|_| same);
            op.is_some_and(|op| self.model.step(&now, &op) == Some(value))
        }) else {
            return false;
        };
        let write = self.open.remove(open);
        self.order.extend([(write, value), (place, value)]);
        true
    }

    /// It was in the order before it was answered, because somebody had seen it. A sum may be told only now.
    fn heard_what_it_left(&self, operation: &Operation, place: usize) -> bool {
        let left = self.order.iter().find(|(other, _)| *other == place).map(|(_, left)| left.int());
        match (operation.action.verb, &operation.outcome, left) {
            (Verb::Add, Outcome::Ok(Value::Int(told)), Some(left)) => left == Some(*told),
            _ => true,
        }
    }

    /// What a key holds when so much of the order is over.
    fn value_at(&self, record: &[Rc<Operation>], end: usize, key: &SmolStr) -> Code {
        let same = |(place, _): &&(usize, Code)| record[*place].action.key == *key;
        self.order[..end].iter().rev().find(same).map_or(self.model.start(), |(_, left)| *left)
    }

    /// Looks for an order from the beginning.
    fn search(&mut self, record: &[Rc<Operation>]) -> News {
        let left_out = |operation: &Operation| Operation { outcome: Outcome::Failed, ..operation.clone() };
        let known: Vec<Rc<Operation>> = record
            .iter()
            .map(|operation| match self.strange.contains(&operation.action.key) {
                true => Rc::new(left_out(operation)),
                false => operation.clone(),
            })
            .collect();
        match solve(&mut self.model, &known, &mut Spent::default(), AN_ANSWER) {
            Ok(Answer::Order(order)) => self.adopt(&known, &order),
            Ok(Answer::Illegal(blame)) => return News::Broken(blame),
            Ok(Answer::Spent) => return News::Spent,
            Err(_) => {}
        }
        News::Fine
    }

    fn adopt(&mut self, record: &[Rc<Operation>], order: &[usize]) {
        let mut state: LiteMap<SmolStr, Code> = LiteMap::new();
        self.order.clear();
        for place in order {
            let Ok(op) = self.model.prepare(&record[*place]) else { continue };
            let now = state.entry(record[*place].action.key.clone()).or_insert(self.model.start());
            if let Some(then) = self.model.step(now, &op) {
                *now = then;
                self.order.push((*place, then));
            }
        }
        let mut placed = vec![false; record.len()];
        order.iter().for_each(|place| placed[*place] = true);
        let open = |place: &usize| {
            let operation = &record[*place];
            !placed[*place] && operation.outcome == Outcome::Unknown && operation.action.verb != Verb::Read
        };
        self.open = (0..record.len()).filter(open).collect();
    }
}

impl Watch for Sequential {
    fn speaks_of(&self, operation: &Operation) -> bool {
        !self.strange.contains(&operation.action.key)
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { action, .. } = &*record[place];
        match action.verb {
            _ if self.strange.contains(&action.key) => {}
            Verb::Read => {}
            _ if self.model.prepare(&record[place]).is_ok() => self.open.push(place),
            _ => {
                self.strange.push(action.key.clone());
                self.order.retain(|(other, _)| record[*other].action.key != action.key);
                self.open.retain(|other| record[*other].action.key != action.key);
            }
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        if self.strange.contains(&record[place].action.key) {
            return News::Fine;
        }
        match record[place].outcome {
            Outcome::Unknown => News::Fine,
            Outcome::Ok(_) if self.goes_on(record, place) => News::Fine,
            Outcome::Ok(_) => self.search(record),
            Outcome::Failed => {
                self.open.retain(|other| *other != place);
                // Somebody may have seen its effect while nobody knew.
                match self.order.iter().any(|(other, _)| *other == place) {
                    true => self.search(record),
                    false => News::Fine,
                }
            }
        }
    }
}
