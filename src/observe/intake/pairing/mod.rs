//! From events to operations: which completion belongs to which invocation, and what both say.

mod asked;
mod keyed;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::datum::Datum;
use super::unreadable::{Unreadable, quoted};
use crate::check::history::History;

/// One event of one client.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where it stands, in bytes from the beginning of the text.
    pub at: usize,
    pub process: u32,
    pub kind: Kind,
    /// What the operation is called, and where that stands.
    pub f: (usize, SmolStr),
    /// The object it is about, if it says so beside its value.
    pub key: Option<SmolStr>,
    pub value: Datum,
}

/// Jepsen's four types of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invoke,
    /// It took effect.
    Ok,
    /// It did not happen.
    Fail,
    /// Nobody knows, and it may take effect at any later time.
    Info,
}

/// A history, and the lines of each operation.
pub type Paired = (History, Vec<(usize, Option<usize>)>);

/// An invocation and its completion, as places among the events.
#[derive(Clone, Copy, Debug)]
struct Call {
    invoked: usize,
    completed: Option<usize>,
}

impl Kind {
    pub fn named(name: &str) -> Option<Kind> {
        Some(match name {
            "invoke" => Kind::Invoke,
            "ok" => Kind::Ok,
            "fail" => Kind::Fail,
            "info" => Kind::Info,
            _ => return None,
        })
    }
}

/// Makes operations of events. Their order is the order of time, and the time of each is its place in it.
///
/// # Errors
/// A completion of nothing or of something else, an invocation by a process that is busy, and whatever an operation
/// cannot be made of.
pub fn pair(text: &str, mut events: Vec<Event>) -> Result<Paired, Unreadable> {
    let calls = calls(text, &events)?;
    keyed::split(text, &mut events, &calls)?;
    let lines = lines(text, &events);
    let operation = |call: &Call| asked::operation(text, &events, *call);
    let operations = calls.iter().map(operation).collect::<Result<_, _>>()?;
    let place = |call: &Call| (lines[call.invoked], call.completed.map(|at| lines[at]));
    Ok((History { operations }, calls.iter().map(place).collect()))
}

/// Who asked what and heard what, in order of invocation.
fn calls(text: &str, events: &[Event]) -> Result<Vec<Call>, Unreadable> {
    let mut calls: Vec<Call> = Vec::with_capacity(events.len() / 2);
    let mut busy: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let process = event.process;
        let slip = |what: String, hint| Err(Unreadable::at(text, event.at, what, hint));
        if event.kind == Kind::Invoke {
            if busy.insert(process, calls.len()).is_some() {
                let what = format!("process {process} asks again before its last operation has ended");
                let hint = "A process does one thing at a time; what nobody answered ends with :info.";
                return slip(what, hint);
            }
            calls.push(Call { invoked: place, completed: None });
            continue;
        }
        let Some(open) = busy.remove(&process) else {
            let what = format!("process {process} has no operation under way that could end here");
            return slip(what, "Each completion follows an :invoke of the same process.");
        };
        let asked = &events[calls[open].invoked].f.1;
        if *asked != event.f.1 {
            let what =
                format!("process {process} asked for {} and hears of {}", quoted(asked), quoted(&event.f.1));
            return slip(what, "A completion has the :f of its invocation.");
        }
        calls[open].completed = Some(place);
    }
    Ok(calls)
}

/// The line of each event, counted from 1. They stand in order, so the text is gone through once.
fn lines(text: &str, events: &[Event]) -> Vec<usize> {
    let (mut line, mut from) = (1, 0);
    let count = |event: &Event| {
        line += text[from..event.at].bytes().filter(|byte| *byte == b'\n').count();
        from = event.at;
        line
    };
    events.iter().map(count).collect()
}
