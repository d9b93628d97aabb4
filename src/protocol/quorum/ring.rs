//! Who holds what: the nodes stand in a ring; a key lies somewhere on it, by its hash, and belongs to the nodes that
//! follow (Dynamo, sections 4.2 and 4.3, without virtual nodes). Round the ring they stand in the order of their
//! numbers, or in turn from every zone, so that copies of one key lie in different zones (section 6: "the preference
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
    /// A ring of so many nodes, of which `replicas` hold each key.
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

    /// Every node, from the first that holds a key onwards: those who hold it, then those who may stand in.
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
        let place = |node: NodeId| (0..self.nodes).find(|place| self.at(*place) == node).unwrap_or(0);
        let apart = (place(one) + self.nodes - place(other)) % self.nodes.max(1);
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
            let zone =
                |node: NodeId| (0..nodes).find(|place| ring.at(*place) == node).expect("it stands there") % 3;
            for i in 0..100 {
                let key = SmolStr::new(format!("key {i}"));
                let mut zones: Vec<u16> = ring.homes(&key).map(zone).collect();
                zones.sort_unstable();
                zones.dedup();
                assert!(zones.len() == 3 || nodes % 3 != 0, "{nodes}: {zones:?}");
            }
            all.sort_unstable();
            assert_eq!(all, (0..nodes).map(NodeId).collect::<Vec<_>>());
        }
    }
}
