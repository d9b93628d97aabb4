//! What became of writes where nodes cannot tell one from another: judged by the values that all replicas hold in the
//! end, and by what clients knew. A value that was written twice tells nothing, nor does a key that was used as several
//! kinds of object.
//!
//! Of a register that holds another value, a write is kept if the writer of that value knew of it, and lost if that
//! write was over before this one was asked for. In between the store may have put them in either order: it cannot be
//! told.

use smol_str::SmolStr;

use super::knowledge::{Knowledge, written};
use super::{Asked, Fates};
use crate::sim::{Call, Outcome, Value, Version};

const TWICE: &str = "a value was written twice";
const KINDS: &str = "a key was changed in several ways";
const ORDER: &str = "a write was overwritten, and it does not show whether knowingly";
const PERHAPS: &str = "an operation without an answer may have taken it out";
const SUM: &str = "a sum does not tell what it is made of";

/// How a key was used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Register,
    Sum,
    Elements,
}

/// Settles the acknowledged writes of a key, at `places`, by what all replicas hold of it.
pub fn settle<A: AsRef<Asked>>(
    asked: &[A],
    key: &SmolStr,
    places: &[usize],
    versions: &[Version],
    fates: &mut Fates,
) {
    let of_key = |place: &usize| asked[*place].as_ref().call.key() == key;
    let all: Vec<usize> =
        (0..asked.len()).filter(of_key).filter(|place| asked[*place].as_ref().may_count()).collect();
    let kinds: Vec<Option<Kind>> =
        all.iter().filter_map(|place| kind(&asked[*place].as_ref().call)).collect();
    let first = kinds.first().copied().flatten();
    if kinds.iter().any(|kind| kind.is_none() || *kind != first) {
        return fates.cannot_tell(places.len() as u64, KINDS);
    }
    match first {
        Some(Kind::Register) => register(asked, &all, places, versions, fates),
        Some(Kind::Sum) => sum(asked, &all, places, versions, fates),
        Some(Kind::Elements) => elements(asked, &all, places, versions, fates),
        None => fates.cannot_tell(places.len() as u64, KINDS),
    }
}

/// What kind of object an operation takes its key for: `None` for a read, and inside for a lock.
fn kind(call: &Call) -> Option<Option<Kind>> {
    match call {
        Call::Read { .. } => None,
        Call::Write { .. } | Call::Cas { .. } => Some(Some(Kind::Register)),
        Call::Add { .. } => Some(Some(Kind::Sum)),
        Call::Append { .. }
        | Call::Insert { .. }
        | Call::Remove { .. }
        | Call::Enqueue { .. }
        | Call::Dequeue { .. } => Some(Some(Kind::Elements)),
        Call::Acquire { .. } | Call::Release { .. } => Some(None),
    }
}

fn numbers(value: &Value) -> &[i64] {
    match value {
        Value::Nothing => &[],
        Value::Int(value) => std::slice::from_ref(value),
        Value::Many(values) => values,
    }
}

fn register<A: AsRef<Asked>>(
    asked: &[A],
    all: &[usize],
    places: &[usize],
    versions: &[Version],
    fates: &mut Fates,
) {
    let knowledge = Knowledge::of(asked);
    let value = |place: usize| written(&asked[place].as_ref().call);
    let writers = |value: i64| {
        all.iter().copied().filter(move |place| written(&asked[*place].as_ref().call) == Some(value))
    };
    let held: Vec<i64> = versions.iter().flat_map(|version| numbers(&version.value)).copied().collect();
    // The writes that stand, if each value tells its own.
    let stand: Option<Vec<usize>> = held
        .iter()
        .map(|value| Some(writers(*value)).filter(|writers| writers.clone().count() == 1)?.next())
        .collect();
    for place in places {
        let (write, Some(mine)) = (asked[*place].as_ref(), value(*place)) else { continue };
        let over = |stands: &usize| {
            let end = asked[*stands].as_ref().heard.as_ref();
            end.is_some_and(|(event, _)| *event < write.invoked)
        };
        match &stand {
            _ if writers(mine).count() > 1 => fates.cannot_tell(1, TWICE),
            _ if held.contains(&mine) => fates.kept += 1,
            None => fates.cannot_tell(1, TWICE),
            Some(stand) if stand.iter().any(|stands| knowledge.has(asked, *stands, *place)) => {
                fates.kept += 1
            }
            Some(stand) if stand.iter().all(over) => fates.replaced.push(*place),
            Some(_) => fates.cannot_tell(1, ORDER),
        }
    }
}

