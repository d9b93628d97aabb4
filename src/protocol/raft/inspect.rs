//! What a picture may know of a server.

use super::config::Read;
use super::{Raft, Standing};
use crate::sim::{Epoch, Inspect, LogView, Micros, NodeId, Role};

/// The number of entries that a picture shows at most, the last ones.
const SHOWN: u64 = 40;

impl Raft {
    pub(super) fn show(&self) -> Inspect {
        Inspect {
            role: self.part(),
            epoch: Some(self.current_term()),
            log: Some(self.log_view()),
            holds: self.machine.store().held(),
            facts: self.facts(),
            ..Inspect::default()
        }
    }

    pub(super) fn current_term(&self) -> Epoch {
        Epoch { name: "term", number: self.term }
    }

    pub(super) fn part(&self) -> Role {
        match self.standing {
            Standing::Follower => Role::Follower,
            Standing::PreCandidate { .. } | Standing::Candidate { .. } => Role::Candidate,
            Standing::Leader(_) => Role::Leader,
        }
    }

    fn log_view(&self) -> LogView {
        let first = (self.log.last_index() + 1).saturating_sub(SHOWN).max(1);
        let entries = self.log.after(first - 1, SHOWN).iter();
        LogView {
            first,
            entries: entries.map(|entry| (entry.term, entry.command.to_string())).collect(),
            commit: self.commit,
            applied: self.applied,
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let name = |node: Option<NodeId>| node.map_or("none".to_owned(), |node| node.to_string());
        let mut facts = vec![
            ("voted for", name(self.voted_for)),
            ("leader known", name(self.leader)),
            ("last entry", format!("{} (term {})", self.log.last_index(), self.log.last_term())),
            ("commit index", self.commit.to_string()),
            ("last applied", self.applied.to_string()),
        ];
        match &self.standing {
            Standing::Leader(leading) => {
                facts.push(("next index", list(&leading.next)));
                facts.push(("match index", list(&leading.matched)));
                if let (Read::Lease, Some(until)) = (self.config.read, leading.rounds.lease()) {
                    facts.push(("lease", format!("until {} by its clock", Micros(until.0.max(0) as u64))));
                }
            }
            Standing::Candidate { votes } | Standing::PreCandidate { votes } => {
                let votes: Vec<String> = votes.iter().map(ToString::to_string).collect();
                facts.push(("votes", votes.join(", ")));
            }
            Standing::Follower => {}
        }
        facts
    }
}

fn list(numbers: &[u64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(" ")
}

/// What the judges of figure 3 may know.
impl Raft {
    pub fn term(&self) -> u64 {
        self.term
    }

    pub fn is_leader(&self) -> bool {
        matches!(self.standing, Standing::Leader(_))
    }

    pub fn log(&self) -> &super::log::Log {
        &self.log
    }

    pub fn commit_index(&self) -> u64 {
        self.commit
    }

    pub fn last_applied(&self) -> u64 {
        self.applied
    }
}
