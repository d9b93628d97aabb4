//! Raft, from the extended paper (Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm",
//! 2014), with pre-vote and check-quorum from Ongaro's dissertation (sections 9.6 and 6.2).
//!
//! [`Raft::step`] is the table of contents. `election` is section 5.2, `replication` sections 5.3 and 5.4,
//! [`storage`] and [`log`] what figure 2 calls persistent state, [`safety`] figure 3.
//!
//! `reads` is dissertation section 6.4, `levels` what clients get that ask for less, or more, than the others.
//!
//! Not in this version, and where it would go: snapshots (a record in [`storage`] and a message), membership changes
//! (a command in [`log`] and a list in place of `ctx.peers()`).

pub mod config;
mod election;
mod inspect;
mod levels;
pub mod liveness;
pub mod log;
pub mod machine;
pub mod message;
mod promises;
mod reads;
mod replication;
pub mod safety;
pub mod storage;

use litemap::LiteMap;

use crate::check::Claim;
use crate::protocol::Protocol;
use crate::protocol::barrier::Barrier;
use crate::sim::words::counted;
use crate::sim::{
    Ctx, Epoch, Fate, Input, Inspect, Knob, Knobs, Level, LocalTime, Node, NodeId, OpId, Retained, Role,
};

use config::{Config, Read};
use log::Log;
use machine::KeyValue;
use message::Rpc;
use promises::Promise;
use reads::Rounds;
use storage::{Persistent, Record};

/// One server.
#[derive(Clone, Debug)]
pub struct Raft {
    config: Config,
    // Persistent state on all servers (figure 2).
    term: u64,
    voted_for: Option<NodeId>,
    log: Log,
    /// What waits for the disk.
    barrier: Barrier<Then>,
    // Volatile state on all servers.
    standing: Standing,
    leader: Option<NodeId>,
    /// When a leader was last heard.
    heard: LocalTime,
    commit: u64,
    applied: u64,
    machine: KeyValue,
}

#[derive(Clone, Debug)]
enum Standing {
    Follower,
    /// Asks whether it could win, in the old term.
    PreCandidate {
        votes: Vec<NodeId>,
    },
    Candidate {
        votes: Vec<NodeId>,
    },
    Leader(Leading),
}

/// Volatile state on leaders, reinitialised after election.
#[derive(Clone, Debug)]
struct Leading {
    next: Vec<u64>,
    matched: Vec<u64>,
    /// The servers that answered since the last check of the quorum.
    alive: Vec<bool>,
    /// Clients whose entries are not applied yet, and what they demand.
    waiting: LiteMap<u64, (OpId, Level)>,
    rounds: Rounds,
}

/// What a server does once its records are safe.
#[derive(Clone, Debug)]
enum Then {
    Send {
        to: NodeId,
        message: Rpc,
    },
    /// Asks the others for their votes, if it still stands in this term.
    Campaign {
        term: u64,
    },
    /// Counts its own vote, if it still stands in this term.
    OwnVote {
        term: u64,
    },
    /// Counts its own log up to this index, if it still leads in this term.
    OwnLog {
        term: u64,
        index: u64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    Election,
    Heartbeat,
    Quorum,
}

impl Node for Raft {
    type Message = Rpc;
    type Timer = Alarm;
    type Record = Record;

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        match input {
            Input::Start { disk } => self.start(disk, ctx),
            Input::Timer(Alarm::Election) => self.stand_for_election(ctx),
            Input::Timer(Alarm::Heartbeat) => self.send_heartbeats(ctx),
            Input::Timer(Alarm::Quorum) => self.check_quorum(ctx),
            Input::Message { from, message } => match message {
                Rpc::PreVote(ballot) => self.receive_pre_vote(from, ballot, ctx),
                Rpc::PreVoteReply { term, asked, granted } => {
                    self.count_pre_vote(from, term, asked, granted, ctx)
                }
                Rpc::RequestVote(ballot) => self.receive_request_vote(from, ballot, ctx),
                Rpc::RequestVoteReply { term, granted } => self.count_vote(from, term, granted, ctx),
                Rpc::AppendEntries { term, prev_index, prev_term, entries, commit, round } => {
                    let place = replication::Place { prev_index, prev_term, commit, round };
                    self.receive_append_entries(from, term, place, entries, ctx);
                }
                Rpc::AppendEntriesReply { term, result, round, .. } => {
                    self.receive_append_reply(from, term, result, ctx);
                    if term == self.term {
                        self.count_round(from, round, ctx);
                    }
                }
            },
            Input::Request(request) => self.receive_request(request, ctx),
            Input::Synced { through } => self.records_are_safe(through, ctx),
        }
    }

