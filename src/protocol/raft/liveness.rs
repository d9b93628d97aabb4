//! Two promises that hold sooner or later, where a script says that the world allows it.

use std::collections::BTreeMap;

use super::Raft;
use crate::check::{Claim, Evidence, Mode, View};
use crate::sim::{EventId, Micros, NodeId, OpId, Time};

/// Once settled, leadership passes on at most once: a leader that can lead is left in office. A server leads with a
/// majority if a majority of servers, itself among them, are in its term.
#[derive(Clone, Debug)]
pub struct StableLeader {
    /// From here on it is judged.
    settled: Time,
    /// The last server that led with a majority, and its term.
    reign: Option<(NodeId, u64)>,
    /// The reigns that began since, and the one before them.
    passed: Vec<(NodeId, u64, EventId, Time)>,
    before: Option<(NodeId, u64)>,
}

impl Default for StableLeader {
    fn default() -> StableLeader {
        StableLeader { settled: Time::ZERO, reign: None, passed: Vec::new(), before: None }
    }
}

impl StableLeader {
    pub const CLAIM: Claim = Claim {
        name: "stable leader",
        sentence: "Once elections have settled, leadership with a majority passes on at most once.",
        source: "dissertation, sections 6.2 and 9.6",
        mode: Mode::Eventually,
    };

    pub fn settles(&mut self, at: Time) {
        self.settled = at;
    }

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        // A majority comes about by the step of a server: the leader's own, or that of one that enters its term.
        let term = view.cluster.node(view.changed?)?.term();
        let leads = |(_, node): &(NodeId, &Raft)| node.is_leader() && node.term() == term;
        let (leader, _) = view.cluster.nodes().find(leads)?;
        let followers = view.cluster.nodes().filter(|(_, node)| node.term() == term).count();
        let is_new = self.reign != Some((leader, term));
        if !is_new || followers * 2 <= usize::from(view.cluster.world().size()) {
            return None;
        }
        let old = self.reign.replace((leader, term));
        if view.now() < self.settled {
            return None;
        }
        self.before = self.before.or(old);
        self.passed.push((leader, term, view.event, view.now()));
        (self.passed.len() > 1).then(|| self.evidence())
    }

    fn evidence(&self) -> Evidence {
        let told =
            |(node, term, _, at): &(NodeId, u64, EventId, Time)| format!("{node} leads term {term} at {at}");
        let passed: Vec<String> = self.passed.iter().map(told).collect();
        let first = match self.before {
            Some((node, term)) => format!("At {} {node} led term {term}", self.settled),
            None => format!("At {} no server led with a majority", self.settled),
        };
        let nodes =
            self.before.iter().map(|(node, _)| *node).chain(self.passed.iter().map(|(node, ..)| *node));
        Evidence::new(format!("{first}; then {}.", passed.join(", then ")))
            .about(nodes)
            .proved_by(self.passed.iter().map(|(_, _, event, _)| *event))
    }

    /// The run is over: was there any leader since the last five seconds before its end?
    pub fn conclude(&self, view: &View<'_, Raft>) -> Option<Evidence> {
        let leads = |(id, node): (NodeId, &Raft)| self.reign == Some((id, node.term())) && node.is_leader();
        let settled = view.now() >= self.settled + Micros::from_secs(5);
        (settled && !view.cluster.nodes().any(leads)).then(|| {
            let last = match self.reign {
                Some((node, term)) => format!("the last that did was {node} in term {term}"),
                None => "none ever did".to_owned(),
            };
            Evidence::new(format!("At the end no server leads with a majority; {last}."))
        })
    }

    pub fn concerned(&self) -> bool {
        self.reign.is_some()
    }
}

/// While clients ask, something comes of it: an operation is answered, or an entry is committed.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    commit: u64,
    /// Since when something is asked for and nothing came of it.
    owed: Option<Time>,
    /// Operations under way.
    open: BTreeMap<OpId, Time>,
    /// When the last one ended.
    ended: Time,
    judged: bool,
}

impl Progress {
    const BOUND: Micros = Micros::from_secs(5);
    pub const CLAIM: Claim = Claim {
        name: "progress",
        sentence: "While clients wait, an operation is answered or an entry is committed at least every five seconds.",
        source: "liveness: Raft, section 5.6",
        mode: Mode::Eventually,
    };

    pub fn asked(&mut self, op: OpId, at: Time) {
        // While no client waits, nothing is owed.
        if self.open.is_empty() {
            self.owed = self.owed.map(|owed| owed + (at - self.ended));
        }
        self.open.insert(op, at);
        self.owed.get_or_insert(at);
    }

    pub fn ended(&mut self, op: OpId, answered: bool, at: Time) {
        self.open.remove(&op);
        self.ended = at;
        if answered {
            self.came(at);
        }
    }

    fn came(&mut self, at: Time) {
        self.judged = true;
        self.owed = (!self.open.is_empty()).then_some(at);
    }

    pub fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        if let Some(node) = view.changed.and_then(|id| view.cluster.node(id))
            && node.commit_index() > self.commit
        {
            self.commit = node.commit_index();
            self.came(view.now());
        }
        self.overdue(view)
    }

    pub fn overdue(&self, view: &View<'_, Raft>) -> Option<Evidence> {
        let owed = self.owed.filter(|owed| !self.open.is_empty() && view.now() - *owed > Progress::BOUND)?;
        let leaders = view.cluster.nodes().filter(|(_, node)| node.is_leader()).map(|(id, _)| id);
        let text = format!(
            "Clients have waited since {owed}, and since then no operation was answered and nothing committed (the last \
             entry is {}).",
            self.commit
        );
        Some(Evidence::new(text).about(leaders))
    }

    pub fn concerned(&self) -> bool {
        self.judged || self.owed.is_some()
    }
}
