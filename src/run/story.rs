//! The trace in plain lines.

use crate::scenario::Act;

use crate::sim::{EventId, NOWHERE, NodeId, Outcome, Time, Trace, Value, What};

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
            let Some((kind, text)) = words(&event.what, trace, acts, names) else { continue };
            let node = (event.node != NOWHERE).then_some(event.node);
            self.lines.push(Line { at: event.at, event: EventId(id as u32), node, kind, text });
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

fn words(what: &What, trace: &Trace, acts: &[Act], names: &Names) -> Option<(Kind, String)> {
    Some(match what {
        What::Noted { note } => (Kind::Note, trace.notes.get(*note as usize)?.clone()),
        What::Acted { act } => {
            let act = acts.get(*act as usize)?;
            let deed = act.deed.as_ref().map(|deed| names.deed(deed));
            let text =
                [deed.as_deref(), act.say.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(": ");
            (Kind::Act, text)
        }
        What::Crashed { unsynced: 0 } => (Kind::Fault, "crashed".to_owned()),
        What::Crashed { unsynced: 1 } => {
            (Kind::Fault, "crashed and lost a record it had not synced".to_owned())
        }
        What::Crashed { unsynced } => {
            (Kind::Fault, format!("crashed and lost {unsynced} records it had not synced"))
        }
        What::Paused => (Kind::Fault, "stands still".to_owned()),
        What::Resumed => (Kind::Fault, "goes on".to_owned()),
        What::Completed { op } => {
            let op = trace.ops.get(op.0 as usize)?;
            let (_, outcome) = op.ended.as_ref()?;
            (Kind::Client, format!("{}: {}", op.call, heard(outcome, names)))
        }
        What::TimedOut { op } => {
            let op = trace.ops.get(op.0 as usize)?;
            (Kind::Client, format!("{}: no answer; it may have happened or not", op.call))
        }
        _ => return None,
    })
}

/// What a client heard.
pub(super) fn heard(outcome: &Outcome, names: &Names) -> String {
    match outcome {
        Outcome::Ok(Value::Nothing) => "ok, nothing there".to_owned(),
        Outcome::Ok(value) => format!("ok, {value}"),
        Outcome::Redirect(Some(node)) => format!("not here, ask {}", names.of(*node)),
        other => other.to_string(),
    }
}
