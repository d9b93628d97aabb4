//! What becomes of acknowledged writes: stores that lose some are caught, those that lose none are never blamed, and where
//! it cannot be told, the judge says so.

use crate::common::{finished, scenes, soak, verdict, watched};
use crate::storm::script::{ALL, Storm, client};
use faultline::check::Verdict;
use faultline::observe::figures;
use faultline::observe::measure::Measured;
use faultline::run::Run;

const LOST: &str = "no acknowledged write lost";

/// Writers and readers of two keys, who stop two seconds before the end, in a storm that is over a second before that.
fn storm(protocol: &'static str, knobs: &str, kinds: &str, asks: &str) -> String {
    let clients = vec![
        client("ana", asks, "60ms", &["until = \"10s\"", "node = \"n1\""]),
        client("ben", asks, "70ms", &["until = \"10s\"", "node = \"n2\""]),
        client("cleo", r#""read x", "write y""#, "80ms", &["until = \"10s\"", "node = \"n4\""]),
    ];
    let usual = Storm::of(protocol);
    let calm = "latency = { median = \"10ms\", p99 = \"60ms\" }";
    let (knobs, kinds) = (knobs.to_owned(), kinds.to_owned());
    let judged = format!("holds = [\"{LOST}\", \"no stale read\"]");
    let strikes = ["900ms", "0ms", "9s"];
    Storm { until: "14s", knobs, network: calm, sync: "500us", clients, kinds, strikes, judged, ..usual }
        .text()
}

const WRITES: &str = r#""write x", "read x""#;

#[derive(Default, Debug)]
struct Tally {
    held: u32,
    broke: u32,
    unknown: u32,
}

fn tally(text: &str, seeds: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        match verdict(&*finished(text, seed), LOST) {
            Verdict::Holds => tally.held += 1,
            Verdict::Broken(_) => tally.broke += 1,
            Verdict::Unknown(_) => tally.unknown += 1,
            Verdict::Pending | Verdict::Open => {}
        }
    }
    tally
}

