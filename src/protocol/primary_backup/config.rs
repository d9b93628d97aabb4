//! The knobs of primary–backup replication.

use crate::sim::{Dial, Knob, Knobs, Micros};

/// Every parameter, read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    pub acknowledge: Acknowledge,
    pub promotion: Promotion,
    /// Silence after which a backup thinks the primary dead.
    pub timeout: Micros,
    pub heartbeat: Micros,
    pub read: Read,
    /// How long ago a backup may have heard from the primary and still answer reads.
    pub staleness: Micros,
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

/// Who comes after a primary that falls silent, and by whose leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promotion {
    /// A backup that hears nothing promotes itself.
    Timeout,
    /// A majority moves to the next view together (Viewstamped Replication Revisited, section 4.2).
    Majority,
    /// Nobody.
    Never,
}

/// Who answers reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Primary,
    /// Whoever is asked, with what it has.
    Any,
    /// Whoever is asked, if it has what the client has seen; otherwise the primary.
    Session,
    /// Whoever is asked, if it heard from the primary lately.
    Bounded,
}

pub const KNOBS: &[Knob] = &[
    Knob {
        name: "acknowledge",
        about: "Who holds a write before the client hears that it is done: the primary alone, one backup as well, a majority, or all.",
        dial: Dial::Choice { default: "majority", options: &["primary", "one backup", "majority", "all"] },
    },
    Knob {
        name: "promotion",
        about: "Who makes a backup the next primary: its own timeout, a majority that moves to a new view, or nobody.",
        dial: Dial::Choice { default: "majority", options: &["timeout", "majority", "never"] },
    },
    Knob {
        name: "timeout",
        about: "Silence after which a backup thinks the primary dead.",
        dial: Dial::Duration {
            default: Micros::from_millis(300),
            least: Micros::from_millis(10),
            most: Micros::from_secs(60),
        },
    },
    Knob {
        name: "heartbeat",
        about: "How often a primary lets its backups hear from it.",
        dial: Dial::Duration {
            default: Micros::from_millis(60),
            least: Micros::from_millis(1),
            most: Micros::from_secs(10),
        },
    },
    Knob {
        name: "read",
        about: "Who answers reads: the primary, anybody, anybody who has what the client has seen, or anybody who heard from the primary lately.",
        dial: Dial::Choice { default: "primary", options: &["primary", "any", "session", "bounded"] },
    },
    Knob {
        name: "staleness",
        about: "With bounded reads: how long ago a backup may have heard from the primary.",
        dial: Dial::Duration {
            default: Micros::from_millis(200),
            least: Micros::from_millis(1),
            most: Micros::from_secs(60),
        },
    },
];

impl Config {
    pub fn read(knobs: &Knobs) -> Config {
        Config {
            acknowledge: match knobs.choice("acknowledge") {
                "primary" => Acknowledge::Primary,
                "one backup" => Acknowledge::One,
                "all" => Acknowledge::All,
                _ => Acknowledge::Majority,
            },
            promotion: match knobs.choice("promotion") {
                "timeout" => Promotion::Timeout,
                "never" => Promotion::Never,
                _ => Promotion::Majority,
            },
            timeout: knobs.duration("timeout"),
            heartbeat: knobs.duration("heartbeat"),
            read: match knobs.choice("read") {
                "any" => Read::Any,
                "session" => Read::Session,
                "bounded" => Read::Bounded,
                _ => Read::Primary,
            },
            staleness: knobs.duration("staleness"),
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
}
