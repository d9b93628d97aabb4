//! Events in words: what happened, because of what.

use super::describe::Description;
use super::erased::Run;
use super::order::Order;
use super::story::heard;
use crate::scenario::Deed;
use crate::sim::words::counted;
use crate::sim::{EventId, Fault, Links, NOWHERE, What};

/// Longer chains are told from their end; nobody reads further.
const LONGEST_CHAIN: usize = 400;

/// One event as a sentence; `None` if the trace has no such event.
pub fn sentence(run: &dyn Run, id: EventId) -> Option<String> {
    let event = run.trace().get(id)?;
    let names = run.names();
    let here = || names.of(event.node);
    let message = |id: EventId| message(run, id).unwrap_or_else(|| "a message".to_owned());
    Some(match event.what {
        What::Started => format!("{} starts", here()),
        What::Sent { to, kind, .. } => format!("{} sends {kind} to {}", here(), names.of(to)),
        What::Duplicated { original, .. } => format!("the network copies {}", message(original)),
        What::Lost { message: id, why, .. } => format!("{} dies: {}", message(id), why.text()),
        What::Delivered { message: id } => match run.trace().get(id).map(|sent| sent.node) {
            Some(from) => format!("{} gets {} from {}", here(), kind(run, id), names.of(from)),
            None => format!("{} gets a message", here()),
        },
        What::Queued { message: id } => format!("{} waits at {}, which is busy", message(id), here()),
        What::Held { message: id } => format!("{} is held", message(id)),
        What::Released { message: id } => format!("{} goes on", message(id)),
        What::TimerFired => format!("a timer of {} goes off", here()),
        What::Synced { through } => format!("the disk of {} has {} safe", here(), counted(through, "record")),
        What::Crashed { .. } => format!("{} crashes", here()),
        What::Paused => format!("{} stands still", here()),
        What::Resumed => format!("{} goes on", here()),
        What::Acted { act } => {
            let act = run.acts().get(act as usize);
            let deed = act.and_then(|act| act.deed.as_ref()).map(|deed| names.done(deed, id, run.trace()));
            deed.or_else(|| act?.say.clone()).unwrap_or_else(|| "something is done".to_owned())
        }
        What::Invoked { op } => format!("{} asks: {}", here(), run.trace().ops.get(op.0 as usize)?.call),
        What::Completed { op } => {
            let op = run.trace().ops.get(op.0 as usize)?;
            let outcome = op.ended.as_ref().map(|(_, outcome)| heard(&op.call, outcome, names));
            format!("{} hears of {}: {}", here(), op.call, outcome.unwrap_or_default())
        }
        What::TimedOut { op } => {
            format!("{} waits no longer for {}", here(), run.trace().ops.get(op.0 as usize)?.call)
        }
        What::Noted { note } => {
            format!("{}: {}", here(), run.trace().notes.get(note as usize).map_or("", String::as_str))
        }
    })
}

/// The kind of a message, by the event that sent or copied it.
pub fn kind(run: &dyn Run, message: EventId) -> &'static str {
    match run.trace().get(message).map(|event| event.what) {
        Some(What::Sent { kind, .. }) => kind,
        Some(What::Duplicated { original, .. }) if original < message => kind(run, original),
        _ => "a message",
    }
}

/// The links that an act cut; `None` for every other event.
pub fn cut(run: &dyn Run, id: EventId) -> Option<&Links> {
    let What::Acted { act } = run.trace().get(id)?.what else { return None };
    match run.acts().get(act as usize)?.deed.as_ref()? {
        Deed::Fault(Fault::Cut(links)) => Some(links),
        _ => None,
    }
}

/// A message by kind and ends.
fn message(run: &dyn Run, id: EventId) -> Option<String> {
    let event = run.trace().get(id)?;
    let (What::Sent { to, .. } | What::Duplicated { to, .. }) = event.what else { return None };
    Some(format!("{} from {} to {}", kind(run, id), run.names().of(event.node), run.names().of(to)))
}

/// Why an event happened: its causes back to the first, each as a sentence, the event itself first.
pub fn chain(run: &dyn Run, id: EventId) -> Vec<(EventId, String)> {
    let mut chain = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next.take()
        && chain.len() < LONGEST_CHAIN
        && let Some(said) = sentence(run, id)
    {
        chain.push((id, said));
        next = run.trace().get(id).map(|event| event.cause).filter(|cause| *cause < id);
    }
    chain
}

/// An event in full: what, where, when, its cause, and how much came before and after it.
pub fn event(run: &dyn Run, id: EventId) -> Option<Description> {
    let happened = run.trace().get(id)?;
    let mut said = Description { title: sentence(run, id)?, ..Description::default() };
    said.subtitle = format!("event {} at {}", id.0, happened.at);
    if happened.node != NOWHERE {
        said.fact("where", run.names().of(happened.node));
    }
    if let What::Sent { bytes, .. } = happened.what {
        said.fact("size", counted(bytes, "byte"));
    }
    if let Some(because) = sentence(run, happened.cause) {
        said.fact("because", because);
    }
    let (past, future) = Order::of(run.trace()).cone(id).counts();
    said.fact("events before it", past.to_string());
    said.fact("events after it", future.to_string());
    Some(said)
}

/// The vector clock of an event in words: of each node and client, how many of its events come before.
pub fn clock(run: &dyn Run, id: EventId) -> String {
    let names = run.names();
    let places = names.nodes + names.clients.len() as u16;
    let counts = Order::of(run.trace()).clock(id, places);
    let place = |(place, count): (u16, u32)| format!("{} {count}", names.of(crate::sim::NodeId(place)));
    let known = (0..).zip(counts).filter(|(_, count)| *count > 0);
    known.map(place).collect::<Vec<_>>().join(", ")
}
