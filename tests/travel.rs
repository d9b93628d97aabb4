//! Time travel: a moment is the same whichever way one came to it, and what hands do is what a fresh run does.

use faultline::run::{Frame, Run, Session};
use faultline::scenario::Link;
use faultline::scenario::tree::Table;
use faultline::sim::{Dice, EventId, Flight, Micros, Time, What};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::common::{Scene, scenes, seeds};
use crate::{Law, Test};

pub const LAWS: &[Law] = &[
    (
        "a_moment_that_is_sought_is_the_moment_that_was_played",
        a_moment_that_is_sought_is_the_moment_that_was_played,
    ),
    (
        "any_walk_through_time_and_acts_is_a_run_of_its_own",
        any_walk_through_time_and_acts_is_a_run_of_its_own,
    ),
];

pub const SOAK: Law = ("soak_moments", soak_moments);

pub const TESTS: &[Test] = &[
    ("messages_in_flight_can_be_touched", messages_in_flight_can_be_touched),
    ("a_message_on_a_held_link_waits_for_its_release", a_message_on_a_held_link_waits_for_its_release),
];

/// Everything that a picture may know of the moment, and the digest of all that led to it.
fn world(run: &dyn Run) -> String {
    let mut frame = Frame::default();
    run.frame(Micros(100_000), &mut frame);
    format!("{} {} {frame:?}", run.fingerprint().hex(), run.events())
}

/// Moments of each variant that a commit seeks, and the night.
const MOMENTS: u32 = 80;
const NIGHT: u32 = 1_500;

fn a_moment_that_is_sought_is_the_moment_that_was_played(scene: &Scene) {
    if !scene.is_drawn() {
        return;
    }
    seek_and_play(scene, MOMENTS);
}

fn soak_moments(scene: &Scene) {
    seek_and_play(scene, NIGHT);
}

fn seek_and_play(scene: &Scene, moments: u32) {
    let mut run = scene.run();
    run.seek(Time(40_000_000), u32::MAX);
    let events = run.trace().events.len() as u32;
    run.seek(Time::ZERO, u32::MAX);
    // Every event of short runs; of long ones so many that all keyframes are crossed.
    let stride = (events / moments).max(1);
    let first = own(scene) as u32 % stride;
    let mut played = Vec::new();
    for event in (first..events).step_by(stride as usize) {
        run.go_to(EventId(event));
        played.push((event, world(&*run)));
    }
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(own(scene));
    for _ in 0..played.len() {
        let (event, before) = &played[dice.random_range(0..played.len())];
        run.go_to(EventId(*event));
        assert_eq!(world(&*run), *before, "{} at event {event}", scene.title());
    }
    // Backwards, event by event, through a keyframe: one is at each multiple of 512, or of a multiple of that.
    let over = (moments / 5).min(events / 2);
    let keyframe = (events - over) / 512 * 512;
    run.go_to(EventId((keyframe + over).min(events - 1)));
    let mut backwards = vec![world(&*run)];
    for _ in 0..2 * over {
        let later = run.events();
        run.step(-1);
        // How it began is one moment, of several events.
        if run.events() == later {
            break;
        }
        backwards.push(world(&*run));
    }
    for before in backwards.iter().rev().skip(1) {
        run.step(1);
        assert_eq!(world(&*run), *before, "{}", scene.title());
    }
}

/// Something that a hand could do now.
fn deed(session: &Session, dice: &mut Xoshiro256PlusPlus) -> Table {
    let mut frame = Frame::default();
    session.run().frame(Micros(0), &mut frame);
    let nodes = frame.nodes.len();
    let node = |dice: &mut Xoshiro256PlusPlus| format!("n{}", dice.random_range(1..=nodes));
    let message = (!frame.messages.is_empty())
        .then(|| frame.messages[dice.random_range(0..frame.messages.len())].message.0);
    let text = match (dice.random_range(0..12), message) {
        (0, _) => format!("crash = {:?}", node(dice)),
        (1, _) => format!("restart = {:?}", node(dice)),
        (2, _) => format!("pause = {:?}", node(dice)),
        (3, _) => format!("resume = {:?}", node(dice)),
        (4, _) => "weather = { loss = 0.2, duplicate = 0.2 }".to_owned(),
        (5, _) => "heal = \"all\"".to_owned(),
        (6, Some(id)) => format!("keep = {id}"),
        (7, Some(id)) => format!("deliver = {id}"),
        (8, Some(id)) => format!("delay = {{ message = {id}, by = \"-3ms\" }}"),
        (9, Some(id)) => format!("duplicate = {id}"),
        (10, Some(id)) => format!("drop = {id}"),
        _ => match node(dice) {
            other if other == "n1" => "cut = { each = [[\"n1\", \"n2\"]] }".to_owned(),
            other => format!("cut = {{ each = [[{other:?}, \"n1\"]] }}"),
        },
    };
    Table::parse(&text).expect("it is an act")
}

/// The same run, made from nothing but its link.
fn afresh(session: &Session, scene: &Scene) -> String {
    let link = session.link(false, None).expect("it fits");
    let (mut other, arrival) =
        Session::follow(&Link::read(&link).expect("it reads"), &scene.text).expect("it opens");
    assert_eq!(arrival.warning, None, "{link}");
    other.run_mut().seek(session.run().now(), u32::MAX);
    other.run().fingerprint().hex()
}

/// A number of the scenario's own, and of this search's.
fn own(scene: &Scene) -> u64 {
    Dice::named(seeds::seed(), &scene.title(), 0).below(u64::MAX)
}

