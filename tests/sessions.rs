//! The session guarantees against their definitions, on many small histories; and what must follow from what.

use std::collections::BTreeMap;

use faultline::check::court::{Ruling, Servers, Terms};
use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};
use faultline::check::promise::sessions::{Guarantee, judge};
use faultline::sim::Dice;

use crate::common::{seeds, soak};
use crate::judge_promises::brute;

/// Three clients, three servers, two keys, and values of their own. A read finds a write that had begun, or nothing.
fn history(dice: &mut Dice) -> History {
    let mut operations: Vec<Operation> = Vec::new();
    let mut free = [0_u64; 3];
    let fresh = dice.below(2) == 0;
    for place in 0..4 + dice.below(7) {
        let client = dice.below(3) as usize;
        let invoked = free[client].max((place * 4).saturating_sub(dice.below(9)));
        let returned = invoked + 1 + dice.below(9);
        free[client] = returned + dice.below(3);
        let key = if dice.below(3) == 0 { "y" } else { "x" };
        let (action, answer) = if dice.below(9) < 4 {
            (Action::new(Verb::Write, key, Value::Int(place as i64)), Value::Nil)
        } else {
            let begun = |op: &&Operation| {
                op.action.verb == Verb::Write && op.action.key == key && op.invoked <= returned
            };
            let mut heard: Vec<Value> =
                operations.iter().filter(begun).map(|op| op.action.value.clone()).collect();
            heard.push(Value::Nil);
            // In half of the histories most reads find the last write, so that little is broken at once.
            let last = fresh && dice.below(4) > 0 && heard.len() > 1;
            let at = if last { heard.len() - 2 } else { dice.below(heard.len() as u64) as usize };
            (Action::new(Verb::Read, key, Value::Nil), heard.swap_remove(at))
        };
        let mut operation = Operation::new(client as u32, action, Outcome::Ok(answer), invoked, returned);
        operation.server = Some(dice.below(3) as u32);
        if dice.below(12) == 0 {
            (operation.outcome, operation.returned) = (Outcome::Unknown, None);
        }
        operations.push(operation);
    }
    History { operations }
}

/// An answer to a question: who reads both, at which servers, and what of the question is there, is chance.
fn forum(dice: &mut Dice) -> History {
    let write = |client: u32, key: &str, value: i64, at: u64| {
        let action = Action::new(Verb::Write, key, Value::Int(value));
        Operation::new(client, action, Outcome::Ok(Value::Nil), at, at + 5)
    };
    let mut read = |client: u32, key: &str, value: Value, at: u64| {
        let action = Action::new(Verb::Read, key, Value::Nil);
        let server = Some(dice.below(2) as u32);
        Operation { server, ..Operation::new(client, action, Outcome::Ok(value), at, at + 5) }
    };
    let mut operations = vec![
        write(0, "x", 1, 0),
        read(1, "x", Value::Int(1), 10),
        write(1, "y", 2, 20),
        read(2, "y", Value::Int(2), 30),
        read(2, "x", Value::Nil, 40),
        read(0, "y", Value::Nil, 50),
    ];
    for place in [4, 5] {
        if dice.below(3) == 0 {
            operations[place].outcome = Outcome::Ok(Value::Int(1 + (place as i64 - 4)));
        }
    }
    operations.truncate(5 + dice.below(2) as usize);
    History { operations }
}

fn before(one: &Operation, other: &Operation) -> bool {
    one.returned.is_some_and(|returned| returned < other.invoked)
}

fn is_read(operation: &Operation) -> bool {
    operation.action.verb == Verb::Read && matches!(operation.outcome, Outcome::Ok(_))
}

/// The write that a read found.
fn found(history: &History, read: &Operation) -> Option<usize> {
    let Outcome::Ok(value) = &read.outcome else { return None };
    history.operations.iter().position(|op| {
        op.action.verb == Verb::Write && op.action.key == read.action.key && op.action.value == *value
    })
}

