//! The judges of clients in real runs: they find what is wrong at the moment it is, and nothing where nothing is.

use faultline::check::Verdict;
use faultline::check::budget::Budget;
use faultline::check::court::{Ruling, Servers, Standard, Terms};
use faultline::check::history::History;
use faultline::check::linearizable::{Answer, BUDGET, check};
use faultline::check::model::Register;
use faultline::run::judging::history;
use faultline::run::{Session, cast};
use faultline::sim::Time;

use crate::common::{breach, verdict};

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
holds = [{holds}]
"#,
        holds = PROMISES.map(|name| format!("{name:?}")).join(", "),
    )
}

/// What Raft promises its clients.
const PROMISES: [&str; 11] = [
    "linearizable",
    "sequentially consistent",
    "causally consistent",
    "read your writes",
    "monotonic reads",
    "monotonic writes",
    "writes follow reads",
    "no stale read",
    "at-most-once effect",
    "exactly-once effect",
    "counter bounds",
];

/// A primary and its backups; whoever reads asks any of them.
fn copies(seed: u64, protocol: &str) -> String {
    format!(
        r#"
title = "Copies"
nodes = 4
seed = {seed}
until = "12s"
{protocol}
[network]
latency = {{ median = "10ms", p99 = "80ms" }}
loss = 0.02
[nemesis]
kinds = ["pause", "cut"]
every = "1500ms"
until = "11s"
[[client]]
name = "ana"
asks = ["write x", "read y", "read x", "write z"]
every = "60ms"
reads = "any"
[[client]]
name = "ben"
asks = ["read x", "write y", "read z"]
every = "70ms"
reads = "any"
[[client]]
name = "cleo"
asks = ["read y", "read x", "read z"]
every = "50ms"
reads = "any"
[[variant]]
name = "only"
holds = [{holds}]
"#,
        holds = PROMISES[..8].iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "),
    )
}

fn finished(text: &str) -> Session {
    let mut session = Session::open("test", text).unwrap_or_else(|slip| panic!("{slip}"));
    session.run_mut().seek(Time(60_000_000), u32::MAX);
    session
}

#[test]
fn raft_is_linearizable_in_a_storm() {
    let mut held = [0; PROMISES.len()];
    for seed in 0..12 {
        let session = finished(&storm(seed, ""));
        let run = session.run();
        for (place, name) in PROMISES.iter().enumerate() {
            // Seldom is a key read that was changed by writes alone until then.
            let said = verdict(run, name);
            let nothing = (2..8).contains(&place) && said == Verdict::Pending;
            assert!(nothing || said == Verdict::Holds, "{name} with seed {seed}: {said:?}");
            held[place] += u32::from(!nothing);
        }
        let history = history(run.trace(), run.events());
        assert!(history.operations.len() > 200, "{}", history.operations.len());
        let whole = check(&mut Register::comparing(), &history, BUDGET).expect("a register");
        assert!(matches!(whole.answer, Answer::Linearizable(_)), "seed {seed}: {whole:?}");
    }
    assert!(held.iter().all(|held| *held > 0), "{held:?}");
}

/// Does a whole history meet a standard?
fn is_legal(standard: &str, history: &History) -> bool {
    let standard = Standard::named(standard).expect("a standard");
    // No server of these runs loses what it held.
    let terms = Terms { budget: Budget::steps(20_000_000), servers: Servers::Keep, ..Terms::default() };
    match standard.judge(history, &terms).expect("it is known").ruling {
        Ruling::Legal => true,
        Ruling::Illegal(_) => false,
        // What no answer tells of, no run breaks.
        Ruling::Nothing(_) => true,
        Ruling::Unknown => panic!("{} cannot tell", standard.name),
    }
}

/// The banner comes up at the first moment at which the history is illegal as a whole: not before, not after. Keys that
/// the standard does not know are left out.
fn breaks_at_the_moment(
    (promise, standard): (&str, &str),
    keys: &[&str],
    script: impl Fn(u64) -> String,
    seeds: std::ops::Range<u64>,
) {
    let mut broke = 0;
    for seed in seeds {
        let session = finished(&script(seed));
        let run = session.run();
        let legal = |until: u32| {
            let mut history = history(run.trace(), until);
            history.operations.retain(|operation| keys.contains(&operation.action.key.as_str()));
            is_legal(standard, &history)
        };
        match breach(run, promise) {
            None => assert!(legal(run.events()), "seed {seed} is illegal and nobody noticed"),
            Some(violation) => {
                broke += 1;
                assert!(legal(violation.event.0), "seed {seed}: {violation:?} was illegal earlier");
                assert!(!legal(violation.event.0 + 1), "seed {seed}: {violation:?} is legal");
                assert!(!violation.evidence.events.is_empty());
            }
        }
    }
    assert!(broke > 1, "{promise} ({standard}) broke in {broke} runs");
}

