//! Reads of the newest. A primary that is cut off may be none any more without knowing it: before it answers, a majority
//! has to say that this is still their primary (Viewstamped Replication Revisited, section 6.3, without leases).

use smol_str::SmolStr;

use super::message::Rpc;
use super::{Part, Server};
use crate::sim::{Ctx, NodeId, OpId};

/// The rounds of a primary: what it asked, and which servers answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Rounds {
    asked: u64,
    /// The last round that each server answered.
    answered: Vec<u64>,
    waiting: Vec<Reading>,
}

/// A read that waits for a round.
#[derive(Clone, Debug)]
struct Reading {
    op: OpId,
    key: SmolStr,
    round: u64,
}

impl Rounds {
    pub(super) fn new(servers: usize) -> Rounds {
        Rounds { answered: vec![0; servers], ..Rounds::default() }
    }

    /// The reads that no answer will come to now.
    pub(super) fn waiting(&self) -> impl Iterator<Item = OpId> {
        self.waiting.iter().map(|reading| reading.op)
    }
}

impl Server {
    /// Answers a read once a majority has said, after it was asked for, that this is still their primary.
    pub(super) fn read_confirmed(&mut self, op: OpId, key: SmolStr, ctx: &mut Ctx<'_, Self>) {
        let (me, view) = (self.me, self.view);
        let Part::Primary(lead) = &mut self.part else { return };
        let rounds = &mut lead.rounds;
        rounds.asked += 1;
        let round = rounds.asked;
        rounds.waiting.push(Reading { op, key, round });
        self.ask_to_confirm(ctx);
        self.count_confirmation(me, view, round, ctx);
    }

    /// Asks all others, as long as a read waits.
    pub(super) fn ask_to_confirm(&self, ctx: &mut Ctx<'_, Self>) {
        let Part::Primary(lead) = &self.part else { return };
        if lead.rounds.waiting.is_empty() {
            return;
        }
        for peer in ctx.peers() {
            ctx.send(peer, Rpc::Confirm { view: self.view, round: lead.rounds.asked });
        }
    }

    /// Is the sender still the primary?
    pub(super) fn receive_confirm(&self, from: NodeId, view: u64, round: u64, ctx: &mut Ctx<'_, Self>) {
        if view < self.view {
            ctx.send(from, Rpc::Stale { view: self.view });
        } else if view == self.view && self.primary == from && matches!(self.part, Part::Backup) {
            ctx.send(from, Rpc::ConfirmReply { view, round });
        }
    }

    /// What a majority confirmed is answered.
    pub(super) fn count_confirmation(
        &mut self,
        from: NodeId,
        view: u64,
        round: u64,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if view != self.view {
            return;
        }
        let Part::Primary(lead) = &mut self.part else { return };
        let rounds = &mut lead.rounds;
        let known = &mut rounds.answered[from.index()];
        *known = round.max(*known);
        let mut answered = rounds.answered.clone();
        answered.sort_unstable_by(|one, other| other.cmp(one));
        let confirmed = answered[usize::from(ctx.cluster()) / 2];
        let done: Vec<Reading> =
            rounds.waiting.extract_if(.., |reading| reading.round <= confirmed).collect();
        for Reading { op, key, .. } in done {
            self.answer_read(op, &key, ctx);
        }
    }
}
