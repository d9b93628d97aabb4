//! The messages of a stretch of time, each with its beginning and its end.

use super::Window;
use crate::run::{Run, happened};
use crate::sim::{EventId, Loss, NodeId, Time, What};

/// A message's way through time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// The event that sent it, or that made this copy.
    pub message: EventId,
    /// It is a copy of this one.
    pub copy_of: Option<EventId>,
    pub from: NodeId,
    pub to: NodeId,
    pub kind: &'static str,
    pub sent: Time,
    /// It was held at a moment, and went on at another if it did.
    pub held: Option<(Time, Option<Time>)>,
    pub end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// It arrived, by this event.
    Arrived(Time, EventId),
    /// It died, so many thousandths along its way.
    Died(Time, Loss, u16),
    /// Nobody knows yet.
    Open,
}

impl Flight {
    /// When it ended; `None` while it is on its way.
    pub fn ended(&self) -> Option<Time> {
        match self.end {
            End::Arrived(at, _) | End::Died(at, ..) => Some(at),
            End::Open => None,
        }
    }
}

/// How far beyond the window, in events, the ends of messages are looked for.
const REACH: usize = 20_000;

/// Every message that was on its way within the window, oldest first.
pub fn flights(run: &dyn Run, window: &Window) -> Vec<Flight> {
    let trace = run.trace();
    let inside = trace.between(window.from, window.to);
    let around = inside.start.saturating_sub(REACH)..(inside.end + REACH).min(trace.events.len());
    // Numbers are sorted all over the core, anything else only here: the message's, and the place of the event.
    let (mut ends, mut stays) = (Vec::new(), Vec::new());
    for (event, id) in trace.events[around.clone()].iter().zip(around.start as u64..) {
        match event.what {
            What::Delivered { message } | What::Lost { message, .. } => {
                ends.push(u64::from(message.0) << 32 | id)
            }
            What::Held { message } | What::Released { message } => {
                stays.push(u64::from(message.0) << 32 | id)
            }
            _ => {}
        }
    }
    ends.sort_unstable();
    stays.sort_unstable();
    let of = |list: &[u64], message: EventId| -> std::ops::Range<usize> {
        let first = list.partition_point(|word| word >> 32 < u64::from(message.0));
        first..first + list[first..].iter().take_while(|word| **word >> 32 == u64::from(message.0)).count()
    };
    let event = |word: u64| (EventId(word as u32), &trace.events[word as u32 as usize]);
    let find = |message: EventId| {
        let Some(word) = ends[of(&ends, message)].first() else { return End::Open };
        let (id, event) = event(*word);
        match event.what {
            What::Lost { why, along, .. } => End::Died(event.at, why, along),
            _ => End::Arrived(event.at, id),
        }
    };
    let held = |message: EventId| {
        let mine = &stays[of(&stays, message)];
        let first = |released: bool| {
            let events = mine.iter().map(|word| event(*word).1);
            let mut such = events.filter(|event| matches!(event.what, What::Released { .. }) == released);
            such.next().map(|event| event.at)
        };
        first(false).map(|since| (since, first(true)))
    };
    let mut flights = Vec::new();
    let until = inside.end;
    for id in (around.start..until).map(|id| EventId(id as u32)) {
        let event = &trace.events[id.0 as usize];
        let (to, copy_of) = match event.what {
            What::Sent { to, .. } => (to, None),
            What::Duplicated { original, to } => (to, Some(original)),
            _ => continue,
        };
        let kind = happened::kind(run, id);
        if !window.shows(event.node) || !window.shows(to) || window.hides(kind) {
            continue;
        }
        let end = find(id);
        let flight =
            Flight { message: id, copy_of, from: event.node, to, kind, sent: event.at, held: held(id), end };
        // Before the window only what reaches into it; what has no end there is long gone or long lost from sight.
        let reaches = event.at >= window.from || flight.ended().is_some_and(|end| end >= window.from);
        if reaches {
            flights.push(flight);
        }
    }
    flights
}
