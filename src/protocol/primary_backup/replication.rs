//! How entries get from the primary to its backups (Viewstamped Replication Revisited, section 4.1).

use super::confirmation::Rounds;
use super::log::{Entry, Table};
use super::message::Rpc;
use super::storage::Record;
use super::{Alarm, Lead, Part, Server, Then};
use crate::protocol::primary_backup::config::Promotion;
use crate::sim::words::counted;
use crate::sim::{Ctx, NodeId, OpId};

/// Where entries come in the sender's log, and how much of it is done.
pub struct Place {
    pub index: u64,
    pub prev: Option<OpId>,
    pub commit: u64,
}

/// Entries in one message at most.
const BATCH: usize = 64;

impl Server {
    /// Begins as primary, with the log it has.
    pub(super) fn lead(&mut self, ctx: &mut Ctx<'_, Self>) {
        let len = self.log.last();
        let cluster = usize::from(ctx.cluster());
        let mut tip = Table::default();
        tip.catch_up(&self.log, len);
        let mut held = vec![0; cluster];
        held[self.me.index()] = len;
        let (next, waiting, rounds) = (vec![len + 1; cluster], Vec::new(), Rounds::new(cluster));
        self.part = Part::Primary(Lead { next, held, inherited: len, waiting, rounds, tip });
        self.primary = self.me;
        ctx.cancel(Alarm::Silence);
        self.advance(ctx);
        self.send_heartbeats(ctx);
    }

    pub(super) fn send_heartbeats(&mut self, ctx: &mut Ctx<'_, Self>) {
        if !self.is_primary() {
            return;
        }
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
        let prev = self.log.op_at(index);
        ctx.send(peer, Rpc::Replicate { view: self.view, index, prev, entries, commit: self.commit });
    }

    /// Takes a write into the log and sends it on.
    pub(super) fn take(&mut self, entry: Entry, op: OpId, ctx: &mut Ctx<'_, Self>) {
        self.log.push(entry.clone());
        self.write(Record::Entry(entry), ctx);
        let (len, view) = (self.log.last(), self.view);
        let Part::Primary(lead) = &mut self.part else { return };
        lead.tip.catch_up(&self.log, len);
        lead.waiting.push((len, op));
        self.once_safe(Then::Own { view, upto: len }, ctx);
        for peer in ctx.peers() {
            self.replicate_to(peer, ctx);
            if let Part::Primary(lead) = &mut self.part {
                // Sent once; if it is lost, the next heartbeat finds out.
                lead.next[peer.index()] = len + 1;
            }
        }
    }

    /// A server holds everything up to here.
    pub(super) fn count(&mut self, from: NodeId, view: u64, upto: u64, ctx: &mut Ctx<'_, Self>) {
        if view != self.view {
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
        let copies = self.config.copies(ctx.cluster());
        let Part::Primary(lead) = &mut self.part else { return };
        let enough = |index: u64| lead.held.iter().filter(|held| **held >= index).count() >= copies;
        let len = self.log.last();
        let done = (self.commit + 1..=len).take_while(|index| enough(*index)).last();
        if let Some(done) = done {
            self.commit = done;
        }
        self.table.catch_up(&self.log, self.commit);
        self.answer_writes(ctx);
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
        let Place { index, prev, commit } = place;
        let upto = index + entries.len() as u64;
        if self.log.last() < index || self.log.op_at(index) != prev {
            let len = self.log.last().min(index.saturating_sub(1));
            ctx.send(from, Rpc::Mismatch { view, len });
            return;
        }
        self.copy(index, entries, ctx);
        self.commit = self.commit.max(commit.min(upto));
        self.table.catch_up(&self.log, self.commit);
        self.once_safe(Then::Send { to: from, message: Rpc::ReplicateAck { view, upto } }, ctx);
    }

    /// Puts entries after an index, over whatever else stood there.
    fn copy(&mut self, index: u64, entries: Vec<Entry>, ctx: &mut Ctx<'_, Self>) {
        for (entry, at) in entries.into_iter().zip(index + 1..) {
            match self.log.get(at) {
                Some(other) if other.op == entry.op => continue,
                Some(_) => self.discard(at - 1, ctx),
                None => {}
            }
            self.log.push(entry.clone());
            self.write(Record::Entry(entry), ctx);
        }
    }

    /// Throws away everything beyond an index: somebody else's entries stand there.
    pub(super) fn discard(&mut self, len: u64, ctx: &mut Ctx<'_, Self>) {
        let gone = self.log.last() - len;
        ctx.note(|| format!("throws away {} of its own", counted(gone, "entry")));
        self.log.cut_to(len);
        self.write(Record::Cut(len), ctx);
        self.commit = self.commit.min(len);
        self.table.clear();
        self.table.catch_up(&self.log, self.commit);
    }

    /// Is the speaker somebody to be followed?
    fn accepts(&mut self, from: NodeId, view: u64, ctx: &mut Ctx<'_, Self>) -> bool {
        if self.config.promotion != Promotion::Majority {
            // Without views nobody can tell an old primary from a new one: of two, the one with the higher number stays.
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
