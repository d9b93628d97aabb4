//! Is there an order of all operations, each at one instant between its invocation and its return, in which a single
//! copy would have answered just so (Herlihy and Wing, "Linearizability", 1990)?

mod foresight;
pub(in crate::check) mod memo;
mod object;
mod rounds;
mod search;
pub(in crate::check) mod sheet;
mod sources;
pub mod unfolding;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::budget::{Budget, Spent};
use super::history::{History, Operation, Outcome};
use super::model::Model;
use rounds::{Case, Rounds};
use search::Deadlock;
use sheet::Sheet;

/// What a judgement may take unless somebody says otherwise: a second or two.
pub const BUDGET: Budget = Budget::steps(5_000_000);

/// What the judge found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub answer: Answer,
    /// Objects in the history.
    pub keys: usize,
    /// Steps of the search, and the most that it held.
    pub spent: Spent,
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
    pub reason: Reason,
}

/// How it is known that an operation fits nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Every order was tried up to it.
    Tried,
    /// However far an order comes, what it needs cannot be any more.
    Foreseen,
    /// Nothing can have made what it needs.
    ThinAir,
}

/// A history that a model cannot read: the place of the operation, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    pub operation: usize,
    pub why: String,
}

/// How an order is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Plainly and for a short time at first, then with foresight.
    Both,
    /// Plainly: little work for a step.
    Plain,
    /// With foresight: few steps.
    Foresight,
}

/// Judges a history, object by object, and stops at the first that is illegal. Every object is searched for a short
/// time first, in the order of their names; then those that are left, the smaller first, for longer and longer.
///
/// # Errors
/// An operation that the model does not know.
pub fn check<M: Model>(model: &mut M, history: &History, budget: Budget) -> Result<Report, Foreign> {
    check_by(Method::Both, model, history, budget)
}

/// The same by this method, so that one can be held against the other: the answer does not depend on it, but for
/// what is unknown.
///
/// # Errors
/// An operation that the model does not know.
pub fn check_by<M: Model>(
    method: Method,
    model: &mut M,
    history: &History,
    budget: Budget,
) -> Result<Report, Foreign> {
    let objects = objects(model, history);
    let keys = objects.len();
    let mut cases = Vec::with_capacity(keys);
    for (key, chosen) in objects {
        let sheet = Sheet::new(model, &history.operations, &chosen);
        let sheet = sheet.map_err(|(operation, why)| Foreign { operation, why })?;
        cases.push(Case { key, sheet, order: None });
    }
    let mut rounds = Rounds::new(&*model, &history.operations, budget);
    let answer = rounds.judge(method, &mut cases);
    Ok(Report { answer, keys, spent: rounds.spent })
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
        reason: if deadlock.foreseen { Reason::Foreseen } else { Reason::Tried },
    }
}

/// An answer that needs what nothing can have made.
fn thin_air<M: Model>(model: &M, sheet: &Sheet<M::Op>, key: Option<SmolStr>, op: u32) -> Proof {
    Proof {
        key: key.filter(|key| !key.is_empty()),
        prefix: Vec::new(),
        state: model.describe(&model.start()),
        stuck: sheet.origin[op as usize],
        candidates: Vec::new(),
        reason: Reason::ThinAir,
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
        match self.reason {
            Reason::ThinAir => format!("{stuck} needs what nothing can have made by then."),
            Reason::Tried => format!(
                "{stuck} fits nowhere between its invocation and its answer: in the longest order that explains the \
                 answers before it, {before}."
            ),
            Reason::Foreseen => format!(
                "{stuck} fits nowhere between its invocation and its answer: as far as any order comes, {before}, and \
                 nothing that is left leads from there to what was heard."
            ),
        }
    }
}
