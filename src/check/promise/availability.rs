//! Availability as in the CAP theorem: "every request received by a non-failing node in the system must result in a
//! response" (Gilbert and Lynch, "Brewer's conjecture and the feasibility of consistent, available, partition-tolerant
//! web services", 2002, section 2.2). Three things are made precise here.
//!
//! A response must leave before the client gives up: the paper sets no bound, and a run has an end. A refusal is none, and
//! neither is being sent on to another node; "the value is another" is one. A node is failing if it is down or paused at
//! any moment from when it took the request in until the client gives up. What the network loses on its way there or back
//! is no breach: there the request was not received, here it did result in a response.

use std::rc::Rc;

use litemap::LiteMap;

use super::{News, Says, Watch};
use crate::check::history::{Operation, Outcome, Verb};
use crate::check::judgement::Blame;
use crate::sim::NodeId;

/// The promise in one sentence.
pub const SAYS: Says = (
    "Every request that a running node takes in results in a response, and not a refusal, before its client gives up.",
    "Gilbert and Lynch 2002, section 2.2",
);

/// Watches for an operation that ends without an answer although a node should have given one.
#[derive(Clone, Debug, Default)]
pub struct Available {
    /// Who took in the requests of operations under way, by the operations' places, as long as that node does not fail.
    received: LiteMap<usize, Vec<NodeId>>,
}

impl Available {
    /// A node took in a request of the operation at this place.
    pub fn received(&mut self, place: usize, node: NodeId) {
        let nodes = self.received.entry(place).or_default();
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }

    /// A node sent a response to it.
    pub fn responded(&mut self, place: usize, node: NodeId) {
        if let Some(nodes) = self.received.get_mut(&place) {
            nodes.retain(|other| *other != node);
        }
    }

    /// Forgets the requests at nodes that fail now.
    pub fn spare(&mut self, fails: impl Fn(NodeId) -> bool) {
        for (_, nodes) in &mut self.received {
            nodes.retain(|node| !fails(*node));
        }
    }
}

impl Watch for Available {
    fn speaks_of(&self, _operation: &Operation) -> bool {
        true
    }

    fn invoked(&mut self, _record: &[Rc<Operation>], _place: usize) {}

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let (operation, received) = (&record[place], self.received.remove(&place));
        let text = match operation.outcome {
            Outcome::Ok(_) => return News::Fine,
            Outcome::Failed if answers_no(operation.action.verb) => return News::Fine,
            Outcome::Failed => format!("{} was refused.", operation.action),
            Outcome::Unknown => match received.iter().flatten().next() {
                None => return News::Fine,
                Some(node) => format!("{node} took in {} and gave no answer in time.", operation.action),
            },
        };
        News::Broken(Blame { text, operations: vec![place], ..Blame::default() })
    }
}

/// Is a no an answer to this? That the value is another, or that the lock is held or not the client's, is one.
pub fn answers_no(verb: Verb) -> bool {
    matches!(verb, Verb::Cas | Verb::Acquire | Verb::Release)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::history::{Action, Value};

    fn record(outcome: Outcome, verb: Verb) -> Vec<Rc<Operation>> {
        vec![Rc::new(Operation::new(9, Action::new(verb, "x", Value::Int(1)), outcome, 1, 2))]
    }

    fn breaks(available: &mut Available, outcome: Outcome, verb: Verb) -> bool {
        available.ended(&record(outcome, verb), 0) != News::Fine
    }

    #[test]
    fn what_no_running_node_took_in_is_no_breach() {
        let (one, other) = (NodeId(0), NodeId(1));
        let mut available = Available::default();
        assert!(
            !breaks(&mut available, Outcome::Unknown, Verb::Write),
            "lost on its way, or sent to a dead node"
        );
        available.received(0, one);
        assert!(breaks(&mut available, Outcome::Unknown, Verb::Write));
        available.received(0, one);
        available.spare(|node| node == one);
        assert!(!breaks(&mut available, Outcome::Unknown, Verb::Write), "it failed");
        available.received(0, one);
        available.received(0, other);
        available.spare(|node| node == one);
        assert!(breaks(&mut available, Outcome::Unknown, Verb::Write), "the other did not");
        available.received(0, one);
        available.responded(0, one);
        assert!(!breaks(&mut available, Outcome::Unknown, Verb::Write), "the answer was lost");
    }

    #[test]
    fn a_refusal_is_no_response() {
        assert!(breaks(&mut Available::default(), Outcome::Failed, Verb::Write));
        assert!(!breaks(&mut Available::default(), Outcome::Failed, Verb::Cas));
        assert!(!breaks(&mut Available::default(), Outcome::Ok(Value::Nil), Verb::Write));
    }
}