/// Writes of which a client knew before an operation began: those that it made, or those that it read.
fn known(history: &History, guarantees: &[Guarantee], at: &Operation) -> Vec<usize> {
    let any = |these: [Guarantee; 2]| guarantees.iter().any(|guarantee| these.contains(guarantee));
    let of_writes = any([Guarantee::ReadYourWrites, Guarantee::MonotonicWrites]);
    let of_reads = any([Guarantee::MonotonicReads, Guarantee::WritesFollowReads]);
    let earlier = |op: &&Operation| op.client == at.client && before(op, at);
    let places = history.operations.iter().enumerate().filter(|(_, op)| earlier(op));
    places
        .filter_map(|(place, op)| match op.action.verb {
            Verb::Write => of_writes.then_some(place),
            _ if of_reads => found(history, op),
            _ => None,
        })
        .collect()
}

/// Writes that a server must hold before a read began: what it showed, and what the guarantees demand with each.
fn held(history: &History, guarantees: &[Guarantee], read: &Operation) -> Vec<usize> {
    let shown =
        history.operations.iter().filter(|op| op.server == read.server && is_read(op) && before(op, read));
    let mut left: Vec<usize> = shown.filter_map(|op| found(history, op)).collect();
    let mut held = Vec::new();
    while let Some(write) = left.pop() {
        if !held.contains(&write) {
            held.push(write);
            left.extend(known(history, guarantees, &history.operations[write]));
        }
    }
    held
}

/// By the definition: is there one order of all writes in which every read finds the last of what must be there? Those
/// of clients demand nothing of writes of different keys, so for them it is one order of each key's writes.
fn is_legal(history: &History, guarantees: &[Guarantee]) -> bool {
    let of_servers = guarantees.iter().any(|guarantee| guarantee.is_of_servers());
    let of_clients = guarantees.iter().any(|guarantee| !guarantee.is_of_servers());
    // Which writes come before which; `None` is what was there from the start.
    let mut pairs: Vec<(usize, Option<usize>)> = Vec::new();
    for (place, op) in history.operations.iter().enumerate() {
        let (mut must, last) = match op.action.verb {
            Verb::Write if of_servers => {
                pairs.extend(known(history, guarantees, op).into_iter().map(|write| (write, Some(place))));
                continue;
            }
            Verb::Read if is_read(op) => (Vec::new(), found(history, op)),
            _ => continue,
        };
        if of_servers {
            must.extend(held(history, guarantees, op));
        }
        if of_clients {
            must.extend(known(history, guarantees, op));
        }
        let of_key = |write: &usize| history.operations[*write].action.key == op.action.key;
        let must = must.into_iter().filter(of_key).filter(|write| Some(*write) != last);
        pairs.extend(must.map(|write| (write, last)));
    }
    let mut left: Vec<usize> = (0..history.operations.len()).collect();
    // Whatever must come behind nothing that is left may come next.
    while let Some(next) = left.iter().position(|write| {
        !pairs.iter().any(|(earlier, later)| *later == Some(*write) && left.contains(earlier))
    }) {
        left.remove(next);
    }
    left.is_empty() && pairs.iter().all(|(_, later)| later.is_some())
}

fn ruling(history: &History, guarantees: &[Guarantee]) -> Ruling {
    let terms = Terms { servers: Servers::Keep, ..Terms::default() };
    judge(history, &terms, guarantees).expect("reads and writes").ruling
}

/// Holds the judge against the definition, until each guarantee was the only broken one in `most` histories, and
/// several were kept one by one and not together.
fn each_alone_is_broken(seed: u64, most: u32) {
    let mut dice = Dice::named(seed, "sessions", 0);
    let mut alone: BTreeMap<&str, u32> = BTreeMap::new();
    let mut drawn = 0;
    while alone.len() < 6 || alone.values().any(|count| *count < most) {
        drawn += 1;
        assert!(drawn < most * 100_000, "{alone:?}");
        let history = if dice.below(8) == 0 { forum(&mut dice) } else { history(&mut dice) };
        let mut broken = Vec::new();
        let mut hold = |name: &'static str, guarantees: &[Guarantee]| {
            let legal = is_legal(&history, guarantees);
            let said = ruling(&history, guarantees);
            assert_eq!(said == Ruling::Legal, legal, "{name}: {said:?}\n{}", told(&history));
            broken.extend((!legal).then_some(name));
        };
        for guarantee in &Guarantee::ALL {
            hold(guarantee.name(), std::slice::from_ref(guarantee));
        }
        hold("both of clients", &Guarantee::ALL[..2]);
        hold("all four", &Guarantee::ALL);
        match broken[..] {
            [only @ "all four"] | [only, "all four"] | [only, "both of clients", "all four"] => {
                *alone.entry(only).or_default() += 1;
            }
            _ => {}
        }
    }
    println!("{drawn} histories, alone broken: {alone:?}");
}

