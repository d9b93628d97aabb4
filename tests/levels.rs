//! Every level that a protocol serves: what each level promises holds in storms, and what it does not is seen to break.

mod common;

use faultline::run::cast::roles;
use faultline::scenario::{Overrides, Script};
use faultline::sim::Outcome;

use common::{breach, finished, outcomes, watched};

const PROMISES: &str =
    r#"holds = ["linearizable", "sequentially consistent", "read your writes", "monotonic reads"]"#;

fn storm(protocol: &str, variant: &str, ask: &str) -> String {
    format!(
        r#"
title = "storm"
protocol = "{protocol}"
nodes = 5
seed = 1
until = "14s"
[network]
latency = {{ median = "10ms", p99 = "80ms" }}
loss = 0.02
duplicate = 0.02
[[client]]
name = "ana"
asks = ["write x{ask}", "read x{ask}", "read y{ask}"]
every = "70ms"
timeout = "500ms"
reads = "any"
[[client]]
name = "ben"
asks = ["read x{ask}", "write y{ask}", "read y{ask}"]
every = "80ms"
timeout = "500ms"
reads = "n5"
[[client]]
name = "cleo"
asks = ["read y{ask}", "read x{ask}"]
every = "60ms"
timeout = "500ms"
reads = "any"
[nemesis]
kinds = ["crash", "pause", "cut", "one-way", "partial", "loss"]
every = "700ms"
until = "12s"
[[variant]]
name = "only"
{variant}
{PROMISES}
"#
    )
}

/// With how many of so many seeds each promise breaks.
fn broken(text: &str, seeds: u64, names: &[&str]) -> Vec<usize> {
    let mut counts = vec![0; names.len()];
    for seed in 0..seeds {
        let run = finished(text, seed);
        for (count, name) in counts.iter_mut().zip(names) {
            *count += usize::from(breach(&*run, name).is_some());
        }
    }
    counts
}

const SESSION: &[&str] = &["sequentially consistent", "read your writes", "monotonic reads"];

#[test]
fn raft_serves_each_level() {
    let of =
        |level: &str, names: &[&str]| broken(&storm("raft", &format!("level = \"{level}\""), ""), 40, names);
    assert_eq!(of("linearizable", &["linearizable", "read your writes", "monotonic reads"]), [0, 0, 0]);
    for level in ["causal", "sequential"] {
        assert_eq!(of(level, SESSION), [0, 0, 0], "{level}");
        assert!(of(level, &["linearizable"])[0] > 30, "{level}");
    }
    assert!(of("eventual", SESSION).iter().all(|count| *count > 30));
}

#[test]
fn a_leader_that_trusts_in_memory_is_asked_to_make_sure() {
    let trusting = "knobs = { read = \"local\" }\n";
    let text = storm("raft", &format!("{trusting}level = \"linearizable\""), "");
    assert_eq!(broken(&text, 40, &["linearizable"]), [0]);
    assert!(broken(&storm("raft", trusting, ""), 40, &["linearizable"])[0] > 5);
}

#[test]
fn who_asked_for_less_is_told_less() {
    let names = ["linearizable", "read your writes", "monotonic reads"];
    assert_eq!(broken(&storm("raft", "", " @eventual"), 20, &names), [0, 0, 0]);
}

#[test]
fn a_client_has_a_level_for_all_that_it_asks() {
    let plan = |text: &str| {
        let script = Script::read(text).expect("it reads");
        script.plan(text, &roles(), None, &Overrides::default()).expect("it has a plan").clients
    };
    let each = plan(&storm("raft", "", " @causal"));
    let all = storm("raft", "", "").replace("timeout = ", "level = \"causal\"\ntimeout = ");
    assert_eq!(plan(&all), each);
}

#[test]
fn backups_serve_a_session_and_the_primary_the_rest() {
    let of = |level: &str, names: &[&str]| {
        broken(&storm("primary-backup", &format!("level = \"{level}\""), ""), 40, names)
    };
    for level in ["causal", "sequential"] {
        assert_eq!(of(level, SESSION), [0, 0, 0], "{level}");
    }
    assert!(of("eventual", SESSION).iter().all(|count| *count > 30));
}

#[test]
fn a_quorum_store_serves_registers_at_each_level_and_refuses_the_rest() {
    let of = |knobs: &str, level: &str, names: &[&str]| {
        let variant = format!("knobs = {{ {knobs} }}\nlevel = \"{level}\"");
        broken(&storm("quorum", &variant, ""), 40, names)
    };
    for knobs in [r#"resolve = "hybrid clock""#, r#"resolve = "wall clock", "read quorum" = 1"#] {
        assert_eq!(of(knobs, "linearizable", &["linearizable", "monotonic reads"]), [0, 0], "{knobs}");
        for level in ["causal", "sequential"] {
            assert_eq!(of(knobs, level, SESSION), [0, 0, 0], "{knobs}: {level}");
        }
    }
    assert!(of("", "eventual", SESSION).iter().all(|count| *count > 30));
}

#[test]
fn a_quorum_store_refuses_what_it_cannot_serve_at_a_level() {
    let refused = |resolve: &str, ask: &str, level: &str| {
        let head = "title = \"T\"\nprotocol = \"quorum\"\nnodes = 3\nseed = 1\nuntil = \"1s\"\n";
        let knobs = format!("knobs = {{ resolve = \"{resolve}\" }}\n");
        let act = format!("[[act]]\nat = \"1ms\"\nask = {{ node = \"n1\", op = \"{ask}{level}\" }}\n");
        let told = outcomes(&*watched(&format!("{head}{knobs}{act}")));
        matches!(told[..], [Some(Outcome::Failed(_))])
    };
    for (level, more) in [("", false), (" @eventual", false), (" @causal", true), (" @linearizable", true)] {
        for resolve in ["wall clock", "hybrid clock"] {
            assert!(!refused(resolve, "write x 1", level) && !refused(resolve, "read x", level));
            assert_eq!(refused(resolve, "add x 1", level), more, "{resolve}{level}");
            assert_eq!(refused(resolve, "insert x 1", level), more, "{resolve}{level}");
        }
        for resolve in ["version vectors", "crdt"] {
            for ask in ["read x", "write x 1", "add x 1"] {
                assert_eq!(refused(resolve, ask, level), more, "{resolve}: {ask}{level}");
            }
        }
    }
}
