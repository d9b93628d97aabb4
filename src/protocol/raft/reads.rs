//! Reads that leave the log alone: the read index (dissertation 6.4) and the lease (6.4.1).

use std::collections::VecDeque;

use super::config::Read;
use super::message::Round;
use super::{Raft, Standing};
use crate::sim::{Call, Ctx, Level, LocalTime, Micros, NodeId, OpId, Request};

/// What a leader knows of the rounds of heartbeats that prove that it still leads.
#[derive(Clone, Debug)]
pub(super) struct Rounds {
    /// The last one that went out.
    sent: Round,
    /// The last one that each server answered.
    answered: Vec<Round>,
    /// The last one that a majority answered.
    confirmed: Round,
    /// When rounds went out that are not confirmed yet.
    times: VecDeque<(Round, LocalTime)>,
    /// Until when, by its own clock, no other server can have been elected.
    lease: LocalTime,
    /// The first index of its own term: once that is applied, it knows what is committed.
    begin: u64,
    waiting: VecDeque<Reading>,
}

/// A read that waits for a round, and for the log to be applied.
#[derive(Clone, Debug)]
struct Reading {
    op: OpId,
    call: Call,
    level: Level,
    /// What has to be applied before.
    index: u64,
    /// The round that has to be confirmed before.
    round: Round,
}

impl Rounds {
    pub(super) fn new(servers: usize, begin: u64) -> Rounds {
        Rounds {
            sent: Round(0),
            answered: vec![Round(0); servers],
            confirmed: Round(0),
            times: VecDeque::new(),
            lease: LocalTime(i64::MIN),
            begin,
            waiting: VecDeque::new(),
        }
    }

    pub(super) fn sent(&self) -> Round {
        self.sent
    }

    /// Until when the lease holds, by the leader's clock; nothing without one.
    pub(super) fn lease(&self) -> Option<LocalTime> {
        (self.lease.0 != i64::MIN).then_some(self.lease)
    }

    /// A read waits for an entry to be applied, and for no round.
    pub(super) fn wait_for(&mut self, index: u64, request: &Request) {
        let Request { op, call, level, .. } = request;
        self.waiting.push_back(Reading {
            op: *op,
            call: call.clone(),
            level: *level,
            index,
            round: Round(0),
        });
    }

    /// Does a read wait for a round?
    fn are_wanted(&self) -> bool {
        self.waiting.iter().any(|reading| reading.round > self.confirmed)
    }

    /// The reads that no answer will come to now.
    pub(super) fn waiting(&self) -> impl Iterator<Item = OpId> {
        self.waiting.iter().map(|reading| reading.op)
    }
}

impl Raft {
    /// Answers a read without writing to the log, now or later; false if reads go through the log.
    pub(super) fn receive_read(
        &mut self,
        op: OpId,
        call: &Call,
        level: Level,
        ctx: &mut Ctx<'_, Self>,
    ) -> bool {
        match self.config.read {
            Read::Log => return false,
            // A linearizable read is never answered on trust.
            _ if level == Level::Linearizable => self.ask_whether_it_leads(op, call, level, ctx),
            Read::Local => self.answer_read(op, call, level, ctx),
            Read::Lease if self.holds_lease(ctx) => {
                self.note_lease(ctx);
                self.answer_read(op, call, level, ctx);
            }
            Read::Lease | Read::Index => self.ask_whether_it_leads(op, call, level, ctx),
        }
        true
    }

    pub(super) fn answer_read(&mut self, op: OpId, call: &Call, level: Level, ctx: &mut Ctx<'_, Self>) {
        let outcome = self.machine.apply(call);
        ctx.reply_as_of(op, outcome, self.token(level));
    }

    /// 6.4.1: as long as its lease lasts, a leader "could reply to read-only queries … without additional
    /// communication". It has to know what is committed, too.
    fn holds_lease(&self, ctx: &Ctx<'_, Self>) -> bool {
        let Standing::Leader(leading) = &self.standing else { return false };
        ctx.now() < leading.rounds.lease && self.applied >= leading.rounds.begin
    }

