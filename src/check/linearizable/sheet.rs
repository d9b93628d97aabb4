//! A history of one object, laid out for the search.

use crate::check::history::{Operation, Outcome};
use crate::check::model::Model;

/// An operation that the model does not know: its place in the history, and why.
pub type Misfit = (usize, String);

/// The operations of one object: first those that were answered, in order of invocation, then those that may have
/// happened.
#[derive(Clone, Debug)]
pub struct Sheet<O> {
    pub ops: Vec<O>,
    /// Where each of them stands in the history.
    pub origin: Vec<usize>,
    /// How many were answered.
    pub answered: usize,
    /// Invocations and returns of the answered ones, in order of time.
    pub line: Vec<Mark>,
    /// How much of the line lies before the invocation of each that was not answered.
    pub late: Vec<u32>,
    /// For each that was not answered: an earlier one just like it. Of two that are alike, the earlier goes first.
    pub twins: Vec<Option<u32>>,
    /// For each that was not answered, if that was found out: nobody could tell whether it happened.
    pub idle: Vec<bool>,
}

/// An end of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Call(u32),
    Return(u32),
}

impl<O: Clone + Eq> Sheet<O> {
    /// Lays out these operations of a history. What failed tells nothing, and what nobody heard of counts only if it
    /// can matter to another.
    ///
    /// # Errors
    /// What the model cannot make of an operation, and its place in the history.
    pub fn new<M: Model<Op = O>>(
        model: &mut M,
        operations: &[Operation],
        chosen: &[usize],
    ) -> Result<Sheet<O>, Misfit> {
        let mut prepared = prepare(model, operations, chosen)?;
        let ops: Vec<_> = prepared.iter().map(|(place, op)| (op, answered(&operations[*place]))).collect();
        let mut tells = telling(model, &ops).into_iter();
        prepared.retain(|_| tells.next().unwrap_or(true));
        let mut ends = ends(operations, &prepared);
        order_neighbours(operations, &prepared, &mut ends);
        Ok(Sheet::laid_out(operations, &prepared, &ends))
    }

    /// Lays out all operations of a history that goes on: one that matters to nobody yet may do so later, and the
    /// order of those that were not answered stays.
    ///
    /// # Errors
    /// What the model cannot make of an operation, and its place in the history.
    pub fn of_part<M: Model<Op = O>>(model: &mut M, operations: &[Operation]) -> Result<Sheet<O>, Misfit> {
        let all: Vec<usize> = (0..operations.len()).collect();
        let prepared = prepare(model, operations, &all)?;
        Ok(Sheet::laid_out(operations, &prepared, &ends(operations, &prepared)))
    }

    /// Finds out what is idle: not for good, because somebody may tell its effect later.
    pub fn find_the_idle<M: Model<Op = O>>(&mut self, model: &M) {
        let ops: Vec<_> = (0..).zip(&self.ops).map(|(number, op)| (op, number < self.answered)).collect();
        self.idle = telling(model, &ops)[self.answered..].iter().map(|tells| !tells).collect();
    }

    fn laid_out(operations: &[Operation], prepared: &[(usize, O)], ends: &[Tip]) -> Sheet<O> {
        let mut sheet = Sheet {
            ops: Vec::with_capacity(prepared.len()),
            origin: Vec::with_capacity(prepared.len()),
            answered: prepared.iter().filter(|(place, _)| answered(&operations[*place])).count(),
            line: Vec::with_capacity(prepared.len() * 2),
            late: Vec::new(),
            twins: Vec::new(),
            idle: Vec::new(),
        };
        let mut late = Vec::new();
        let mut numbers = vec![0; prepared.len()];
        for &Tip { returns, which, .. } in ends {
            let (place, op) = &prepared[which];
            match (answered(&operations[*place]), returns) {
                (true, true) => sheet.line.push(Mark::Return(numbers[which])),
                (true, false) => {
                    numbers[which] = sheet.ops.len() as u32;
                    sheet.line.push(Mark::Call(numbers[which]));
                    sheet.ops.push(op.clone());
                    sheet.origin.push(*place);
                }
                (false, _) => late.push((sheet.line.len() as u32, *place, op.clone())),
            }
        }
        for (before, place, op) in late {
            let twin = sheet.ops[sheet.answered..].iter().rposition(|other| *other == op);
            sheet.twins.push(twin.map(|twin| twin as u32));
            sheet.late.push(before);
            sheet.ops.push(op);
            sheet.origin.push(place);
        }
        sheet
    }
}

/// One end of the `which`th prepared operation.
struct Tip {
    at: u64,
    returns: bool,
    which: usize,
}

fn prepare<M: Model>(
    model: &mut M,
    operations: &[Operation],
    chosen: &[usize],
) -> Result<Vec<(usize, M::Op)>, Misfit> {
    let happened = chosen.iter().copied().filter(|place| operations[*place].outcome != Outcome::Failed);
    let prepared = happened.map(|place| match model.prepare(&operations[place]) {
        Ok(op) => Ok((place, op)),
        Err(why) => Err((place, why)),
    });
    prepared.collect()
}

fn answered(operation: &Operation) -> bool {
    operation.returned.is_some() && operation.outcome != Outcome::Unknown
}

/// Which operations tell something: those that were answered, and of the others those whose effect one of these could
/// tell. The rest, and what only reads, did not happen. `ops` are those of one object, and whether they were answered.
pub(in crate::check) fn telling<M: Model>(model: &M, ops: &[(&M::Op, bool)]) -> Vec<bool> {
    let mut tells: Vec<bool> = ops.iter().map(|(_, answered)| *answered).collect();
    let mut idle: Vec<usize> =
        (0..ops.len()).filter(|place| !tells[*place] && !model.reads_only(ops[*place].0)).collect();
    let mut heard: Vec<usize> = (0..ops.len()).filter(|place| tells[*place]).collect();
    while let Some(other) = heard.pop().filter(|_| !idle.is_empty()) {
        idle.retain(|place| {
            let matters = model.matters(ops[*place].0, ops[other].0);
            if matters {
                tells[*place] = true;
                heard.push(*place);
            }
            !matters
        });
    }
    tells
}

/// Every end in order of time.
fn ends<O>(operations: &[Operation], prepared: &[(usize, O)]) -> Vec<Tip> {
    let mut ends = Vec::with_capacity(prepared.len() * 2);
    for (which, (place, _)) in prepared.iter().enumerate() {
        let operation = &operations[*place];
        ends.push(Tip { at: operation.invoked, returns: false, which });
        if let Some(returned) = operation.returned.filter(|_| answered(operation)) {
            ends.push(Tip { at: returned.max(operation.invoked), returns: true, which });
        }
    }
    ends.sort_by_key(|tip| (tip.at, tip.returns));
    ends
}

/// Neighbours of one kind are concurrent either way. They are put in an order of their own, so that neither names
/// nor the order of lines in a log decide who is to blame.
fn order_neighbours<O>(operations: &[Operation], prepared: &[(usize, O)], ends: &mut [Tip]) {
    let content = |tip: &Tip| {
        let operation = &operations[prepared[tip.which].0];
        (&operation.action, &operation.outcome)
    };
    for neighbours in ends.chunk_by_mut(|one, other| one.returns == other.returns) {
        neighbours.sort_by(|one, other| content(one).cmp(&content(other)));
    }
}
