//! Promises in numbers, and of convergence, in real runs.

use faultline::check::{Verdict, Violation};
use faultline::run::{Frame, Run, Session};
use faultline::sim::{Event, Micros, NodeId, Time, What};

use crate::common::verdict;

const HEAD: &str = "title = \"T\"\nnodes = 3\nseed = 7\nuntil = \"20s\"\n";

fn finished(text: &str) -> Session {
    let mut session = Session::open("test", &format!("{HEAD}{text}")).unwrap_or_else(|slip| panic!("{slip}"));
    session.run_mut().seek(Time(20_000_000), u32::MAX);
    assert_eq!(session.run().halted(), None);
    session
}

fn breach(run: &dyn Run, name: &str) -> Violation {
    crate::common::breach(run, name).unwrap_or_else(|| panic!("{name} holds"))
}

/// A leader that crashes at 5 s; somebody follows it, sooner or later.
fn failover(timeout: &str, objectives: &str) -> Session {
    finished(&format!(
        r#"
protocol = "raft"
[knobs]
"election timeout" = "{timeout}"
[objectives]
from = "2s"
{objectives}
[[client]]
name = "ana"
asks = ["write x", "read x"]
arrivals = {{ rate = 50 }}
timeout = "400ms"
[[act]]
at = "100ms"
fire = "n1"
[[act]]
at = "5s"
crash = "n1"
[[variant]]
name = "one"
holds = ["clients get answers", "latency objective", "recovers in time"]
"#
    ))
}

const ALL: [&str; 3] = ["clients get answers", "latency objective", "recovers in time"];

#[test]
fn a_short_election_costs_little() {
    let objectives =
        "availability = 0.5\nlatency = { percentile = 0.5, below = \"500ms\" }\nrecovery = \"2s\"";
    let session = failover("150ms", objectives);
    for name in ALL {
        assert_eq!(verdict(session.run(), name), Verdict::Holds, "{name}");
    }
}

#[test]
fn a_long_election_costs_what_was_promised() {
    let objectives =
        "availability = 0.99\nlatency = { percentile = 0.99, below = \"20ms\" }\nrecovery = \"1s\"";
    let session = failover("6s", objectives);
    let run = session.run();
    let availability = breach(run, "clients get answers");
    assert!((Time(6_000_000)..Time(7_100_000)).contains(&availability.at), "{availability:?}");
    let gave_up = |violation: &Violation| {
        let events = violation.evidence.events.iter().filter_map(|event| run.trace().get(*event));
        events.filter(|event| matches!(event.what, What::TimedOut { .. })).count()
    };
    assert!(gave_up(&availability) > 5, "{availability:?}");
    assert!(breach(run, "latency objective").evidence.text.contains("were not answered in less than 20 ms"));
    // n1 stays down: only the end of the run tells that nothing else will be done to it.
    let late = breach(run, "recovers in time");
    assert!(late.at > Time(19_000_000), "{late:?}");
    assert!(late.evidence.text.contains("The last fault was at 5.000 s"), "{late:?}");
    assert!(gave_up(&late) > 5, "{late:?}");
}

#[test]
fn once_all_is_whole_a_late_recovery_is_noticed_when_it_is_late() {
    let session = finished(
        r#"
protocol = "raft"
[knobs]
"election timeout" = "8s"
[objectives]
recovery = "3s"
[[client]]
name = "ana"
asks = ["write x"]
every = "100ms"
[[act]]
at = "10ms"
fire = "n1"
[[act]]
at = "2s"
crash = "n1"
[[act]]
at = "2500ms"
restart = "n1"
[[variant]]
name = "one"
violates = ["recovers in time"]
"#,
    );
    let violation = breach(session.run(), "recovers in time");
    // Two operations of the window without an answer are too many of ten, and each waits for a second.
    assert!((Time(6_500_000)..Time(9_600_000)).contains(&violation.at), "{violation:?}");
}

#[test]
fn a_judge_that_looks_back_says_the_same() {
    let mut session = failover(
        "6s",
        "availability = 0.9\nrecovery = \"1s\"\nlatency = { percentile = 0.9, below = \"1s\" }",
    );
    let before: Vec<Verdict> = ALL.iter().map(|name| verdict(session.run(), name)).collect();
    for at in [3_000_000, 9_000_000, 1_000_000, 20_000_000] {
        session.run_mut().seek(Time(at), u32::MAX);
    }
    let after: Vec<Verdict> = ALL.iter().map(|name| verdict(session.run(), name)).collect();
    assert_eq!(before, after);
}

/// Rumours that start at 1 s, and how long a node passes one on.
fn rumours(tell: u32, more: &str) -> Session {
    finished(&format!(
        r#"
protocol = "gossip"
knobs = {{ tell = {tell} }}
{more}
[[client]]
name = "ana"
asks = ["write x"]
every = "200ms"
until = "3s"
[[act]]
at = "2s"
cut = [["n3"], ["n1", "n2"]]
[[act]]
at = "8s"
heal = "all"
[[variant]]
name = "one"
holds = ["replicas converge"]
"#
    ))
}

