//! Histories of many objects, where every value is a pair of a key and the value proper (jepsen.independent).

use smol_str::SmolStr;

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
            Form::Tagged(tagged) if tagged.0.ends_with("tuple") => {
                tagged.1.pair().map(|(key, value)| (key.name(), value.clone()))
            }
            _ if keyed => {
                let lacking = || {
                    let hint = "Every invocation of this history has a pair of key and value.";
                    Unreadable::at(text, event.value.at, "this is no pair of key and value", hint)
                };
                let pair = event.value.pair().map(|(key, value)| (key.name(), value.clone()));
                Some(pair.or_else(|| flat(event)).ok_or_else(lacking)?)
            }
            _ => None,
        };
        if let Some((key, value)) = pair {
            (event.key, event.value) = (Some(key), value);
        }
    }
    Ok(())
}

/// The key of a compare-and-set that is written `[key old new]`, and the pair of the other two.
fn flat(event: &Event) -> Option<(SmolStr, Datum)> {
    let Form::List(items) = &event.value.form else { return None };
    let [key, old, new] = items.as_slice() else { return None };
    let two = Datum { at: old.at, form: Form::List(vec![old.clone(), new.clone()]) };
    (event.f.1 == "cas" && is_key(key)).then(|| (key.name(), two))
}

fn is_key(key: &Datum) -> bool {
    key.is_plain() && key.form != Form::Nil
}

/// Pairs may be values too, of a compare-and-set or of a register that holds them. They are keys and values where
/// every invocation has one, and one at least asks with nothing behind the key, or with another pair, or with two
/// values, as only a compare-and-set does.
fn is_keyed(events: &[Event], calls: &[Call]) -> bool {
    let invocations = || calls.iter().map(|call| &events[call.invoked]);
    let keyed = |event: &Event| {
        let compares = event.f.1 == "cas";
        let fits = |(key, value): (&Datum, &Datum)| is_key(key) && (!compares || value.pair().is_some());
        event.key.is_none() && (event.value.pair().is_some_and(fits) || flat(event).is_some())
    };
    let tells = |event: &Event| {
        let pair = event.value.pair();
        pair.is_none_or(|(_, value)| value.form == Form::Nil || value.pair().is_some())
    };
    invocations().all(keyed) && invocations().any(tells)
}
