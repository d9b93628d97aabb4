//! A write, as nodes tell it to each other.

use std::fmt;

use smol_str::SmolStr;

use super::clock::Clock;
use crate::protocol::crdt::Dot;
use crate::sim::{NodeId, OpId};

/// One write of one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    pub dot: Dot,
    /// The request: asked twice, it is one write.
    pub op: OpId,
    pub key: SmolStr,
    pub value: i64,
    /// Lamport's timestamp, which counts events and no time: greater than that of everything it depends on.
    pub time: u64,
    /// What it depends on: all that its client had seen, and what its node took before.
    pub after: Clock,
}

/// What decides between two writes of one key: the greater timestamp, and of equal ones the greater node (Lamport 1978).
/// A write that depends on another has the greater stamp; nothing follows about which of two was asked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// A count, as in [`Update::time`].
    pub time: u64,
    /// The node that took it.
    pub by: NodeId,
}

impl Update {
    pub fn stamp(&self) -> Stamp {
        Stamp { time: self.time, by: self.dot.node }
    }

    /// It, and what it depends on: a client that reads it has seen this.
    pub fn clock(&self) -> Clock {
        let mut clock = self.after.clone();
        clock.set(self.dot.node, self.dot.count);
        clock
    }
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.key, self.value)
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.time, self.by)
    }
}
