//! A store with causal consistency in which every node takes reads and writes, also when it is cut off.
//!
//! A write is taken where its client is, and told to the others afterwards. It carries what it depends on: all that its
//! client had seen. Elsewhere it is applied once all of that is (Ahamad et al., "Causal memory", 1995; Lloyd et al.,
//! "Don't settle for eventual: scalable causal consistency for wide-area storage with COPS", SOSP 2011). Of two writes
//! of one key of which neither knows the other, the one with the later stamp stays, everywhere the same: causal+.
//!
//! [`Causal::step`] is the table of contents. `replica` is what one copy applies and holds back, `broadcast` how
//! updates get to all copies, `service` what clients get.
//!
//! The request goes with its write to every copy, so that a node that has it already answers when a client asks again, and
//! what several took is one write: see `writes`.
//!
//! Where it differs from COPS: every node holds all keys, and the updates of one node are applied in its order, so that
//! a count for each node says what a client or a node has seen.

mod broadcast;
pub mod clock;
pub mod config;
pub mod message;
mod promises;
pub mod replica;
mod service;
pub mod update;
pub mod writes;

use crate::check::Claim;
use crate::protocol::Protocol;
use crate::protocol::barrier::Barrier;
use crate::protocol::crdt::Dot;
use crate::sim::words::counted;
use crate::sim::{Ctx, Epoch, Input, Inspect, Knob, Knobs, Level, Node, NodeId, OpId, Retained};

use broadcast::Peer;
use config::Config;
use message::Rpc;
use promises::Promise;
use replica::Replica;
use service::Waiting;
use update::Update;

/// One node.
#[derive(Clone, Debug)]
pub struct Causal {
    config: Config,
    replica: Replica,
    /// The updates that this node took, in order.
    own: Vec<Update>,
    /// How many of them are safe, and may have been sent to others.
    published: u64,
    /// How far each node has come with them.
    peers: Vec<Peer>,
    /// The alarm for what is not acknowledged is set.
    resending: bool,
    waiting: Vec<Waiting>,
    /// What waits for the disk.
    barrier: Barrier<Then>,
    // For the judges: what this step applied, in order, and whether it was the node's first.
    applied_now: Vec<Update>,
    began_now: bool,
}

/// What waits until records are safe.
#[derive(Clone, Debug)]
enum Then {
    /// A write of this node's own client.
    Publish(Update),
    /// An update of another node.
    Take(Update),
    /// Tells this node what is here of its updates.
    Acknowledge(NodeId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// A peer did not acknowledge an update.
    Resend,
    /// A request waits.
    Patience,
}

impl Node for Causal {
    type Message = Rpc;
    type Timer = Alarm;
    type Record = Update;

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        self.applied_now.clear();
        self.began_now = false;
        match input {
            Input::Start { disk } => self.start(disk, ctx),
            Input::Timer(Alarm::Resend) => self.send_again(ctx),
            Input::Timer(Alarm::Patience) => self.lose_patience(ctx),
            Input::Message { from, message: Rpc::Replicate(updates) } => {
                self.receive_updates(from, updates, ctx);
            }
            Input::Message { from, message: Rpc::ReplicateAck { upto } } => self.receive_ack(from, upto, ctx),
            Input::Request(request) => self.receive_request(request, ctx),
            Input::Synced { through } => self.records_are_safe(through, ctx),
        }
    }

    fn epoch(&self) -> Option<Epoch> {
        Some(Epoch { name: "Lamport clock", number: self.replica.time() })
    }

    fn retained(&self) -> Option<Retained> {
        Some(self.replica.retained(&self.own))
    }

    fn written(disk: &[Update]) -> Option<Vec<OpId>> {
        Some(disk.iter().map(|update| update.op).collect())
    }

    fn inspect(&self) -> Inspect {
        let held_back: Vec<String> = self
            .replica
            .held_back()
            .iter()
            .map(|update| format!("{update} of {}", update.dot.node))
            .collect();
        let mut facts = vec![("applied", self.replica.clock().to_string())];
        if !held_back.is_empty() {
            facts.push(("held back", held_back.join(", ")));
        }
        if !self.waiting.is_empty() {
            facts.push(("clients waiting", self.waiting.len().to_string()));
        }
        let applied = Some(self.replica.applied().count());
        Inspect { epoch: self.epoch(), holds: self.replica.held(), applied, facts, ..Inspect::default() }
    }
}

impl Causal {
    /// Begins with what the disk kept: all that it ever told clients or other nodes is there.
    fn start(&mut self, disk: &[Update], ctx: &mut Ctx<'_, Self>) {
        self.began_now = true;
        self.barrier = Barrier::starting(disk.len());
        for update in disk {
            self.own.extend((update.dot.node == ctx.me()).then(|| update.clone()));
            self.applied_now.extend(self.replica.receive(update.clone()));
        }
        self.published = self.own.len() as u64;
        if !disk.is_empty() {
            let count = disk.len() as u64;
            ctx.note(|| format!("starts from its disk: {}", counted(count, "update")));
        }
        self.watch_for_silence(ctx);
    }

    /// An update in words: what it is where that is known, its number otherwise.
    fn name(&self, dot: Dot) -> String {
        let here = self.replica.held_back().iter().find(|update| update.dot == dot);
        let name = |update| format!("{update} of {}", dot.node);
        here.map_or_else(|| format!("update {} of {}", dot.count, dot.node), name)
    }

    fn write(&mut self, update: Update, ctx: &mut Ctx<'_, Self>) {
        self.barrier.wrote();
        ctx.append(update);
        ctx.sync();
    }

    /// Does something once every record written so far is safe.
    fn once_safe(&mut self, then: Then, ctx: &mut Ctx<'_, Self>) {
        if let Some(then) = self.barrier.pass(then) {
            self.act(then, ctx);
        }
    }

    fn records_are_safe(&mut self, through: u64, ctx: &mut Ctx<'_, Self>) {
        self.barrier.synced(through);
        while let Some(then) = self.barrier.due() {
            self.act(then, ctx);
        }
    }

    fn act(&mut self, then: Then, ctx: &mut Ctx<'_, Self>) {
        match then {
            Then::Publish(update) => self.finish_write(update, ctx),
            Then::Take(update) => self.take(update, ctx),
            Then::Acknowledge(to) => ctx.send(to, Rpc::ReplicateAck { upto: self.replica.upto(to) }),
        }
    }
}

impl Protocol for Causal {
    const NAME: &'static str = "causal-store";
    const ABOUT: &'static str =
        "Every node takes reads and writes; others apply a write after all that it depends on.";
    const KNOBS: &'static [Knob] = config::KNOBS;
    const CLAIMS: &'static [Claim] = promises::CLAIMS;
    const SERVES: &'static [&'static str] = &["causally consistent", "causally convergent"];
    const STRONGEST: Level = Level::Causal;
    type Property = Promise;

    fn new(_me: NodeId, cluster: u16, knobs: &Knobs) -> Self {
        let config = Config::read(knobs);
        Causal {
            config,
            replica: Replica::new(&config),
            own: Vec::new(),
            published: 0,
            peers: vec![Peer::default(); cluster.into()],
            resending: false,
            waiting: Vec::new(),
            barrier: Barrier::default(),
            applied_now: Vec::new(),
            began_now: false,
        }
    }

    fn properties(_cluster: u16, _knobs: &Knobs) -> Vec<Promise> {
        promises::all()
    }
}
