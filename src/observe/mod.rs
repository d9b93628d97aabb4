//! WHAT OPERATORS SEE. Measurements of a run, and a run in formats that other tools read.

pub mod figures;
pub mod lines;
pub mod measure;
pub mod series;
pub mod staleness;
