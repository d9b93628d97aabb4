//! The parts of a transaction, as histories write them: a list of `["r" | "w", key, value]`, Jepsen's micro-operations.
//! What was asked and what was heard are held against each other part by part: a part is known by what it does, to
//! which key, and what it writes, and never by its place alone.

use smol_str::SmolStr;

use super::history::{Operation, Outcome, Value, Verb};

/// What a transaction did to one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    pub writes: bool,
    pub key: SmolStr,
    /// What was written, or what was heard; `None` for a read whose answer nobody heard.
    pub value: Option<&'a Value>,
}

/// All parts of an operation, in the order in which they were asked for. A read or write outside a transaction is one
/// of a single part.
///
/// # Errors
/// One sentence on what is no transaction, or on an answer that has other parts than were asked for.
pub fn parts(operation: &Operation) -> Result<Vec<Part<'_>>, String> {
    let action = &operation.action;
    let heard = match &operation.outcome {
        Outcome::Ok(heard) => Some(heard),
        Outcome::Failed | Outcome::Unknown => None,
    };
    let single = |writes, value| Ok(vec![Part { writes, key: action.key.clone(), value }]);
    match action.verb {
        Verb::Read => return single(false, heard),
        Verb::Write => return single(true, Some(&action.value)),
        _ => {}
    }
    let mut asked = listed(&action.value)?;
    asked.iter_mut().filter(|part| !part.writes).for_each(|part| part.value = None);
    match heard {
        None | Some(Value::Nil) => {}
        Some(heard) => fill(&mut asked, listed(heard)?)?,
    }
    Ok(asked)
}

/// Gives each read what was heard for it.
fn fill<'a>(asked: &mut [Part<'a>], mut heard: Vec<Part<'a>>) -> Result<(), String> {
    let same = |one: &Part<'_>, other: &Part<'_>| {
        one.writes == other.writes && one.key == other.key && (!one.writes || one.value == other.value)
    };
    let differs = "the answer has other micro-operations than the request";
    for part in asked {
        // Several reads of one key were answered in the order in which they were asked for.
        let Some(place) = heard.iter().position(|other| same(part, other)) else {
            return Err(format!("{differs}: nothing in it is for {}", told(part)));
        };
        part.value = heard.remove(place).value;
    }
    match heard.first() {
        None => Ok(()),
        Some(extra) => Err(format!("{differs}: nobody asked for {}", told(extra))),
    }
}

fn told(part: &Part<'_>) -> String {
    let verb = if part.writes { "w" } else { "r" };
    let value = part.value.filter(|_| part.writes).map(|value| format!(" {value}")).unwrap_or_default();
    format!("[{verb} {}{value}]", part.key)
}

fn listed(whole: &Value) -> Result<Vec<Part<'_>>, String> {
    let parts =
        whole.items().ok_or_else(|| format!("{whole} is no list of [r key value] and [w key value]"))?;
    parts.iter().map(read).collect()
}

fn read(part: &Value) -> Result<Part<'_>, String> {
    let wrong = || format!("{part} is no [r key value] or [w key value]");
    let (verb, key, value) = match part.items().unwrap_or_default() {
        [verb, key] => (verb, key, &Value::Nil),
        [verb, key, value] => (verb, key, value),
        _ => return Err(wrong()),
    };
    let writes = match verb.word() {
        Some("r" | "read") => false,
        Some("w" | "write") => true,
        Some("append") => return Err("transactions over lists are not judged here yet".to_owned()),
        _ => return Err(wrong()),
    };
    Ok(Part { writes, key: key.name(), value: Some(value) })
}
