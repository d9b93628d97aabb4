//! Why there is no order, in words.

use std::rc::Rc;

use super::super::{failed_change, told};
use super::board::Board;
use super::saturation::{Edge, Why};
use super::search::Deadlock;
use crate::check::history::{Operation, Outcome, Value, Verb};
use crate::check::judgement::Blame;
use crate::check::model::{Model, Register};

/// A read of what nobody wrote.
pub fn thin_air(record: &[Rc<Operation>], read: usize) -> Blame {
    let operation = &record[read];
    let needed = match (operation.action.verb, &operation.outcome) {
        (Verb::Cas, _) => &operation.action.old,
        (_, Outcome::Ok(heard)) => heard,
        _ => &Value::Nil,
    };
    let failed = failed_change(record.iter().map(Rc::as_ref), &operation.action.key, needed);
    let text = match failed {
        None => format!("{} needs a value that was never written.", told(operation)),
        Some(write) => format!("{}, but {}.", told(operation), told(&record[write])),
    };
    Blame::new(text, std::iter::once(read).chain(failed))
}

/// Operations that would all have to come before each other.
pub fn circle(record: &[Rc<Operation>], board: &Board, circle: &[Edge]) -> Blame {
    let place = |number: usize| board.pieces[number].place;
    let told = |number: usize| told(&record[place(number)]);
    let mut steps: Vec<Edge> = Vec::new();
    for edge in circle {
        match steps.last_mut() {
            // Two steps of one client are one.
            Some(last) if last.why == Why::Session && edge.why == Why::Session => last.to = edge.to,
            _ => steps.push(*edge),
        }
    }
    let why = |edge: &Edge| match edge.why {
        Why::Session => "one client asked for them in this order".to_owned(),
        Why::Finds => "it finds what that wrote".to_owned(),
        Why::StillFinds(reader) => format!("{} comes after it and finds another value", told(reader)),
        Why::Overwrites => "it overwrites what that finds".to_owned(),
    };
    let parts: Vec<String> = steps
        .iter()
        .map(|edge| match edge.why {
            Why::StillFinds(_) => format!("{} before {} ({})", told(edge.from), told(edge.to), why(edge)),
            _ => format!("{} after {} ({})", told(edge.to), told(edge.from), why(edge)),
        })
        .collect();
    let mut operations: Vec<usize> = Vec::new();
    for edge in &steps {
        let reader = if let Why::StillFinds(reader) = edge.why { Some(reader) } else { None };
        for number in [Some(edge.from), reader, Some(edge.to)].into_iter().flatten() {
            if !operations.contains(&place(number)) {
                operations.push(place(number));
            }
        }
    }
    Blame::new(format!("No order can have {}: that is a circle.", parts.join(", and ")), operations)
}

/// The furthest that any order came.
pub fn deadlock(record: &[Rc<Operation>], model: &Register, board: &Board, deadlock: &Deadlock) -> Blame {
    let piece = |number: &usize| &board.pieces[*number];
    let order: Vec<usize> = deadlock.order.iter().map(|number| piece(number).place).collect();
    let heads = deadlock.heads.iter().filter(|number| !piece(number).maybe);
    let details: Vec<(usize, String)> = heads
        .map(|number| {
            let piece = piece(number);
            let holds = model.describe(&deadlock.state[piece.key]);
            let now = format!("{} is {holds} then", board.names[piece.key]);
            let why = match model.step(&deadlock.state[piece.key], &piece.op) {
                None => format!("{} cannot come next: {now}", told(&record[piece.place])),
                Some(_) => {
                    format!(
                        "{} cannot come next: {now}, and others still need that",
                        told(&record[piece.place])
                    )
                }
            };
            (piece.place, why)
        })
        .collect();
    let next: Vec<String> = details.iter().map(|(place, _)| told(&record[*place])).collect();
    let end = match order.last() {
        Some(last) => format!("the longest that does so far ends with {}", told(&record[*last])),
        None => "none even begins".to_owned(),
    };
    let text = format!(
        "No order explains all answers and keeps that of each client: {end}, and none of {} can come next.",
        next.join(", ")
    );
    let operations = details.iter().map(|(place, _)| *place).chain(order.last().copied()).collect();
    Blame { key: None, text, operations, order, details }
}
