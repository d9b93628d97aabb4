//! What reads miss: counted only where it can be told for sure from what clients heard.
//!
//! Of two writes of one key, the one that was answered before the other was asked for is the older. A key whose
//! values are written twice, or that is changed by more than one kind of operation, tells nothing.

use litemap::LiteMap;
use smol_str::SmolStr;

use crate::check::history::{History, Operation, Outcome, Value, Verb};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staleness {
    /// The reads that miss what had been acknowledged before they began, by their place in the history.
    pub stale: Vec<usize>,
    /// The reads of registers that began after some write of their key was acknowledged, by their place in the history,
    /// each with the latest such acknowledgement.
    pub after: Vec<(usize, u64)>,
}

/// The operations on one key, by their places.
#[derive(Default)]
struct Key {
    /// In the order of their answers, as far as they were answered.
    writes: Vec<usize>,
    adds: Vec<usize>,
    reads: Vec<usize>,
    /// Something else changed it.
    muddied: bool,
}

/// Looks through a history; its operations stand in the order in which they were asked for.
pub fn staleness(history: &History) -> Staleness {
    let mut keys: LiteMap<SmolStr, Key> = LiteMap::new();
    for (place, operation) in history.operations.iter().enumerate() {
        let key = match keys.get_mut(&operation.action.key) {
            Some(key) => key,
            None => keys.entry(operation.action.key.clone()).or_default(),
        };
        match (operation.action.verb, &operation.outcome) {
            (_, Outcome::Failed) => {}
            (Verb::Read, Outcome::Ok(_)) => key.reads.push(place),
            (Verb::Read, Outcome::Unknown) => {}
            (Verb::Write, _) => key.writes.push(place),
            (Verb::Add, _) if matches!(operation.action.value, Value::Int(by) if by > 0) => {
                key.adds.push(place)
            }
            _ => key.muddied = true,
        }
    }
    let mut found = Staleness::default();
    for key in keys.values() {
        match (key.writes.is_empty(), key.adds.is_empty(), key.muddied) {
            (false, true, false) => register(&history.operations, key, &mut found),
            (true, false, false) => counter(&history.operations, key, &mut found),
            _ => {}
        }
    }
    found.stale.sort_unstable();
    found
}

/// A read is stale if a write was acknowledged before it began, and asked for after the write that it saw was over.
fn register(all: &[Operation], key: &Key, found: &mut Staleness) {
    let mut by_value: Vec<usize> = key.writes.clone();
    by_value.sort_unstable_by(|a, b| all[*a].action.value.cmp(&all[*b].action.value));
    if by_value.windows(2).any(|pair| all[pair[0]].action.value == all[pair[1]].action.value) {
        return;
    }
    // Answered writes in the order of their answers, each with the latest invocation so far.
    let mut answered: Vec<(u64, u64)> =
        key.writes.iter().filter_map(|place| Some((all[*place].returned?, all[*place].invoked))).collect();
    answered.sort_unstable();
    let mut latest = 0;
    for (_, invoked) in &mut answered {
        latest = latest.max(*invoked);
        *invoked = latest;
    }
    // When the write that a read saw was over: nothing was written before everything.
    let seen_until = |read: &Operation| -> Option<u64> {
        let Outcome::Ok(value) = &read.outcome else { return None };
        if *value == Value::Nil {
            return Some(0);
        }
        let place = by_value.binary_search_by(|place| all[*place].action.value.cmp(value)).ok()?;
        all[by_value[place]].returned
    };
    let misses = |until: u64, read: &Operation| {
        let known = answered.partition_point(|(returned, _)| *returned < read.invoked);
        known > 0 && answered[known - 1].1 > until
    };
    for place in &key.reads {
        let Some(until) = seen_until(&all[*place]) else { continue };
        let known = answered.partition_point(|(returned, _)| *returned < all[*place].invoked);
        found.after.extend(known.checked_sub(1).map(|newest| (*place, answered[newest].0)));
        if misses(until, &all[*place]) {
            found.stale.push(*place);
        }
    }
}

/// A counter that only grows: a read that shows less than what had been added before it began is stale.
fn counter(all: &[Operation], key: &Key, found: &mut Staleness) {
    let by = |place: &usize| match all[*place].action.value {
        Value::Int(by) => by,
        _ => 0,
    };
    let mut answered: Vec<(u64, i64)> =
        key.adds.iter().filter_map(|place| Some((all[*place].returned?, by(place)))).collect();
    answered.sort_unstable();
    let mut sum = 0i64;
    for (_, added) in &mut answered {
        sum = sum.saturating_add(*added);
        *added = sum;
    }
    let missing = |read: &Operation| {
        let known = answered.partition_point(|(returned, _)| *returned < read.invoked);
        let least = known.checked_sub(1).map_or(0, |last| answered[last].1);
        match &read.outcome {
            Outcome::Ok(Value::Int(value)) => least.saturating_sub(*value),
            Outcome::Ok(Value::Nil) => least,
            _ => 0,
        }
    };
    found.stale.extend(key.reads.iter().filter(|place| missing(&all[**place]) > 0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::history::Action;

    fn op(verb: Verb, value: Value, answer: Value, at: u64) -> Operation {
        Operation::new(0, Action::new(verb, "x", value), Outcome::Ok(answer), at, at + 5)
    }

    fn write(value: i64, at: u64) -> Operation {
        op(Verb::Write, Value::Int(value), Value::Nil, at)
    }

    fn read(value: Value, at: u64) -> Operation {
        op(Verb::Read, Value::Nil, value, at)
    }

    fn of(operations: Vec<Operation>) -> Vec<usize> {
        staleness(&History { operations }).stale
    }

    #[test]
    fn a_read_that_misses_an_acknowledged_write_is_stale() {
        assert_eq!(of(vec![write(1, 10), write(2, 20), read(Value::Int(1), 30)]), [2]);
        assert_eq!(of(vec![write(1, 10), read(Value::Nil, 20), read(Value::Int(1), 30)]), [1]);
    }

    #[test]
    fn a_read_is_held_against_the_latest_acknowledgement_before_it() {
        let operations = vec![write(1, 10), write(2, 20), read(Value::Int(2), 22), read(Value::Int(1), 30)];
        assert_eq!(staleness(&History { operations }).after, [(2, 15), (3, 25)]);
    }

    #[test]
    fn what_is_concurrent_is_not_stale() {
        assert_eq!(of(vec![write(1, 10), write(2, 12), read(Value::Int(1), 30)]), [0_usize; 0]);
        assert_eq!(of(vec![write(1, 10), write(2, 20), read(Value::Int(1), 22)]), [0_usize; 0]);
    }

    #[test]
    fn a_write_without_an_answer_is_older_than_nothing() {
        let unknown = Operation::open(1, Action::new(Verb::Write, "x", Value::Int(1)), 5);
        assert_eq!(of(vec![unknown, write(2, 20), read(Value::Int(1), 30)]), [0_usize; 0]);
    }

    #[test]
    fn a_value_written_twice_tells_nothing() {
        assert_eq!(of(vec![write(1, 10), write(2, 20), write(1, 30), read(Value::Int(1), 40)]), [0_usize; 0]);
    }

    #[test]
    fn a_counter_that_shows_too_little_is_stale() {
        let add = |at| op(Verb::Add, Value::Int(1), Value::Nil, at);
        let (three, two) = (Value::Int(3), Value::Int(2));
        assert_eq!(of(vec![add(10), add(20), add(30), read(two, 40), read(three, 50)]), [3]);
        assert_eq!(of(vec![add(10), add(20), add(30), read(Value::Int(1), 40)]), [3]);
    }
}
