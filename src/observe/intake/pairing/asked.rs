//! What an operation is, by the names and the shapes of values that are in use.

use super::{Call, Event, Kind};
use crate::check::history::{Action, Operation, Outcome, Value, Verb};
use crate::observe::intake::datum::{Datum, Form};
use crate::observe::intake::unreadable::{Unreadable, quoted};

/// Other names for verbs.
const ALSO: &[(&str, &str)] = &[
    ("r", "read"),
    ("get", "read"),
    ("w", "write"),
    ("put", "write"),
    ("inc", "add"),
    ("increment", "add"),
    ("delete", "remove"),
    ("lock", "acquire"),
    ("unlock", "release"),
];

/// The operation of a call.
///
/// # Errors
/// A name that nobody knows, or a value of another shape than it needs.
pub fn operation(text: &str, events: &[Event], call: Call, client: u32) -> Result<Operation, Unreadable> {
    let asked = &events[call.invoked];
    let action = action(text, asked)?;
    let (invoked, returned) = (call.invoked as u64, call.completed.unwrap_or(0) as u64);
    let outcome = match call.completed.map(|place| &events[place]) {
        Some(Event { kind: Kind::Ok, value, .. }) => Outcome::Ok(heard(&action, asked, value)),
        Some(Event { kind: Kind::Fail, .. }) => Outcome::Failed,
        Some(Event { kind: Kind::Info | Kind::Invoke, .. }) | None => Outcome::Unknown,
    };
    let is_final = asked.is_final || call.completed.is_some_and(|place| events[place].is_final);
    Ok(Operation { is_final, ..Operation::new(client, action, outcome, invoked, returned) })
}

fn action(text: &str, event: &Event) -> Result<Action, Unreadable> {
    let name = event.f.1.as_str();
    let verb = verb(name).ok_or_else(|| {
        let known = Verb::NAMES.iter().map(|(_, name)| *name).chain(ALSO.iter().map(|(name, _)| *name));
        let hint = format!("There is: {}.", known.collect::<Vec<_>>().join(", "));
        Unreadable::at(text, event.f.0, format!("no judge knows an operation {}", quoted(name)), hint)
    })?;
    let key = event.key.clone().unwrap_or_default();
    let value = &event.value;
    if let Some(at) = appends(value) {
        let hint = "Reads and writes of registers are: [[:r x nil] [:w y 1]].";
        return Err(Unreadable::at(text, at, "transactions over lists are not judged here yet", hint));
    }
    if is_transaction(value) {
        return Ok(Action::new(Verb::Transact, key, value.value()));
    }
    match (verb, value.pair()) {
        (Verb::Cas, Some((old, new))) => Ok(Action::cas(key, old.value(), new.value())),
        (Verb::Cas, None) => {
            let hint = "It expects the old one and writes the new one: [1 4]; with a key, [k [1 4]] or [k 1 4], and \
                        then every value of the history begins with its key.";
            Err(Unreadable::at(text, value.at, "a compare-and-set needs a pair of values", hint))
        }
        (Verb::Add, _) if value.form == Form::Nil && name != "add" => {
            Ok(Action::new(Verb::Add, key, Value::Int(1)))
        }
        (Verb::Transfer, _) => Ok(Action::new(verb, key, transfer(value))),
        // A question has no value yet, whatever stands in its place.
        (Verb::Read | Verb::Dequeue | Verb::Pop | Verb::Drain | Verb::Generate, _) => {
            Ok(Action::new(verb, key, Value::Nil))
        }
        _ => Ok(Action::new(verb, key, value.value())),
    }
}

fn verb(name: &str) -> Option<Verb> {
    let name = ALSO.iter().find(|(other, _)| *other == name).map_or(name, |(_, name)| name);
    Verb::NAMES.iter().find(|(_, known)| *known == name).map(|(verb, _)| *verb)
}

/// `[from, to, amount]`, however it was written.
fn transfer(value: &Datum) -> Value {
    let parts = ["from", "to", "amount"].map(|part| value.get(part).map(Datum::value));
    match parts {
        [Some(from), Some(to), Some(amount)] => Value::List(vec![from, to, amount]),
        _ => value.value(),
    }
}

/// Reads and writes in one, whatever the whole is called: `[[:r x nil] [:w y 1]]`.
fn is_transaction(value: &Datum) -> bool {
    let piece = |piece: &Datum| match &piece.form {
        Form::List(parts) => match parts.as_slice() {
            [verb, key, _] => key.is_plain() && matches!(verb.word(), Some("r" | "w" | "append")),
            _ => false,
        },
        _ => false,
    };
    matches!(&value.form, Form::List(pieces) if !pieces.is_empty() && pieces.iter().all(piece))
}

/// Where a transaction appends to a list, if it does.
fn appends(value: &Datum) -> Option<usize> {
    let Form::List(pieces) = &value.form else { return None };
    let piece = |piece: &&Datum| match &piece.form {
        Form::List(parts) => matches!(parts.as_slice(), [verb, _, _] if verb.word() == Some("append")),
        _ => false,
    };
    if is_transaction(value) { pieces.iter().find(piece).map(|piece| piece.at) } else { None }
}

/// What an answer tells. Most answers repeat what was asked, and tell nothing.
fn heard(action: &Action, asked: &Event, answer: &Datum) -> Value {
    let told = answer.value();
    match action.verb {
        Verb::Read | Verb::Dequeue | Verb::Pop | Verb::Drain | Verb::Generate | Verb::Transact => told,
        // Who holds a lock is told by its client; what else an answer says of it is for others.
        Verb::Acquire | Verb::Release => Value::Nil,
        Verb::Transfer if transfer(answer) == action.value => Value::Nil,
        _ if told == asked.value.value() => Value::Nil,
        _ => told,
    }
}
