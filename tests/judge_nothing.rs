//! A judge says "legal" only if an answer could have been wrong: of every standard, on every history of one operation
//! and on many of two, by trying whatever else could have been heard.

use faultline::check::court::{Allows, Initial, Ruling, STANDARDS, Standard, Terms};
use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};
use faultline::sim::Dice;

use crate::common::{seeds, soak};
use crate::judge_promises::lines::values;

/// What is asked for and heard.
fn pool() -> Vec<Value> {
    let mut pool =
        values("nil 1 2 a [] [1] [1 1] [1 2] [[1 5]] [nil 1] [1 1 1] [[r 1 nil]] [[r 1 2]] [[w 1 2]]");
    pool.extend([Value::Bool(true), Value::Bool(false)]);
    let balances = |balance: i64| Value::Map(vec![(Value::Int(1), Value::Int(balance))]);
    pool.extend([balances(5), balances(-5)]);
    pool
}

fn ruling(standard: &Standard, history: &History, terms: &Terms) -> Option<Ruling> {
    standard.judge(history, terms).ok().map(|judgement| judgement.ruling)
}

/// Is there an answer that would have been wrong, in the place of those that were heard? Where an answer says no more
/// than "done", it may be wrong because of what was there, or of who asked.
fn could_be_wrong(standard: &Standard, history: &History, terms: &Terms, from: usize) -> bool {
    if ruling(standard, history, terms).is_some_and(|ruling| matches!(ruling, Ruling::Illegal(_))) {
        return true;
    }
    let Some(operation) = history.operations.get(from) else { return false };
    if could_be_wrong(standard, history, terms, from + 1) {
        return true;
    }
    if !matches!(operation.outcome, Outcome::Ok(_)) {
        return false;
    }
    let mut other = history.clone();
    let mut answers: Vec<Operation> = Vec::new();
    // What told nothing would not have told another thing.
    let only_done = match (operation.action.verb, &operation.outcome) {
        // No balances at all.
        (Verb::Read, Outcome::Ok(Value::Nil)) if standard.name == "bank" => true,
        (Verb::Read | Verb::Dequeue | Verb::Pop | Verb::Drain | Verb::Contains, _) => false,
        (Verb::Remove, Outcome::Ok(heard)) => !matches!(heard, Value::Bool(_)),
        (_, outcome) => [Value::Nil, Value::Bool(true)].map(Outcome::Ok).contains(outcome),
    };
    for value in pool().into_iter().chain(values("99 [2 1] [2 2] [3 1] [3 2] [[r 1 -5]]")) {
        if !only_done {
            answers.push(Operation { outcome: Outcome::Ok(value.clone()), ..operation.clone() });
        }
        if operation.action.verb == Verb::Cas {
            let pair = Value::List(vec![value.clone(), Value::Int(1)]);
            for action in [
                Action { old: value, ..operation.action.clone() },
                Action { value: pair, ..operation.action.clone() },
            ] {
                answers.push(Operation { action, outcome: Outcome::Ok(Value::Nil), ..operation.clone() });
            }
        }
    }
    if matches!(operation.action.verb, Verb::Release) {
        answers.push(Operation { client: 9, ..operation.clone() });
    }
    answers.into_iter().any(|answer| {
        other.operations[from] = answer;
        could_be_wrong(standard, &other, terms, from + 1)
    })
}

/// All that a standard may be told of how objects began, and the least of servers.
fn beginnings(standard: &Standard) -> Vec<Terms> {
    let mut initials = vec![Initial::Nothing, Initial::Unknown];
    initials.extend(values("1 [1] [1 1]").into_iter().map(Initial::Value));
    let terms = |initial| Terms { initial, servers: standard.allows.servers(), ..Terms::default() };
    let mut all: Vec<Terms> = initials.into_iter().map(terms).collect();
    for (allows, negative) in [(Allows::NEGATIVE, true), (Allows::DUPLICATES, false)] {
        if standard.allows == allows {
            all.extend(all.clone().into_iter().map(|terms| Terms {
                negative,
                duplicates: !negative,
                ..terms
            }));
        }
    }
    all
}

/// A promise about two writes says nothing of a value that was never written: that one is wrong all the same.
fn finds_more(standard: &Standard) -> bool {
    ["long-fork", "causal-reverse"].contains(&standard.name)
}

fn hold(standard: &Standard, history: &History, terms: &Terms, told: &mut u32) {
    let said = ruling(standard, history, terms);
    let possible = || could_be_wrong(standard, history, terms, 0);
    match said {
        Some(Ruling::Legal) => {
            *told += 1;
            assert!(possible(), "{} says legal with {terms:?}:\n{history:#?}", standard.name);
        }
        Some(Ruling::Nothing(needs)) if history.operations.len() == 1 && !finds_more(standard) => {
            assert!(!possible(), "{} needs {needs} with {terms:?}:\n{history:#?}", standard.name);
        }
        _ => {}
    }
}

fn operations(client: u32, key: &str, from: u64, until: u64) -> Vec<Operation> {
    let mut all = Vec::new();
    for (verb, _) in Verb::NAMES {
        for asked in pool() {
            let action = Action { verb: *verb, key: key.into(), value: asked.clone(), old: Value::Int(1) };
            let with = |outcome| Operation {
                server: Some(0),
                ..Operation::new(client, action.clone(), outcome, from, until)
            };
            all.extend(pool().into_iter().map(|heard| with(Outcome::Ok(heard))));
            all.extend([with(Outcome::Failed), with(Outcome::Unknown)]);
        }
    }
    all
}

#[test]
fn one_operation_is_legal_only_if_it_could_have_been_wrong() {
    for standard in STANDARDS {
        let mut legal = 0;
        for terms in beginnings(standard) {
            for operation in operations(0, "x", 0, 5) {
                hold(standard, &History { operations: vec![operation] }, &terms, &mut legal);
            }
        }
        println!("{}: legal {legal} times", standard.name);
    }
}

fn two_operations(seed: u64, histories: u32) {
    let mut dice = Dice::named(seed, "nothing judged", 0);
    let first = operations(0, "x", 0, 5);
    for standard in STANDARDS {
        let all = beginnings(standard);
        let known: Vec<&Operation> = first
            .iter()
            .filter(|one| {
                let history = History { operations: vec![(*one).clone()] };
                all.iter().any(|terms| ruling(standard, &history, terms).is_some())
            })
            .collect();
        let mut legal = 0;
        for _ in 0..histories {
            let mut draw = || known[dice.below(known.len() as u64) as usize].clone();
            let (one, mut other) = (draw(), draw());
            other.client = dice.below(2) as u32;
            let late = if dice.below(4) > 0 { 10 } else { 3 };
            (other.invoked, other.returned) = (late, other.returned.map(|_| late + 5));
            let terms = &all[dice.below(all.len() as u64) as usize];
            hold(standard, &History { operations: vec![one, other] }, terms, &mut legal);
        }
        println!("{}: legal {legal} times of {histories}", standard.name);
    }
}

#[test]
fn two_operations_are_legal_only_if_one_could_have_been_wrong() {
    two_operations(seeds::seed(), 300);
}

#[test]
#[ignore = "soak"]
fn soak_two_operations_are_legal_only_if_one_could_have_been_wrong() {
    soak::seeds("nothing judged", 50).for_each(|seed| two_operations(seed, 1_000));
}
