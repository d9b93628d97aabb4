//! What is told of a run: acts without effect, answers in the words of their operations, promises that are not decided
//! yet, and operations that were never answered.

use faultline::check::Verdict;
use faultline::observe::figures;
use faultline::observe::measure::Measured;
use faultline::run::story::Kind;
use faultline::run::{Frame, Session, sweep};
use faultline::sim::{Micros, Time};

use crate::common::verdict;

const ODD_ACTS: &str = include_str!("scripts/odd-acts.toml");
const VERBS: &str = include_str!("scripts/verbs.toml");
const IDLE: &str = include_str!("scripts/idle.toml");

#[test]
fn clients_that_ask_for_nothing_are_owed_nothing() {
    assert_eq!(verdict(finished(IDLE).run(), "progress"), Verdict::Holds);
    // They wait, and nothing comes.
    let dead = IDLE.replace("until = \"3s\"", "").replace(
        "[[variant]]",
        "[[act]]\nat = \"3s\"\ncrash = \"n1\"\n[[act]]\nat = \"3s\"\ncrash = \"n2\"\n[[variant]]",
    );
    assert!(matches!(verdict(finished(&dead).run(), "progress"), Verdict::Broken(_)));
}

fn finished(text: &str) -> Session {
    let mut session = Session::open("test", text).unwrap_or_else(|slip| panic!("{slip}"));
    sweep::finish(session.run_mut());
    session
}

fn lines(session: &mut Session, kind: Kind) -> Vec<String> {
    session.run_mut().story().into_iter().filter(|line| line.kind == kind).map(|line| line.text).collect()
}

#[test]
fn an_act_without_effect_is_told_as_one() {
    let mut session = finished(ODD_ACTS);
    assert_eq!(
        lines(&mut session, Kind::Act),
        [
            "n2 crashes",
            "\"n2 crashes\" had no effect: n2 is down",
            "\"n2 is paused\" had no effect: n2 is down",
            "the clock of n2 jumps back by 540 s",
            "\"the next timer of n2 goes off now\" had no effect: n2 is down",
            "n2 works 5 times as slowly",
            "you ask n2 to write x 999",
            "n2 starts again",
            "\"n2 starts again\" had no effect: n2 is up",
            "\"n2 is resumed\" had no effect: n2 is not paused",
            "\"n1 is resumed\" had no effect: n1 is not paused",
            "n3 is paused",
            "n3 crashes",
            "n3 starts again",
            "\"a message is dropped\" had no effect: event 1 sent no message",
            "\"a message arrives at once\" had no effect: event 4000000 sent no message",
            "\"the network heals\" had no effect: nothing there is cut or held",
            "n1 crashes",
        ]
    );
}

#[test]
fn looking_back_tells_the_same_of_acts() {
    let mut session = finished(ODD_ACTS);
    let before = lines(&mut session, Kind::Act);
    for at in [500_000, 2_050_000, 1_150_000, 8_000_000] {
        session.run_mut().seek(Time(at), u32::MAX);
    }
    assert_eq!(lines(&mut session, Kind::Act), before);
}

/// Acts at 1 s, one after the other, and what each has to say.
fn acts(pairs: &[(&str, &str)]) {
    let head = "title = \"T\"\nprotocol = \"raft\"\nnodes = 3\nseed = 1\nuntil = \"3s\"\n";
    let acts: String = pairs.iter().map(|(act, _)| format!("[[act]]\nat = \"1s\"\n{act}\n")).collect();
    let mut session = finished(&format!("{head}{acts}"));
    let told = lines(&mut session, Kind::Act);
    let why = |line: &String| line.split_once(" had no effect: ").map_or("", |(_, why)| why).to_owned();
    let told: Vec<(&str, String)> = pairs.iter().map(|(act, _)| *act).zip(told.iter().map(why)).collect();
    let wanted: Vec<(&str, String)> = pairs.iter().map(|(act, why)| (*act, (*why).to_owned())).collect();
    assert_eq!(told, wanted);
}

