//! What must have been heard for a promise to have been judged at all. A history without an answer that could have been
//! wrong keeps every promise, and that says nothing.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::history::{History, Operation, Outcome, Value, Verb};
use super::judgement::{Initial, Servers, Terms};
use super::promise::{heard, pn_counter};
use super::transaction::{Part, parts};

/// What a promise speaks of.
#[derive(Clone, Copy)]
pub struct Concern {
    /// For people, behind "it needs".
    needs: &'static str,
    /// The same where it is not known how objects began.
    needs_unknown: &'static str,
    /// Was it heard?
    pub is_met: fn(&History, &Terms) -> bool,
}

/// Reads of registers, in the order of real time.
pub const READ: Concern = concern("a read that was answered", |history, terms| {
    is_known(terms) && any(history, is_read) || contradicts(history, terms, &[Verb::Read], by_key)
})
.or_if_unknown(TWO_READS);
pub const REGISTER: Concern =
    concern("a read, a compare-and-set or a sum that was answered", |history, terms| {
        is_known(terms) && any(history, |op| tells(op, terms, COMPARING))
            || contradicts(history, terms, COMPARING, by_key)
    })
    .or_if_unknown(TWO_READS);
/// The same where only each client's own order counts.
pub const IN_SESSION: Concern = concern(REGISTER.needs, |history, terms| {
    is_known(terms) && any(history, |op| tells(op, terms, COMPARING))
        || contradicts(history, terms, COMPARING, by_both)
})
.or_if_unknown(
    "two answered reads of one key, or one by a client that had written it, because it is not known how objects began",
);
pub const CAUSE: Concern = concern(READ.needs, |history, terms| {
    let read = |op: &Operation| tells(op, terms, &[Verb::Read]);
    match is_known(terms) {
        true => any(history, is_read),
        false => pair(history, by_both, read, is_write) || may_disagree(history, terms),
    }
})
.or_if_unknown(TWO_OF_EACH);
/// An element of a list or a set: it may be there twice, however that began.
pub const ELEMENTS: Concern = concern("a read that was answered", |history, _| any(history, is_read));
pub const VERSIONED: Concern =
    concern("a read or a compare-and-set that was answered, or a version", |history, _| {
        any(history, |op| match (op.action.verb, heard(op)) {
            (Verb::Read | Verb::Cas, heard) => heard.is_some(),
            (_, heard) => matches!(heard, Some(Value::List(_))),
        })
    });
pub const TRANSACTION: Concern =
    concern("a transaction that read something and was answered", |history, terms| match is_known(terms) {
        true => any(history, |op| answered_parts(op).iter().any(|part| !part.writes && part.value.is_some())),
        false => transactions_contradict(history),
    })
    .or_if_unknown(
        "two answered reads of one register, or one after an acknowledged write of it, because it is not known how \
         registers began",
    );
pub const QUEUE: Concern = concern("a dequeue or a read that was answered", |history, _| {
    any(history, |op| matches!(op.action.verb, Verb::Dequeue | Verb::Read) && heard(op).is_some())
});
pub const STACK: Concern = concern("a pop or a read that was answered", |history, _| {
    any(history, |op| matches!(op.action.verb, Verb::Pop | Verb::Read) && heard(op).is_some())
});
pub const SET: Concern =
    concern("a read, or whether an element was there that was not changed meanwhile", |history, _| {
        let shows = |op: &Operation| matches!(op.action.verb, Verb::Contains | Verb::Remove);
        any(history, is_read)
            || each(history, by_key, |ops| {
                let mut told = ops.iter().filter(|op| shows(op) && matches!(heard(op), Some(Value::Bool(_))));
                told.any(|op| !ops.iter().any(|other| changes_meanwhile(other, op)))
            })
    });
pub const SUM: Concern = concern("a read or a sum that was answered", |history, _| {
    any(history, |op| op.action.verb == Verb::Read && heard(op).is_some() || is_sum(op))
});
pub const LOCK: Concern =
    concern("a release that was answered, or two acquires of one lock", |history, _| {
        any(history, |op| op.action.verb == Verb::Release && heard(op).is_some())
            || each(history, by_key, |ops| ops.iter().filter(|op| is_acquired(op)).count() > 1)
    });
