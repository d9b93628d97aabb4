//! What became of acknowledged writes. A write is acknowledged once its client has heard "ok". It is lost if no node has
//! it any more, nor a write that was made with knowledge of it; in a replicated log, if it is not in the applied part.
//! Writes that come after it in one log, or whose writer had read it, overwrite it; a write that only replaces it does not.
//!
//! Nodes that can tell one write from another say what became of each ([`Node::retained`]). Of the others only the
//! values are known that they show, and what clients knew: see `values`. Where that does not settle it, it *cannot be
//! told*, and is counted as that.

mod judge;
mod knowledge;
mod passing;
mod values;

pub use judge::Losses;

use std::collections::BTreeSet;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::property::{Claim, Mode, is_whole};
use crate::sim::{Call, Cluster, EventId, Fate, Held, Node, NodeId, OpId, Outcome, Retained, Trace, Version};

/// Of any protocol that serves clients.
pub const CLAIM: Claim = Claim {
    name: "no acknowledged write lost",
    sentence: "In the end, with everything healed and at rest, each write whose client heard \"ok\" is there, or a write \
               that was made with knowledge of it is; in a log, in its applied part.",
    source: "durability: Haerder and Reuter 1983",
    mode: Mode::Always,
};

/// An operation of a client that may change something, and what its client heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub op: OpId,
    pub client: NodeId,
    pub call: Call,
    pub invoked: EventId,
    /// How it ended, as far as its client heard, and when.
    pub heard: Option<(EventId, Outcome)>,
}

/// What became of the writes of a run, all told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// Acknowledged writes that are there, or that a write replaced whose writer knew of them.
    pub kept: u64,
    /// Those of which nothing is left anywhere, as places in what was asked for.
    pub absent: Vec<usize>,
    /// Those in whose place something else stands: they are lost, unless a write comes yet that is made with knowledge
    /// of them.
    pub replaced: Vec<usize>,
    /// How many more are lost that cannot be named.
    pub missing: u64,
    /// Acknowledged writes of which it cannot be told.
    pub untold: u64,
    /// One reason for it.
    pub why: Option<&'static str>,
}

impl Fates {
    /// How many writes are surely lost.
    pub fn losses(&self) -> u64 {
        (self.absent.len() + self.replaced.len()) as u64 + self.missing
    }

    /// How many writes were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.kept + self.losses() + self.untold
    }

    fn cannot_tell(&mut self, writes: u64, why: &'static str) {
        self.untold += writes;
        self.why = self.why.or((writes > 0).then_some(why));
    }
}

impl Asked {
    /// Did its client hear that it took effect? Finding a queue empty takes nothing out of it.
    pub fn is_acknowledged(&self) -> bool {
        let nothing = |value: &crate::sim::Value| *value == crate::sim::Value::Nothing;
        match &self.heard {
            Some((_, Outcome::Ok(value))) => match self.call {
                Call::Read { .. } => false,
                Call::Dequeue { .. } => !nothing(value),
                _ => true,
            },
            _ => false,
        }
    }

    /// May it have taken effect, or take effect yet?
    fn may_count(&self) -> bool {
        !matches!(self.heard, Some((_, Outcome::Failed(_))))
    }
}

/// What clients asked for and heard before event `until`.
pub fn asked(trace: &Trace, until: u32) -> Vec<Asked> {
    let begun = (0..).zip(&trace.ops).filter(|(_, op)| op.invoked.0 < until);
    let asked = begun.map(|(id, op)| Asked {
        op: OpId(id),
        client: op.client,
        call: op.call.clone(),
        invoked: op.invoked,
        heard: op.ended.clone().filter(|(event, _)| event.0 < until),
    });
    asked.collect()
}

/// A node that runs, and what it has.
struct Replica {
    id: NodeId,
    retained: Option<Retained>,
    holds: Vec<Held>,
    /// It keeps something for others.
    keeps: Vec<Held>,
}

