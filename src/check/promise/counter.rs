//! Counters that may lag: every read lies between what was surely added before it began and what may have been added
//! before it ended (Jepsen's `counter` checker). A clone shares the tallies.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{News, Says, Watch, keys, only, ruling, told, unfold};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;
use crate::check::model::register::sum;

/// The promise in one sentence.
pub const SAYS: Says = ("Every read lies between what was surely added and what may have been.", "Jepsen");

/// As many additions as evidence names.
const NAMED: usize = 8;

/// Watches the bounds of every key that is only added to and read.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// What a counter holds at first.
    start: i128,
    /// Is a read that misses something wrong, too, or only one that counts something twice?
    misses: bool,
    keys: LiteMap<SmolStr, Rc<Tally>>,
}

/// What was added to one counter. Sums of what was asked for and of what was acknowledged.
#[derive(Clone, Debug, Default)]
struct Tally {
    asked: Sums,
    done: Sums,
    /// The acknowledged sums when each operation under way began.
    began: LiteMap<usize, Sums>,
    /// The latest additions.
    adds: Vec<usize>,
    muddied: bool,
}

/// Upwards and downwards.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    up: i128,
    down: i128,
}

/// Judges a whole history.
///
/// # Errors
/// Operations that are no additions of whole numbers and no reads.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Add, Verb::Read], "the judge of a counter")?;
    for (operation, op) in history.operations.iter().enumerate() {
        known(op).map_err(|why| Foreign { operation, why })?;
    }
    let reads = history.operations.iter().filter(|op| op.action.verb == Verb::Read);
    let reads = reads.filter(|op| matches!(op.outcome, Outcome::Ok(_))).count() as u64;
    if terms.initial == Initial::Unknown {
        return Ok(Judgement::counted(Ruling::Unknown, keys(history), vec![("reads", reads)]));
    }
    let found = unfold(&mut Bounds::new(terms.initial.number(), true), history);
    let counts = vec![("reads", reads), ("out of bounds", found.len() as u64)];
    Ok(Judgement::counted(ruling(found), keys(history), counts))
}

/// Can a counter be asked this, and answer so?
fn known(operation: &Operation) -> Result<(), String> {
    let answer = match &operation.outcome {
        Outcome::Ok(answer) => answer,
        Outcome::Failed | Outcome::Unknown => &Value::Nil,
    };
    match operation.action.verb {
        Verb::Add if operation.action.value.whole().is_none() => {
            Err("a counter adds whole numbers only".to_owned())
        }
        Verb::Add => sum(answer).map(drop),
        _ if *answer == Value::Nil || answer.whole().is_some() => Ok(()),
        _ => Err(format!("a counter is read as a whole number, not as {answer}")),
    }
}

impl Sums {
    fn add(&mut self, by: i128) {
        *self.side(by) += by;
    }

    fn take_back(&mut self, by: i128) {
        *self.side(by) -= by;
    }

    fn side(&mut self, by: i128) -> &mut i128 {
        if by > 0 { &mut self.up } else { &mut self.down }
    }
}

impl Bounds {
    /// Counters that hold `start` at first; whether a read that misses something is wrong is `misses`.
    pub fn new(start: i128, misses: bool) -> Bounds {
        Bounds { start, misses, keys: LiteMap::new() }
    }

    fn check(&self, record: &[Rc<Operation>], place: usize, began: Sums, value: i128) -> News {
        let operation = &record[place];
        let Some(tally) = self.keys.get(&operation.action.key) else { return News::Fine };
        // Who adds and hears the sum knows that its own is in it.
        let mut own = Sums::default();
        if let (Verb::Add, Some(by)) = (operation.action.verb, operation.action.value.whole()) {
            own.add(by);
        }
        let start = self.start;
        // Where a read may miss what was acknowledged, it misses what was taken away as well as what was added.
        let (least, most) = if self.misses {
            (start + began.up + own.up + tally.asked.down, start + tally.asked.up + began.down + own.down)
        } else {
            (start + tally.asked.down, start + tally.asked.up)
        };
        let why = match (value > most, value < least, self.misses) {
            (true, ..) => format!("at most {most} can have been added before it ended"),
            (_, true, true) => format!("at least {least} had been added before it began"),
            (_, true, false) => format!("no less than {least} is left if each addition is done once"),
            _ => return News::Fine,
        };
        let adds = tally.adds.iter().rev().take(NAMED).copied().filter(|add| *add != place);
        let text = format!("{}, but {why}.", told(operation));
        News::Broken(Blame::new(text, std::iter::once(place).chain(adds)).about(operation))
    }
}

impl Watch for Bounds {
    fn speaks_of(&self, operation: &Operation) -> bool {
        let tally = self.keys.get(&operation.action.key);
        operation.action.verb == Verb::Add && tally.is_some_and(|tally| !tally.muddied)
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let action = &record[place].action;
        let tally = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match (action.verb, action.value.whole()) {
            (Verb::Read, _) => {}
            (Verb::Add, Some(by)) => {
                tally.asked.add(by);
                tally.adds.push(place);
                if tally.adds.len() > NAMED * 2 {
                    tally.adds.drain(..NAMED);
                }
            }
            _ => tally.muddied = true,
        }
        tally.began.insert(place, tally.done);
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let operation = &record[place];
        let tally = Rc::make_mut(self.keys.entry(operation.action.key.clone()).or_default());
        let Some(began) = tally.began.remove(&place).filter(|_| !tally.muddied) else { return News::Fine };
        let by = match operation.action.verb {
            Verb::Add => operation.action.value.whole().unwrap_or(0),
            _ => 0,
        };
        let heard = match &operation.outcome {
            Outcome::Ok(heard) => heard,
            Outcome::Failed => {
                tally.asked.take_back(by);
                return News::Fine;
            }
            Outcome::Unknown => return News::Fine,
        };
        tally.done.add(by);
        let value = match (heard.whole(), heard, operation.action.verb) {
            (Some(value), ..) => value,
            // Some clients read an untouched counter as nothing.
            (None, Value::Nil, Verb::Read) => self.start,
            _ => return News::Fine,
        };
        self.check(record, place, began, value)
    }
}