const LINEARIZABLE: (&str, &str) = ("linearizable", "cas-register");

#[test]
fn without_sessions_a_repeated_request_takes_effect_twice() {
    let script = |seed| storm(seed, "sessions = false");
    breaks_at_the_moment(LINEARIZABLE, &["x", "y"], script, 0..8);
    breaks_at_the_moment(("sequentially consistent", "sequential"), &["x", "y"], script, 0..8);
    breaks_at_the_moment(("at-most-once effect", "at-most-once"), &["y"], script, 0..8);
    breaks_at_the_moment(("counter bounds", "counter"), &["y"], script, 0..8);
}

/// The storm, over a queue.
fn queue_storm(seed: u64, knobs: &str) -> String {
    let text = storm(seed, knobs);
    let text = text.replace("\"write x\", \"read x\", \"add y 1\"", "\"enqueue q\", \"append l\"");
    let text = text.replace("\"read x\", \"add y 1\", \"write x\", \"read y\"", "\"enqueue q\", \"read l\"");
    text.replace("\"read y\", \"cas x 1 2\", \"read x\"", "\"dequeue q\", \"read l\", \"dequeue q\"")
}

#[test]
fn without_sessions_elements_come_out_twice_or_never() {
    let script = |seed| queue_storm(seed, "sessions = false");
    breaks_at_the_moment(("exactly-once effect", "exactly-once"), &["l", "q"], script, 0..8);
    for seed in 0..8 {
        assert_eq!(
            breach(finished(&queue_storm(seed, "")).run(), "exactly-once effect"),
            None,
            "seed {seed}"
        );
    }
}

#[test]
fn what_is_taken_out_twice_for_one_who_asked_once_is_lost() {
    let text = r#"
title = "A queue"
protocol = "raft"
nodes = 3
seed = 1
until = "10s"
[[client]]
name = "ana"
asks = ["enqueue q"]
every = "100ms"
until = "8s"
[[client]]
name = "ben"
asks = ["dequeue q"]
every = "60ms"
from = "4s"
[[act]]
at = "0s"
weather = { between = [["ben"], ["n1", "n2", "n3"]], duplicate = 0.3 }
[[variant]]
name = "only"
knobs = { sessions = SESSIONS }
holds = ["exactly-once effect"]
"#;
    let lost = breach(finished(&text.replace("SESSIONS", "false")).run(), "exactly-once effect");
    let lost = lost.expect("somebody's answer went to nobody").evidence;
    assert!(lost.text.contains("leaves nothing, but ") && lost.text.contains("never came out"), "{lost:?}");
    assert!(lost.events.len() > 2, "{lost:?}");
    assert_eq!(
        verdict(finished(&text.replace("SESSIONS", "true")).run(), "exactly-once effect"),
        Verdict::Holds
    );
}

