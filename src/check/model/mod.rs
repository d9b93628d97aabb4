//! What a service looks like to somebody who is alone with it: a state, and what each operation does to it.

mod code;
mod collection;
mod counter;
mod keyvalue;
mod multi;
mod mutex;
pub mod register;
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

    /// The object an operation is about, where objects are independent of each other: a history is linearizable if
    /// it is so for each (Herlihy and Wing 1990, locality).
    fn partition(&self, operation: &Operation) -> Option<SmolStr> {
        Some(operation.action.key.clone())
    }

    /// A state in words: `"3"`, `"[1 2]"`.
    fn describe(&self, state: &Self::State) -> String;
}

/// What a model says to an operation it does not know.
fn foreign(model: &str, operation: &Operation) -> String {
    format!("a {model} knows no operation {:?}", operation.action.verb.name())
}
