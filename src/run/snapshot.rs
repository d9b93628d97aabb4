//! Takes the picture: a stage and its trace at one instant, as a [`Frame`].

use crate::check::Verdict;
use crate::protocol::Protocol;
use crate::sim::{EventId, Micros, Node, NodeId, Time, Trace, What};
use crate::workload::Member;

use super::frame::{AlarmFrame, ClientFrame, Frame, Life, LinkFrame, LossFrame, MessageFrame, NodeFrame};
use super::stage::Stage;
use super::story::heard_in_short;
use super::words::Names;

/// Fills `frame` with what there is now, and with the messages that died within `memory`.
pub fn snapshot<P: Protocol>(
    stage: &Stage<P>,
    trace: &Trace,
    until: Time,
    names: &Names,
    memory: Micros,
    frame: &mut Frame,
) {
    let world = stage.cluster().world();
    frame.at = world.now();
    frame.until = until;
    frame.nodes.clear();
    frame.nodes.extend((0..world.size()).map(|id| node(stage, NodeId(id), names)));
    frame.zones.clone_from(&names.zones);
    frame.clients.clear();
    frame.clients.extend(clients(stage));
    frame.messages.clear();
    frame.messages.extend(world.in_flight_by_age().map(|envelope| MessageFrame {
        message: envelope.message,
        from: envelope.from,
        to: envelope.to,
        kind: envelope.kind,
        sent_at: envelope.sent_at,
        due: envelope.due,
        flight: envelope.flight,
        copy_of: (envelope.copy_of != EventId::NONE).then_some(envelope.copy_of),
    }));
    losses(trace, stage.events(), frame, memory);
    frame.links.clear();
    frame.links.extend(world.network().marked().map(|((from, to), link)| LinkFrame {
        from,
        to,
        cut: link.cut,
        held: link.held,
        different: link.quality.is_some(),
    }));
    frame.links.retain(|link| link.cut || link.held || link.different);
    accused(stage, frame);
}

fn node<P: Protocol>(stage: &Stage<P>, id: NodeId, names: &Names) -> NodeFrame {
    let cluster = stage.cluster();
    let world = cluster.world();
    let processor = world.processor(id);
    let seat = &cluster.seats()[id.index()];
    let alarms = processor.alarms().filter_map(|alarm| {
        let timer = cluster.timer(id, alarm.timer)?;
        Some(AlarmFrame { name: format!("{timer:?}"), set_at: alarm.set_at, due: alarm.due })
    });
    NodeFrame {
        id,
        name: names.of(id),
        life: match (processor.is_up(), processor.is_paused()) {
            (false, _) => Life::Down,
            (true, true) => Life::Paused,
            (true, false) => Life::Up,
        },
        since: processor.since(),
        inspect: seat.node.as_ref().or(seat.ghost.as_ref()).map(Node::inspect).unwrap_or_default(),
        alarms: alarms.collect(),
        waiting: processor.waiting(),
        busy_until: processor.busy_until(world.now()),
        slowness: processor.slowness(),
        written: seat.disk.written(),
        durable: seat.disk.durable(),
        written_at: seat.disk.written_at,
        clock_offset: processor.clock().offset(world.now()),
        drift_ppm: processor.clock().drift_ppm(),
    }
}

/// The clients of the script; the hand only once it did something.
fn clients<P: Protocol>(stage: &Stage<P>) -> impl Iterator<Item = ClientFrame> + '_ {
    let first = stage.cluster().world().size();
    stage.crowd().members().iter().zip(first..).map(|(member, id)| ClientFrame {
        id: NodeId(id),
        name: member.client().name.clone(),
        waits_for: waits_for(member),
        heard: member.heard().map(|(at, heard)| {
            (
                at,
                heard.map_or_else(|| "no answer".to_owned(), |(call, outcome)| heard_in_short(call, outcome)),
            )
        }),
    })
}

/// The operation that a client began last, and how many others are under way.
fn waits_for(member: &Member) -> Option<String> {
    let mut under_way = member.under_way();
    let last = under_way.next_back()?;
    Some(match under_way.len() {
        0 => last.to_string(),
        others => format!("{last} and {others} more"),
    })
}

fn losses(trace: &Trace, events: u32, frame: &mut Frame, memory: Micros) {
    frame.losses.clear();
    let from = Time(frame.at.0.saturating_sub(memory.0));
    let recent = trace.between(from, frame.at + Micros(1));
    for event in &trace.events[recent.start..recent.end.min(events as usize).max(recent.start)] {
        let What::Lost { message, why, along } = event.what else { continue };
        if let Some(sent) = sent(trace, message) {
            let (from, to, kind) = sent;
            frame.losses.push(LossFrame { message, from, to, kind, at: event.at, along, why });
        }
    }
}

/// Sender, receiver and kind of a message, through copies to the original.
pub(super) fn sent(trace: &Trace, message: EventId) -> Option<(NodeId, NodeId, &'static str)> {
    let event = trace.get(message)?;
    match event.what {
        What::Sent { to, kind, .. } => Some((event.node, to, kind)),
        What::Duplicated { original, .. } => sent(trace, original),
        _ => None,
    }
}

fn accused<P: Protocol>(stage: &Stage<P>, frame: &mut Frame) {
    frame.accused.clear();
    for judge in stage.judges() {
        if let Verdict::Broken(violation) = &judge.verdict {
            for node in &violation.evidence.nodes {
                if let Err(place) = frame.accused.binary_search(node) {
                    frame.accused.insert(place, *node);
                }
            }
        }
    }
}
