//! Which event could have known of which: happened-before, after Lamport, "Time, Clocks, and the Ordering of Events in
//! a Distributed System" (1978).
//!
//! An event comes after the one before it at the same place, after the sending of the message it is about, and after
//! its cause. Whatever no such chain connects is concurrent, whatever the clock says.

use super::event_set::EventSet;
use crate::sim::{Event, EventId, NOWHERE, NodeId, Trace, What};

/// How two events stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// The first happened before the second: it may have caused it.
    Before,
    After,
    /// Neither can have known of the other.
    Concurrent,
}

/// The order of a stretch of a trace.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    trace: &'a Trace,
    /// The first event of the stretch.
    from: u32,
    /// For each event of the stretch, the one before it at the same place; `NONE` for the first, and for what happens
    /// on the way or by script, which is at no place.
    before: Vec<EventId>,
}

/// Everything that an event may have been caused by, and everything that it may have caused.
#[derive(Clone, Debug)]
pub struct Cone {
    past: EventSet,
    future: EventSet,
}

impl<'a> Order<'a> {
    /// The order of all events.
    pub fn of(trace: &'a Trace) -> Order<'a> {
        Order::within(trace, 0..trace.events.len() as u32)
    }

    /// The order of the events of a stretch among themselves.
    pub fn within(trace: &'a Trace, stretch: std::ops::Range<u32>) -> Order<'a> {
        let mut last: Vec<EventId> = Vec::new();
        let end = (stretch.end as usize).min(trace.events.len());
        let from = (stretch.start as usize).min(end);
        let before = trace.events[from..end].iter().zip(from as u32..).map(|(event, id)| {
            let Some(place) = place(event) else { return EventId::NONE };
            if last.len() <= place.index() {
                last.resize(place.index() + 1, EventId::NONE);
            }
            std::mem::replace(&mut last[place.index()], EventId(id))
        });
        Order { trace, from: from as u32, before: before.collect() }
    }

    fn end(&self) -> u32 {
        self.from + self.before.len() as u32
    }

    fn knows(&self, event: EventId) -> bool {
        (self.from..self.end()).contains(&event.0)
    }

    /// The events that come immediately before one, as far as the stretch reaches.
    fn sources(&self, event: EventId) -> impl Iterator<Item = EventId> {
        let happened = &self.trace.events[event.0 as usize];
        let before = self.before[(event.0 - self.from) as usize];
        [before, happened.cause, about(&happened.what)].into_iter().filter(|source| self.knows(*source))
    }

    /// How the first event stands to the second; `None` if the stretch lacks one of them.
    pub fn relation(&self, a: EventId, b: EventId) -> Option<Relation> {
        if !self.knows(a) || !self.knows(b) {
            return None;
        }
        let (first, second) = (a.min(b), a.max(b));
        Some(match a.cmp(&b) {
            std::cmp::Ordering::Equal => Relation::Same,
            _ if !self.reaches(first, second) => Relation::Concurrent,
            std::cmp::Ordering::Less => Relation::Before,
            std::cmp::Ordering::Greater => Relation::After,
        })
    }

    /// Does a chain lead from the first to the second? Nothing leads back past the first.
    fn reaches(&self, first: EventId, second: EventId) -> bool {
        let mut seen = EventSet::new(first.0, second.0 + 1);
        let mut open = vec![second];
        while let Some(event) = open.pop() {
            if event == first {
                return true;
            }
            for source in self.sources(event).filter(|source| *source >= first) {
                if seen.add(source) {
                    open.push(source);
                }
            }
        }
        false
    }

    /// All causes and all effects of an event within the stretch.
    pub fn cone(&self, event: EventId) -> Cone {
        let (mut past, mut future) =
            (EventSet::new(self.from, self.end()), EventSet::new(self.from, self.end()));
        if !self.knows(event) {
            return Cone { past, future };
        }
        let mut open = vec![event];
        while let Some(event) = open.pop() {
            for source in self.sources(event) {
                if past.add(source) {
                    open.push(source);
                }
            }
        }
        // What comes later has a higher number: one pass finds every effect.
        future.add(event);
        for later in event.0 + 1..self.end() {
            if self.sources(EventId(later)).any(|source| future.has(source)) {
                future.add(EventId(later));
            }
        }
        Cone { past, future }
    }

    /// The vector clock of an event (Fidge and Mattern, 1988): of each place, how many of its events come before, the
    /// event itself counted. Only the order of a whole trace has it right.
    pub fn clock(&self, event: EventId, places: u16) -> Vec<u32> {
        let mut clock = vec![0; places as usize];
        let cone = self.cone(event);
        for id in (self.from..=event.0).map(EventId).filter(|id| *id == event || cone.past.has(*id)) {
            if let Some(place) = place(&self.trace.events[id.0 as usize])
                && let Some(count) = clock.get_mut(place.index())
            {
                *count += 1;
            }
        }
        clock
    }
}

/// The message that an event is about. It is not always the cause: a copy made by hand is caused by the hand, and what
/// a cut kills by the cut.
fn about(what: &What) -> EventId {
    match *what {
        What::Duplicated { original: message, .. }
        | What::Lost { message, .. }
        | What::Delivered { message }
        | What::Queued { message }
        | What::Held { message }
        | What::Released { message } => message,
        _ => EventId::NONE,
    }
}

/// Where an event happens in the sense of the order: what the network or the script does is at no place, and neither is
/// a message that waits at a node, which knows nothing of it yet.
fn place(event: &Event) -> Option<NodeId> {
    let on_the_way = matches!(
        event.what,
        What::Duplicated { .. }
            | What::Lost { .. }
            | What::Queued { .. }
            | What::Held { .. }
            | What::Released { .. }
            | What::Acted { .. }
    );
    (event.node != NOWHERE && !on_the_way).then_some(event.node)
}

impl Cone {
    /// May it have caused the event?
    pub fn in_past(&self, event: EventId) -> bool {
        self.past.has(event)
    }

    /// May the event have caused it, or is it the event?
    pub fn in_future(&self, event: EventId) -> bool {
        self.future.has(event)
    }

    pub fn has(&self, event: EventId) -> bool {
        self.in_past(event) || self.in_future(event)
    }

    /// How many may have caused it, and how many it may have caused.
    pub fn counts(&self) -> (u32, u32) {
        (self.past.count(), self.future.count().saturating_sub(1))
    }
}
