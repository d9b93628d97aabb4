//! What a run needs to know: a script, read for one variant.

use super::zone::Zone;
use crate::sim::{Fault, Knobs, Limits, Machine, Micros, NodeId, Quality, Role, Time};
pub use crate::workload::{Ask, Client};

/// A scenario with one variant chosen and every default filled in. Nothing in it can fail any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub protocol: String,
    pub seed: u64,
    pub until: Time,
    pub network: Quality,
    pub limits: Limits,
    /// One for each node.
    pub machines: Vec<Machine>,
    /// What each node's disk holds at the start, in the protocol's notation; empty: nothing.
    pub disks: Vec<String>,
    pub zones: Vec<Zone>,
    pub clients: Vec<Client>,
    pub knobs: Knobs,
    /// In order of time; acts of the same time in the order written.
    pub acts: Vec<Act>,
    pub captions: Vec<Caption>,
    pub expect: Expect,
    pub objectives: Objectives,
}

impl Plan {
    /// A plan in which nothing is done to anybody: so many nodes, calm weather, ten seconds.
    pub fn calm(protocol: &str, nodes: u16, knobs: Knobs) -> Plan {
        Plan {
            protocol: protocol.to_owned(),
            seed: 1,
            until: Time(10_000_000),
            network: Quality::default(),
            limits: Limits::default(),
            machines: vec![Machine::default(); nodes.into()],
            disks: vec![String::new(); nodes.into()],
            zones: Vec::new(),
            clients: Vec::new(),
            knobs,
            acts: Vec::new(),
            captions: Vec::new(),
            expect: Expect::default(),
            objectives: Objectives::default(),
        }
    }
}

/// Something done to the world, at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub at: Time,
    /// `None` when there is only something to say.
    pub deed: Option<Deed>,
    pub say: Option<String>,
}

/// Puts acts in the order of their times; those of one time stay in theirs.
pub fn in_order(acts: &mut [Act]) {
    // Nearly in order already, most of the time: each is put where it belongs among those before it.
    for i in 1..acts.len() {
        let place = acts[..i].partition_point(|act| act.at <= acts[i].at);
        acts[place..=i].rotate_right(1);
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Fault(Fault),
    /// A client's operation, sent by hand to one node.
    Ask {
        node: NodeId,
        ask: Ask,
    },
}

/// A sentence that appears when something first becomes true.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    pub when: When,
    pub say: String,
}

/// A predicate on a run; every part that is given must be true at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct When {
    /// Not before this time.
    pub after: Option<Time>,
    /// The node that the other parts speak of; any node if `None`.
    pub node: Option<NodeId>,
    pub role: Option<Role>,
    /// The node's epoch is at least this.
    pub epoch: Option<u64>,
    /// The node's commit index is at least this.
    pub commit: Option<u64>,
    /// The node wrote a story line that contains this.
    pub note: Option<String>,
    /// A message of this kind was lost.
    pub lost: Option<String>,
    /// This promise is broken.
    pub broken: Option<String>,
    /// This promise is judged, and not broken so far.
    pub holds: Option<String>,
}

/// What must come of a variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    pub holds: Vec<String>,
    pub violates: Vec<String>,
    /// The part of all seeds for which `violates` must come true, `0.0..=1.0`; with the script's own seed it always must.
    pub share: f64,
}

impl Expect {
    /// Every promise that is spoken of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.holds.iter().chain(&self.violates).map(String::as_str)
    }
}

/// So long after the last fault, this part of the operations is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recovery {
    pub within: Micros,
    /// `0.0..=1.0`.
    pub share: f64,
}

/// What the service has to be; what is not set is nobody's promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Objectives {
    /// The least part of the operations ending in a window that are answered.
    pub availability: Option<f64>,
    /// The least part of the operations of a window that are answered in less than this.
    pub latency: Option<(f64, Micros)>,
    /// How soon after the last fault operations are answered again.
    pub recovery: Option<Recovery>,
    pub window: Micros,
    /// When the first window begins.
    pub from: Time,
    /// No window ends later.
    pub until: Time,
    /// When elections have settled: from here on a leader has to be stable.
    pub settled: Time,
}

impl Default for Objectives {
    fn default() -> Objectives {
        Objectives {
            availability: None,
            latency: None,
            recovery: None,
            window: Micros::ZERO,
            from: Time::ZERO,
            until: Time::ZERO,
            settled: SETTLED,
        }
    }
}

/// When elections have settled, unless a script says another time.
pub const SETTLED: Time = Time(5_000_000);
