//! Every level that a protocol serves: what each level promises holds in storms, and what it does not is seen to break.

use faultline::check::Verdict;
use faultline::run::cast::{self, roles};
use faultline::run::sweep;
use faultline::scenario::{Overrides, Script};
use faultline::sim::Outcome;

use crate::common::{breach, finished, outcomes, verdict, watched};

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

/// Each promise is judged, and holds, with every one of so many seeds.
fn hold(text: &str, seeds: u64, names: &[&str]) {
    for seed in 0..seeds {
        let run = finished(text, seed);
        for name in names {
            let verdict = verdict(&*run, name);
            assert!(matches!(verdict, Verdict::Holds), "{name} with seed {seed}: {verdict:?}\n{text}");
        }
    }
}

const SESSION: &[&str] = &["sequentially consistent", "read your writes", "monotonic reads"];

#[test]
fn raft_serves_each_level() {
    let at = |level: &str| storm("raft", &format!("level = \"{level}\""), "");
    for level in ["causal", "sequential"] {
        hold(&at(level), 40, SESSION);
        assert!(broken(&at(level), 40, &["linearizable"])[0] > 30, "{level}");
    }
    assert!(broken(&at("eventual"), 40, SESSION).iter().all(|count| *count > 30));
}

#[test]
fn raft_is_linearizable_by_its_log_by_read_index_and_with_leases() {
    for read in ["log", "index", "lease"] {
        let variant = format!("knobs = {{ read = \"{read}\" }}\nlevel = \"linearizable\"");
        hold(&storm("raft", &variant, ""), 40, &["linearizable", "read your writes", "monotonic reads"]);
    }
}

#[test]
fn a_leader_that_trusts_in_memory_is_asked_to_make_sure() {
    let trusting = "knobs = { read = \"local\" }\n";
    let text = storm("raft", &format!("{trusting}level = \"linearizable\""), "");
    hold(&text, 40, &["linearizable"]);
    assert!(broken(&storm("raft", trusting, ""), 40, &["linearizable"])[0] > 5);
}

#[test]
fn who_asked_for_less_is_told_less() {
    let text = storm("raft", "", " @eventual");
    for seed in 0..20 {
        let run = finished(&text, seed);
        // No read asked for anything, and that a write is done could not have been wrong: nothing was judged.
        for name in ["linearizable", "read your writes", "monotonic reads"] {
            assert_eq!(verdict(&*run, name), Verdict::Pending, "{name} with seed {seed}");
        }
    }
}

#[test]
fn a_sum_that_may_be_old_is_no_breach() {
    let text = |level: &str| {
        let adds = format!("asks = [\"add x 1\", \"append z\", \"read x{level}\"]");
        let reads = format!("asks = [\"read x{level}\", \"read z{level}\"]");
        let text = storm("raft", "", "").replace(r#"asks = ["write x", "read x", "read y"]"#, &adds);
        let text = text.replace(r#"asks = ["read y", "read x"]"#, &reads).replace("\"write y\", ", "");
        text.replace("[\"linearizable\", ", "[\"counter bounds\", \"exactly-once effect\", ")
    };
    let names = ["counter bounds", "exactly-once effect"];
    for level in [" @eventual", " @causal", " @sequential", " @linearizable"] {
        assert_eq!(broken(&text(level), 10, &names), [0, 0], "{level}");
    }
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

/// n1 is the primary, and cut off with somebody who reads. The others go on without it.
fn cut_off(level: &str) -> String {
    format!(
        r#"
title = "cut off"
protocol = "primary-backup"
nodes = 5
seed = 1
until = "8s"
[network]
latency = {{ median = "10ms", p99 = "80ms" }}
loss = 0.02
[[client]]
name = "ana"
asks = ["read x{level}"]
every = "40ms"
node = "n1"
session = "sticks"
[[client]]
name = "ben"
asks = ["write x{level}"]
every = "50ms"
[[act]]
at = "2s"
cut = [["n1", "n2", "ana"], ["n3", "n4", "n5", "ben"]]
[[act]]
at = "5s"
heal = "all"
[[variant]]
name = "only"
holds = ["linearizable"]
"#
    )
}

#[test]
fn a_primary_that_may_be_none_any_more_makes_sure_before_it_answers() {
    hold(&cut_off(" @linearizable"), 40, &["linearizable"]);
    assert!(broken(&cut_off(""), 40, &["linearizable"])[0] > 30);
    hold(&storm("primary-backup", "", " @linearizable"), 40, &["linearizable"]);
}

#[test]
fn who_asks_for_more_than_there_is_is_refused() {
    for protocol in ["echo", "gossip"] {
        let ask = |op| format!("[[act]]\nat = \"1s\"\nask = {{ node = \"n1\", op = \"{op}\" }}\n");
        let head =
            format!("title = \"by hand\"\nprotocol = \"{protocol}\"\nnodes = 3\nseed = 1\nuntil = \"2s\"\n");
        let text = [head, ask("read x @causal"), ask("read x @eventual")].concat();
        let script = Script::read(&text).expect("it reads");
        let plan = script.plan(&text, &roles(), None, &Overrides::default()).expect("it has a plan");
        let mut run = cast::play(plan).expect("its protocol is in the cast");
        sweep::finish(&mut *run);
        let heard: Vec<_> = run.trace().ops.iter().map(|op| op.ended.clone().expect("it ends").1).collect();
        assert!(matches!(*heard, [Outcome::Failed(_), Outcome::Ok(_)]), "{protocol}: {heard:?}");
    }
}

#[test]
fn backups_serve_a_session_and_the_primary_the_rest() {
    let at = |level: &str| storm("primary-backup", &format!("level = \"{level}\""), "");
    for level in ["causal", "sequential"] {
        hold(&at(level), 40, SESSION);
    }
    assert!(broken(&at("eventual"), 40, SESSION).iter().all(|count| *count > 30));
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
    let broke = of("", "eventual", SESSION);
    assert!(broke[0] > 30 && broke[1..].iter().all(|count| *count > 5), "{broke:?}");
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
