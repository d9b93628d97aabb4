//! A counter that grows and shrinks.

use super::g_counter::GCounter;
use crate::sim::NodeId;

/// Two counters that only grow, one of what was added and one of what was taken away (Shapiro et al. 2011,
/// specification 7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PnCounter {
    added: GCounter,
    taken: GCounter,
}

impl PnCounter {
    /// A node adds a number; hands back the part that changed. `None`, and nothing is added, if the node has added or
    /// taken away more than it can count.
    pub fn add(&mut self, node: NodeId, by: i64) -> Option<PnCounter> {
        let (mut added, mut taken) = (GCounter::default(), GCounter::default());
        if by >= 0 {
            added = self.added.increment(node, by.unsigned_abs())?;
        } else {
            taken = self.taken.increment(node, by.unsigned_abs())?;
        }
        Some(PnCounter { added, taken })
    }

    /// What was added less what was taken away; a sum that does not fit wraps around, as numbers do everywhere here.
    pub fn value(&self) -> i64 {
        self.added.value().wrapping_sub(self.taken.value()) as i64
    }

    /// What each node has added, and what it has taken away.
    pub fn parts(&self) -> (&GCounter, &GCounter) {
        (&self.added, &self.taken)
    }

    /// Knows what the other one knows, too.
    pub fn merge(&mut self, other: &PnCounter) {
        self.added.merge(&other.added);
        self.taken.merge(&other.taken);
    }
}
