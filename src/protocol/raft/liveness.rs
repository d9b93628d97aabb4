//! Two promises that hold sooner or later, where a script says that the world allows it.

use super::Raft;
use crate::check::{Claim, Evidence, Mode, View};
use crate::sim::{EventId, Micros, NodeId, Time};

/// Once settled, at most one change of term: a leader that can lead is left in office.
#[derive(Clone, Debug, Default)]
pub struct StableLeader {
    /// The highest term when the run was [`StableLeader::SETTLED`] old.
    settled: Option<u64>,
    raised: Vec<(u64, NodeId, EventId)>,
}

impl StableLeader {
    const SETTLED: Time = Time(5_000_000);
    pub const CLAIM: Claim = Claim {
        name: "stable leader",
        sentence: "After the first five seconds the term changes once at most.",
        source: "dissertation, sections 6.2 and 9.6",
        mode: Mode::Eventually,
    };

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        if view.now() < StableLeader::SETTLED {
            return None;
        }
        let highest = || view.cluster.nodes().map(|(_, node)| node.term()).max().unwrap_or(0);
        let settled = *self.settled.get_or_insert_with(highest);
        let id = view.changed?;
        let term = view.cluster.node(id)?.term();
        let newest = self.raised.last().map_or(settled, |(term, ..)| *term);
        if term > newest {
            self.raised.push((term, id, view.event));
        }
        if self.raised.len() < 2 {
            return None;
        }
        let who: Vec<String> =
            self.raised.iter().map(|(term, id, _)| format!("{id} began term {term}")).collect();
        let events = self.raised.iter().map(|(.., event)| *event);
        let nodes = self.raised.iter().map(|(_, id, _)| *id);
        Some(
            Evidence::new(format!("The term was {settled} at 5 s; then {}.", who.join(", then ")))
                .about(nodes)
                .proved_by(events),
        )
    }

    pub fn concerned(&self) -> bool {
        self.settled.is_some()
    }
}

/// Something is committed again and again.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    commit: u64,
    since: Time,
}

impl Progress {
    const BOUND: Micros = Micros::from_secs(5);
    pub const CLAIM: Claim = Claim {
        name: "progress",
        sentence: "While clients ask, something new is committed at least every five seconds.",
        source: "liveness: Raft, section 5.6",
        mode: Mode::Eventually,
    };

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        if let Some(node) = view.changed.and_then(|id| view.cluster.node(id))
            && node.commit_index() > self.commit
        {
            (self.commit, self.since) = (node.commit_index(), view.now());
        }
        self.overdue(view)
    }

    pub fn overdue(&self, view: &View<'_, Raft>) -> Option<Evidence> {
        (view.now() - self.since > Progress::BOUND).then(|| {
            let leaders = view.cluster.nodes().filter(|(_, node)| node.is_leader()).map(|(id, _)| id);
            let text = format!("Nothing was committed after {} (entry {}).", self.since, self.commit);
            Evidence::new(text).about(leaders)
        })
    }

    pub fn concerned(&self) -> bool {
        self.commit > 0
    }
}
