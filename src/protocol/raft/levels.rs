//! Operations at the level that their client asks for, whatever the knob `read` says of the others.
//!
//! The log is one order of all writes. What any server has applied is the state as of an index of it, so reads may stay
//! local: Attiya and Welch, "Sequential Consistency versus Linearizability" (1994), put writes in one order and let each
//! process read its own copy, once that has its own last write. Here the client's token is the index it has seen, as a
//! writer or as a reader, and goes with it from server to server. A client that asks for causal gets this, too.

use super::{Raft, Standing};
use crate::sim::words::counted;
use crate::sim::{Ctx, Level, Outcome, Request, Token};

impl Raft {
    /// Answers a read from what this server has applied, if the client has not seen more. False if it asks for what
    /// only a leader can tell.
    pub(super) fn read_applied(&mut self, request: &Request, ctx: &mut Ctx<'_, Self>) -> bool {
        let Request { op, call, level, token, .. } = request;
        let seen = match level {
            Level::Set | Level::Linearizable => return false,
            Level::Eventual => 0,
            Level::Causal | Level::Sequential => token.get(0),
        };
        let applied = self.applied;
        if applied >= seen {
            self.answer_read(*op, call, *level, ctx);
        } else if let Standing::Leader(leading) = &mut self.standing {
            // No server has more: it is in the log already, and a new leader will know when that is committed.
            leading.rounds.wait_for(seen, request);
        } else {
            ctx.note(|| {
                format!(
                    "has applied {}, its caller has seen {seen}: leaves it to the leader",
                    counted(applied, "entry")
                )
            });
            ctx.reply(*op, Outcome::Redirect(self.leader));
        }
        true
    }

    /// How new the state is that an answer shows: for clients that ask for a level.
    pub(super) fn token(&self, level: Level) -> Token {
        if level == Level::Set { Token::default() } else { Token::at(self.applied) }
    }
}
