//! How entries get from the primary to its backups (Viewstamped Replication Revisited, section 4.1).

use super::confirmation::Rounds;
use super::freshness::{Beats, Fresh};
use super::log::Entry;
use super::message::Rpc;
use super::storage::Record;
use super::{Alarm, Lead, Part, Server, Then};
use crate::protocol::primary_backup::config::Promotion;
use crate::sim::words::counted;
use crate::sim::{Ctx, NodeId, OpId};

/// Where entries come in the sender's log, how much of it is done, and as of when.
pub struct Place {
    pub index: u64,
    pub prev: u64,
    pub commit: u64,
    pub beat: u64,
    pub fresh: Option<Fresh>,
}

/// Entries in one message at most.
const BATCH: usize = 64;

impl Server {
    /// Begins as primary, with the log it has.
    pub(super) fn lead(&mut self, ctx: &mut Ctx<'_, Self>) {
        let len = self.log.last();
        let cluster = usize::from(ctx.cluster());
        let (next, held, waiting) = (vec![len + 1; cluster], vec![0; cluster], Vec::new());
        let (rounds, beats) = (Rounds::new(cluster), Beats::new(cluster, ctx.now()));
        self.part = Part::Primary(Lead { next, held, inherited: len, waiting, rounds, beats });
        self.primary = self.me;
        ctx.cancel(Alarm::Silence);
        self.count_own(ctx);
        self.send_heartbeats(ctx);
    }

    pub(super) fn send_heartbeats(&mut self, ctx: &mut Ctx<'_, Self>) {
        if !self.is_primary() {
            return;
        }
        self.beat(ctx);
        for peer in ctx.peers() {
            self.replicate_to(peer, ctx);
        }
        self.ask_to_confirm(ctx);
        ctx.set_timer(Alarm::Heartbeat, self.config.heartbeat);
    }

    /// Sends a backup what it lacks, as far as is known.
    pub(super) fn replicate_to(&self, peer: NodeId, ctx: &mut Ctx<'_, Self>) {
        let Part::Primary(lead) = &self.part else { return };
        let index = lead.next[peer.index()] - 1;
        let entries: Vec<Entry> = self.log.after(index).iter().take(BATCH).cloned().collect();
        let prev = self.log.chain_at(index).unwrap_or(0);
        let (view, commit) = (self.view, self.commit);
        let (beat, fresh) = (lead.beats.last(), self.claim(ctx));
        ctx.send(peer, Rpc::Replicate { view, index, prev, entries, commit, beat, fresh });
    }

    /// Takes a write into the log and sends it on.
    pub(super) fn take(&mut self, entry: Entry, op: OpId, ctx: &mut Ctx<'_, Self>) {
        self.log.push(entry.clone());
        self.write(Record::Entry(entry), ctx);
        let len = self.log.last();
        let Part::Primary(lead) = &mut self.part else { return };
        lead.waiting.push((len, op));
        self.count_own(ctx);
        for peer in ctx.peers() {
            self.replicate_to(peer, ctx);
            if let Part::Primary(lead) = &mut self.part {
                // Sent once; if it is lost, the next heartbeat finds out.
                lead.next[peer.index()] = len + 1;
            }
        }
    }

    /// The primary's own copy counts once it is safe.
    fn count_own(&mut self, ctx: &mut Ctx<'_, Self>) {
        let upto = self.log.last();
        let chain = self.log.chain_at(upto).unwrap_or(0);
        self.once_safe(Then::Own { view: self.view, upto, chain }, ctx);
    }

    /// A server holds everything up to here. What it holds is this log only if the digest says so: without views, an
    /// answer may be one to the same server as it was primary before, with another log.
    pub(super) fn count(&mut self, from: NodeId, held: (u64, u64, u64), ctx: &mut Ctx<'_, Self>) {
        let (view, upto, chain) = held;
        if view != self.view || self.log.chain_at(upto) != Some(chain) {
            return;
        }
        let Part::Primary(lead) = &mut self.part else { return };
        let held = &mut lead.held[from.index()];
        *held = (*held).max(upto);
        let next = &mut lead.next[from.index()];
        *next = (*next).max(upto + 1);
        self.advance(ctx);
    }

    /// A backup has something else there: send it more.
    pub(super) fn go_back(&mut self, from: NodeId, view: u64, len: u64, ctx: &mut Ctx<'_, Self>) {
        if view != self.view {
            return;
        }
        let Part::Primary(lead) = &mut self.part else { return };
        let next = &mut lead.next[from.index()];
        *next = (*next).min(len + 1).max(1);
        self.replicate_to(from, ctx);
    }

