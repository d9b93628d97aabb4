//! THE JUDGES. They read what happened and never touch it.

pub mod property;

pub use property::{Claim, Evidence, Property, Verdict, View, Violation};
