//! The writes of one key that a replica remembers: the one that stays, and those before it.
//!
//! A client that heard nothing asks again, perhaps another node, and both may take the write before they hear of each
//! other. It is one write all the same, and the earlier stamp is its stamp: a writer that knew the one or the other
//! has a later one, so that what knows of a write stays over it everywhere. Two writes that did not know of each other
//! may change places where the other half comes late.

use std::collections::VecDeque;

use super::config::Conflicts;
use super::update::Update;
use crate::sim::OpId;

/// The number of writes of a key that are remembered: a request that comes again after more is taken for a new one.
const REMEMBERED: usize = 256;

/// What is remembered of a key; the one that stays is the last.
#[derive(Clone, Debug, Default)]
pub struct Writes(VecDeque<Update>);

impl Writes {
    /// The write that stays.
    pub fn stays(&self) -> Option<&Update> {
        self.0.back()
    }

    /// The write that a request was taken for.
    pub fn of(&self, op: OpId) -> Option<&Update> {
        self.0.iter().rev().find(|update| update.op == op)
    }

    /// Those that are remembered, the one that stays last.
    pub fn iter(&self) -> impl Iterator<Item = &Update> {
        self.0.iter()
    }

    /// May there have been others, which are not remembered?
    pub fn has_forgotten(&self) -> bool {
        self.0.len() >= REMEMBERED
    }

    /// One more was applied.
    pub fn add(&mut self, update: Update, conflicts: Conflicts) {
        if let Some(place) = self.0.iter().position(|other| other.op == update.op) {
            if self.0[place].stamp() < update.stamp() {
                return;
            }
            self.0.remove(place);
        }
        let place = match conflicts {
            Conflicts::LastWriter => self.0.partition_point(|other| other.stamp() < update.stamp()),
            Conflicts::LastToArrive => self.0.len(),
        };
        self.0.insert(place, update);
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::causal::clock::Clock;
    use crate::protocol::crdt::Dot;
    use crate::sim::NodeId;

    fn update(op: u32, by: u16, time: u64) -> Update {
        let dot = Dot { node: NodeId(by), count: 1 };
        Update { dot, op: OpId(op), key: "x".into(), value: op.into(), time, after: Clock::default() }
    }

    fn of(updates: &[Update]) -> Writes {
        let mut writes = Writes::default();
        updates.iter().for_each(|update| writes.add(update.clone(), Conflicts::LastWriter));
        writes
    }

    #[test]
    fn what_two_nodes_took_is_one_write_in_any_order() {
        let all = [update(4, 0, 1), update(5, 1, 3), update(4, 2, 5)];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let writes = of(&order.map(|place| all[place].clone()));
            assert_eq!(writes.stays(), Some(&all[1]), "{order:?}");
            assert_eq!(writes.of(OpId(4)), Some(&all[0]), "{order:?}");
        }
        assert_eq!(of(&[all[2].clone(), all[1].clone()]).stays(), Some(&all[2]));
    }

    #[test]
    fn the_earliest_are_forgotten() {
        let all: Vec<Update> = (0..1_000).map(|op| update(op, 0, op.into())).collect();
        let writes = of(&all);
        assert_eq!(writes.0.len(), REMEMBERED);
        assert!(writes.of(OpId(743)).is_none() && writes.of(OpId(744)).is_some());
        assert_eq!(writes.stays(), all.last());
    }
}
