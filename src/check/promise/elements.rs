//! Which objects hold elements, and which are sums: no answer is both.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::heard;
use crate::check::history::{History, Operation, Value, Verb};
use crate::check::linearizable::Foreign;

/// The keys that hold elements, and are no sums.
///
/// # Errors
/// An answer or an addition that fits neither.
pub fn of_elements(history: &History) -> Result<BTreeSet<SmolStr>, Foreign> {
    let read = |op: &Operation| heard(op).filter(|_| op.action.verb == Verb::Read).cloned();
    let holds = |op: &&Operation| match op.action.verb {
        Verb::Read => read(op).is_some_and(|heard| heard.items().is_some()),
        verb => verb != Verb::Add,
    };
    let keys: BTreeSet<SmolStr> =
        history.operations.iter().filter(holds).map(|op| op.action.key.clone()).collect();
    for (operation, op) in history.operations.iter().enumerate() {
        let foreign = |why: &str| Err(Foreign { operation, why: why.to_owned() });
        let sum = heard(op).filter(|_| matches!(op.action.verb, Verb::Read | Verb::Add));
        match sum.filter(|heard| heard.items().is_none() && **heard != Value::Nil) {
            Some(heard) if op.action.verb == Verb::Read && heard.whole().is_none() => {
                return foreign(
                    "effects are read as a sum, which is a whole number, or as a list of elements",
                );
            }
            Some(heard) if heard.whole().is_some() && keys.contains(&op.action.key) => {
                return foreign("a sum is no answer of what holds elements");
            }
            Some(Value::Bool(false)) if !keys.contains(&op.action.key) => {
                return foreign("an addition to a sum that changed nothing ends with fail");
            }
            _ => {}
        }
    }
    addends(history)?;
    Ok(keys)
}

/// Refuses additions of anything but whole numbers where a sum was told.
fn addends(history: &History) -> Result<(), Foreign> {
    let tells = |op: &&Operation| heard(op).is_some_and(|heard| heard.whole().is_some());
    let adds_or_reads = |op: &&Operation| matches!(op.action.verb, Verb::Add | Verb::Read);
    let sums: BTreeSet<&SmolStr> =
        history.operations.iter().filter(adds_or_reads).filter(tells).map(|op| &op.action.key).collect();
    let strange = |op: &Operation| {
        op.action.verb == Verb::Add && op.action.value.whole().is_none() && sums.contains(&op.action.key)
    };
    let why = "what is added to a sum is a whole number".to_owned();
    history.operations.iter().position(strange).map_or(Ok(()), |operation| Err(Foreign { operation, why }))
}
