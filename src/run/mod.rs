//! THE STAGE MANAGER. Brings script, players and judges together.

pub mod frame;

pub use frame::Frame;
