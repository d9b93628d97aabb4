//! Gossip: whatever is written where, in the end all nodes know the same.

use faultline::run::Frame;
use faultline::sim::{Held, Micros};

use crate::common::{breach, finished};
use crate::storm::script::{Storm, client};

/// Writers and readers under trouble, who stop when it is over.
pub fn storm(knobs: &str, kinds: &str) -> String {
    let until = "until = \"11s\"";
    let clients = vec![
        client("ana", r#""write x", "read y""#, "150ms", &[until]),
        client("ben", r#""write y", "read x", "write x""#, "190ms", &[until, "reads = \"any\""]),
    ];
    let judged = "holds = [\"replicas converge\", \"rumours reach everybody\"]".to_owned();
    let (knobs, kinds) = (knobs.to_owned(), kinds.to_owned());
    Storm { until: "20s", knobs, kinds, clients, judged, ..Storm::of("gossip") }.text()
}

/// Two nodes write the same key before they hear of each other.
fn two_writers(knobs: &str) -> String {
    format!(
        r#"
title = "two rumours of equal count"
protocol = "gossip"
nodes = 5
seed = 4
until = "20s"
knobs = {{ {knobs} }}
[network]
latency = {{ median = "5ms", p99 = "10ms" }}
[[act]]
at = "1s"
ask = {{ node = "n1", op = "write x 1" }}
[[act]]
at = "1s"
ask = {{ node = "n2", op = "write x 2" }}
[[client]]
name = "cleo"
asks = ["read x"]
every = "1s"
session = "wanders"
[[variant]]
name = "only"
holds = ["replicas converge"]
"#
    )
}

/// What each node holds in the end.
fn held(text: &str, seed: u64) -> Vec<String> {
    let run = finished(text, seed);
    let mut frame = Frame::default();
    run.frame(Micros(0), &mut frame);
    let words = |held: &[Held]| held.iter().map(ToString::to_string).collect::<Vec<_>>();
    frame.nodes.iter().map(|node| words(&node.inspect.holds).join(", ")).collect()
}

#[test]
fn rumours_of_equal_count_are_told_apart_whichever_way_they_go() {
    for knobs in
        ["way = \"pull\"", "way = \"push\"", "way = \"push and pull\"", "way = \"push and pull\", tell = 1"]
    {
        for seed in 0..20 {
            let text = two_writers(knobs);
            assert_eq!(breach(&*finished(&text, seed), "replicas converge"), None, "{knobs}, seed {seed}");
            assert!(held(&text, seed).iter().all(|held| held == "x = 2"), "{knobs}, seed {seed}");
        }
    }
}

#[test]
fn what_a_node_writes_after_a_restart_is_another_write() {
    // n1 writes, tells it, forgets it, and writes again before it has heard of the first.
    let text = r#"
title = "two lives"
protocol = "gossip"
nodes = 3
seed = 1
until = "8s"
knobs = { way = "pull", every = "500ms" }
[network]
latency = "5ms"
[[act]]
at = "100ms"
ask = { node = "n1", op = "write x 9" }
[[act]]
at = "1800ms"
crash = "n1"
[[act]]
at = "1900ms"
restart = "n1"
[[act]]
at = "1901ms"
ask = { node = "n1", op = "write x 3" }
"#;
    for seed in 0..20 {
        let held = held(text, seed);
        assert!(held.iter().all(|held| held == "x = 3"), "seed {seed}: {held:?}");
    }
}

#[test]
fn no_node_is_picked_twice_in_a_round() {
    // As many as there are others: each of them hears of it in the first round.
    let text = r#"
title = "all at once"
protocol = "gossip"
nodes = 6
seed = 1
until = "1020ms"
knobs = { fanout = 5, every = "1s" }
[network]
latency = "5ms"
[[act]]
at = "1ms"
ask = { node = "n3", op = "write x 1" }
"#;
    for seed in 0..20 {
        assert!(held(text, seed).iter().all(|held| held == "x = 1"), "seed {seed}");
    }
}
