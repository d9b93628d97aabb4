//! Our judge of linearizability beside those of other crates, on the same histories in one run: compare-and-set
//! registers, 10 clients, about 85 operations, some of which are never answered; in every second history an answer is made up.
//!
//! Each judge works in a process of its own, because some of them have no bound and have to be stopped.

#[expect(dead_code, reason = "the texts are for the bench of our own")]
#[path = "../judges/histories.rs"]
mod histories;
mod others;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{env, thread};

use faultline::check::history::History;
use faultline::check::linearizable::{Answer, BUDGET, check};
use faultline::check::model::Register;
use histories::{Shape, registers};

const HISTORIES: u64 = 100;
const ROUNDS: usize = 5;
const SHAPE: Shape = Shape { clients: 10, operations: 110, keys: 1, crash: 14, slow: 0, illegal: false };

/// A judge that says nothing for so long is stopped.
const PATIENCE: Duration = Duration::from_secs(10);

type Judge = fn(&History) -> bool;

const JUDGES: &[(&str, Judge)] = &[
    ("faultline", ours),
    ("porcupine-rs", others::porcupine),
    ("todc-utils", others::todc),
    ("stateright", others::stateright),
];

fn ours(history: &History) -> bool {
    match check(&mut Register::comparing(), history, BUDGET).expect("a register").answer {
        Answer::Linearizable(_) => true,
        Answer::Illegal(_) => false,
        Answer::Unknown => panic!("the budget is spent"),
    }
}

fn history(seed: u64) -> History {
    registers(seed, Shape { illegal: seed % 2 == 1, ..SHAPE })
}

fn main() {
    match env::args().nth(1) {
        Some(name) => work(&name),
        None => compare(),
    }
}

/// Judges every history, and tells the nanoseconds and the answer of each as soon as it is known.
fn work(name: &str) {
    let (_, judge) = JUDGES.iter().find(|(known, _)| *known == name).expect("a judge of the list");
    for seed in 0..HISTORIES {
        let history = history(seed);
        let began = Instant::now();
        let legal = judge(&history);
        println!("{} {legal}", began.elapsed().as_nanos());
    }
}

/// What a judge said of the first histories, before it was stopped if it was.
fn listen(name: &str) -> Vec<(u64, bool)> {
    let me = env::current_exe().expect("this program");
    let mut child = Command::new(me).arg(name).stdout(Stdio::piped()).spawn().expect("this program runs");
    let lines = BufReader::new(child.stdout.take().expect("it was piped")).lines();
    let (tell, hear) = mpsc::channel();
    thread::spawn(move || lines.map_while(Result::ok).all(|line| tell.send(line).is_ok()));
    let mut said = Vec::new();
    while let Ok(line) = hear.recv_timeout(PATIENCE) {
        let (nanos, legal) = line.split_once(' ').expect("two words");
        said.push((nanos.parse().expect("a number"), legal == "true"));
    }
    let _ = child.kill();
    let _ = child.wait();
    said
}

fn compare() {
    let histories: Vec<History> = (0..HISTORIES).map(history).collect();
    let answers: Vec<bool> = histories.iter().map(ours).collect();
    let legal = answers.iter().filter(|legal| **legal).count();
    let size = histories.iter().map(|history| history.operations.len()).sum::<usize>() / histories.len();
    println!("{HISTORIES} histories of {size} operations on average, {legal} of them legal");
    // In turn, so that what else the machine does befalls all.
    let mut rounds: Vec<Vec<Vec<(u64, bool)>>> = vec![Vec::new(); JUDGES.len()];
    for _ in 0..ROUNDS {
        for ((name, _), rounds) in JUDGES.iter().zip(&mut rounds) {
            // Who was stopped once would be stopped again.
            if rounds.last().is_none_or(|said| said.len() == histories.len()) {
                rounds.push(listen(name));
            }
        }
    }
    for ((name, _), said) in JUDGES.iter().zip(&rounds) {
        let done = said.iter().map(Vec::len).min().unwrap_or(0);
        let (theirs, ours) = (median(said, done), median(&rounds[0], done));
        let wrong = said[0].iter().zip(&answers).filter(|((_, said), answer)| said != *answer).count();
        println!(
            "{name:<14} {theirs:>12.2?}, {:>8.1} times ours, for the first {done}; other answers {wrong}",
            theirs.as_secs_f64() / ours.as_secs_f64(),
        );
    }
}

/// The sum for the first `done` histories, in the median of the rounds.
fn median(rounds: &[Vec<(u64, bool)>], done: usize) -> Duration {
    let sum = |said: &Vec<(u64, bool)>| said.iter().take(done).map(|(nanos, _)| nanos).sum();
    let mut sums: Vec<u64> = rounds.iter().map(sum).collect();
    sums.sort_unstable();
    Duration::from_nanos(sums[sums.len() / 2])
}
