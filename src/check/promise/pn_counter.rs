//! Counters that go up and down and converge: each final read is a sum of all acknowledged additions and of some that
//! nobody answered (the `pn-counter` checker of Jepsen's Maelstrom). The set of such sums is exact: every subset counts.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{happened, heard, keys, only, ruling, told};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// As many pieces as a set of sums may have; with more, nobody can tell.
const MOST: usize = 1 << 20;

/// As many pieces of a set of sums as are told.
const TOLD: usize = 8;

/// A set of whole numbers: stretches from the first to the last, in order, none touching another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sums(Vec<(i128, i128)>);

/// What was added to one counter.
#[derive(Default)]
struct Added {
    sure: i128,
    maybe: Vec<i128>,
}

/// Judges a whole history. Final reads are those that the history marks so; where it marks none, those that began when
/// every addition that was answered had been.
///
/// # Errors
/// Operations that are no additions of whole numbers and no reads of them.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Add, Verb::Read], "the judge of a counter that goes up and down")?;
    let added = added(history)?;
    let finals = finals(history);
    let none = Added::default();
    let mut sums: BTreeMap<&SmolStr, Option<Sums>> = BTreeMap::new();
    let (mut found, mut unsure) = (Vec::new(), terms.initial == Initial::Unknown && !finals.is_empty());
    for place in &finals {
        let read = &history.operations[*place];
        let value = match heard(read) {
            // Some clients read an untouched counter as nothing.
            Some(Value::Nil) => terms.initial.number(),
            Some(value) => value.whole().ok_or_else(|| {
                let why = format!("a counter is read as a whole number, not as {value}");
                Foreign { operation: *place, why }
            })?,
            None => continue,
        };
        let added = added.get(&read.action.key).unwrap_or(&none);
        let possible = sums
            .entry(&read.action.key)
            .or_insert_with(|| Sums::of(terms.initial.number() + added.sure, &added.maybe));
        match possible {
            None => unsure = true,
            Some(sums) if sums.holds(value) || unsure => {}
            Some(sums) => {
                let text = format!("{}, but what was added comes to {}.", told(read), sums.told());
                found.push(Blame::new(text, [*place]).about(read));
            }
        }
    }
    let unanswered: usize = added.values().map(|added| added.maybe.len()).sum();
    let counts = vec![
        ("final reads", finals.len() as u64),
        ("unanswered additions", unanswered as u64),
        ("impossible", found.len() as u64),
    ];
    let ruling = match ruling(found) {
        Ruling::Legal if unsure => Ruling::Unknown,
        ruling => ruling,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

/// The additions to each counter.
fn added(history: &History) -> Result<BTreeMap<&SmolStr, Added>, Foreign> {
    let mut all: BTreeMap<&SmolStr, Added> = BTreeMap::new();
    for (place, operation) in history.operations.iter().enumerate().filter(|(_, op)| happened(op)) {
        if operation.action.verb != Verb::Add {
            continue;
        }
        let by = operation.action.value.whole();
        let why = || "a counter adds whole numbers only".to_owned();
        let by = by.ok_or_else(|| Foreign { operation: place, why: why() })?;
        let added = all.entry(&operation.action.key).or_default();
        match operation.outcome {
            Outcome::Ok(_) => added.sure += by,
            _ => added.maybe.push(by),
        }
    }
    Ok(all)
}

/// The answered reads that are held against the sums, in order of invocation.
pub fn finals(history: &History) -> Vec<usize> {
    let answered = |op: &Operation| op.action.verb == Verb::Read && heard(op).is_some();
    let marked = history.operations.iter().any(|op| op.is_final);
    let adds = history.operations.iter().filter(|op| op.action.verb == Verb::Add);
    let rest = adds.filter_map(|op| op.returned).max();
    let is_final = |op: &Operation| match marked {
        true => op.is_final,
        false => rest.is_none_or(|rest| rest < op.invoked),
    };
    let operations = history.operations.iter().enumerate();
    let mut finals: Vec<usize> =
        operations.filter(|(_, op)| answered(op) && is_final(op)).map(|(place, _)| place).collect();
    finals.sort_by_key(|place| history.operations[*place].invoked);
    finals
}

impl Sums {
    /// What these come to, any of the others added or not; `None` if the set has too many pieces.
    fn of(sure: i128, maybe: &[i128]) -> Option<Sums> {
        let mut sums = Sums(vec![(sure, sure)]);
        for by in maybe.iter().filter(|by| **by != 0) {
            sums = sums.or_more(*by);
            if sums.0.len() > MOST {
                return None;
            }
        }
        Some(sums)
    }

    /// These numbers, and all of them with `by` added.
    fn or_more(&self, by: i128) -> Sums {
        let moved = self.0.iter().map(|(first, last)| (first + by, last + by));
        let mut all: Vec<(i128, i128)> = self.0.iter().copied().chain(moved).collect();
        // Two runs in order: merged in a time that is proportional to their length.
        all.sort();
        let mut joined: Vec<(i128, i128)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match joined.last_mut() {
                Some((_, end)) if first <= *end + 1 => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        Sums(joined)
    }

    fn holds(&self, value: i128) -> bool {
        let place = self.0.partition_point(|(_, last)| *last < value);
        self.0.get(place).is_some_and(|(first, _)| *first <= value)
    }

    /// `3`, `3 to 7`, `3, 5 or 9 to 12`.
    fn told(&self) -> String {
        let piece = |(first, last): &(i128, i128)| match last - first {
            0 => first.to_string(),
            1 => format!("{first} or {last}"),
            _ => format!("any of {first} to {last}"),
        };
        let pieces: Vec<String> = self.0.iter().take(TOLD).map(piece).collect();
        let more = self.0.len().saturating_sub(TOLD);
        if more > 0 { format!("{}, or others", pieces.join(", or ")) } else { pieces.join(", or ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every subset, one by one, against the set of stretches.
    #[test]
    fn every_subset_is_in_and_nothing_else() {
        let mut dice = crate::sim::Dice::named(1, "sums", 0);
        for _ in 0..500 {
            let maybe: Vec<i128> = (0..dice.below(8)).map(|_| i128::from(dice.below(21)) - 10).collect();
            let sure = i128::from(dice.below(9)) - 4;
            let sums = Sums::of(sure, &maybe).expect("few pieces");
            let subsets: std::collections::BTreeSet<i128> = (0..1_u32 << maybe.len())
                .map(|chosen| {
                    let picked = maybe.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1);
                    sure + picked.map(|(_, by)| by).sum::<i128>()
                })
                .collect();
            for value in -100..100 {
                assert_eq!(sums.holds(value), subsets.contains(&value), "{value}: {sure} and {maybe:?}");
            }
        }
    }

    #[test]
    fn too_many_pieces_are_no_answer() {
        let powers: Vec<i128> = (0..40).map(|power| 3_i128.pow(power)).collect();
        assert_eq!(Sums::of(0, &powers), None);
        let ones = vec![1; 10_000];
        assert_eq!(Sums::of(0, &ones), Some(Sums(vec![(0, 10_000)])));
    }
}