/// Stores that lose nothing: protocol, knobs, and what is asked of them.
const SAFE: [(&str, &str, &str); 7] = [
    ("raft", "", WRITES),
    ("raft", "read = \"local\"", r#""append x", "insert s", "enqueue q", "dequeue q""#),
    ("raft", "pre-vote = true, check-quorum = true", r#""add x 1", "cas x 1 2", "read x""#),
    ("primary-backup", "promotion = \"majority\", acknowledge = \"majority\"", WRITES),
    ("quorum", "\"read quorum\" = 3, \"write quorum\" = 3, replicas = 5, \"write back\" = true", WRITES),
    ("quorum", "resolve = \"version vectors\"", r#""insert s""#),
    ("quorum", "resolve = \"crdt\"", r#""insert s", "add n 1""#),
];

/// In storms with these seeds, given the name of a store.
fn the_safe_are_not_blamed<S: Iterator<Item = u64>>(seeds: impl Fn(&str) -> S) {
    for (protocol, knobs, asks) in SAFE {
        let name = format!("{protocol}, {knobs}");
        let tally = tally(&storm(protocol, knobs, ALL, asks), seeds(&name));
        assert_eq!(tally.broke, 0, "{name}: {tally:?}");
        assert!(tally.held > tally.unknown, "{name}: judged too seldom, {tally:?}");
    }
}

#[test]
fn a_store_that_loses_nothing_is_never_blamed() {
    the_safe_are_not_blamed(|_| 0..12);
}

#[test]
#[ignore = "soak"]
fn soak_a_store_that_loses_nothing_is_never_blamed() {
    the_safe_are_not_blamed(|name| soak::seeds(name, 5_000));
}

#[test]
fn a_store_that_loses_writes_is_caught() {
    for (protocol, knobs, kinds, asks) in [
        ("raft", "\"vote rule\" = \"anyone\"", r#""crash", "cut", "partial""#, WRITES),
        (
            "primary-backup",
            "promotion = \"timeout\", acknowledge = \"primary\"",
            r#""cut", "partial""#,
            WRITES,
        ),
        ("causal-store", "", r#""cut""#, r#""write x""#),
        ("gossip", "", r#""crash", "cut""#, WRITES),
        (
            "quorum",
            "resolve = \"wall clock\", \"write quorum\" = 1, \"read quorum\" = 1",
            r#""cut""#,
            r#""insert s""#,
        ),
    ] {
        let tally = tally(&storm(protocol, knobs, kinds, asks), 0..24);
        assert!(tally.broke > 0, "{protocol}, {knobs}: {tally:?}");
    }
}

fn figure(run: &dyn Run, name: &str) -> Option<f64> {
    let table = figures::table(&[Measured::so_far(run)]);
    table.into_iter().find(|row| row.figure.name == name).expect("a figure").values[0]
}

#[test]
fn what_raft_is_slow_to_tell_is_stale_and_not_lost() {
    let text = r#"
title = "Stale"
protocol = "raft"
nodes = 5
seed = 1
until = "12s"
[[client]]
name = "ana"
asks = ["write x", "read x @eventual", "read x"]
every = "30ms"
node = "n1"
reads = "any"
until = "10s"
[[act]]
at = "3s"
cut = [["n1", "n2", "ana"], ["n3", "n4", "n5"]]
[[act]]
at = "6s"
heal = "all"
[[variant]]
name = "judged"
holds = ["no acknowledged write lost"]
"#;
    let run = watched(text);
    assert_eq!(verdict(&*run, LOST), Verdict::Holds);
    assert_eq!(figure(&*run, "lost writes"), Some(0.0));
    assert_eq!(figure(&*run, "untold writes"), Some(0.0));
    let stale = figure(&*run, "stale reads").expect("a count");
    assert!(stale > 0.0);
    assert_eq!(figure(&*run, "stale @eventual"), Some(stale));
    assert_eq!(figure(&*run, "stale, no level asked"), Some(0.0));
    assert_eq!(figure(&*run, "stale @causal"), None);
    let remarks = run.verdicts().into_iter().zip(run.remarks());
    let (_, remark) =
        remarks.into_iter().find(|((claim, _), _)| claim.name == "linearizable").expect("it is judged");
    let remark = remark.expect("some asked for less");
    assert!(remark.starts_with("where asked for: ") && remark.ends_with(" operations"), "{remark}");
}

#[test]
fn no_lesson_shows_a_raft_that_loses_a_write() {
    let mut judged = 0;
    for scene in scenes() {
        let mut run = scene.run();
        // One lesson is about a disk that lies; there a write may go.
        let lies = run.plan().expect.violates.iter().any(|name| name == "no acknowledged write lost");
        if run.plan().protocol == "raft" && !lies {
            run.seek(run.plan().until, u32::MAX);
            let lost = figure(&*run, "lost writes");
            assert!(lost.is_none_or(|lost| lost == 0.0), "{}: {lost:?}", scene.title());
            judged += u32::from(lost.is_some());
        }
    }
    assert!(judged > 3, "{judged}");
}

/// Two heads, then one history again: what the other head took is thrown away.
fn two_heads(heal: &str, until: &str) -> String {
    format!(
        r#"
title = "Two heads"
protocol = "primary-backup"
nodes = 5
seed = 5
until = "{until}"
knobs = {{ promotion = "timeout", acknowledge = "primary" }}
[[client]]
name = "ana"
asks = ["write x"]
every = "100ms"
node = "n1"
until = "6s"
[[client]]
name = "ben"
asks = ["write x"]
every = "300ms"
node = "n3"
until = "6s"
[[act]]
at = "3s"
cut = [["n1", "n2", "ana"], ["n3", "n4", "n5", "ben"]]
[[act]]
at = "8s"
{heal}
[[variant]]
name = "judged"
holds = ["{LOST}"]
"#
    )
}

#[test]
fn what_was_confirmed_and_thrown_away_is_counted() {
    let run = watched(&two_heads("heal = \"all\"", "12s"));
    let Verdict::Broken(violation) = verdict(&*run, LOST) else { panic!("{:?}", verdict(&*run, LOST)) };
    assert!(
        violation.at.0 > 8_000_000 && violation.at.0 < 9_000_000,
        "found when it happens: {}",
        violation.at
    );
    // ana's, since the cut; a moment before, some may have reached n1 and no other.
    let trace = run.trace();
    let ana = trace.ops[0].client;
    let confirmed = |at: fn(&faultline::sim::trace::Operation) -> Option<faultline::sim::EventId>| {
        let after = |op: &&faultline::sim::trace::Operation| {
            let at = at(op).and_then(|event| trace.get(event));
            op.client == ana && op.ended.is_some() && at.is_some_and(|event| event.at.0 > 3_000_000)
        };
        trace.ops.iter().filter(after).count() as f64
    };
    let lost = figure(&*run, "lost writes").expect("some are judged");
    let (least, most) = (confirmed(|op| Some(op.invoked)), confirmed(|op| Some(op.ended.as_ref()?.0)));
    assert!((least..=most).contains(&lost) && least > 20.0, "{lost} of {least} to {most}");
    assert_eq!(figure(&*run, "untold writes"), Some(0.0));
}

#[test]
fn a_judge_that_cannot_tell_says_so() {
    let why = |text: &str| match verdict(&*watched(text), LOST) {
        Verdict::Unknown(why) => why,
        other => panic!("{other:?}"),
    };
    assert!(why(&two_heads("say = \"Nothing.\"", "12s")).starts_with("not healed"));
    assert!(why(&two_heads("crash = \"n1\"", "12s")).starts_with("not healed"));
    let writing = two_heads("heal = \"all\"", "12s").replace(
        "[[act]]\nat = \"3s\"\ncut = [[\"n1\", \"n2\", \"ana\"], [\"n3\", \"n4\", \"n5\", \"ben\"]]",
        "",
    );
    let writing = writing
        .replace("until = \"6s\"", "timeout = \"400ms\"")
        .replace("every = \"100ms\"", "every = \"1ms\"");
    assert!(why(&writing).starts_with("not at rest"));
    // An echo keeps to itself what it remembers.
    let echo = two_heads("heal = \"all\"", "12s").replace("primary-backup", "echo");
    let echo = echo.replace("knobs = { promotion = \"timeout\", acknowledge = \"primary\" }", "");
    assert!(why(&echo).contains("do not show"));
    let silent = two_heads("heal = \"all\"", "12s").replace("write x", "read x");
    assert_eq!(verdict(&*watched(&silent), LOST), Verdict::Pending);
}

#[test]
fn before_the_end_nothing_is_promised() {
    let mut run = watched(&two_heads("heal = \"all\"", "12s"));
    run.seek(faultline::sim::Time(2_000_000), u32::MAX);
    assert_eq!(verdict(&*run, LOST), Verdict::Pending);
}
