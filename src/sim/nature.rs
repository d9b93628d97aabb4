//! What a world is made of, and what ends it before its time.

use super::network::Quality;
use super::processor::Machine;

/// What a world is made of.
#[derive(Clone, Debug)]
pub struct Nature {
    pub seed: u64,
    /// How many clients there are beside the nodes.
    pub clients: u16,
    pub network: Quality,
    /// One for each node.
    pub machines: Vec<Machine>,
    pub limits: Limits,
}

/// Where a run ends that would not end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events in all.
    pub events: u32,
    /// Events within one microsecond.
    pub at_once: u32,
    /// Messages in flight at one time.
    pub in_flight: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { events: 5_000_000, at_once: 100_000, in_flight: 200_000 }
    }
}

/// Why the world stands still before its time. What happened until then is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The budget of events is spent.
    Events(u32),
    /// Time does not pass any more: this number of events happened within one microsecond.
    Loop(u32),
    /// This number of messages is in flight at once.
    Flood(u32),
}
