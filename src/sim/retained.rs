//! What is left of clients' writes at a node: what judges of lost writes ask.

use std::collections::BTreeMap;

use super::request::OpId;

/// The writes that a node knows of, each by the operation that asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retained {
    writes: BTreeMap<OpId, Fate>,
    /// A write that is not listed never came here, or nothing of it is left. Otherwise the node may have forgotten what
    /// became of it.
    pub complete: bool,
}

/// What became of a write at a node, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Nothing of it is here.
    Absent,
    /// It was here, and what stands in its place was written without knowledge of it.
    Replaced,
    /// It is here and does not count yet: it is held back, or behind the applied part of a log.
    Waits,
    /// It stands, or is in the applied part of a log, or what stands was written with knowledge of it.
    Stands,
}

impl Retained {
    /// Nothing yet. `complete`: will every write be listed that is here?
    pub fn new(complete: bool) -> Retained {
        Retained { writes: BTreeMap::new(), complete }
    }

    /// One write; if an operation was taken for several, the one that fares best counts.
    pub fn add(&mut self, op: OpId, fate: Fate) {
        let known = self.writes.entry(op).or_insert(fate);
        *known = (*known).max(fate);
    }

    /// What became of a write; `None` if the node cannot tell.
    pub fn fate(&self, op: OpId) -> Option<Fate> {
        self.writes.get(&op).copied().or(self.complete.then_some(Fate::Absent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_several_counts_and_silence_tells_only_of_the_complete() {
        for complete in [false, true] {
            let mut retained = Retained::new(complete);
            for fate in [Fate::Waits, Fate::Stands, Fate::Replaced] {
                retained.add(OpId(3), fate);
            }
            assert_eq!(retained.fate(OpId(3)), Some(Fate::Stands));
            assert_eq!(retained.fate(OpId(4)), complete.then_some(Fate::Absent));
        }
    }
}
