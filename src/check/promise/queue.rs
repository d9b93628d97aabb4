//! Queues in any order: what goes in comes out, and nothing else does (Jepsen's `total-queue` checker). Nothing comes out
//! before it was put in, and nothing more often than it was, unless the queue may deliver twice: then what comes out
//! again is only counted.

use std::collections::BTreeMap;

use super::{before, failed_change, heard, keys, only, ruling, told};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// What became of one value of one queue.
#[derive(Default)]
struct Fate {
    /// How many of it were there at first.
    first: usize,
    /// Who put it in, or may have.
    attempts: Vec<usize>,
    /// Who was told that it is in.
    acknowledged: Vec<usize>,
    /// Who took it out.
    taken: Vec<usize>,
}

#[derive(Default)]
struct Queue<'a> {
    fates: BTreeMap<&'a Value, Fate>,
    /// Answers that nobody heard: each may have taken one out.
    unheard: u64,
    /// Whether nobody heard what a drain took out.
    drained_unheard: bool,
    /// When it was last found empty, by the invocation, and by which operation.
    emptied: Option<(u64, usize)>,
    /// When the last element was surely in, if one was put in.
    filled: Option<u64>,
}

#[derive(Default)]
struct Counts {
    attempts: u64,
    acknowledged: u64,
    lost: u64,
    duplicated: u64,
    unexpected: u64,
    recovered: u64,
}

/// Judges a whole history. What is missing is lost only if the queue was found empty at the end, and cannot have gone
/// with answers that nobody heard.
///
/// # Errors
/// Operations that a queue does not know.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Enqueue, Verb::Dequeue, Verb::Drain], "the judge of a queue")?;
    let mut queues: BTreeMap<_, Queue<'_>> = BTreeMap::new();
    for (place, operation) in history.operations.iter().enumerate() {
        queues.entry(&operation.action.key).or_default().take_in(place, operation);
    }
    let (mut counts, mut found, mut unsure) = (Counts::default(), Vec::new(), false);
    for queue in queues.values_mut() {
        for value in terms.initial.elements() {
            queue.fates.entry(value).or_default().first += 1;
        }
        let missing: Vec<usize> = queue.fates.values().flat_map(Fate::missing).collect();
        let left = |fate: &Fate| fate.first.saturating_sub(fate.taken.len());
        let away = missing.len() as u64 + queue.fates.values().map(|fate| left(fate) as u64).sum::<u64>();
        let sure = queue.is_drained() && !queue.drained_unheard && away > queue.unheard;
        counts.lost += if sure { away } else { 0 };
        unsure |= away > 0 && !sure;
        for (value, fate) in &queue.fates {
            counts.take_in(fate);
            if terms.initial != Initial::Unknown {
                found.extend(fate.breach(history, value, terms.duplicates));
            }
        }
        if sure {
            let of_start = queue.fates.iter().find(|(_, fate)| left(fate) > 0);
            let one = match (missing.first(), of_start) {
                (Some(put), _) if queue.unheard == 0 => {
                    format!("what {} put in", told(&history.operations[*put]))
                }
                (Some(put), _) => told(&history.operations[*put]),
                (None, Some((value, _))) => format!("{value}, which was there at first,"),
                (None, None) => String::new(),
            };
            let text = match queue.unheard {
                0 => format!("The queue was found empty, but {one} never came out."),
                unheard => format!(
                    "The queue was found empty, and {away} values never came out, {one} for one, although only \
                     {unheard} can have gone with answers that were not heard."
                ),
            };
            let finder = queue.emptied.filter(|_| missing.is_empty()).map(|(_, place)| place);
            found.push(Blame::new(text, missing.into_iter().chain(finder)));
        }
    }
    let found = found.into_iter().map(|blame| {
        let about = blame.operations[0];
        blame.about(&history.operations[about])
    });
    let ruling = match ruling(found.collect()) {
        Ruling::Legal if unsure => Ruling::Unknown,
        ruling => ruling,
    };
    Ok(Judgement::counted(ruling, keys(history), counts.told()))
}

