//! From events to operations: which completion belongs to which invocation, and what both say.

mod asked;
mod keyed;
mod order;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::Order;
use super::datum::Datum;
use super::process::{Client, Names, numbered};
use super::unreadable::{Unreadable, quoted};
use crate::check::history::History;

/// One event of one client.
#[derive(Clone, Debug)]
pub struct Event {
    /// Where it stands, in bytes from the beginning of the text.
    pub at: usize,
    /// The line, counted from 1; 0 until they are counted.
    pub line: usize,
    pub client: Client,
    pub kind: Kind,
    /// What the operation is called, and where that stands.
    pub f: (usize, SmolStr),
    /// The object it is about, if it says so beside its value.
    pub key: Option<SmolStr>,
    pub value: Datum,
    /// Where its time is told, and the time if that is a whole number.
    pub time: Option<(usize, Option<i128>)>,
    pub index: Option<i64>,
    pub is_final: bool,
}

/// What is no event of a client, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Left {
    pub nemesis: usize,
    /// Lines of a log.
    pub lines: usize,
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

/// A history, and what is told of each operation: see [`super::Transcript`].
#[derive(Clone, Debug, Default)]
pub struct Paired {
    pub history: History,
    pub lines: Vec<(usize, Option<usize>)>,
    pub values: Vec<(usize, Option<usize>)>,
    pub indices: Vec<(Option<i64>, Option<i64>)>,
    pub names: Names,
    /// Events of the nemesis, which are left out.
    pub nemesis: usize,
    pub notes: Vec<String>,
}

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

/// Makes operations of events. The time of each is its place in the order.
///
/// # Errors
/// A completion of nothing or of something else, an invocation by a client that is busy, and whatever an operation
/// cannot be made of.
pub fn pair(text: &str, mut events: Vec<Event>, order: Order, left: Left) -> Result<Paired, Unreadable> {
    count_lines(text, &mut events);
    let mut notes = left.told();
    notes.extend(order::put(text, &mut events, order)?);
    let calls = calls(text, &events)?;
    keyed::split(text, &mut events, &calls)?;
    let (numbers, names) = numbered(events.iter().map(|event| &event.client));
    let operation = |call: &Call| {
        let client = numbers.get(&events[call.invoked].client).copied().unwrap_or_default();
        asked::operation(text, &events, *call, client)
    };
    let operations = calls.iter().map(operation).collect::<Result<_, _>>()?;
    let both = |call: &Call| (&events[call.invoked], call.completed.map(|at| &events[at]));
    let line = |(asked, end): (&Event, Option<&Event>)| (asked.line, end.map(|end| end.line));
    let value = |(asked, end): (&Event, Option<&Event>)| (asked.value.at, end.map(|end| end.value.at));
    let index = |(asked, end): (&Event, Option<&Event>)| (asked.index, end.and_then(|end| end.index));
    Ok(Paired {
        history: History { operations },
        lines: calls.iter().map(both).map(line).collect(),
        values: calls.iter().map(both).map(value).collect(),
        indices: calls.iter().map(both).map(index).collect(),
        names,
        nemesis: left.nemesis,
        notes,
    })
}

impl Left {
    /// In words.
    fn told(self) -> Vec<String> {
        let left_out = |count: usize, what: &str, all: &str| match count {
            0 => None,
            1 => Some(format!("1 {what} is left out.")),
            count => Some(format!("{count} {all} are left out.")),
        };
        let nemesis = left_out(self.nemesis, "event of the nemesis", "events of the nemesis");
        let lines = left_out(self.lines, "line that tells of no client", "lines that tell of no client");
        nemesis.into_iter().chain(lines).collect()
    }
}

/// Who asked what and heard what, in order of invocation.
fn calls(text: &str, events: &[Event]) -> Result<Vec<Call>, Unreadable> {
    let mut calls: Vec<Call> = Vec::with_capacity(events.len() / 2);
    let mut busy: BTreeMap<&Client, usize> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let process = &event.client;
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
fn count_lines(text: &str, events: &mut [Event]) {
    let (mut line, mut from) = (1, 0);
    for event in events {
        line += text[from..event.at].bytes().filter(|byte| *byte == b'\n').count();
        (from, event.line) = (event.at, line);
    }
}
