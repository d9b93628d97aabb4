//! The search for an order: Wing and Gong ("Testing and Verifying Concurrent Objects", 1993) with Lowe's list that is
//! cut and mended in place and his memory of configurations ("Testing for linearizability", 2017).
//!
//! Three rules keep it narrow. An operation that only reads and fits now goes now: it changes nothing, so whatever
//! order there is goes on without it. One that may have happened is tried after all that did, and only where it
//! changes something. And of two of these, one behind the other, the first must change what the second makes of it:
//! else it could be left out.
//!
//! An [`Object`] that looks ahead adds its own; see [`super::foresight`].

mod ahead;

use super::memo::Memo;
use super::object::{Object, Placed};
use super::sheet::{Mark, Sheet};
use crate::check::budget::{Budget, Spent};
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
    /// What must come before `stuck` is not all placed: the state shows that it is too late for it already.
    pub foreseen: bool,
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
    /// The steps or the bytes were spent.
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
    /// This operation, and none else.
    Sure(u32),
    Back,
}

struct Frame<S> {
    op: u32,
    /// Where to go on if it was wrong; `Back` if nothing else could be right.
    then: At,
    before: S,
}

type Op<O> = <<O as Object>::Model as Model>::Op;
type State<O> = <<O as Object>::Model as Model>::State;

/// One search over one object.
pub struct Search<'a, O: Object> {
    object: O,
    sheet: &'a Sheet<Op<O>>,
    next: Vec<u32>,
    prev: Vec<u32>,
    /// The entry of each answered operation's invocation and return.
    ends: Vec<[u32; 2]>,
    /// Which answered operations are placed: words before `low` are full, from `high` on empty.
    done: Vec<u64>,
    low: usize,
    high: usize,
    used: Vec<u64>,
    memo: Memo<O::State>,
    stack: Vec<Frame<O::State>>,
    state: O::State,
    left: usize,
    at: At,
    furthest: Option<Deadlock<State<O>>>,
}