/// What became of all that was asked for, as of now.
pub fn fates<N: Node, A: AsRef<Asked>>(asked: &[A], cluster: &Cluster<N>) -> Fates {
    let mut fates = Fates::default();
    let acknowledged = || (0..).zip(asked).filter(|(_, asked)| asked.as_ref().is_acknowledged());
    if acknowledged().next().is_none() {
        return fates;
    }
    let copies: Vec<Replica> = cluster.nodes().map(|(id, node)| look(id, node)).collect();
    let down = cluster.seats().iter().filter(|seat| seat.node.is_none());
    // A crash leaves what is safe, and nothing else.
    let disks = down.map(|seat| N::written(seat.disk.records())).collect::<Option<Vec<_>>>();
    let disks: Option<BTreeSet<OpId>> = disks.map(|disks| disks.into_iter().flatten().collect());
    let mut by_value: LiteMap<SmolStr, Vec<usize>> = LiteMap::new();
    for (place, write) in acknowledged() {
        let write = write.as_ref();
        let keeps = |id: NodeId| cluster.node(id).is_some_and(|node| node.keeps(write.call.key()));
        let keepers: Vec<&Replica> = copies.iter().filter(|copy| keeps(copy.id)).collect();
        let told: Vec<Fate> =
            keepers.iter().filter_map(|copy| copy.retained.as_ref()?.fate(write.op)).collect();
        // Some have forgotten it: what the others say is the last word only where all hold the same.
        let differ = || told.len() < keepers.len() && at_rest(cluster, &copies, write.call.key()).is_err();
        if told.is_empty() {
            by_value.entry(write.call.key().clone()).or_default().push(place);
            continue;
        }
        let all = |fate: Fate| told.iter().all(|told| *told == fate);
        match &disks {
            _ if told.contains(&Fate::Waits) => fates.cannot_tell(1, UNAPPLIED),
            _ if all(Fate::Stands) => fates.kept += 1,
            _ if told.contains(&Fate::Stands) || differ() => fates.cannot_tell(1, DISAGREE),
            None => fates.cannot_tell(1, DOWN),
            Some(disks) if disks.contains(&write.op) => fates.cannot_tell(1, DOWN),
            Some(_) if all(Fate::Absent) => fates.absent.push(place),
            Some(_) => fates.replaced.push(place),
        }
    }
    for (key, places) in &by_value {
        let rest = at_rest(cluster, &copies, key);
        match rest {
            Ok(versions) => values::settle(asked, key, places, versions, &mut fates),
            Err(why) => fates.cannot_tell(places.len() as u64, why),
        }
    }
    fates.replaced.sort_unstable();
    fates
}

const UNAPPLIED: &str = "some server has a write and has not applied it yet";
const DISAGREE: &str = "the replicas still differ";
const DOWN: &str = "a server is down, and may have it on its disk";
const NOT_WHOLE: &str = "a server is down or paused, or a link is cut";
const HINTED: &str = "a server keeps a write for another";
const NOT_SHOWN: &str = "the servers do not show what they hold";

fn look<N: Node>(id: NodeId, node: &N) -> Replica {
    match node.retained() {
        Some(retained) if retained.complete => {
            Replica { id, retained: Some(retained), holds: Vec::new(), keeps: Vec::new() }
        }
        retained => {
            let shown = node.inspect();
            Replica { id, retained, holds: shown.holds, keeps: shown.keeps }
        }
    }
}

/// What all replicas of a key hold, if they agree and nothing can change it any more.
fn at_rest<'a, N: Node>(
    cluster: &Cluster<N>,
    copies: &'a [Replica],
    key: &SmolStr,
) -> Result<&'a [Version], &'static str> {
    if !is_whole(cluster) {
        return Err(NOT_WHOLE);
    }
    let hint = format!("{key} for ");
    if copies.iter().flat_map(|copy| &copy.keeps).any(|held| held.key.starts_with(&hint)) {
        return Err(HINTED);
    }
    if copies.iter().all(|copy| copy.holds.is_empty()) {
        return Err(NOT_SHOWN);
    }
    let keeps = |id: NodeId| cluster.node(id).is_some_and(|node| node.keeps(key));
    let held = |copy: &'a Replica| {
        let held = copy.holds.iter().find(|held| held.key == *key);
        held.map_or(&[][..], |held| held.versions.as_slice())
    };
    let mut holds = copies.iter().filter(|copy| keeps(copy.id)).map(held);
    let first = holds.next().ok_or(NOT_SHOWN)?;
    let same =
        |other: &[Version]| other.len() == first.len() && other.iter().all(|version| first.contains(version));
    if holds.all(same) { Ok(first) } else { Err(DISAGREE) }
}

impl AsRef<Asked> for Asked {
    fn as_ref(&self) -> &Asked {
        self
    }
}
