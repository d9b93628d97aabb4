//! The knobs of primary–backup replication.

use crate::sim::{ALWAYS, Dial, Knob, Knobs, Micros, Need, NodeId};

/// Every parameter, read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    pub acknowledge: Acknowledge,
    pub promotion: Promotion,
    /// Silence after which a backup thinks the primary dead.
    pub timeout: Micros,
    pub heartbeat: Micros,
    pub read: Read,
    /// With bounded reads: no write that is missing from an answer was acknowledged longer ago.
    pub staleness: Micros,
    /// By how much two clocks may differ.
    pub uncertainty: Micros,
    pub bound: Bound,
    pub keep: Keep,
    /// A server that has forgotten asks the others before it takes part.
    pub recovers: bool,
    /// A request that comes again is not executed again.
    pub sessions: bool,
    /// The server that applies slowly as a backup, and how long it takes over each entry.
    pub slow: Option<(NodeId, Micros)>,
}

/// From when on the age of a copy is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// From when the primary said what is done, by its clock.
    Sending,
    /// From when anything was heard of it: wrong.
    Hearing,
}

/// What a restart finds again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// View and log.
    Log,
    /// Which view it had left for, and nothing else: the others' memory is the disk.
    View,
    /// That it was here before: the paper to the letter, which is a little less than it takes.
    Nothing,
}

/// How many hold a write, safe on disk, before the client hears that it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledge {
    /// The primary alone: asynchronous replication.
    Primary,
    /// And one backup: semi-synchronous.
    One,
    Majority,
    /// Synchronous replication.
    All,
}

/// Which server comes after a primary that falls silent, and what it needs for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promotion {
    /// A backup that hears nothing promotes itself.
    Timeout,
    /// A majority moves to the next view together (Viewstamped Replication Revisited, section 4.2).
    Majority,
    /// None.
    Never,
}

/// Which servers answer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Primary,
    /// The server that is asked, with what it has.
    Any,
    /// The server that is asked, if it has what the client has seen; otherwise the primary.
    Session,
    /// The server that is asked, if it can show that what it has is not too old.
    Bounded,
}

const PROMOTES: &[Need] = &[Need { knob: "promotion", is: &["timeout", "majority"] }];
const VIEWS: &[Need] = &[Need { knob: "promotion", is: &["majority"] }];
const BOUNDED: &[Need] = &[Need { knob: "read", is: &["bounded"] }];
const BOUNDED_BY_CLOCKS: &[Need] =
    &[Need { knob: "read", is: &["bounded"] }, Need { knob: "bound from", is: &["sending"] }];

const SLOW: &[Need] = &[Need { knob: "slow replica", is: &NAMES }];
/// The servers that can be slow.
const NAMES: [&str; 9] = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"];

