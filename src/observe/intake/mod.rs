//! Histories that other programs wrote.
//!
//! Four formats, told apart by what is in them: Jepsen's EDN and its twin in JSON, Jepsen's log lines, and our own JSON
//! lines ([`lines`]). All but the last tell events, an invocation and later its completion, of which operations are
//! made here. Reading takes time and room in proportion to the text, whatever is in it.

mod datum;
mod edn;
mod jepsen;
pub mod lines;
mod log;
mod notation;
mod number;
mod pairing;
mod process;
mod text;
mod unreadable;

use crate::check::history::{History, Value};
use edn::Reader;
use notation::Notation;
use pairing::Paired;
pub use process::Names;
pub use unreadable::{Place, Unreadable};

/// A longer text is not read: half a million operations fit into it.
pub const MOST_BYTES: usize = 64 << 20;

/// How a history is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Maps in EDN, in a vector or a list or one after another: `{:process 0, :type :invoke, :f :read, :value nil}`.
    Edn,
    /// The same maps in JSON: `{"process": 0, "type": "invoke", "f": "read", "value": null}`.
    Json,
    /// What Jepsen logs: `INFO  jepsen.util - 0  :invoke  :read  nil`.
    Log,
    /// Our own, an operation a line: see [`lines`].
    Lines,
}

/// Which order of events counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The one in which the file tells them.
    #[default]
    File,
    /// That of their `:time`; those of one time stay in the order of the file.
    Time,
}

/// A history, and where in its text it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    pub format: Format,
    /// Operations in order of invocation.
    pub history: History,
    /// For each operation the lines, counted from 1, that tell of its invocation and of its end.
    pub lines: Vec<(usize, Option<usize>)>,
    /// For each operation where its value stands and where that of its answer does, in bytes from the beginning.
    pub values: Vec<(usize, Option<usize>)>,
    /// For each operation the `:index` of its invocation and of its end, where the text tells it.
    pub indices: Vec<(Option<i64>, Option<i64>)>,
    /// Clients that go by a name.
    pub names: Names,
    /// What was left out, and what else a person should know, a sentence each.
    pub notes: Vec<String>,
}

/// Reads a history in the order of its file, in a format that is recognised unless it is named.
///
/// # Errors
/// What cannot be made sense of, and where; a text without any operation of a client is one such thing.
pub fn read(text: &str, format: Option<Format>) -> Result<Transcript, Unreadable> {
    read_in(text, format, None)
}

/// Reads a history in this order of events, if one is named.
///
/// # Errors
/// What cannot be made sense of, and where; events without a time where that is to count.
pub fn read_in(text: &str, format: Option<Format>, order: Option<Order>) -> Result<Transcript, Unreadable> {
    if text.len() > MOST_BYTES {
        return Err(Unreadable::too_long());
    }
    let format = format.unwrap_or_else(|| Format::of(text));
    let events = order.unwrap_or_default();
    let paired = match (format, order) {
        (Format::Edn, _) => jepsen::read(text, Notation::Edn, events),
        (Format::Json, _) => jepsen::read(text, Notation::Json, events),
        (Format::Log, None | Some(Order::File)) => log::read(text),
        (Format::Lines, None | Some(Order::Time)) => lines::read(text),
        (Format::Log, Some(Order::Time)) => {
            Err(Unreadable::whole("the lines of a log have no :time to be ordered by", "Leave out --order."))
        }
        (Format::Lines, Some(Order::File)) => {
            let what = "operations of this format tell when they were invoked and returned";
            Err(Unreadable::whole(what, "--order is for events; leave it out."))
        }
    };
    let Paired { history, lines, values, indices, names, nemesis, notes } = paired?;
    if history.operations.is_empty() && nemesis == 0 {
        let what = format!("there is no operation of a client in this file, read as {}", format.name());
        let hint = "Clients are processes with a number or a name; --format names another format: edn, json, log, lines.";
        return Err(Unreadable::whole(what, hint));
    }
    Ok(Transcript { format, history, lines, values, indices, names, notes })
}

/// Reads one value in EDN, and so in JSON: `3`, `"x"`, `[1 2]`, `nil`.
///
/// # Errors
/// What is wrong with it.
pub fn value(text: &str) -> Result<Value, Unreadable> {
    let mut reader = Reader::new(text, Notation::Edn);
    match (reader.next()?, reader.next()?) {
        (Some(datum), None) => Ok(datum.value()),
        (None, _) => Err(Unreadable::whole("there is no value", "Write nil for nothing.")),
        (_, Some(more)) => Err(Unreadable::at(text, more.at, "here a second value begins", "One is enough.")),
    }
}

impl Format {
    /// Every format with its name.
    pub const NAMES: &'static [(Format, &'static str)] =
        &[(Format::Edn, "edn"), (Format::Json, "json"), (Format::Log, "log"), (Format::Lines, "lines")];

    pub fn name(self) -> &'static str {
        Format::NAMES.iter().find(|(format, _)| *format == self).map_or("", |(_, name)| name)
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Format> {
        Format::NAMES.iter().find(|(_, other)| *other == name).map(|(format, _)| *format)
    }

    /// What a text looks like: nested things begin with a bracket, logs with a word or a date.
    fn of(text: &str) -> Format {
        let significant = |line: &&str| !line.starts_with(';');
        let lines = text.lines().map(str::trim).filter(significant);
        let mut begins = lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && *c != '\u{feff}');
        match (begins.next(), begins.next()) {
            (Some('{'), Some('"')) => Format::of_json(text),
            (Some('['), Some('{')) if begins.next() == Some('"') => Format::of_json(text),
            (Some('{' | '(' | '#'), _) | (Some('['), None | Some('{' | '(' | '[' | '#' | ']' | ':')) => {
                Format::Edn
            }
            _ => Format::Log,
        }
    }

    /// The keys of the first object tell whether it is an event or a whole operation.
    fn of_json(text: &str) -> Format {
        let within = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '[' | '\u{feff}'));
        match Reader::new(within, Notation::Json).next() {
            Ok(Some(first)) if first.get("process").is_some() => Format::Json,
            // Whichever of its keys is missing, the others tell.
            Ok(Some(first))
                if ["client", "verb", "outcome", "invoked"].iter().any(|key| first.get(key).is_some()) =>
            {
                Format::Lines
            }
            Ok(_) => Format::Json,
            // A map of EDN may begin with a text, too, but has no colons.
            Err(_) => match Reader::new(within, Notation::Edn).next() {
                Ok(_) => Format::Edn,
                Err(_) => Format::Json,
            },
        }
    }
}
