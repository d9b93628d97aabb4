//! Sequential consistency (Lamport, "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess
//! Programs", 1979): is there one order of all operations, with each client's own order in it, in which a single copy
//! would have answered just so? Time does not count. It is a property of all objects together: each may have an order
//! of its own, and no two of these fit.

mod board;
mod follow;
mod saturation;
mod search;
mod words;

use std::rc::Rc;

pub use follow::Sequential;

use super::{Says, keys, record};
use crate::check::budget::{Budget, Spent};
use crate::check::history::{History, Operation};
use crate::check::judgement::{Blame, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;
use crate::check::model::{Model, Register};
use board::Board;
use saturation::{Fate, saturate};
use search::{End, Search};

/// The promise in one sentence.
pub const SAYS: Says =
    ("All operations on all keys take effect in one order that keeps every client's own.", "Lamport 1979");

/// Judges a whole history of registers with read, write, compare-and-set and add.
///
/// # Errors
/// An operation that a register does not know.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    let mut model = terms.initial.of(Register::comparing());
    let mut spent = Spent::default();
    let ruling = match solve(&mut model, &record(history), &mut spent, terms.budget)? {
        Answer::Order(_) => Ruling::Legal,
        Answer::Illegal(blame) => Ruling::Illegal(blame),
        Answer::Spent => Ruling::Unknown,
    };
    Ok(Judgement { ruling, keys: keys(history), spent, counts: Vec::new() })
}

/// What came of the search for an order.
enum Answer {
    /// Places in the record.
    Order(Vec<usize>),
    Illegal(Blame),
    Spent,
}

fn solve(
    model: &mut Register,
    record: &[Rc<Operation>],
    spent: &mut Spent,
    budget: Budget,
) -> Result<Answer, Foreign> {
    let Some(mut board) = Board::new(model, record, budget.bytes)? else {
        spent.allows(budget.bytes.saturating_add(1), budget);
        return Ok(Answer::Spent);
    };
    if let Err(read) = board.trace_origins(model.start()) {
        return Ok(Answer::Illegal(words::thin_air(record, read.0)));
    }
    let clocks = match saturate(&board, spent, budget) {
        Fate::Order(clocks) => clocks,
        Fate::Circle(circle) => return Ok(Answer::Illegal(words::circle(record, &board, &circle))),
        Fate::Spent => return Ok(Answer::Spent),
    };
    Ok(match Search::new(model, &board, &clocks).go(spent, budget) {
        End::Found(order) => {
            Answer::Order(order.into_iter().map(|number| board.pieces[number].place).collect())
        }
        End::Exhausted(deadlock) => Answer::Illegal(words::deadlock(record, model, &board, &deadlock)),
        End::Spent => Answer::Spent,
    })
}
