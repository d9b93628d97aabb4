//! What is on disk, what waits for it, and how a node finds itself again there.

use std::collections::BTreeSet;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::answers::Answer;
use super::clock::Reading;
use super::message::Rpc;
use super::object::Object;
use super::table::Table;
use super::{News, Replica};
use crate::protocol::crdt::PnCounter;
use crate::sim::{Ctx, NodeId, OpId, Outcome, Request, Token};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// It took this write on: should the request come twice, it takes effect once.
    Begun(OpId),
    /// It made this write, number `count` of its own under the key. No write is sent before this is safe: a name that was
    /// given once is never given again.
    Issued { key: SmolStr, count: u64, object: Object },
    /// Its copy took this in.
    Merged { key: SmolStr, object: Object },
    /// It keeps this for another.
    Hint { home: NodeId, key: SmolStr, object: Object },
    /// The other has it.
    HandedOver { home: NodeId, key: SmolStr },
}

/// What a node itself wrote under a key: how often, and what it added to a counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    pub count: u64,
    pub added: PnCounter,
}

/// What is kept for others, by them and by key.
pub type Hints = LiteMap<(NodeId, SmolStr), Object>;

/// What a disk amounts to.
#[derive(Clone, Debug, Default)]
pub struct Persistent {
    pub table: Table,
    pub hints: Hints,
    pub own: LiteMap<SmolStr, Own>,
    pub begun: BTreeSet<OpId>,
    /// The latest stamp it has seen.
    pub latest: Reading,
}

/// What waits until records are safe.
#[derive(Clone, Debug)]
pub(super) enum Then {
    Send {
        to: NodeId,
        message: Rpc,
    },
    /// Another is to coordinate.
    Forward {
        to: NodeId,
        request: Request,
    },
    Refuse {
        op: OpId,
        outcome: Outcome,
    },
    /// A write, or what a read writes back, goes out to the nodes that are to keep it.
    Store {
        round: u64,
    },
    /// The coordinator's own copy counts.
    Count {
        round: u64,
    },
    /// Judges hear of it.
    Tell(News),
}

impl Persistent {
    pub fn replay(disk: &[Record]) -> Persistent {
        let mut found = Persistent::default();
        for record in disk {
            found.take(record);
        }
        found
    }

    fn take(&mut self, record: &Record) {
        match record {
            Record::Begun(op) => {
                self.begun.insert(*op);
            }
            Record::Issued { key, count, object } => {
                let own = self.own.entry(key.clone()).or_default();
                own.count = own.count.max(*count);
                if let Object::Counter(part) = object {
                    own.added.merge(part);
                }
                self.heed(object);
            }
            Record::Merged { key, object } => {
                self.table.merge(key, object);
                self.heed(object);
            }
            Record::Hint { home, key, object } => keep_hint(&mut self.hints, *home, key, object),
            Record::HandedOver { home, key } => {
                self.hints.remove(&(*home, key.clone()));
            }
        }
    }

    fn heed(&mut self, object: &Object) {
        if let Object::Latest(register) = object {
            self.latest = self.latest.max(register.stamp().reading);
        }
    }
}

/// Keeps one more thing for another.
pub(super) fn keep_hint(hints: &mut Hints, home: NodeId, key: &SmolStr, object: &Object) {
    match hints.get_mut(&(home, key.clone())) {
        Some(kept) => drop(kept.merge(object)),
        None => drop(hints.insert((home, key.clone()), object.clone())),
    }
}

impl Replica {
    pub(super) fn write(&mut self, record: Record, ctx: &mut Ctx<'_, Self>) {
        self.barrier.wrote();
        ctx.append(record);
        ctx.sync();
    }

    /// Does something once every record written so far is safe.
    pub(super) fn once_safe(&mut self, then: Then, ctx: &mut Ctx<'_, Self>) {
        if let Some(then) = self.barrier.pass(then) {
            self.act(then, ctx);
        }
    }

    pub(super) fn records_are_safe(&mut self, through: u64, ctx: &mut Ctx<'_, Self>) {
        self.barrier.synced(through);
        while let Some(then) = self.barrier.due() {
            self.act(then, ctx);
        }
    }

    fn act(&mut self, then: Then, ctx: &mut Ctx<'_, Self>) {
        match then {
            Then::Send { to, message } => ctx.send(to, message),
            Then::Refuse { op, outcome } => {
                self.answers.keep(op, Answer::Ended(outcome.clone(), Token::default()));
                ctx.reply(op, outcome);
            }
            Then::Forward { to, request } => self.hand_on(to, request, ctx),
            Then::Store { round } => self.send_out(round, ctx),
            Then::Count { round } => self.count_write(self.me, round, ctx),
            Then::Tell(news) => self.news.push(news),
        }
    }
}
