//! Primary–backup replication under storms of every fault there is: with views and majorities it keeps its promises,
//! and each rule that is left out is caught.

use faultline::check::Verdict;
use faultline::run::{Frame, Run, cast, sweep};
use faultline::scenario::{Overrides, Script};
use faultline::sim::{Call, Micros, Outcome, Time, Value};

use crate::common::{breach, finished, soak};
use crate::storm::script::{ALL, Storm, client};

/// What takes no clock away.
const NO_CLOCKS: &str = r#""crash", "pause", "cut", "one-way", "partial", "loss", "slow-disk", "slow-node""#;

/// Clients that write, add, compare and set, and ask again when no answer comes.
pub fn storm(knobs: &str, kinds: &str) -> String {
    storm_over("primary-backup", knobs, kinds)
}

/// The same over any protocol whose operations are linearizable.
pub fn storm_over(protocol: &'static str, knobs: &str, kinds: &str) -> String {
    let once = "timeout = \"400ms\"";
    let again = "retry = { policy = \"immediate\", attempts = 4, attempt = \"150ms\" }";
    let clients = vec![
        client("ana", r#""write x", "add y 1", "read x""#, "90ms", &[once]),
        client("ben", r#""write x", "read y", "write z 5""#, "120ms", &[once]),
        client("cleo", r#""cas z 5 1", "read z", "add y 3""#, "110ms", &[again]),
        client("dan", r#""cas z 1 5", "write z 1", "read y""#, "130ms", &[again]),
    ];
    let judged = "level = \"linearizable\"\nholds = [\"linearizable\"]".to_owned();
    let (knobs, kinds) = (knobs.to_owned(), kinds.to_owned());
    Storm { knobs, kinds, clients, judged, ..Storm::of(protocol) }.text()
}

/// How many of these storms break each promise, and after how many no server serves.
fn tally(text: &str, seeds: impl Iterator<Item = u64>) -> (Vec<(&'static str, u64)>, u64) {
    let mut broken: Vec<(&'static str, u64)> = Vec::new();
    let mut idle = 0;
    for seed in seeds {
        let run = finished(text, seed);
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

/// Five quiet seconds after the storm a server leads and all servers have what is done.
fn serves(run: &dyn Run) -> bool {
    let mut frame = Frame::default();
    run.frame(Micros(0), &mut frame);
    let logs = || frame.nodes.iter().filter_map(|node| node.inspect.log.as_ref());
    let most = logs().map(|log| log.commit).max().unwrap_or(0);
    most > 0 && logs().all(|log| log.commit + 5 >= most)
}

pub const SAFE: &str = r#"promotion = "majority", acknowledge = "majority""#;

/// In none of these storms a promise breaks, and after each there is a server that serves.
fn weather(knobs: &str, seeds: impl Iterator<Item = u64>) {
    let (broken, idle) = tally(&storm(knobs, ALL), seeds);
    assert!(broken.iter().any(|(name, _)| *name == "linearizable"), "{broken:?}");
    assert!(broken.iter().all(|(_, count)| *count == 0), "{broken:?}");
    assert_eq!(idle, 0, "after this number of storms no server serves");
}

/// One server after another crashes, each after the one before is back: what a server forgets the others know.
fn one_after_another(knobs: &str, seed: u64) -> String {
    let act = |i: u64| {
        let node = 1 + (seed + i * 7 + i * i) % 5;
        let at = 1_000 + 1_500 * i + (seed * 37 + i * 101) % 700;
        format!(
            "[[act]]\nat = \"{at}ms\"\ncrash = \"n{node}\"\n[[act]]\nat = \"{}ms\"\nrestart = \"n{node}\"\n",
            at + 1 + (seed * 13 + i * 29) % 400
        )
    };
    let acts: String = (0..7).map(act).collect();
    // No server is cut off for long: one that cannot hear the others is still one that has forgotten when the next
    // crashes, and of more than two of five that have forgotten none ever comes back.
    let calm = storm(knobs, "\"loss\", \"slow-disk\"");
    let (head, variant) = calm.split_once("[[variant]]").expect("it has one");
    format!("{head}{acts}[[variant]]{variant}")
}

/// Servers that keep no log on disk, and crash one after another.
pub fn forgetful(knobs: &str, seeds: impl Iterator<Item = u64>) -> (u64, u64) {
    let (mut broken, mut idle) = (0, 0);
    for seed in seeds {
        let (promises, silent) = tally(&one_after_another(knobs, seed), seed..=seed);
        broken += promises.iter().map(|(_, count)| count.min(&1)).max().unwrap_or(&0);
        idle += silent;
    }
    (broken, idle)
}

#[test]
fn views_and_majorities_keep_every_promise_and_come_back() {
    weather(SAFE, 0..100);
}

#[test]
fn what_servers_forget_the_others_know() {
    assert_eq!(forgetful(&format!("{SAFE}, keep = \"view\""), 0..60), (0, 0));
    // Where more of them may have forgotten at once, none may serve any more; nothing is lost without a word.
    let (broken, _) = tally(&storm(&format!("{SAFE}, keep = \"view\""), ALL), 0..60);
    assert!(broken.iter().all(|(_, count)| *count == 0), "{broken:?}");
}

#[test]
#[ignore = "soak"]
fn soak_storms() {
    weather(SAFE, soak::seeds("views and majorities", 5_000));
    let keeps = format!("{SAFE}, keep = \"view\"");
    assert_eq!(forgetful(&keeps, soak::seeds("forgetful servers", 5_000)), (0, 0));
    let (broken, _) = tally(&storm(&keeps, ALL), soak::seeds("forgetful servers in storms", 5_000));
    assert!(broken.iter().all(|(_, count)| *count == 0), "{broken:?}");
    let seeds = soak::seeds("bounded reads", 5_000);
    let (old, reads) = seeds.map(|seed| bounded(BOUNDED, seed)).fold((0, 0), add);
    assert!((old, reads > 0) == (0, true), "{old} too old of {reads}");
}

#[test]
fn what_is_left_out_is_caught() {
    let count = |knobs: &str, name: &str| {
        let (broken, _) = tally(&storm(knobs, ALL), 0..60);
        broken.iter().find(|(other, _)| *other == name).map_or(0, |(_, count)| *count)
    };
    let by_timeout = "promotion = \"timeout\", acknowledge = \"majority\"";
    assert!(count(by_timeout, "one primary at a time") > 30);
    assert!(count(by_timeout, "failover keeps acknowledged writes") > 10);
    let alone = "promotion = \"majority\", acknowledge = \"primary\"";
    assert!(count(alone, "failover keeps acknowledged writes") > 10);
    assert!(count(&format!("{SAFE}, sessions = false"), "linearizable") > 10);
    let (broken, _) = forgetful(&format!("{SAFE}, keep = \"view\", recovery = false"), 0..60);
    assert!(broken >= 2, "{broken}");
}

/// A scenario of this folder under many seeds.
fn holds(file: &str, name: &str) {
    let path = crate::common::top().join("tests/primary_backup").join(file);
    let text = std::fs::read_to_string(path).expect("it is there");
    for seed in 0..50 {
        assert_eq!(breach(&*finished(&text, seed), name), None, "{file}, seed {seed}");
    }
}

#[test]
fn a_first_start_is_not_a_return() {
    for name in ["linearizable", "failover keeps acknowledged writes", "no acknowledged write lost"] {
        holds("slow-first-sync.toml", name);
    }
}

#[test]
fn what_was_refused_has_no_effect() {
    holds("compare-and-set.toml", "linearizable");
}

/// Of a run with one writer whose values grow: how many reads there are, and how many are older than the bound: the
/// value is of a write that was over before another began that was acknowledged that long before the read.
fn too_old(text: &str, seed: u64, bound: Micros) -> (usize, usize) {
    let script = Script::read(text).expect("it reads");
    let over = Overrides { seed: Some(seed), ..Overrides::default() };
    let plan = script.plan(text, &faultline::run::cast::roles(), None, &over).expect("it has a plan");
    let mut run = cast::play(plan).expect("its protocol is in the cast");
    sweep::finish(&mut *run);
    let trace = run.trace();
    let at = |event: faultline::sim::EventId| trace.events[event.0 as usize].at;
    // Value, begin, and end if it was acknowledged.
    let mut writes: Vec<(i64, Time, Option<Time>)> = vec![(0, Time::ZERO, Some(Time::ZERO))];
    for op in &trace.ops {
        if let Call::Write { value, .. } = op.call {
            let end = op.ended.as_ref().filter(|(_, outcome)| matches!(outcome, Outcome::Ok(_)));
            writes.push((value, at(op.invoked), end.map(|(end, _)| at(*end))));
        }
    }
    let (mut reads, mut old) = (0, 0);
    for op in &trace.ops {
        let (Call::Read { .. }, Some((_, Outcome::Ok(value)))) = (&op.call, &op.ended) else { continue };
        reads += 1;
        let value = if let Value::Int(value) = value { *value } else { 0 };
        let end = writes.iter().find(|(other, ..)| *other == value).and_then(|(.., end)| *end);
        let Some(over) = end else { continue };
        let begun = at(op.invoked);
        let newer = |(_, begin, end): &(i64, Time, Option<Time>)| {
            *begin > over && end.is_some_and(|end| end + bound < begun)
        };
        old += usize::from(writes.iter().any(newer));
    }
    (reads, old)
}

const BOUND: Micros = Micros::from_millis(200);
pub const BOUNDED: &str = r#"promotion = "majority", acknowledge = "majority", read = "bounded""#;

/// How many reads of a storm are too old, and how many there are.
pub fn bounded(knobs: &str, seed: u64) -> (usize, usize) {
    let text = storm(knobs, NO_CLOCKS);
    let (head, rest) = text.split_once("[[client]]").expect("clients");
    let (_, nemesis) = rest.split_once("[nemesis]").expect("a nemesis");
    let (nemesis, _) = nemesis.split_once("[[variant]]").expect("a variant");
    let clients = r#"
[[client]]
name = "ana"
asks = ["write x"]
every = "50ms"
[[client]]
name = "ben"
asks = ["read x"]
every = "30ms"
reads = "any"
"#;
    let (reads, old) = too_old(&format!("{head}{clients}[nemesis]{nemesis}"), seed, BOUND);
    (old, reads)
}

fn add(sum: (usize, usize), more: (usize, usize)) -> (usize, usize) {
    (sum.0 + more.0, sum.1 + more.1)
}

#[test]
fn a_copy_behind_a_slow_link_is_not_taken_for_a_fresh_one() {
    let text = std::fs::read_to_string(crate::common::top().join("tests/primary_backup/slow-link.toml"));
    let text = text.expect("it is there");
    for seed in 0..20 {
        let (reads, old) = too_old(&text, seed, BOUND);
        assert!(reads > 80 && old == 0, "seed {seed}: {old} of {reads}");
    }
    let trusting = text.replace("read = \"bounded\"", "read = \"bounded\", \"bound from\" = \"hearing\"");
    let (_, old) = too_old(&trusting, 4, BOUND);
    assert!(old > 10, "{old}");
}

#[test]
fn a_bound_holds_in_every_storm() {
    let (old, reads) = (0..30).map(|seed| bounded(BOUNDED, seed)).fold((0, 0), add);
    assert!(old == 0 && reads > 3_000, "{old} of {reads}");
    let (old, _) = (0..30)
        .map(|seed| bounded(&format!("{BOUNDED}, \"bound from\" = \"hearing\""), seed))
        .fold((0, 0), add);
    assert!(old > 0, "{old}");
    for promotion in ["never", "timeout"] {
        let knobs = format!("promotion = \"{promotion}\", acknowledge = \"all\", read = \"bounded\"");
        let (old, reads) = (0..10).map(|seed| bounded(&knobs, seed)).fold((0, 0), add);
        assert!(old == 0 && reads > 100, "{promotion}: {old} of {reads}");
    }
}
