//! The five promises of figure 3, watched after every event.

use litemap::LiteMap;

use super::Raft;
use super::log::Entry;
use crate::check::{Claim, Evidence, Mode, View};
use crate::sim::{EventId, NodeId};

const fn claim(name: &'static str, sentence: &'static str) -> Claim {
    Claim { name, sentence, source: "Raft, figure 3", mode: Mode::Always }
}

/// "At most one leader can be elected in a given term." (5.2)
#[derive(Clone, Debug, Default)]
pub struct ElectionSafety {
    leaders: LiteMap<u64, (NodeId, EventId)>,
}

impl ElectionSafety {
    pub const CLAIM: Claim = claim("election safety", "At most one leader is elected in a term.");

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        let id = view.changed?;
        let node = view.cluster.node(id).filter(|node| node.is_leader())?;
        let (first, event) = *self.leaders.entry(node.term()).or_insert((id, view.event));
        (first != id).then(|| {
            let text = format!("{first} and {id} are both leader of term {}.", node.term());
            Evidence::new(text).about([first, id]).proved_by([event, view.event])
        })
    }

    pub fn concerned(&self) -> bool {
        !self.leaders.is_empty()
    }
}

/// "A leader never overwrites or deletes entries in its log; it only appends new entries." (5.3)
#[derive(Clone, Debug)]
pub struct LeaderAppendOnly {
    /// For each node: the term it leads, the length of its log, and the digest of it.
    seen: Vec<Option<(u64, u64, u64)>>,
    concerned: bool,
}

impl LeaderAppendOnly {
    pub const CLAIM: Claim = claim(
        "leader append-only",
        "A leader never overwrites or deletes entries of its log; it only appends.",
    );

    pub fn new(cluster: u16) -> LeaderAppendOnly {
        LeaderAppendOnly { seen: vec![None; cluster.into()], concerned: false }
    }

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        let id = view.changed?;
        let seen = &mut self.seen[id.index()];
        let Some(node) = view.cluster.node(id).filter(|node| node.is_leader()) else {
            *seen = None;
            return None;
        };
        self.concerned = true;
        let last = node.log().last_index();
        let now = (node.term(), last, node.log().chain_at(last)?);
        let before = seen.replace(now);
        let (_, length, chain) = before.filter(|(term, ..)| *term == node.term())?;
        (node.log().chain_at(length) != Some(chain)).then(|| {
            let text =
                format!("{id} leads term {} and changed entries up to {length} of its own log.", node.term());
            Evidence::new(text).about([id])
        })
    }

    pub fn concerned(&self) -> bool {
        self.concerned
    }
}

/// "If two logs contain an entry with the same index and term, then the logs are identical in all entries up through
/// the given index." (5.3)
#[derive(Clone, Debug)]
pub struct LogMatching {
    /// The digest of the log that ends with the entry of this index and term, and the server that had it first.
    known: LiteMap<(u64, u64), (u64, NodeId)>,
    /// Each node's digests as last seen.
    logs: Vec<Vec<u64>>,
}

impl LogMatching {
    pub const CLAIM: Claim = claim(
        "log matching",
        "Two logs with an entry of the same index and term are the same in everything up to it.",
    );

    pub fn new(cluster: u16) -> LogMatching {
        LogMatching { known: LiteMap::new(), logs: vec![Vec::new(); cluster.into()] }
    }

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        let id = view.changed?;
        let log = view.cluster.node(id)?.log();
        let seen = &mut self.logs[id.index()];
        let last = log.last_index();
        if seen.len() as u64 == last && seen.last().copied().unwrap_or(0) == log.chain_at(last)? {
            return None;
        }
        // What is new stands behind the part that is as it was.
        while seen.last().is_some_and(|chain| log.chain_at(seen.len() as u64) != Some(*chain)) {
            seen.pop();
        }
        for index in seen.len() as u64 + 1..=last {
            let (term, chain) = (log.term_at(index)?, log.chain_at(index)?);
            seen.push(chain);
            let (first, whose) = *self.known.entry((index, term)).or_insert((chain, id));
            if first != chain {
                let text = format!(
                    "{id} and {whose} both hold an entry {index} of term {term}, and differ in it or before it."
                );
                return Some(Evidence::new(text).about([id, whose]));
            }
        }
        None
    }

    pub fn concerned(&self) -> bool {
        !self.known.is_empty()
    }
}

