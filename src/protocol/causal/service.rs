//! What clients get: an answer from the replica they ask, as soon as it has what they have seen elsewhere.

use super::clock::Clock;
use super::config::Order;
use super::update::Update;
use super::{Alarm, Causal, Then};
use crate::protocol::crdt::Dot;
use crate::protocol::{Protocol, TOO_STRONG};
use crate::sim::{Call, Ctx, Level, LocalTime, Micros, OpId, Outcome, Request, Token};

/// A request that waits for what its caller has seen.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    op: OpId,
    call: Call,
    seen: Clock,
    until: LocalTime,
}

impl Causal {
    pub(super) fn receive_request(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        let Request { op, call, level, token, .. } = request;
        let seen = Clock::from(&token);
        if !matches!(call, Call::Read { .. } | Call::Write { .. }) {
            return ctx.reply(op, Outcome::Failed("reads and writes are all it knows"));
        }
        if level > Causal::STRONGEST {
            return ctx.reply(op, TOO_STRONG);
        }
        if self.waiting.iter().any(|waiting| waiting.op == op) || self.answer_again(op, &call, ctx) {
            return;
        }
        let session = match level {
            Level::Set => self.config.order == Order::Causal,
            level => level == Level::Causal,
        };
        match self.replica.misses(&seen).filter(|_| session) {
            Some(missing) => {
                self.let_wait(Waiting { op, call, seen, until: self.deadline(ctx) }, missing, ctx)
            }
            None => self.serve(op, &call, seen, ctx),
        }
    }

    /// A write that was asked for before, here or at another node, is not taken again; false if this one was not.
    fn answer_again(&self, op: OpId, call: &Call, ctx: &mut Ctx<'_, Self>) -> bool {
        if call.reads_only() {
            return false;
        }
        let under_way = self.barrier.waiting().find_map(|then| match then {
            Then::Publish(update) | Then::Take(update) if update.op == op => Some((then, update)),
            _ => None,
        });
        let update = match under_way {
            // The answer comes when it is safe.
            Some((Then::Publish(_), _)) => return true,
            Some((_, update)) => Some(update),
            None => self.replica.written_for(op, call.key()),
        };
        update.inspect(|update| reply_to_write(update, ctx)).is_some()
    }

    fn serve(&mut self, op: OpId, call: &Call, seen: Clock, ctx: &mut Ctx<'_, Self>) {
        match call {
            Call::Write { key, value } => {
                let dot = Dot { node: ctx.me(), count: self.own.len() as u64 + 1 };
                let mut after = match self.config.order {
                    // A client that asked for less than causal may have seen what is not here: its write waits for nothing.
                    Order::Causal => self.replica.clock().common(&seen),
                    Order::Any => seen,
                };
                after.set(dot.node, dot.count - 1);
                let time = self.replica.tick();
                let update = Update { dot, op, key: key.clone(), value: *value, time, after };
                self.own.push(update.clone());
                self.write(update.clone(), ctx);
                self.once_safe(Then::Publish(update), ctx);
            }
            _ => {
                let update = self.replica.get(call.key());
                let token = update.map_or(Token::default(), |update| update.clock().token());
                ctx.reply_as_of(op, Outcome::ok(update.map(|update| update.value)), token);
            }
        }
    }

    /// A write is safe on its own node's disk: that is enough for readers here, the other nodes, and the client.
    pub(super) fn finish_write(&mut self, update: Update, ctx: &mut Ctx<'_, Self>) {
        self.take(update.clone(), ctx);
        self.publish(&update, ctx);
        reply_to_write(&update, ctx);
    }

    fn deadline(&self, ctx: &Ctx<'_, Self>) -> LocalTime {
        ctx.now() + self.config.patience
    }

    fn let_wait(&mut self, waiting: Waiting, missing: Dot, ctx: &mut Ctx<'_, Self>) {
        let what = self.name(missing);
        ctx.note(|| {
            format!("lets “{}” wait: its caller has seen {what}, which is not here yet", waiting.call)
        });
        if self.waiting.is_empty() {
            ctx.set_timer(Alarm::Patience, self.config.patience);
        }
        self.waiting.push(waiting);
    }

    /// Something was applied: answers the requests that need not wait any longer.
    pub(super) fn answer_waiting(&mut self, ctx: &mut Ctx<'_, Self>) {
        let ready = |waiting: &mut Waiting| self.replica.misses(&waiting.seen).is_none();
        let served: Vec<Waiting> = self.waiting.extract_if(.., ready).collect();
        for Waiting { op, call, seen, .. } in served {
            // Its caller may have lost patience and found another node meanwhile.
            if !self.answer_again(op, &call, ctx) {
                self.serve(op, &call, seen, ctx);
            }
        }
    }

    /// A client that has waited long enough is sent to the node whose update is missing here.
    pub(super) fn lose_patience(&mut self, ctx: &mut Ctx<'_, Self>) {
        let now = ctx.now();
        let over: Vec<Waiting> = self.waiting.extract_if(.., |waiting| waiting.until <= now).collect();
        for Waiting { op, call, seen, .. } in over {
            let Some(missing) = self.replica.misses(&seen) else { continue };
            ctx.note(|| format!("sends the caller of “{call}” on to {}, which has seen more", missing.node));
            ctx.reply(op, Outcome::Redirect(Some(missing.node)));
        }
        if let Some(next) = self.waiting.iter().map(|waiting| waiting.until).min() {
            ctx.set_timer(Alarm::Patience, Micros((next - now).0.max(1)));
        }
    }
}

fn reply_to_write(update: &Update, ctx: &mut Ctx<'_, Causal>) {
    ctx.reply_as_of(update.op, Outcome::ok(update.value), update.clock().token());
}
