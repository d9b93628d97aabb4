//! The causal store under storms of every fault there is: it keeps its promises, all copies end alike, and each rule
//! that is left out is caught.

use faultline::check::Verdict;
use faultline::run::{Frame, Run};
use faultline::sim::Micros;

use crate::common::{breach, count_broken, finished, verdict};
use crate::storm::script::{Storm, client};

pub fn storm(knobs: &str, named: &str) -> String {
    storm_with(knobs, "", named)
}

/// The same with something that all clients do.
fn storm_with(knobs: &str, all: &str, named: &str) -> String {
    let (timeout, until) = ("timeout = \"400ms\"", "until = \"12s\"");
    let any = "reads = \"any\"";
    let clients = vec![
        client("ana", r#""write x", "read y""#, "70ms", &[timeout, until, all]),
        client("ben", r#""read x", "write y""#, "90ms", &[timeout, until, all]),
        client("cleo", r#""read y", "read x", "write z", "read z""#, "60ms", &[timeout, any, until, all]),
    ];
    let network = "latency = { median = \"20ms\", p99 = \"200ms\" }\nloss = 0.03\nduplicate = 0.03";
    let (knobs, judged) = (knobs.to_owned(), named.to_owned());
    Storm { nodes: 4, knobs, network, clients, judged, ..Storm::of("causal-store") }.text()
}

/// Does a promise break that something happened to try?
fn broke(run: &dyn Run, name: &str) -> bool {
    assert_ne!(verdict(run, name), Verdict::Pending, "{name}");
    breach(run, name).is_some()
}

#[test]
fn every_promise_is_kept_and_all_copies_end_alike() {
    let named = ["read your writes", "monotonic reads", "monotonic writes", "writes follow reads"];
    let promises = [&named[..], &["causal delivery", "convergence", "causally consistent"]].concat();
    let text = storm("", &format!("holds = {named:?}"));
    for seed in 0..150 {
        let run = finished(&text, seed);
        for name in &promises {
            assert!(!broke(&*run, name), "{name} with seed {seed}");
        }
        let mut frame = Frame::default();
        run.frame(Micros(0), &mut frame);
        let first = &frame.nodes[0].inspect.holds;
        assert!(first.len() == 3, "seed {seed}: {first:?}");
        for node in &frame.nodes {
            assert_eq!(&node.inspect.holds, first, "{} with seed {seed}", node.name);
            let waits = |name| node.inspect.facts.iter().any(|(fact, _)| *fact == name);
            assert!(!waits("held back") && !waits("clients waiting"), "{} with seed {seed}", node.name);
        }
    }
}

#[test]
fn a_write_that_is_asked_for_again_elsewhere_is_one_write() {
    let named = ["read your writes", "monotonic reads", "monotonic writes", "writes follow reads"];
    let promises = [&named[..], &["causal delivery", "convergence", "causally consistent"]].concat();
    let again = r#"retry = { policy = "fixed", base = "10ms", attempts = 6, attempt = "50ms" }"#;
    let text = storm_with("", again, &format!("holds = {named:?}"));
    // Which node answers first says nothing of two writers' order.
    let shared = storm_with("", again, "").replace("write y", "write x");
    for seed in 0..100 {
        for (text, promises) in [(&text, &promises[..]), (&shared, &promises[named.len()..])] {
            let run = finished(text, seed);
            for name in promises {
                assert!(!broke(&*run, name), "{name} with seed {seed}");
            }
        }
    }
}

#[test]
fn what_is_left_out_is_caught() {
    assert!(count_broken(&storm("order = \"any\"", ""), 30, "causal delivery") > 20);
    assert!(count_broken(&storm("order = \"any\"", ""), 30, "causally consistent") > 20);
    assert!(count_broken(&storm("conflicts = \"last to arrive wins\"", ""), 30, "convergence") > 5);
}

#[test]
fn copies_need_not_agree_on_one_order() {
    let text = storm("", "violates = [\"sequentially consistent\"]");
    assert!(count_broken(&text, 30, "sequentially consistent") > 15);
}

#[test]
fn reads_at_once_may_travel_back_in_time() {
    let named = "level = \"eventual\"\nviolates = [\"monotonic reads\"]\nshare = 0.1";
    let text = storm("", named);
    assert!(count_broken(&text, 30, "monotonic reads") > 10);
}
