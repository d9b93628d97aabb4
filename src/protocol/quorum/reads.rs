//! Reading copies, and repairing those that are behind (Dynamo, section 5: read repair; Attiya, Bar-Noy and Dolev,
//! "Sharing Memory Robustly in Message-Passing Systems", 1995: a read writes back what it found).

use smol_str::SmolStr;

use super::Replica;
use super::config::{Resolve, Terms};
use super::message::Rpc;
use super::object::Object;
use super::round::Step;
use crate::sim::{Call, Ctx, NodeId, Outcome};

impl Replica {
    /// Does an operation read copies before it does anything else?
    pub(super) fn gathers_first(&self, call: &Call, terms: Terms) -> bool {
        match (call, self.config.resolve) {
            (Call::Read { .. }, _) => true,
            // The multi-writer register of Lynch and Shvartsman (1997): first the newest stamp, then a newer one.
            (Call::Write { .. }, Resolve::WallClock | Resolve::HybridClock) => terms.write_back,
            (Call::Write { .. }, _) => false,
            // What is removed is what was seen.
            (Call::Remove { .. }, Resolve::Crdt) => true,
            (_, Resolve::Crdt) => false,
            _ => true,
        }
    }

    /// What a node answers readers with: its copy, and what it keeps for others.
    pub(super) fn copy(&self, key: &SmolStr) -> Option<Object> {
        let mut copy = self.table.get(key).cloned();
        for ((_, other), object) in &self.hints {
            if other == key {
                merge_into(&mut copy, object);
            }
        }
        copy
    }

    pub(super) fn receive_read(&self, from: NodeId, round: u64, key: &SmolStr, ctx: &mut Ctx<'_, Self>) {
        ctx.send(from, Rpc::ReadReply { round, object: self.copy(key) });
    }

    /// A node told what its copy is.
    pub(super) fn count_read(
        &mut self,
        from: NodeId,
        number: u64,
        copy: Option<Object>,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if let Some(copy) = &copy {
            self.heed(copy);
        }
        let Some(round) = self.round(number) else { return };
        let Step::Gather = round.step else { return };
        let asked = round.targets.iter_mut().find(|target| target.node == from && !target.heard);
        let Some(target) = asked else { return };
        target.heard = true;
        if let Some(copy) = &copy {
            merge_into(&mut round.found, copy);
        }
        target.copy = copy;
        let (heard, needed) = round.score();
        if round.answered {
            self.repair(number, ctx);
            self.settle(number);
        } else if heard >= needed {
            self.copies_are_read(number, ctx);
        }
    }

    fn copies_are_read(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        match (round.reads(), round.terms.write_back, round.found.clone()) {
            (true, true, Some(found)) => self.store(number, found, ctx),
            (true, _, _) => self.answer_read(number, ctx),
            (false, _, _) => self.issue(number, ctx),
        }
    }

    /// Tells the client what was found.
    pub(super) fn answer_read(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        round.answered = true;
        let op = round.request.op;
        match &round.found {
            Some(found) => ctx.reply_as_of(op, Outcome::Ok(found.value()), found.token()),
            None => ctx.reply(op, Outcome::ok(None)),
        }
        self.repair(number, ctx);
        self.settle(number);
    }

    /// Sends what was found to replicas that are behind it.
    fn repair(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let repairs = self.config.read_repair;
        let Some(round) = self.round(number).filter(|round| repairs && round.reads()) else { return };
        let Some(found) = round.found.clone() else { return };
        let key = round.key().clone();
        let behind = |target: &&mut super::round::Target| {
            target.heard && target.home.is_none() && target.copy.as_ref() != Some(&found)
        };
        let mut nodes = Vec::new();
        for target in round.targets.iter_mut().filter(behind) {
            target.copy = Some(found.clone());
            nodes.push(target.node);
        }
        for node in nodes {
            if node == self.me {
                self.keep(&key, &found, None, ctx);
                continue;
            }
            ctx.note(|| format!("repairs {node} on read: {key} is {}", found.value()));
            let entries = vec![(key.clone(), found.clone())];
            ctx.send(node, Rpc::Repair { entries, leaves: Vec::new() });
        }
    }

    /// A round of which nothing more is to come is over.
    pub(super) fn settle(&mut self, number: u64) {
        if self.round(number).is_some_and(|round| round.answered && round.is_complete()) {
            self.end(number);
        }
    }
}

fn merge_into(found: &mut Option<Object>, copy: &Object) {
    match found {
        Some(found) => drop(found.merge(copy)),
        None => *found = Some(copy.clone()),
    }
}
