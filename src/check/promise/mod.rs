//! What can be promised besides one order for each object, in the order of the court's list. Those that [`Watch`]
//! judge a run while it unfolds; all of them judge whole histories.

pub mod causal;
mod chains;
pub mod freshness;
mod order;
pub mod sequential;
pub mod sessions;

pub mod availability;
pub mod counter;
pub mod effects;
mod elements;
pub mod holders;
pub mod ids;
pub mod queue;
pub mod set;

pub mod bank;
pub mod causal_reverse;
pub mod long_fork;
pub mod pn_counter;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::budget::Budget;
use super::history::{History, Operation, Outcome, Value, Verb};
use super::judgement::{Blame, Ruling};
use super::linearizable::Foreign;

/// A promise with the memory to judge it while the history unfolds. A clone is part of a keyframe.
pub trait Watch {
    /// The operation at this place was asked for.
    fn invoked(&mut self, record: &[Rc<Operation>], place: usize);

    /// It ended: with an answer, or without.
    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News;

    /// Does an answer to this tell anything of the promise, as far as its key is known?
    fn speaks_of(&self, operation: &Operation) -> bool;

    /// A server starts anew: what it held may be gone.
    fn started(&mut self, _server: u32) {}
}

/// What a promise says, in one sentence for people, and where it is from.
pub type Says = (&'static str, &'static str);

/// What a search may take for one answer.
pub const AN_ANSWER: Budget = Budget { steps: 200_000, bytes: 1 << 26 };

/// What an answer made of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Fine,
    Broken(Blame),
    /// What one answer may take was spent.
    Spent,
}

/// One end of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tip {
    place: usize,
    returns: bool,
}

/// Lets a whole history unfold before a judge, and gathers all that it blames.
fn unfold(watch: &mut impl Watch, history: &History) -> Vec<Blame> {
    unfold_as_far(watch, history).0
}

/// The same, and whether the judge had to leave an answer unjudged.
fn unfold_as_far(watch: &mut impl Watch, history: &History) -> (Vec<Blame>, bool) {
    let record = record(history);
    let (mut found, mut gave_up) = (Vec::new(), false);
    for Tip { place, returns } in tips(&record) {
        if !returns {
            watch.invoked(&record, place);
            continue;
        }
        match watch.ended(&record, place) {
            News::Fine => {}
            News::Broken(blame) => found.push(blame),
            News::Spent => gave_up = true,
        }
    }
    (found, gave_up)
}

fn record(history: &History) -> Vec<Rc<Operation>> {
    history.operations.iter().cloned().map(Rc::new).collect()
}

/// Every end of what may have happened, in order of time. What is at the same moment is in an order that does not
/// depend on that of the lines.
fn tips(record: &[Rc<Operation>]) -> Vec<Tip> {
    let mut tips = Vec::with_capacity(record.len() * 2);
    for (place, operation) in record.iter().enumerate().filter(|(_, operation)| happened(operation)) {
        tips.push((operation.invoked, Tip { place, returns: false }));
        if let Some(returned) = operation.returned.filter(|_| heard(operation).is_some()) {
            tips.push((returned.max(operation.invoked), Tip { place, returns: true }));
        }
    }
    let looks = |place: usize| {
        let Operation { action, outcome, invoked, returned, client, .. } = &*record[place];
        (action, outcome, invoked, returned, client)
    };
    tips.sort_by(|(at, tip), (other_at, other)| {
        let order = (at, tip.returns).cmp(&(other_at, other.returns));
        order.then_with(|| looks(tip.place).cmp(&looks(other.place)))
    });
    tips.into_iter().map(|(_, tip)| tip).collect()
}

/// What failed did surely not happen.
fn happened(operation: &Operation) -> bool {
    operation.outcome != Outcome::Failed
}

/// The answer, if there was one.
pub(super) fn heard(operation: &Operation) -> Option<&Value> {
    match &operation.outcome {
        Outcome::Ok(value) if operation.returned.is_some() => Some(value),
        _ => None,
    }
}

/// The first change in time that would have brought this value about, had it not failed.
fn failed_change<'a>(
    operations: impl IntoIterator<Item = &'a Operation>,
    key: &str,
    value: &Value,
) -> Option<usize> {
    let changes = |op: &Operation| !matches!(op.action.verb, Verb::Read | Verb::Remove | Verb::Contains);
    let failed = |(_, op): &(usize, &Operation)| {
        changes(op) && !happened(op) && op.action.key == key && op.action.value == *value
    };
    let found = operations.into_iter().enumerate().filter(failed);
    found.min_by_key(|(_, op)| (op.invoked, op.client, &op.action)).map(|(place, _)| place)
}

/// Did one end before the other began?
fn before(one: &Operation, other: &Operation) -> bool {
    one.returned.is_some_and(|returned| returned < other.invoked)
}

/// Refuses what a judge does not know.
fn only(history: &History, verbs: &[Verb], judge: &str) -> Result<(), Foreign> {
    let strange = history.operations.iter().position(|operation| !verbs.contains(&operation.action.verb));
    strange.map_or(Ok(()), |operation| {
        let verb = history.operations[operation].action.verb.name();
        Err(Foreign { operation, why: format!("{judge} knows no operation {verb:?}") })
    })
}

/// How many objects there are.
fn keys(history: &History) -> usize {
    history.operations.iter().map(|operation| &operation.action.key).collect::<BTreeSet<_>>().len()
}

/// The first that is to blame decides.
fn ruling(mut found: Vec<Blame>) -> Ruling {
    if found.is_empty() { Ruling::Legal } else { Ruling::Illegal(found.swap_remove(0)) }
}

/// An operation in words, and a long list by its length.
fn told(operation: &Operation) -> String {
    match &operation.outcome {
        Outcome::Ok(heard) if heard.items().is_some_and(|items| items.len() > 8) => {
            format!("{} → {} values", operation.action, heard.items().unwrap_or_default().len())
        }
        _ => operation.to_string(),
    }
}
