//! The guarantees by name.

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// A client never reads a value older than what it wrote itself.
    ReadYourWrites,
    /// A client never reads a value older than one it read before.
    MonotonicReads,
    /// A server that has a write has what its client had written before.
    MonotonicWrites,
    /// A server that has a write has what its client had read before.
    WritesFollowReads,
    /// No read misses a write that was acknowledged before it, whoever wrote.
    NoneLost,
}

impl Guarantee {
    /// Its name in the paper.
    pub fn name(self) -> &'static str {
        match self {
            Guarantee::ReadYourWrites => "read your writes",
            Guarantee::MonotonicReads => "monotonic reads",
            Guarantee::MonotonicWrites => "monotonic writes",
            Guarantee::WritesFollowReads => "writes follow reads",
            Guarantee::NoneLost => "no acknowledged write lost",
        }
    }

    /// Is a client's floor raised by what is written, and not by what is read?
    pub(super) fn is_of_writes(self) -> bool {
        matches!(self, Guarantee::ReadYourWrites | Guarantee::MonotonicWrites)
    }

    /// Is it about what a server has?
    pub(super) fn is_of_servers(self) -> bool {
        matches!(self, Guarantee::MonotonicWrites | Guarantee::WritesFollowReads)
    }
}
