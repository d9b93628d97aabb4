//! The quorum store under storms of every fault there is: with strict quorums that write back it is a register, with
//! types that merge it agrees in the end, and what is left out is caught.

use faultline::check::Verdict;
use faultline::run::{Frame, Run};
use faultline::sim::Micros;

use crate::common::{breach, count_broken, finished, soak, verdict};
use crate::storm::script::{Storm, client};

pub fn storm(knobs: &str, asks: [&str; 2]) -> String {
    let [ana, ben] = asks;
    // The model of a register knows no sets, and says nothing of numbers that merge.
    let judged = if asks == REGISTERS || ana.contains('@') { r#""linearizable", "# } else { "" };
    let (timeout, any, until) = ("timeout = \"500ms\"", "reads = \"any\"", "until = \"10500ms\"");
    let clients = vec![
        client("ana", ana, "70ms", &[timeout, any, until]),
        client("ben", ben, "90ms", &[timeout, any, until]),
        client("cleo", &format!("{ana}, {ben}"), "110ms", &[timeout, until]),
    ];
    let judged = format!("holds = [{judged}\"no lost update\", \"hints reach home\"]");
    Storm { knobs: knobs.to_owned(), clients, judged, ..Storm::of("quorum") }.text()
}

pub const REGISTERS: [&str; 2] =
    [r#""write x", "read x", "read x""#, r#""write x", "read y", "write y", "read x""#];

/// Do all nodes that hold a key hold the same under it?
fn agree(run: &dyn Run) -> bool {
    let mut frame = Frame::default();
    run.frame(Micros(0), &mut frame);
    let held: Vec<_> = frame.nodes.iter().flat_map(|node| &node.inspect.holds).collect();
    assert!(!held.is_empty());
    held.iter().all(|one| held.iter().filter(|other| other.key == one.key).all(|other| other == one))
}

fn count(knobs: &str, seeds: u64, name: &str) -> usize {
    count_broken(&storm(knobs, REGISTERS), seeds, name)
}

#[test]
fn strict_quorums_that_write_back_are_a_register() {
    let resolves = ["wall clock", "hybrid clock"];
    let coordinators = ["anybody", "any replica", "owner"];
    for (resolve, coordinator) in resolves.iter().zip(coordinators.iter().cycle().skip(1)) {
        let knobs = format!(r#""write back" = true, resolve = "{resolve}", coordinator = "{coordinator}""#);
        assert_eq!(count(&knobs, 60, "linearizable"), 0, "{knobs}");
    }
    for (read, write, coordinator) in [(1, 3, "anybody"), (3, 1, "any replica"), (3, 3, "owner")] {
        let knobs = format!(
            r#""write back" = true, "read quorum" = {read}, "write quorum" = {write}, coordinator = "{coordinator}""#
        );
        assert_eq!(count(&knobs, 20, "linearizable"), 0, "{knobs}");
    }
}

#[test]
fn what_is_left_out_is_caught() {
    let broke = |knobs: &str| count(knobs, 20, "linearizable");
    let by_clock = broke(r#"resolve = "wall clock""#);
    assert!(by_clock > 3, "without write back, by clocks that drift: {by_clock} of 20");
    // Stamps are in order here: what is left is a write that one read finds and the next does not.
    let back_in_time = count(r#""read repair" = false"#, 200, "linearizable");
    assert!(back_in_time > 0, "without write back and read repair {back_in_time} of 200");
    let few = broke(r#""write back" = true, "read quorum" = 1, "write quorum" = 1"#);
    assert!(few > 10, "R + W below N: {few} of 20");
    let sloppy = broke(r#""write back" = true, "sloppy quorum" = true"#);
    assert!(sloppy > 5, "sloppy: {sloppy} of 20");
}

#[test]
fn a_client_that_asks_for_it_gets_a_register_whatever_the_knobs_say() {
    let asks = [
        r#""write x @linearizable", "read x @linearizable""#,
        r#""read x @linearizable", "write x @linearizable""#,
    ];
    let knobs = r#""read quorum" = 1, "write quorum" = 1, "sloppy quorum" = true, resolve = "wall clock""#;
    assert_eq!(count_broken(&storm(knobs, asks), 20, "linearizable"), 0);
}

#[test]
fn a_store_that_keeps_siblings_or_merges_loses_no_update() {
    let carts = [r#""insert c", "read c", "write x""#, r#""read x", "write x", "insert c", "remove c 3""#];
    for knobs in [r#"resolve = "version vectors""#, r#"resolve = "crdt", "sloppy quorum" = true"#] {
        assert_eq!(count_broken(&storm(knobs, carts), 30, "no lost update"), 0, "{knobs}");
    }
    for knobs in [r#"resolve = "wall clock""#, r#"resolve = "hybrid clock", "write back" = true"#] {
        let lost = count_broken(&storm(knobs, carts), 10, "no lost update");
        assert!(lost > 5, "{knobs}: {lost} of 10");
    }
}

#[test]
fn whatever_happened_replicas_agree_in_the_end_and_hints_are_home() {
    let asks = [
        r#""add n 1", "insert s", "read s""#,
        r#""add n -2", "read n", "insert s", "remove s 5", "write x""#,
    ];
    for resolve in ["wall clock", "hybrid clock", "version vectors", "crdt"] {
        let knobs = format!(
            r#"resolve = "{resolve}", "sloppy quorum" = true, "read repair" = false, "anti-entropy" = "300ms""#
        );
        for seed in 0..15 {
            let run = finished(&storm(&knobs, asks), seed);
            assert_eq!(breach(&*run, "hints reach home"), None, "{knobs} with seed {seed}");
            assert!(agree(&*run), "{knobs} with seed {seed}");
        }
    }
}

#[test]
fn without_anti_entropy_and_hand_off_they_need_not_agree() {
    let knobs =
        r#""sloppy quorum" = true, "read repair" = false, "anti-entropy" = "0ms", "hinted hand-off" = false"#;
    let apart = (0..10).filter(|seed| !agree(&*finished(&storm(knobs, REGISTERS), *seed))).count();
    assert!(apart > 5, "{apart} of 10");
    let kept = count(knobs, 10, "hints reach home");
    assert!(kept > 5, "{kept} of 10");
}

/// Servers crash while disks are slower than coordinators are patient, and clients ask again; other harm besides.
fn slow_disks(resolve: &str, asks: &str, more: &str, promise: &str) -> String {
    let again = [
        "timeout = \"500ms\"",
        "session = \"sticks\"",
        "retry = { policy = \"immediate\", attempts = 3, attempt = \"150ms\" }",
    ];
    let clients = vec![
        client("ana", asks, "70ms", &again),
        client("ben", asks, "90ms", &[&again[..], &["node = \"n4\""]].concat()),
    ];
    Storm {
        knobs: format!("resolve = \"{resolve}\", patience = \"20ms\""),
        network: "latency = { median = \"3ms\", p99 = \"9ms\" }\nloss = 0.02\nduplicate = 0.02",
        clients,
        kinds: format!("\"crash\", \"slow-disk\"{more}"),
        strikes: ["150ms", "1s", "11s"],
        judged: format!("holds = [\"{promise}\"]"),
        ..Storm::of("quorum")
    }
    .text()
}

/// Whatever the seed, no promise of what was acknowledged breaks.
fn keep_what_was_acknowledged<S: Iterator<Item = u64>>(seeds: impl Fn(&str) -> S) {
    let writes = r#""write x", "read x""#;
    let adds = r#""add n 1", "read n""#;
    for (resolve, asks, promise) in [
        ("version vectors", writes, "no stale read"),
        ("crdt", writes, "no stale read"),
        ("crdt", adds, "counter bounds"),
    ] {
        for more in ["", r#", "pause", "cut", "one-way", "partial", "loss", "slow-node", "clock""#] {
            let text = slow_disks(resolve, asks, more, promise);
            for seed in seeds(&format!("{resolve}, {promise}{more}")) {
                let said = verdict(&*finished(&text, seed), promise);
                assert_eq!(said, Verdict::Holds, "{resolve}: {promise}{more} with seed {seed}");
            }
        }
    }
}

#[test]
fn what_was_acknowledged_is_there_however_slow_the_disks_are() {
    keep_what_was_acknowledged(|_| 0..100);
}

#[test]
#[ignore = "soak"]
fn soak_what_was_acknowledged_is_there_however_slow_the_disks_are() {
    keep_what_was_acknowledged(|name| soak::seeds(name, 5_000));
}