fn told(history: &History) -> String {
    let line = |op: &Operation| {
        let until = op.returned.map_or("…".to_owned(), |at| at.to_string());
        format!("client {} at server {:?}: {op}, {} to {until}", op.client, op.server, op.invoked)
    };
    history.operations.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_guarantee_breaks_without_the_others() {
    each_alone_is_broken(seeds::seed(), 25);
}

#[test]
#[ignore = "soak"]
fn soak_each_guarantee_breaks_without_the_others() {
    soak::seeds("session guarantees", 20).for_each(|seed| each_alone_is_broken(seed, 50));
}

/// A sequentially consistent history keeps what a client can tell of the guarantees.
fn sequential_implies_sessions(seed: u64, histories: u32) {
    let mut dice = Dice::named(seed, "sequential sessions", 0);
    let mut sequential = 0;
    for _ in 0..histories {
        let history = history(&mut dice);
        if !brute::sequential(&history) {
            continue;
        }
        sequential += 1;
        for guarantee in [Guarantee::ReadYourWrites, Guarantee::MonotonicReads] {
            let said = ruling(&history, &[guarantee]);
            assert_eq!(said, Ruling::Legal, "{}\n{}", guarantee.name(), told(&history));
        }
        assert_eq!(ruling(&history, &Guarantee::ALL[..2]), Ruling::Legal, "{}", told(&history));
        for guarantee in [Guarantee::MonotonicWrites, Guarantee::WritesFollowReads] {
            assert!(judge(&history, &Terms::default(), &[guarantee]).is_err(), "{}", guarantee.name());
        }
    }
    assert!(sequential > histories / 50, "{sequential} of {histories} are sequentially consistent");
}

#[test]
fn what_is_sequentially_consistent_keeps_all_guarantees() {
    sequential_implies_sessions(seeds::seed(), 3_000);
}

#[test]
#[ignore = "soak"]
fn soak_what_is_sequentially_consistent_keeps_all_guarantees() {
    soak::seeds("sequential sessions", 100).for_each(|seed| sequential_implies_sessions(seed, 1_000));
}

/// Servers that follow one log, each as far behind as it likes, and clients that stay with one: all four hold.
#[test]
fn copies_of_one_log_keep_all_guarantees() {
    let mut dice = Dice::named(5, "one log", 0);
    for _ in 0..200 {
        let mut log: Vec<(&str, i64)> = Vec::new();
        let mut has = [0_usize; 3];
        let mut operations = Vec::new();
        for value in 0..60_i64 {
            let client = dice.below(3) as usize;
            let key = ["x", "y", "z"][dice.below(3) as usize];
            let at = value as u64 * 10;
            let (action, answer) = if dice.below(2) == 0 {
                log.push((key, value));
                has[client] = log.len();
                (Action::new(Verb::Write, key, Value::Int(value)), Value::Nil)
            } else {
                has[client] = log.len().min(has[client] + dice.below(4) as usize);
                let last = log[..has[client]].iter().rev().find(|(other, _)| *other == key);
                let value = last.map_or(Value::Nil, |(_, value)| Value::Int(*value));
                (Action::new(Verb::Read, key, Value::Nil), value)
            };
            let mut operation = Operation::new(client as u32, action, Outcome::Ok(answer), at, at + 5);
            operation.server = Some(client as u32);
            operations.push(operation);
        }
        let history = History { operations };
        for guarantee in Guarantee::ALL {
            assert_eq!(
                ruling(&history, &[guarantee]),
                Ruling::Legal,
                "{}\n{}",
                guarantee.name(),
                told(&history)
            );
        }
        assert_eq!(ruling(&history, &Guarantee::ALL), Ruling::Legal, "{}", told(&history));
    }
}
