//! What must have been heard for a promise to have been judged at all. A history without an answer that could have been
//! wrong keeps every promise, and that says nothing.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::history::{History, Operation, Value, Verb};
use super::judgement::{Initial, Terms};
use super::promise::{heard, pn_counter};
use super::transaction::parts;

/// What a promise speaks of.
#[derive(Clone, Copy)]
pub struct Concern {
    /// For people, behind "it needs".
    pub needs: &'static str,
    /// Was it heard?
    pub is_met: fn(&History, &Terms) -> bool,
}

pub const READ: Concern = concern("a read that was answered", |history, terms| {
    any(history, |op| op.action.verb == Verb::Read && tells(op, terms))
});
pub const REGISTER: Concern =
    concern("a read, a compare-and-set or a sum that was answered", |history, terms| {
        any(history, |op| match op.action.verb {
            Verb::Read => tells(op, terms),
            Verb::Cas => heard(op).is_some(),
            Verb::Add => is_sum(op),
            _ => false,
        })
    });
pub const VERSIONED: Concern =
    concern("a read or a compare-and-set that was answered, or a version", |history, _| {
        any(history, |op| match (op.action.verb, heard(op)) {
            (Verb::Read | Verb::Cas, heard) => heard.is_some(),
            (_, heard) => matches!(heard, Some(Value::List(_))),
        })
    });
pub const TRANSACTION: Concern =
    concern("a transaction that read something and was answered", |history, terms| {
        any(history, |op| {
            let unknown = terms.initial == Initial::Unknown;
            let tells = |value: &Value| !unknown || *value != Value::Nil;
            let parts = parts(op).unwrap_or_default();
            heard(op).is_some() && parts.iter().any(|part| !part.writes && part.value.is_some_and(tells))
        })
    });
pub const QUEUE: Concern = concern("a dequeue or a read that was answered", |history, _| {
    any(history, |op| matches!(op.action.verb, Verb::Dequeue | Verb::Read) && heard(op).is_some())
});
pub const STACK: Concern = concern("a pop or a read that was answered", |history, _| {
    any(history, |op| matches!(op.action.verb, Verb::Pop | Verb::Read) && heard(op).is_some())
});
pub const SET: Concern = concern("a read, or whether an element was there", |history, _| {
    any(history, |op| match (op.action.verb, heard(op)) {
        (Verb::Read, heard) => heard.is_some(),
        (Verb::Contains | Verb::Remove, heard) => matches!(heard, Some(Value::Bool(_))),
        _ => false,
    })
});
pub const SUM: Concern = concern("a read or a sum that was answered", |history, _| {
    any(history, |op| op.action.verb == Verb::Read && heard(op).is_some() || is_sum(op))
});
pub const LOCK: Concern =
    concern("an acquire or a release that was answered", |history, _| any(history, |op| heard(op).is_some()));
pub const HOLDER: Concern = concern("an acquire that was answered", |history, _| {
    any(history, |op| op.action.verb == Verb::Acquire && heard(op).is_some())
});
pub const EFFECT: Concern =
    concern("an effect that some answer shows: a read, a sum, or what was taken out", |history, _| {
        any(history, |op| {
            let shows = matches!(op.action.verb, Verb::Read | Verb::Dequeue | Verb::Pop | Verb::Drain);
            shows && heard(op).is_some() || is_sum(op)
        })
    });
pub const IDENTIFIER: Concern = concern("an identifier that was given", |history, _| {
    any(history, |op| heard(op).is_some_and(|id| *id != Value::Nil))
});
pub const TAKEN: Concern = concern("a dequeue or a drain that was answered", |history, _| {
    any(history, |op| matches!(op.action.verb, Verb::Dequeue | Verb::Drain) && heard(op).is_some())
});
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
pub const FORK: Concern = concern("two answered reads of the same two keys", |history, _| {
    let mut seen: Vec<Vec<SmolStr>> = history.operations.iter().filter_map(reads).collect();
    seen.retain(|keys| keys.len() > 1);
    seen.sort_unstable();
    seen.windows(2).any(|two| two[0] == two[1])
});
pub const READ_YOUR_WRITES: Concern =
    concern("an answered read of a key by a client that had written it", |history, terms| {
        pair(history, by_both, is_acknowledged, |op| is_read(op) && tells(op, terms))
    });
