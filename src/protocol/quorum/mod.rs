//! A quorum store: no node is special, every key has N replicas, a write waits for W of them and a read for R.
//!
//! After DeCandia et al., "Dynamo: Amazon's Highly Available Key-value Store" (SOSP 2007). What the quorums are, which
//! node coordinates, what stands in for replicas out of reach, how replicas that are behind catch up, and what becomes of
//! writes that did not know of each other are knobs. With R + W > N, write back and clocks that decide, reads and writes
//! are those of the atomic register of Attiya, Bar-Noy and Dolev (1995) for many writers (Lynch and Shvartsman 1997).
//!
//! A node that is asked for the same write again does it once and says the same again. Nodes do not tell each other which
//! writes they took on: asked for again at another node, it is a second write, as in Dynamo.
//!
//! [`Replica::step`] is the table of contents. `coordinator` carries an operation through, by `reads` and `writes`;
//! `draft` makes a write; [`object`] is what a replica keeps and how two copies become one; `reach` is which nodes are out
//! of reach and what is kept for them; `anti_entropy` and [`merkle`] find what still differs.

mod answers;
mod anti_entropy;
pub mod clock;
pub mod config;
mod coordinator;
mod draft;
mod inspect;
pub mod merkle;
pub mod message;
pub mod object;
mod promises;
mod reach;
mod reads;
pub mod ring;
mod round;
pub mod storage;
pub mod table;
mod writes;

use std::collections::BTreeSet;

use litemap::LiteMap;
use smol_str::SmolStr;

use crate::check::Claim;
use crate::protocol::Protocol;
use crate::protocol::barrier::Barrier;
use crate::protocol::crdt::{Context, Dot};
use crate::sim::{Ctx, Input, Inspect, Knob, Knobs, LocalTime, Misfit, Node, NodeId, OpId, Value};

use answers::Answers;
use clock::Clock;
use config::{Config, Resolve};
use message::Rpc;
use promises::Promise;
use ring::Ring;
use round::Round;
use storage::{Hints, Own, Persistent, Record, Then};
use table::Table;

/// One node: a replica of some keys, and the coordinator of whatever it is asked.
#[derive(Clone, Debug)]
pub struct Replica {
    me: NodeId,
    config: Config,
    ring: Ring,
    table: Table,
    /// What it keeps for others.
    hints: Hints,
    clock: Clock,
    /// What it wrote itself, by key.
    own: LiteMap<SmolStr, Own>,
    /// Every write that it ever took on.
    begun: BTreeSet<OpId>,
    /// What it said of those of late.
    answers: Answers,
    rounds: Vec<Round>,
    next_round: u64,
    forwarded: Vec<Forwarded>,
    /// The nodes that are out of reach.
    suspects: BTreeSet<NodeId>,
    probing: bool,
    /// With whom it last compared trees, and in how many leaves they differed.
    differed: Option<(NodeId, usize)>,
    /// What waits for the disk.
    barrier: Barrier<Then>,
    /// What this step did, for the judges.
    news: Vec<News>,
}

/// An operation that another is to coordinate, and until when that one should have said so.
#[derive(Clone, Copy, Debug)]
struct Forwarded {
    op: OpId,
    to: NodeId,
    until: LocalTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// A round is due.
    Deadline,
    Probe,
    AntiEntropy,
}

/// What judges want to know. It counts from when the effects of the step leave.
#[derive(Clone, Debug)]
enum News {
    /// A write goes out whose writer had seen these.
    Issued {
        key: SmolStr,
        seen: Context,
    },
    Acknowledged {
        key: SmolStr,
        dot: Dot,
    },
    /// A replica had this or was sent it, and its disk has something else in its place.
    LetGo {
        key: SmolStr,
        dot: Dot,
        value: Value,
    },
}

