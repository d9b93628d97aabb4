//! Primary–backup replication: one server takes the writes, the others copy its log.
//!
//! How many copies a write needs before it counts as done, which servers answer reads, and which comes after a primary that falls
//! silent are knobs: from asynchronous replication with promotion by timeout, which loses writes and may have two
//! primaries, to Viewstamped Replication (Liskov and Cowling, "Viewstamped Replication Revisited", 2012), where a
//! majority moves from view to view together.
//!
//! [`Server::step`] is the table of contents. `replication` is section 4.1, `promotion` section 4.2 and its naive
//! counterpart, `recovery` section 4.3 and how a server starts, `service` what clients get, `machine` what the log
//! drives, `confirmation` how a primary makes sure that it is one, `freshness` how a backup knows how old its copy is.

pub mod config;
mod confirmation;
mod freshness;
pub mod log;
mod machine;
pub mod message;
mod promises;
mod promotion;
pub mod recovery;
mod replication;
mod service;
pub mod storage;

use crate::check::Claim;
use crate::protocol::Protocol;
use crate::protocol::barrier::Barrier;
use crate::sim::words::counted;
use crate::sim::{
    Ctx, Epoch, Fate, Input, Inspect, Knob, Knobs, LocalTime, LogView, Node, NodeId, OpId, Retained, Role,
};

use config::{Config, Keep, Promotion};
use confirmation::Rounds;
use freshness::{Beats, Fresh};
use log::{Entry, Log};
use machine::Machine;
use message::Rpc;
use promises::Promise;
use recovery::Recovery;
use storage::{Persistent, Record};

/// One server.
#[derive(Clone, Debug)]
pub struct Server {
    me: NodeId,
    config: Config,
    view: u64,
    /// The last view in which it took or copied writes.
    normal: u64,
    log: Log,
    part: Part,
    /// The server that it thinks primary.
    primary: NodeId,
    /// When it last heard from a primary.
    heard: LocalTime,
    /// What shows how old its copy is, as far as a primary told.
    fresh: Option<Fresh>,
    /// Everything up to here is done: enough hold it.
    commit: u64,
    /// The state of what is done, which reads see.
    machine: Machine,
    /// A slow replica is at work on an entry.
    applying: bool,
    /// What waits for the disk.
    barrier: Barrier<Then>,
    /// The writes that this step's responses acknowledge, for the judges.
    done_now: Vec<Entry>,
}

#[derive(Clone, Debug)]
enum Part {
    /// At its first start, until it is on record that it began.
    Booting,
    /// Asks the others what it has forgotten.
    Recovering(Recovery),
    Primary(Lead),
    Backup,
    /// Between views: the servers that want this one, and, at its primary, what they have.
    Changing {
        wanted: Vec<NodeId>,
        sent: bool,
        offers: Vec<Offer>,
    },
}

/// What a primary keeps of its backups and clients.
#[derive(Clone, Debug)]
struct Lead {
    /// The next entry each backup needs, and how much it holds for certain.
    next: Vec<u64>,
    held: Vec<u64>,
    /// How long its log was when it became primary.
    inherited: u64,
    /// Requests whose entries are not done yet.
    waiting: Vec<(u64, OpId)>,
    /// Reads that wait for a majority to say that this is the primary.
    rounds: Rounds,
    beats: Beats,
}

#[derive(Clone, Debug)]
struct Offer {
    from: NodeId,
    normal: u64,
    log: Vec<Entry>,
    commit: u64,
}

/// What waits until records are safe.
#[derive(Clone, Debug)]
enum Then {
    Send {
        to: NodeId,
        message: Rpc,
    },
    /// The primary's own copy counts up to this index, if its log is still the same there.
    Own {
        view: u64,
        upto: u64,
        chain: u64,
    },
    /// Takes part from now on.
    Begin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// The primary was silent for too long.
    Silence,
    Heartbeat,
    /// A server that has forgotten asks again.
    Recovery,
    /// A slow replica has finished an entry.
    Apply,
}

