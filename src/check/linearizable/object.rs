//! An object as the search sees it: its operations by number, and what can be known of those to come.

use std::hash::Hash;

use super::sheet::Sheet;
use crate::check::model::Model;

/// Which operations are placed: answered ones, and the others.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    pub done: &'a [u64],
    pub used: &'a [u64],
}

/// A model and the operations of one object.
pub trait Object {
    type Model: Model;
    type State: Clone + Eq + Hash;

    /// Does it look ahead? If not, nothing is dead, and nothing hopeless.
    const LOOKS_AHEAD: bool;

    /// A state of the model as it is known here, and the other way round.
    fn state(&mut self, state: &<Self::Model as Model>::State) -> Self::State;
    fn told(&self, state: &Self::State) -> <Self::Model as Model>::State;

    fn step(&mut self, state: &Self::State, op: u32) -> Option<Self::State>;
    fn reads_only(&self, op: u32) -> bool;

    /// Numbers that it takes to remember a state.
    fn weight(&self, state: &Self::State) -> u64;

    /// Logical bytes that it holds itself.
    fn bytes(&self) -> u64 {
        0
    }

    /// Steps that were taken since the last call besides those of the search.
    fn effort(&mut self) -> u64 {
        0
    }

    /// Does an operation fit any state, and leave one that does not depend on it?
    fn overwrites(&self, _op: u32) -> bool {
        false
    }

    /// Does nothing that is not placed depend on this state?
    fn is_dead(&self, _state: &Self::State, _placed: Placed<'_>) -> bool {
        false
    }

    /// As what every dead state is remembered: they are all the same.
    fn dead(&self) -> Option<Self::State> {
        None
    }

    /// Can this operation, which is not placed, come no more?
    fn is_hopeless(&self, _state: &Self::State, _op: u32, _placed: Placed<'_>) -> bool {
        false
    }

    /// The one operation not placed that can make way for this read, if there is only one.
    fn only_maker(&self, _read: u32, _placed: Placed<'_>) -> Option<u32> {
        None
    }

    /// All operations that depend on the state and are not placed; none where it cannot be told.
    fn needed_by(&self, _state: &Self::State, _placed: Placed<'_>) -> Option<Vec<u32>> {
        None
    }
}

/// An object without foresight: quick where the search hardly ever goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a, M: Model> {
    model: &'a M,
    ops: &'a [M::Op],
}

impl<'a, M: Model> Plain<'a, M> {
    pub fn new(model: &'a M, sheet: &'a Sheet<M::Op>) -> Plain<'a, M> {
        Plain { model, ops: &sheet.ops }
    }
}

impl<M: Model> Object for Plain<'_, M> {
    type State = M::State;
    type Model = M;
    const LOOKS_AHEAD: bool = false;

    fn state(&mut self, state: &M::State) -> M::State {
        state.clone()
    }

    fn told(&self, state: &M::State) -> M::State {
        state.clone()
    }

    #[inline]
    fn step(&mut self, state: &M::State, op: u32) -> Option<M::State> {
        self.model.step(state, &self.ops[op as usize])
    }

    #[inline]
    fn reads_only(&self, op: u32) -> bool {
        self.model.reads_only(&self.ops[op as usize])
    }

    #[inline]
    fn weight(&self, state: &M::State) -> u64 {
        self.model.weight(state)
    }
}