#[test]
fn replicas_that_tell_each_other_converge() {
    assert_eq!(verdict(rumours(0, "").run(), "replicas converge"), Verdict::Holds);
    assert_eq!(
        verdict(rumours(0, "[objectives]\nrecovery = \"5s\"").run(), "replicas converge"),
        Verdict::Holds
    );
}

#[test]
fn replicas_that_grow_silent_do_not() {
    let session = rumours(2, "");
    let violation = breach(session.run(), "replicas converge");
    assert!(violation.at > Time(19_000_000), "{violation:?}");
    assert_eq!(violation.evidence.nodes, [NodeId(2)]);
    assert!(
        violation.evidence.text.contains("; ") && violation.evidence.text.ends_with("at n3."),
        "{violation:?}"
    );
    assert_eq!(violation.evidence.events.len(), 1);
    let session = rumours(2, "[objectives]\nrecovery = \"5s\"");
    assert!((Time(13_000_000)..Time(14_000_000)).contains(&breach(session.run(), "replicas converge").at));
}

/// Three nodes, of which two keep each key; n3 is cut off while they are written.
fn some_copies(knobs: &str) -> Session {
    finished(&format!(
        r#"
protocol = "quorum"
knobs = {{ replicas = 2, "write quorum" = 1, "read quorum" = 1, {knobs} }}
[[client]]
name = "ana"
asks = ["write x", "write y", "write z", "write u"]
every = "100ms"
until = "4s"
[[act]]
at = "1s"
cut = [["n3"], ["n1", "n2"]]
[[act]]
at = "8s"
heal = "all"
[[variant]]
name = "one"
holds = ["replicas converge"]
"#
    ))
}

#[test]
fn a_node_that_keeps_no_copy_of_a_key_need_not_have_one() {
    let mending = some_copies("\"anti-entropy\" = \"500ms\"");
    assert_eq!(verdict(mending.run(), "replicas converge"), Verdict::Holds);
    let idle = some_copies("\"anti-entropy\" = \"0ms\", \"hinted hand-off\" = false");
    let found = breach(idle.run(), "replicas converge").evidence;
    assert_eq!(found.nodes.len(), 1, "{found:?}");
    assert_eq!(found.text.matches(" at n").count(), 2, "{found:?}");
}

#[test]
fn while_a_client_writes_replicas_need_not_agree() {
    let session = finished(
        r#"
protocol = "gossip"
knobs = { every = "1s" }
[[client]]
name = "ana"
asks = ["write x"]
every = "100ms"
[[act]]
at = "19800ms"
hold = [["ana"], ["n1", "n2", "n3"]]
[[variant]]
name = "one"
holds = ["replicas converge"]
"#,
    );
    let mut frame = Frame::default();
    session.run().frame(Micros(0), &mut frame);
    assert_ne!(frame.nodes[0].inspect.holds, frame.nodes[1].inspect.holds);
    assert_eq!(verdict(session.run(), "replicas converge"), Verdict::Pending);
}

/// Raft under a recovery objective of one second, while from 3 s to 9 s something is wrong.
fn trouble(wrong: &str, mended: &str) -> Session {
    finished(&format!(
        r#"
protocol = "raft"
[objectives]
recovery = "1s"
[[client]]
name = "ana"
asks = ["write x"]
every = "100ms"
[[act]]
at = "3s"
{wrong}
[[act]]
at = "9s"
{mended}
[[variant]]
name = "one"
holds = ["recovers in time"]
"#
    ))
}

#[test]
fn no_cluster_recovers_while_every_message_is_lost() {
    for links in ["", "between = [[\"ana\"], [\"n1\", \"n2\", \"n3\"]], "] {
        let weather = |loss: &str| format!("weather = {{ {links}loss = {loss} }}");
        let session = trouble(&weather("1.0"), &weather("0.0"));
        assert_eq!(verdict(session.run(), "recovers in time"), Verdict::Holds, "{links}");
        let session = trouble(&weather("0.999"), &weather("0.0"));
        assert!(breach(session.run(), "recovers in time").at < Time(9_000_000), "{links}");
    }
}

#[test]
fn nothing_is_whole_while_a_message_is_kept() {
    let text = |keep: &str| {
        format!(
            r#"
protocol = "gossip"
knobs = {{ tell = 2 }}
[objectives]
recovery = "2s"
[[client]]
name = "ana"
asks = ["write x"]
every = "200ms"
until = "3s"
[[client]]
name = "ben"
asks = ["read x"]
every = "200ms"
[[act]]
at = "2s"
cut = [["n3"], ["n1", "n2"]]
[[act]]
at = "8s"
heal = "all"
{keep}
[[variant]]
name = "one"
holds = ["replicas converge"]
"#
        )
    };
    let session = finished(&text(""));
    let trace = session.run().trace();
    assert!(breach(session.run(), "replicas converge").at < Time(11_000_000));
    let sent = |event: &Event| matches!(event.what, What::Sent { .. }) && event.at > Time(8_500_000);
    let message = trace.events.iter().position(sent).expect("ben reads");
    let at = trace.events[message].at;
    let keep = format!("[[act]]\nat = \"{}us\"\nkeep = {message}", at.0);
    let kept = breach(finished(&text(&keep)).run(), "replicas converge");
    assert!(kept.at > Time(19_000_000), "{kept:?}");
}
