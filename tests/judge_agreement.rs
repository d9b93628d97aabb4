//! The search for an order against all orders, tried one by one, on many small histories of every model.

#[path = "judge/games.rs"]
mod games;

use crate::common::{seeds, soak};
use faultline::check::history::{Action, History, Operation, Outcome, Value};
use faultline::check::linearizable::unfolding::{News, Unfolding};
use faultline::check::linearizable::{Answer, BUDGET, Method, check, check_by};
use faultline::check::model::Model;
use faultline::sim::Dice;
use games::{
    Comparing, Counters, Foundlings, Game, Locks, Queues, Registers, Sets, Stacks, Stores, Transactions,
};

/// How many a commit is held to, drawn by `FAULTLINE_SEED`; the night takes 100,000.
const HISTORIES: u32 = 10_000;

const METHODS: [Method; 3] = [Method::Both, Method::Plain, Method::Foresight];

/// Tries every order there is.
fn any_order<M: Model>(model: &mut M, history: &History) -> bool {
    let operations = &history.operations;
    let ops: Vec<Option<M::Op>> = operations
        .iter()
        .map(|op| (op.outcome != Outcome::Failed).then(|| model.prepare(op).expect("known")))
        .collect();
    let start = model.start();
    go_on(model, operations, &ops, &mut vec![false; ops.len()], &start)
}

fn go_on<M: Model>(
    model: &M,
    operations: &[Operation],
    ops: &[Option<M::Op>],
    placed: &mut Vec<bool>,
    state: &M::State,
) -> bool {
    let is_ok = |op: &Operation| matches!(op.outcome, Outcome::Ok(_));
    if operations.iter().zip(placed.iter()).all(|(op, placed)| *placed || !is_ok(op)) {
        return true;
    }
    for i in 0..ops.len() {
        let Some(op) = ops[i].as_ref().filter(|_| !placed[i]) else { continue };
        let overtakes = operations.iter().zip(placed.iter()).any(|(other, placed)| {
            !placed && is_ok(other) && other.returned.is_some_and(|at| at < operations[i].invoked)
        });
        if overtakes {
            continue;
        }
        if let Some(state) = model.step(state, op) {
            placed[i] = true;
            if go_on(model, operations, ops, placed, &state) {
                return true;
            }
            placed[i] = false;
        }
    }
    false
}

/// A small history: answers as one copy would give them in some order, and now and then one that is made up. Of eight
/// operations, about so many are never answered.
fn history<G: Game>(dice: &mut Dice, silent: u64) -> History {
    let mut model = G::model();
    let mut state = model.start();
    let mut operations = Vec::new();
    let mut free = [0_u64; 3];
    for place in 1..=2 + dice.below(5) {
        let client = dice.below(3) as usize;
        let invoked = free[client].max((place * 4).saturating_sub(dice.below(9)));
        let returned = invoked + 1 + dice.below(9);
        let action = G::ask(dice);
        let mut answers = G::answers(&action);
        let of = |value: &Value| {
            let outcome = Outcome::Ok(value.clone());
            Operation::new(client as u32, action.clone(), outcome, invoked, returned)
        };
        let mut fits = |value: &Value| {
            let op = model.prepare(&of(value)).expect("known");
            model.step(&state, &op)
        };
        let made_up = dice.below(5) == 0;
        let answer = answers.iter().position(|value| fits(value).is_some()).filter(|_| !made_up);
        let answer = answer.unwrap_or(dice.below(answers.len() as u64) as usize);
        let value = answers.swap_remove(answer);
        let after = fits(&value);
        let fate = dice.below(8);
        if let Some(after) = after.filter(|_| fate != 0) {
            state = after;
        }
        let mut operation = of(&value);
        match fate {
            0 => operation.outcome = Outcome::Failed,
            fate if fate <= silent => (operation.outcome, operation.returned) = (Outcome::Unknown, None),
            _ => {}
        }
        free[client] = returned + dice.below(2);
        operations.push(operation);
    }
    History { operations }
}

/// Lets the history unfold end by end: is it still legal after all?
fn unfolds<M: Model + Clone>(model: M, history: &History) -> bool {
    let mut ends: Vec<(u64, bool, usize)> = Vec::new();
    for (i, operation) in history.operations.iter().enumerate() {
        ends.push((operation.invoked, false, i));
        ends.push((operation.returned.unwrap_or(operation.invoked + 3), true, i));
    }
    ends.sort_unstable();
    let mut judge = Unfolding::new(model);
    ends.into_iter().all(|(_, ends, i)| {
        let operation = &history.operations[i];
        if ends {
            return judge.ended(operation, BUDGET) == News::Legal;
        }
        judge.invoked(Operation { outcome: Outcome::Unknown, returned: None, ..operation.clone() });
        true
    })
}

