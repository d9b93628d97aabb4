//! No stale read. Of two writes of one key, the one that was answered before the other was asked for is the older; what
//! overlaps may be in either order, so a read that finds the one or the other is fresh.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{News, Says, Watch, before, keys, only, told, unfold};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// The promise in one sentence.
pub const SAYS: Says = (
    "No read returns a value that had been overwritten before it began: another write was asked for after that value's \
     was over, and was acknowledged.",
    "Lamport 1986; for many writers, Shao et al. 2011",
);

/// Watches every read. Values that are written twice tell nothing, and neither do keys that are changed by anything
/// but writes.
#[derive(Clone, Debug, Default)]
pub struct Freshness {
    initial: Initial,
    keys: LiteMap<SmolStr, Rc<Key>>,
    /// Reads that told nothing.
    untold: u64,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Acknowledged writes.
    writes: Vec<usize>,
    /// Who asked for each value; `None` where several writes did.
    asked: LiteMap<Value, Option<usize>>,
    /// Something else changed it.
    muddied: bool,
}

/// Judges a whole history, and counts the reads that miss something.
///
/// # Errors
/// Operations that are no reads and writes.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Write], "the judge of freshness")?;
    let mut freshness = Freshness { initial: terms.initial.clone(), ..Freshness::default() };
    let found = unfold(&mut freshness, history);
    let counts = vec![("stale reads", found.len() as u64), ("ambiguous reads", freshness.untold)];
    let ruling = match found.into_iter().next() {
        Some(blame) => Ruling::Illegal(blame),
        None if freshness.untold > 0 => Ruling::Unknown,
        None => Ruling::Legal,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

impl Freshness {
    fn read(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let read = &record[place];
        let key = self.keys.entry(read.action.key.clone()).or_default();
        let from_start = self.initial.is(value);
        // The write that was found, or none: what was there from the start is older than every write.
        let seen = match key.asked.get(value) {
            Some(Some(write)) if !from_start && !key.muddied => Some(*write),
            None if from_start && !key.muddied => None,
            _ => {
                self.untold += 1;
                return News::Fine;
            }
        };
        let missed = |write: &&usize| {
            let older = seen.is_none_or(|seen| before(&record[seen], &record[**write]));
            older && before(&record[**write], read)
        };
        let Some(missed) = key.writes.iter().rev().find(missed).copied() else { return News::Fine };
        let newer = told(&record[missed]);
        let mut text = format!("{}, although {newer} had been acknowledged before it began", told(read));
        if let Some(seen) = seen {
            text += &format!(", and {} was over before {newer} was asked for", told(&record[seen]));
        }
        let operations = [Some(place), seen, Some(missed)].into_iter().flatten();
        News::Broken(Blame::new(text + ".", operations).about(read))
    }
}

impl Watch for Freshness {
    fn speaks_of(&self, operation: &Operation) -> bool {
        let key = self.keys.get(&operation.action.key);
        operation.action.verb == Verb::Read && key.is_some_and(|key| !key.muddied && !key.asked.is_empty())
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let action = &record[place].action;
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match action.verb {
            Verb::Read => {}
            // A value that is written twice will tell nothing, whatever becomes of the second.
            Verb::Write => {
                let write = if key.asked.contains_key(&action.value) { None } else { Some(place) };
                key.asked.insert(action.value.clone(), write);
            }
            _ => key.muddied = true,
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let operation = &record[place];
        match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => return self.read(record, place, value),
            (Verb::Write, Outcome::Ok(_)) => {
                let key = Rc::make_mut(self.keys.entry(operation.action.key.clone()).or_default());
                key.writes.push(place);
            }
            _ => {}
        }
        News::Fine
    }
}
