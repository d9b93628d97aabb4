//! Causal reverse: a read sees a write and misses another that was acknowledged before the first one began. Serializable
//! databases may show it and strictly serializable ones may not (Jepsen's `causal-reverse` checker, from its test of
//! CockroachDB). Each value is written once; a read hears the list of all that it sees.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{before, failed_change, happened, heard, keys, only, ruling, told};
use crate::check::history::{History, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Terms};
use crate::check::linearizable::Foreign;

/// The writes of one object.
#[derive(Default)]
struct Written<'a> {
    /// By value.
    places: BTreeMap<&'a Value, usize>,
    /// Those that were acknowledged, by when.
    acknowledged: Vec<usize>,
}

/// Judges a whole history.
///
/// # Errors
/// Operations that are no writes and no reads of lists, and values that are written twice.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(
        history,
        &[Verb::Write, Verb::Insert, Verb::Add, Verb::Append, Verb::Read],
        "the judge of causal reverses",
    )?;
    let written = written(history)?;
    let none = Written::default();
    let (mut reads, mut phantoms, mut reverses, mut found) = (0, 0, 0, Vec::new());
    let mut order: Vec<usize> = (0..history.operations.len()).collect();
    order.sort_by_key(|place| history.operations[*place].invoked);
    for place in order {
        let read = &history.operations[place];
        let Some(seen) = heard(read).filter(|_| read.action.verb == Verb::Read) else { continue };
        let seen = match (seen, seen.items()) {
            (Value::Nil, _) => &[],
            (_, Some(seen)) => seen,
            (other, None) => {
                let why = format!("a read hears the list of all that it sees, not {other}");
                return Err(Foreign { operation: place, why });
            }
        };
        reads += 1;
        let of_key = written.get(&read.action.key).unwrap_or(&none);
        let (phantom, reverse) =
            (of_key.phantom(history, terms, place, seen), of_key.reversed(history, place, seen));
        phantoms += u64::from(phantom.is_some());
        reverses += u64::from(reverse.is_some());
        found.extend(phantom.or(reverse));
    }
    let counts = vec![("reads", reads), ("reverses", reverses), ("phantoms", phantoms)];
    Ok(Judgement::counted(ruling(found), keys(history), counts))
}

/// The writes of each object.
fn written(history: &History) -> Result<BTreeMap<&SmolStr, Written<'_>>, Foreign> {
    let mut all: BTreeMap<&SmolStr, Written<'_>> = BTreeMap::new();
    for (place, operation) in history.operations.iter().enumerate().filter(|(_, op)| happened(op)) {
        if operation.action.verb == Verb::Read {
            continue;
        }
        let written = all.entry(&operation.action.key).or_default();
        if written.places.insert(&operation.action.value, place).is_some() {
            let why = format!(
                "{} is written twice; who looks for causal reverses writes each value once",
                operation.action.value
            );
            return Err(Foreign { operation: place, why });
        }
        if matches!(operation.outcome, Outcome::Ok(_)) {
            written.acknowledged.push(place);
        }
    }
    for written in all.values_mut() {
        written.acknowledged.sort_by_key(|place| history.operations[*place].returned);
    }
    Ok(all)
}

impl Written<'_> {
    /// Something that a read cannot have seen: it was never written, its write failed, or that came later.
    fn phantom(&self, history: &History, terms: &Terms, place: usize, seen: &[Value]) -> Option<Blame> {
        let read = &history.operations[place];
        seen.iter().find_map(|value| {
            let known = terms.initial == Initial::Unknown || terms.initial.holds(value) > 0;
            match self.places.get(value) {
                None if known => None,
                None => {
                    let failed = failed_change(&history.operations, &read.action.key, value);
                    let text = match failed {
                        None => format!("{} has {value}, which was never written.", told(read)),
                        Some(write) => {
                            format!("{} has {value}, but {}.", told(read), told(&history.operations[write]))
                        }
                    };
                    Some(Blame::new(text, std::iter::once(place).chain(failed)).about(read))
                }
                Some(write) if before(read, &history.operations[*write]) && !known => {
                    let write_told = told(&history.operations[*write]);
                    let text = format!("{} was answered before {write_told} began.", told(read));
                    Some(Blame::new(text, [place, *write]).about(read))
                }
                Some(_) => None,
            }
        })
    }

    /// A write that a read misses, although it sees one that began only after it was acknowledged.
    fn reversed(&self, history: &History, place: usize, seen: &[Value]) -> Option<Blame> {
        let began = |write: &usize| history.operations[*write].invoked;
        let saw: Vec<usize> = seen.iter().filter_map(|value| self.places.get(value)).copied().collect();
        let last = saw.iter().copied().max_by_key(began)?;
        let mut sorted = saw;
        sorted.sort_unstable();
        let is_missed = |write: &&usize| sorted.binary_search(write).is_err();
        let older = |write: &&usize| before(&history.operations[**write], &history.operations[last]);
        let missed = *self.acknowledged.iter().take_while(older).find(is_missed)?;
        let tell = |place: usize| told(&history.operations[place]);
        let text = format!(
            "{} sees what {} wrote and misses what {} did, which was acknowledged before that began.",
            tell(place),
            tell(last),
            tell(missed),
        );
        Some(Blame::new(text, [place, missed, last]).about(&history.operations[place]))
    }
}