/// What an answer says to somebody who does not know in which order the operations were listed.
fn blame<M: Model>(model: &mut M, history: &History) -> Option<(Action, Outcome)> {
    match check(model, history, BUDGET).expect("known").answer {
        Answer::Illegal(proof) => {
            let stuck = &history.operations[proof.stuck];
            Some((stuck.action.clone(), stuck.outcome.clone()))
        }
        _ => None,
    }
}

/// Other names, another time, another order of lines: the same history.
fn disguised(history: &History, dice: &mut Dice) -> History {
    let mut other = history.clone();
    for operation in &mut other.operations {
        operation.client = operation.client * 7 + 3;
        operation.invoked = operation.invoked * 3 + 1_000;
        operation.returned = operation.returned.map(|at| at * 3 + 1_000);
    }
    for i in (1..other.operations.len()).rev() {
        other.operations.swap(i, dice.below(i as u64 + 1) as usize);
    }
    other
}

fn told(history: &History) -> String {
    let line = |op: &Operation| {
        let until = op.returned.map_or("…".to_owned(), |at| at.to_string());
        format!("client {}: {op}, {} to {until}", op.client, op.invoked)
    };
    history.operations.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Holds the judge to the oracle on so many histories from a seed.
fn agree_on<G: Game>(histories: u32, seed: u64) {
    let mut dice = Dice::named(seed, "histories", 0);
    let mut illegal = 0;
    for number in 0..histories {
        // In every fourth history, most are never answered.
        let history = history::<G>(&mut dice, if number % 4 == 3 { 5 } else { 2 });
        let expected = any_order(&mut G::model(), &history);
        let which = || format!("seed {seed}, history {number}:\n{}", told(&history));
        for method in METHODS {
            let report = check_by(method, &mut G::model(), &history, BUDGET).expect("known");
            assert_ne!(report.answer, Answer::Unknown, "{method:?}, {}", which());
            let said = matches!(report.answer, Answer::Linearizable(_));
            assert_eq!(said, expected, "{method:?}, {}\n{report:?}", which());
        }
        assert_eq!(unfolds(G::model(), &history), expected, "unfolding, {}", which());
        illegal += u32::from(!expected);
        if number % 16 == 0 {
            let other = disguised(&history, &mut dice);
            assert_eq!(
                blame(&mut G::model(), &history),
                blame(&mut G::model(), &other),
                "{}",
                told(&history)
            );
        }
    }
    assert!((histories / 20..histories * 19 / 20).contains(&illegal), "{illegal} of {histories} are illegal");
}

fn agree<G: Game>(histories: u32) {
    agree_on::<G>(histories, seeds::seed());
}

#[test]
fn registers() {
    agree::<Registers>(HISTORIES);
}

#[test]
fn comparing_registers() {
    agree::<Comparing>(HISTORIES);
}

#[test]
fn registers_of_unknown_start() {
    agree::<Foundlings>(HISTORIES);
}

#[test]
fn stores_with_append() {
    agree::<Stores>(HISTORIES);
}

#[test]
fn registers_in_transactions() {
    agree::<Transactions>(HISTORIES);
}

#[test]
fn queues() {
    agree::<Queues>(HISTORIES);
}

#[test]
fn stacks() {
    agree::<Stacks>(HISTORIES);
}

#[test]
fn sets() {
    agree::<Sets>(HISTORIES);
}

#[test]
fn counters() {
    agree::<Counters>(HISTORIES);
}

#[test]
fn locks() {
    agree::<Locks>(HISTORIES);
}

/// All models, so that one name searches through them.
#[test]
#[ignore = "soak"]
fn soak_models() {
    type Search = fn(u32, u64);
    let searches: [(&str, Search); 10] = [
        ("registers", agree_on::<Registers>),
        ("comparing registers", agree_on::<Comparing>),
        ("registers of unknown start", agree_on::<Foundlings>),
        ("stores with append", agree_on::<Stores>),
        ("registers in transactions", agree_on::<Transactions>),
        ("queues", agree_on::<Queues>),
        ("stacks", agree_on::<Stacks>),
        ("sets", agree_on::<Sets>),
        ("counters", agree_on::<Counters>),
        ("locks", agree_on::<Locks>),
    ];
    for (name, search) in searches {
        // A thousand histories for each seed.
        soak::seeds(name, 100).for_each(|seed| search(1_000, seed));
    }
}