/// Elements of lists, sets and queues.
fn elements<A: AsRef<Asked>>(
    asked: &[A],
    all: &[usize],
    places: &[usize],
    versions: &[Version],
    fates: &mut Fates,
) {
    let held = |element: i64| versions.iter().any(|version| numbers(&version.value).contains(&element));
    let calls = || all.iter().map(|place| asked[*place].as_ref());
    let puts = |element: i64| calls().filter(|one| put(&one.call) == Some(element)).count();
    let taken = |element: i64| {
        calls().any(|one| match (&one.call, &one.heard) {
            (Call::Remove { value, .. }, _) => *value == element,
            (Call::Dequeue { .. }, None) => true,
            _ => false,
        })
    };
    let came_out = |element: i64| {
        calls().any(|one| {
            let heard = matches!(&one.heard, Some((_, Outcome::Ok(Value::Int(value)))) if *value == element);
            heard && matches!(one.call, Call::Dequeue { .. })
        })
    };
    for place in places {
        let one = asked[*place].as_ref();
        match (put(&one.call), &one.call, &one.heard) {
            (Some(element), ..) if puts(element) > 1 => fates.cannot_tell(1, TWICE),
            (Some(element), ..) if held(element) || came_out(element) => fates.kept += 1,
            (Some(element), ..) if taken(element) => fates.cannot_tell(1, PERHAPS),
            (Some(_), ..) => fates.replaced.push(*place),
            (None, Call::Remove { value, .. }, _) if !held(*value) => fates.kept += 1,
            (None, Call::Dequeue { .. }, Some((_, Outcome::Ok(Value::Int(value))))) if !held(*value) => {
                fates.kept += 1;
            }
            _ => fates.cannot_tell(1, TWICE),
        }
    }
}

fn put(call: &Call) -> Option<i64> {
    match call {
        Call::Append { value, .. } | Call::Insert { value, .. } | Call::Enqueue { value, .. } => Some(*value),
        _ => None,
    }
}

