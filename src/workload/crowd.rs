//! All clients of a run, and how each carries its operations through.

use std::collections::BTreeSet;

use super::ask::Ask;
use super::client::{Client, Route};
use super::happening::Happening;
use super::member::{Member, Waiting, another};
use super::pace::Pace;
use super::wake::Wake;
use crate::sim::{Cluster, EventId, Micros, Node, NodeId, OpId, Outcome, Request, Time, Token, Trace, What};

/// From a refusal without a hint to the next attempt, without a policy for retries.
pub const PATIENCE: Micros = Micros(50_000);

/// The clients. A clone of them is part of a keyframe.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// The place of the first client: the number of nodes.
    first: u16,
    members: Vec<Member>,
    /// What was sent by hand and has no end yet.
    by_hand: BTreeSet<OpId>,
    /// The last number that a write took.
    fresh: i64,
    /// What happened since somebody last asked.
    news: Vec<Happening>,
}

impl Crowd {
    /// Seats the clients behind the nodes and schedules their first operations. Their chances come from the seed.
    pub fn new<N: Node>(clients: &[Client], seed: u64, cluster: &mut Cluster<N>) -> Crowd {
        let members = clients.iter().zip(0..).map(|(client, i)| Member::new(client, seed, i));
        let mut crowd = Crowd {
            first: cluster.world().size(),
            members: members.collect(),
            by_hand: BTreeSet::new(),
            fresh: 0,
            news: Vec::new(),
        };
        for (i, member) in crowd.members.iter_mut().enumerate() {
            if let Some(first) = member.first() {
                cluster.world_mut().call_at(first, Wake::Next.tag(i));
            }
            if matches!(member.client.pace, Pace::Open(arrivals) if arrivals.burst.is_some()) {
                cluster.world_mut().call_at(member.client.from, Wake::Burst.tag(i));
            }
        }
        crowd
    }

    /// Each client, with what it has under way and what it heard last.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Has every client heard the end of all it asked for, and does none ask for anything more by itself?
    pub fn is_done(&self, now: Time) -> bool {
        let done = |member: &Member| {
            let client = member.client();
            client.to.max(client.from) < now && member.under_way().len() == 0
        };
        self.by_hand.is_empty() && self.members.iter().all(done)
    }

