//! What clients get: writes from the primary, reads from whoever may answer them.

use smol_str::SmolStr;

use super::config::Read;
use super::log::Entry;
use super::{Part, Server};
use crate::sim::{Call, Ctx, Level, OpId, Outcome, Request, Token};

impl Server {
    pub(super) fn receive_request(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        let Request { op, call, level, token, .. } = request;
        let (read, seen) = (self.demanded(level), token.get(0));
        if !call.reads_only() {
            self.receive_write(op, call, ctx);
        } else if !self.may_read(read, seen, ctx) {
            self.note_refusal(read, seen, ctx);
            self.refuse(op, ctx);
        } else if level == Level::Linearizable {
            self.read_confirmed(op, call.key().clone(), ctx);
        } else {
            self.answer_read(op, call.key(), ctx);
        }
    }

    pub(super) fn answer_read(&self, op: OpId, key: &SmolStr, ctx: &mut Ctx<'_, Self>) {
        ctx.reply_as_of(op, Outcome::ok(self.table.get(key)), Token::at(self.table.upto()));
    }

    /// Who may answer a read at this level. What is done is done in one order everywhere, so that a token is enough
    /// for sequential consistency (Attiya and Welch 1994).
    fn demanded(&self, level: Level) -> Read {
        match level {
            Level::Set => self.config.read,
            Level::Eventual => Read::Any,
            Level::Causal | Level::Sequential => Read::Session,
            Level::Linearizable => Read::Primary,
        }
    }

    fn may_read(&self, read: Read, seen: u64, ctx: &Ctx<'_, Self>) -> bool {
        match (read, &self.part) {
            (Read::Any, _) => true,
            // Also a primary, which may be none any more without knowing it.
            (Read::Session, _) if self.table.upto() < seen => false,
            // What was done under the primary before may be among what it inherited.
            (_, Part::Primary(lead)) => self.commit >= lead.inherited,
            (Read::Primary, _) => false,
            (Read::Session, _) => true,
            (Read::Bounded, _) => ctx.now() - self.heard <= self.config.staleness,
        }
    }

    fn note_refusal(&self, read: Read, seen: u64, ctx: &mut Ctx<'_, Self>) {
        let upto = self.table.upto();
        match read {
            Read::Session if upto < seen => {
                let whom = if self.is_primary() { "somebody newer" } else { "the primary" };
                ctx.note(|| {
                    format!("has entries up to {upto}, its caller has seen {seen}: leaves it to {whom}")
                });
            }
            _ if self.is_primary() => {
                ctx.note(|| "answers no reads before all that it inherited is done".to_owned());
            }
            Read::Primary => ctx.note(|| "leaves reads to the primary".to_owned()),
            Read::Bounded => {
                ctx.note(|| "heard nothing for too long: leaves reads to the primary".to_owned())
            }
            Read::Any | Read::Session => {}
        }
    }

    /// Sends a client on to the primary, as far as it is known.
    fn refuse(&self, op: OpId, ctx: &mut Ctx<'_, Self>) {
        let known = (self.primary != self.me && matches!(self.part, Part::Backup)).then_some(self.primary);
        ctx.reply(op, Outcome::Redirect(known));
    }

    fn receive_write(&mut self, op: OpId, call: Call, ctx: &mut Ctx<'_, Self>) {
        let Part::Primary(lead) = &mut self.part else { return self.refuse(op, ctx) };
        // Asked twice: the answer to the first will do.
        if self.log.has(op) {
            if !lead.waiting.iter().any(|(_, other)| *other == op) {
                let index = (1..=self.log.last()).find(|index| self.log.op_at(*index) == Some(op));
                lead.waiting.extend(index.map(|index| (index, op)));
            }
            return self.answer_writes(ctx);
        }
        let now = lead.tip.get(call.key());
        let value = match call.on_number(now) {
            Ok(value) => value,
            Err(outcome) => return ctx.reply(op, outcome),
        };
        let entry = Entry { view: self.view, op, key: call.key().clone(), value };
        self.take(entry, op, ctx);
    }

    /// Answers every write that is done.
    pub(super) fn answer_writes(&mut self, ctx: &mut Ctx<'_, Self>) {
        let commit = self.commit;
        let Part::Primary(lead) = &mut self.part else { return };
        let (done, waiting) =
            std::mem::take(&mut lead.waiting).into_iter().partition(|(index, _)| *index <= commit);
        lead.waiting = waiting;
        let done: Vec<(u64, OpId)> = done;
        for (index, op) in done {
            let entry = self.log.get(index);
            let value = entry.map(|entry| entry.value);
            self.done_now.extend(entry.cloned());
            ctx.reply_as_of(op, Outcome::ok(value), Token::at(index));
        }
    }

    /// No longer primary: whoever waits has to ask somebody else. What was taken may still be done or not.
    pub(super) fn forget_clients(&mut self, ctx: &mut Ctx<'_, Self>) {
        if let Part::Primary(lead) = &mut self.part {
            lead.waiting.clear();
            lead.rounds.waiting().for_each(|op| ctx.reply(op, Outcome::Redirect(None)));
        }
    }
}