impl<'a, O: Object> Search<'a, O> {
    /// A search from this state.
    pub fn new(mut object: O, start: &State<O>, sheet: &'a Sheet<Op<O>>) -> Search<'a, O> {
        let entries = sheet.line.len() as u32;
        let mut ends = vec![[0; 2]; sheet.answered];
        for (entry, mark) in (1..).zip(&sheet.line) {
            match mark {
                Mark::Call(op) => ends[*op as usize][0] = entry,
                Mark::Return(op) => ends[*op as usize][1] = entry,
            }
        }
        let state = object.state(start);
        let mut search = Search {
            object,
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
            state,
            left: sheet.answered,
            at: At::Back,
            furthest: None,
        };
        search.at = search.next_thing();
        search
    }

    /// Begins anew from this place. What was met from another stays met: it led nowhere, or was counted.
    pub fn begin(&mut self, place: &Place<State<O>>) {
        while self.undo().is_some() {}
        self.state = self.object.state(&place.state);
        self.used.fill(0);
        self.used.iter_mut().zip(&place.used).for_each(|(word, used)| *word = *used);
        self.at = self.next_thing();
    }

    /// Goes on until an order is found, or another one than the last.
    pub fn go(&mut self, spent: &mut Spent, budget: Budget) -> End {
        loop {
            if self.left == 0 && !matches!(self.at, At::Back) {
                self.at = At::Back;
                spent.allows(self.bytes(), budget);
                return End::Found;
            }
            if !spent.allows(self.bytes(), budget) {
                return End::Spent;
            }
            spent.steps += 1 + self.object.effort();
            match self.at {
                At::Line(entry) => match self.sheet.line[entry as usize - 1] {
                    Mark::Call(op) => self.try_answered(entry, op),
                    Mark::Return(_) => {
                        let first = if self.sheet.late.is_empty() { NONE } else { 0 };
                        self.at = At::Late(first, entry);
                    }
                },
                At::Late(late, entry) => self.try_late(late, entry),
                At::Sure(op) => self.go_on_with(op, At::Back),
                At::Back => match self.undo() {
                    Some(then) => self.at = then,
                    None => return End::Exhausted,
                },
            }
        }
    }

    /// Logical bytes that are held.
    pub fn bytes(&self) -> u64 {
        self.memo.bytes() + self.object.bytes()
    }

    fn try_answered(&mut self, entry: u32, op: u32) {
        let other = At::Line(self.next[entry as usize]);
        self.go_on_with(op, other);
    }

    /// Places an operation if it fits and leads to where nothing led before; if it turns out to be wrong, or is at
    /// once, the search goes on with `other`.
    fn go_on_with(&mut self, op: u32, other: At) {
        self.at = other;
        let Some(state) = self.object.step(&self.state, op) else { return };
        let reads = self.object.reads_only(op);
        self.place(op);
        if !reads && !self.is_worth_it(op, &state) {
            self.take_back(op);
            return;
        }
        let before = std::mem::replace(&mut self.state, state);
        self.stack.push(Frame { op, then: if reads { At::Back } else { other }, before });
        self.at = self.next_thing();
    }

    /// Leads what was just placed to a state with a future that nothing led to before?
    fn is_worth_it(&mut self, op: u32, state: &O::State) -> bool {
        if O::LOOKS_AHEAD {
            let placed = Placed { done: &self.done, used: &self.used };
            if let Some((read, entry)) = self.foresee(state) {
                self.note_deadlock(entry, read, state, Some(op));
                return false;
            }
            if self.object.is_dead(state, placed) {
                let dead = self.object.dead();
                let is_late = op as usize >= self.sheet.answered;
                return !is_late && self.is_new(dead.as_ref().unwrap_or(state));
            }
        }
        self.is_new(state)
    }

    #[inline]
    fn is_new(&mut self, state: &O::State) -> bool {
        let weight = self.object.weight(state);
        self.memo.insert(self.low, &self.done[self.low..self.high], &self.used, state, weight)
    }

    /// What is in the line.
    fn entries(&self) -> impl Iterator<Item = u32> {
        let more = |entry: &u32| Some(self.next[*entry as usize]).filter(|entry| *entry != HEAD);
        std::iter::successors(more(&HEAD), more)
    }

    /// What to try in this state.
    fn next_thing(&mut self) -> At {
        let first = self.next[HEAD as usize];
        if O::LOOKS_AHEAD
            && self.left > 0
            && let Some(op) = self.sure()
        {
            return At::Sure(op);
        }
        At::Line(first)
    }

    fn waits_for_twin(&self, late: u32) -> bool {
        self.sheet.twins[late as usize].is_some_and(|twin| !self.is_used(twin))
    }

    fn try_late(&mut self, late: u32, entry: u32) {
        // Entry `e` is the `e - 1`th of the line.
        let open = self.sheet.late.get(late as usize).is_some_and(|before| *before < entry);
        if !open {
            if let Mark::Return(stuck) = self.sheet.line[entry as usize - 1] {
                let state = self.state.clone();
                self.note_deadlock(entry, stuck, &state, None);
            }
            self.at = At::Back;
            return;
        }
        let other = At::Late(late + 1, entry);
        self.at = other;
        let idle = self.sheet.idle.get(late as usize).is_some_and(|idle| *idle);
        if idle || self.is_used(late) || self.waits_for_twin(late) {
            return;
        }
        let op = self.sheet.answered as u32 + late;
        let Some(state) = self.object.step(&self.state, op) else { return };
        if state == self.state || self.makes_the_last_idle(op, &state) {
            return;
        }
        self.place(op);
        if !self.is_worth_it(op, &state) {
            self.take_back(op);
            return;
        }
        let before = std::mem::replace(&mut self.state, state);
        self.stack.push(Frame { op, then: other, before });
        self.at = self.next_thing();
    }

    /// Would this lead to the same state without the unanswered one before it? Then that one need not have happened.
    fn makes_the_last_idle(&mut self, op: u32, state: &O::State) -> bool {
        let last = self.stack.last().filter(|frame| frame.op as usize >= self.sheet.answered);
        last.is_some_and(|last| self.object.step(&last.before, op).as_ref() == Some(state))
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

    /// Nothing fits in front of this return, or `last` leads to where it can come no more.
    fn note_deadlock(&mut self, entry: u32, stuck: u32, state: &O::State, last: Option<u32>) {
        let late_ones = self.used.iter().map(|word| word.count_ones()).sum::<u32>();
        let foreseen = last.is_some();
        let better =
            |known: &Deadlock<_>| (entry, !foreseen, known.late) > (known.mark, !known.foreseen, late_ones);
        if !self.furthest.as_ref().is_none_or(better) {
            return;
        }
        let before = self.entries().take_while(|other| *other != entry);
        let mut candidates: Vec<u32> = before
            .filter_map(|entry| match self.sheet.line[entry as usize - 1] {
                Mark::Call(op) => Some(op),
                Mark::Return(_) => None,
            })
            .collect();
        let late = (0..self.sheet.late.len() as u32)
            .filter(|late| self.sheet.late[*late as usize] < entry && !self.is_used(*late));
        candidates.extend(late.map(|late| self.sheet.answered as u32 + late));
        let prefix = self.stack.iter().map(|frame| frame.op).chain(last).collect();
        let state = self.object.told(state);
        let mark = entry;
        self.furthest = Some(Deadlock { prefix, state, stuck, candidates, foreseen, mark, late: late_ones });
    }

    /// The order so far.
    pub fn order(&self) -> Vec<u32> {
        self.stack.iter().map(|frame| frame.op).collect()
    }

    /// The place that the order so far leads to.
    pub fn here(&self) -> Place<State<O>> {
        Place { state: self.object.told(&self.state), used: self.used.clone() }
    }

    /// The furthest that any order came, if none came to the end.
    pub fn into_deadlock(self) -> Option<Deadlock<State<O>>> {
        self.furthest
    }
}
