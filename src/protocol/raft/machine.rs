//! The state machine that the log drives: a store of objects by key, and what its clients were answered.

use litemap::LiteMap;

use crate::protocol::store::Store;
use crate::sim::{Call, OpId, Outcome};

/// Objects by key; the same on every server that applied the same entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValue {
    store: Store,
    /// Section 8: "the state machine tracks the latest serial number processed for each client, along with the
    /// associated response". An operation's number is both client and serial number here, so all are kept.
    answered: LiteMap<OpId, Outcome>,
}

impl KeyValue {
    /// Carries an operation out the first time it comes; "if it receives a command whose serial number has already
    /// been executed, it responds immediately without re-executing the request" (section 8).
    pub fn apply_once(&mut self, op: OpId, call: &Call) -> Outcome {
        if let Some(outcome) = self.answered.get(&op) {
            return outcome.clone();
        }
        let outcome = self.apply(call);
        self.answered.insert(op, outcome.clone());
        outcome
    }

    /// Carries a call out; deterministic, as a state machine has to be (section 2).
    pub fn apply(&mut self, call: &Call) -> Outcome {
        self.store.apply(call)
    }

    pub fn store(&self) -> &Store {
        &self.store
    }
}
