//! Sets that only grow: what becomes of each element, over all reads (Jepsen's `set` and `set-full` checkers). An
//! element is known from when its addition was answered or a read that saw it was. It is stable if the last reads see
//! it, and stale if one missed it before, although it was known; it is lost if it is known and the last reads miss it.
//! Lost, twice in one read, read before its addition began, or never added by anybody is a breach; stale alone is not,
//! because a set may lag. What was there at first is in every read.

use std::collections::{BTreeMap, BTreeSet};

use super::{before, failed_change, heard, keys, only, ruling, told};
use crate::check::history::{History, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// What is known of an element.
#[derive(Default)]
struct Element {
    /// Who was asked to add it, an acknowledged one first.
    add: usize,
    /// Who was asked first of all.
    first: usize,
    acknowledged: bool,
    /// Since when it is known.
    known: Option<u64>,
    present: Option<Glimpse>,
    absent: Option<Glimpse>,
}

/// A read, by its invocation.
type Glimpse = (u64, usize);

#[derive(Default)]
struct Counts {
    attempts: u64,
    acknowledged: u64,
    stable: u64,
    stale: u64,
    lost: u64,
    never_read: u64,
    recovered: u64,
    duplicated: u64,
    unexpected: u64,
    early: u64,
}

/// Judges a whole history. `Unknown` if no read tells of any element.
///
/// # Errors
/// Operations that are no additions and no reads of lists.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Add, Verb::Insert, Verb::Read], "the judge of a set that grows")?;
    let reads = reads(history)?;
    let (mut counts, mut found) = (Counts::default(), Vec::new());
    let mut elements = elements(history);
    for (place, values) in &reads {
        let mut seen = BTreeSet::new();
        let read = &history.operations[*place];
        for value in values.iter() {
            let again = !seen.insert(value);
            let known =
                elements.contains_key(&(&read.action.key, value)) || is_of_start(&terms.initial, value);
            counts.duplicated += u64::from(again);
            counts.unexpected += u64::from(!known && !again);
            let first = elements.get(&(&read.action.key, value)).map(|element| element.first);
            let early = first.filter(|first| before(read, &history.operations[*first]));
            if let Some(add) = early.filter(|_| !again && !is_of_start(&terms.initial, value)) {
                counts.early += 1;
                let text =
                    format!("{} was answered before {} began.", told(read), told(&history.operations[add]));
                found.push(Blame::new(text, [*place, add]).about(read));
            }
            let failed = failed_change(&history.operations, &read.action.key, value);
            let what = match (again, known, failed) {
                (true, ..) => " twice".to_owned(),
                (_, false, None) => ", which was never added".to_owned(),
                (_, false, Some(add)) => format!(", but {}", told(&history.operations[add])),
                _ => continue,
            };
            let text = format!("{} has {value}{what}.", told(read));
            let operations = std::iter::once(*place).chain(failed.filter(|_| !known));
            found.push(Blame::new(text, operations).about(read));
        }
        for value in terms.initial.elements().iter().filter(|value| !seen.contains(value)) {
            counts.lost += 1;
            let text = format!("{} misses {value}, which was there at first.", told(read));
            found.push(Blame::new(text, [*place]).about(read));
        }
        for ((_, value), element) in elements.iter_mut().filter(|((key, _), _)| **key == read.action.key) {
            let glimpse = Some((read.invoked, *place));
            if seen.contains(*value) {
                let since = element.known.unwrap_or(u64::MAX).min(read.returned.unwrap_or(u64::MAX));
                element.known = Some(since);
                element.present = element.present.max(glimpse);
            } else {
                element.absent = element.absent.max(glimpse);
            }
        }
    }
    for element in elements.values() {
        found.extend(counts.take_in(history, element));
    }
    let ruling = match ruling(found) {
        Ruling::Legal if counts.stable == 0 && counts.attempts > 0 => Ruling::Unknown,
        ruling => ruling,
    };
    Ok(Judgement::counted(ruling, keys(history), counts.told()))
}

/// May it have been there at first?
fn is_of_start(initial: &Initial, value: &Value) -> bool {
    *initial == Initial::Unknown || initial.holds(value) > 0
}

/// The reads that were answered, in order of invocation.
fn reads(history: &History) -> Result<Vec<(usize, &[Value])>, Foreign> {
    let mut reads = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        match heard(operation).filter(|_| operation.action.verb == Verb::Read) {
            Some(Value::Nil) => reads.push((place, &[][..])),
            Some(heard) => {
                let why = || format!("a set is read as a list or a set of its elements, not as {heard}");
                let items = heard.items().ok_or_else(|| Foreign { operation: place, why: why() })?;
                reads.push((place, items));
            }
            None => {}
        }
    }
    reads.sort_by_key(|(place, _)| history.operations[*place].invoked);
    Ok(reads)
}

fn elements(history: &History) -> BTreeMap<(&smol_str::SmolStr, &Value), Element> {
    let mut elements: BTreeMap<_, Element> = BTreeMap::new();
    for (place, operation) in history.operations.iter().enumerate() {
        if operation.action.verb == Verb::Read || operation.outcome == Outcome::Failed {
            continue;
        }
        let name = (&operation.action.key, &operation.action.value);
        let new = || Element { add: place, first: place, ..Element::default() };
        let element = elements.entry(name).or_insert_with(new);
        if operation.invoked < history.operations[element.first].invoked {
            element.first = place;
        }
        if let (Some(_), Some(returned)) = (heard(operation), operation.returned) {
            if !element.acknowledged {
                element.add = place;
            }
            element.acknowledged = true;
            element.known = Some(element.known.unwrap_or(u64::MAX).min(returned));
        }
    }
    elements
}

impl Counts {
    /// Counts one element, and says what is wrong with it.
    fn take_in(&mut self, history: &History, element: &Element) -> Option<Blame> {
        self.attempts += 1;
        self.acknowledged += u64::from(element.acknowledged);
        self.recovered += u64::from(!element.acknowledged && element.present.is_some());
        let at = |glimpse: Option<Glimpse>| glimpse.map(|(invoked, _)| invoked);
        let missed = element.absent.filter(|(absent, _)| element.known.is_some_and(|known| known < *absent));
        if element.present.is_some() && at(element.absent) <= at(element.present) {
            self.stable += 1;
            self.stale += u64::from(missed.is_some());
            return None;
        }
        let Some((_, read)) = missed else {
            self.never_read += 1;
            return None;
        };
        self.lost += 1;
        let (add, missing) = (&history.operations[element.add], &history.operations[read]);
        let known = match element.present.filter(|_| !element.acknowledged) {
            Some((_, seen)) => format!("{} had seen it", told(&history.operations[seen])),
            None => "it was acknowledged".to_owned(),
        };
        let text = format!("{} is lost: {known} before {} began, which misses it.", told(add), told(missing));
        let seen = element.present.map(|(_, seen)| seen);
        Some(Blame::new(text, [read, element.add].into_iter().chain(seen)).about(add))
    }

    fn told(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("attempts", self.attempts),
            ("acknowledged", self.acknowledged),
            ("stable", self.stable),
            ("stale", self.stale),
            ("lost", self.lost),
            ("never read", self.never_read),
            ("recovered", self.recovered),
            ("duplicated", self.duplicated),
            ("unexpected", self.unexpected),
            ("early", self.early),
        ]
    }
}
