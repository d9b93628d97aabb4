//! The judges of clients in real runs: they find what is wrong at the moment it is, and nothing where nothing is.

use faultline::check::linearizable::{Answer, BUDGET, check};
use faultline::check::model::Register;
use faultline::check::{Verdict, Violation};
use faultline::run::judging::history;
use faultline::run::{Run, Session, cast};
use faultline::sim::Time;

/// Five servers, three busy clients, bad weather, and a nemesis.
fn storm(seed: u64, knobs: &str) -> String {
    format!(
        r#"
title = "A storm"
protocol = "raft"
nodes = 5
seed = {seed}
until = "20s"
[network]
latency = {{ median = "10ms", p99 = "60ms" }}
loss = 0.02
duplicate = 0.05
[nemesis]
kinds = ["crash", "cut", "pause", "partial"]
every = "800ms"
until = "18s"
[[client]]
name = "ana"
asks = ["write x", "read x", "add y 1"]
every = "60ms"
[[client]]
name = "ben"
asks = ["read x", "add y 1", "write x", "read y"]
every = "70ms"
[[client]]
name = "cleo"
asks = ["read y", "cas x 1 2", "read x"]
every = "50ms"
[[variant]]
name = "only"
knobs = {{ {knobs} }}
holds = ["linearizable", "read your writes", "monotonic reads", "no acknowledged write lost"]
"#
    )
}

fn finished(text: &str) -> Session {
    let mut session = Session::open("test", text).unwrap_or_else(|slip| panic!("{slip}"));
    session.run_mut().seek(Time(60_000_000), u32::MAX);
    session
}

fn verdict(run: &dyn Run, name: &str) -> Verdict {
    let verdicts = run.verdicts();
    verdicts.into_iter().find(|(claim, _)| claim.name == name).expect("it is judged").1.clone()
}

fn breach(run: &dyn Run, name: &str) -> Option<Violation> {
    match verdict(run, name) {
        Verdict::Broken(violation) => Some(violation),
        Verdict::Unknown(why) => panic!("{name}: {why}"),
        Verdict::Holds | Verdict::Pending => None,
    }
}

#[test]
fn raft_is_linearizable_in_a_storm() {
    for seed in 0..12 {
        let session = finished(&storm(seed, ""));
        let run = session.run();
        for name in ["linearizable", "read your writes", "monotonic reads", "no acknowledged write lost"] {
            assert_eq!(verdict(run, name), Verdict::Holds, "{name} with seed {seed}");
        }
        let history = history(run.trace(), run.events());
        assert!(history.operations.len() > 200, "{}", history.operations.len());
        let whole = check(&mut Register::comparing(), &history, BUDGET).expect("a register");
        assert!(matches!(whole.answer, Answer::Linearizable(_)), "seed {seed}: {whole:?}");
    }
}

/// The banner comes up at the first moment at which the history is illegal as a whole: not before, not after.
fn breaks_at_the_moment(knobs: &str, seeds: std::ops::Range<u64>) {
    let mut broke = 0;
    for seed in seeds {
        let session = finished(&storm(seed, knobs));
        let run = session.run();
        let legal = |until: u32| {
            let report = check(&mut Register::comparing(), &history(run.trace(), until), BUDGET);
            matches!(report.expect("a register").answer, Answer::Linearizable(_))
        };
        match breach(run, "linearizable") {
            None => assert!(legal(run.events()), "seed {seed} is illegal and nobody noticed"),
            Some(violation) => {
                broke += 1;
                assert!(legal(violation.event.0), "seed {seed}: {violation:?} was illegal earlier");
                assert!(!legal(violation.event.0 + 1), "seed {seed}: {violation:?} is legal");
                assert!(!violation.evidence.events.is_empty());
            }
        }
    }
    assert!(broke > 1, "{broke} runs with {knobs} broke");
}

#[test]
fn without_sessions_a_repeated_request_takes_effect_twice() {
    breaks_at_the_moment("sessions = false", 0..8);
}

#[test]
fn reads_from_memory_are_old() {
    breaks_at_the_moment("read = \"local\"", 0..24);
}

#[test]
fn a_run_that_nobody_looks_at_is_judged_the_same() {
    let text = storm(3, "sessions = false");
    let seen = finished(&text);
    let mut blind = cast::blind(seen.run().plan().clone()).expect("raft");
    blind.seek(Time(60_000_000), u32::MAX);
    assert_eq!(breach(&*blind, "linearizable"), breach(seen.run(), "linearizable"));
}

#[test]
fn a_judge_that_looks_back_says_the_same() {
    let mut session = finished(&storm(3, "sessions = false"));
    let first = breach(session.run(), "linearizable");
    for at in [3_000_000, 9_000_000, 1_000_000, 60_000_000] {
        session.run_mut().seek(Time(at), u32::MAX);
    }
    assert_eq!(breach(session.run(), "linearizable"), first);
}