    fn note_lease(&self, ctx: &mut Ctx<'_, Self>) {
        let Standing::Leader(leading) = &self.standing else { return };
        let left = leading.rounds.lease - ctx.now();
        ctx.note(|| {
            format!("answers from memory: its lease lasts for {} more", Micros(left.0 / 1_000 * 1_000))
        });
    }

    /// 6.4, steps 1 to 3: the read index is the commit index, and at least the first index of this term; then "the
    /// leader needs to make sure it hasn't been superseded": it "issues a new round of heartbeats". While one is out,
    /// reads gather for the next.
    fn ask_whether_it_leads(&mut self, op: OpId, call: &Call, level: Level, ctx: &mut Ctx<'_, Self>) {
        let commit = self.commit;
        let Standing::Leader(leading) = &mut self.standing else { return };
        let rounds = &mut leading.rounds;
        let idle = rounds.confirmed == rounds.sent;
        let (index, round) = (commit.max(rounds.begin), rounds.sent.next());
        rounds.waiting.push_back(Reading { op, call: call.clone(), level, index, round });
        if idle {
            self.send_heartbeats(ctx);
        }
    }

    /// A new round begins with the heartbeats that go out now.
    pub(super) fn begin_round(&mut self, ctx: &mut Ctx<'_, Self>) {
        let asks = matches!(self.config.read, Read::Lease | Read::Index);
        let Standing::Leader(leading) = &mut self.standing else { return };
        let rounds = &mut leading.rounds;
        if !asks && !rounds.are_wanted() {
            return;
        }
        rounds.sent = rounds.sent.next();
        rounds.times.push_back((rounds.sent, ctx.now()));
        let (me, sent) = (ctx.me(), rounds.sent);
        self.count_round(me, sent, ctx);
    }

    /// A server answered a round: in this term, it follows no other leader.
    pub(super) fn count_round(&mut self, from: NodeId, round: Round, ctx: &mut Ctx<'_, Self>) {
        let lease = self.lease_length();
        let Standing::Leader(leading) = &mut self.standing else { return };
        let rounds = &mut leading.rounds;
        let known = &mut rounds.answered[from.index()];
        *known = round.max(*known);
        let mut answered = rounds.answered.clone();
        answered.sort_unstable();
        let confirmed = answered[answered.len() - Self::majority(ctx)];
        if confirmed <= rounds.confirmed {
            return;
        }
        rounds.confirmed = confirmed;
        // The lease runs from when the round went out: a server that answered heard it after that.
        while let Some((_, at)) = rounds.times.pop_front_if(|(round, _)| *round <= confirmed) {
            rounds.lease = LocalTime(at.0 + lease.0 as i64);
        }
        let sent = rounds.sent;
        self.answer_reads(ctx);
        let Standing::Leader(leading) = &self.standing else { return };
        if confirmed == sent && leading.rounds.waiting.iter().any(|reading| reading.round > sent) {
            self.send_heartbeats(ctx);
        }
    }

    /// 6.4.1: `start + election timeout / clock drift bound`. A server that heard a heartbeat votes for no other for one
    /// election timeout *of its own clock*.
    fn lease_length(&self) -> Micros {
        Micros(self.config.timeout.0 * (100 - self.config.clock_bound) / 100)
    }

    /// 6.4, steps 4 and 5: what a majority confirmed is answered once the log is applied so far.
    pub(super) fn answer_reads(&mut self, ctx: &mut Ctx<'_, Self>) {
        let applied = self.applied;
        while let Standing::Leader(leading) = &mut self.standing {
            let rounds = &mut leading.rounds;
            let confirmed = rounds.confirmed;
            let ready = |reading: &Reading| reading.round <= confirmed && reading.index <= applied;
            let place = rounds.waiting.iter().position(ready);
            let reading = place.and_then(|place| rounds.waiting.remove(place));
            let Some(Reading { op, call, level, .. }) = reading else { return };
            self.answer_read(op, &call, level, ctx);
        }
    }
}
