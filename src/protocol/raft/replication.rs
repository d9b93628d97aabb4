//! Log replication: section 5.3, and the commit rule of section 5.4.2.

use super::log::{Command, Entry};
use super::message::{AppendResult, Round, Rpc};
use super::storage::Record;
use super::{Alarm, Raft, Standing, Then};
use crate::sim::{Ctx, NodeId, Outcome, Request};

/// Where the entries of a message belong, and how far the leader's commit index has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub prev_index: u64,
    pub prev_term: u64,
    pub commit: u64,
    /// The answer carries it back.
    pub round: Round,
}

impl Raft {
    /// A client's command arrives. Only a leader takes it (section 8: others "reject the client's request and supply
    /// information about the most recent leader").
    pub(super) fn receive_request(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        if request.call.reads_only() && self.read_applied(&request, ctx) {
            return;
        }
        let Request { op, call, level, .. } = request;
        if !matches!(self.standing, Standing::Leader(_)) {
            return ctx.reply(op, Outcome::Redirect(self.leader));
        }
        if call.reads_only() && self.receive_read(op, &call, level, ctx) {
            return;
        }
        let entry = Entry { term: self.term, command: Command::Call { op, call } };
        let index = self.append_own(entry, ctx);
        if let Standing::Leader(leading) = &mut self.standing {
            leading.waiting.insert(index, (op, level));
        }
        self.replicate(ctx);
    }

    /// Section 8: "the leader must have the latest information on which entries are committed … by having each leader
    /// commit a blank no-op entry into the log at the start of its term".
    pub(super) fn append_noop(&mut self, ctx: &mut Ctx<'_, Self>) {
        let entry = Entry { term: self.term, command: Command::Noop };
        self.append_own(entry, ctx);
    }

    /// A leader appends to its own log. It may send the entry before its own disk has it, but counts itself only
    /// afterwards (dissertation 10.2.1).
    fn append_own(&mut self, entry: Entry, ctx: &mut Ctx<'_, Self>) -> u64 {
        self.log.append(entry.clone());
        self.append_record(Record::Entry(entry), ctx);
        ctx.sync();
        let index = self.log.last_index();
        self.once_safe(Then::OwnLog { term: self.term, index }, ctx);
        index
    }

    pub(super) fn count_own_log(&mut self, term: u64, index: u64, ctx: &mut Ctx<'_, Self>) {
        let me = ctx.me().index();
        let Standing::Leader(leading) = &mut self.standing else { return };
        if term == self.term {
            leading.matched[me] = leading.matched[me].max(index);
            self.advance_commit(ctx);
        }
    }

    /// Each follower hears from the leader, with entries where it lacks some.
    pub(super) fn send_heartbeats(&mut self, ctx: &mut Ctx<'_, Self>) {
        if !matches!(self.standing, Standing::Leader(_)) {
            return;
        }
        ctx.set_timer(Alarm::Heartbeat, self.config.heartbeat);
        self.begin_round(ctx);
        for peer in ctx.peers() {
            self.send_append(peer, ctx);
        }
    }

    /// Sends what is new to the followers that are waiting for it.
    fn replicate(&mut self, ctx: &mut Ctx<'_, Self>) {
        let last = self.log.last_index();
        for peer in ctx.peers() {
            let Standing::Leader(leading) = &self.standing else { return };
            if leading.next[peer.index()] <= last {
                self.send_append(peer, ctx);
            }
        }
    }

    /// One AppendEntries with the entries from `nextIndex` on. `nextIndex` moves on at once, so that entries are not
    /// sent twice; if the message is lost, the next one does not fit, and the answer moves it back.
    fn send_append(&mut self, peer: NodeId, ctx: &mut Ctx<'_, Self>) {
        let Standing::Leader(leading) = &mut self.standing else { return };
        let prev_index = leading.next[peer.index()] - 1;
        let entries = self.log.after(prev_index, self.config.batch).to_vec();
        leading.next[peer.index()] += entries.len() as u64;
        let prev_term = self.log.term_at(prev_index).unwrap_or(0);
        let (term, commit, round) = (self.term, self.commit, leading.rounds.sent());
        ctx.send(peer, Rpc::AppendEntries { term, prev_index, prev_term, entries, commit, round });
    }

    /// Figure 2, AppendEntries, receiver's side.
    pub(super) fn receive_append_entries(
        &mut self,
        from: NodeId,
        term: u64,
        place: Place,
        entries: Vec<Entry>,
        ctx: &mut Ctx<'_, Self>,
    ) {
        let heartbeat = entries.is_empty();
        // 1. "Reply false if term < currentTerm".
        if term < self.term {
            let result = AppendResult::Conflict { term: None, index: self.log.last_index() + 1 };
            let message = Rpc::AppendEntriesReply { term: self.term, result, heartbeat, round: place.round };
            return self.once_safe(Then::Send { to: from, message }, ctx);
        }
        if term > self.term {
            self.step_down(term, from, ctx);
        }
        // Section 5.2: a candidate that hears "another server claiming to be leader" of its term follows it.
        if self.leader != Some(from) {
            ctx.note(|| format!("follows {from} in term {term}"));
            self.follow(Some(from), ctx);
        }
        self.standing = Standing::Follower;
        self.heard = ctx.now();
        self.reset_election_timer(ctx);
        let round = place.round;
        let result = self.accept(place, entries, ctx);
        let message = Rpc::AppendEntriesReply { term: self.term, result, heartbeat, round };
        self.once_safe(Then::Send { to: from, message }, ctx);
    }

