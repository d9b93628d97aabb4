//! The guarantees by name.

use super::super::Says;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
    NoStale,
}

impl Guarantee {
    /// The guarantee in one sentence.
    pub const fn says(self) -> Says {
        match self {
            Guarantee::ReadYourWrites => {
                ("A client never reads a value older than what it wrote itself.", "Terry et al. 1994")
            }
            Guarantee::MonotonicReads => {
                ("A client never reads a value older than one it read before.", "Terry et al. 1994")
            }
            Guarantee::MonotonicWrites => (
                "A server that has shown a write never lacks what its client had written before.",
                "Terry et al. 1994",
            ),
            Guarantee::WritesFollowReads => (
                "A server that has shown a write never lacks what its client had read before.",
                "Terry et al. 1994",
            ),
            Guarantee::NoStale => (
                "No read returns a value that had been overwritten before it began: another write was asked for after \
                 that value's was over, and was acknowledged.",
                "Lamport 1986; for many writers, Shao et al. 2011",
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
            Guarantee::NoStale => "no stale read",
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