impl Node for Server {
    type Message = Rpc;
    type Timer = Alarm;
    type Record = Record;

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        self.done_now.clear();
        match input {
            Input::Start { disk } => self.start(disk, ctx),
            Input::Timer(Alarm::Heartbeat) => self.send_heartbeats(ctx),
            Input::Timer(Alarm::Silence) => self.suspect(ctx),
            Input::Timer(Alarm::Recovery) => self.ask_to_recover(ctx),
            Input::Timer(Alarm::Apply) => self.apply_one(ctx),
            Input::Message { from, message } => self.receive(from, message, ctx),
            Input::Request(request) => self.receive_request(request, ctx),
            Input::Synced { through } => self.records_are_safe(through, ctx),
        }
    }

    fn role(&self) -> Role {
        match self.part {
            Part::Primary(_) => Role::Leader,
            Part::Backup | Part::Booting | Part::Recovering(_) => Role::Follower,
            Part::Changing { .. } => Role::Candidate,
        }
    }

    fn epoch(&self) -> Option<Epoch> {
        // A server that promotes itself asks no other and numbers nothing.
        (self.config.promotion == Promotion::Majority).then_some(Epoch { name: "view", number: self.view })
    }

    fn retained(&self) -> Option<Retained> {
        let mut retained = Retained::new(true);
        for (entry, index) in self.log.entries().iter().zip(1..) {
            retained.add(entry.op, if index <= self.machine.upto() { Fate::Stands } else { Fate::Waits });
        }
        Some(retained)
    }

    fn written(disk: &[Record]) -> Option<Vec<OpId>> {
        Some(Persistent::replay(disk).log.entries().iter().map(|entry| entry.op).collect())
    }

    fn inspect(&self) -> Inspect {
        let mut facts = vec![
            ("primary", self.primary.to_string()),
            ("entries", self.log.last().to_string()),
            ("done", self.commit.to_string()),
        ];
        if let Part::Primary(lead) = &self.part {
            let held = (0..).zip(&lead.held).filter(|(node, _)| NodeId(*node) != self.me);
            let held: Vec<String> =
                held.map(|(node, upto)| format!("{} up to {upto}", NodeId(node))).collect();
            facts.push(("acknowledged by", held.join(", ")));
        }
        if !self.takes_part() {
            let standing = if matches!(self.part, Part::Booting) { "booting" } else { "recovering" };
            facts.push(("standing", standing.to_owned()));
        }
        let content = |entry: &Entry| (entry.view, entry.to_string());
        let log = LogView {
            first: 1,
            entries: self.log.entries().iter().map(content).collect(),
            commit: self.commit,
            applied: self.machine.upto(),
        };
        Inspect {
            role: self.role(),
            epoch: self.epoch(),
            log: Some(log),
            holds: self.machine.held(),
            facts,
            ..Inspect::default()
        }
    }
}

impl Server {
    fn receive(&mut self, from: NodeId, message: Rpc, ctx: &mut Ctx<'_, Self>) {
        match message {
            Rpc::RecoveryResponse { view, nonce, state } => {
                self.receive_recovery_response(from, view, nonce, state, ctx);
            }
            _ if !self.takes_part() => {}
            Rpc::Replicate { view, index, prev, entries, commit, beat, fresh } => {
                let place = replication::Place { index, prev, commit, beat, fresh };
                self.receive_replicate(from, view, place, entries, ctx);
            }
            Rpc::ReplicateAck { view, upto, chain, beat } => {
                self.count(from, (view, upto, chain), ctx);
                if view == self.view {
                    self.count_beat(from, beat, ctx);
                }
            }
            Rpc::Mismatch { view, len } => self.go_back(from, view, len, ctx),
            Rpc::GetState { view } => self.tell_state(from, view, ctx),
            Rpc::Stale { view } => self.fall_behind(view, ctx),
            Rpc::Confirm { view, round } => self.receive_confirm(from, view, round, ctx),
            Rpc::ConfirmReply { view, round } => self.count_confirmation(from, view, round, ctx),
            Rpc::StartViewChange { view } => self.receive_start_view_change(from, view, ctx),
            Rpc::DoViewChange { view, normal, log, commit } => {
                self.receive_do_view_change(view, Offer { from, normal, log, commit }, ctx);
            }
            Rpc::StartView { view, log, commit } => self.receive_start_view(from, view, log, commit, ctx),
            Rpc::Recovery { view, nonce } => self.receive_recovery(from, view, nonce, ctx),
        }
    }

