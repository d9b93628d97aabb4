//! Jepsen's histories: a map for each invocation and each completion, in order of time.
//!
//! `:process`, `:type`, `:f` and `:value` count, `:key` where one is written, and `:final?`, which marks reads after
//! everything came to rest. The order of the file is that of time unless `:time` is asked for; `:index` is told along.
//! Other keys are for others.

use super::Order;
use super::datum::{Datum, Form};
use super::edn::Reader;
use super::notation::Notation;
use super::pairing::{Event, Kind, Left, Paired, pair};
use super::process::Process;
use super::unreadable::{Unreadable, quoted};

/// Reads the maps of a history.
///
/// # Errors
/// What is no map, lacks what an event needs, or fits no other event.
pub fn read(text: &str, notation: Notation, order: Order) -> Result<Paired, Unreadable> {
    let (mut events, mut left) = (Vec::new(), Left::default());
    Reader::new(text, notation).each(|datum| {
        match event(text, datum, notation)? {
            Some(event) => events.push(event),
            None => left.nemesis += 1,
        }
        Ok(())
    })?;
    pair(text, events, order, left)
}

/// What a client did or heard; `None` for what the nemesis did.
fn event(text: &str, mut datum: Datum, notation: Notation) -> Result<Option<Event>, Unreadable> {
    let slip = |at, what: String, hint: &str| Err(Unreadable::at(text, at, what, hint));
    if datum.is_plain() || matches!(datum.form, Form::List(_) | Form::Set(_)) {
        let hint = format!("Each event is a map: {{{}, …}}.", Needed::all(notation).join(", "));
        return slip(datum.at, "this is no map".to_owned(), &hint);
    }
    if let Some(again) = datum.named_twice() {
        let what = format!("this event has two keys {}", quoted(again.word().unwrap_or_default()));
        return slip(again.at, what, "Leave one of them out.");
    }
    let needed = |needed: &Needed| {
        let lacking = || {
            let what = format!("this event has no {}", notation.key(needed.key));
            Unreadable::at(text, datum.at, what, needed.hint(notation))
        };
        datum.get(needed.key).ok_or_else(lacking)
    };
    let Process::Client(client) = Process::read(text, needed(&PROCESS)?)? else { return Ok(None) };
    let told = needed(&TYPE)?;
    let Some(kind) = told.word().and_then(Kind::named) else {
        let what = format!("{} is no type of event", quoted(&told.name()));
        return slip(told.at, what, TYPE.is);
    };
    let f = needed(&F)?;
    let Some(name) = f.word() else {
        return slip(f.at, "an operation is named by a word".to_owned(), &F.hint(notation));
    };
    let f = (f.at, name.into());
    let key = datum.get("key").filter(|key| key.form != Form::Nil).map(Datum::name);
    let time = datum.get("time").map(|time| (time.at, time.value().whole()));
    let index = match datum.get("index").map(|index| &index.form) {
        Some(Form::Int(index)) => Some(*index),
        _ => None,
    };
    let is_final = matches!(datum.get("final?").map(|it| &it.form), Some(Form::Bool(true)));
    let value = datum.take("value").unwrap_or(Datum::nil(datum.at));
    Ok(Some(Event { at: datum.at, line: 0, client, kind, f, key, value, time, index, is_final }))
}

/// What no event is without.
struct Needed {
    key: &'static str,
    is: &'static str,
    example: &'static str,
}

const PROCESS: Needed = Needed { key: "process", is: "It names the client", example: "0" };
const TYPE: Needed = Needed { key: "type", is: "There is: invoke, ok, fail, info.", example: "invoke" };
const F: Needed = Needed { key: "f", is: "It names the operation", example: "read" };

impl Needed {
    /// As it is written: `:f :read`.
    fn written(&self, notation: Notation) -> String {
        let number = self.example.starts_with(|c: char| c.is_ascii_digit());
        let example = if number { self.example.to_owned() } else { notation.key(self.example) };
        let colon = if notation == Notation::Json { ":" } else { "" };
        format!("{}{colon} {example}", notation.key(self.key))
    }

    fn hint(&self, notation: Notation) -> String {
        match self.is.ends_with('.') {
            true => self.is.to_owned(),
            false => format!("{}: {}.", self.is, self.written(notation)),
        }
    }

    fn all(notation: Notation) -> [String; 3] {
        [PROCESS, TYPE, F].map(|needed| needed.written(notation))
    }
}
