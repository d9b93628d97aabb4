//! The search for an order: Wing and Gong ("Testing and Verifying Concurrent Objects", 1993) with Lowe's list that is
//! cut and mended in place and his memory of configurations ("Testing for linearizability", 2017).
//!
//! Two rules keep it narrow. An operation that only reads and fits now goes now: it changes nothing, so whatever order
//! there is goes on without it. And one that may have happened is tried after all that did, and only where it changes
//! something.

use super::memo::Memo;
use super::sheet::{Mark, Sheet};
use crate::check::model::Model;

/// Where a search begins, or may end: a state, and which of the unanswered are used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<S> {
    pub state: S,
    pub used: Vec<u64>,
}

/// The furthest that any order came.
#[derive(Clone, Debug)]
pub struct Deadlock<S> {
    /// Operations in the order of a longest legal prefix.
    pub prefix: Vec<u32>,
    pub state: S,
    /// The operation that would have to come by now, and cannot.
    pub stuck: u32,
    /// Operations that could come next in time, `stuck` among them.
    pub candidates: Vec<u32>,
    /// How far in the line that is.
    mark: u32,
    /// How many unanswered operations it took: the fewer, the plainer the proof.
    late: u32,
}

/// How a search ended.
pub enum End {
    /// An order was found; it is in [`Search::order`].
    Found,
    /// There is none, or no other.
    Exhausted,
    /// The steps were spent.
    Spent,
}

const HEAD: u32 = 0;
const NONE: u32 = u32::MAX;

/// What to try next.
#[derive(Clone, Copy)]
enum At {
    /// An entry of the line.
    Line(u32),
    /// An unanswered operation, before this entry.
    Late(u32, u32),
    Back,
}

struct Frame<S> {
    op: u32,
    /// Where to go on if it was wrong; `Back` if nothing else could be right.
    then: At,
    before: S,
}

/// One search over one object.
pub struct Search<'a, M: Model> {
    model: &'a M,
    sheet: &'a Sheet<M::Op>,
    next: Vec<u32>,
    prev: Vec<u32>,
    /// The entry of each answered operation's invocation and return.
    ends: Vec<[u32; 2]>,
    /// Which answered operations are placed: words before `low` are full, from `high` on empty.
    done: Vec<u64>,
    low: usize,
    high: usize,
    used: Vec<u64>,
    memo: Memo<M::State>,
    stack: Vec<Frame<M::State>>,
    state: M::State,
    left: usize,
    at: At,
    furthest: Option<Deadlock<M::State>>,
}

