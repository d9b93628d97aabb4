//! What a service looks like to somebody who is alone with it: a state, and what each operation does to it.

mod code;
mod collection;
mod counter;
mod keyvalue;
mod multi;
mod mutex;
pub mod register;
mod text;
mod various;
mod versioned;

use std::fmt::Debug;
use std::hash::Hash;

use smol_str::SmolStr;

pub use code::{Code, Codes};
pub use collection::{Collection, Kind};
pub use counter::Counter;
pub use keyvalue::KeyValue;
pub use multi::MultiRegister;
pub use mutex::Mutex;
pub use register::Register;
pub use various::Various;
pub use versioned::Versioned;

use super::history::Operation;

/// The sequential object that a history is held against.
pub trait Model {
    /// What the object holds. Equality decides: a hash alone never does.
    type State: Clone + Debug + Eq + Hash;
    /// An operation, prepared so that a step is cheap.
    type Op: Clone + Debug + Eq + Hash;

    /// Prepares an operation that was answered, or may have happened.
    ///
    /// # Errors
    /// One sentence on what this model cannot make of it.
    fn prepare(&mut self, operation: &Operation) -> Result<Self::Op, String>;

    /// The object before anybody touched it.
    fn start(&self) -> Self::State;

    /// What the operation makes of the state; `None` if it cannot have ended so from there.
    fn step(&self, state: &Self::State, op: &Self::Op) -> Option<Self::State>;

    /// Does it leave every state as it is, whatever it hears?
    fn reads_only(&self, op: &Self::Op) -> bool;

    /// Could it matter to `other` that this one, which may not have happened, did? A model that cannot tell says yes.
    fn matters(&self, _op: &Self::Op, _other: &Self::Op) -> bool {
        true
    }

    /// Numbers that it takes to remember a state.
    fn weight(&self, _state: &Self::State) -> u64 {
        1
    }

    /// Does it fit any state, and leave one that does not depend on it?
    fn overwrites(&self, _op: &Self::Op) -> bool {
        false
    }

    /// Can it tell anything by [`Model::may_see`]?
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Could this one, which does not overwrite, come now, or after others that do not overwrite, and depend on the
    /// state? If not, it has to wait for one that overwrites, or is in no hurry; and no other that does not
    /// overwrite can change that. A model that cannot tell says yes.
    fn may_see(&self, _state: &Self::State, _op: &Self::Op) -> bool {
        true
    }

    /// May `op` lead to `other` from a state that [does not](Model::may_see)? A model that cannot tell says yes.
    fn makes_way(&self, _op: &Self::Op, _other: &Self::Op) -> bool {
        true
    }

    /// Tells of everything that must be there, or have been, before this one could end as it did.
    fn asks(&self, _op: &Self::Op, _tell: &mut dyn FnMut(Made)) {}

    /// Tells of everything that this one may make.
    fn makes(&self, _op: &Self::Op, _tell: &mut dyn FnMut(Made)) {}

    /// Tells of everything that is there in a state.
    fn holds(&self, _state: &Self::State, _tell: &mut dyn FnMut(Made)) {}

    /// The first of these, the answered ones in front, whose answer cannot be, whatever the order: for reasons that
    /// [`Model::asks`] cannot tell.
    fn impossible(&self, _ops: &[Self::Op], _answered: usize) -> Option<usize> {
        None
    }

    /// The object an operation is about, where objects are independent of each other: a history is linearizable if
    /// it is so for each (Herlihy and Wing 1990, locality).
    fn partition(&self, operation: &Operation) -> Option<SmolStr> {
        Some(operation.action.key.clone())
    }

    /// A state in words: `"3"`, `"[1 2]"`.
    fn describe(&self, state: &Self::State) -> String;
}

/// Something that an operation makes and another finds, as two words of the model's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Made {
    This(Code, Code),
    /// It may be anything.
    Anything,
}

/// What a model says to an operation it does not know.
fn foreign(model: &str, operation: &Operation) -> String {
    format!("a {model} knows no operation {:?}", operation.action.verb.name())
}
