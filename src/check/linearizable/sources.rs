//! What can be told without a search: an answer that needs what nothing can have made by then.

use rustc_hash::{FxHashMap, FxHashSet};

use super::sheet::{Mark, Sheet};
use crate::check::model::{Made, Model};

/// The first answered operation that needs what no other can have made before it returned: a read of a value that was
/// never written, or is written only later. What makes it may need something itself.
pub fn out_of_thin_air<M: Model>(model: &M, sheet: &Sheet<M::Op>) -> Option<u32> {
    let mut sources = Sources::new(model, sheet);
    model.holds(&model.start(), &mut |made| sources.made(made));
    let mut late = (0..).zip(&sheet.late).peekable();
    for (passed, mark) in (0..).zip(&sheet.line) {
        while let Some((number, _)) = late.next_if(|(_, before)| **before <= passed) {
            sources.begins(sheet.answered as u32 + number);
        }
        match *mark {
            Mark::Call(op) => sources.begins(op),
            Mark::Return(op) if !sources.anything && sources.lacks[op as usize] > 0 => return Some(op),
            Mark::Return(_) => {}
        }
    }
    model.impossible(&sheet.ops, sheet.answered).map(|op| op as u32)
}

/// What can be there by now, and who waits for what.
struct Sources<'a, M: Model> {
    model: &'a M,
    ops: &'a [M::Op],
    there: FxHashSet<Made>,
    /// From now on anything can be there.
    anything: bool,
    waiting: FxHashMap<Made, Vec<u32>>,
    /// How much each that has begun still waits for.
    lacks: Vec<u32>,
    fresh: Vec<Made>,
}

impl<'a, M: Model> Sources<'a, M> {
    fn new(model: &'a M, sheet: &'a Sheet<M::Op>) -> Sources<'a, M> {
        Sources {
            model,
            ops: &sheet.ops,
            there: FxHashSet::default(),
            anything: false,
            waiting: FxHashMap::default(),
            lacks: vec![0; sheet.ops.len()],
            fresh: Vec::new(),
        }
    }

    fn made(&mut self, made: Made) {
        if made == Made::Anything {
            self.anything = true;
        } else if self.there.insert(made) {
            self.fresh.push(made);
        }
    }

    /// From here on the operation may take effect.
    fn begins(&mut self, op: u32) {
        if self.anything {
            return;
        }
        let mut lacks: Vec<Made> = Vec::new();
        self.model.asks(&self.ops[op as usize], &mut |asked| {
            if !self.there.contains(&asked) && !lacks.contains(&asked) {
                lacks.push(asked);
            }
        });
        self.lacks[op as usize] = lacks.len() as u32;
        if lacks.is_empty() {
            self.takes_effect(op);
        }
        for asked in lacks {
            self.waiting.entry(asked).or_default().push(op);
        }
        while let Some(made) = self.fresh.pop() {
            for op in self.waiting.remove(&made).unwrap_or_default() {
                self.lacks[op as usize] -= 1;
                if self.lacks[op as usize] == 0 {
                    self.takes_effect(op);
                }
            }
        }
    }

    fn takes_effect(&mut self, op: u32) {
        let (model, ops) = (self.model, self.ops);
        model.makes(&ops[op as usize], &mut |made| self.made(made));
    }
}
