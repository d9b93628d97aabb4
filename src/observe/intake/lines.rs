//! Our own format of histories: JSON lines, one operation a line.
//!
//! ```text
//! {"client":0,"verb":"write","key":"x","value":1,"outcome":"ok","invoked":3,"returned":9}
//! {"client":1,"verb":"read","key":"x","outcome":"ok","heard":1,"invoked":5,"returned":11}
//! {"client":1,"verb":"cas","key":"x","old":1,"value":2,"outcome":"unknown","invoked":12}
//! ```
//!
//! | key | what it is | without it |
//! | --- | --- | --- |
//! | `client` | who asked, a number from 0 or a name | a slip |
//! | `verb` | what was asked: one of [`Verb::NAMES`] | a slip |
//! | `key` | the object it is about: 1 and `"1"` are two | there is only one |
//! | `value` | what was to be written, added, …: `null`, `true`, a number, a text, or a list of these | `null` |
//! | `old` | what a compare-and-set expects | `null` |
//! | `outcome` | `ok`; `failed`, it surely did not happen; `unknown`, it may happen at any later time or never | a slip |
//! | `heard` | what the answer told | `null` |
//! | `invoked` | when it was asked, a whole number in any unit that orders | a slip |
//! | `returned` | when the answer was heard, not before it was asked | a slip if it is `ok` |
//! | `server` | who answered, a number from 0 | it is not known who answered |
//! | `final` | `true` for a read after everything came to rest | it is none |
//!
//! Lines may stand in any order, and other keys are for others.

use std::fmt::Write;

use super::datum::{Datum, Form};
use super::edn::Reader;
use super::notation::Notation;
use super::number::number;
use super::pairing::Paired;
use super::process::{Client, Process, numbered};
use super::unreadable::{Unreadable, quoted};
use crate::check::history::{Action, History, Operation, Outcome, Value, Verb};
use crate::observe::lines::quote;
use crate::sim::EventId;

/// A history in this format.
pub fn write(history: &History) -> String {
    let mut out = String::with_capacity(history.operations.len() * 96);
    for operation in &history.operations {
        line(operation, &mut out);
    }
    out
}

fn line(operation: &Operation, out: &mut String) {
    let Operation { client, action, outcome, invoked, returned, server, is_final, events: _ } = operation;
    // Writing to a string cannot fail.
    let _ = write!(out, "{{\"client\":{client},\"verb\":\"{}\"", action.verb.name());
    if !action.key.is_empty() {
        out.push_str(",\"key\":");
        match is_whole(&action.key) {
            true => out.push_str(&action.key),
            false => quote(&action.key, out),
        }
    }
    named("old", &action.old, out);
    named("value", &action.value, out);
    match outcome {
        Outcome::Ok(heard) => {
            out.push_str(",\"outcome\":\"ok\"");
            named("heard", heard, out);
        }
        Outcome::Failed => out.push_str(",\"outcome\":\"failed\""),
        Outcome::Unknown => out.push_str(",\"outcome\":\"unknown\""),
    }
    let _ = write!(out, ",\"invoked\":{invoked}");
    if let Some(returned) = returned {
        let _ = write!(out, ",\"returned\":{returned}");
    }
    if let Some(server) = server {
        let _ = write!(out, ",\"server\":{server}");
    }
    if *is_final {
        out.push_str(",\"final\":true");
    }
    out.push_str("}\n");
}

/// Is it the name of an object that goes by a whole number?
fn is_whole(name: &str) -> bool {
    number(name, Notation::Json).is_some_and(|form| {
        form == Form::Number(name.into()) || matches!(form, Form::Int(int) if int.to_string() == name)
    })
}

/// A key and its value, if there is one.
fn named(key: &str, value: &Value, out: &mut String) {
    if *value != Value::Nil {
        let _ = write!(out, ",\"{key}\":");
        written(value, out);
    }
}

fn written(value: &Value, out: &mut String) {
    match value {
        Value::Nil => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Int(int) => {
            let _ = write!(out, "{int}");
        }
        // Whoever reads JSON knows decimals and large numbers; a ratio is a text there.
        Value::Number(spelled) if number(spelled, Notation::Json).is_some() => out.push_str(spelled),
        Value::Number(text) | Value::Text(text) | Value::Word(text) => quote(text, out),
        Value::List(values) | Value::Set(values) => listed(values, out),
        // Its keys may be anything, and those of JSON are texts.
        Value::Map(entries) => {
            let pair = |(key, value): &(Value, Value)| Value::List(vec![key.clone(), value.clone()]);
            listed(&entries.iter().map(pair).collect::<Vec<_>>(), out);
        }
        Value::Tagged(tagged) => written(&tagged.1, out),
    }
}

fn listed(values: &[Value], out: &mut String) {
    out.push('[');
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        written(value, out);
    }
    out.push(']');
}