impl Node for Replica {
    type Message = Rpc;
    type Timer = Alarm;
    type Record = Record;

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        self.news.clear();
        match input {
            Input::Start { disk } => self.start(disk, ctx),
            Input::Timer(Alarm::Deadline) => self.look_at_rounds(ctx),
            Input::Timer(Alarm::Probe) => self.probe(ctx),
            Input::Timer(Alarm::AntiEntropy) => self.compare_trees(ctx),
            Input::Message { from, message } => {
                self.hear(from, ctx);
                self.receive(from, message, ctx);
            }
            Input::Request(request) => self.receive_request(request, ctx),
            Input::Synced { through } => self.records_are_safe(through, ctx),
        }
    }

    fn inspect(&self) -> Inspect {
        self.show()
    }

    fn keeps(&self, key: &SmolStr) -> bool {
        self.ring.holds(self.me, key)
    }
}

impl Replica {
    fn receive(&mut self, from: NodeId, message: Rpc, ctx: &mut Ctx<'_, Self>) {
        match message {
            Rpc::Read { round, key } => self.receive_read(from, round, &key, ctx),
            Rpc::ReadReply { round, object } => self.count_read(from, round, object, ctx),
            Rpc::Write { round, key, object, home } => {
                self.receive_write(from, round, (key, object, home), ctx)
            }
            Rpc::WriteAck { round } => self.count_write(from, round, ctx),
            Rpc::Forward(request) => self.receive_forward(from, request, ctx),
            Rpc::ForwardAck { op } => self.forget_forwarded(op),
            Rpc::Repair { entries, leaves } => self.receive_repair(from, &entries, &leaves, ctx),
            Rpc::Ping => ctx.send(from, Rpc::PingReply),
            Rpc::PingReply => self.hand_over(from, ctx),
            Rpc::Handoff { key, object } => self.receive_handoff(from, key, &object, ctx),
            Rpc::HandoffAck { key, digest } => self.forget_hint(from, key, digest, ctx),
            Rpc::TreeRequest { level, branches } => self.receive_tree_request(from, level, &branches, ctx),
            Rpc::TreeReply { level, places } => self.receive_tree_reply(from, level, places, ctx),
        }
    }

    fn start(&mut self, disk: &[Record], ctx: &mut Ctx<'_, Self>) {
        let found = Persistent::replay(disk);
        (self.table, self.hints) = (found.table, found.hints);
        (self.own, self.begun) = (found.own, found.begun);
        self.clock.hear(found.latest);
        self.barrier = Barrier::starting(disk.len());
        // Answers to rounds of a life before this one must not be taken for answers to a round of now.
        self.next_round = ctx.rng().below(1 << 48);
        if !disk.is_empty() {
            let (keys, hints) = (self.table.iter().count(), self.hints.len());
            ctx.note(|| format!("starts from its disk: keys {keys}, hints {hints}"));
        }
        if !self.hints.is_empty() {
            self.start_probing(ctx);
        }
        self.start_comparing(ctx);
    }
}

impl Protocol for Replica {
    const NAME: &'static str = "quorum";
    const ABOUT: &'static str =
        "Every key has replicas; a write waits for some of them, and a read for some.";
    const KNOBS: &'static [Knob] = config::KNOBS;
    const CLAIMS: &'static [Claim] = promises::CLAIMS;
    fn own_copy(_knobs: &Knobs) -> bool {
        false
    }

    type Property = Promise;

    fn new(me: NodeId, cluster: u16, knobs: &Knobs) -> Self {
        let config = Config::read(knobs, cluster);
        Replica {
            me,
            config,
            ring: Ring::new(cluster, config.replicas, config.zones),
            table: Table::default(),
            hints: Hints::new(),
            clock: Clock::new(config.resolve == Resolve::HybridClock),
            own: LiteMap::new(),
            begun: BTreeSet::new(),
            answers: Answers::default(),
            rounds: Vec::new(),
            next_round: 0,
            forwarded: Vec::new(),
            suspects: BTreeSet::new(),
            probing: false,
            differed: None,
            barrier: Barrier::default(),
            news: Vec::new(),
        }
    }

    fn misfit(knobs: &Knobs, nodes: u16, written: &dyn Fn(&str) -> bool) -> Option<Misfit> {
        Config::misfit(knobs, nodes, written)
    }

    fn properties(_cluster: u16, _knobs: &Knobs) -> Vec<Promise> {
        promises::all()
    }
}