pub const KNOBS: &[Knob] = &[
    Knob {
        name: "acknowledge",
        about: "Which servers hold a write before the client hears that it is done: the primary alone, one backup as well, a majority, or all.",
        dial: Dial::Choice { default: "majority", options: &["primary", "one backup", "majority", "all"] },
        needs: ALWAYS,
    },
    Knob {
        name: "promotion",
        about: "What makes a backup the next primary: its own timeout, a majority that moves to a new view, or nothing.",
        dial: Dial::Choice { default: "majority", options: &["timeout", "majority", "never"] },
        needs: ALWAYS,
    },
    Knob {
        name: "timeout",
        about: "Silence after which a backup thinks the primary dead.",
        dial: Dial::Duration {
            default: Micros::from_millis(300),
            least: Micros::from_millis(10),
            most: Micros::from_secs(60),
        },
        needs: PROMOTES,
    },
    Knob {
        name: "heartbeat",
        about: "How often a primary lets its backups hear from it.",
        dial: Dial::Duration {
            default: Micros::from_millis(60),
            least: Micros::from_millis(1),
            most: Micros::from_secs(10),
        },
        needs: ALWAYS,
    },
    Knob {
        name: "read",
        about: "Which servers answer reads: the primary, any, any that has what the client has seen, or any that can show that what it has is not too old.",
        dial: Dial::Choice { default: "primary", options: &["primary", "any", "session", "bounded"] },
        needs: ALWAYS,
    },
    Knob {
        name: "staleness",
        about: "With bounded reads: how old what a server has may be. A write that is missing was acknowledged no longer ago.",
        dial: Dial::Duration {
            default: Micros::from_millis(200),
            least: Micros::from_millis(1),
            most: Micros::from_secs(60),
        },
        needs: BOUNDED,
    },
    Knob {
        name: "clock uncertainty",
        about: "With bounded reads: by how much two servers' clocks may differ. A backup counts its copy as older by this.",
        dial: Dial::Duration {
            default: Micros::from_millis(10),
            least: Micros::ZERO,
            most: Micros::from_secs(10),
        },
        needs: BOUNDED_BY_CLOCKS,
    },
    Knob {
        name: "bound from",
        about: "From when on the age of a copy counts: from when the primary told what is done, or from when anything was heard of it, which is wrong.",
        dial: Dial::Choice { default: "sending", options: &["sending", "hearing"] },
        needs: BOUNDED,
    },
    Knob {
        name: "keep",
        about: "With promotion by a majority: what is on a server's disk. Its log; which view it is in, so that the others have to tell it the rest (section 4.3 of the paper); or nothing, which is a little less than that takes.",
        dial: Dial::Choice { default: "log", options: &["log", "view", "nothing"] },
        needs: VIEWS,
    },
    Knob {
        name: "recovery",
        about: "A server that has forgotten what it said takes no part before the others have told it; off is wrong (section 4.3).",
        dial: Dial::Switch { default: true },
        needs: VIEWS,
    },
    Knob {
        name: "sessions",
        about: "A request that comes again is answered and not executed again; off is wrong (section 4.1).",
        dial: Dial::Switch { default: true },
        needs: ALWAYS,
    },
    Knob {
        name: "slow replica",
        about: "A backup that applies entries more slowly than they come: it acknowledges them, and its reads are old.",
        dial: Dial::Choice {
            default: "none",
            options: &["none", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"],
        },
        needs: ALWAYS,
    },
    Knob {
        name: "slow apply",
        about: "How long the slow replica takes to apply one entry.",
        dial: Dial::Duration {
            default: Micros::from_millis(200),
            least: Micros::from_millis(1),
            most: Micros::from_secs(60),
        },
        needs: SLOW,
    },
];

impl Config {
    pub fn read(knobs: &Knobs) -> Config {
        let promotion = match knobs.choice("promotion") {
            "timeout" => Promotion::Timeout,
            "never" => Promotion::Never,
            _ => Promotion::Majority,
        };
        let slow = NAMES.iter().position(|name| *name == knobs.choice("slow replica"));
        Config {
            slow: slow.map(|place| (NodeId(place as u16), knobs.duration("slow apply"))),
            acknowledge: match knobs.choice("acknowledge") {
                "primary" => Acknowledge::Primary,
                "one backup" => Acknowledge::One,
                "all" => Acknowledge::All,
                _ => Acknowledge::Majority,
            },
            promotion,
            timeout: knobs.duration("timeout"),
            heartbeat: knobs.duration("heartbeat"),
            read: match knobs.choice("read") {
                "any" => Read::Any,
                "session" => Read::Session,
                "bounded" => Read::Bounded,
                _ => Read::Primary,
            },
            staleness: knobs.duration("staleness"),
            uncertainty: knobs.duration("clock uncertainty"),
            bound: if knobs.choice("bound from") == "hearing" { Bound::Hearing } else { Bound::Sending },
            // Without views there is no server to ask after a restart.
            keep: match knobs.choice("keep") {
                "view" if promotion == Promotion::Majority => Keep::View,
                "nothing" if promotion == Promotion::Majority => Keep::Nothing,
                _ => Keep::Log,
            },
            recovers: knobs.switch("recovery"),
            sessions: knobs.switch("sessions"),
        }
    }

    /// How many of a cluster have to hold a write, the primary among them.
    pub fn copies(&self, cluster: u16) -> usize {
        let cluster = usize::from(cluster);
        match self.acknowledge {
            Acknowledge::Primary => 1,
            Acknowledge::One => cluster.min(2),
            Acknowledge::Majority => cluster / 2 + 1,
            Acknowledge::All => cluster,
        }
    }

    /// Any majority of copies will do where the next view asks a majority. Otherwise the primary's own is one of them:
    /// when it starts again, its log is the one that counts.
    pub fn needs_own_copy(&self) -> bool {
        (self.acknowledge, self.promotion) != (Acknowledge::Majority, Promotion::Majority)
    }
}
