//! A counter that only grows.

use litemap::LiteMap;

use crate::sim::NodeId;

/// A number for each node, which that node alone raises; the counter is their sum (Shapiro et al. 2011,
/// specification 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GCounter {
    counts: LiteMap<NodeId, u64>,
}

impl GCounter {
    /// A node counts on; hands back what it has counted in all, as a part to be merged elsewhere. `None`, and nothing is
    /// counted, if that is more than the number holds: from there it could only go down, and a merge keeps the greater.
    pub fn increment(&mut self, node: NodeId, by: u64) -> Option<GCounter> {
        if by == 0 {
            return Some(GCounter::default());
        }
        let count = self.counts.entry(node).or_default();
        *count = count.checked_add(by)?;
        Some(GCounter { counts: [(node, *count)].into_iter().collect() })
    }

    /// The sum, modulo 2^64.
    pub fn value(&self) -> u64 {
        self.counts.values().fold(0, |sum, count| sum.wrapping_add(*count))
    }

    /// What each node has counted.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, u64)> {
        self.counts.iter().map(|(node, count)| (*node, *count))
    }

    /// Knows what the other one knows, too: of each node the greater number.
    pub fn merge(&mut self, other: &GCounter) {
        for (node, count) in &other.counts {
            let mine = self.counts.entry(*node).or_default();
            *mine = (*mine).max(*count);
        }
    }
}
