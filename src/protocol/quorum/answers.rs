//! What a coordinator said of writes: a request that comes again gets the same response.

use std::collections::VecDeque;

use crate::sim::{NodeId, OpId, Outcome, Token};

/// Size of the reply cache. Retries of older requests get no reply.
const MOST: usize = 256;

/// The latest, in order; forgotten in a crash.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    latest: VecDeque<(OpId, Answer)>,
}

#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// It ended so, and the client was told with this token.
    Ended(Outcome, Token),
    /// Another coordinates it.
    SentOn(NodeId),
}

impl Answers {
    pub fn keep(&mut self, op: OpId, answer: Answer) {
        if self.latest.len() == MOST {
            self.latest.pop_front();
        }
        self.latest.push_back((op, answer));
    }

    /// What was said of a write.
    pub fn of(&self, op: OpId) -> Option<&Answer> {
        self.latest.iter().rev().find(|(other, _)| *other == op).map(|(_, answer)| answer)
    }
}