    /// What enough servers hold is done: clients hear of it.
    fn advance(&mut self, ctx: &mut Ctx<'_, Self>) {
        let (copies, own) = (self.config.copies(ctx.cluster()), self.config.needs_own_copy());
        let Part::Primary(lead) = &mut self.part else { return };
        let mine = lead.held[self.me.index()];
        let enough = |index: u64| {
            lead.held.iter().filter(|held| **held >= index).count() >= copies && (mine >= index || !own)
        };
        let len = self.log.last();
        let done = (self.commit + 1..=len).take_while(|index| enough(*index)).last();
        if let Some(done) = done {
            self.commit = done;
        }
        self.apply(ctx);
        self.answer_writes(ctx);
    }

    /// Carries out what is done: at once, or, at a slow replica, entry by entry. One that leads has no time for that.
    pub(super) fn apply(&mut self, ctx: &mut Ctx<'_, Self>) {
        match self.config.slow.filter(|(slow, _)| *slow == self.me && !self.is_primary()) {
            None => self.machine.catch_up(&self.log, self.commit, self.config.sessions),
            Some((_, each)) if !self.applying && self.machine.upto() < self.commit => {
                self.applying = true;
                ctx.set_timer(Alarm::Apply, each);
            }
            Some(_) => {}
        }
    }

    /// A slow replica has applied one more entry.
    pub(super) fn apply_one(&mut self, ctx: &mut Ctx<'_, Self>) {
        self.applying = false;
        let next = (self.machine.upto() + 1).min(self.commit);
        self.machine.catch_up(&self.log, next, self.config.sessions);
        self.apply(ctx);
    }

    /// A primary speaks.
    pub(super) fn receive_replicate(
        &mut self,
        from: NodeId,
        view: u64,
        place: Place,
        entries: Vec<Entry>,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if !self.accepts(from, view, ctx) {
            return;
        }
        self.heard = ctx.now();
        self.primary = from;
        self.watch_for_silence(ctx);
        let Place { index, prev, commit, beat, fresh } = place;
        let upto = index + entries.len() as u64;
        if self.log.chain_at(index) != Some(prev) {
            let len = self.log.last().min(index.saturating_sub(1));
            ctx.send(from, Rpc::Mismatch { view, len });
            return;
        }
        self.copy(index, entries, ctx);
        self.commit = self.commit.max(commit.min(upto));
        self.apply(ctx);
        self.learn_freshness(fresh);
        self.acknowledge_upto(from, upto, beat, ctx);
    }

    /// Tells a primary, once it is safe, that everything in this log is here.
    pub(super) fn acknowledge(&mut self, to: NodeId, beat: u64, ctx: &mut Ctx<'_, Self>) {
        self.acknowledge_upto(to, self.log.last(), beat, ctx);
    }

    fn acknowledge_upto(&mut self, to: NodeId, upto: u64, beat: u64, ctx: &mut Ctx<'_, Self>) {
        let chain = self.log.chain_at(upto).unwrap_or(0);
        let message = Rpc::ReplicateAck { view: self.view, upto, chain, beat };
        self.once_safe(Then::Send { to, message }, ctx);
    }

    /// Puts entries after an index, over whatever else stood there.
    fn copy(&mut self, index: u64, entries: Vec<Entry>, ctx: &mut Ctx<'_, Self>) {
        for (entry, at) in entries.into_iter().zip(index + 1..) {
            match self.log.get(at) {
                Some(other) if *other == entry => continue,
                Some(_) => self.discard(at - 1, ctx),
                None => {}
            }
            self.log.push(entry.clone());
            self.write(Record::Entry(entry), ctx);
        }
    }

    /// Throws away everything beyond an index: another server's entries stand there.
    pub(super) fn discard(&mut self, len: u64, ctx: &mut Ctx<'_, Self>) {
        let gone = self.log.last() - len;
        ctx.note(|| format!("throws away {} of its own", counted(gone, "entry")));
        self.log.cut_to(len);
        self.write(Record::Cut(len), ctx);
        self.commit = self.commit.min(len);
        if self.machine.upto() > self.commit {
            // Without views even what was done may go.
            self.machine.clear();
            self.fresh = None;
        }
        self.apply(ctx);
    }

    /// Is the sender a primary to be followed?
    fn accepts(&mut self, from: NodeId, view: u64, ctx: &mut Ctx<'_, Self>) -> bool {
        if self.config.promotion != Promotion::Majority {
            // Without views no server can tell an old primary from a new one: of two, the one with the higher number stays.
            if self.is_primary() && from < self.me {
                return false;
            }
            if self.is_primary() {
                ctx.note(|| format!("hears that {from} is primary too, and gives way"));
                self.step_down(ctx);
            }
            return true;
        }
        if view < self.view {
            ctx.send(from, Rpc::Stale { view: self.view });
            return false;
        }
        if view > self.view {
            self.enter(view, ctx);
        }
        if self.normal < view {
            // It missed how the view began (section 5.2): before it has all that the view began with, it may neither
            // count as a copy nor tell the next view what this one had.
            self.heard = ctx.now();
            self.watch_for_silence(ctx);
            ctx.send(from, Rpc::GetState { view });
            return false;
        }
        true
    }
}
