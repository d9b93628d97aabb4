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
        match event(text, datum)? {
            Some(event) => events.push(event),
            None => left.nemesis += 1,
        }
        Ok(())
    })?;
    pair(text, events, order, left)
}

/// What a client did or heard; `None` for what the nemesis did.
fn event(text: &str, mut datum: Datum) -> Result<Option<Event>, Unreadable> {
    let slip = |at, what: String, hint: &str| Err(Unreadable::at(text, at, what, hint));
    if datum.is_plain() || matches!(datum.form, Form::List(_) | Form::Set(_)) {
        return slip(
            datum.at,
            "this is no map".to_owned(),
            "Each event is a map: {:process 0, :type :invoke, …}.",
        );
    }
    let needed = |key: &str, hint: &str| {
        let lacking = || Unreadable::at(text, datum.at, format!("this event has no :{key}"), hint);
        datum.get(key).ok_or_else(lacking)
    };
    let process = needed("process", "It names the client: :process 0.")?;
    let Process::Client(client) = Process::read(text, process)? else { return Ok(None) };
    let told = needed("type", "There is: invoke, ok, fail, info.")?;
    let Some(kind) = told.word().and_then(Kind::named) else {
        let what = format!("{} is no type of event", quoted(&told.name()));
        return slip(told.at, what, "There is: invoke, ok, fail, info.");
    };
    let f = needed("f", "It names the operation: :f :read.")?;
    let Some(name) = f.word() else {
        return slip(f.at, "an operation is named by a word".to_owned(), "For example :read.");
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
