//! THE JUDGES. They read what happened and never touch it.

pub mod clients;
pub mod court;
pub mod history;
pub mod linearizable;
pub mod model;
pub mod property;
pub mod sessions;

pub use property::{Claim, Evidence, Mode, Property, Verdict, View, Violation};