    fn role(&self) -> Role {
        self.part()
    }

    fn epoch(&self) -> Option<Epoch> {
        Some(self.current_term())
    }

    fn inspect(&self) -> Inspect {
        self.show()
    }

    fn retained(&self) -> Option<Retained> {
        let mut retained = Retained::new(true);
        for (op, index) in self.log.writes() {
            retained.add(op, if index <= self.applied { Fate::Stands } else { Fate::Waits });
        }
        Some(retained)
    }

    fn written(disk: &[Record]) -> Option<Vec<OpId>> {
        Some(Persistent::replay(disk).log.writes().map(|(op, _)| op).collect())
    }
}

impl Raft {
    /// Begins as a follower with what the disk kept (section 5.2). The state machine is rebuilt from the log once it
    /// is known again what is committed.
    fn start(&mut self, disk: &[Record], ctx: &mut Ctx<'_, Self>) {
        let Persistent { term, voted_for, log } = Persistent::replay(disk);
        (self.term, self.voted_for, self.log) = (term, voted_for, log);
        self.barrier = Barrier::starting(disk.len());
        if !disk.is_empty() {
            let (term, last) = (self.term, self.log.last_index());
            ctx.note(|| format!("starts from its disk: term {term}, {}", counted(last, "entry")));
            // It may have promised a leader to vote for no other, and forgotten it. With an empty disk it has not: what
            // answers a leader is in the leader's term, and that was safe before the answer left.
            if self.config.read == Read::Lease {
                self.heard = ctx.now();
            }
        }
        self.reset_election_timer(ctx);
    }

    /// Writes `currentTerm` and `votedFor` to disk.
    fn persist_vote(&mut self, ctx: &mut Ctx<'_, Self>) {
        self.append_record(Record::Vote { term: self.term, voted_for: self.voted_for }, ctx);
        ctx.sync();
    }

    fn append_record(&mut self, record: Record, ctx: &mut Ctx<'_, Self>) {
        self.barrier.wrote();
        ctx.append(record);
    }

    /// Figure 2: "persistent state … updated on stable storage before responding to RPCs". Does `then` once every
    /// record written so far is safe; at once, if all are, or if the rule is broken by the knob.
    fn once_safe(&mut self, then: Then, ctx: &mut Ctx<'_, Self>) {
        let now = if self.config.sync_first { self.barrier.pass(then) } else { Some(then) };
        if let Some(then) = now {
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
            Then::Campaign { term } => self.campaign(term, ctx),
            Then::OwnVote { term } => self.count_vote(ctx.me(), term, true, ctx),
            Then::OwnLog { term, index } => self.count_own_log(term, index, ctx),
        }
    }

    fn majority(ctx: &Ctx<'_, Self>) -> usize {
        usize::from(ctx.cluster()) / 2 + 1
    }
}

impl Protocol for Raft {
    const NAME: &'static str = "raft";
    const ABOUT: &'static str = "Servers agree on a log by electing a leader that all others follow.";
    const KNOBS: &'static [Knob] = config::KNOBS;
    const CLAIMS: &'static [Claim] = promises::CLAIMS;
    const SERVES: &'static [&'static str] = &["linearizable"];
    type Property = Promise;

    fn new(_me: NodeId, _cluster: u16, knobs: &Knobs) -> Self {
        Raft {
            config: Config::read(knobs),
            term: 0,
            voted_for: None,
            log: Log::default(),
            barrier: Barrier::default(),
            standing: Standing::Follower,
            leader: None,
            heard: LocalTime(i64::MIN),
            commit: 0,
            applied: 0,
            machine: KeyValue::default(),
        }
    }

    fn properties(cluster: u16, _knobs: &Knobs) -> Vec<Promise> {
        promises::all(cluster)
    }

    fn disk(text: &str) -> Result<Vec<Record>, String> {
        storage::read(text)
    }
}