fn any_walk_through_time_and_acts_is_a_run_of_its_own(scene: &Scene) {
    if !scene.is_drawn() {
        return;
    }
    let mut session = scene.session();
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(own(scene));
    for step in 0..30 {
        match dice.random_range(0..10) {
            0..4 => {
                session.run_mut().seek(Time(dice.random_range(0..8_000_000)), u32::MAX);
            }
            4 => {
                session.run_mut().step(dice.random_range(-40..40));
            }
            5 | 6 => {
                let deed = deed(&session, &mut dice);
                session.act(deed).unwrap_or_else(|slip| {
                    panic!("{}: {slip}, FAULTLINE_SEED={}", scene.title(), seeds::seed())
                });
            }
            7 => drop(session.undo()),
            8 => drop(session.redo()),
            _ => {
                let branches = session.branches().list().len();
                session.switch(dice.random_range(0..branches));
            }
        }
        if step % 6 == 5 {
            // Between two events a moment has no name: links name times, and a time is whole.
            let now = session.run().now();
            session.run_mut().seek(now, u32::MAX);
            assert_eq!(
                session.run().fingerprint().hex(),
                afresh(&session, scene),
                "{}, step {step}, FAULTLINE_SEED={}",
                scene.title(),
                seeds::seed()
            );
        }
    }
}

/// A session at a moment at which a message has come about half its way, and the message.
fn midway(scene: &Scene) -> (Session, EventId) {
    let mut session = scene.session();
    for at in (1_000_000..3_000_000).step_by(997) {
        session.run_mut().seek(Time(at), u32::MAX);
        let mut frame = Frame::default();
        session.run().frame(Micros(0), &mut frame);
        let flies = |flight| flight == Flight::Flying;
        let half = frame.messages.iter().find(|m| flies(m.flight) && (0.4..0.6).contains(&m.along(frame.at)));
        if let Some(message) = half {
            let id = message.message;
            return (session, id);
        }
    }
    panic!("no message is half way");
}

fn act(session: &mut Session, text: &str) {
    session.act(Table::parse(text).expect("it is a table")).expect("it is an act");
}

/// When and how a message ended.
fn end(session: &mut Session, message: EventId) -> Option<(Time, &'static str)> {
    let now = session.run().now();
    session.run_mut().seek(now + Micros(5_000_000), u32::MAX);
    let ended = session.run().trace().events.iter().find_map(|event| match event.what {
        What::Delivered { message: id, .. } if id == message => Some((event.at, "arrives")),
        What::Lost { message: id, .. } if id == message => Some((event.at, "dies")),
        _ => None,
    });
    session.run_mut().seek(now, u32::MAX);
    ended
}

fn messages_in_flight_can_be_touched() {
    let scene = scenes().into_iter().find(|scene| scene.name == "raft-election").expect("it is there");
    let (mut session, id) = midway(&scene);
    let now = session.run().now();
    let (due, how) = end(&mut session, id).expect("it ends");
    assert_eq!(how, "arrives");

    act(&mut session, &format!("delay = {{ message = {}, by = \"7ms\" }}", id.0));
    assert_eq!(end(&mut session, id), Some((due + Micros(7_000), "arrives")));
    assert!(session.undo());
    act(&mut session, &format!("delay = {{ message = {}, by = \"-1h\" }}", id.0));
    assert_eq!(end(&mut session, id), Some((now, "arrives")));
    assert!(session.undo());
    act(&mut session, &format!("deliver = {}", id.0));
    assert_eq!(end(&mut session, id), Some((now, "arrives")));
    assert!(session.undo());
    act(&mut session, &format!("drop = {}", id.0));
    assert_eq!(end(&mut session, id), Some((now, "dies")));
    assert!(session.undo());

    let envelope = session.run().envelope(id).expect("it flies");
    let along = |session: &Session| {
        let mut frame = Frame::default();
        session.run().frame(Micros(0), &mut frame);
        let message = frame.messages.iter().find(|m| m.message == id).expect("it is there");
        message.along(frame.at)
    };
    let before = along(&session);
    act(&mut session, &format!("keep = {}", id.0));
    session.run_mut().seek(now + Micros(40_000), u32::MAX);
    assert!((along(&session) - before).abs() < 0.01, "it stays where it was stopped");
    act(&mut session, &format!("release = {}", id.0));
    assert!((along(&session) - before).abs() < 0.01, "it goes on from there");
    let (arrived, how) = end(&mut session, id).expect("it ends");
    let left = (envelope.due - now).0 as f64;
    let took = (arrived - (now + Micros(40_000))).0 as f64;
    assert_eq!(how, "arrives");
    assert!((took - left).abs() < left * 0.05 + 20.0, "{took} µs, and {left} were left");
}

fn a_message_on_a_held_link_waits_for_its_release() {
    let echo = include_str!("scripts/echo.toml");
    let mut session = Session::open("echo", echo).unwrap_or_else(|slip| panic!("{slip}"));
    session.run_mut().seek(Time(100_000), u32::MAX);
    act(&mut session, "hold = { each = [[\"n1\", \"n2\"], [\"n2\", \"n1\"]] }");
    session.run_mut().seek(Time(4_000_000), u32::MAX);
    let held: Vec<EventId> = session
        .run()
        .trace()
        .events
        .iter()
        .filter_map(|event| match event.what {
            What::Held { message } => Some(message),
            _ => None,
        })
        .collect();
    let Some(id) = held.first().copied() else { panic!("nothing was held") };
    act(&mut session, &format!("deliver = {}", id.0));
    assert_eq!(end(&mut session, id), Some((Time(4_000_000), "arrives")));
}
