//! Reliable broadcast: what a replica took goes to every other, again and again until each has it safe on disk.

use super::message::Rpc;
use super::update::Update;
use super::{Alarm, Causal, Then};
use crate::sim::{Ctx, NodeId};

/// Updates in one message at most.
const BATCH: u64 = 16;

/// How far another replica has come with the updates of this one.
#[derive(Clone, Debug, Default)]
pub(super) struct Peer {
    /// How many it has.
    acknowledged: u64,
    /// How many had gone out when the alarm went off last: what is missing of them goes out again.
    due: u64,
    /// The last one that went out again.
    again: u64,
}

impl Causal {
    /// An update is safe here: now others may hear of it.
    pub(super) fn publish(&mut self, update: &Update, ctx: &mut Ctx<'_, Self>) {
        self.published = self.published.max(update.dot.count);
        for peer in ctx.peers() {
            ctx.send(peer, Rpc::Replicate(vec![update.clone()]));
        }
        self.watch_for_silence(ctx);
    }

    /// Sets the alarm if a peer has not acknowledged everything.
    pub(super) fn watch_for_silence(&mut self, ctx: &mut Ctx<'_, Self>) {
        let behind = ctx.peers().any(|peer| self.peers[peer.index()].acknowledged < self.published);
        if behind && !self.resending {
            self.resending = true;
            ctx.set_timer(Alarm::Resend, self.config.resend);
        }
    }

    /// What had gone out when the alarm went off last and is not acknowledged goes out again.
    pub(super) fn send_again(&mut self, ctx: &mut Ctx<'_, Self>) {
        self.resending = false;
        for peer in ctx.peers() {
            self.send_rest(peer, ctx);
            self.peers[peer.index()].due = self.published;
        }
        self.watch_for_silence(ctx);
    }

    fn send_rest(&mut self, to: NodeId, ctx: &mut Ctx<'_, Self>) {
        let peer = &mut self.peers[to.index()];
        let (from, end) = (peer.acknowledged, peer.due.min(peer.acknowledged + BATCH));
        if from < end {
            peer.again = end;
            ctx.send(to, Rpc::Replicate(self.own[from as usize..end as usize].to_vec()));
        }
    }

    pub(super) fn receive_ack(&mut self, from: NodeId, upto: u64, ctx: &mut Ctx<'_, Self>) {
        let peer = &mut self.peers[from.index()];
        if upto <= peer.acknowledged {
            return;
        }
        peer.acknowledged = upto;
        // It hears again and has caught up with the last batch: here is the next.
        if peer.again > 0 && upto >= peer.again {
            peer.again = 0;
            self.send_rest(from, ctx);
        }
    }

    /// Updates of another replica: they count once they are safe here.
    pub(super) fn receive_updates(&mut self, from: NodeId, updates: Vec<Update>, ctx: &mut Ctx<'_, Self>) {
        for update in updates {
            let on_its_way = |then: &Then| matches!(then, Then::Take(other) if other.dot == update.dot);
            if self.replica.knows(update.dot) || self.barrier.waiting().any(on_its_way) {
                continue;
            }
            self.write(update.clone(), ctx);
            self.once_safe(Then::Take(update), ctx);
        }
        self.once_safe(Then::Acknowledge(from), ctx);
    }

    /// An update is safe on disk: it is applied as soon as it may be.
    pub(super) fn take(&mut self, update: Update, ctx: &mut Ctx<'_, Self>) {
        let (dot, told) = (update.dot, format!("{update} of {}", update.dot.node));
        if let Some(missing) = self.replica.lacks(&update) {
            let what = self.name(missing);
            ctx.note(|| format!("holds back {told}: it depends on {what}, which is not here yet"));
        }
        let applied = self.replica.receive(update);
        let me = ctx.me();
        for update in applied.iter().filter(|update| update.dot.node != me) {
            let late = if update.dot == dot { "" } else { ", which it held back" };
            ctx.note(|| format!("applies {update} of {}{late}", update.dot.node));
        }
        self.applied_now.extend(applied);
        self.answer_waiting(ctx);
    }
}
