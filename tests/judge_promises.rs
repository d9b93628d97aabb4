//! The judges of promises: the two that search or conclude against their definitions, on many small histories; and
//! all of them against cases from the literature.

#[path = "judge/brute.rs"]
pub mod brute;
#[path = "judge/lines.rs"]
pub mod lines;

use std::fmt::Write;
use std::rc::Rc;

use faultline::check::court::{Initial, Judgement, Refusal, Ruling, STANDARDS, Servers, Standard, Terms};
use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};
use faultline::check::promise::causal::Causal;
use faultline::check::promise::sequential::Sequential;
use faultline::check::promise::{News, Watch};
use faultline::sim::Dice;

use crate::common::{seeds, soak};

/// How many a commit is held to, drawn by `FAULTLINE_SEED`; the night takes 100,000.
const HISTORIES: u32 = 20_000;

fn judged(name: &str, history: &History) -> Judgement {
    let standard = Standard::named(name).expect("a standard");
    standard.judge(history, &Terms::default()).expect("it is known")
}

fn is_legal(name: &str, history: &History) -> bool {
    match judged(name, history).ruling {
        // What tells nothing breaks nothing.
        Ruling::Legal | Ruling::Nothing(_) => true,
        Ruling::Illegal(blame) => {
            assert!(!blame.operations.is_empty() && !blame.text.is_empty(), "{blame:?}");
            assert!(blame.operations.iter().all(|place| *place < history.operations.len()), "{blame:?}");
            false
        }
        Ruling::Unknown => panic!("{name} cannot tell\n{}", told(history)),
    }
}

fn told(history: &History) -> String {
    let line = |op: &Operation| {
        let until = op.returned.map_or("…".to_owned(), |at| at.to_string());
        format!("client {}: {op}, {} to {until}", op.client, op.invoked)
    };
    history.operations.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A few clients, two keys. Every write has a value of its own if it says so; whoever reads hears what somebody wrote,
/// or nothing.
fn history(dice: &mut Dice, most: u64, own_values: bool) -> History {
    let mut operations = Vec::new();
    let mut free = [0_u64; 3];
    let mut written: Vec<(&str, i64)> = Vec::new();
    for place in 1..=3 + dice.below(most - 2) {
        let client = dice.below(3) as usize;
        let invoked = free[client].max((place * 4).saturating_sub(dice.below(9)));
        let returned = invoked + 1 + dice.below(9);
        let key = if dice.below(3) == 0 { "y" } else { "x" };
        let value = if own_values { place as i64 } else { 1 + dice.below(2) as i64 };
        let seen = written.iter().filter(|(other, _)| *other == key).map(|(_, value)| Value::Int(*value));
        let mut seen: Vec<Value> = seen.collect();
        seen.insert(0, Value::Nil);
        let heard = seen.swap_remove(dice.below(seen.len() as u64) as usize);
        let (action, answer) = match dice.below(if own_values { 9 } else { 12 }) {
            0..5 => (Action::new(Verb::Read, key, Value::Nil), heard),
            5..9 => (Action::new(Verb::Write, key, Value::Int(value)), Value::Nil),
            9..11 => (Action::cas(key, heard, Value::Int(value)), Value::Nil),
            _ => (Action::new(Verb::Add, key, Value::Int(1)), Value::Nil),
        };
        if matches!(action.verb, Verb::Write | Verb::Cas) {
            written.push((key, value));
        }
        let mut operation = Operation::new(client as u32, action, Outcome::Ok(answer), invoked, returned);
        match dice.below(12) {
            0 => operation.outcome = Outcome::Failed,
            1 | 2 => (operation.outcome, operation.returned) = (Outcome::Unknown, None),
            _ => {}
        }
        // Now and then a client asks again before it has the answer.
        free[client] = returned + u64::from(dice.below(5) > 0);
        operations.push(operation);
    }
    // Some read what is written only later: in a log of skewed clocks it may look so.
    if dice.below(8) == 0 {
        operations.reverse();
        operations.iter_mut().for_each(|op| {
            let length = op.returned.map(|at| at - op.invoked);
            op.invoked = 200 - op.invoked;
            op.returned = length.map(|length| op.invoked + length);
        });
    }
    History { operations }
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

/// What a judge blames, without places.
fn blame(name: &str, history: &History) -> Option<(String, Vec<(Action, Outcome)>)> {
    match judged(name, history).ruling {
        Ruling::Illegal(blame) => {
            let of = |place: &usize| {
                let operation = &history.operations[*place];
                (operation.action.clone(), operation.outcome.clone())
            };
            Some((blame.text, blame.operations.iter().map(of).collect()))
        }
        Ruling::Legal | Ruling::Unknown | Ruling::Nothing(_) => None,
    }
}

/// Lets a history unfold: the judge speaks at the first moment at which what is known by then is illegal.
fn breaks_at_the_moment(name: &str, mut judge: impl Watch, history: &History) {
    let mut ends: Vec<(u64, bool, usize)> = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        ends.push((operation.invoked, false, place));
        ends.push((operation.returned.unwrap_or(operation.invoked + 3), true, place));
    }
    ends.sort_unstable();
    let mut record: Vec<Rc<Operation>> = Vec::new();
    let mut places = vec![0; history.operations.len()];
    for (at, ends, place) in ends {
        let whole = &history.operations[place];
        if !ends {
            places[place] = record.len();
            let asked = Operation { outcome: Outcome::Unknown, returned: None, ..whole.clone() };
            record.push(Rc::new(asked));
            judge.invoked(&record, places[place]);
            continue;
        }
        record[places[place]] = Rc::new(whole.clone());
        let news = judge.ended(&record, places[place]);
        let known = History { operations: record.iter().map(|op| Operation::clone(op)).collect() };
        let legal = is_legal(name, &known);
        assert_eq!(news == News::Fine, legal, "{name} at {at}: {news:?}\n{}", told(&known));
        if !legal {
            return;
        }
    }
}

/// Holds a judge to an oracle on so many histories from a seed.
fn agree(
    (histories, seed): (u32, u64),
    name: &str,
    own_values: bool,
    most: u64,
    legal: impl Fn(&History) -> bool,
) {
    let mut dice = Dice::named(seed, "promises", 0);
    let mut illegal = 0;
    for number in 0..histories {
        let history = history(&mut dice, most, own_values);
        let expected = legal(&history);
        assert_eq!(
            is_legal(name, &history),
            expected,
            "{name}, seed {seed}, history {number}:\n{}",
            told(&history)
        );
        illegal += u32::from(!expected);
        if number % 16 == 0 {
            let other = disguised(&history, &mut dice);
            assert_eq!(blame(name, &history), blame(name, &other), "{}", told(&history));
        }
        if number % 4 == 0 && name == "causal" {
            breaks_at_the_moment(name, Causal::default(), &history);
        } else if number % 4 == 0 && name == "causal-convergence" {
            breaks_at_the_moment(name, Causal::convergent(), &history);
        } else if number % 4 == 0 {
            breaks_at_the_moment(name, Sequential::default(), &history);
        }
    }
    println!("{name}: {illegal} of {histories} are illegal");
    assert!((histories / 20..histories * 19 / 20).contains(&illegal), "{illegal} of {histories} are illegal");
}

#[test]
fn sequential_consistency_of_values_written_once() {
    agree((HISTORIES, seeds::seed()), "sequential", true, 7, brute::sequential);
}

#[test]
fn sequential_consistency_of_everything_a_register_knows() {
    agree((HISTORIES, seeds::seed()), "sequential", false, 7, brute::sequential);
}

#[test]
fn causal_consistency() {
    let orders: Vec<Vec<brute::Order>> = (0..=5).map(brute::orders).collect();
    assert_eq!(orders.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 3, 19, 219, 4231]);
    agree((HISTORIES, seeds::seed()), "causal", true, 5, |history| brute::causal(history, &orders));
}

