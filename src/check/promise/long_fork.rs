//! Long fork: one read sees a write and not another, and another read the other way round. Parallel snapshot isolation
//! allows it and snapshot isolation does not (Sovran et al., "Transactional Storage for Geo-Replicated Systems", SOSP
//! 2011, section 3); so Jepsen's `long-fork` checker. Each key is written once.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{happened, heard, only, ruling, told};
use crate::check::history::{History, Operation, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Terms};
use crate::check::linearizable::Foreign;
use crate::check::transaction::{Part, parts};

/// Judges a whole history. Reads of the same keys are held against each other: what they saw must grow.
///
/// # Errors
/// Operations that are no transactions, reads and writes, and keys that are written twice.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Write, Verb::Transact], "the judge of long forks")?;
    let mut written: BTreeMap<SmolStr, Value> = BTreeMap::new();
    let mut reads = Vec::new();
    let mut groups: BTreeMap<Vec<SmolStr>, Vec<(BTreeSet<usize>, usize)>> = BTreeMap::new();
    let mut names: BTreeSet<SmolStr> = BTreeSet::new();
    for (place, operation) in history.operations.iter().enumerate().filter(|(_, op)| happened(op)) {
        let parts = parts(operation).map_err(|why| Foreign { operation: place, why })?;
        names.extend(parts.iter().map(|part| part.key.clone()));
        for part in parts.iter().filter(|part| part.writes) {
            if written.insert(part.key.clone(), part.value.cloned().unwrap_or_default()).is_some() {
                let why =
                    format!("{} is written twice; who looks for long forks writes each key once", part.key);
                return Err(Foreign { operation: place, why });
            }
        }
        let all_told = parts.iter().all(|part| !part.writes && part.value.is_some());
        if heard(operation).is_some() && all_told {
            reads.push((place, parts));
        }
    }
    let mut found = Vec::new();
    let counted = ("reads", reads.len() as u64);
    for (place, parts) in reads {
        let strange = parts.iter().find(|part| {
            let read = part.value.filter(|value| **value != Value::Nil && !terms.initial.is(value));
            terms.initial != Initial::Unknown && read.is_some() && written.get(&part.key) != read
        });
        if let Some(part) = strange {
            let (read, key) = (told(&history.operations[place]), &part.key);
            let failed = part.value.and_then(|value| failed_write(history, key, value));
            let text = match failed {
                None => format!("{read} finds a value of {key} that was never written."),
                Some(write) => {
                    format!("{read} finds a value of {key}, but {}.", told(&history.operations[write]))
                }
            };
            found.push(Blame::new(text, std::iter::once(place).chain(failed)));
        }
        let sees = |part: &Part<'_>| match terms.initial {
            Initial::Unknown => written.get(&part.key) == part.value,
            _ => part.value.is_some_and(|value| *value != Value::Nil && !terms.initial.is(value)),
        };
        let read: BTreeMap<SmolStr, bool> =
            parts.into_iter().map(|part| (part.key.clone(), sees(&part))).collect();
        let seen = read.values().enumerate().filter(|(_, seen)| **seen).map(|(key, _)| key).collect();
        groups.entry(read.into_keys().collect()).or_default().push((seen, place));
    }
    for (keys, mut group) in groups {
        // If all are in a line, then those are that follow each other in size.
        group.sort_by_cached_key(|(seen, place)| {
            (seen.len(), history.operations[*place].invoked, seen.clone())
        });
        for pair in group.windows(2) {
            let ([less, more], [one, other]) = ([&pair[0].0, &pair[1].0], [pair[0].1, pair[1].1]);
            let missed =
                |these: &BTreeSet<usize>, those: &BTreeSet<usize>| these.difference(those).next().copied();
            if let (Some(first), Some(second)) = (missed(less, more), missed(more, less)) {
                let (one_told, other_told) =
                    (told(&history.operations[one]), told(&history.operations[other]));
                let text = format!(
                    "{one_told} sees {} and not {}; {other_told} sees {} and not {}.",
                    keys[first], keys[second], keys[second], keys[first]
                );
                found.push(Blame::new(text, [one, other]));
            }
        }
    }
    let counts = vec![counted, ("breaches", found.len() as u64)];
    Ok(Judgement::counted(ruling(found), names.len(), counts))
}

/// The first write of this value that failed, if one did.
fn failed_write(history: &History, key: &str, value: &Value) -> Option<usize> {
    let writes = |part: &Part<'_>| part.writes && part.key == key && part.value == Some(value);
    let failed = |(_, op): &(usize, &Operation)| {
        !happened(op) && parts(op).is_ok_and(|parts| parts.iter().any(writes))
    };
    let found = history.operations.iter().enumerate().filter(failed);
    found.min_by_key(|(_, op)| (op.invoked, op.client, &op.action)).map(|(place, _)| place)
}
