//! Unique identifiers: nobody is given what another was given (Jepsen's `unique-ids` checker). Sums that additions
//! tell count as identifiers, too: tickets from a counter that only grows.

use std::collections::BTreeMap;

use super::{heard, keys, only, ruling, told};
use crate::check::history::{History, Value, Verb};
use crate::check::judgement::{Blame, Judgement, Terms};
use crate::check::linearizable::Foreign;

/// Judges a whole history.
///
/// # Errors
/// Operations that give no identifiers, and additions that do not add.
pub fn judge(history: &History, _terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Generate, Verb::Add], "the judge of identifiers")?;
    let mut given: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut nothing: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, operation) in history.operations.iter().enumerate() {
        let grows = operation.action.value.whole().is_some_and(|by| by > 0);
        if operation.action.verb == Verb::Add && !grows {
            return Err(Foreign {
                operation: place,
                why: "tickets are from a counter that grows".to_owned(),
            });
        }
        if operation.action.verb == Verb::Generate && heard(operation) == Some(&Value::Nil) {
            nothing.entry(&operation.action.key).or_default().push(place);
        }
        if let Some(id) = heard(operation).filter(|id| **id != Value::Nil) {
            given.entry((&operation.action.key, id)).or_default().push(place);
        }
    }
    let acknowledged: usize = given.values().map(Vec::len).sum();
    let mut found = Vec::new();
    for ((_, id), places) in given.iter_mut().filter(|(_, places)| places.len() > 1) {
        places.sort_by_key(|place| history.operations[*place].returned);
        let all: Vec<String> = places.iter().map(|place| told(&history.operations[*place])).collect();
        let text = format!("{id} was given more than once: {}.", all.join(", "));
        found.push(Blame::new(text, places.iter().copied()).about(&history.operations[places[0]]));
    }
    if let Some(again) = nothing.values().find_map(|places| places.get(1)).filter(|_| found.is_empty()) {
        let why = "nothing was given twice, as an identifier or because there was none: what gave none ends with fail";
        return Err(Foreign { operation: *again, why: why.to_owned() });
    }
    let counts = vec![
        ("attempted", history.operations.len() as u64),
        ("acknowledged", acknowledged as u64),
        ("given twice", found.len() as u64),
    ];
    Ok(Judgement::counted(ruling(found), keys(history), counts))
}