/// A sum of what was only added: it tells how much is missing, not which.
fn sum<A: AsRef<Asked>>(
    asked: &[A],
    all: &[usize],
    places: &[usize],
    versions: &[Version],
    fates: &mut Fates,
) {
    let by = |place: &usize| match asked[*place].as_ref().call {
        Call::Add { by, .. } => i128::from(by),
        _ => 0,
    };
    let held = match versions {
        [] => Some(0),
        [version] => match version.value {
            Value::Nothing => Some(0),
            Value::Int(value) => Some(i128::from(value)),
            Value::Many(_) => None,
        },
        _ => None,
    };
    let least: i128 = places.iter().map(by).sum();
    let most: i128 = all.iter().map(by).sum();
    let grows = all.iter().all(|place| by(place) > 0) && most <= i128::from(i64::MAX);
    let count = places.len() as u64;
    match held.filter(|_| grows) {
        Some(held) if held == least && least == most => fates.kept += count,
        Some(held) if held < least => {
            let largest = places.iter().map(by).max().unwrap_or(1).max(1);
            let lost = ((least - held + largest - 1) / largest) as u64;
            fates.missing += lost.min(count);
            fates.cannot_tell(count - lost.min(count), SUM);
        }
        _ => fates.cannot_tell(count, SUM),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{EventId, NodeId, OpId};

    /// A client's operation from one event to another; 0 if its client never heard of it.
    fn asked(client: u16, call: Call, from: u32, to: u32, outcome: Outcome) -> Asked {
        let heard = (to > 0).then_some((EventId(to), outcome));
        Asked { op: OpId(from), client: NodeId(client), call, invoked: EventId(from), heard }
    }

    fn write(client: u16, value: i64, from: u32, to: u32) -> Asked {
        asked(client, Call::Write { key: "x".into(), value }, from, to, Outcome::ok(value))
    }

    fn read(client: u16, value: i64, from: u32, to: u32) -> Asked {
        asked(client, Call::Read { key: "x".into() }, from, to, Outcome::ok(value))
    }

    fn insert(value: i64, from: u32, to: u32) -> Asked {
        asked(1, Call::Insert { key: "x".into(), value }, from, to, Outcome::Ok(Value::Nothing))
    }

    fn add(by: i64, from: u32, to: u32) -> Asked {
        asked(1, Call::Add { key: "x".into(), by }, from, to, Outcome::Ok(Value::Nothing))
    }

    fn version(value: Value) -> Version {
        Version { value, stamp: String::new() }
    }

    /// Kept, lost by place, lost without a name, and what cannot be told.
    fn of(asked: &[Asked], held: &[Value]) -> (u64, Vec<usize>, u64, u64) {
        let places: Vec<usize> = (0..asked.len()).filter(|place| asked[*place].is_acknowledged()).collect();
        let versions: Vec<Version> = held.iter().cloned().map(version).collect();
        let mut fates = Fates::default();
        settle(asked, &"x".into(), &places, &versions, &mut fates);
        assert!(fates.absent.is_empty());
        assert_eq!(fates.acknowledged(), places.len() as u64, "each is counted once");
        assert_eq!(fates.why.is_some(), fates.untold > 0);
        (fates.kept, fates.replaced, fates.missing, fates.untold)
    }

    #[test]
    fn who_wrote_before_or_read_it_overwrites_it_knowingly() {
        let own = [write(1, 7, 1, 2), write(1, 8, 3, 4)];
        assert_eq!(of(&own, &[8.into()]), (2, vec![], 0, 0));
        let seen = [write(1, 7, 1, 2), read(2, 7, 3, 4), write(2, 8, 5, 6)];
        assert_eq!(of(&seen, &[8.into()]), (2, vec![], 0, 0));
        // And what the writer of what was read had known.
        let through =
            [write(1, 7, 1, 2), read(2, 7, 3, 4), write(2, 8, 5, 6), read(3, 8, 7, 8), write(3, 9, 9, 10)];
        assert_eq!(of(&through, &[9.into()]), (3, vec![], 0, 0));
    }

    #[test]
    fn what_was_over_before_overwrites_nothing() {
        let late = [write(1, 7, 1, 2), write(2, 8, 3, 4)];
        assert_eq!(of(&late, &[7.into()]), (1, vec![1], 0, 0));
        assert_eq!(of(&late, &[]), (0, vec![0, 1], 0, 0), "a register is never emptied");
    }

    #[test]
    fn a_write_that_only_replaces_another_may_come_before_or_after_it() {
        let blind = [write(1, 7, 1, 2), write(2, 8, 3, 4)];
        assert_eq!(of(&blind, &[8.into()]), (1, vec![], 0, 1));
        let concurrent = [write(1, 7, 1, 4), write(2, 8, 2, 3)];
        assert_eq!(of(&concurrent, &[7.into()]), (1, vec![], 0, 1));
        // A write without an answer may take effect at any time.
        let unanswered = [write(1, 7, 1, 0), write(2, 8, 3, 4)];
        assert_eq!(of(&unanswered, &[7.into()]), (0, vec![], 0, 1));
    }

    #[test]
    fn of_siblings_one_that_knows_is_enough() {
        let split = [write(1, 7, 1, 2), write(2, 8, 3, 4), write(1, 9, 5, 6)];
        assert_eq!(of(&split, &[8.into(), 9.into()]), (3, vec![], 0, 0));
    }

    #[test]
    fn a_value_that_was_written_twice_or_a_key_of_two_kinds_tells_nothing() {
        let twice = [write(1, 7, 1, 2), write(2, 7, 3, 4)];
        assert_eq!(of(&twice, &[7.into()]), (0, vec![], 0, 2));
        let kinds = [write(1, 7, 1, 2), add(1, 3, 4)];
        assert_eq!(of(&kinds, &[7.into()]), (0, vec![], 0, 2));
    }

    #[test]
    fn an_element_is_there_or_lost_unless_it_may_have_been_taken_out() {
        let set = [insert(1, 1, 2), insert(2, 3, 4), insert(3, 5, 0)];
        assert_eq!(of(&set, &[Value::Many(vec![1, 2])]), (2, vec![], 0, 0));
        assert_eq!(of(&set, &[Value::Many(vec![2, 3])]), (1, vec![0], 0, 0));
        let remove =
            |to| asked(2, Call::Remove { key: "x".into(), value: 1 }, 7, to, Outcome::Ok(Value::Nothing));
        let mut removed = set.to_vec();
        removed.push(remove(0));
        assert_eq!(of(&removed, &[Value::Many(vec![2])]), (1, vec![], 0, 1));
        *removed.last_mut().unwrap() = remove(8);
        assert_eq!(of(&removed, &[Value::Many(vec![2])]), (2, vec![], 0, 1));
    }

    #[test]
    fn what_came_out_of_a_queue_is_not_lost() {
        let put = |value, at| {
            asked(1, Call::Enqueue { key: "x".into(), value }, at, at + 1, Outcome::Ok(Value::Nothing))
        };
        let take = |heard: Value, to| asked(2, Call::Dequeue { key: "x".into() }, 9, to, Outcome::Ok(heard));
        assert_eq!(of(&[put(1, 1), put(2, 3), take(1.into(), 10)], &[2.into()]), (3, vec![], 0, 0));
        assert_eq!(of(&[put(1, 1), put(2, 3), take(1.into(), 10)], &[]), (2, vec![1], 0, 0));
        assert_eq!(of(&[put(1, 1), put(2, 3), take(1.into(), 0)], &[]), (0, vec![], 0, 2));
        assert_eq!(of(&[put(1, 1), take(Value::Nothing, 10)], &[1.into()]), (1, vec![], 0, 0));
    }

    #[test]
    fn a_sum_tells_how_much_is_missing_and_not_which() {
        let sum = [add(2, 1, 2), add(2, 3, 4), add(3, 5, 6)];
        assert_eq!(of(&sum, &[7.into()]), (3, vec![], 0, 0));
        assert_eq!(of(&sum, &[3.into()]), (0, vec![], 2, 1));
        assert_eq!(of(&sum, &[9.into()]), (0, vec![], 0, 3));
        let unknown = [add(2, 1, 2), add(2, 3, 0)];
        assert_eq!(of(&unknown, &[2.into()]), (0, vec![], 0, 1), "the other may be what is there");
    }
}
