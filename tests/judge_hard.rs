//! Histories that are hard for a search: what it may take is counted in steps and bytes, never in time.

#[path = "../benches/judges/histories.rs"]
mod histories;

use std::fmt::Write;

use crate::judge_promises::lines;
use faultline::check::budget::Budget;
use faultline::check::court::{Judgement, Ruling, Standard, Terms};
use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};
use faultline::check::linearizable::{Answer, BUDGET, Method, Report, check, check_by};
use faultline::check::model::{KeyValue, Register};
use histories::{Shape, texts};

const CLIENTS: Shape = Shape { clients: 50, operations: 2_000, keys: 10, crash: 0, slow: 3, illegal: false };

fn judge(history: &History) -> Report {
    check(&mut KeyValue::default(), history, BUDGET).expect("a store of texts")
}

fn judged(model: &str, history: &History) -> Judgement {
    let standard = Standard::named(model).expect("a standard");
    standard.judge(history, &Terms::default()).expect("it is known")
}

/// Reads of these keys hear in the end what was never there.
fn break_keys(history: &mut History, keys: &[&str]) {
    for key in keys {
        let reads =
            |operation: &&mut Operation| operation.action.verb == Verb::Read && operation.action.key == *key;
        let read = history.operations.iter_mut().rfind(reads).expect("it is read");
        let Outcome::Ok(Value::Text(heard)) = &read.outcome else { continue };
        let half = heard.len() / 2;
        read.outcome = Outcome::Ok(Value::Text(heard[..half].into()));
    }
}

#[test]
fn a_hard_key_does_not_hide_an_illegal_one() {
    for seed in 0..8 {
        let mut history = texts(seed, Shape { slow: 2, ..CLIENTS });
        break_keys(&mut history, &["1", "2", "3", "4", "5", "6", "7", "8"]);
        // The first key by name, and the last: all orders of twenty appends, of which only one is right.
        for key in ["00", "99"] {
            let mut hard = appends(20, 1, &[read(200, "tsrqponmlkjihgfedcba")]);
            hard.operations.iter_mut().for_each(|operation| operation.action.key = key.into());
            history.operations.extend(hard.operations);
        }
        let report = judge(&history);
        assert!(matches!(report.answer, Answer::Illegal(_)), "{seed}: {:?}", report.spent);
        assert!(report.spent.steps < 100_000, "{seed}: {:?}", report.spent);
    }
}

#[test]
fn fifty_clients_are_judged_in_few_steps() {
    for seed in 0..8 {
        let legal = texts(seed, Shape { operations: 1_700, ..CLIENTS });
        let report = judge(&legal);
        assert!(matches!(report.answer, Answer::Linearizable(_)), "{seed}: {:?}", report.spent);
        assert!(report.spent.steps < 400_000, "{seed}: {:?}", report.spent);
    }
}

/// So many appends at once, each of a letter of its own many times, and then these lines.
fn appends(count: usize, letters: usize, then: &[Operation]) -> History {
    let letter = |number: usize| char::from(b'a' + number as u8).to_string();
    let append = |number: usize| {
        let action = Action::new(Verb::Append, "x", Value::Text(letter(number).repeat(letters).into()));
        Operation::new(number as u32, action, Outcome::Ok(Value::Nil), number as u64, 100)
    };
    History { operations: (0..count).map(append).chain(then.iter().cloned()).collect() }
}

fn read(at: u64, heard: &str) -> Operation {
    let action = Action::new(Verb::Read, "x", Value::Nil);
    Operation::new(90, action, Outcome::Ok(Value::Text(heard.into())), at, at + 1)
}

#[test]
fn long_texts_are_bounded_by_bytes() {
    // All are read, in any order; but the read has a letter too few, which shows only at the end.
    let all: String =
        (b'a'..b'a' + 20).rev().map(|letter| char::from(letter).to_string().repeat(200)).collect();
    let legal = appends(20, 200, &[read(200, &all)]);
    assert!(matches!(judge(&legal).answer, Answer::Linearizable(_)));
    for method in [Method::Plain, Method::Both] {
        let short = appends(20, 200, &[read(200, &all[1..])]);
        let report = check_by(method, &mut KeyValue::default(), &short, BUDGET).expect("a store");
        assert!(report.spent.bytes <= BUDGET.bytes + (1 << 20), "{:?}", report.spent);
        if method == Method::Plain {
            assert_eq!(report.answer, Answer::Unknown, "{:?}", report.spent);
        } else {
            assert!(matches!(report.answer, Answer::Illegal(_)), "{:?}", report.spent);
            assert!(report.spent.steps < 5_000, "{:?}", report.spent);
        }
    }
}

