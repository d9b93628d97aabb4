//! Jepsen's histories: a map for each invocation and each completion, in order of time.
//!
//! `:process`, `:type`, `:f` and `:value` count, and `:key` where somebody writes one; `:index` and `:time` are not
//! trusted over the order, and other keys are somebody else's business.

use super::datum::{Datum, Form};
use super::edn::Reader;
use super::notation::Notation;
use super::pairing::{Event, Kind, Paired, pair};
use super::unreadable::{Unreadable, quoted};

/// Reads the maps of a history.
///
/// # Errors
/// What is no map, lacks what an event needs, or fits no other event.
pub fn read(text: &str, notation: Notation) -> Result<Paired, Unreadable> {
    let mut events = Vec::new();
    Reader::new(text, notation).each(|datum| {
        events.extend(event(text, datum)?);
        Ok(())
    })?;
    pair(text, events)
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
    let needed = |key: &str| {
        let lacking = || Unreadable::at(text, datum.at, format!("this event has no :{key}"), "");
        datum.get(key).ok_or_else(lacking)
    };
    let process = needed("process")?;
    let process = match &process.form {
        Form::Int(number) => u32::try_from(*number).ok(),
        // The nemesis goes by a word; in JSON that is a text.
        _ if process.word().is_some_and(|word| word.parse::<f64>().is_err()) => return Ok(None),
        _ => None,
    };
    let Some(process) = process else {
        let at = needed("process")?;
        let what = format!("there is no process {}", at.value());
        return slip(at.at, what, "They count from 0 to 4294967295.");
    };
    let told = needed("type")?;
    let Some(kind) = told.word().and_then(Kind::named) else {
        let what = format!("{} is no type of event", quoted(&told.name()));
        return slip(told.at, what, "There is: invoke, ok, fail, info.");
    };
    let f = needed("f")?;
    let Some(name) = f.word() else {
        return slip(f.at, "an operation is named by a word".to_owned(), "For example :read.");
    };
    let f = (f.at, name.into());
    let key = datum.get("key").filter(|key| key.form != Form::Nil).map(Datum::name);
    let value = datum.take("value").unwrap_or(Datum::nil(datum.at));
    Ok(Some(Event { at: datum.at, process, kind, f, key, value }))
}