pub const HOLDER: Concern =
    concern("acquires of one lock by two clients that were answered", |history, _| {
        each(history, by_key, |ops| {
            let mut clients = ops.iter().filter(|op| is_acquired(op)).map(|op| op.client);
            clients.next().is_some_and(|first| clients.any(|other| other != first))
        })
    });
pub const EFFECT: Concern =
    concern("an effect that some answer shows: a read, a sum, or what was taken out", |history, _| {
        any(history, |op| {
            let shows = matches!(op.action.verb, Verb::Read | Verb::Dequeue | Verb::Pop | Verb::Drain);
            shows && heard(op).is_some() || is_sum(op)
        })
    });
pub const IDENTIFIER: Concern = concern("two identifiers that were given", |history, _| {
    let is_given = |op: &&&Operation| heard(op).is_some_and(|id| *id != Value::Nil);
    each(history, by_key, |ops| ops.iter().filter(is_given).count() > 1)
});
pub const TAKEN: Concern = concern("a dequeue or a drain that was answered", |history, terms| {
    let takes = |op: &Operation| matches!(op.action.verb, Verb::Dequeue | Verb::Drain) && heard(op).is_some();
    let puts = |op: &Operation| op.action.verb == Verb::Enqueue && heard(op).is_some();
    if is_known(terms) { any(history, takes) } else { pair(history, by_key, puts, takes) }
})
.or_if_unknown(
    "an answered dequeue or drain after an acknowledged enqueue, because it is not known how the queue began",
);
pub const FINAL: Concern = concern(
    "a final read that was answered: marked as :final? true, or begun when all additions had been answered",
    |history, _| !pn_counter::finals(history).is_empty(),
);
pub const BALANCES: Concern = concern("a read of balances that was answered", |history, _| {
    any(history, |op| match op.action.verb {
        Verb::Read => heard(op).is_some_and(|heard| *heard != Value::Nil),
        _ => heard(op).is_some() && reads(op).is_some(),
    })
});
pub const FORK: Concern =
    concern("two answered reads of the same keys, two of which were written", |history, _| {
        let mut written: BTreeSet<SmolStr> = BTreeSet::new();
        for op in history.operations.iter().filter(|op| op.outcome != Outcome::Failed) {
            let parts = parts(op).unwrap_or_default();
            written.extend(parts.into_iter().filter(|part| part.writes).map(|part| part.key));
        }
        let mut seen: Vec<Vec<SmolStr>> = history.operations.iter().filter_map(reads).collect();
        seen.retain(|keys| keys.iter().filter(|key| written.contains(*key)).count() > 1);
        seen.sort_unstable();
        seen.windows(2).any(|two| two[0] == two[1])
    });
pub const REVERSE: Concern = concern(
    "an answered read of an object, and two writes of it, one asked for after the other had been acknowledged",
    |history, _| {
        let changes = |op: &Operation| op.action.verb != Verb::Read && op.outcome != Outcome::Failed;
        let done = |op: &Operation| changes(op) && heard(op).is_some();
        each(history, by_key, |ops| {
            let first = ops.iter().filter(|op| done(op)).filter_map(|op| op.returned).min();
            let later = |op: &&Operation| changes(op) && first.is_some_and(|first| first < op.invoked);
            ops.iter().any(later) && ops.iter().any(|op| is_read(op))
        })
    },
);
pub const READ_YOUR_WRITES: Concern =
    concern("an answered read of a key by a client that had written it", |history, terms| {
        let read = |op: &Operation| is_read(op) && tells(op, terms, &[Verb::Read]);
        pair(history, by_both, is_acknowledged, read) && may_disagree(history, terms)
    })
    .or_if_unknown(TWO_OF_EACH);
pub const MONOTONIC_READS: Concern =
    concern("two answered reads of one key by one client", |history, terms| {
        let read = |op: &Operation| is_read(op) && tells(op, terms, &[Verb::Read]);
        pair(history, by_both, read, read) && any(history, is_write) && may_disagree(history, terms)
    })
    .or_if_unknown(TWO_OF_EACH);
pub const MONOTONIC_WRITES: Concern =
    concern("two writes by one client, and two answered reads by one server", |history, terms| {
        pair(history, by_client, is_acknowledged, is_write)
            && pair(history, by_server, is_read, is_read)
            && may_disagree(history, terms)
    });