#[test]
fn what_was_spent_is_told() {
    // Which of the queue's elements came first is not known, and one of them is gone.
    let mut text = String::new();
    for client in 0..20 {
        writeln!(text, "{client} {client}-100 enqueue - {client}").expect("a string");
    }
    for client in 0..10 {
        writeln!(text, "{client} {}-300 dequeue - -> {client}", 200 + client).expect("a string");
    }
    text.push_str("0 400-401 dequeue - -> nil");
    let history = lines::history(&text);
    let standard = Standard::named("fifo-queue").expect("a standard");
    for (budget, steps_are_spent) in [
        (Budget { steps: 100_000, bytes: u64::MAX }, true),
        (Budget { steps: u64::MAX, bytes: 1 << 20 }, false),
    ] {
        let terms = Terms { budget, ..Terms::default() };
        let judgement = standard.judge(&history, &terms).expect("a queue");
        assert_eq!(judgement.ruling, Ruling::Unknown);
        assert_eq!(judgement.spent.steps >= budget.steps, steps_are_spent, "{:?}", judgement.spent);
        assert_eq!(judgement.spent.bytes > budget.bytes, !steps_are_spent, "{:?}", judgement.spent);
        assert!(judgement.spent.bytes < 1 << 26, "{:?}", judgement.spent);
    }
}

/// Writes that were never answered, and then reads of each, all at once or one after the other.
fn crashed_writes(count: u64, at_once: bool) -> String {
    let mut text = String::new();
    for write in 1..=count {
        writeln!(text, "{write} {write}- write x {write}").expect("a string");
    }
    for read in 1..=count {
        let (from, to) = if at_once { (100, 200) } else { (100 + 10 * read, 101 + 10 * read) };
        writeln!(text, "{} {from}-{to} read x -> {read}", 100 + read).expect("a string");
    }
    text
}

#[test]
fn unanswered_writes_are_not_chained() {
    for at_once in [false, true] {
        for (end, is_legal) in [
            ("", true),
            ("99 900-901 read x -> nil", false),
            ("99 900-901 read x -> 18\n98 910-911 read x -> 17\n98 920-921 read x -> 18", false),
        ] {
            let history = lines::history((crashed_writes(18, at_once) + end).trim_end());
            for model in ["register", "cas-register"] {
                let judgement = judged(model, &history);
                let said = matches!(judgement.ruling, Ruling::Legal);
                assert_eq!(said, is_legal, "{model}, {at_once}, {end}: {:?}", judgement.ruling);
                assert!(judgement.spent.steps < 20_000, "{model}, {at_once}, {end}: {:?}", judgement.spent);
            }
        }
    }
}

/// Twenty at once, and an answer that needs what was never there.
#[test]
fn what_was_never_written_is_illegal_at_once() {
    let many = |verb: &str, values: &dyn Fn(u64) -> String| {
        (1..=20).map(|n| format!("{n} {n}-100 {verb} {}\n", values(n))).collect::<String>()
    };
    let pair = |n: u64| format!("- [[w x {n}] [w y {n}]]");
    for (model, history) in [
        ("register", many("write x", &|n| n.to_string()) + "90 1-100 read x -> 77"),
        ("register", many("write x", &|n| n.to_string()) + "90 1-2 read x -> 20"),
        ("cas-register", many("write x", &|n| n.to_string()) + "90 1-100 cas x 77 5"),
        ("cas-register", many("write x", &|n| n.to_string()) + "90 1-100 cas x 77 78\n91 1-100 cas x 78 77"),
        ("key-value", many("append x", &|n| format!("v{n}.")) + "90 1-100 read x -> v3.v77."),
        ("key-value", many("append x", &|n| format!("v{n}.")) + "90 1-100 read x -> v3"),
        ("fifo-queue", many("enqueue -", &|n| n.to_string()) + "90 1-100 dequeue - -> 77"),
        ("stack", many("push -", &|n| n.to_string()) + "90 1-100 pop - -> 77"),
        ("linearizable-set", many("insert -", &|n| n.to_string()) + "90 1-100 read - -> [3 77]"),
        ("linearizable-counter", many("add -", &|n| (2 * n).to_string()) + "90 1-100 read - -> 7"),
        ("linearizable-counter", many("add -", &|n| n.to_string()) + "90 1-100 read - -> 211"),
        ("linearizable-counter", many("add -", &|n| n.to_string()) + "90 1-100 read - -> -1"),
        ("multi-register", many("txn", &pair) + "90 1-100 txn - [[r x nil] [r y nil]] -> [[r x 3] [r y 77]]"),
        ("mutex", many("acquire", &|_| "-".to_owned()) + "90 1-100 release -"),
    ] {
        let judgement = judged(model, &lines::history(&history));
        assert!(matches!(judgement.ruling, Ruling::Illegal(_)), "{model}: {:?}", judgement.ruling);
        assert!(judgement.spent.steps < 10_000, "{model}: {:?}", judgement.spent);
    }
}

#[test]
fn an_order_does_not_depend_on_the_method() {
    for seed in 0..20 {
        let shape =
            Shape { clients: 10, operations: 170, keys: 1, crash: 12, slow: 0, illegal: seed % 2 == 1 };
        let history = histories::registers(seed, shape);
        let answers: Vec<bool> = [Method::Plain, Method::Foresight, Method::Both]
            .into_iter()
            .map(|method| {
                let report = check_by(method, &mut Register::comparing(), &history, BUDGET).expect("known");
                assert_ne!(report.answer, Answer::Unknown);
                matches!(report.answer, Answer::Linearizable(_))
            })
            .collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{seed}: {answers:?}");
    }
}
