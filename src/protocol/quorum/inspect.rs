//! What a picture may know of a node.

use smol_str::SmolStr;

use super::Replica;
use super::object::Object;
use crate::sim::{Held, Inspect, NodeId};

impl Replica {
    pub(super) fn show(&self) -> Inspect {
        let terms = (self.config.replicas, self.config.read, self.config.write);
        let mut facts = vec![
            ("N, R, W", format!("{}, {}, {}", terms.0, terms.1, terms.2)),
            ("operations under way", self.rounds.iter().filter(|round| !round.answered).count().to_string()),
            ("out of reach", list(self.suspects.iter().copied())),
        ];
        for round in self.rounds.iter().filter(|round| !round.answered).take(3) {
            let heard = round.targets.iter().filter(|target| target.heard).map(|target| target.node);
            facts.push(("acknowledged by", format!("{}: {}", round.request, list(heard))));
        }
        if self.config.sloppy {
            let mut homes: Vec<NodeId> = self.hints.keys().map(|(home, _)| *home).collect();
            homes.dedup();
            let kept = match self.hints.len() {
                0 => "none".to_owned(),
                hints => format!("{hints}, for {}", list(homes.into_iter())),
            };
            facts.push(("hints kept", kept));
        }
        match self.differed {
            None => {}
            Some((peer, 0)) => facts.push(("hash tree", format!("the same as that of {peer}"))),
            Some((peer, leaves)) => {
                facts.push(("hash tree", format!("differed from that of {peer} in {leaves} leaves")));
            }
        }
        let hint = |((home, key), object): (&(NodeId, SmolStr), &Object)| Held {
            key: format!("{key} for {home}").into(),
            ..object.held(key)
        };
        let keeps = self.hints.iter().map(hint).collect();
        let (holds, trees) = (self.table.held(), self.trees());
        Inspect { holds, keeps, trees, facts, ..Inspect::default() }
    }
}

fn list(nodes: impl Iterator<Item = NodeId>) -> String {
    let names: Vec<String> = nodes.map(|node| node.to_string()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
