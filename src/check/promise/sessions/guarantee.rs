//! The guarantees by name.

use super::super::Says;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
}

impl Guarantee {
    /// All four, in the order of the paper.
    pub const ALL: [Guarantee; 4] = [
        Guarantee::ReadYourWrites,
        Guarantee::MonotonicReads,
        Guarantee::MonotonicWrites,
        Guarantee::WritesFollowReads,
    ];

    /// The guarantee in one sentence.
    pub const fn says(self) -> Says {
        match self {
            Guarantee::ReadYourWrites => (
                "A client's read of a key reflects every write of that key that it was told is done.",
                "Terry et al. 1994, section 3.1",
            ),
            Guarantee::MonotonicReads => (
                "A client's read of a key reflects every write that its earlier reads of that key found.",
                "Terry et al. 1994, section 3.2",
            ),
            Guarantee::MonotonicWrites => (
                "A server that holds a write holds, in front of it, what the same client had written before.",
                "Terry et al. 1994, section 3.4",
            ),
            Guarantee::WritesFollowReads => (
                "A server that holds a write holds, in front of it, what its client had read before.",
                "Terry et al. 1994, section 3.3",
            ),
        }
    }

    /// Its name in the paper.
    pub fn name(self) -> &'static str {
        match self {
            Guarantee::ReadYourWrites => "read your writes",
            Guarantee::MonotonicReads => "monotonic reads",
            Guarantee::MonotonicWrites => "monotonic writes",
            Guarantee::WritesFollowReads => "writes follow reads",
        }
    }

    /// Is it about what a client has written, and not about what it has read?
    fn is_of_writes(self) -> bool {
        matches!(self, Guarantee::ReadYourWrites | Guarantee::MonotonicWrites)
    }

    /// Is it about what a server holds? Then it can be judged only where servers' sets are known.
    pub fn is_of_servers(self) -> bool {
        matches!(self, Guarantee::MonotonicWrites | Guarantee::WritesFollowReads)
    }
}

/// What one guarantee demands, or several do together: which operations bind a client's later ones, and whom they bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Demands {
    /// What a client wrote binds.
    pub writes: bool,
    /// What a client read binds.
    pub reads: bool,
    /// A client's own reads are bound.
    pub of_clients: bool,
    /// Servers are bound, and with them the order of writes.
    pub of_servers: bool,
}

impl Demands {
    /// What these demand together. They are one, both of clients, or all four: what binds clients binds
    /// servers, too, where both are bound.
    pub fn of(guarantees: &[Guarantee]) -> Demands {
        let mut demands = Demands::default();
        for guarantee in guarantees {
            let is_of_writes = guarantee.is_of_writes();
            demands.writes |= is_of_writes;
            demands.reads |= !is_of_writes;
            demands.of_clients |= !guarantee.is_of_servers();
            demands.of_servers |= guarantee.is_of_servers();
        }
        demands
    }
}
