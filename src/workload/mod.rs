//! THE CLIENTS. What they ask, when, and what they do when nobody answers.

pub mod client;
pub mod crowd;
pub mod happening;

pub use client::{Ask, Client, Route};
pub use crowd::{Answer, Crowd, PATIENCE};
pub use happening::Happening;
