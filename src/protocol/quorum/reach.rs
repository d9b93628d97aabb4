//! Which nodes are in reach: one that lets a coordinator wait is not, until something is heard of it; and what was kept for
//! it is handed over then (Dynamo, sections 4.6 and 4.8.3).

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::message::Rpc;
use super::object::Object;
use super::storage::{Record, Then};
use super::{Alarm, Replica};
use crate::sim::digest::digest;
use crate::sim::{Ctx, NodeId};

impl Replica {
    /// A node was silent for too long.
    pub(super) fn suspect(&mut self, node: NodeId, ctx: &mut Ctx<'_, Self>) {
        if self.suspects.insert(node) {
            ctx.note(|| format!("hears nothing of {node} and counts it as out of reach"));
            self.start_probing(ctx);
        }
    }

    /// Something was heard of a node.
    pub(super) fn hear(&mut self, node: NodeId, ctx: &mut Ctx<'_, Self>) {
        if self.suspects.remove(&node) {
            ctx.note(|| format!("hears {node} again"));
        }
    }

    pub(super) fn start_probing(&mut self, ctx: &mut Ctx<'_, Self>) {
        if !std::mem::replace(&mut self.probing, true) {
            ctx.set_timer(Alarm::Probe, self.config.probe);
        }
    }

    /// Asks every node that is out of reach or has hints here whether it is there.
    pub(super) fn probe(&mut self, ctx: &mut Ctx<'_, Self>) {
        let hands_off = self.config.hand_off;
        let kept_for = self.hints.keys().filter(|_| hands_off).map(|(home, _)| *home);
        let wanted: BTreeSet<NodeId> = self.suspects.iter().copied().chain(kept_for).collect();
        self.probing = false;
        for node in &wanted {
            ctx.send(*node, Rpc::Ping);
        }
        if !wanted.is_empty() {
            self.start_probing(ctx);
        }
    }

    /// A node is back: it gets what was kept for it.
    pub(super) fn hand_over(&mut self, to: NodeId, ctx: &mut Ctx<'_, Self>) {
        if !self.config.hand_off {
            return;
        }
        for ((_, key), object) in self.hints.iter().filter(|((home, _), _)| *home == to) {
            ctx.note(|| format!("hands {key} = {} over to {to}", object.value()));
            ctx.send(to, Rpc::Handoff { key: key.clone(), object: object.clone() });
        }
    }

    pub(super) fn receive_handoff(
        &mut self,
        from: NodeId,
        key: SmolStr,
        object: &Object,
        ctx: &mut Ctx<'_, Self>,
    ) {
        self.keep(&key, object, None, ctx);
        let message = Rpc::HandoffAck { key, digest: digest(object) };
        self.once_safe(Then::Send { to: from, message }, ctx);
    }

    /// What was handed over need not be kept any more, unless more has come since.
    pub(super) fn forget_hint(&mut self, home: NodeId, key: SmolStr, told: u64, ctx: &mut Ctx<'_, Self>) {
        let kept = (home, key);
        if self.hints.get(&kept).is_some_and(|object| digest(object) == told) {
            self.hints.remove(&kept);
            let (home, key) = kept;
            self.write(Record::HandedOver { home, key }, ctx);
        }
    }
}
