//! WHAT OPERATORS SEE. A run in formats that other tools read.

pub mod lines;
