//! All clients of a run, and how each carries its operations through.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::client::{Ask, Client, Route};
use super::happening::Happening;
use crate::sim::{
    Call, Cluster, EventId, Level, Micros, Node, NodeId, OpId, Outcome, Request, Time, Token, Trace, What,
};

/// From a refusal without a hint to the next attempt.
pub const PATIENCE: Micros = Micros(50_000);

/// The clients. A clone of them is part of a keyframe.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// The place of the first client: the number of nodes.
    first: u16,
    members: Vec<Member>,
    /// The last number that a write took.
    fresh: i64,
    /// What happened since somebody last asked.
    news: Vec<Happening>,
}

#[derive(Clone, Debug)]
struct Member {
    client: Rc<Client>,
    /// Which of its asks comes next.
    turn: usize,
    /// The node it believes in.
    node: NodeId,
    /// The node it read from last, if it reads anywhere.
    wandered: NodeId,
    waits: Option<Waiting>,
    heard: Option<(Time, String)>,
    /// The newest state it has seen.
    token: Token,
    /// The version of each key that it has seen last.
    contexts: LiteMap<SmolStr, Token>,
}

#[derive(Clone, Debug)]
struct Waiting {
    op: OpId,
    call: Call,
    level: Level,
    invoked: EventId,
    until: Time,
    /// The node that was asked, or that a refusal named.
    node: NodeId,
    /// Was refused and will ask again.
    refused: bool,
}

/// What a client asked the world to wake it for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wake {
    /// Time for the next request.
    Next,
    /// The wait for this operation is over.
    GiveUp,
    /// Try the operation again.
    Again,
}

impl Member {
    /// The node that an operation goes to first.
    fn whom(&mut self, call: &Call) -> NodeId {
        let read = call.reads_only();
        match self.client.reads {
            Route::To(node) if read => node,
            Route::Anywhere(nodes) if read => {
                self.wandered = another(self.wandered, nodes);
                self.wandered
            }
            _ => self.node,
        }
    }
}

impl Crowd {
    /// Seats the clients behind the nodes and schedules their first requests.
    pub fn new<N: Node>(clients: &[Client], cluster: &mut Cluster<N>) -> Crowd {
        let members = clients.iter().map(|client| Member {
            node: client.node,
            wandered: client.node,
            client: Rc::new(client.clone()),
            turn: 0,
            waits: None,
            heard: None,
            token: Token::default(),
            contexts: LiteMap::new(),
        });
        let crowd =
            Crowd { first: cluster.world().size(), members: members.collect(), fresh: 0, news: Vec::new() };
        for (i, member) in crowd.members.iter().enumerate() {
            cluster.world_mut().call_at(member.client.from, tag(i, Wake::Next));
        }
        crowd
    }

    /// Each client's operation under way, and what it heard last.
    pub fn members(&self) -> impl Iterator<Item = (&Client, Option<&Call>, Option<&(Time, String)>)> {
        self.members.iter().map(|m| (&*m.client, m.waits.as_ref().map(|w| &w.call), m.heard.as_ref()))
    }

    /// What began and ended since the last time, in order.
    pub fn news(&mut self) -> Vec<Happening> {
        std::mem::take(&mut self.news)
    }

    /// The world woke one of them.
    pub fn wake<N: Node>(&mut self, tag: u32, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let (i, wake) = untag(tag);
        match wake {
            Wake::Next => self.next(i, cluster, trace),
            Wake::GiveUp => self.give_up(i, cluster, trace),
            Wake::Again => self.again(i, cluster, trace),
        }
    }

