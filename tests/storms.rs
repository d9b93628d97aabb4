//! Thousands of storms over every protocol: no promise that its rules keep breaks, and each rule that is left out is
//! caught. The storms are those of the protocols' own tests; more of them are in `primary_backup.rs`, `quorum.rs` and
//! `losses.rs`, and Raft's in `raft_safety.rs`.

use faultline::check::Verdict;

use crate::common::{breach, finished, soak, verdict};
use crate::storm::script::{ALL, Storm, client};
use crate::{causal, gossip, primary_backup, quorum};

/// How many storms the night sends over each.
const STORMS: u64 = 5_000;

/// Each of these promises holds in every storm; of none is it unknown.
fn kept(what: &str, text: &str, promises: &[&str]) {
    kept_in(soak::seeds(what, STORMS), what, text, promises);
}

fn kept_in(seeds: impl Iterator<Item = u64>, what: &str, text: &str, promises: &[&str]) {
    for seed in seeds {
        let run = finished(text, seed);
        for name in promises {
            let verdict = verdict(&*run, name);
            let fine = matches!(verdict, Verdict::Holds | Verdict::Pending);
            assert!(fine, "{what}: {name} with seed {seed}: {verdict:?}\n{text}");
        }
    }
}

/// The promise breaks in at least this many of a hundred storms.
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
        primary_backup::storm(&knobs, ALL)
    };
    let (once, safe) = ("one primary at a time", "failover keeps acknowledged writes");
    kept("primary-backup, majorities", &text("majority", "majority"), &[once, safe]);
    kept("primary-backup, views and all", &text("majority", "all"), &[once, safe, "linearizable"]);
    kept("primary-backup, no promotion", &text("never", "all"), &[once, safe, "linearizable"]);
    caught("primary-backup, by timeout", &text("timeout", "majority"), once, 40);
    caught("primary-backup, by timeout", &text("timeout", "majority"), safe, 10);
    caught("primary-backup, acknowledged alone", &text("majority", "primary"), safe, 10);
    let again = format!("{}, sessions = false", primary_backup::SAFE);
    caught("primary-backup, no sessions", &primary_backup::storm(&again, ALL), "linearizable", 10);
    let forgets = format!("{}, keep = \"view\", recovery = false", primary_backup::SAFE);
    let (broken, _) = primary_backup::forgetful(&forgets, soak::seeds("no recovery", STORMS));
    let storms = soak::range(STORMS).count() as u64;
    assert!(broken >= storms / 100 || storms < 300, "no recovery: {broken} of {storms}");
    let hearing = format!("{}, \"bound from\" = \"hearing\"", primary_backup::BOUNDED);
    let old: usize =
        soak::seeds("bound from hearing", STORMS).map(|seed| primary_backup::bounded(&hearing, seed).0).sum();
    assert!(old > 0 || storms < 30, "bound from hearing: {old} reads are too old");
}

#[test]
#[ignore = "soak"]
fn soak_raft() {
    let text = |knobs: &str| primary_backup::storm_over("raft", knobs, ALL);
    let promises = ["election safety", "leader completeness", "state machine safety", "linearizable"];
    kept("raft, requests that come again", &text(""), &promises);
    caught("raft, no sessions", &text("sessions = false"), "linearizable", 10);
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
    caught("quorum, by clock", &text("resolve = \"wall clock\""), "no lost update", 30);
    let kept_for_ever = r#""sloppy quorum" = true, "hinted hand-off" = false"#;
    caught("quorum, no hand-off", &text(kept_for_ever), "hints reach home", 30);
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

const CONVERGE: &str = "replicas converge";

#[test]
#[ignore = "soak"]
fn soak_gossip() {
    for knobs in ["", "way = \"pull\"", "way = \"push and pull\", tell = 1"] {
        kept(&format!("gossip, {knobs}"), &gossip::storm(knobs, ALL), &[CONVERGE]);
        let loss = gossip::storm(knobs, "\"loss\", \"slow-disk\"");
        kept(&format!("gossip, {knobs}, losses"), &loss, &[CONVERGE, "rumours reach everybody"]);
    }
    caught("gossip, told once", &gossip::storm("tell = 1", ALL), CONVERGE, 20);
}

/// What a node that greets again gets an answer in.
const PASSING: &str = r#""crash", "pause", "slow-node", "slow-disk""#;

/// Echoes under trouble; no client asks for anything.
fn echoes(retry: bool, kinds: &str) -> String {
    let knobs = format!("retry = {retry}");
    let judged = "holds = [\"every greeting is echoed\"]".to_owned();
    let clients = vec![client("ana", "\"read x\"", "1s", &[])];
    Storm { knobs, kinds: kinds.to_owned(), clients, judged, ..Storm::of("echo") }.text()
}

const ECHOED: &str = "every greeting is echoed";

#[test]
fn a_greeting_that_is_repeated_is_echoed_in_every_storm_that_passes() {
    kept_in(0..100, "echo", &echoes(true, PASSING), &[ECHOED]);
    let broken = (0..20).filter(|seed| breach(&*finished(&echoes(false, PASSING), *seed), ECHOED).is_some());
    let broken = broken.count();
    assert!(broken > 15, "{broken} of 20");
}

#[test]
fn rumours_reach_every_node_and_in_the_end_all_agree() {
    kept_in(0..40, "gossip", &gossip::storm("way = \"push and pull\", tell = 1", ALL), &[CONVERGE]);
    kept_in(0..40, "gossip", &gossip::storm("", "\"loss\""), &[CONVERGE, "rumours reach everybody"]);
}

#[test]
#[ignore = "soak"]
fn soak_echo() {
    kept("echo", &echoes(true, PASSING), &[ECHOED]);
    caught("echo, no retry", &echoes(false, PASSING), ECHOED, 70);
}
