//! Leader election: section 5.2, the restriction of 5.4.1, pre-vote (dissertation 9.6), check-quorum (6.2).

use litemap::LiteMap;

use super::config::{OwnVote, Read};
use super::message::{Ballot, Rpc};
use super::reads::Rounds;
use super::{Alarm, Leading, Raft, Standing, Then};
use crate::sim::{Ctx, Micros, NodeId, Outcome};

impl Raft {
    /// Section 5.2: "election timeouts are chosen randomly from a fixed interval".
    pub(super) fn reset_election_timer(&mut self, ctx: &mut Ctx<'_, Self>) {
        let (least, spread) = (self.config.timeout, self.config.spread);
        let timeout = ctx.rng().between(least, least + spread);
        ctx.set_timer(Alarm::Election, timeout);
    }

    /// The election timeout elapsed without a leader's word.
    pub(super) fn stand_for_election(&mut self, ctx: &mut Ctx<'_, Self>) {
        if matches!(self.standing, Standing::Leader(_)) {
            return;
        }
        // A lease counts on every server's silence, the candidate's own vote included.
        if self.config.read == Read::Lease && self.hears_a_leader(ctx) {
            return self.reset_election_timer(ctx);
        }
        self.leader = None;
        self.reset_election_timer(ctx);
        if self.config.pre_vote {
            self.ask_for_pre_votes(ctx);
        } else {
            self.begin_election(ctx);
        }
    }

    /// How long no leader was heard, for the story.
    fn silence(&self, ctx: &Ctx<'_, Self>) -> String {
        if self.heard.0 == i64::MIN {
            return "hears no leader".to_owned();
        }
        format!("heard no leader for {}", Micros((ctx.now() - self.heard).0 / 1_000 * 1_000))
    }

    /// Dissertation 9.6: a candidate first asks whether it could win, without raising its term. The answers bind no
    /// voter, and no vote is counted by them: an answer that an earlier life asked for, or that was given to a log that
    /// is lost, begins an election too many and decides none.
    fn ask_for_pre_votes(&mut self, ctx: &mut Ctx<'_, Self>) {
        let term = self.term + 1;
        let silence = self.silence(ctx);
        ctx.note(|| format!("{silence} and asks whether it could win term {term}"));
        self.standing = Standing::PreCandidate { votes: vec![ctx.me()] };
        let ballot = self.ballot(term);
        for peer in ctx.peers() {
            ctx.send(peer, Rpc::PreVote(ballot));
        }
        if Self::majority(ctx) == 1 {
            self.begin_election(ctx);
        }
    }

    pub(super) fn receive_pre_vote(&mut self, from: NodeId, ballot: Ballot, ctx: &mut Ctx<'_, Self>) {
        // "… the voters have not received heartbeats from a valid leader for at least a baseline election timeout" (9.6).
        let granted = ballot.term > self.term && !self.hears_a_leader(ctx) && self.may_vote_for_log(ballot);
        let asked = ballot.term;
        let message = Rpc::PreVoteReply { term: self.term, asked, granted };
        self.once_safe(Then::Send { to: from, message }, ctx);
    }

    pub(super) fn count_pre_vote(
        &mut self,
        from: NodeId,
        term: u64,
        asked: u64,
        granted: bool,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if term > self.term {
            return self.step_down(term, from, ctx);
        }
        let Standing::PreCandidate { votes } = &mut self.standing else { return };
        if !granted || asked != self.term + 1 || votes.contains(&from) {
            return;
        }
        votes.push(from);
        if votes.len() >= Self::majority(ctx) {
            self.begin_election(ctx);
        }
    }