pub const WRITES_FOLLOW_READS: Concern = concern(
    "a client that wrote after an answered read, and two answered reads by one server",
    |history, terms| {
        pair(history, by_client, is_read, is_write)
            && pair(history, by_server, is_read, is_read)
            && may_disagree(history, terms)
    },
);
pub const READ_AFTER_WRITE: Concern =
    concern("an answered read of a key after an acknowledged write of it", |history, terms| {
        let read = |op: &Operation| is_read(op) && tells(op, terms, &[Verb::Read]);
        pair(history, by_key, is_acknowledged, read)
            && (is_known(terms) || pair(history, by_key, is_acknowledged, is_write))
    })
    .or_if_unknown(
        "an answered read of a key after two acknowledged writes of it, because it is not known how objects began",
    );
pub const SESSION: Concern = concern(
    "two operations by one client on one key, one of them an answered read; or, with --servers-keep, answers that name their servers",
    |history, terms| {
        let keep = terms.servers == Servers::Keep;
        let of_clients = [READ_YOUR_WRITES, MONOTONIC_READS];
        let of_servers = [MONOTONIC_WRITES, WRITES_FOLLOW_READS];
        let all = of_clients.iter().chain(of_servers.iter().filter(|_| keep));
        all.into_iter().any(|guarantee| (guarantee.is_met)(history, terms))
    },
);

const TWO_READS: &str = "two answered reads of one key, or one after an acknowledged write of it, because it is not \
                         known how objects began";
const TWO_OF_EACH: &str =
    "two writes and two answered reads of one key, because it is not known how objects began";

const COMPARING: &[Verb] = &[Verb::Read, Verb::Cas, Verb::Add];

const fn concern(needs: &'static str, is_met: fn(&History, &Terms) -> bool) -> Concern {
    Concern { needs, needs_unknown: needs, is_met }
}

impl Concern {
    const fn or_if_unknown(self, needs_unknown: &'static str) -> Concern {
        Concern { needs_unknown, ..self }
    }

    /// What must be heard, for people, behind "it needs".
    pub fn needs(&self, terms: &Terms) -> &'static str {
        if is_known(terms) { self.needs } else { self.needs_unknown }
    }
}

fn any(history: &History, is_such: impl Fn(&Operation) -> bool) -> bool {
    history.operations.iter().any(is_such)
}

/// Is it known how objects began?
fn is_known(terms: &Terms) -> bool {
    terms.initial != Initial::Unknown
}

/// Does an answer tell what was there? Where it is not known how objects began, a read of nothing does not.
fn tells(operation: &Operation, terms: &Terms, verbs: &[Verb]) -> bool {
    verbs.contains(&operation.action.verb)
        && match operation.action.verb {
            Verb::Add => is_sum(operation),
            Verb::Cas => heard(operation).is_some(),
            _ => heard(operation).is_some_and(|value| *value != Value::Nil || is_known(terms)),
        }
}

/// Does one operation change the element of another while that is under way?
fn changes_meanwhile(one: &Operation, other: &Operation) -> bool {
    !std::ptr::eq(one, other)
        && matches!(one.action.verb, Verb::Insert | Verb::Add | Verb::Remove)
        && one.outcome != Outcome::Failed
        && one.action.value == other.action.value
        && !after(one, other)
        && !after(other, one)
}

fn after(one: &Operation, other: &Operation) -> bool {
    other.returned.is_some_and(|returned| returned < one.invoked)
}

/// Where it is not known how objects began: could an answer be wrong because of another, or of a change before it in
/// its group?
fn contradicts(history: &History, terms: &Terms, verbs: &[Verb], group: By) -> bool {
    let tells = |op: &Operation| tells(op, terms, verbs);
    let changed = |op: &Operation| op.action.verb != Verb::Read && heard(op).is_some();
    pair(history, group, changed, tells)
        || each(history, by_key, |ops| ops.iter().filter(|op| tells(op)).nth(1).is_some())
}

