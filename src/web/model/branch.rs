//! The ways a run has taken.

use serde::Serialize;

#[derive(Serialize)]
pub struct BranchLine {
    pub name: String,
    pub index: usize,
    pub current: bool,
    /// The branch it left, by its place in the list, and when, in µs.
    pub parent: Option<usize>,
    pub at: Option<f64>,
    pub acts: usize,
}