    fn start(&mut self, disk: &[Record], ctx: &mut Ctx<'_, Self>) {
        let found = Persistent::replay(disk);
        (self.view, self.normal, self.log) = (found.view, found.normal, found.log.clone());
        self.barrier = Barrier::starting(disk.len());
        self.heard = ctx.now();
        self.primary = self.primary_of(self.view, ctx);
        if found.began || self.log.last() > 0 {
            let len = self.log.last();
            ctx.note(|| format!("starts from its disk: {}", counted(len, "entry")));
        }
        if self.config.promotion == Promotion::Majority {
            self.enter_service(&found, ctx);
        } else if found.formatted && found.primary.unwrap_or(self.me == NodeId(0)) {
            // A server comes back as what it was: no other told it otherwise. One that has forgotten does not know what
            // it was, and takes no place.
            self.lead(ctx);
        } else {
            self.watch_for_silence(ctx);
        }
    }

    /// The primary of a view goes round (section 4.1).
    fn primary_of(&self, view: u64, ctx: &Ctx<'_, Self>) -> NodeId {
        NodeId((view % u64::from(ctx.cluster())) as u16)
    }

    /// Writes what is to be kept.
    fn write(&mut self, record: Record, ctx: &mut Ctx<'_, Self>) {
        let kept = match (self.config.keep, &record) {
            (Keep::Log, _) => true,
            (Keep::View, record) => matches!(record, Record::View { .. }),
            (Keep::Nothing, _) => false,
        };
        if kept {
            self.append(record, ctx);
        }
    }

    fn append(&mut self, record: Record, ctx: &mut Ctx<'_, Self>) {
        self.barrier.wrote();
        ctx.append(record);
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
            Then::Send { to, message } => ctx.send(to, message),
            Then::Own { view, upto, chain } => self.count(self.me, (view, upto, chain), ctx),
            Then::Begin => self.begin(ctx),
        }
    }

    pub(super) fn is_primary(&self) -> bool {
        matches!(self.part, Part::Primary(_))
    }
}

impl Protocol for Server {
    const NAME: &'static str = "primary-backup";
    const ABOUT: &'static str = "One server takes the writes, the others copy its log.";
    const KNOBS: &'static [Knob] = config::KNOBS;
    const CLAIMS: &'static [Claim] = promises::CLAIMS;
    /// By a timeout, a primary that gives way throws entries of its own away.
    fn own_copy(knobs: &Knobs) -> bool {
        knobs.choice("promotion") != "timeout"
    }

    type Property = Promise;

    fn new(me: NodeId, _cluster: u16, knobs: &Knobs) -> Self {
        Server {
            me,
            config: Config::read(knobs),
            view: 0,
            normal: 0,
            log: Log::default(),
            part: Part::Backup,
            primary: NodeId(0),
            heard: LocalTime(i64::MIN),
            fresh: None,
            commit: 0,
            machine: Machine::default(),
            applying: false,
            barrier: Barrier::default(),
            done_now: Vec::new(),
        }
    }

    fn properties(_cluster: u16, _knobs: &Knobs) -> Vec<Promise> {
        promises::all()
    }

    fn disk(text: &str) -> Result<Vec<Record>, String> {
        storage::read(text)
    }
}
