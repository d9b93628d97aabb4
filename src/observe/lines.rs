//! A trace as JSON lines: one event a line, in order, with its cause.
//!
//! Every line has `id`, `at_us`, `what`, and, where there is one, `node` (by name) and `cause` (an id); the rest
//! depends on what happened and is named as in [`What`].

use std::fmt::Write;

use crate::run::Run;
use crate::run::story::heard_in_short;
use crate::sim::{EventId, NOWHERE, What};

/// All that happened until now, a line each.
pub fn trace(run: &dyn Run) -> String {
    let events = &run.trace().events[..run.events() as usize];
    let mut lines = String::with_capacity(events.len() * 96);
    for id in 0..events.len() as u32 {
        line(run, EventId(id), &mut lines);
    }
    lines
}

/// One line being written.
struct Line<'a> {
    out: &'a mut String,
}

impl Line<'_> {
    fn number(&mut self, key: &str, number: u64) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, ",\"{key}\":{number}");
    }

    fn text(&mut self, key: &str, text: &str) {
        let _ = write!(self.out, ",\"{key}\":");
        quote(text, self.out);
    }
}

/// A text as JSON writes it.
pub(super) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

fn line(run: &dyn Run, id: EventId, out: &mut String) {
    let Some(event) = run.trace().get(id) else { return };
    let names = run.names();
    let _ = write!(out, "{{\"id\":{},\"at_us\":{}", id.0, event.at.0);
    let mut line = Line { out };
    if event.node != NOWHERE {
        line.text("node", &names.of(event.node));
    }
    if event.cause != EventId::NONE {
        line.number("cause", event.cause.0.into());
    }
    line.text("what", word(&event.what));
    details(run, id, &event.what, &mut line);
    out.push_str("}\n");
}

fn word(what: &What) -> &'static str {
    match what {
        What::Started => "started",
        What::Sent { .. } => "sent",
        What::Duplicated { .. } => "duplicated",
        What::Lost { .. } => "lost",
        What::Delivered { .. } => "delivered",
        What::Queued { .. } => "queued",
        What::Held { .. } => "held",
        What::Released { .. } => "released",
        What::TimerFired => "timer fired",
        What::Synced { .. } => "synced",
        What::Crashed { .. } => "crashed",
        What::Paused => "paused",
        What::Resumed => "resumed",
        What::Acted { .. } => "acted",
        What::Invoked { .. } => "invoked",
        What::Completed { .. } => "completed",
        What::TimedOut { .. } => "timed out",
        What::Noted { .. } => "noted",
    }
}

fn details(run: &dyn Run, id: EventId, what: &What, line: &mut Line<'_>) {
    let names = run.names();
    match *what {
        What::Sent { to, kind, bytes, .. } => {
            line.text("to", &names.of(to));
            line.text("kind", kind);
            line.number("bytes", bytes.into());
        }
        What::Duplicated { original, to } => {
            line.text("to", &names.of(to));
            line.number("message", original.0.into());
        }
        What::Lost { message, why, .. } => {
            line.number("message", message.0.into());
            line.text("why", why.text());
        }
        What::Delivered { message } | What::Queued { message } | What::Held { message } => {
            line.number("message", message.0.into());
        }
        What::Released { message } => line.number("message", message.0.into()),
        What::Synced { through } => line.number("through", through),
        What::Crashed { unsynced } => line.number("unsynced", unsynced.into()),
        What::Acted { act } => {
            let act = run.acts().get(act as usize);
            let deed = act.and_then(|act| act.deed.as_ref()).map(|deed| names.done(deed, id, run.trace()));
            line.text("act", &deed.unwrap_or_default());
        }
        What::Invoked { op } | What::Completed { op } | What::TimedOut { op } => {
            line.number("op", op.0.into());
            if let Some(operation) = run.trace().ops.get(op.0 as usize) {
                line.text("call", &operation.call.to_string());
                if let (What::Completed { .. }, Some((_, outcome))) = (what, &operation.ended) {
                    line.text("outcome", &heard_in_short(&operation.call, outcome));
                }
            }
        }
        What::Noted { note } => {
            line.text("note", run.trace().notes.get(note as usize).map_or("", String::as_str));
        }
        What::Started | What::TimerFired | What::Paused | What::Resumed => {}
    }
}
