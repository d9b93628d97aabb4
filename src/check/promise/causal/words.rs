//! What is wrong with an order of causes, in words.

use std::rc::Rc;

use super::super::{failed_change, heard, told};
use super::conflicts::Conflict;
use crate::check::history::{Operation, Value};
use crate::check::judgement::Blame;

/// WriteCORead and WriteCOInitRead: the way from a newer write to a read of something older, and from what was read
/// to the newer write.
pub fn overwritten(record: &[Rc<Operation>], way: &[usize], after: Option<&[usize]>) -> Blame {
    let (newer, read) = (way[0], way[way.len() - 1]);
    let way = turns(record, way);
    let mut text = format!(
        "{} is older than what it must know of: {}",
        told(&record[read]),
        way.iter().map(|place| told(&record[*place])).collect::<Vec<_>>().join(", then "),
    );
    let mut operations = vec![read, newer];
    match after {
        None => text += ", each knowing of the one before.",
        Some(after) => {
            text += &format!(", each knowing of the one before; and {} knew of ", told(&record[newer]));
            let after = turns(record, after);
            let before: Vec<String> =
                after[..after.len() - 1].iter().map(|place| told(&record[*place])).collect();
            text += &format!("{}.", before.join(" by way of "));
            operations.extend(after);
        }
    }
    operations.extend(way);
    Blame::new(text, once_each(operations))
}

/// CyclicCF.
pub fn unsettled(record: &[Rc<Operation>], circle: &[Conflict]) -> Blame {
    let settles = |conflict: &Conflict| {
        let Conflict { earlier, later, read } = *conflict;
        format!(
            "{} knew of {} and so puts {} behind it",
            told(&record[read]),
            told(&record[earlier]),
            told(&record[later])
        )
    };
    let settled: Vec<String> = circle.iter().map(settles).collect();
    let text = format!("No one order of these writes fits all reads: {}.", settled.join("; "));
    let operations = circle.iter().flat_map(|conflict| [conflict.read, conflict.earlier, conflict.later]);
    Blame::new(text, once_each(operations.collect()))
}

/// ThinAirRead.
pub fn thin_air(record: &[Rc<Operation>], read: usize) -> Blame {
    let operation = &record[read];
    let value = heard(operation).unwrap_or(&Value::Nil);
    let failed = failed_change(record.iter().map(Rc::as_ref), &operation.action.key, value);
    let text = match failed {
        None => format!("{}, a value that was never written.", told(operation)),
        Some(write) => format!("{}, but {}.", told(operation), told(&record[write])),
    };
    Blame::new(text, std::iter::once(read).chain(failed))
}

/// The same, when it turns out that a write did not happen.
pub fn undone(record: &[Rc<Operation>], read: usize, write: usize) -> Blame {
    let text = format!("{}, although {}.", told(&record[read]), told(&record[write]));
    Blame::new(text, [read, write])
}

/// CyclicCO.
pub fn circle(record: &[Rc<Operation>], circle: &[usize]) -> Blame {
    let way = turns(record, circle);
    let told: Vec<String> = way.iter().chain(way.first()).map(|place| told(&record[*place])).collect();
    Blame::new(format!("Each of these must know of the one before: {}.", told.join(", then ")), way)
}

/// The operations at which a way passes from one client to another, and its ends.
fn turns(record: &[Rc<Operation>], way: &[usize]) -> Vec<usize> {
    let other = |one: usize, other: Option<&usize>| {
        other.is_none_or(|other| record[one].client != record[*other].client)
    };
    let turns = way.iter().enumerate().filter(|(i, place)| {
        other(**place, way.get(i + 1)) || other(**place, i.checked_sub(1).and_then(|before| way.get(before)))
    });
    turns.map(|(_, place)| *place).collect()
}

fn once_each(mut operations: Vec<usize>) -> Vec<usize> {
    let mut kept = Vec::with_capacity(operations.len());
    operations.retain(|place| {
        let fresh = !kept.contains(place);
        kept.extend(fresh.then_some(*place));
        fresh
    });
    operations
}
