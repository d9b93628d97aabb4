//! THE CLIENTS. What they ask, when, and what they do when nobody answers.

pub mod arrivals;
pub mod ask;
pub mod client;
pub mod crowd;
pub mod happening;
pub mod member;
pub mod pace;
pub mod popularity;
pub mod rate;
pub mod retry;
mod wake;
pub mod zipf;

pub use arrivals::{Arrivals, Burst, Spacing};
pub use ask::Ask;
pub use client::{Client, Route};
pub use crowd::{Answer, Crowd, PATIENCE};
pub use happening::Happening;
pub use member::Member;
pub use pace::Pace;
pub use popularity::{Keys, Popularity};
pub use rate::Rate;
pub use retry::{Policy, Retry};
pub use zipf::Zipf;
