//! WHAT OPERATORS SEE. Measurements of a run, a run in formats that other tools read, and histories that they wrote.

pub mod figures;
pub mod freshness;
pub mod intake;
pub mod lines;
pub mod measure;
pub mod published;
pub mod quorums;
pub mod series;
pub mod served;
pub mod staleness;
