//! Anti-entropy: every so often a node compares hash trees with another replica, and the two exchange what differs
//! (Dynamo, section 4.7).

use smol_str::SmolStr;

use super::merkle::{Branch, DEPTH, LEAVES, Tree, leaf};
use super::message::Rpc;
use super::object::Object;
use super::{Alarm, Replica};
use crate::sim::{Ctx, HashTree, Micros, NodeId};

/// The largest cluster whose trees pictures show.
const MOST_COMPARED: u16 = 12;

impl Replica {
    /// Nodes do not all begin at once.
    pub(super) fn start_comparing(&self, ctx: &mut Ctx<'_, Self>) {
        let every = self.config.anti_entropy;
        if every > Micros::ZERO {
            let first = ctx.rng().below(every.0);
            ctx.set_timer(Alarm::AntiEntropy, Micros(first));
        }
    }

    /// Begins with one other replica, at the root.
    pub(super) fn compare_trees(&self, ctx: &mut Ctx<'_, Self>) {
        ctx.set_timer(Alarm::AntiEntropy, self.config.anti_entropy);
        let others: Vec<NodeId> = ctx
            .peers()
            .filter(|peer| self.ring.share(self.me, *peer) && !self.suspects.contains(peer))
            .collect();
        if let Some(peer) = ctx.rng().pick(&others).copied() {
            let branches = vec![self.tree_shared_with(peer).root()];
            ctx.send(peer, Rpc::TreeRequest { level: 0, branches });
        }
    }

    /// Everything that both hold.
    fn shared_with(&self, peer: NodeId) -> impl Iterator<Item = (&SmolStr, &Object)> {
        self.table.iter().filter(move |(key, _)| self.ring.holds(peer, key))
    }

    /// The tree that it shares with each other replica, for pictures; none in a large cluster, which
    /// no picture shows pair by pair.
    pub(super) fn trees(&self) -> Vec<HashTree> {
        if self.ring.nodes() > MOST_COMPARED || self.config.anti_entropy == Micros::ZERO {
            return Vec::new();
        }
        let others = (0..self.ring.nodes()).map(NodeId);
        let others = others.filter(|other| *other != self.me && self.ring.share(self.me, *other));
        others.map(|with| HashTree { with, levels: self.tree_shared_with(with).into_levels() }).collect()
    }

    fn tree_shared_with(&self, peer: NodeId) -> Tree {
        Tree::over(self.shared_with(peer))
    }

    pub(super) fn receive_tree_request(
        &self,
        from: NodeId,
        level: u8,
        branches: &[Branch],
        ctx: &mut Ctx<'_, Self>,
    ) {
        let places = self.tree_shared_with(from).differing(level, branches);
        ctx.send(from, Rpc::TreeReply { level, places });
    }

    /// Goes down where the other's tree differs; at the leaves, the keys themselves are exchanged.
    pub(super) fn receive_tree_reply(
        &mut self,
        from: NodeId,
        level: u8,
        places: Vec<u16>,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if places.is_empty() || level >= DEPTH {
            self.differed = Some((from, places.len()));
        }
        if places.is_empty() {
            return;
        }
        if level < DEPTH {
            let branches = self.tree_shared_with(from).below(level, &places);
            ctx.send(from, Rpc::TreeRequest { level: level + 1, branches });
            return;
        }
        let leaves = places.len();
        ctx.note(|| format!("its hash tree differs from that of {from} in {leaves} of {LEAVES} leaves"));
        let entries = self.shared_with(from).filter(|(key, _)| places.contains(&leaf(key)));
        let entries = entries.map(|(key, object)| (key.clone(), object.clone())).collect();
        ctx.send(from, Rpc::Repair { entries, leaves: places });
    }

    /// Takes in what another has, and tells what that one lacks in the leaves it asks about.
    pub(super) fn receive_repair(
        &mut self,
        from: NodeId,
        entries: &[(SmolStr, Object)],
        leaves: &[u16],
        ctx: &mut Ctx<'_, Self>,
    ) {
        entries.iter().for_each(|(key, object)| self.keep(key, object, None, ctx));
        let known = |key: &SmolStr| entries.iter().find(|(other, _)| other == key).map(|(_, object)| object);
        let lacking = self
            .shared_with(from)
            .filter(|(key, object)| leaves.contains(&leaf(key)) && known(key) != Some(*object));
        let entries: Vec<_> = lacking.map(|(key, object)| (key.clone(), object.clone())).collect();
        if !entries.is_empty() {
            ctx.send(from, Rpc::Repair { entries, leaves: Vec::new() });
        }
    }
}
