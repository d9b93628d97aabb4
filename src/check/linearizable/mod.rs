//! Is there an order of all operations, each at one instant between its invocation and its return, in which a single
//! copy would have answered just so (Herlihy and Wing, "Linearizability", 1990)?

pub(in crate::check) mod memo;
mod search;
pub(in crate::check) mod sheet;
pub mod unfolding;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::history::{History, Operation, Outcome};
use super::model::Model;
use search::{Deadlock, End, Search};
use sheet::Sheet;

/// Steps of the search that a judgement may take unless somebody says otherwise: a second or two, and never more
/// than some hundred megabytes.
pub const BUDGET: u64 = 5_000_000;

/// What the judge found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub answer: Answer,
    /// Objects in the history.
    pub keys: usize,
    /// Steps of the search.
    pub steps: u64,
}

/// The three answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is; for each object an order that proves it, as places in the history.
    Linearizable(Vec<Vec<usize>>),
    Illegal(Proof),
    /// The budget was spent before there was an answer.
    Unknown,
}

/// Why no order exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The object, where there are several.
    pub key: Option<SmolStr>,
    /// As far as any order came, as places in the history.
    pub prefix: Vec<usize>,
    /// What that leads to.
    pub state: String,
    /// The first operation that has to come by then, and fits nowhere.
    pub stuck: usize,
    /// Every operation that could come next in time, and why that does not help.
    pub candidates: Vec<(usize, String)>,
}

/// A history that a model cannot read: the place of the operation, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    pub operation: usize,
    pub why: String,
}

/// Judges a history, object by object, and stops at the first that is illegal.
///
/// # Errors
/// An operation that the model does not know.
pub fn check<M: Model>(model: &mut M, history: &History, budget: u64) -> Result<Report, Foreign> {
    let objects = objects(model, history);
    let (mut steps, mut spent) = (0, false);
    let mut orders = Vec::with_capacity(objects.len());
    let keys = objects.len();
    for (key, chosen) in objects {
        let sheet = Sheet::new(model, &history.operations, &chosen);
        let sheet = sheet.map_err(|(operation, why)| Foreign { operation, why })?;
        let mut search = Search::new(model, &sheet);
        match search.go(&mut steps, budget) {
            End::Found => orders.push(named(&sheet, &search.order())),
            End::Spent => spent = true,
            End::Exhausted => {
                let deadlock = search.into_deadlock();
                let proof = deadlock.map(|deadlock| proof(model, &history.operations, &sheet, key, deadlock));
                if let Some(proof) = proof {
                    return Ok(Report { answer: Answer::Illegal(proof), keys, steps });
                }
            }
        }
        if spent {
            return Ok(Report { answer: Answer::Unknown, keys, steps });
        }
    }
    Ok(Report { answer: Answer::Linearizable(orders), keys, steps })
}

/// The operations of each object, objects in the order of their names.
fn objects<M: Model>(model: &M, history: &History) -> BTreeMap<Option<SmolStr>, Vec<usize>> {
    let mut objects: BTreeMap<Option<SmolStr>, Vec<usize>> = BTreeMap::new();
    for (place, operation) in history.operations.iter().enumerate() {
        if operation.outcome != Outcome::Failed {
            objects.entry(model.partition(operation)).or_default().push(place);
        }
    }
    objects
}

fn named<O>(sheet: &Sheet<O>, order: &[u32]) -> Vec<usize> {
    order.iter().map(|op| sheet.origin[*op as usize]).collect()
}

fn proof<M: Model>(
    model: &M,
    operations: &[Operation],
    sheet: &Sheet<M::Op>,
    key: Option<SmolStr>,
    deadlock: Deadlock<M::State>,
) -> Proof {
    let state = model.describe(&deadlock.state);
    let stuck = sheet.origin[deadlock.stuck as usize];
    let why = |op: &u32| {
        let place = sheet.origin[*op as usize];
        let operation = &operations[place];
        let why = match model.step(&deadlock.state, &sheet.ops[*op as usize]) {
            None => format!("{operation} cannot come next: the value is {state} then"),
            Some(then) => {
                let then = model.describe(&then);
                format!("after {operation} the value is {then}, and {} still fits nowhere", operations[stuck])
            }
        };
        (place, why)
    };
    Proof {
        key: key.filter(|key| !key.is_empty()),
        prefix: named(sheet, &deadlock.prefix),
        stuck,
        candidates: deadlock.candidates.iter().map(why).collect(),
        state,
    }
}

impl Proof {
    /// The operations to blame: the one that fits nowhere first, then those it could have come before or after.
    pub fn blame(&self) -> Vec<usize> {
        let others = self.candidates.iter().map(|(place, _)| *place).filter(|place| *place != self.stuck);
        std::iter::once(self.stuck).chain(others).collect()
    }

    /// What a person needs to know, in a sentence or two.
    pub fn text(&self, history: &History) -> String {
        let stuck = &history.operations[self.stuck];
        let before = match self.prefix.last() {
            Some(last) => format!("after {} the value is {}", history.operations[*last], self.state),
            None => format!("the value is {} by then", self.state),
        };
        format!(
            "{stuck} fits nowhere between its invocation and its answer: in the longest order that explains the \
             answers before it, {before}."
        )
    }
}
