//! The causal store under storms of every fault there is: it keeps its promises, all copies end alike, and each rule
//! that is left out is caught.

use faultline::check::Verdict;
use faultline::run::cast::{self, roles};
use faultline::run::{Frame, Run, sweep};
use faultline::scenario::{Overrides, Script};
use faultline::sim::Micros;

fn storm(knobs: &str, named: &str) -> String {
    format!(
        r#"
title = "storm"
protocol = "causal-store"
nodes = 4
seed = 1
until = "16s"
knobs = {{ {knobs} }}
[network]
latency = {{ median = "20ms", p99 = "200ms" }}
loss = 0.03
duplicate = 0.03
[machine]
sync = "2ms"
[[client]]
name = "ana"
asks = ["write x", "read y"]
every = "70ms"
timeout = "400ms"
until = "12s"
[[client]]
name = "ben"
asks = ["read x", "write y"]
every = "90ms"
timeout = "400ms"
until = "12s"
[[client]]
name = "cleo"
asks = ["read y", "read x", "write z", "read z"]
every = "60ms"
timeout = "400ms"
reads = "any"
until = "12s"
[nemesis]
kinds = ["crash", "pause", "cut", "one-way", "partial", "loss", "slow-disk", "slow-node", "clock"]
every = "500ms"
from = "1s"
until = "11s"
[[variant]]
name = "only"
{named}
"#
    )
}

fn finished(text: &str, seed: u64) -> Box<dyn Run> {
    let script = Script::read(text).expect("it reads");
    let over = Overrides { seed: Some(seed), ..Overrides::default() };
    let plan = script.plan(text, &roles(), None, &over).expect("it has a plan");
    let mut run = cast::blind(plan).expect("its protocol is in the cast");
    sweep::finish(&mut *run);
    run
}

fn broke(run: &dyn Run, name: &str) -> bool {
    let verdicts = run.verdicts();
    let (_, verdict) = verdicts.iter().find(|(claim, _)| claim.name == name).expect("it is judged");
    assert!(!matches!(verdict, Verdict::Unknown(_) | Verdict::Pending), "{name}: {verdict:?}");
    matches!(verdict, Verdict::Broken(_))
}

fn count(knobs: &str, name: &str, seeds: u64) -> usize {
    let text = storm(knobs, "");
    (0..seeds).filter(|seed| broke(&*finished(&text, *seed), name)).count()
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
fn what_is_left_out_is_caught() {
    assert!(count("order = \"any\"", "causal delivery", 30) > 20);
    assert!(count("order = \"any\"", "causally consistent", 30) > 20);
    assert!(count("conflicts = \"last to arrive wins\"", "convergence", 30) > 5);
}

#[test]
fn copies_need_not_agree_on_one_order() {
    let text = storm("", "violates = [\"sequentially consistent\"]");
    let seeds = (0..30).filter(|seed| broke(&*finished(&text, *seed), "sequentially consistent"));
    assert!(seeds.count() > 15);
}

#[test]
fn whoever_reads_at_once_may_travel_back_in_time() {
    let named = "level = \"eventual\"\nviolates = [\"monotonic reads\"]\nshare = 0.1";
    let text = storm("", named);
    assert!((0..30).filter(|seed| broke(&*finished(&text, *seed), "monotonic reads")).count() > 10);
}