impl<'a> Queue<'a> {
    fn take_in(&mut self, place: usize, operation: &'a Operation) {
        match (operation.action.verb, &operation.outcome) {
            (_, Outcome::Failed) => {}
            (Verb::Enqueue, outcome) => {
                let fate = self.fates.entry(&operation.action.value).or_default();
                fate.attempts.push(place);
                if let (Outcome::Ok(_), Some(returned)) = (outcome, operation.returned) {
                    fate.acknowledged.push(place);
                    self.filled = self.filled.max(Some(returned));
                }
            }
            _ => match heard(operation) {
                None => {
                    self.unheard += 1;
                    self.drained_unheard |= operation.action.verb == Verb::Drain;
                }
                Some(heard) if operation.action.verb == Verb::Drain && heard.items().is_some() => {
                    let values = heard.items().unwrap_or_default();
                    values.iter().for_each(|value| self.came_out(place, value));
                    self.emptied = self.emptied.max(Some((operation.invoked, place)));
                }
                Some(Value::Nil) => self.emptied = self.emptied.max(Some((operation.invoked, place))),
                Some(value) => self.came_out(place, value),
            },
        }
    }

    fn came_out(&mut self, place: usize, value: &'a Value) {
        self.fates.entry(value).or_default().taken.push(place);
    }

    /// Was it found empty after all that was acknowledged was in?
    fn is_drained(&self) -> bool {
        self.emptied.is_some_and(|(emptied, _)| self.filled.is_none_or(|filled| emptied > filled))
    }
}

impl Fate {
    /// The first time that it came out and cannot have been in: of those that came out by any moment, each needs one
    /// that went in, or was being put in, by then.
    fn breach(&self, history: &History, value: &Value, duplicates: bool) -> Option<Blame> {
        let op = |place: &usize| &history.operations[*place];
        let (mut taken, mut attempts) = (self.taken.clone(), self.attempts.clone());
        taken.sort_by_key(|place| op(place).returned);
        attempts.sort_by_key(|place| op(place).invoked);
        for (number, take) in taken.iter().enumerate().skip(self.first) {
            match attempts.get(number - self.first) {
                Some(put) if !before(op(take), op(put)) => {}
                Some(put) if number == self.first => {
                    let text = format!("{} was answered before {} began.", told(op(take)), told(op(put)));
                    return Some(Blame::new(text, [*take, *put]));
                }
                None if attempts.is_empty() && self.first == 0 => {
                    let failed = failed_change(&history.operations, &op(take).action.key, value);
                    let text = match failed {
                        None => format!("{value} came out and was never put in."),
                        Some(put) => format!("{value} came out, but {}.", told(op(&put))),
                    };
                    return Some(Blame::new(text, taken.iter().copied().chain(failed)));
                }
                _ if duplicates => {}
                _ => {
                    let text = format!("{value} came out more often than it had been put in by then.");
                    return Some(Blame::new(text, taken[..=number].iter().rev().chain(&attempts).copied()));
                }
            }
        }
        None
    }

    /// Acknowledged, and more often than it came out.
    fn missing(&self) -> impl Iterator<Item = usize> {
        self.acknowledged.iter().copied().skip(self.taken.len().saturating_sub(self.first))
    }
}

impl Counts {
    fn take_in(&mut self, fate: &Fate) {
        let (attempts, taken) =
            (fate.attempts.len() as u64, fate.taken.len().saturating_sub(fate.first) as u64);
        let acknowledged = fate.acknowledged.len() as u64;
        self.attempts += attempts;
        self.acknowledged += acknowledged;
        if attempts == 0 {
            self.unexpected += taken;
        } else {
            self.duplicated += taken.saturating_sub(attempts);
            self.recovered += taken.min(attempts).saturating_sub(acknowledged);
        }
    }

    fn told(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("attempts", self.attempts),
            ("acknowledged", self.acknowledged),
            ("lost", self.lost),
            ("duplicated", self.duplicated),
            ("unexpected", self.unexpected),
            ("recovered", self.recovered),
        ]
    }
}