#[test]
#[ignore = "soak"]
fn soak_promises() {
    let orders: Vec<Vec<brute::Order>> = (0..=5).map(brute::orders).collect();
    // A thousand histories for each seed.
    for seed in soak::seeds("promises of order", 100) {
        agree((1_000, seed), "sequential", true, 7, brute::sequential);
        agree((1_000, seed), "sequential", false, 7, brute::sequential);
        agree((1_000, seed), "causal", true, 5, |history| brute::causal(history, &orders));
        let convergent = |history: &History| brute::causally_convergent(history, &orders);
        agree((1_000, seed), "causal-convergence", true, 5, convergent);
    }
}

#[test]
fn causal_convergence() {
    let orders: Vec<Vec<brute::Order>> = (0..=5).map(brute::orders).collect();
    agree((HISTORIES, seeds::seed()), "causal-convergence", true, 5, |history| {
        brute::causally_convergent(history, &orders)
    });
}

/// Copies that follow one log, each as far behind as it likes, and a client at each: sequentially consistent by
/// construction. Some answers nobody hears.
fn lagging(dice: &mut Dice, clients: u32, count: usize) -> History {
    let mut log: Vec<(&str, i64)> = Vec::new();
    let mut known = vec![0; clients as usize];
    let mut free = vec![0; clients as usize];
    let mut operations = Vec::new();
    for value in 0..count {
        let client = dice.below(u64::from(clients)) as usize;
        let key = ["x", "y", "z", "u", "v"][dice.below(5) as usize];
        let invoked = free[client].max(value as u64 * 3);
        let returned = invoked + 1 + dice.below(30);
        free[client] = returned + 1;
        let (action, answer) = if dice.below(2) == 0 {
            log.push((key, value as i64));
            known[client] = log.len();
            (Action::new(Verb::Write, key, Value::Int(value as i64)), Value::Nil)
        } else {
            known[client] = log.len().min(known[client] + dice.below(6) as usize);
            let last = log[..known[client]].iter().rev().find(|(other, _)| *other == key);
            (
                Action::new(Verb::Read, key, Value::Nil),
                last.map_or(Value::Nil, |(_, value)| Value::Int(*value)),
            )
        };
        let mut operation = Operation::new(client as u32, action, Outcome::Ok(answer), invoked, returned);
        if dice.below(50) == 0 {
            (operation.outcome, operation.returned) = (Outcome::Unknown, None);
        }
        operations.push(operation);
    }
    History { operations }
}