pub const MONOTONIC_READS: Concern =
    concern("two answered reads of one key by one client", |history, terms| {
        pair(history, by_both, is_read, |op| is_read(op) && tells(op, terms))
    });
pub const MONOTONIC_WRITES: Concern =
    concern("two writes by one client, and an answered read", |history, terms| {
        (READ.is_met)(history, terms) && pair(history, by_client, is_write, is_write)
    });
pub const WRITES_FOLLOW_READS: Concern =
    concern("a client that wrote after an answered read, and an answered read besides", |history, terms| {
        any_more_than(history, 1, is_read)
            && (READ.is_met)(history, terms)
            && pair(history, by_client, is_read, is_write)
    });
pub const READ_AFTER_WRITE: Concern =
    concern("an answered read of a key after an acknowledged write of it", |history, terms| {
        pair(history, by_key, is_acknowledged, |op| is_read(op) && tells(op, terms))
    });
pub const SESSION: Concern =
    concern("two operations by one client, one of them an answered read", |history, terms| {
        [READ_YOUR_WRITES, MONOTONIC_READS, MONOTONIC_WRITES, WRITES_FOLLOW_READS]
            .iter()
            .any(|guarantee| (guarantee.is_met)(history, terms))
    });

const fn concern(needs: &'static str, is_met: fn(&History, &Terms) -> bool) -> Concern {
    Concern { needs, is_met }
}

fn any(history: &History, is_such: impl Fn(&Operation) -> bool) -> bool {
    history.operations.iter().any(is_such)
}

/// Does an answer tell something? Where nobody knows how objects began, a read of nothing does not.
fn tells(operation: &Operation, terms: &Terms) -> bool {
    heard(operation).is_some_and(|value| *value != Value::Nil || terms.initial != Initial::Unknown)
}

fn is_sum(operation: &Operation) -> bool {
    operation.action.verb == Verb::Add && heard(operation).is_some_and(|heard| heard.whole().is_some())
}

fn is_write(operation: &Operation) -> bool {
    operation.action.verb == Verb::Write
}

fn is_acknowledged(operation: &Operation) -> bool {
    is_write(operation) && heard(operation).is_some()
}

fn is_read(operation: &Operation) -> bool {
    operation.action.verb == Verb::Read && heard(operation).is_some()
}

fn any_more_than(history: &History, count: usize, is_such: fn(&Operation) -> bool) -> bool {
    history.operations.iter().filter(|op| is_such(op)).nth(count).is_some()
}

type Group<'a> = (Option<u32>, Option<&'a SmolStr>);

fn by_client(operation: &Operation) -> Group<'_> {
    (Some(operation.client), None)
}

fn by_key(operation: &Operation) -> Group<'_> {
    (None, Some(&operation.action.key))
}

fn by_both(operation: &Operation) -> Group<'_> {
    (Some(operation.client), Some(&operation.action.key))
}

/// In one group, is there one of the first kind, and one of the second that began after it?
fn pair(
    history: &History,
    group: fn(&Operation) -> Group<'_>,
    first: fn(&Operation) -> bool,
    second: impl Fn(&Operation) -> bool,
) -> bool {
    let mut order: Vec<&Operation> = history.operations.iter().collect();
    order.sort_by_key(|op| op.invoked);
    let mut met: BTreeSet<Group<'_>> = BTreeSet::new();
    order.into_iter().any(|op| {
        let group = group(op);
        let found = second(op) && met.contains(&group);
        if first(op) {
            met.insert(group);
        }
        found
    })
}

/// The keys that a transaction read, in order, if it was answered and only read.
fn reads(operation: &Operation) -> Option<Vec<SmolStr>> {
    heard(operation)?;
    let parts = parts(operation).ok()?;
    let all = parts.iter().all(|part| !part.writes && part.value.is_some());
    let mut keys: Vec<_> = parts.into_iter().map(|part| part.key).collect();
    keys.sort_unstable();
    keys.dedup();
    all.then_some(keys)
}
