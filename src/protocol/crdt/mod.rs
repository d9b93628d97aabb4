//! State-based replicated data types: copies that each replica changes without asking others, and that agree once they
//! have heard of each other.
//!
//! Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of Convergent and Commutative Replicated Data Types"
//! (INRIA RR-7506, 2011). Each is a value with a `merge` that is commutative, associative and idempotent, so that it
//! does not matter in which order, how often and by whom copies are merged. A change is itself a value of the same type,
//! the part that changed, which can be merged anywhere (a delta: Almeida, Shoker and Baquero, "Delta state replicated
//! data types", 2018).

pub mod dot;
pub mod g_counter;
pub mod lww_register;
pub mod mv_register;
pub mod or_set;
pub mod pn_counter;

/// What came of taking in another's copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged<T> {
    /// The copy is another than before.
    pub changed: bool,
    /// The writes that one of the two had, and that no longer stand.
    pub let_go: Vec<(Dot, T)>,
}

pub use dot::{Context, Dot};
pub use g_counter::GCounter;
pub use lww_register::LwwRegister;
pub use mv_register::MvRegister;
pub use or_set::OrSet;
pub use pn_counter::PnCounter;