    fn next<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let place = NodeId(self.first + i as u16);
        let member = &mut self.members[i];
        let now = cluster.world().now();
        if now + member.client.every <= member.client.to {
            cluster.world_mut().call_at(now + member.client.every, tag(i, Wake::Next));
        }
        if member.waits.is_some() || member.client.asks.is_empty() {
            return;
        }
        let ask = &member.client.asks[member.turn % member.client.asks.len()];
        member.turn += 1;
        let (call, level) = (ask.call(place, &mut self.fresh), ask.level);
        let (op, invoked) = cluster.world_mut().invoke(trace, place, (call.clone(), level), EventId::NONE);
        self.news.push(Happening::Invoked { op, client: place, call: call.clone(), level, event: invoked });
        let until = now + member.client.timeout;
        let node = member.whom(&call);
        member.waits = Some(Waiting { op, call, level, invoked, until, node, refused: false });
        cluster.world_mut().call_at(until, tag(i, Wake::GiveUp));
        self.send(i, cluster, trace);
    }

    fn again<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let waits = self.members[i].waits.as_mut();
        // The refusal may have been of an operation that is over by now.
        if waits.is_some_and(|waiting| std::mem::take(&mut waiting.refused)) {
            self.send(i, cluster, trace);
        }
    }

    fn send<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let place = NodeId(self.first + i as u16);
        let member = &self.members[i];
        if let Some(Waiting { op, call, level, invoked, node, .. }) = &member.waits {
            let context = member.contexts.get(call.key()).cloned().unwrap_or_default();
            let level = if *level == Level::Set { member.client.level } else { *level };
            let request =
                Request { op: *op, call: call.clone(), level, token: member.token.clone(), context };
            cluster.ask((place, *node), request, *invoked, trace);
        }
    }

    /// Nobody answered in time: the operation may still take effect, at any time or never.
    fn give_up<N: Node>(&mut self, i: usize, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let place = NodeId(self.first + i as u16);
        let now = cluster.world().now();
        let member = &mut self.members[i];
        let Some(waiting) = member.waits.take_if(|waiting| waiting.until <= now) else { return };
        let op = waiting.op;
        let event = cluster.world_mut().record(trace, place, waiting.invoked, What::TimedOut { op });
        self.news.push(Happening::Ended { op, outcome: None, event });
        member.heard = Some((now, "no answer".to_owned()));
        if waiting.node == member.node {
            member.node = another(member.node, self.first);
        }
    }

    /// A client got a message. A late answer changes nothing any more.
    pub fn answer<N: Node>(&mut self, answer: Answer, cluster: &mut Cluster<N>, trace: &mut Trace) {
        let Answer { client, op, outcome, token, event } = answer;
        let now = cluster.world().now();
        let i = client.index() - self.first as usize;
        let Some(member) = self.members.get_mut(i) else {
            let event = cluster.world_mut().complete(trace, op, outcome.clone(), event);
            self.news.push(Happening::Ended { op, outcome: Some(outcome), event });
            return;
        };
        let Some(waiting) = member.waits.as_mut().filter(|waiting| waiting.op == op) else { return };
        if let Outcome::Redirect(hint) = outcome {
            waiting.refused = hint.is_none();
            waiting.node = hint.unwrap_or_else(|| another(waiting.node, self.first));
            // Whoever refused a read knows nothing of where the client's writes should go.
            if !waiting.call.reads_only() || member.client.reads == Route::AsWrites {
                member.node = waiting.node;
            }
            match hint {
                Some(_) => self.send(i, cluster, trace),
                None => cluster.world_mut().call_at(now + PATIENCE, tag(i, Wake::Again)),
            }
            return;
        }
        member.heard = Some((now, outcome.to_string()));
        member.token.merge(&token);
        if let Some(waiting) = member.waits.take() {
            member.contexts.insert(waiting.call.key().clone(), token);
        }
        let event = cluster.world_mut().complete(trace, op, outcome.clone(), event);
        self.news.push(Happening::Ended { op, outcome: Some(outcome), event });
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
        self.news.push(Happening::Invoked { op, client: place, call: call.clone(), level, event: invoked });
        let (token, context) = (Token::default(), Token::default());
        cluster.ask((place, node), Request { op, call, level, token, context }, invoked, trace);
    }

    /// The place that operations by hand come from: behind the last client.
    pub fn hand(&self) -> NodeId {
        NodeId(self.first + self.members.len() as u16)
    }
}

/// A client's news: how an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub client: NodeId,
    pub op: OpId,
    pub outcome: Outcome,
    /// How new the state is that the answer shows.
    pub token: Token,
    /// The arrival.
    pub event: EventId,
}

fn another(node: NodeId, nodes: u16) -> NodeId {
    NodeId((node.0 + 1) % nodes.max(1))
}

fn tag(i: usize, wake: Wake) -> u32 {
    (i as u32) << 2 | wake as u32
}

fn untag(tag: u32) -> (usize, Wake) {
    let wake = match tag & 3 {
        0 => Wake::Next,
        1 => Wake::GiveUp,
        _ => Wake::Again,
    };
    ((tag >> 2) as usize, wake)
}
