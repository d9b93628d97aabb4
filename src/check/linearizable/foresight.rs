//! An object whose states have numbers, and of each state is known which operations depend on it.
//!
//! That tells three things, for a model that [looks ahead](Model::may_see). A state that nothing to come depends on is
//! *dead*: all dead states are the same, and what may have happened never leads to one. An operation is *hopeless* if
//! the state does not lead to it, and nothing that could change that is left. And where the state is dead, a write
//! whose readers could all come at once comes now, with them: later it would only be in the way.

use rustc_hash::FxHashMap;

use super::object::{Object, Placed};
use super::sheet::{Mark, Sheet};
use crate::check::model::Model;

const NONE: u32 = u32::MAX;

/// The states met, and what is known of them.
pub struct Foresight<'a, M: Model> {
    model: &'a M,
    ops: &'a [M::Op],
    answered: usize,
    states: Vec<M::State>,
    numbers: FxHashMap<M::State, u32>,
    /// What each step that was tried leads to.
    steps: FxHashMap<(u32, u32), u32>,
    /// Words of a set of operations: those answered, and all.
    words: (usize, usize),
    /// Of each state, the set of those that may see it.
    seen_by: Vec<u64>,
    /// Of each answered operation that only reads, the set of those that may make way for it.
    makers: Vec<Option<Box<[u64]>>>,
    bytes: u64,
    effort: u64,
}

impl<'a, M: Model> Foresight<'a, M> {
    pub fn new(model: &'a M, sheet: &'a Sheet<M::Op>) -> Foresight<'a, M> {
        let answered = sheet.answered.div_ceil(64);
        let mut foresight = Foresight {
            model,
            ops: &sheet.ops,
            answered: sheet.answered,
            states: Vec::new(),
            numbers: FxHashMap::default(),
            steps: FxHashMap::default(),
            words: (answered, answered + sheet.late.len().div_ceil(64)),
            seen_by: Vec::new(),
            makers: vec![None; sheet.answered],
            bytes: 0,
            effort: 0,
        };
        if model.looks_ahead() {
            foresight.find_makers(sheet);
        }
        foresight
    }

    fn find_makers(&mut self, sheet: &Sheet<M::Op>) {
        let mut begin: Vec<u32> = vec![0; sheet.answered];
        begin.extend(&sheet.late);
        for (place, mark) in (0..).zip(&sheet.line) {
            if let Mark::Call(op) = mark {
                begin[*op as usize] = place;
            }
        }
        for (place, mark) in (0..).zip(&sheet.line) {
            let Mark::Return(read) = *mark else { continue };
            if self.reads_only(read) {
                let other = &self.ops[read as usize];
                let makes = |op: &usize| {
                    *op != read as usize && begin[*op] <= place && self.model.makes_way(&self.ops[*op], other)
                };
                self.makers[read as usize] = Some(self.set(makes));
                self.effort += self.ops.len() as u64 / 8;
                self.bytes += 8 * self.words.1 as u64;
            }
        }
    }

    /// Those of all operations, as a set.
    fn set(&self, which: impl Fn(&usize) -> bool) -> Box<[u64]> {
        let mut set = vec![0; self.words.1];
        for op in (0..self.ops.len()).filter(which) {
            let (word, bit) = self.bit(op);
            set[word] |= 1 << bit;
        }
        set.into()
    }

    fn bit(&self, op: usize) -> (usize, usize) {
        match op.checked_sub(self.answered) {
            Some(late) => (self.words.0 + late / 64, late % 64),
            None => (op / 64, op % 64),
        }
    }

    fn number(&mut self, state: M::State) -> u32 {
        if let Some(number) = self.numbers.get(&state) {
            return *number;
        }
        let number = self.states.len() as u32;
        if self.model.looks_ahead() {
            self.seen_by.extend(self.set(|op| self.model.may_see(&state, &self.ops[*op])));
            self.effort += self.ops.len() as u64 / 8;
            self.bytes += 8 * self.words.1 as u64;
        }
        self.bytes += 8 * (4 + self.model.weight(&state));
        self.numbers.insert(state.clone(), number);
        self.states.push(state);
        number
    }

    /// Those of a set that are not placed.
    fn members(&self, set: &[u64], placed: Placed<'_>) -> Vec<u32> {
        let mut members = Vec::new();
        for (word, mut bits) in left(set, placed).enumerate() {
            while bits != 0 {
                let bit = bits.trailing_zeros();
                bits &= bits - 1;
                let first = match word.checked_sub(self.words.0) {
                    Some(late) => self.answered + late * 64,
                    None => word * 64,
                };
                members.push(first as u32 + bit);
            }
        }
        members
    }

    fn seen_by(&self, state: u32) -> &[u64] {
        let from = state as usize * self.words.1;
        &self.seen_by[from..from + self.words.1]
    }
}

/// What of a set is not placed, word by word.
fn left<'a>(set: &'a [u64], placed: Placed<'a>) -> impl Iterator<Item = u64> {
    set.iter().zip(placed.done.iter().chain(placed.used)).map(|(set, placed)| set & !placed)
}

impl<M: Model> Object for Foresight<'_, M> {
    type State = u32;
    type Model = M;
    const LOOKS_AHEAD: bool = true;

    fn state(&mut self, state: &M::State) -> u32 {
        self.number(state.clone())
    }

    fn told(&self, state: &u32) -> M::State {
        self.states[*state as usize].clone()
    }

    fn step(&mut self, state: &u32, op: u32) -> Option<u32> {
        let next = match self.steps.get(&(*state, op)) {
            Some(next) => *next,
            None => {
                let next = self.model.step(&self.states[*state as usize], &self.ops[op as usize]);
                let next = next.map_or(NONE, |next| self.number(next));
                self.steps.insert((*state, op), next);
                self.bytes += 8 * 3;
                next
            }
        };
        (next != NONE).then_some(next)
    }

    fn reads_only(&self, op: u32) -> bool {
        self.model.reads_only(&self.ops[op as usize])
    }

    fn weight(&self, _state: &u32) -> u64 {
        1
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn effort(&mut self) -> u64 {
        std::mem::take(&mut self.effort)
    }

    fn overwrites(&self, op: u32) -> bool {
        self.model.overwrites(&self.ops[op as usize])
    }

    fn is_dead(&self, state: &u32, placed: Placed<'_>) -> bool {
        self.model.looks_ahead() && left(self.seen_by(*state), placed).all(|word| word == 0)
    }

    fn dead(&self) -> Option<u32> {
        Some(NONE)
    }

    fn is_hopeless(&self, state: &u32, op: u32, placed: Placed<'_>) -> bool {
        let Some(makers) = &self.makers[op as usize] else { return false };
        let (word, bit) = self.bit(op as usize);
        self.seen_by(*state)[word] >> bit & 1 == 0 && left(makers, placed).all(|word| word == 0)
    }

    fn only_maker(&self, read: u32, placed: Placed<'_>) -> Option<u32> {
        let makers = self.makers[read as usize].as_ref()?;
        self.members(makers, placed).as_slice().try_into().ok().map(|[only]: [u32; 1]| only)
    }

    fn needed_by(&self, state: &u32, placed: Placed<'_>) -> Option<Vec<u32>> {
        self.model.looks_ahead().then(|| self.members(self.seen_by(*state), placed))
    }
}
