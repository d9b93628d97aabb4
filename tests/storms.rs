//! Thousands of storms over every protocol that has any: no promise that its rules keep breaks, and each rule that is
//! left out is caught. The storms are those of the protocols' own tests; Raft's are in `raft_safety.rs`.

use faultline::check::Verdict;

use crate::common::{breach, finished, soak, verdict};
use crate::{causal, primary_backup, quorum};

/// How many storms the night sends over each.
const STORMS: u64 = 5_000;

/// Each of these promises holds in every storm; of none is it unknown.
fn kept(what: &str, text: &str, promises: &[&str]) {
    for seed in soak::seeds(what, STORMS) {
        let run = finished(text, seed);
        for name in promises {
            let verdict = verdict(&*run, name);
            let fine = matches!(verdict, Verdict::Holds | Verdict::Pending);
            assert!(fine, "{what}: {name} with seed {seed}: {verdict:?}\n{text}");
        }
    }
}

/// The promise breaks in at least so many of a hundred storms.
fn caught(what: &str, text: &str, promise: &str, percent: u64) {
    let storms = soak::range(STORMS).count() as u64;
    let broken = |seed: &u64| breach(&*finished(text, *seed), promise).is_some();
    let seen = soak::seeds(what, STORMS).filter(broken).count() as u64;
    println!("{what}: {promise} broken in {seen} of {storms}");
    // Of a handful of storms too few are due to tell.
    let due = storms * percent / 100;
    assert!(seen >= due || due < 3, "{what}: {promise} broken in {seen} of {storms} only\n{text}");
}

#[test]
#[ignore = "soak"]
fn soak_primary_backup() {
    let text = |promotion: &str, acknowledge: &str| {
        let knobs = format!("promotion = \"{promotion}\", acknowledge = \"{acknowledge}\"");
        primary_backup::storm(&knobs, primary_backup::ALL)
    };
    let (once, safe) = ("one primary at a time", "failover keeps acknowledged writes");
    kept("primary-backup, majorities", &text("majority", "majority"), &[once, safe]);
    caught("primary-backup, by timeout", &text("timeout", "majority"), once, 40);
    caught("primary-backup, by timeout", &text("timeout", "majority"), safe, 10);
    caught("primary-backup, acknowledged alone", &text("majority", "primary"), safe, 10);
}

#[test]
#[ignore = "soak"]
fn soak_quorum() {
    let text = |knobs: &str| quorum::storm(knobs, quorum::REGISTERS);
    for resolve in ["wall clock", "hybrid clock"] {
        let knobs = format!(r#""write back" = true, resolve = "{resolve}""#);
        kept(&format!("quorum, {resolve}"), &text(&knobs), &["linearizable"]);
    }
    for resolve in ["version vectors", "crdt"] {
        let knobs = format!("resolve = \"{resolve}\"");
        kept(&format!("quorum, {resolve}"), &text(&knobs), &["no lost update", "hints reach home"]);
    }
    let few = r#""write back" = true, "read quorum" = 1, "write quorum" = 1"#;
    caught("quorum, R + W below N", &text(few), "linearizable", 30);
    caught("quorum, no write back", &text("resolve = \"wall clock\""), "linearizable", 8);
    let sloppy = r#""write back" = true, "sloppy quorum" = true"#;
    caught("quorum, sloppy", &text(sloppy), "linearizable", 12);
}

#[test]
#[ignore = "soak"]
fn soak_causal_store() {
    let named = ["read your writes", "monotonic reads", "monotonic writes", "writes follow reads"];
    let promises = [&named[..], &["causal delivery", "convergence", "causally consistent"]].concat();
    kept("causal store", &causal::storm("", &format!("holds = {named:?}")), &promises);
    let any = causal::storm("order = \"any\"", "");
    caught("causal store, any order", &any, "causal delivery", 50);
    caught("causal store, any order", &any, "causally consistent", 50);
    let last = causal::storm("conflicts = \"last to arrive wins\"", "");
    caught("causal store, last to arrive", &last, "convergence", 8);
}
