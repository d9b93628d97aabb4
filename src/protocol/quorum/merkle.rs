//! Hash trees, by which two replicas find what differs without telling each other all that they have.
//!
//! Merkle, "A Digital Signature Based on a Conventional Encryption Function" (1987), as in Dynamo, section 4.7: a leaf
//! is the hash of the keys in one part of the key range and of what is under them, a node above is the hash of its
//! children. Equal roots, equal content; otherwise only what differs is followed down.

use smol_str::SmolStr;

use super::object::Object;
use crate::sim::digest::digest;
use crate::sim::rng::mix;

/// Children of a node.
const FANOUT: u16 = 4;
/// Levels below the root.
pub const DEPTH: u8 = 3;
/// Parts that the key range is divided into.
pub const LEAVES: u16 = FANOUT.pow(DEPTH as u32);

/// The tree over some keys: its levels from the root down to the leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    levels: Vec<Vec<u64>>,
}

/// A node of a tree, by its place in its level, and its hash.
pub type Branch = (u16, u64);

/// The leaf that a key belongs to.
pub fn leaf(key: &SmolStr) -> u16 {
    (digest(key) >> (u64::BITS - LEAVES.ilog2())) as u16
}

impl Tree {
    /// The tree over these keys, which come in their order.
    pub fn over<'a>(entries: impl Iterator<Item = (&'a SmolStr, &'a Object)>) -> Tree {
        let mut leaves = vec![0; LEAVES.into()];
        for (key, object) in entries {
            let hash = &mut leaves[usize::from(leaf(key))];
            *hash = mix(&[*hash, digest(key), digest(object)]);
        }
        let mut levels = vec![leaves];
        for _ in 0..DEPTH {
            let below = &levels[levels.len() - 1];
            // Nothing at all hashes to 0, so that an empty tree is told at sight.
            let hash =
                |children: &[u64]| if children.iter().all(|hash| *hash == 0) { 0 } else { mix(children) };
            levels.push(below.chunks(FANOUT.into()).map(hash).collect());
        }
        levels.reverse();
        Tree { levels }
    }

    /// Every level, for pictures.
    pub fn into_levels(self) -> Vec<Vec<u64>> {
        self.levels
    }

    pub fn root(&self) -> Branch {
        (0, self.levels[0][0])
    }

    /// The nodes below these, one level further down.
    pub fn below(&self, level: u8, places: &[u16]) -> Vec<Branch> {
        let Some(hashes) = self.levels.get(usize::from(level) + 1) else { return Vec::new() };
        let children = places.iter().flat_map(|place| (0..FANOUT).map(move |child| place * FANOUT + child));
        children.filter_map(|place| Some((place, *hashes.get(usize::from(place))?))).collect()
    }

    /// Of another's nodes of one level those that have another hash here.
    pub fn differing(&self, level: u8, theirs: &[Branch]) -> Vec<u16> {
        let Some(hashes) = self.levels.get(usize::from(level)) else { return Vec::new() };
        let differs =
            |branch: &&Branch| hashes.get(usize::from(branch.0)).is_some_and(|hash| *hash != branch.1);
        theirs.iter().filter(differs).map(|(place, _)| *place).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::protocol::crdt::{Context, Dot, MvRegister};
    use crate::sim::NodeId;
    use proptest::prelude::*;

    fn tree(content: &BTreeMap<u16, u64>) -> Tree {
        let entries: BTreeMap<SmolStr, Object> = content
            .iter()
            .map(|(key, count)| {
                let dot = Dot { node: NodeId(0), count: *count };
                let written = MvRegister::written(dot, 1.into(), Context::default());
                (SmolStr::new(format!("k{key}")), Object::Siblings(written))
            })
            .collect();
        Tree::over(entries.iter())
    }

    fn content() -> impl Strategy<Value = BTreeMap<u16, u64>> {
        prop::collection::btree_map(0u16..300, 1u64..3, 0..120)
    }

    proptest! {
        #[test]
        fn going_down_finds_the_leaves_that_differ_and_no_others(one in content(), other in content()) {
            let (mine, theirs) = (tree(&one), tree(&other));
            let mut places = theirs.differing(0, &[mine.root()]);
            for level in 0..DEPTH {
                places = theirs.differing(level + 1, &mine.below(level, &places));
            }
            let keys = one.keys().chain(other.keys());
            let differs = |key: &&u16| one.get(*key) != other.get(*key);
            let leaves: BTreeSet<u16> =
                keys.filter(differs).map(|key| leaf(&SmolStr::new(format!("k{key}")))).collect();
            prop_assert_eq!(places.into_iter().collect::<BTreeSet<_>>(), leaves);
            prop_assert_eq!(mine.root() == theirs.root(), one == other);
        }
    }

    #[test]
    fn a_tree_of_nothing_has_no_hash() {
        assert_eq!(tree(&BTreeMap::new()).root(), (0, 0));
        assert_eq!(tree(&BTreeMap::new()).below(DEPTH, &[0]), []);
    }
}