impl<'a, M: Model> Search<'a, M> {
    pub fn new(model: &'a M, sheet: &'a Sheet<M::Op>) -> Search<'a, M> {
        let entries = sheet.line.len() as u32;
        let mut ends = vec![[0; 2]; sheet.answered];
        for (entry, mark) in (1..).zip(&sheet.line) {
            match mark {
                Mark::Call(op) => ends[*op as usize][0] = entry,
                Mark::Return(op) => ends[*op as usize][1] = entry,
            }
        }
        Search {
            model,
            sheet,
            next: (1..=entries).chain([HEAD]).collect(),
            prev: std::iter::once(entries).chain(0..entries).collect(),
            ends,
            done: vec![0; sheet.answered.div_ceil(64)],
            low: 0,
            high: 0,
            used: vec![0; sheet.late.len().div_ceil(64)],
            memo: Memo::new(),
            stack: Vec::new(),
            state: model.start(),
            left: sheet.answered,
            at: At::Line(1),
            furthest: None,
        }
    }

    /// Begins anew from this place. What was met from another stays met: it led nowhere, or was counted.
    pub fn begin(&mut self, place: &Place<M::State>) {
        while self.undo().is_some() {}
        self.state = place.state.clone();
        self.used.fill(0);
        self.used.iter_mut().zip(&place.used).for_each(|(word, used)| *word = *used);
        self.at = At::Line(self.next[HEAD as usize]);
    }

    /// Goes on until an order is found, or another one than the last.
    pub fn go(&mut self, steps: &mut u64, budget: u64) -> End {
        loop {
            if self.left == 0 && !matches!(self.at, At::Back) {
                self.at = At::Back;
                return End::Found;
            }
            if *steps >= budget {
                return End::Spent;
            }
            *steps += 1;
            match self.at {
                At::Line(entry) => match self.sheet.line[entry as usize - 1] {
                    Mark::Call(op) => self.try_answered(entry, op),
                    Mark::Return(_) => {
                        let first = if self.sheet.late.is_empty() { NONE } else { 0 };
                        self.at = At::Late(first, entry);
                    }
                },
                At::Late(late, entry) => self.try_late(late, entry),
                At::Back => match self.undo() {
                    Some(then) => self.at = then,
                    None => return End::Exhausted,
                },
            }
        }
    }

    fn try_answered(&mut self, entry: u32, op: u32) {
        let other = At::Line(self.next[entry as usize]);
        let Some(state) = self.model.step(&self.state, &self.sheet.ops[op as usize]) else {
            self.at = other;
            return;
        };
        let reads = self.model.reads_only(&self.sheet.ops[op as usize]);
        self.place(op);
        if !reads && !self.memo.insert(self.low, &self.done[self.low..self.high], &self.used, &state) {
            self.take_back(op);
            self.at = other;
            return;
        }
        let before = std::mem::replace(&mut self.state, state);
        self.stack.push(Frame { op, then: if reads { At::Back } else { other }, before });
        self.at = At::Line(self.next[HEAD as usize]);
    }

    fn try_late(&mut self, late: u32, entry: u32) {
        // Entry `e` is the `e - 1`th of the line.
        let open = self.sheet.late.get(late as usize).is_some_and(|before| *before < entry);
        if !open {
            self.note_deadlock(entry);
            self.at = At::Back;
            return;
        }
        let other = At::Late(late + 1, entry);
        self.at = other;
        let waits_for_twin = self.sheet.twins[late as usize].is_some_and(|twin| !self.is_used(twin));
        let idle = self.sheet.idle.get(late as usize).is_some_and(|idle| *idle);
        if idle || self.is_used(late) || waits_for_twin {
            return;
        }
        let op = self.sheet.answered as u32 + late;
        let Some(state) = self.model.step(&self.state, &self.sheet.ops[op as usize]) else { return };
        if state == self.state {
            return;
        }
        self.place(op);
        if !self.memo.insert(self.low, &self.done[self.low..self.high], &self.used, &state) {
            self.take_back(op);
            return;
        }
        let before = std::mem::replace(&mut self.state, state);
        self.stack.push(Frame { op, then: other, before });
        self.at = At::Line(self.next[HEAD as usize]);
    }

    fn is_used(&self, late: u32) -> bool {
        self.used[late as usize / 64] >> (late % 64) & 1 == 1
    }

    /// Takes an operation out of the line.
    fn place(&mut self, op: u32) {
        if let Some(late) = op.checked_sub(self.sheet.answered as u32) {
            self.used[late as usize / 64] |= 1 << (late % 64);
            return;
        }
        let (word, bit) = (op as usize / 64, op % 64);
        self.done[word] |= 1 << bit;
        self.high = self.high.max(word + 1);
        while self.low < self.high && self.done[self.low] == u64::MAX {
            self.low += 1;
        }
        self.left -= 1;
        for entry in self.ends[op as usize] {
            let (prev, next) = (self.prev[entry as usize], self.next[entry as usize]);
            self.next[prev as usize] = next;
            self.prev[next as usize] = prev;
        }
    }

    /// Puts it back in: the last one out first.
    fn take_back(&mut self, op: u32) {
        if let Some(late) = op.checked_sub(self.sheet.answered as u32) {
            self.used[late as usize / 64] &= !(1 << (late % 64));
            return;
        }
        let (word, bit) = (op as usize / 64, op % 64);
        self.done[word] &= !(1 << bit);
        self.low = self.low.min(word);
        while self.high > self.low && self.done[self.high - 1] == 0 {
            self.high -= 1;
        }
        self.left += 1;
        for entry in self.ends[op as usize].into_iter().rev() {
            let (prev, next) = (self.prev[entry as usize], self.next[entry as usize]);
            self.next[prev as usize] = entry;
            self.prev[next as usize] = entry;
        }
    }

    fn undo(&mut self) -> Option<At> {
        let frame = self.stack.pop()?;
        self.take_back(frame.op);
        self.state = frame.before;
        Some(frame.then)
    }

    /// Nothing fits in front of this return.
    fn note_deadlock(&mut self, entry: u32) {
        let late_ones = self.used.iter().map(|word| word.count_ones()).sum::<u32>();
        let better = |known: &Deadlock<_>| (entry, known.late) > (known.mark, late_ones);
        if !self.furthest.as_ref().is_none_or(better) {
            return;
        }
        let Mark::Return(stuck) = self.sheet.line[entry as usize - 1] else { return };
        let mut candidates = Vec::new();
        let mut at = self.next[HEAD as usize];
        while at != entry && at != HEAD {
            if let Mark::Call(op) = self.sheet.line[at as usize - 1] {
                candidates.push(op);
            }
            at = self.next[at as usize];
        }
        let late = (0..self.sheet.late.len() as u32)
            .filter(|late| self.sheet.late[*late as usize] < entry && !self.is_used(*late));
        candidates.extend(late.map(|late| self.sheet.answered as u32 + late));
        let state = self.state.clone();
        self.furthest =
            Some(Deadlock { prefix: self.order(), state, stuck, candidates, mark: entry, late: late_ones });
    }

    /// The order so far.
    pub fn order(&self) -> Vec<u32> {
        self.stack.iter().map(|frame| frame.op).collect()
    }

    /// The place that the order so far leads to.
    pub fn here(&self) -> Place<M::State> {
        Place { state: self.state.clone(), used: self.used.clone() }
    }

    /// The furthest that any order came, if none came to the end.
    pub fn into_deadlock(self) -> Option<Deadlock<M::State>> {
        self.furthest
    }
}
