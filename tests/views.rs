//! Every view of a run, kept as SVG in `tests/pictures/`. `UPDATE=1 cargo test --test all views::` writes them anew; then look
//! at them before you keep them.

use faultline::observe::lines;
use faultline::paint::{Color, Labels, Scene, Size};
use faultline::run::{Frame, Run};
use faultline::sim::{EventId, NodeId, Time, What};
use faultline::view::history::Memory;
use faultline::view::{Look, Target, Window, cluster, history, line, logs, replicas, spacetime};

use crate::common::{agrees, scenes};

const WIDE: Size = Size { width: 800.0, height: 480.0 };
const NARROW: Size = Size { width: 390.0, height: 320.0 };

fn run(scenario: &str, at: u64) -> Box<dyn Run> {
    let scene = scenes().into_iter().find(|scene| scene.name == scenario).expect("it is there");
    let mut run = scene.run();
    run.seek(Time(at), u32::MAX);
    run
}

fn keep(name: &str, scene: &Scene) {
    let svg = scene.to_svg();
    roxmltree::Document::parse(&svg).expect("it is well formed");
    assert!(!scene.description().is_empty(), "a picture says in words what it shows");
    agrees(&format!("tests/pictures/{name}.svg"), &svg);
}

fn look(size: Size, dark: bool) -> Look {
    Look { size, dark, still: true, ..Look::default() }
}

#[test]
fn the_cluster_and_its_logs() {
    let run = run("raft-log-repair", 2_000_000);
    let mut frame = Frame::default();
    run.frame(Look::default().fade, &mut frame);
    for (name, size, dark) in [("wide-light", WIDE, false), ("narrow-dark", NARROW, true)] {
        let mut scene = Scene::new(size, Color::WHITE);
        cluster(&frame, &look(size, dark), &mut Labels::default(), &mut scene);
        keep(&format!("cluster-{name}"), &scene);
        logs(&frame, &look(size, dark), &mut scene);
        keep(&format!("logs-{name}"), &scene);
    }
}

#[test]
fn space_and_time() {
    let mut run = run("asymmetric-link", 3_500_000);
    run.seek(Time(3_200_000), u32::MAX);
    let window = Window { from: Time(2_900_000), to: Time(3_400_000), ..Window::default() };
    for (name, size, dark) in [("wide-light", WIDE, false), ("narrow-dark", NARROW, true)] {
        let mut scene = Scene::new(size, Color::WHITE);
        spacetime(&*run, &window, &look(size, dark), &mut Labels::default(), &mut scene);
        keep(&format!("spacetime-{name}"), &scene);
    }
    // Two events are chosen: what the first has to do with is lit, and the words say how the two stand.
    let sent = |from: u64| {
        let events = run.trace().events.iter().zip(0..);
        let mut later = events.filter(|(event, _)| event.at >= Time(from));
        later
            .find(|(event, _)| matches!(event.what, What::Sent { .. }))
            .map(|(_, id)| EventId(id))
            .expect("one")
    };
    let selected = vec![Target::Message(sent(3_000_000)), Target::Message(sent(3_100_000))];
    let mut scene = Scene::new(WIDE, Color::WHITE);
    spacetime(&*run, &window, &Look { selected, ..look(WIDE, false) }, &mut Labels::default(), &mut scene);
    keep("spacetime-chosen", &scene);
    let quiet = Window {
        from: Time(2_000_000),
        to: Time(4_000_000),
        hidden: vec!["Heartbeat".to_owned(), "HeartbeatReply".to_owned(), "AppendEntriesReply".to_owned()],
        folded: true,
        ..Window::default()
    };
    spacetime(&*run, &quiet, &look(WIDE, true), &mut Labels::default(), &mut scene);
    keep("spacetime-folded", &scene);
}

#[test]
fn the_line_of_time() {
    let run = run("old-term-commit", 3_000_000);
    let size = Size::new(800.0, 36.0);
    let mut scene = Scene::new(size, Color::WHITE);
    line(&*run, &[Time(1_000_000)], false, size, &mut scene);
    agrees("tests/pictures/line.svg", &scene.to_svg());
}

#[test]
fn a_crowd_is_drawn_as_density() {
    let mut run = run("asymmetric-link", 12_000_000);
    run.seek(Time(8_000_000), u32::MAX);
    let window = Window { from: Time(0), to: Time(12_000_000), ..Window::default() };
    let mut scene = Scene::new(WIDE, Color::WHITE);
    spacetime(&*run, &window, &look(WIDE, false), &mut Labels::default(), &mut scene);
    assert!(scene.marks().len() < 4_000, "{} marks", scene.marks().len());
}

#[test]
fn a_trace_as_json_lines_is_the_trace() {
    for scene in scenes() {
        let mut run = scene.run();
        run.seek(Time(2_500_000), u32::MAX);
        let text = lines::trace(&*run);
        let mut count = 0;
        for (id, line) in text.lines().enumerate() {
            let value: serde_json::Value =
                serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"));
            assert_eq!(value["id"], id as u64);
            assert_eq!(value["at_us"], run.trace().events[id].at.0);
            assert!(value["what"].is_string());
            count += 1;
        }
        assert_eq!(count, run.events() as usize);
    }
}

#[test]
fn histories() {
    for (scenario, at, name, size, dark) in [
        ("raft-election", 6_000_000, "wide-light", WIDE, false),
        ("raft-election", 6_000_000, "narrow-dark", NARROW, true),
        ("stale-leader-read", 7_000_000, "broken-light", WIDE, false),
        ("stale-leader-read", 7_000_000, "broken-dark", NARROW, true),
    ] {
        let run = run(scenario, at);
        let (from, to) = spacetime::around(run.now(), history::span(&*run, size), run.plan().until);
        let window = Window { from, to, ..Window::default() };
        let mut scene = Scene::new(size, Color::WHITE);
        history(&*run, &window, &look(size, dark), &mut Memory::default(), &mut scene);
        keep(&format!("history-{name}"), &scene);
    }
}

#[test]
fn what_replicas_hold() {
    let mut frame = Frame::default();
    run("lost-update", 6_000_000).frame(Look::default().fade, &mut frame);
    let mut scene = Scene::new(WIDE, Color::WHITE);
    replicas(&frame, &look(WIDE, false), &mut scene);
    keep("replicas-wide-light", &scene);
    // Two are chosen: their hash trees are compared.
    let selected = [0, 1].map(|node| Target::Node(NodeId(node))).to_vec();
    replicas(&frame, &Look { selected, ..look(NARROW, true) }, &mut scene);
    keep("replicas-compared-dark", &scene);
    // Two versions that did not know of each other stand side by side.
    let vectors = |scene: &crate::common::Scene| {
        scene.name == "lost-update" && scene.variant.as_deref() == Some("version vectors")
    };
    let mut siblings = scenes().into_iter().find(vectors).expect("it is there").run();
    siblings.seek(Time(8_400_000), u32::MAX);
    siblings.frame(Look::default().fade, &mut frame);
    cluster(&frame, &look(WIDE, true), &mut Labels::default(), &mut scene);
    keep("cluster-siblings-dark", &scene);
}

#[test]
fn zones_and_one_that_is_dark() {
    let mut frame = Frame::default();
    run("datacenter-outage", 5_500_000).frame(Look::default().fade, &mut frame);
    let mut scene = Scene::new(WIDE, Color::WHITE);
    cluster(&frame, &look(WIDE, false), &mut Labels::default(), &mut scene);
    keep("cluster-zones-light", &scene);
}
