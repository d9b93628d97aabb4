//! What clients get: writes from the primary, reads from any server that may answer them.

use smol_str::SmolStr;

use super::config::Read;
use super::log::Entry;
use super::{Part, Server};
use crate::sim::{Call, Ctx, Level, OpId, Outcome, Request, Token};

impl Server {
    pub(super) fn receive_request(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        let Request { op, call, level, token, .. } = request;
        let (read, seen) = (self.demanded(level), token.get(0));
        if !self.takes_part() {
            ctx.note(|| "takes no part yet: answers no client".to_owned());
            self.refuse(op, ctx);
        } else if !call.reads_only() {
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
        ctx.reply_as_of(op, Outcome::Ok(self.machine.get(key)), Token::at(self.machine.upto()));
    }

    /// Which servers may answer a read at this level. What is done is done in one order everywhere, so that a token is enough
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
            (Read::Session, _) if self.machine.upto() < seen => false,
            // Also a primary: whether it still is one is what it has to show.
            (Read::Bounded, _) => self.is_fresh(ctx),
            // What was done under the primary before may be among what it inherited.
            (_, Part::Primary(lead)) => self.commit >= lead.inherited,
            (Read::Primary, _) => false,
            (Read::Session, _) => true,
        }
    }

    fn note_refusal(&self, read: Read, seen: u64, ctx: &mut Ctx<'_, Self>) {
        let upto = self.machine.upto();
        match read {
            Read::Session if upto < seen => {
                let whom = if self.is_primary() { "a newer primary" } else { "the primary" };
                ctx.note(|| {
                    format!("has entries up to {upto}, its caller has seen {seen}: leaves it to {whom}")
                });
            }
            Read::Bounded => ctx.note(|| {
                let then = if self.is_primary() { "gives no answer" } else { "leaves reads to the primary" };
                format!("cannot show that what it has is new enough: {then}")
            }),
            _ if self.is_primary() => {
                ctx.note(|| "answers no reads before all that it inherited is done".to_owned());
            }
            Read::Primary => ctx.note(|| "leaves reads to the primary".to_owned()),
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
        // Asked again: it drops the request, or sends the response again if it is the most recent one (section 4.1).
        if self.config.sessions && self.machine.answer(op).is_some() {
            return self.tell(op, ctx);
        }
        let known = self.log.place_of(op, self.commit).filter(|_| self.config.sessions);
        if let Some(index) = known {
            if !lead.waiting.contains(&(index, op)) {
                lead.waiting.push((index, op));
            }
            return;
        }
        self.take(Entry { view: self.view, op, call }, op, ctx);
    }

    /// Answers every request that is done, with what came of it when it was applied: a refusal, too, speaks of what is
    /// done, and is told once it is. Nothing that may yet be undone is decided upon.
    pub(super) fn answer_writes(&mut self, ctx: &mut Ctx<'_, Self>) {
        let commit = self.commit;
        let Part::Primary(lead) = &mut self.part else { return };
        let (done, waiting) =
            std::mem::take(&mut lead.waiting).into_iter().partition(|(index, _)| *index <= commit);
        lead.waiting = waiting;
        let done: Vec<(u64, OpId)> = done;
        for (_, op) in done {
            self.tell(op, ctx);
        }
    }

    /// Tells what came of a request that was carried out.
    fn tell(&mut self, op: OpId, ctx: &mut Ctx<'_, Self>) {
        let Some(answer) = self.machine.answer(op) else { return };
        if matches!(answer.outcome, Outcome::Ok(_)) {
            self.done_now.extend(self.log.get(answer.index).cloned());
        }
        ctx.reply_as_of(op, answer.outcome.clone(), Token::at(answer.index));
    }

    /// No longer primary: clients that wait have to ask another server. What was taken may still be done or not.
    pub(super) fn forget_clients(&mut self, ctx: &mut Ctx<'_, Self>) {
        if let Part::Primary(lead) = &mut self.part {
            lead.waiting.clear();
            lead.rounds.waiting().for_each(|op| ctx.reply(op, Outcome::Redirect(None)));
        }
    }
}