/// Reads a history in this format.
///
/// # Errors
/// What is no operation, and where.
pub(super) fn read(text: &str) -> Result<Paired, Unreadable> {
    let mut told = Vec::new();
    let (mut line, mut from) = (1, 0);
    Reader::new(text, Notation::Json).each(|datum| {
        line += text[from..datum.at].bytes().filter(|byte| *byte == b'\n').count();
        from = datum.at;
        let client = client(text, &datum)?;
        let at = |key| datum.get(key).map_or(datum.at, |value| value.at);
        told.push((operation(text, &datum)?, client, (line, at("value"), at("heard"))));
        Ok(())
    })?;
    told.sort_by_key(|(operation, ..)| operation.invoked);
    let (numbers, names) = numbered(told.iter().map(|(_, client, _)| client));
    let mut paired = Paired { names, ..Paired::default() };
    for (operation, client, (line, asked, heard)) in told {
        let client = numbers.get(&client).copied().unwrap_or_default();
        paired.history.operations.push(Operation { client, ..operation });
        paired.lines.push((line, None));
        paired.values.push((asked, Some(heard)));
        paired.indices.push((None, None));
    }
    Ok(paired)
}

/// Who asked.
fn client(text: &str, datum: &Datum) -> Result<Client, Unreadable> {
    let slip = |at, what: String, hint: &str| Unreadable::at(text, at, what, hint);
    if !matches!(datum.form, Form::Map(_)) {
        return Err(slip(
            datum.at,
            "this is no operation".to_owned(),
            "Each line is an object: {\"client\": 0, …}.",
        ));
    }
    if let Some(again) = datum.named_twice() {
        let what = format!("this operation has two keys {}", quoted(again.word().unwrap_or_default()));
        return Err(slip(again.at, what, "Leave one of them out."));
    }
    let lacking = || {
        slip(datum.at, "this operation has no \"client\"".to_owned(), "It names the client: \"client\": 0.")
    };
    let given = datum.get("client").ok_or_else(lacking)?;
    match Process::read(text, given)? {
        Process::Client(client) => Ok(client),
        Process::Nemesis => {
            Err(Unreadable::at(text, given.at, "the nemesis is no client", "Leave out this line."))
        }
    }
}

/// What a key is, for people who left it out or wrote something else.
fn hint(key: &str) -> &'static str {
    match key {
        "verb" => "It names what was asked: \"verb\": \"read\".",
        "outcome" => "It tells how it ended: ok, failed, unknown.",
        "invoked" => "It tells when it was asked, in any unit that orders: \"invoked\": 3.",
        "returned" => {
            "It tells when the answer was heard, not before \"invoked\"; without an answer the outcome is unknown."
        }
        _ => "A server is a whole number from 0 to 4294967295.",
    }
}

fn operation(text: &str, datum: &Datum) -> Result<Operation, Unreadable> {
    let slip = |at, what: String, hint: &str| Unreadable::at(text, at, what, hint);
    let needed = |key: &str| {
        let lacking = || slip(datum.at, format!("this operation has no {key:?}"), hint(key));
        datum.get(key).ok_or_else(lacking)
    };
    let number = |key: &str| {
        let given = needed(key)?;
        match given.form {
            Form::Int(int) if int >= 0 => Ok(int as u64),
            _ => Err(slip(given.at, format!("{key:?} is a whole number from 0"), hint(key))),
        }
    };
    let value = |key: &str| datum.get(key).map(Datum::value).unwrap_or_default();
    let small = |key: &str| {
        let given = number(key)?;
        let at = datum.get(key).map_or(datum.at, |value| value.at);
        u32::try_from(given).map_err(|_| slip(at, format!("there is no {key} {given}"), hint(key)))
    };
    let server = datum.get("server").filter(|server| server.form != Form::Nil);
    let server = server.map(|_| small("server")).transpose()?;
    let given = needed("verb")?;
    let verb = Verb::NAMES.iter().find(|(_, name)| given.word() == Some(name)).map(|(verb, _)| *verb);
    let verb = verb.ok_or_else(|| {
        let known: Vec<&str> = Verb::NAMES.iter().map(|(_, name)| *name).collect();
        let what = format!("there is no verb {}", quoted(&given.name()));
        slip(given.at, what, &format!("There is: {}.", known.join(", ")))
    })?;
    let given = needed("outcome")?;
    let outcome = match given.word() {
        Some("ok") => Outcome::Ok(value("heard")),
        Some("failed") => Outcome::Failed,
        Some("unknown") => Outcome::Unknown,
        _ => {
            return Err(slip(
                given.at,
                "no outcome is called so".to_owned(),
                "There is: ok, failed, unknown.",
            ));
        }
    };
    let invoked = number("invoked")?;
    let returned = match (&outcome, datum.get("returned").is_some_and(|at| at.form != Form::Nil)) {
        (Outcome::Ok(_), _) | (Outcome::Failed, true) => Some(number("returned")?),
        (Outcome::Failed, false) | (Outcome::Unknown, _) => None,
    };
    if returned.is_some_and(|returned| returned < invoked) {
        let at = datum.get("returned").map_or(datum.at, |at| at.at);
        return Err(slip(at, "this was answered before it was asked".to_owned(), hint("returned")));
    }
    let key = datum.get("key").filter(|key| key.form != Form::Nil).map(Datum::name).unwrap_or_default();
    let action = Action { verb, key, value: value("value"), old: value("old") };
    let is_final = matches!(datum.get("final").map(|it| &it.form), Some(Form::Bool(true)));
    // The clients of a file are numbered together.
    let (client, events) = (0, [EventId::NONE; 2]);
    Ok(Operation { client, action, outcome, invoked, returned, server, is_final, events })
}
