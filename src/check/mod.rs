//! THE JUDGES. They read what happened and never touch it.

pub mod clients;
pub mod convergence;
pub mod court;
pub mod history;
pub mod judgement;
pub mod linearizable;
pub mod losses;
pub mod model;
pub mod objective;
pub mod promise;
pub mod property;
mod recovery;
mod share;

pub use property::{Claim, Evidence, Mode, Property, Verdict, View, Violation};
