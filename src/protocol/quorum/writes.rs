//! Writing: a write is made by its coordinator, goes to every replica, and is acknowledged once W hold it (Dynamo,
//! section 4.5).

use smol_str::SmolStr;

use super::answers::Answer;
use super::config::Resolve;
use super::message::Rpc;
use super::object::Object;
use super::round::{Step, Written};
use super::storage::{Record, Then, keep_hint};
use super::{News, Replica};
use crate::protocol::crdt::Merged;
use crate::sim::{Ctx, NodeId, Outcome, Value};

impl Replica {
    /// Makes the write and sends it out.
    pub(super) fn issue(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        let (request, terms, found) = (round.request.clone(), round.terms, round.found.clone());
        let key = request.call.key().clone();
        let draft = match self.draft(&request, found.as_ref(), terms, ctx.now()) {
            Ok(draft) => draft,
            Err(outcome) => {
                self.end(number);
                return self.refuse(&request, outcome, ctx);
            }
        };
        let count = self.own.get(&key).map_or(0, |own| own.count);
        self.write(Record::Issued { key, count, object: draft.object.clone() }, ctx);
        let token = draft.object.token();
        let Some(round) = self.round(number) else { return };
        round.written = Some(Written { dot: draft.dot, seen: draft.seen, heard: draft.heard, token });
        self.store(number, draft.object, ctx);
    }

    /// Has all targets keep something. Until it is safe here no node is asked, and none can be silent.
    pub(super) fn store(&mut self, number: u64, object: Object, ctx: &mut Ctx<'_, Self>) {
        let again = ctx.now() + self.config.patience;
        let Some(round) = self.round(number) else { return };
        (round.step, round.targets, round.again) = (Step::Store(object), Vec::new(), again);
        self.once_safe(Then::Store { round: number }, ctx);
    }

    /// It is safe here: it goes out.
    pub(super) fn send_out(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let again = ctx.now() + self.config.patience;
        let Some(round) = self.round(number) else { return };
        let (key, terms) = (round.key().clone(), round.terms);
        if let Some(seen) = round.written.as_ref().map(|written| written.seen.clone()) {
            self.news.push(News::Issued { key: key.clone(), seen });
        }
        let targets = self.targets(&key, terms);
        let Some(round) = self.round(number) else { return };
        (round.targets, round.again) = (targets, again);
        self.ask_all(number, ctx);
    }

    pub(super) fn receive_write(
        &mut self,
        from: NodeId,
        round: u64,
        write: (SmolStr, Object, Option<NodeId>),
        ctx: &mut Ctx<'_, Self>,
    ) {
        let (key, object, home) = write;
        self.keep(&key, &object, home, ctx);
        self.once_safe(Then::Send { to: from, message: Rpc::WriteAck { round } }, ctx);
    }

    /// Takes something into the copy, or keeps it for another. What comes second and older is no news: it counts as
    /// kept, because a read here finds what is newer.
    pub(super) fn keep(
        &mut self,
        key: &SmolStr,
        object: &Object,
        home: Option<NodeId>,
        ctx: &mut Ctx<'_, Self>,
    ) {
        self.heed(object);
        if let Some(home) = home.filter(|home| *home != self.me) {
            if self.hints.get(&(home, key.clone())) != Some(object) {
                ctx.note(|| format!("keeps {key} = {} as a hint for {home}", object.value()));
                keep_hint(&mut self.hints, home, key, object);
                self.write(Record::Hint { home, key: key.clone(), object: object.clone() }, ctx);
                self.start_probing(ctx);
            }
            return;
        }
        let siblings = self.siblings(key);
        let merged = self.table.merge(key, object);
        self.tell_merged(key, object, (siblings, &merged), ctx);
        if merged.changed {
            self.write(Record::Merged { key: key.clone(), object: object.clone() }, ctx);
        }
        for (dot, value) in merged.let_go {
            let news = News::LetGo { key: key.clone(), dot, value };
            self.once_safe(Then::Tell(news), ctx);
        }
    }

    fn siblings(&self, key: &SmolStr) -> usize {
        self.table.get(key).map_or(0, Object::siblings)
    }

    fn tell_merged(
        &self,
        key: &SmolStr,
        object: &Object,
        (before, merged): (usize, &Merged<Value>),
        ctx: &mut Ctx<'_, Self>,
    ) {
        let now = || self.table.get(key).map(Object::versions).unwrap_or_default();
        let refused = !merged.changed && !merged.let_go.is_empty();
        match (before, self.siblings(key)) {
            (before, after) if after > before.max(1) => ctx.note(|| {
                let values: Vec<String> = now().iter().map(|(_, value)| value.to_string()).collect();
                format!(
                    "has siblings of {key}: {}, writes that did not know of each other",
                    values.join(" and ")
                )
            }),
            (2.., 1) => ctx.note(|| {
                let value = now().first().map(|(_, value)| value.to_string()).unwrap_or_default();
                format!("has one {key} again, {value}: its writer had seen the siblings")
            }),
            _ if refused && self.config.by_clock() => ctx.note(|| {
                let newer = now().first().map(|(_, value)| value.to_string()).unwrap_or_default();
                format!("throws away {key} = {}: its stamp is older than that of {newer}", object.value())
            }),
            _ => {}
        }
    }

    /// A node holds it, safe on disk.
    pub(super) fn count_write(&mut self, from: NodeId, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        let Step::Store(object) = &round.step else { return };
        let copy = object.clone();
        let asked = round.targets.iter_mut().find(|target| target.node == from && !target.heard);
        let Some(target) = asked else { return };
        (target.heard, target.copy) = (true, Some(copy));
        let (heard, needed) = round.score();
        if !round.answered && heard >= needed {
            self.acknowledge(number, ctx);
        }
        self.settle(number);
    }

    fn acknowledge(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        let Some(written) = round.written.clone() else { return self.answer_read(number, ctx) };
        round.answered = true;
        let (op, key) = (round.request.op, round.key().clone());
        let outcome = Outcome::Ok(written.heard);
        self.answers.keep(op, Answer::Ended(outcome.clone(), written.token.clone()));
        ctx.reply_as_of(op, outcome, written.token);
        if let Some(dot) = written.dot {
            self.news.push(News::Acknowledged { key, dot });
        }
    }

    /// A hybrid clock is never behind a stamp it has seen.
    pub(super) fn heed(&mut self, object: &Object) {
        if let (Object::Latest(register), Resolve::HybridClock) = (object, self.config.resolve) {
            self.clock.hear(register.stamp().reading);
        }
    }
}
