//! What Jepsen logs while it runs: a process, the type of event, the operation and its value, behind whatever the
//! logger puts in front: `INFO  jepsen.util - 3  :invoke  :cas  [1 4]`.

use super::Order;
use super::datum::Datum;
use super::edn::Reader;
use super::notation::Notation;
use super::pairing::{Event, Kind, Left, Paired, pair};
use super::process::{Client, HINT, is_nemesis};
use super::unreadable::Unreadable;

/// Reads the lines that tell what clients did, and leaves out the others.
///
/// # Errors
/// A value that cannot be read, or an event that fits no other.
pub fn read(text: &str) -> Result<Paired, Unreadable> {
    let (mut events, mut left) = (Vec::new(), Left::default());
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        match event(&text[..from + line.len()], from)? {
            Told::Event(event) => events.push(*event),
            Told::Nemesis => left.nemesis += 1,
            Told::Nothing => left.lines += usize::from(!line.trim().is_empty()),
        }
        from += line.len();
    }
    pair(text, events, Order::File, left)
}

/// What a line tells.
enum Told {
    Event(Box<Event>),
    Nemesis,
    /// Nothing of a client.
    Nothing,
}

/// What the last line of a text tells of a client, if it does.
fn event(text: &str, from: usize) -> Result<Told, Unreadable> {
    let line = &text[from..];
    let mut words = line.split_whitespace();
    let mut before = "";
    let kind = loop {
        let Some(word) = words.next() else { return Ok(Told::Nothing) };
        match word.strip_prefix(':').and_then(Kind::named) {
            Some(kind) => break kind,
            None => before = word,
        }
    };
    let Some(name) = words.next().and_then(|f| f.strip_prefix(':')) else { return Ok(Told::Nothing) };
    // Words are parts of the line: how far one lies behind its beginning is the difference of their addresses.
    let offset = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    let client = match before.strip_prefix(':') {
        Some(name) if is_nemesis(name) => return Ok(Told::Nemesis),
        // Any word may stand in front of what looks like an event; a client that goes by one is a keyword.
        Some(name) if !name.is_empty() => Client::Named(name.into()),
        _ if is_nemesis(before) => return Ok(Told::Nemesis),
        _ if before.parse::<f64>().is_err() => return Ok(Told::Nothing),
        _ => match before.parse() {
            Ok(number) => Client::Number(number),
            Err(_) => {
                let what = format!("there is no process {before}");
                return Err(Unreadable::at(text, offset(before), what, HINT));
            }
        },
    };
    let f = offset(name);
    let behind = f + name.len();
    // What an operation that did not succeed has for a value is a reason, and in any notation.
    let value = match kind {
        Kind::Invoke | Kind::Ok => Reader::new(text, Notation::Edn).starting_at(behind).next()?,
        Kind::Fail | Kind::Info => None,
    };
    let value = value.unwrap_or(Datum::nil(behind));
    let f = (f, name.into());
    let (time, index, is_final) = (None, None, false);
    let event = Event { at: from, line: 0, client, kind, f, key: None, value, time, index, is_final };
    Ok(Told::Event(Box::new(event)))
}