/// The same of transactions, in the order of time, and of the parts of one as they stand in it.
fn transactions_contradict(history: &History) -> bool {
    let mut order: Vec<&Operation> = history.operations.iter().filter(|op| heard(op).is_some()).collect();
    order.sort_by_key(|op| op.invoked);
    // Since when each register is known: it was read, or written by one that was answered.
    let mut known: BTreeMap<SmolStr, u64> = BTreeMap::new();
    order.into_iter().any(|op| {
        let mut own = BTreeSet::new();
        answered_parts(op).into_iter().any(|part| {
            let tells = !part.writes && part.value.is_some_and(|value| *value != Value::Nil);
            let is_known = own.contains(&part.key) || known.get(&part.key).is_some_and(|at| *at < op.invoked);
            if part.writes || tells {
                let since = op.returned.filter(|_| part.writes).unwrap_or(0);
                let known = known.entry(part.key.clone()).or_insert(since);
                *known = since.min(*known);
                own.insert(part.key);
            }
            tells && is_known
        })
    })
}

/// Could two reads show writes of one key in opposite orders, or one that it was overwritten from the start?
fn may_disagree(history: &History, terms: &Terms) -> bool {
    is_known(terms)
        || each(history, by_key, |ops| {
            ops.iter().filter(|op| is_write(op)).count() > 1
                && ops.iter().filter(|op| is_read(op)).count() > 1
        })
}

fn is_acquired(operation: &Operation) -> bool {
    operation.action.verb == Verb::Acquire && heard(operation).is_some()
}

fn is_sum(operation: &Operation) -> bool {
    operation.action.verb == Verb::Add && heard(operation).is_some_and(|heard| heard.whole().is_some())
}

fn is_write(operation: &Operation) -> bool {
    operation.action.verb == Verb::Write && operation.outcome != Outcome::Failed
}

fn is_acknowledged(operation: &Operation) -> bool {
    is_write(operation) && heard(operation).is_some()
}

fn is_read(operation: &Operation) -> bool {
    operation.action.verb == Verb::Read && heard(operation).is_some()
}

type By = fn(&Operation) -> Option<Group<'_>>;

/// A client, a key, a server.
type Group<'a> = (Option<u32>, Option<&'a SmolStr>, Option<u32>);

fn by_client(operation: &Operation) -> Option<Group<'_>> {
    Some((Some(operation.client), None, None))
}

fn by_key(operation: &Operation) -> Option<Group<'_>> {
    Some((None, Some(&operation.action.key), None))
}

fn by_both(operation: &Operation) -> Option<Group<'_>> {
    Some((Some(operation.client), Some(&operation.action.key), None))
}

fn by_server(operation: &Operation) -> Option<Group<'_>> {
    operation.server.map(|server| (None, None, Some(server)))
}

/// Is one group of operations such?
fn each(history: &History, group: By, is_such: impl Fn(&[&Operation]) -> bool) -> bool {
    let mut groups: BTreeMap<Group<'_>, Vec<&Operation>> = BTreeMap::new();
    for op in &history.operations {
        groups.entry(group(op).unwrap_or_default()).or_default().push(op);
    }
    groups.values().any(|ops| is_such(ops))
}

/// In one group, is there one of the first kind, and one of the second that began when it was over?
fn pair(
    history: &History,
    group: By,
    first: impl Fn(&Operation) -> bool,
    second: impl Fn(&Operation) -> bool,
) -> bool {
    let mut over: BTreeMap<Group<'_>, u64> = BTreeMap::new();
    for op in history.operations.iter().filter(|op| first(op)) {
        if let (Some(group), Some(returned)) = (group(op), op.returned) {
            let earliest = over.entry(group).or_insert(returned);
            *earliest = returned.min(*earliest);
        }
    }
    let met =
        |op: &Operation| group(op).and_then(|group| over.get(&group)).is_some_and(|at| *at < op.invoked);
    history.operations.iter().any(|op| second(op) && met(op))
}

/// What an answered transaction did.
fn answered_parts(operation: &Operation) -> Vec<Part<'_>> {
    heard(operation).and(parts(operation).ok()).unwrap_or_default()
}

/// The keys that a transaction read, in order, if it was answered and only read.
fn reads(operation: &Operation) -> Option<Vec<SmolStr>> {
    heard(operation)?;
    let parts = parts(operation)
        .ok()
        .filter(|parts| matches!(operation.action.verb, Verb::Read | Verb::Transact) && !parts.is_empty())?;
    let all = parts.iter().all(|part| !part.writes && part.value.is_some());
    let mut keys: Vec<_> = parts.into_iter().map(|part| part.key).collect();
    keys.sort_unstable();
    keys.dedup();
    all.then_some(keys)
}