    /// Section 5.2: "a follower increments its current term and transitions to candidate state. It then votes for
    /// itself and issues RequestVote RPCs in parallel". The requests may leave while its own vote is being synced:
    /// "the candidate may not count its own vote towards leadership until the vote is durably recorded" (dissertation
    /// 9.3). Why that is safe, although a crash may make it forget this term, and then stand in it a second time:
    ///
    /// - *No two leaders of one term.* Every vote that counts is on its voter's disk, and two majorities share
    ///   a voter. A vote that the candidate forgets was never counted, so it is free to vote for another.
    /// - *No server leads one term in two lives*, with two different entries at one index. [`Raft::count_vote`] asks
    ///   for the candidate's own vote besides a majority: a server that has led a term remembers it, and stands in a
    ///   later one.
    /// - *A vote that was given to an earlier life holds for the later one.* It arrives late, and is counted, because
    ///   the term is the same. So the log that it was given to must be a log that the later life still has: the
    ///   requests wait until every entry that they claim is synced. (A leader of a term before it may cut that log in
    ///   between, but takes nothing from it that is committed: it holds all of that itself.)
    fn begin_election(&mut self, ctx: &mut Ctx<'_, Self>) {
        self.term += 1;
        self.voted_for = Some(ctx.me());
        self.standing = Standing::Candidate { votes: Vec::new() };
        let (term, silence) = (self.term, self.silence(ctx));
        ctx.note(|| format!("{silence} and asks for votes in term {term}"));
        match self.config.own_vote {
            OwnVote::WhileAsking => {
                // Behind the log and before the vote: waits for the one and not for the other.
                self.once_safe(Then::Campaign { term }, ctx);
                self.persist_vote(ctx);
                self.once_safe(Then::OwnVote { term }, ctx);
            }
            OwnVote::BeforeAsking => {
                self.persist_vote(ctx);
                self.once_safe(Then::Campaign { term }, ctx);
                self.once_safe(Then::OwnVote { term }, ctx);
            }
            OwnVote::CountedUnsynced => {
                self.persist_vote(ctx);
                self.act(Then::Campaign { term }, ctx);
                self.act(Then::OwnVote { term }, ctx);
            }
        }
    }

    pub(super) fn campaign(&mut self, term: u64, ctx: &mut Ctx<'_, Self>) {
        if term != self.term || !matches!(self.standing, Standing::Candidate { .. }) {
            return;
        }
        let ballot = self.ballot(term);
        for peer in ctx.peers() {
            ctx.send(peer, Rpc::RequestVote(ballot));
        }
    }

    fn ballot(&self, term: u64) -> Ballot {
        Ballot { term, last_index: self.log.last_index(), last_term: self.log.last_term() }
    }

    pub(super) fn receive_request_vote(&mut self, from: NodeId, ballot: Ballot, ctx: &mut Ctx<'_, Self>) {
        // Dissertation 4.2.3: a server that hears a leader "does not update its term or grant its vote". A lease rests on it.
        if (self.config.check_quorum || self.config.read == Read::Lease) && self.hears_a_leader(ctx) {
            return;
        }
        if ballot.term > self.term {
            self.step_down(ballot.term, from, ctx);
        }
        // Figure 2, RequestVote: 1. an old term; 2. votedFor is null or the candidate, and its log is up to date.
        let free = self.voted_for.is_none_or(|chosen| chosen == from);
        let granted = ballot.term == self.term && free && self.may_vote_for_log(ballot);
        if granted && self.voted_for.is_none() {
            self.voted_for = Some(from);
            self.persist_vote(ctx);
        }
        let term = self.term;
        if granted {
            ctx.note(|| format!("votes for {from} in term {term}"));
            self.reset_election_timer(ctx);
        } else {
            let why = if ballot.term < term {
                format!("term {term} has begun")
            } else if free {
                "its log is behind".to_owned()
            } else {
                "it voted for another".to_owned()
            };
            ctx.note(|| format!("refuses its vote to {from}: {why}"));
        }
        self.once_safe(Then::Send { to: from, message: Rpc::RequestVoteReply { term, granted } }, ctx);
    }

    /// Section 5.4.1: "the voter denies its vote if its own log is more up-to-date than that of the candidate".
    fn may_vote_for_log(&self, ballot: Ballot) -> bool {
        !self.config.vote_for_up_to_date_only
            || self.log.is_older_or_same_as(ballot.last_term, ballot.last_index)
    }

    /// Was a leader heard within the shortest election timeout? A leader hears itself.
    fn hears_a_leader(&self, ctx: &Ctx<'_, Self>) -> bool {
        let recent = self.heard.0 != i64::MIN && ctx.now() - self.heard < self.config.timeout;
        // The leader that it heard counts on its silence, even if it no longer follows that one.
        let bound = self.leader.is_some() || self.config.read == Read::Lease;
        matches!(self.standing, Standing::Leader(_)) || (bound && recent)
    }

