//! What an object that looks ahead adds to the search; [`crate::check::linearizable::foresight`] says why.

use super::{HEAD, Mark, Search};
use crate::check::linearizable::object::{Object, Placed};

/// So many of the reads that return next are looked at, whether they can still come.
const FORESEEN: usize = 3;

impl<O: Object> Search<'_, O> {
    /// A read that returns soon and can come no more, and the entry of its return.
    pub(super) fn foresee(&self, state: &O::State) -> Option<(u32, u32)> {
        let placed = Placed { done: &self.done, used: &self.used };
        let returns = self.entries().filter_map(|entry| match self.sheet.line[entry as usize - 1] {
            Mark::Return(op) if self.object.reads_only(op) => Some((op, entry)),
            _ => None,
        });
        returns.take(FORESEEN).find(|(op, _)| self.object.is_hopeless(state, *op, placed))
    }

    /// What can go now with nothing lost: a read that fits; in a dead state also a write, if all that will ever see
    /// what it leaves can follow at once.
    pub(super) fn sure(&mut self) -> Option<u32> {
        let mut calls = Vec::new();
        let mut end = HEAD;
        for entry in self.entries() {
            match self.sheet.line[entry as usize - 1] {
                Mark::Call(op) => calls.push(op),
                Mark::Return(_) => {
                    end = entry;
                    break;
                }
            }
        }
        let fits = |op: &&u32| self.object.reads_only(**op) && self.object.step(&self.state, **op).is_some();
        if let Some(read) = calls.iter().find(fits) {
            return Some(*read);
        }
        let placed = Placed { done: &self.done, used: &self.used };
        if !self.object.is_dead(&self.state, placed) {
            return None;
        }
        calls.extend(self.open_late(end).map(|late| self.sheet.answered as u32 + late));
        calls.retain(|op| self.object.overwrites(*op));
        calls.into_iter().find(|op| self.stands_alone(*op, end))
    }

    /// Can all that will ever see what this leaves follow at once?
    fn stands_alone(&mut self, op: u32, end: u32) -> bool {
        let Some(state) = self.object.step(&self.state, op) else { return false };
        let placed = Placed { done: &self.done, used: &self.used };
        let Some(needed) = self.object.needed_by(&state, placed) else { return false };
        let mut needed = needed.into_iter().filter(|other| *other != op).peekable();
        // What may have happened must be the only way: who takes more of these than are needed gets no further.
        let is_late = op as usize >= self.sheet.answered;
        (!is_late || needed.peek().is_some())
            && needed.all(|read| {
                let call = self.ends.get(read as usize).map(|ends| ends[0]);
                call.is_some_and(|call| call < end)
                    && self.object.reads_only(read)
                    && self.object.step(&state, read).is_some()
                    && (!is_late || self.object.only_maker(read, placed) == Some(op))
            })
    }

    /// The unanswered that may come before this entry, each after those just like it.
    fn open_late(&self, entry: u32) -> impl Iterator<Item = u32> {
        let begun = (0..).zip(&self.sheet.late).take_while(move |(_, before)| **before < entry);
        begun.map(|(late, _)| late).filter(|late| !self.is_used(*late) && !self.waits_for_twin(*late))
    }
}
