//! What a person waits for in a run: the next election, the next broken promise, a message of some kind.

use super::erased::Run;
use crate::check::Verdict;
use crate::sim::{EventId, NodeId, Role, Time, What};

/// Something that can be looked for in the trace, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// It has to happen here; anywhere without it.
    pub node: Option<NodeId>,
    pub sign: Sign,
}

/// By what an event is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A node begins to play this part.
    Role(Role),
    /// A node enters an epoch of at least this number.
    Epoch(u64),
    /// A promise breaks; any one without a name.
    Broken(Option<String>),
    /// A message of this kind arrives.
    Arrives(String),
    /// A message is lost.
    Lost,
    /// Something is done to the world.
    Acted,
    /// A process dies.
    Crashed,
    /// A line of the story contains this.
    Told(String),
}

/// What one search may run before it gives up for this time, in entries of the queue.
const BUDGET: u32 = 2_000_000;

impl Wanted {
    /// Goes to the next such event, or the one before. `None`, and nowhere, if there is none.
    pub fn seek(&self, run: &mut dyn Run, forward: bool) -> Option<Time> {
        let (now, events) = (run.now(), run.events());
        if let Sign::Broken(name) = &self.sign {
            return seek_breach(run, name.as_deref(), forward);
        }
        if !forward {
            // What has just happened is where a person stands: they want the one before.
            let last = events.saturating_sub(1);
            let first = self.first_of_step(run, last);
            return (0..first)
                .rev()
                .map(EventId)
                .find(|event| self.is(run, *event))
                .map(|event| run.go_to(event));
        }
        let mut from = events;
        loop {
            let known = run.trace().events.len() as u32;
            if let Some(found) = (from..known).map(EventId).find(|event| self.is(run, *event)) {
                return Some(run.go_to(found));
            }
            from = known;
            let until = run.plan().until;
            if run.seek(until, BUDGET) >= until && run.trace().events.len() as u32 == known
                || run.halted().is_some()
            {
                run.seek(now, u32::MAX);
                if events > 0 {
                    run.go_to(EventId(events - 1));
                    run.seek(now, u32::MAX);
                }
                return None;
            }
        }
    }

    /// The first among these events that is wanted.
    pub fn among(&self, run: &dyn Run, events: std::ops::Range<u32>) -> Option<EventId> {
        events.map(EventId).find(|event| self.is(run, *event))
    }

    /// Events that are seen together: back to the first of the same moment and cause.
    fn first_of_step(&self, run: &dyn Run, last: u32) -> u32 {
        let events = &run.trace().events;
        let Some(at) = events.get(last as usize).map(|event| event.at) else { return 0 };
        (0..=last).rev().take_while(|id| events[*id as usize].at == at).last().unwrap_or(last)
    }

    fn is(&self, run: &dyn Run, id: EventId) -> bool {
        let trace = run.trace();
        let Some(event) = trace.get(id) else { return false };
        let here = self.node.is_none_or(|node| node == event.node);
        let turn = || {
            let turns = run.turns();
            turns.binary_search_by_key(&id, |turn| turn.event).ok().map(|place| turns[place])
        };
        match &self.sign {
            Sign::Role(role) => here && turn().is_some_and(|turn| turn.role == *role),
            Sign::Epoch(number) => {
                here && turn().and_then(|turn| turn.epoch).is_some_and(|epoch| epoch.number >= *number)
            }
            Sign::Broken(name) => run.verdicts().iter().any(|(claim, verdict)| match verdict {
                Verdict::Broken(violation) => {
                    violation.event == id && name.as_deref().is_none_or(|name| name == claim.name)
                }
                _ => false,
            }),
            Sign::Arrives(kind) => match event.what {
                What::Delivered { message } => here && kind_of(run, message) == Some(kind.as_str()),
                _ => false,
            },
            Sign::Lost => here && matches!(event.what, What::Lost { .. }),
            Sign::Acted => matches!(event.what, What::Acted { .. }),
            Sign::Crashed => here && matches!(event.what, What::Crashed { .. }),
            Sign::Told(words) => match event.what {
                What::Noted { note } => {
                    here && trace.notes.get(note as usize).is_some_and(|line| line.contains(words.as_str()))
                }
                _ => false,
            },
        }
    }
}

/// A verdict is only known where it has been passed: the whole run is run, and then looked at.
fn seek_breach(run: &mut dyn Run, name: Option<&str>, forward: bool) -> Option<Time> {
    let (now, events) = (run.now(), run.events());
    let until = run.plan().until;
    run.seek(until, BUDGET);
    let verdicts = run.verdicts();
    let breaches = verdicts.iter().filter_map(|(claim, verdict)| match verdict {
        Verdict::Broken(violation) if name.is_none_or(|name| name == claim.name) => Some(violation.event),
        _ => None,
    });
    let found = if forward {
        breaches.filter(|event| event.0 >= events).min()
    } else {
        breaches.filter(|event| event.0 + 1 < events).max()
    };
    if found.is_none() {
        back(run, now, events);
    }
    found.map(|event| run.go_to(event))
}

/// Where a search began.
fn back(run: &mut dyn Run, now: Time, events: u32) {
    if let Some(last) = events.checked_sub(1) {
        run.go_to(EventId(last));
    }
    run.seek(now.max(run.now()), u32::MAX);
}

/// The kind of a message, also of a copy.
fn kind_of(run: &dyn Run, message: EventId) -> Option<&'static str> {
    match run.trace().get(message)?.what {
        What::Sent { kind, .. } => Some(kind),
        What::Duplicated { original, .. } => kind_of(run, original),
        _ => None,
    }
}