    /// Steps 2 to 5 of figure 2.
    fn accept(&mut self, place: Place, entries: Vec<Entry>, ctx: &mut Ctx<'_, Self>) -> AppendResult {
        // 2. "… if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm".
        match self.log.term_at(place.prev_index) {
            None => return AppendResult::Conflict { term: None, index: self.log.last_index() + 1 },
            Some(term) if term != place.prev_term => {
                let index = self.log.first_of_term_at(place.prev_index);
                return AppendResult::Conflict { term: Some(term), index };
            }
            Some(_) => {}
        }
        let last_new = place.prev_index + entries.len() as u64;
        let mut wrote = false;
        for (entry, index) in entries.into_iter().zip(place.prev_index + 1..) {
            match self.log.term_at(index) {
                Some(term) if term == entry.term => continue,
                // 3. "If an existing entry conflicts with a new one, delete the existing entry and all that follow".
                Some(old) => self.remove_from(index, old, entry.term, ctx),
                None => {}
            }
            // 4. "Append any new entries not already in the log".
            self.log.append(entry.clone());
            self.append_record(Record::Entry(entry), ctx);
            wrote = true;
        }
        if wrote {
            ctx.sync();
        }
        // 5. "commitIndex = min(leaderCommit, index of last new entry)".
        self.commit_up_to(place.commit.min(last_new), ctx);
        AppendResult::Match(last_new)
    }

    fn remove_from(&mut self, index: u64, old: u64, new: u64, ctx: &mut Ctx<'_, Self>) {
        let last = self.log.last_index();
        ctx.note(|| {
            let what =
                if last == index { format!("entry {index}") } else { format!("entries {index} to {last}") };
            format!("removes {what}: term {old} stands where the leader has term {new}")
        });
        self.log.truncate(index);
        self.append_record(Record::Truncate { from: index }, ctx);
    }

    pub(super) fn receive_append_reply(
        &mut self,
        from: NodeId,
        term: u64,
        result: AppendResult,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if term > self.term {
            return self.step_down(term, from, ctx);
        }
        let last = self.log.last_index();
        let Standing::Leader(leading) = &mut self.standing else { return };
        if term < self.term {
            return;
        }
        let peer = from.index();
        leading.alive[peer] = true;
        match result {
            AppendResult::Match(index) => {
                leading.matched[peer] = leading.matched[peer].max(index);
                leading.next[peer] = leading.next[peer].max(index + 1);
                let behind = leading.next[peer] <= last;
                if index > self.commit {
                    self.advance_commit(ctx);
                }
                if behind {
                    self.send_append(from, ctx);
                }
            }
            AppendResult::Conflict { term, index } => self.back_up(from, term, index, ctx),
        }
    }

    /// Section 5.3: "the leader can decrement nextIndex to bypass all of the conflicting entries in that term".
    fn back_up(&mut self, peer: NodeId, term: Option<u64>, index: u64, ctx: &mut Ctx<'_, Self>) {
        // An entry of the same index and term is the same in both logs (log matching), and so is, as far as this log
        // has it, the rest of that term.
        let shared = term.filter(|term| self.log.term_at(index) == Some(*term));
        let shared = shared.and_then(|term| self.log.last_of_term(term)).map(|last| last + 1);
        let Standing::Leader(leading) = &mut self.standing else { return };
        let next = shared.unwrap_or(index).max(leading.matched[peer.index()] + 1);
        // A late refusal of a message that a newer one has overtaken asks for nothing.
        if next < leading.next[peer.index()] {
            leading.next[peer.index()] = next;
            // A gap that reordering made is not worth a line; finding where the logs part is.
            let searching = term.is_some() || leading.matched[peer.index()] == 0;
            if searching {
                ctx.note(|| format!("backs up for {peer}: tries from entry {next} on"));
            }
            self.send_append(peer, ctx);
        }
    }

    /// Figure 2, leaders: "If there exists an N such that N > commitIndex, a majority of `matchIndex[i]` ≥ N, and
    /// `log[N].term` == currentTerm: set commitIndex = N". The condition on the term is section 5.4.2.
    fn advance_commit(&mut self, ctx: &mut Ctx<'_, Self>) {
        let Standing::Leader(leading) = &self.standing else { return };
        let mut matched = leading.matched.clone();
        matched.sort_unstable();
        let index = matched[matched.len() - Self::majority(ctx)];
        let current = self.log.term_at(index) == Some(self.term) || !self.config.commit_current_term_only;
        if index > self.commit && current {
            self.commit_up_to(index, ctx);
        }
    }

    /// Section 5.3: an entry is applied once it is committed, in log order.
    fn commit_up_to(&mut self, index: u64, ctx: &mut Ctx<'_, Self>) {
        if index <= self.commit {
            return;
        }
        let leads = matches!(self.standing, Standing::Leader(_));
        if leads {
            let from = self.commit + 1;
            ctx.note(|| {
                if from == index {
                    format!("commits entry {index}")
                } else {
                    format!("commits entries {from} to {index}")
                }
            });
        }
        self.commit = index;
        while self.applied < self.commit {
            let Some(entry) = self.log.get(self.applied + 1) else { break };
            self.applied += 1;
            let Command::Call { op, call } = &entry.command else { continue };
            let op = *op;
            let outcome = match self.config.sessions {
                true => self.machine.apply_once(op, call),
                false => self.machine.apply(call),
            };
            if let Standing::Leader(leading) = &mut self.standing
                && let Some((waiting, level)) = leading.waiting.remove(&self.applied)
                && waiting == op
            {
                ctx.reply_as_of(op, outcome, self.token(level));
            }
        }
        self.answer_reads(ctx);
    }
}
