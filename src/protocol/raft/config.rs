//! The knobs of Raft.

use crate::sim::{ALWAYS, Dial, Knob, Knobs, Micros, Need};

/// Every parameter, read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// The shortest election timeout.
    pub timeout: Micros,
    /// The longest is this much longer.
    pub spread: Micros,
    pub heartbeat: Micros,
    pub pre_vote: bool,
    pub check_quorum: bool,
    /// Entries in one message at most.
    pub batch: u64,
    pub noop: bool,
    /// Section 5.4.2: only entries of the current term are committed by counting.
    pub commit_current_term_only: bool,
    /// Section 5.4.1: vote only for a log at least as up to date.
    pub vote_for_up_to_date_only: bool,
    /// Figure 2: "updated on stable storage before responding to RPCs".
    pub sync_first: bool,
    pub own_vote: OwnVote,
    pub read: Read,
    /// By how much a clock may be slower than another, in percent.
    pub clock_bound: u64,
    /// Section 8: a request that comes twice takes effect once.
    pub sessions: bool,
}

/// When a candidate's vote for itself is on its disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnVote {
    /// While the others are asked; it counts once it is synced (dissertation 9.3).
    WhileAsking,
    /// Before the others are asked: one sync more for each election.
    BeforeAsking,
    /// It counts at once, and the log is claimed as it is in memory: wrong.
    CountedUnsynced,
}

/// How a leader answers reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// As entries of the log (section 8).
    Log,
    /// After a round of heartbeats (dissertation 6.4).
    Index,
    /// From memory as long as no other server can lead, if clocks are right (dissertation 6.4.1).
    Lease,
    /// From memory, without asking any other: wrong.
    Local,
}

const LEASE: &[Need] = &[Need { knob: "read", is: &["lease"] }];
/// Where nothing is synced first, it is all the same when a vote would be.
const SYNCED: &[Need] = &[Need { knob: "sync before answering", is: &["true"] }];

/// Every knob, as the page shows them.
pub const KNOBS: &[Knob] = &[
    Knob {
        name: "election timeout",
        about: "The shortest time without a leader's word after which a follower stands for election.",
        dial: Dial::Duration {
            default: Micros::from_millis(150),
            least: Micros::from_millis(1),
            most: Micros::from_secs(60),
        },
        needs: ALWAYS,
    },
    Knob {
        name: "spread",
        about: "The randomness: each timeout is longer by up to this much. Without it votes split.",
        dial: Dial::Duration {
            default: Micros::from_millis(150),
            least: Micros::ZERO,
            most: Micros::from_secs(60),
        },
        needs: ALWAYS,
    },
    Knob {
        name: "heartbeat",
        about: "How often a leader lets its followers hear from it.",
        dial: Dial::Duration {
            default: Micros::from_millis(50),
            least: Micros::from_millis(1),
            most: Micros::from_secs(60),
        },
        needs: ALWAYS,
    },
    Knob {
        name: "pre-vote",
        about: "Ask whether an election could be won before raising the term.",
        dial: Dial::Switch { default: false },
        needs: ALWAYS,
    },
    Knob {
        name: "check-quorum",
        about: "A leader that cannot reach a majority steps down; a server that hears from a leader ignores candidates.",
        dial: Dial::Switch { default: false },
        needs: ALWAYS,
    },
    Knob {
        name: "batch",
        about: "How many entries fit into one message.",
        dial: Dial::Number { default: 64, least: 1, most: 10_000 },
        needs: ALWAYS,
    },
    Knob {
        name: "no-op",
        about: "A new leader appends an empty entry, so that it can commit what came before.",
        dial: Dial::Switch { default: true },
        needs: ALWAYS,
    },
    Knob {
        name: "commit rule",
        about: "Which entries a leader commits by counting replicas; \"any term\" is wrong (figure 8).",
        dial: Dial::Choice { default: "current term", options: &["current term", "any term"] },
        needs: ALWAYS,
    },
    Knob {
        name: "vote rule",
        about: "Which candidates a server votes for; \"anyone\" is wrong (section 5.4.1).",
        dial: Dial::Choice { default: "up-to-date log", options: &["up-to-date log", "anyone"] },
        needs: ALWAYS,
    },
    Knob {
        name: "sync before answering",
        about: "Votes and entries are on disk before any other server hears of them; off is wrong (figure 2).",
        dial: Dial::Switch { default: true },
        needs: ALWAYS,
    },
    Knob {
        name: "own vote",
        about: "When a candidate syncs its vote for itself: while it asks the others, or before; \"counted unsynced\" is wrong.",
        dial: Dial::Choice {
            default: "synced while asking",
            options: &["synced while asking", "synced before asking", "counted unsynced"],
        },
        needs: SYNCED,
    },
    Knob {
        name: "read",
        about: "Reads go through the log, wait for a round of heartbeats (index), trust a lease, or just trust (local).",
        dial: Dial::Choice { default: "log", options: &["log", "index", "lease", "local"] },
        needs: ALWAYS,
    },
    Knob {
        name: "sessions",
        about: "Servers remember what they answered, so that a request that comes twice takes effect once.",
        dial: Dial::Switch { default: true },
        needs: ALWAYS,
    },
    Knob {
        name: "clock bound",
        about: "Assumed clock drift between servers, in percent; leases are shortened by it.",
        dial: Dial::Number { default: 10, least: 0, most: 99 },
        needs: LEASE,
    },
];

impl Config {
    pub fn read(knobs: &Knobs) -> Config {
        Config {
            timeout: knobs.duration("election timeout"),
            spread: knobs.duration("spread"),
            heartbeat: knobs.duration("heartbeat"),
            pre_vote: knobs.switch("pre-vote"),
            check_quorum: knobs.switch("check-quorum"),
            batch: knobs.number("batch"),
            noop: knobs.switch("no-op"),
            commit_current_term_only: knobs.choice("commit rule") == "current term",
            vote_for_up_to_date_only: knobs.choice("vote rule") == "up-to-date log",
            sync_first: knobs.switch("sync before answering"),
            own_vote: match knobs.choice("own vote") {
                "synced before asking" => OwnVote::BeforeAsking,
                "counted unsynced" => OwnVote::CountedUnsynced,
                _ => OwnVote::WhileAsking,
            },
            read: match knobs.choice("read") {
                "index" => Read::Index,
                "lease" => Read::Lease,
                "local" => Read::Local,
                _ => Read::Log,
            },
            clock_bound: knobs.number("clock bound"),
            sessions: knobs.switch("sessions"),
        }
    }
}