/// "If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all
/// higher-numbered terms." (5.4)
#[derive(Clone, Debug)]
pub struct LeaderCompleteness {
    /// For each index: the term in which it was committed, the digest of the log up to it, and the server and event that
    /// showed it first.
    committed: Vec<Committed>,
    /// For each node: the term that it led when last looked at.
    leads: Vec<Option<u64>>,
}

#[derive(Clone, Copy, Debug)]
struct Committed {
    term: u64,
    chain: u64,
    node: NodeId,
    event: EventId,
}

impl LeaderCompleteness {
    pub const CLAIM: Claim = claim(
        "leader completeness",
        "An entry committed in one term is in the log of every leader of a later term.",
    );

    pub fn new(cluster: u16) -> LeaderCompleteness {
        LeaderCompleteness { committed: Vec::new(), leads: vec![None; cluster.into()] }
    }

    /// A new leader is held against all that was committed; what is newly committed, against all that lead.
    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        let id = view.changed?;
        let Some(node) = view.cluster.node(id) else {
            self.leads[id.index()] = None;
            return None;
        };
        let known = self.committed.len();
        while (self.committed.len() as u64) < node.commit_index() {
            let chain = node.log().chain_at(self.committed.len() as u64 + 1)?;
            self.committed.push(Committed { term: node.term(), chain, node: id, event: view.event });
        }
        let leads = node.is_leader().then_some(node.term());
        let before = std::mem::replace(&mut self.leads[id.index()], leads);
        if leads.is_some() && leads != before {
            return self.lacking(id, node, 0);
        }
        if self.committed.len() == known {
            return None;
        }
        let mut leaders = view.cluster.nodes().filter(|(_, node)| node.is_leader());
        leaders.find_map(|(id, node)| self.lacking(id, node, known))
    }

    /// The first entry, of those after the first `known`, that this leader should have and has not.
    fn lacking(&self, id: NodeId, leader: &Raft, known: usize) -> Option<Evidence> {
        let lacks = |(index, entry): &(u64, &Committed)| {
            entry.term < leader.term() && leader.log().chain_at(*index) != Some(entry.chain)
        };
        let (index, entry) = (known as u64 + 1..).zip(&self.committed[known..]).find(lacks)?;
        let text = format!(
            "{id} leads term {} without entry {index}, which {} saw committed in term {}.",
            leader.term(),
            entry.node,
            entry.term
        );
        Some(Evidence::new(text).about([id, entry.node]).proved_by([entry.event]))
    }

    pub fn concerned(&self) -> bool {
        !self.committed.is_empty()
    }
}

/// "If a server has applied a log entry at a given index to its state machine, no other server will ever apply a
/// different log entry for the same index." (5.4.3)
#[derive(Clone, Debug)]
pub struct StateMachineSafety {
    applied: Vec<(Entry, NodeId, EventId)>,
    /// How far each node had applied.
    seen: Vec<u64>,
}

impl StateMachineSafety {
    pub const CLAIM: Claim =
        claim("state machine safety", "No two servers ever apply different entries at the same index.");

    pub fn new(cluster: u16) -> StateMachineSafety {
        StateMachineSafety { applied: Vec::new(), seen: vec![0; cluster.into()] }
    }

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        let id = view.changed?;
        let node = view.cluster.node(id)?;
        // A server that started again applies from the beginning.
        let from = self.seen[id.index()].min(node.last_applied());
        let from = if node.last_applied() < self.seen[id.index()] { 0 } else { from };
        self.seen[id.index()] = node.last_applied();
        for index in from + 1..=node.last_applied() {
            let entry = node.log().get(index)?;
            let Some((first, whose, event)) = self.applied.get(index as usize - 1) else {
                self.applied.push((entry.clone(), id, view.event));
                continue;
            };
            if first != entry {
                let text = format!(
                    "At index {index}, {whose} applied \"{}\" of term {} and {id} applied \"{}\" of term {}.",
                    first.command, first.term, entry.command, entry.term
                );
                return Some(Evidence::new(text).about([*whose, id]).proved_by([*event]));
            }
        }
        None
    }

    pub fn concerned(&self) -> bool {
        !self.applied.is_empty()
    }
}