#[test]
fn every_fault_in_every_state_says_whether_it_did_anything() {
    acts(&[
        ("pause = \"n1\"", ""),
        ("pause = \"n1\"", "n1 is paused already"),
        ("fire = \"n1\"", ""),
        ("resume = \"n1\"", ""),
        ("resume = \"n1\"", "n1 is not paused"),
        ("crash = \"n1\"", ""),
        ("resume = \"n1\"", "n1 is down"),
        ("restart = \"n1\"", ""),
        ("slow = { node = \"n1\", times = 1.0 }", "it is so already"),
        ("slow = { node = \"n1\", times = 3.0 }", ""),
        ("slow = { node = \"n1\", times = 3.0 }", "it is so already"),
        ("clock = { node = \"n1\", jump = \"0s\" }", "the jump is 0 long"),
        ("clock = { node = \"n1\", drift = 0 }", "it is so already"),
        ("clock = { node = \"n1\", drift = 5 }", ""),
        ("disk = { node = \"n1\", sync = \"77ms\" }", ""),
        ("disk = { node = \"n1\", sync = \"77ms\" }", "it is so already"),
        ("cut = [[\"n1\"], [\"n2\"]]", ""),
        ("cut = { from = [\"n1\"], to = [\"n2\"] }", "it is cut already"),
        ("cut = [[\"n1\"], [\"n2\", \"n3\"]]", ""),
        ("heal = [[\"n2\"], [\"n3\"]]", "nothing there is cut or held"),
        ("hold = [[\"n2\"], [\"n3\"]]", ""),
        ("hold = { each = [[\"n2\", \"n3\"]] }", "they are held already"),
        ("heal = [[\"n2\"], [\"n3\"]]", ""),
        ("heal = \"all\"", ""),
        ("heal = \"all\"", "nothing there is cut or held"),
        ("weather = { loss = 0.0 }", "it is so already"),
        ("weather = { loss = 0.5 }", ""),
        ("weather = { between = [[\"n1\"], [\"n2\"]], loss = 0.5 }", "it is so already"),
        ("weather = { between = [[\"n1\"], [\"n2\"]], loss = 0.0 }", ""),
        ("weather = { loss = 0.5 }", ""),
        ("weather = { loss = 0.5 }", "it is so already"),
    ]);
}

#[test]
fn what_is_done_to_a_message_says_what_became_of_it() {
    let head = "title = \"T\"\nprotocol = \"raft\"\nnodes = 3\nseed = 1\nuntil = \"3s\"\n";
    let session = finished(head);
    let trace = session.run().trace();
    let sent = |event: &faultline::sim::Event| matches!(event.what, faultline::sim::What::Sent { .. });
    let message = trace.events.iter().position(sent).expect("somebody stands for election");
    let at = trace.events[message].at;
    let act = |after: u64, what: &str| format!("[[act]]\nat = \"{}us\"\n{what}\n", at.0 + after);
    let text = [
        act(0, &format!("release = {message}")),
        act(0, &format!("delay = {{ message = {message}, by = \"0s\" }}")),
        act(0, &format!("keep = {message}")),
        act(0, &format!("keep = {message}")),
        act(0, &format!("release = {message}")),
        act(0, &format!("drop = {message}")),
        act(0, &format!("drop = {message}")),
        act(900_000, &format!("deliver = {}", message + 1)),
    ];
    let mut session = finished(&format!("{head}{}", text.concat()));
    let told = lines(&mut session, Kind::Act);
    assert_eq!(told[0], "\"a held message goes on\" had no effect: it is not held");
    assert!(told[1].ends_with("had no effect: it would arrive at the same time"), "{told:?}");
    assert_eq!(told[2], "a message is held where it is");
    assert_eq!(told[3], "\"a message is held where it is\" had no effect: it is held already");
    assert_eq!(told[4..6], ["a held message goes on", "a message is dropped"]);
    assert_eq!(told[6], "\"a message is dropped\" had no effect: it is lost");
    assert!(told[7].contains(" had no effect: "), "{told:?}");
}

#[test]
fn answers_are_told_in_the_words_of_their_operations() {
    let mut session = finished(VERBS);
    let told = lines(&mut session, Kind::Client);
    let first = |call: &str| told.iter().find(|line| line.starts_with(call)).cloned().unwrap_or_default();
    for (call, heard) in [
        ("acquire m", "ok"),
        ("release m", "ok"),
        ("insert s 1", "ok"),
        ("remove s 1", "ok"),
        ("read s", "ok, []"),
        ("enqueue q 2", "ok"),
        ("dequeue q", "ok, 2"),
        ("append l 3", "ok"),
        ("read l", "ok, [3]"),
        ("add c 1", "ok, 1"),
        ("cas x 0 1", "failed: the value is another"),
        ("write x 0", "ok"),
        ("read nope", "ok, nothing there"),
    ] {
        assert_eq!(first(call), format!("{call}: {heard}"));
    }
    assert!(told.contains(&"dequeue q: ok, the queue is empty".to_owned()), "{told:?}");
    assert!(told.contains(&"cas x 0 1: ok".to_owned()), "{told:?}");
    let nothing = told.iter().filter(|line| line.contains("nothing there"));
    assert!(nothing.clone().all(|line| line.starts_with("read ")), "{told:?}");
}

#[test]
fn a_client_never_heard_nothing_when_it_was_done() {
    let mut session = Session::open("verbs", VERBS).unwrap_or_else(|slip| panic!("{slip}"));
    let mut frame = Frame::default();
    let mut heard = Vec::new();
    for step in 0..500 {
        session.run_mut().seek(Time(step * 10_000), u32::MAX);
        session.run().frame(Micros(0), &mut frame);
        heard.extend(frame.clients[0].heard.clone());
    }
    assert!(heard.iter().any(|(_, outcome)| outcome == "ok"));
    assert!(heard.iter().all(|(_, outcome)| outcome != "nothing"));
}