    pub(super) fn count_vote(&mut self, from: NodeId, term: u64, granted: bool, ctx: &mut Ctx<'_, Self>) {
        if term > self.term {
            return self.step_down(term, from, ctx);
        }
        let Standing::Candidate { votes } = &mut self.standing else { return };
        if !granted || term != self.term || votes.contains(&from) {
            return;
        }
        votes.push(from);
        // Without its own vote it is no leader, even if a majority of others is for it: see `begin_election`.
        if votes.len() >= Self::majority(ctx) && votes.contains(&ctx.me()) {
            let votes = std::mem::take(votes);
            self.become_leader(votes, ctx);
        }
    }

    fn become_leader(&mut self, votes: Vec<NodeId>, ctx: &mut Ctx<'_, Self>) {
        let (term, me) = (self.term, ctx.me());
        ctx.note(|| {
            let others: Vec<String> = votes.iter().filter(|n| **n != me).map(ToString::to_string).collect();
            format!(
                "wins term {term} with the votes of {}",
                if others.is_empty() { "itself".to_owned() } else { others.join(", ") }
            )
        });
        let servers = usize::from(ctx.cluster());
        // Figure 2: nextIndex "initialized to leader last log index + 1", matchIndex "to 0".
        self.standing = Standing::Leader(Leading {
            next: vec![self.log.last_index() + 1; servers],
            matched: vec![0; servers],
            alive: vec![false; servers],
            waiting: LiteMap::new(),
            rounds: Rounds::new(servers, self.log.last_index() + 1),
        });
        self.leader = Some(ctx.me());
        ctx.cancel(Alarm::Election);
        if self.config.check_quorum {
            ctx.set_timer(Alarm::Quorum, self.config.timeout + self.config.spread);
        }
        // What it holds from before counts as replicated here as far as it is on disk.
        self.once_safe(Then::OwnLog { term, index: self.log.last_index() }, ctx);
        if self.config.noop {
            self.append_noop(ctx);
        }
        self.send_heartbeats(ctx);
    }

    /// Dissertation 6.2: "a leader steps down if an election timeout elapses without a successful round of heartbeats
    /// to a majority of its cluster".
    pub(super) fn check_quorum(&mut self, ctx: &mut Ctx<'_, Self>) {
        let Standing::Leader(leading) = &mut self.standing else { return };
        let alive = 1 + leading.alive.iter().filter(|alive| **alive).count();
        leading.alive.fill(false);
        if alive >= Self::majority(ctx) {
            ctx.set_timer(Alarm::Quorum, self.config.timeout + self.config.spread);
            return;
        }
        let servers = ctx.cluster();
        ctx.note(|| format!("hears only {alive} of {servers} servers and steps down"));
        self.follow(None, ctx);
    }

    /// Section 5.1: "if one server's current term is smaller than the other's, then it updates its current term to the
    /// larger value. If a candidate or leader discovers that its term is out of date, it … reverts to follower".
    pub(super) fn step_down(&mut self, term: u64, from: NodeId, ctx: &mut Ctx<'_, Self>) {
        if !matches!(self.standing, Standing::Follower) {
            let role = if matches!(self.standing, Standing::Leader(_)) { "leading" } else { "standing" };
            ctx.note(|| format!("stops {role}: {from} is in term {term}"));
        }
        self.term = term;
        self.voted_for = None;
        self.persist_vote(ctx);
        self.follow(None, ctx);
    }

    pub(super) fn follow(&mut self, leader: Option<NodeId>, ctx: &mut Ctx<'_, Self>) {
        if let Standing::Leader(leading) = &self.standing {
            // A read has no effect: nothing is unknown about those that still wait.
            for op in leading.rounds.waiting() {
                ctx.reply(op, Outcome::Redirect(leader));
            }
            ctx.cancel(Alarm::Heartbeat);
            ctx.cancel(Alarm::Quorum);
            self.reset_election_timer(ctx);
        }
        self.standing = Standing::Follower;
        self.leader = leader;
    }
}