/// The storm, over one object.
fn storm_over(asks: &str, seed: u64, knobs: &str) -> String {
    let text = storm(seed, knobs);
    let text = text.replace(r#""write x", "read x", "add y 1""#, asks);
    let text = text.replace(r#""read x", "add y 1", "write x", "read y""#, asks);
    text.replace(r#""read y", "cas x 1 2", "read x""#, asks)
}

#[test]
fn what_is_no_register_is_linearizable_too() {
    for (asks, standard) in [
        (r#""append o", "read o""#, "key-value"),
        (r#""enqueue o", "dequeue o", "dequeue o""#, "fifo-queue"),
        (r#""insert o", "read o", "remove o 1""#, "linearizable-set"),
        (r#""acquire o", "release o""#, "mutex"),
    ] {
        for seed in 0..4 {
            let session = finished(&storm_over(asks, seed, ""));
            assert_eq!(verdict(session.run(), "linearizable"), Verdict::Holds, "{asks} with seed {seed}");
            assert_eq!(verdict(session.run(), "monotonic reads"), Verdict::Pending, "{asks}");
        }
        // To insert twice is to insert once: sets are read from memory instead.
        let set = standard == "linearizable-set";
        let (knobs, seeds) = if set { ("read = \"local\"", 60) } else { ("sessions = false", 8) };
        let script = |seed| storm_over(asks, seed, knobs);
        if standard == "mutex" {
            // A refusal tells nothing, so a lock that was taken twice is seldom told from one that was taken.
            let legal = |seed| {
                let session = finished(&script(seed));
                let whole = history(session.run().trace(), session.run().events());
                (breach(session.run(), "linearizable").is_none(), is_legal(standard, &whole))
            };
            assert!((0..8).map(legal).all(|(unfolding, whole)| unfolding == whole));
        } else {
            breaks_at_the_moment(("linearizable", standard), &["o"], script, 0..seeds);
        }
    }
}

#[test]
fn an_object_of_two_kinds_is_beyond_the_judge() {
    let mixed = storm_over(r#""append o", "insert o", "read o""#, 1, "");
    assert!(matches!(verdict(finished(&mixed).run(), "linearizable"), Verdict::Unknown(_)));
    let refused = storm_over(r#""write o", "insert o", "read o""#, 1, "");
    assert_eq!(verdict(finished(&refused).run(), "linearizable"), Verdict::Holds);
}

#[test]
fn who_was_asked_for_locks_alone_says_nothing_of_the_rest() {
    let session = finished(&storm_over(r#""acquire o", "release o""#, 1, ""));
    for name in PROMISES {
        let said = if name == "linearizable" { Verdict::Holds } else { Verdict::Pending };
        assert_eq!(verdict(session.run(), name), said, "{name}");
    }
}

#[test]
fn reads_from_memory_are_old() {
    breaks_at_the_moment(LINEARIZABLE, &["x", "y"], |seed| storm(seed, "read = \"local\""), 0..60);
}

#[test]
fn copies_that_anybody_reads_are_in_no_order() {
    let script = |seed| copies(seed, "protocol = \"primary-backup\"\nknobs = { read = \"any\" }");
    let keys = ["x", "y", "z"];
    for pair in [
        ("sequentially consistent", "sequential"),
        ("causally consistent", "causal"),
        ("read your writes", "read-your-writes"),
        ("monotonic reads", "monotonic-reads"),
        ("no stale read", "no-stale-reads"),
    ] {
        breaks_at_the_moment(pair, &keys, script, 0..20);
    }
}

#[test]
fn copies_of_one_log_have_what_was_written_and_read_before() {
    for seed in 0..20 {
        let session = finished(&copies(seed, "protocol = \"primary-backup\"\nknobs = { read = \"any\" }"));
        for name in ["monotonic writes", "writes follow reads"] {
            assert_eq!(verdict(session.run(), name), Verdict::Holds, "{name} with seed {seed}");
        }
    }
}

#[test]
fn copies_that_take_writes_in_any_order_lack_what_was_before() {
    let script = |seed| {
        let text = copies(seed, "protocol = \"causal-store\"\nknobs = { order = \"any\" }");
        let text =
            text.replace("\"write x\", \"read y\", \"read x\", \"write z\"", "\"write x\", \"write z\"");
        let text = text.replace("\"read x\", \"write y\", \"read z\"", "\"read x\", \"write y\"");
        // Who only writes has no use for a place to read.
        let text = text.replace("every = \"60ms\"\nreads = \"any\"", "every = \"60ms\"");
        let text = text.replace("\"read y\", \"read x\", \"read z\"", "\"read z\", \"read y\", \"read x\"");
        let text = text.replace("every = \"70ms\"", "every = \"20ms\"");
        text.replace("every = \"50ms\"\nreads = \"any\"", "every = \"10ms\"\nreads = \"n4\"")
    };
    for pair in [("monotonic writes", "monotonic-writes"), ("writes follow reads", "writes-follow-reads")] {
        breaks_at_the_moment(pair, &["x", "y", "z"], script, 0..20);
    }
}

#[test]
fn raft_answers_readers_anywhere_in_one_order() {
    for seed in 0..4 {
        let session = finished(&copies(seed, "protocol = \"raft\""));
        for name in &PROMISES[..8] {
            assert_eq!(verdict(session.run(), name), Verdict::Holds, "{name} with seed {seed}");
        }
    }
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