#[test]
fn a_promise_of_liveness_holds_only_when_all_has_come() {
    let gossip = crate::common::scenes().into_iter().find(|scene| scene.title() == "gossip.told for ever");
    let mut session = gossip.expect("the lesson").session();
    let name = "rumours reach everybody";
    let mut early = 0;
    for at in (0..15_900).step_by(300) {
        session.run_mut().seek(Time(at * 1_000), u32::MAX);
        let mut frame = Frame::default();
        session.run().frame(Micros(0), &mut frame);
        let know = frame.nodes.iter().filter(|node| !node.inspect.holds.is_empty()).count();
        match verdict(session.run(), name) {
            Verdict::Holds => assert_eq!(know, frame.nodes.len(), "at {at} ms"),
            Verdict::Open => early += 1,
            other => assert_eq!(other, Verdict::Pending, "at {at} ms"),
        }
    }
    assert!(early > 5);
    sweep::finish(session.run_mut());
    assert_eq!(verdict(session.run(), name), Verdict::Holds);
}

#[test]
fn a_run_that_ends_too_early_does_not_keep_its_promise() {
    let text = "title = \"T\"\nprotocol = \"gossip\"\nnodes = 40\nseed = 1\nuntil = \"1s\"\n\
                [[client]]\nname = \"ana\"\nasks = [\"write x\"]\nevery = \"10s\"\n\
                [[variant]]\nname = \"one\"\nholds = [\"rumours reach everybody\"]\n";
    let mut session = Session::open("test", text).unwrap_or_else(|slip| panic!("{slip}"));
    let result = sweep::finish(session.run_mut());
    assert_eq!(verdict(session.run(), "rumours reach everybody"), Verdict::Open);
    assert_eq!(result.unjudged, ["rumours reach everybody"]);
    let mut tally = sweep::Tally::default();
    tally.add(1, result);
    assert!(!tally.is_met(&session.run().plan().expect), "what was never judged does not hold");
}

/// A service of which nothing is left at 2 s; the client asks in this way.
fn stalled(pace: &str) -> Session {
    finished(&format!(
        "title = \"T\"\nprotocol = \"raft\"\nnodes = 3\nseed = 7\nuntil = \"10s\"\n\
         [[client]]\nname = \"ana\"\nasks = [\"write x\"]\n{pace}\n\
         [[act]]\nat = \"2s\"\ncrash = \"n1\"\n[[act]]\nat = \"2s\"\ncrash = \"n2\"\n"
    ))
}

fn figure(session: &Session, name: &str) -> String {
    let rows = figures::table(&[Measured::so_far(session.run())]);
    rows.iter().find(|row| row.figure.name == name).map_or_else(String::new, |row| row.show(0))
}

#[test]
fn what_is_never_answered_is_slower_than_any_answer() {
    let open = stalled("arrivals = { rate = 50 }\ntimeout = \"1s\"");
    assert_eq!(figure(&open, "p90 latency"), "unanswered");
    assert_eq!(figure(&open, "p99 latency"), "unanswered");
    // Nobody gives up: what waits for longer than any answer took is not answered either.
    let patient = stalled("arrivals = { rate = 50 }\ntimeout = \"60s\"");
    assert_eq!(figure(&patient, "p90 latency"), "unanswered");
    assert_eq!(figure(&patient, "gave up"), "0");
    assert!(Measured::so_far(patient.run()).counts.hung > 100);
}

#[test]
fn what_a_closed_loop_leaves_out_is_said() {
    let closed = stalled("every = \"20ms\"\ntimeout = \"60s\"");
    let counts = Measured::so_far(closed.run()).counts;
    // It asks once and waits for eight seconds: the percentiles know of one operation.
    assert_eq!(counts.hung, 1);
    let (ticks, asked) = (476, closed.run().trace().ops.len() as u64);
    assert_eq!(counts.skipped, ticks - asked);
    assert!(counts.skipped >= 395, "{counts:?}");
    let said = figures::omitted(&[closed.run()]).expect("ana waits");
    assert!(said.starts_with("ana waits for an answer") && said.contains("coordinated omission"), "{said}");
    assert_eq!(figures::omitted(&[stalled("arrivals = { rate = 50 }").run()]), None);
}

#[test]
fn a_refusal_is_no_answer() {
    let refused = finished(
        "title = \"T\"\nprotocol = \"gossip\"\nnodes = 3\nseed = 7\nuntil = \"5s\"\n\
         [[client]]\nname = \"ana\"\nmix = { \"write x\" = 8, \"cas x 1 2\" = 2 }\narrivals = { rate = 50 }\n",
    );
    assert_eq!(figure(&refused, "p99 latency"), "refused");
    assert_ne!(figure(&refused, "p50 latency"), "refused");
}
