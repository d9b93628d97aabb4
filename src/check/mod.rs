//! THE JUDGES. They read what happened and never touch it.

mod allows;
mod answers;
mod begins;
pub mod budget;
pub mod clients;
mod concern;
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
mod transaction;

pub use property::{Claim, Due, Evidence, Mode, Property, Verdict, View, Violation};
