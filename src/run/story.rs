//! The trace in plain lines.

use crate::scenario::Act;

use crate::sim::words::counted;
use crate::sim::{Call, EventId, NOWHERE, NodeId, Outcome, Time, Trace, Value, What};

use super::words::Names;

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: Time,
    /// The event it tells of.
    pub event: EventId,
    /// Who; `None` for what happens to nobody in particular.
    pub node: Option<NodeId>,
    pub kind: Kind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A node's own words.
    Note,
    /// Something the script or a hand did.
    Act,
    /// What came of it.
    Fault,
    /// A client's operation ended, or nobody answered.
    Client,
    Caption,
    Verdict,
}

/// The story so far; grows with the trace and is cut back with it.
#[derive(Clone, Debug, Default)]
pub struct Story {
    lines: Vec<Line>,
    /// How many events of the trace are told.
    told: usize,
}

impl Story {
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Tells what the trace has beyond what is told.
    pub fn tell(&mut self, trace: &Trace, acts: &[Act], names: &Names) {
        for (id, event) in trace.events.iter().enumerate().skip(self.told) {
            let event_id = EventId(id as u32);
            let Some((kind, text)) = words(event_id, &event.what, trace, acts, names) else { continue };
            let node = (event.node != NOWHERE).then_some(event.node);
            self.lines.push(Line { at: event.at, event: event_id, node, kind, text });
        }
        self.told = trace.events.len();
    }

    /// Forgets the lines from event `from` on.
    pub fn cut(&mut self, from: u32) {
        self.lines.retain(|line| line.event.0 < from);
        self.told = self.told.min(from as usize);
    }

    /// How many lines tell of events before `event`.
    pub fn before(&self, event: u32) -> usize {
        self.lines.partition_point(|line| line.event.0 < event)
    }

    /// The lines up to event `until`, with what was said in between behind the events that it is about.
    pub fn with(&self, until: u32, said: Vec<Line>) -> Vec<Line> {
        let mut lines = self.lines[..self.before(until)].to_vec();
        for line in said {
            let place = lines.partition_point(|other| other.event <= line.event);
            lines.insert(place, line);
        }
        lines
    }
}

fn words(event: EventId, what: &What, trace: &Trace, acts: &[Act], names: &Names) -> Option<(Kind, String)> {
    Some(match what {
        What::Noted { note } => (Kind::Note, trace.notes.get(*note as usize)?.clone()),
        What::Acted { act } => {
            let act = acts.get(*act as usize)?;
            let deed = act.deed.as_ref().map(|deed| names.done(deed, event, trace));
            let text =
                [deed.as_deref(), act.say.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(": ");
            (Kind::Act, text)
        }
        What::Crashed { unsynced: 0 } => (Kind::Fault, "crashed".to_owned()),
        What::Crashed { unsynced: 1 } => {
            (Kind::Fault, "crashed and lost a record it had not synced".to_owned())
        }
        What::Crashed { unsynced } => {
            (Kind::Fault, format!("crashed and lost {} it had not synced", counted(*unsynced, "record")))
        }
        What::Paused => (Kind::Fault, "stands still".to_owned()),
        What::Resumed => (Kind::Fault, "goes on".to_owned()),
        What::Completed { op } => {
            let op = trace.ops.get(op.0 as usize)?;
            let (_, outcome) = op.ended.as_ref()?;
            (Kind::Client, format!("{}: {}", op.call, heard(&op.call, outcome, names)))
        }
        What::TimedOut { op } => {
            let op = trace.ops.get(op.0 as usize)?;
            let fate = if op.call.reads_only() { "" } else { "; it may have happened or not" };
            (Kind::Client, format!("{}: no answer{fate}", op.call))
        }
        _ => return None,
    })
}

/// What a client heard of what it asked for, in the words of its operation.
pub(super) fn heard(call: &Call, outcome: &Outcome, names: &Names) -> String {
    match outcome {
        Outcome::Ok(value) => match told(call, value) {
            Some(told) => format!("ok, {told}"),
            None => "ok".to_owned(),
        },
        Outcome::Redirect(Some(node)) => format!("not here, ask {}", names.of(*node)),
        other => other.to_string(),
    }
}

/// What a successful answer tells beyond that it is one; `None`: nothing.
fn told(call: &Call, value: &Value) -> Option<String> {
    match (call, value) {
        (Call::Read { .. }, Value::Nothing) => Some("nothing there".to_owned()),
        (Call::Dequeue { .. }, Value::Nothing) => Some("the queue is empty".to_owned()),
        (_, Value::Nothing) => None,
        // What a client wrote is no news to it.
        (Call::Write { value: asked, .. } | Call::Cas { new: asked, .. }, Value::Int(now))
            if now == asked =>
        {
            None
        }
        (_, value) => Some(value.to_string()),
    }
}

/// The same where there is room for a word only: never "nothing" for what was done.
pub fn heard_in_short(call: &Call, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ok(value) => told(call, value).unwrap_or_else(|| "ok".to_owned()),
        other => other.to_string(),
    }
}
