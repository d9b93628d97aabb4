//! Consistency models by their definitions: everything is tried.

use std::collections::BTreeMap;

use faultline::check::history::{History, Operation, Outcome, Value, Verb};
use faultline::check::model::{Model, Register};

fn is_ok(operation: &Operation) -> bool {
    matches!(operation.outcome, Outcome::Ok(_))
}

/// Did one client get the answer to one before it asked for the other?
fn in_session(one: &Operation, other: &Operation) -> bool {
    one.client == other.client && is_ok(one) && one.returned.is_some_and(|at| at < other.invoked)
}

/// Sequential consistency: any order of what was answered and some of what was not, with each client's own in it.
pub fn sequential(history: &History) -> bool {
    let mut model = Register::comparing();
    let prepared: Vec<_> = history
        .operations
        .iter()
        .map(|op| (op.outcome != Outcome::Failed).then(|| model.prepare(op).expect("known")))
        .collect();
    let mut state = BTreeMap::new();
    for operation in &history.operations {
        state.insert(operation.action.key.as_str(), model.start());
    }
    place_next(&model, &history.operations, &prepared, &mut vec![false; prepared.len()], &mut state)
}

fn place_next<'a, M: Model>(
    model: &M,
    operations: &'a [Operation],
    prepared: &[Option<M::Op>],
    placed: &mut Vec<bool>,
    state: &mut BTreeMap<&'a str, M::State>,
) -> bool {
    if operations.iter().zip(placed.iter()).all(|(op, placed)| *placed || !is_ok(op)) {
        return true;
    }
    for i in 0..operations.len() {
        let Some(op) = prepared[i].as_ref().filter(|_| !placed[i]) else { continue };
        let waits = (0..operations.len()).any(|j| !placed[j] && in_session(&operations[j], &operations[i]));
        let key = operations[i].action.key.as_str();
        let Some(then) = model.step(&state[key], op).filter(|_| !waits) else { continue };
        let before = state.insert(key, then).expect("every key");
        placed[i] = true;
        let found = place_next(model, operations, prepared, placed, state);
        placed[i] = false;
        state.insert(key, before);
        if found {
            return true;
        }
    }
    false
}

/// A strict partial order of a few things: which come before each.
pub type Order = Vec<u8>;

/// Every strict partial order of so many things.
pub fn orders(count: usize) -> Vec<Order> {
    let mut orders = vec![Vec::new()];
    // One more at a time: with a set below it that is closed downwards, one above that is closed upwards, and
    // everything below it below everything above it.
    for new in 0..count {
        let mut larger = Vec::new();
        for order in &orders {
            for below in 0..1_u8 << new {
                for above in 0..1_u8 << new {
                    let closed = (0..new).all(|one| {
                        let (bit, down): (u8, u8) = (1 << one, order[one]);
                        let below_closed = below & bit == 0 || down & !below == 0;
                        let above_closed = above & bit != 0 || down & above == 0;
                        let crossed = above & bit == 0 || below & !down == 0;
                        below_closed && above_closed && crossed
                    });
                    if closed && below & above == 0 {
                        let mut order: Order = order.clone();
                        (0..new).filter(|one| above >> one & 1 == 1).for_each(|one| order[one] |= 1 << new);
                        order.push(below);
                        larger.push(order);
                    }
                }
            }
        }
        orders = larger;
    }
    orders
}

/// Causal consistency (Bouajjani et al. 2017, definition of CC): an order of causes with each client's own in it, such
/// that the causes of each read can be lined up, in this order, so that the read finds the last write of its key.
pub fn causal(history: &History, orders: &[Vec<Order>]) -> bool {
    some_order(history, orders, |operations, order| {
        (0..operations.len()).all(|read| explains(operations, order, read))
    })
}

/// Causal convergence (the same paper, definition of CCv): there is, besides, one order of all operations with the
/// order of causes in it, in which the causes of every read are lined up.
pub fn causally_convergent(history: &History, orders: &[Vec<Order>]) -> bool {
    some_order(history, orders, |operations, order| settle(operations, order, &mut Vec::new()))
}

/// Tries every order of one more, and at the end what each read finds.
fn settle(operations: &[&Operation], order: &Order, line: &mut Vec<usize>) -> bool {
    if line.len() == operations.len() {
        return (0..operations.len()).all(|read| finds(operations, order, line, read));
    }
    (0..operations.len()).any(|next| {
        let ready = !line.contains(&next)
            && (0..operations.len()).all(|cause| order[next] >> cause & 1 == 0 || line.contains(&cause));
        if !ready {
            return false;
        }
        line.push(next);
        let settled = settle(operations, order, line);
        line.pop();
        settled
    })
}

fn finds(operations: &[&Operation], order: &Order, line: &[usize], read: usize) -> bool {
    let (Verb::Read, Outcome::Ok(value)) = (operations[read].action.verb, &operations[read].outcome) else {
        return true;
    };
    let of_key = |place: &&usize| {
        let action = &operations[**place].action;
        order[read] >> **place & 1 == 1
            && action.verb == Verb::Write
            && action.key == operations[read].action.key
    };
    let last = line.iter().rev().find(of_key);
    last.map_or(*value == Value::Nil, |last| operations[*last].action.value == *value)
}

/// Does some order of causes explain what was answered, and some of what was not?
fn some_order(
    history: &History,
    orders: &[Vec<Order>],
    explained: impl Fn(&[&Operation], &Order) -> bool,
) -> bool {
    // What nobody answered may have happened or not; what it read nobody knows.
    let sure: Vec<&Operation> = history.operations.iter().filter(|op| is_ok(op)).collect();
    let maybe = |op: &&Operation| op.outcome == Outcome::Unknown && op.action.verb == Verb::Write;
    let maybe: Vec<&Operation> = history.operations.iter().filter(maybe).collect();
    (0..1_usize << maybe.len()).any(|chosen| {
        let mut operations = sure.clone();
        operations.extend((0..maybe.len()).filter(|one| chosen >> one & 1 == 1).map(|one| maybe[one]));
        let session: Vec<u8> = operations
            .iter()
            .map(|op| {
                let before = |other: &usize| in_session(operations[*other], op);
                (0..operations.len()).filter(before).map(|other| 1 << other).sum()
            })
            .collect();
        orders[operations.len()].iter().any(|order| {
            let keeps_sessions = session.iter().zip(order).all(|(session, order)| session & !order == 0);
            keeps_sessions && explained(&operations, order)
        })
    })
}

fn explains(operations: &[&Operation], order: &Order, read: usize) -> bool {
    match (operations[read].action.verb, &operations[read].outcome) {
        (Verb::Read, Outcome::Ok(value)) => line_up(operations, order, read, order[read], &Value::Nil, value),
        _ => true,
    }
}

/// Lines up what is left of a read's causes: can the key hold this value at the end?
fn line_up(
    operations: &[&Operation],
    order: &Order,
    read: usize,
    left: u8,
    now: &Value,
    end: &Value,
) -> bool {
    if left == 0 {
        return now == end;
    }
    (0..operations.len()).filter(|next| left >> next & 1 == 1 && order[*next] & left == 0).any(|next| {
        let action = &operations[next].action;
        let writes = action.verb == Verb::Write && action.key == operations[read].action.key;
        line_up(operations, order, read, left & !(1 << next), if writes { &action.value } else { now }, end)
    })
}
