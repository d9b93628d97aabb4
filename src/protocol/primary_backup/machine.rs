//! The service that the log drives, and the client table (Viewstamped Replication Revisited, section 4.1): for each
//! request that was executed what its client heard, so that one that comes again is answered and not executed again.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::log::Log;
use crate::protocol::store::Store;
use crate::sim::{Held, OpId, Outcome, Value};

/// Objects by key as of an index of the log, and what was answered on the way. All of it follows from the log.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    store: Store,
    answers: LiteMap<OpId, Answer>,
    upto: u64,
}

/// What a client heard of its request, refusals included, and as of which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub index: u64,
    pub outcome: Outcome,
}

impl Machine {
    /// The index of the last entry applied.
    pub fn upto(&self) -> u64 {
        self.upto
    }

    pub fn get(&self, key: &SmolStr) -> Value {
        self.store.get(key)
    }

    /// What was answered to a request, if it was executed.
    pub fn answer(&self, op: OpId) -> Option<&Answer> {
        self.answers.get(&op)
    }

    /// Every object, for pictures.
    pub fn held(&self) -> Vec<Held> {
        self.store.held()
    }

    /// Applies the log up to an index. Without sessions, which is wrong, a request is executed as often as it stands
    /// in the log.
    pub fn catch_up(&mut self, log: &Log, to: u64, sessions: bool) {
        while self.upto < to.min(log.last()) {
            self.upto += 1;
            let Some(entry) = log.get(self.upto) else { return };
            if sessions && self.answers.get(&entry.op).is_some() {
                continue;
            }
            let outcome = self.store.apply(&entry.call);
            self.answers.insert(entry.op, Answer { index: self.upto, outcome });
        }
    }

    /// Forgets everything: the log was written anew below.
    pub fn clear(&mut self) {
        *self = Machine::default();
    }
}
