//! Which nodes hold which keys: the nodes stand in a ring; a key lies somewhere on it, by its hash, and belongs to the nodes that
//! follow (Dynamo, sections 4.2 and 4.3, without virtual nodes). Round the ring they stand in the order of their
//! numbers, or in turn from every zone, so that copies of one key lie in different zones (section 4.6: "the preference
//! list … is constructed such that the storage nodes are spread across multiple data centers").

use smol_str::SmolStr;

use crate::sim::digest::digest;
use crate::sim::{NodeId, rng};

/// The ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ring {
    nodes: u16,
    replicas: u16,
    /// Into how many zones the nodes are divided, one after the other.
    zones: u16,
}

impl Ring {
    /// A ring of `nodes`, of which `replicas` hold each key.
    pub fn new(nodes: u16, replicas: usize, zones: u16) -> Ring {
        Ring { nodes, replicas: replicas as u16, zones: zones.clamp(1, nodes.max(1)) }
    }

    /// How many nodes there are.
    pub fn nodes(self) -> u16 {
        self.nodes
    }

    /// The node that stands at a place of the ring.
    fn at(self, place: u16) -> NodeId {
        // The first zones are larger by one if the nodes do not divide evenly.
        let (zone, row) = (place % self.zones, place / self.zones);
        let (size, more) = (self.nodes / self.zones, self.nodes % self.zones);
        NodeId(zone * size + zone.min(more) + row)
    }

    /// The place where a node stands: the inverse of [`Ring::at`].
    fn place(self, node: NodeId) -> u16 {
        let (size, more) = (self.nodes / self.zones, self.nodes % self.zones);
        let in_larger = more * (size + 1);
        let (zone, row) = match node.0.checked_sub(in_larger) {
            None => (node.0 / (size + 1), node.0 % (size + 1)),
            Some(rest) => (more + rest / size, rest % size),
        };
        row * self.zones + zone
    }

    /// Every node, from the first that holds a key onwards: those that hold it, then those that may stand in.
    pub fn walk(self, key: &SmolStr) -> impl Iterator<Item = NodeId> {
        let nodes = self.nodes.max(1);
        let first = (rng::mix(&[digest(key)]) % u64::from(nodes)) as u16;
        (0..nodes).map(move |step| self.at((first + step) % nodes))
    }

    /// The preference list: the nodes that hold a key, the first of them first.
    pub fn homes(self, key: &SmolStr) -> impl Iterator<Item = NodeId> {
        self.walk(key).take(self.replicas.into())
    }

    /// Are there keys that both hold?
    pub fn share(self, one: NodeId, other: NodeId) -> bool {
        let apart = (self.place(one) + self.nodes - self.place(other)) % self.nodes;
        apart < self.replicas || self.nodes - apart < self.replicas
    }

    /// Does a node hold a key?
    pub fn holds(self, node: NodeId, key: &SmolStr) -> bool {
        self.homes(key).any(|home| home == node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_homes_and_every_node_its_share() {
        let ring = Ring::new(5, 3, 1);
        let mut shares = [0; 5];
        for i in 0..500 {
            let key = SmolStr::new(format!("key {i}"));
            let homes: Vec<NodeId> = ring.homes(&key).collect();
            assert_eq!(homes.len(), 3);
            assert!(homes.windows(2).all(|pair| pair[1].0 == (pair[0].0 + 1) % 5));
            homes.iter().for_each(|home| shares[home.index()] += 1);
            assert_eq!(ring.walk(&key).count(), 5);
            assert!((0..5).filter(|node| ring.holds(NodeId(*node), &key)).count() == 3);
        }
        assert!(shares.iter().all(|share| (250..=350).contains(share)), "{shares:?}");
    }

    #[test]
    fn copies_lie_in_different_zones() {
        for nodes in [6, 7, 8, 9] {
            let ring = Ring::new(nodes, 3, 3);
            let mut all: Vec<NodeId> = (0..nodes).map(|place| ring.at(place)).collect();
            let zone = |node: NodeId| ring.place(node) % 3;
            for i in 0..100 {
                let key = SmolStr::new(format!("key {i}"));
                let mut zones: Vec<u16> = ring.homes(&key).map(zone).collect();
                zones.sort_unstable();
                zones.dedup();
                assert!(zones.len() == 3 || nodes % 3 != 0, "{nodes}: {zones:?}");
            }
            assert!((0..nodes).all(|place| ring.place(ring.at(place)) == place));
            all.sort_unstable();
            assert_eq!(all, (0..nodes).map(NodeId).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nodes_that_stand_near_each_other_share_keys() {
        for (nodes, replicas, zones) in [(1, 1, 1), (3, 3, 1), (7, 3, 3), (8, 2, 5), (1000, 3, 7)] {
            let ring = Ring::new(nodes, replicas, zones);
            let homes = |first: u16| (first..first + replicas as u16).map(|place| ring.at(place % nodes));
            let mut pairs: Vec<(NodeId, NodeId)> = (0..nodes)
                .flat_map(|first| {
                    homes(first).flat_map(move |one| homes(first).map(move |other| (one, other)))
                })
                .collect();
            pairs.sort_unstable();
            pairs.dedup();
            let all = (0..nodes).flat_map(|one| (0..nodes).map(move |other| (NodeId(one), NodeId(other))));
            let share: Vec<_> = all.filter(|(one, other)| ring.share(*one, *other)).collect();
            assert!(share == pairs, "{nodes} nodes, {replicas} replicas, {zones} zones");
        }
    }
}