#[test]
fn long_histories_are_no_harder_than_they_are_long() {
    let mut dice = Dice::named(3, "lagging", 0);
    for (clients, count) in [(2, 3_000), (5, 5_000), (10, 5_000), (20, 5_000)] {
        let mut history = lagging(&mut dice, clients, count);
        let judgement = judged("sequential", &history);
        assert_eq!(judgement.ruling, Ruling::Legal, "{clients} clients");
        assert!(
            judgement.spent.steps < 20 * count as u64,
            "{clients} clients: {} steps",
            judgement.spent.steps
        );
        assert_eq!(judged("causal", &history).ruling, Ruling::Legal, "{clients} clients");
        let last = history.operations.iter_mut().rev();
        let late = |op: &&mut Operation| op.action.verb == Verb::Read && op.outcome != Outcome::Unknown;
        last.filter(late).nth(20).expect("a read").outcome = Outcome::Ok(Value::Nil);
        assert!(!is_legal("sequential", &history), "{clients} clients");
        assert!(!is_legal("causal", &history), "{clients} clients");
    }
}

/// One case: a standard, a history, and what the judge says.
fn said(standard: &Standard, terms: &Terms, history: &History) -> String {
    let judgement = match standard.judge(history, terms) {
        Ok(judgement) => judgement,
        Err(Refusal { operation: Some(place), why }) => return format!("foreign: {place}: {why}\n"),
        Err(Refusal { operation: None, why }) => return format!("refused: {why}\n"),
    };
    let mut said = match &judgement.ruling {
        Ruling::Legal => "legal\n".to_owned(),
        Ruling::Unknown => "unknown\n".to_owned(),
        Ruling::Nothing(needs) => format!("nothing judged: it needs {needs}\n"),
        Ruling::Illegal(blame) => format!("illegal: {}\n{:?}\n", blame.text, blame.operations),
    };
    if let Ruling::Illegal(blame) = &judgement.ruling {
        blame.details.iter().for_each(|(place, why)| writeln!(said, "{place}: {why}").expect("a string"));
    }
    let counted: Vec<String> =
        judgement.counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    if !counted.is_empty() {
        writeln!(said, "{}", counted.join(", ")).expect("a string");
    }
    said
}

#[test]
fn cases_from_the_literature() {
    let mut met = Vec::new();
    datadriven::walk("tests/promises", |file| {
        file.run(|case| -> Result<String, datadriven::DataDrivenError> {
            let mut case = case.clone();
            let standard = Standard::named(&case.directive).unwrap_or_else(|| panic!("{}?", case.directive));
            let mut terms = Terms::default();
            if let Some(initial) = case.try_take_arg::<String>("initial")? {
                let value = lines::values(&initial).remove(0);
                terms.initial = if initial == "unknown" { Initial::Unknown } else { Initial::Value(value) };
            }
            if case.try_take_arg::<String>("servers")?.is_some_and(|known| known == "keep") {
                terms.servers = Servers::Keep;
            }
            terms.budget.steps = case.try_take_arg("budget")?.unwrap_or(terms.budget.steps);
            let allow: Option<String> = case.try_take_arg("allow")?;
            terms.negative = allow.as_deref() == Some("negative");
            terms.duplicates = allow.as_deref() == Some("duplicates");
            case.expect_empty()?;
            let history = lines::history(&case.input);
            let said = said(standard, &terms, &history);
            met.push((standard.name, said.split([':', '\n']).next().unwrap_or_default().to_owned()));
            disguises_change_nothing(standard, &terms, &history);
            Ok(said)
        });
    });
    let of_this_file = |standard: &&Standard| !["Herlihy and Wing 1990"].contains(&standard.source);
    for standard in STANDARDS.iter().filter(of_this_file) {
        let is = |verdict: &str| met.iter().any(|(name, said)| *name == standard.name && said == verdict);
        assert!(is("illegal"), "no case breaks {}", standard.name);
        assert!(is("legal") || standard.name == "session", "no case keeps {}", standard.name);
    }
}

fn disguises_change_nothing(standard: &Standard, terms: &Terms, history: &History) {
    let mut dice = Dice::named(2, "disguises", 0);
    for _ in 0..10 {
        let other = disguised(history, &mut dice);
        let (one, other) = (standard.judge(history, terms), standard.judge(&other, terms));
        let (Ok(one), Ok(other)) = (one, other) else { continue };
        let text = |judgement: &Judgement| match &judgement.ruling {
            Ruling::Illegal(blame) => blame.text.clone(),
            ruling => format!("{ruling:?}"),
        };
        assert_eq!((text(&one), &one.counts), (text(&other), &other.counts), "{}", standard.name);
    }
}