    /// What began and ended since the last time, in order.
    pub fn news(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.news)
    }

    /// The world woke one of them.
    pub fn wake<N: Node>(&mut self, tag: u64, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let (i, wake) = Wake::of(tag);
        match wake {
            Wake::Next => self.next(i, cluster, trace),
            Wake::Burst => self.burst(i, cluster, trace),
            Wake::GiveUp(op) => self.give_up(i, op, cluster, trace),
            Wake::Silence(op) => self.silence(i, op, cluster, trace),
            Wake::Again(op) => self.again(i, op, cluster, trace),
        }
    }

    fn place(&self, i: usize) -> NodeId {
        NodeId(self.first + i as u16)
    }

    fn next<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let member = &mut self.members[i];
        if let Some(next) = member.next(cluster.world().now()) {
            cluster.world_mut().call_at(next, Wake::Next.tag(i));
        }
        if !member.is_busy() {
            self.begin(i, cluster, trace);
        }
    }

    fn burst<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let client = &self.members[i].client;
        let Pace::Open(arrivals) = client.pace else { return };
        let Some(burst) = arrivals.burst else { return };
        let next = cluster.world().now() + burst.every;
        if next <= client.to {
            cluster.world_mut().call_at(next, Wake::Burst.tag(i));
        }
        (0..burst.size).for_each(|_| self.begin(i, cluster, trace));
    }

    /// A new operation.
    fn begin<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let (place, now) = (self.place(i), cluster.world().now());
        let member = &mut self.members[i];
        let Some((call, level)) = member.choose(place, &mut self.fresh) else { return };
        let (op, invoked) = cluster.world_mut().invoke(trace, place, (call.clone(), level), EventId::NONE);
        self.news.push(Happening::Invoked { op, client: place, call: call.clone(), level, event: invoked });
        let until = now + member.client.timeout;
        let node = member.whom(&call);
        member.wait(Waiting {
            op,
            call,
            level,
            invoked,
            node,
            again: None,
            attempts: 0,
            attempt_until: Time::NEVER,
            unanswered: false,
            pause: None,
        });
        cluster.world_mut().call_at(until, Wake::GiveUp(op).tag(i));
        self.attempt(i, op, cluster, trace);
    }

    /// Asks for an operation: with a policy, it waits for so long.
    fn attempt<N: Node>(&mut self, i: usize, op: OpId, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let member = &mut self.members[i];
        let retry = member.client.retry;
        let Some(waiting) = member.waiting(op) else { return };
        waiting.again = None;
        if let Some(retry) = retry {
            waiting.attempts += 1;
            waiting.attempt_until = cluster.world().now() + retry.attempt;
            cluster.world_mut().call_at(waiting.attempt_until, Wake::Silence(op).tag(i));
        }
        self.send(i, op, cluster, trace);
    }

    fn send<N: Node>(&self, i: usize, op: OpId, cluster: &mut Cluster<N>, trace: &mut Trace) {
        if let Some((waiting, request)) = self.members[i].request(op) {
            cluster.ask((self.place(i), waiting.node), request, waiting.invoked, trace);
        }
    }

    fn again<N: Node>(&mut self, i: usize, op: OpId, cluster: &mut Cluster<N>, trace: &mut Trace) {
        if let Some(op) = self.members[i].refused(op, cluster.world().now()) {
            self.attempt(i, op, cluster, trace);
        }
    }

    /// Nobody answered an attempt in time.
    fn silence<N: Node>(&mut self, i: usize, op: OpId, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let (now, nodes) = (cluster.world().now(), self.first);
        let member = &mut self.members[i];
        let Some(waiting) = member.waiting(op) else { return };
        if waiting.again.is_some() || waiting.attempt_until > now {
            return;
        }
        let (asked, call) = (waiting.node, waiting.call.clone());
        member.lose_faith(asked, nodes);
        let node = member.whom(&call);
        if let Some(waiting) = member.waiting(op) {
            (waiting.node, waiting.unanswered) = (node, true);
        }
        self.back_off(i, op, cluster, trace);
    }

    /// An attempt failed: the next one comes after a pause, if there is another.
    fn back_off<N: Node>(&mut self, i: usize, op: OpId, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let now = cluster.world().now();
        match self.members[i].pause(op, now) {
            None => self.end_unknown(i, op, None, cluster, trace),
            Some(Micros::ZERO) => self.attempt(i, op, cluster, trace),
            Some(pause) => cluster.world_mut().call_at(now + pause, Wake::Again(op).tag(i)),
        }
    }

    fn give_up<N: Node>(&mut self, i: usize, op: OpId, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let nodes = self.first;
        let member = &mut self.members[i];
        if let Some(waiting) = member.waiting(op) {
            let asked = waiting.node;
            self.end_unknown(i, op, None, cluster, trace);
            self.members[i].lose_faith(asked, nodes);
        }
    }

    /// Nobody answered, or all that was heard, `last`, leaves it open: the operation may still take effect, at any time
    /// or never.
    fn end_unknown<N: Node>(
        &mut self,
        i: usize,
        op: OpId,
        last: Option<EventId>,
        cluster: &mut Cluster<N>,
        trace: &mut Trace,
    ) {
        let (place, now) = (self.place(i), cluster.world().now());
        let member = &mut self.members[i];
        let Some(waiting) = member.end(op) else { return };
        member.hear_nothing(now);
        let cause = last.unwrap_or(waiting.invoked);
        let event = cluster.world_mut().record(trace, place, cause, What::TimedOut { op });
        self.news.push(Happening::Ended { op, outcome: None, from: None, event });
        self.think(i, cluster);
    }

    /// A client got a message. A late answer changes nothing any more.
    pub fn answer<N: Node>(&mut self, answer: Answer, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let Answer { client, from, op, outcome, token, event } = answer;
        let i = client.index() - self.first as usize;
        if let Some(member) = self.members.get_mut(i) {
            if let Outcome::Redirect(hint) = outcome {
                return self.refuse(i, op, hint, cluster, trace);
            }
            let Some(waiting) = member.waiting(op) else { return };
            if waiting.may_last_after(&outcome) {
                return self.end_unknown(i, op, Some(event), cluster, trace);
            }
            let Some(waiting) = member.end(op) else { return };
            member.learn(cluster.world().now(), outcome.clone(), token, &waiting.call);
        } else if !self.by_hand.remove(&op) {
            return;
        }
        let event = cluster.world_mut().complete(trace, op, outcome.clone(), event);
        self.news.push(Happening::Ended { op, outcome: Some(outcome), from: Some(from), event });
        self.think(i, cluster);
    }

    /// A refusal is no end: the client turns to the node that was named, or after a while to another.
    fn refuse<N: Node>(
        &mut self,
        i: usize,
        op: OpId,
        hint: Option<NodeId>,
        cluster: &mut Cluster<N>,
        trace: &mut Trace,
    ) {
        let (now, nodes) = (cluster.world().now(), self.first);
        let member = &mut self.members[i];
        let client = member.client.clone();
        let Some(waiting) = member.waiting(op) else { return };
        let node = hint.unwrap_or_else(|| another(waiting.node, nodes));
        waiting.node = node;
        let (retries, paused) = (client.retry.is_some(), waiting.again.is_some());
        if hint.is_none() && !retries {
            // The first time that the client wakes up for a refusal will do.
            waiting.again = Some(now);
        }
        // Whoever refused a read knows nothing of where the client's writes should go.
        if client.route(waiting.call.reads_only()) == Route::Believed {
            member.node = node;
        }
        match hint {
            Some(_) if paused => self.attempt(i, op, cluster, trace),
            Some(_) => self.send(i, op, cluster, trace),
            None if !retries => cluster.world_mut().call_at(now + PATIENCE, Wake::Again(op).tag(i)),
            None if !paused => self.back_off(i, op, cluster, trace),
            None => {}
        }
    }

    /// Something ended: a client that thinks before it asks again begins to think.
    fn think<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>) {
        let now = cluster.world().now();
        if let Some(next) = self.members.get_mut(i).and_then(|member| member.after(now)) {
            cluster.world_mut().call_at(next, Wake::Next.tag(i));
        }
    }

    /// An operation sent by hand goes to this node and no other, and nobody waits for it.
    pub fn ask_by_hand<N: Node>(
        &mut self,
        node: NodeId,
        ask: &Ask,
        cause: EventId,
        cluster: &mut Cluster<N>,
        trace: &mut Trace,
    ) {
        let place = self.hand();
        let (call, level) = (ask.call(place, &mut self.fresh), ask.level);
        let (op, invoked) = cluster.world_mut().invoke(trace, place, (call.clone(), level), cause);
        self.by_hand.insert(op);
        self.news.push(Happening::Invoked { op, client: place, call: call.clone(), level, event: invoked });
        let (token, context) = (Token::default(), Token::default());
        cluster.ask((place, node), Request { op, call, level, token, context }, invoked, trace);
    }

    /// The place that operations by hand come from: behind the last client.
    pub fn hand(&self) -> NodeId {
        self.place(self.members.len())
    }
}

/// A client's news: how an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub client: NodeId,
    /// Who answered.
    pub from: NodeId,
    pub op: OpId,
    pub outcome: Outcome,
    /// How new the state is that the answer shows.
    pub token: Token,
    /// The arrival.
    pub event: EventId,
}
