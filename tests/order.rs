//! Happened-before against an oracle written plainly: sets of ancestors, and vector clocks as in the textbook.

use faultline::run::order::{Order, Relation};
use faultline::sim::{Event, EventId, NOWHERE, NodeId, Time, Trace, What};

use crate::common::scenes;

/// Does it happen at a node or a client, as far as the order is concerned?
fn at_a_place(trace: &Trace, id: usize) -> bool {
    let event = &trace.events[id];
    event.node != NOWHERE
        && !matches!(
            event.what,
            What::Duplicated { .. }
                | What::Lost { .. }
                | What::Queued { .. }
                | What::Held { .. }
                | What::Released { .. }
                | What::Acted { .. }
        )
}

/// What comes immediately before an event.
fn sources(trace: &Trace, id: usize) -> Vec<usize> {
    let event = &trace.events[id];
    let mut sources = Vec::new();
    if at_a_place(trace, id) {
        let same = |other: &usize| at_a_place(trace, *other) && trace.events[*other].node == event.node;
        sources.extend((0..id).rev().find(same));
    }
    if event.cause != EventId::NONE {
        sources.push(event.cause.0 as usize);
    }
    match event.what {
        What::Duplicated { original: message, .. } | What::Lost { message, .. } => {
            sources.push(message.0 as usize);
        }
        What::Delivered { message } | What::Queued { message } => sources.push(message.0 as usize),
        What::Held { message } | What::Released { message } => sources.push(message.0 as usize),
        _ => {}
    }
    sources
}

/// A run's first events: as many as the oracle bears.
fn short(scene: &crate::common::Scene, events: usize) -> Trace {
    let mut run = scene.run();
    run.seek(Time(3_000_000), u32::MAX);
    let mut trace = run.trace().clone();
    trace.events.truncate(events);
    trace
}

#[test]
fn the_order_is_that_of_the_ancestors() {
    for scene in scenes() {
        let trace = short(&scene, 350);
        // For each event, whether each earlier one is an ancestor.
        let mut ancestors: Vec<Vec<bool>> = Vec::new();
        for id in 0..trace.events.len() {
            let mut all = vec![false; trace.events.len()];
            for source in sources(&trace, id) {
                all[source] = true;
                for (mine, its) in all.iter_mut().zip(&ancestors[source]) {
                    *mine |= *its;
                }
            }
            ancestors.push(all);
        }
        let order = Order::of(&trace);
        for (a, of_a) in ancestors.iter().enumerate() {
            let cone = order.cone(EventId(a as u32));
            for (b, of_b) in ancestors.iter().enumerate() {
                let expected = match (a == b, of_b[a], of_a[b]) {
                    (true, _, _) => Relation::Same,
                    (_, true, _) => Relation::Before,
                    (_, _, true) => Relation::After,
                    _ => Relation::Concurrent,
                };
                let (one, other) = (EventId(a as u32), EventId(b as u32));
                assert_eq!(order.relation(one, other), Some(expected), "{}: {a} and {b}", scene.title());
                assert_eq!(cone.in_past(other), expected == Relation::After);
                assert_eq!(cone.in_future(other), matches!(expected, Relation::Same | Relation::Before));
            }
        }
    }
}

#[test]
fn vector_clocks_tell_the_same_order() {
    for scene in scenes() {
        let trace = short(&scene, 350);
        let places =
            1 + trace.events.iter().filter(|e| e.node != NOWHERE).map(|e| e.node.0).max().unwrap_or(0);
        let mut clocks: Vec<Vec<u32>> = Vec::new();
        for id in 0..trace.events.len() {
            let mut clock = vec![0; places as usize];
            for source in sources(&trace, id) {
                for (mine, theirs) in clock.iter_mut().zip(&clocks[source]) {
                    *mine = (*mine).max(*theirs);
                }
            }
            if at_a_place(&trace, id) {
                clock[trace.events[id].node.index()] += 1;
            }
            clocks.push(clock);
        }
        let order = Order::of(&trace);
        for (id, clock) in clocks.iter().enumerate() {
            assert_eq!(order.clock(EventId(id as u32), places), *clock, "{}: {id}", scene.title());
        }
        let real = (0..trace.events.len()).filter(|id| at_a_place(&trace, *id));
        for a in real.clone() {
            for b in real.clone().filter(|b| *b != a) {
                let place = trace.events[a].node.index();
                let before = clocks[a][place] <= clocks[b][place];
                let said = order.relation(EventId(a as u32), EventId(b as u32));
                assert_eq!(said == Some(Relation::Before), before, "{}: {a} and {b}", scene.title());
            }
        }
    }
}

#[test]
fn a_stretch_knows_its_own_order() {
    let scene = scenes().into_iter().next().expect("there is one");
    let trace = short(&scene, 350);
    let whole = Order::of(&trace);
    let part = Order::within(&trace, 100..200);
    assert_eq!(part.relation(EventId(99), EventId(150)), None);
    for a in 100..200 {
        for b in 100..200 {
            let (a, b) = (EventId(a), EventId(b));
            assert_eq!(part.relation(a, b), whole.relation(a, b));
        }
    }
}

/// A trace of one message by hand: `(node, cause, what)`, a microsecond apart.
fn by_hand(events: &[(NodeId, EventId, What)]) -> Trace {
    let mut trace = Trace::new();
    let events = events.iter().zip(0..);
    trace.events.extend(events.map(|(&(node, cause, what), at)| Event { at: Time(at), node, cause, what }));
    trace
}

#[test]
fn a_copy_made_by_hand_comes_after_its_original() {
    let (n1, n2, root) = (NodeId(0), NodeId(1), EventId::NONE);
    let trace = by_hand(&[
        (n1, root, What::Sent { to: n2, kind: "Word", bytes: 1, digest: 0 }),
        (NOWHERE, root, What::Acted { act: 0 }),
        (n1, EventId(1), What::Duplicated { original: EventId(0), to: n2 }),
        (n2, EventId(2), What::Delivered { message: EventId(2) }),
    ]);
    let order = Order::of(&trace);
    assert_eq!(order.relation(EventId(0), EventId(3)), Some(Relation::Before));
    assert_eq!(order.relation(EventId(0), EventId(1)), Some(Relation::Concurrent));
    assert_eq!(order.clock(EventId(3), 2), [1, 1]);
}

#[test]
fn a_message_in_the_queue_is_not_known_yet() {
    let (n1, n2, root) = (NodeId(0), NodeId(1), EventId::NONE);
    let trace = by_hand(&[
        (n1, root, What::Sent { to: n2, kind: "Word", bytes: 1, digest: 0 }),
        (n2, EventId(0), What::Queued { message: EventId(0) }),
        (n2, root, What::TimerFired),
        (n2, EventId(1), What::Delivered { message: EventId(0) }),
    ]);
    let order = Order::of(&trace);
    assert_eq!(order.relation(EventId(0), EventId(2)), Some(Relation::Concurrent));
    assert_eq!(order.relation(EventId(0), EventId(3)), Some(Relation::Before));
}
