//! Primary–backup replication under storms of every fault there is: with views and majorities it keeps its promises,
//! and each rule that is left out is caught.

use faultline::check::Verdict;
use faultline::run::Run;

use crate::common::finished;

pub fn storm(knobs: &str) -> String {
    format!(
        r#"
title = "storm"
protocol = "primary-backup"
nodes = 5
seed = 1
until = "16s"
knobs = {{ {knobs} }}
[network]
latency = {{ median = "10ms", p99 = "60ms" }}
loss = 0.02
duplicate = 0.02
[machine]
sync = "2ms"
[[client]]
name = "ana"
asks = ["write x", "add y 1", "read x"]
every = "90ms"
timeout = "400ms"
[[client]]
name = "ben"
asks = ["write x", "read y"]
every = "120ms"
timeout = "400ms"
[nemesis]
kinds = ["crash", "pause", "cut", "one-way", "partial", "loss", "slow-disk", "slow-node", "clock"]
every = "500ms"
from = "1s"
until = "11s"
"#
    )
}

/// How many of so many storms break each promise, and how many end with nobody serving.
fn tally(knobs: &str, seeds: u64) -> (Vec<(&'static str, u64)>, u64) {
    let text = storm(knobs);
    let mut broken: Vec<(&'static str, u64)> = Vec::new();
    let mut idle = 0;
    for seed in 0..seeds {
        let run = finished(&text, seed);
        for (claim, verdict) in run.verdicts() {
            let place = broken.iter().position(|(name, _)| *name == claim.name).unwrap_or_else(|| {
                broken.push((claim.name, 0));
                broken.len() - 1
            });
            broken[place].1 += u64::from(matches!(verdict, Verdict::Broken(_)));
        }
        idle += u64::from(!serves(&*run));
    }
    (broken, idle)
}

/// Five quiet seconds after the storm somebody leads and everybody has what is done.
fn serves(run: &dyn Run) -> bool {
    let mut frame = faultline::run::Frame::default();
    run.frame(faultline::sim::Micros(0), &mut frame);
    let logs = || frame.nodes.iter().filter_map(|node| node.inspect.log.as_ref());
    let most = logs().map(|log| log.commit).max().unwrap_or(0);
    most > 0 && logs().all(|log| log.commit + 3 >= most)
}

#[test]
fn views_and_majorities_keep_every_promise_and_come_back() {
    let (broken, idle) = tally("promotion = \"majority\", acknowledge = \"majority\"", 600);
    assert!(broken.iter().all(|(_, count)| *count == 0), "{broken:?}");
    assert_eq!(idle, 0, "of 600 storms, so many ended with nobody serving");
}

#[test]
fn what_is_left_out_is_caught() {
    let count = |knobs: &str, name: &str| {
        let (broken, _) = tally(knobs, 60);
        broken.iter().find(|(other, _)| *other == name).map_or(0, |(_, count)| *count)
    };
    let by_timeout = "promotion = \"timeout\", acknowledge = \"majority\"";
    assert!(count(by_timeout, "one primary at a time") > 30);
    assert!(count(by_timeout, "failover keeps acknowledged writes") > 10);
    let alone = "promotion = \"majority\", acknowledge = \"primary\"";
    assert!(count(alone, "failover keeps acknowledged writes") > 10);
}
