//! What Jepsen logs while it runs: a process, the type of event, the operation and its value, behind whatever the
//! logger puts in front: `INFO  jepsen.util - 3  :invoke  :cas  [1 4]`.

use super::datum::Datum;
use super::edn::Reader;
use super::notation::Notation;
use super::pairing::{Event, Kind, Paired, pair};
use super::unreadable::Unreadable;

/// Reads the lines that tell what clients did, and leaves out the others.
///
/// # Errors
/// A value that cannot be read, or an event that fits no other.
pub fn read(text: &str) -> Result<Paired, Unreadable> {
    let mut events = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        events.extend(event(&text[..from + line.len()], from)?);
        from += line.len();
    }
    pair(text, events)
}

/// What the last line of a text tells of a client, if it does.
fn event(text: &str, from: usize) -> Result<Option<Event>, Unreadable> {
    let line = &text[from..];
    let mut words = line.split_whitespace();
    let mut before = "";
    let kind = loop {
        let Some(word) = words.next() else { return Ok(None) };
        match word.strip_prefix(':').and_then(Kind::named) {
            Some(kind) => break kind,
            None => before = word,
        }
    };
    let Some(name) = words.next().and_then(|f| f.strip_prefix(':')) else { return Ok(None) };
    // The nemesis has a name.
    if before.parse::<f64>().is_err() {
        return Ok(None);
    }
    // Words are parts of the line: how far one lies behind its beginning is the difference of their addresses.
    let offset = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    let Ok(process) = before.parse() else {
        let hint = "They count from 0 to 4294967295.";
        return Err(Unreadable::at(text, offset(before), format!("there is no process {before}"), hint));
    };
    let f = offset(name);
    let behind = f + name.len();
    // What an operation that did not succeed has for a value is a reason, and in any notation.
    let value = match kind {
        Kind::Invoke | Kind::Ok => Reader::new(text, Notation::Edn).starting_at(behind).next()?,
        Kind::Fail | Kind::Info => None,
    };
    let value = value.unwrap_or(Datum::nil(behind));
    Ok(Some(Event { at: from, process, kind, f: (f, name.into()), key: None, value }))
}
