//! The parts of a transaction, as histories write them: `["r" | "w", key, value]`.

use smol_str::SmolStr;

use super::heard;
use crate::check::history::{Operation, Value, Verb};
use crate::check::linearizable::Foreign;

/// What a transaction did to one object.
pub struct Part<'a> {
    pub writes: bool,
    pub key: SmolStr,
    /// What was written, or what was heard.
    pub value: &'a Value,
}

/// All parts of an operation: as they were heard, if they were; as they were asked for otherwise. A read or write
/// outside a transaction is one of a single part.
///
/// # Errors
/// What is no transaction.
pub fn parts(place: usize, operation: &Operation) -> Result<Vec<Part<'_>>, Foreign> {
    let action = &operation.action;
    let single = |writes, value| Ok(vec![Part { writes, key: action.key.clone(), value }]);
    match (action.verb, heard(operation)) {
        (Verb::Read, heard) => single(false, heard.unwrap_or(&Value::Nil)),
        (Verb::Write, _) => single(true, &action.value),
        (_, heard) => {
            let whole = heard.filter(|heard| matches!(heard, Value::List(_))).unwrap_or(&action.value);
            let Value::List(parts) = whole else {
                let why = format!("{whole} is no list of [r key value] and [w key value]");
                return Err(Foreign { operation: place, why });
            };
            let part = |part| {
                let why = || format!("{part} is no [r key value] or [w key value]");
                read_part(part).ok_or_else(|| Foreign { operation: place, why: why() })
            };
            parts.iter().map(part).collect()
        }
    }
}

fn read_part(part: &Value) -> Option<Part<'_>> {
    let Value::List(parts) = part else { return None };
    let [Value::Text(verb), key, rest @ ..] = parts.as_slice() else { return None };
    let writes = match verb.as_str() {
        "r" | "read" => false,
        "w" | "write" => true,
        _ => return None,
    };
    Some(Part { writes, key: name(key), value: rest.first().unwrap_or(&Value::Nil) })
}

/// A key written as a number or as text is the same key.
pub fn name(key: &Value) -> SmolStr {
    match key {
        Value::Text(text) => text.clone(),
        other => SmolStr::new(other.to_string()),
    }
}
