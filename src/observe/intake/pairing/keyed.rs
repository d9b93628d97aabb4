//! Histories of many objects, where every value is a pair of a key and the value proper (jepsen.independent).

use super::{Call, Event, Kind};
use crate::observe::intake::datum::{Datum, Form};
use crate::observe::intake::unreadable::Unreadable;

/// Takes the keys out of the values: of those that are tagged as tuples, and of all where the whole history is so.
///
/// # Errors
/// An answer without a key where every question has one.
pub fn split(text: &str, events: &mut [Event], calls: &[Call]) -> Result<(), Unreadable> {
    let keyed = is_keyed(events, calls);
    for event in events.iter_mut().filter(|event| matches!(event.kind, Kind::Invoke | Kind::Ok)) {
        let pair = match &event.value.form {
            Form::Tagged(tagged) if tagged.0.ends_with("tuple") => tagged.1.pair(),
            _ if keyed => {
                let lacking = || {
                    let hint = "Every invocation of this history has a pair of key and value.";
                    Unreadable::at(text, event.value.at, "this is no pair of key and value", hint)
                };
                Some(event.value.pair().ok_or_else(lacking)?)
            }
            _ => None,
        };
        if let Some((key, value)) = pair {
            (event.key, event.value) = (Some(key.name()), value.clone());
        }
    }
    Ok(())
}

/// Pairs may be values too, of a compare-and-set or of a register that holds them. They are keys and values where
/// every invocation has one, and one at least asks with nothing behind the key, or with another pair.
fn is_keyed(events: &[Event], calls: &[Call]) -> bool {
    let invocations = || calls.iter().map(|call| &events[call.invoked]);
    let keyed = |event: &Event| {
        let compares = event.f.1 == "cas";
        let fits = |(key, value): (&Datum, &Datum)| key.is_plain() && (!compares || value.pair().is_some());
        event.key.is_none() && event.value.pair().is_some_and(fits)
    };
    let tells = |event: &Event| {
        event.value.pair().is_some_and(|(_, value)| value.form == Form::Nil || value.pair().is_some())
    };
    invocations().all(keyed) && invocations().any(tells)
}
