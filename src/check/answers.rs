//! What an answer says of a change. Most repeat what was asked, or say nothing. An answer that tells another value than
//! was asked for means something, and a judge that does not know what refuses it rather than pass over it.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::history::{Action, History, Operation, Outcome, Value, Verb};
use super::judgement::{Refusal, Terms};

/// Looks for a change whose answer tells another value, and for an answer of nothing that may mean two things.
///
/// # Errors
/// The first of them.
pub fn check(history: &History, terms: &Terms) -> Result<(), Refusal> {
    if let Some(refusal) = element_or_nothing(history, terms) {
        return Err(refusal);
    }
    let strange = |operation: &Operation| match &operation.outcome {
        Outcome::Ok(answer) => {
            // What an addition tells may be the sum.
            let sum = operation.action.verb == Verb::Add && answer.whole().is_some();
            changes(operation.action.verb) && !sum && !repeats(&operation.action, answer)
        }
        Outcome::Failed | Outcome::Unknown => false,
    };
    let Some(place) = history.operations.iter().position(strange) else { return Ok(()) };
    let operation = &history.operations[place];
    let Outcome::Ok(answer) = &operation.outcome else { return Ok(()) };
    let action = &operation.action;
    let hint = match (action.verb, answer) {
        _ if is_versioned(action, answer) => {
            ": it looks like a version, which the model versioned-register knows"
        }
        (Verb::Cas, Value::Bool(false)) => ": a compare-and-set that changed nothing ends with fail",
        (_, Value::Bool(false)) => ": an operation that changed nothing ends with fail",
        _ => ", and what that means this model does not know",
    };
    let why = format!("the answer to {action} tells {answer}{hint}");
    Err(Refusal { operation: Some(place), why })
}

/// An answer of nothing where nothing may also be an element: it does not tell whether there was one.
fn element_or_nothing(history: &History, terms: &Terms) -> Option<Refusal> {
    let puts = |op: &&Operation| {
        matches!(op.action.verb, Verb::Enqueue | Verb::Push)
            && op.action.value == Value::Nil
            && op.outcome != Outcome::Failed
    };
    let filled: BTreeSet<&SmolStr> =
        history.operations.iter().filter(puts).map(|op| &op.action.key).collect();
    let from_start = terms.initial.holds(&Value::Nil) > 0;
    let operation = history.operations.iter().position(|op| {
        matches!(op.action.verb, Verb::Dequeue | Verb::Pop)
            && op.outcome == Outcome::Ok(Value::Nil)
            && (from_start || filled.contains(&op.action.key))
    })?;
    let what = &history.operations[operation].action;
    let why = format!(
        "{what} answered by nothing found it empty, or found nothing as an element, which was put in: give each \
         element a value of its own"
    );
    Some(Refusal { operation: Some(operation), why })
}

/// Is it a change whose answer has nothing to tell?
fn changes(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Write
            | Verb::Cas
            | Verb::Add
            | Verb::Append
            | Verb::Enqueue
            | Verb::Push
            | Verb::Insert
            | Verb::Remove
            | Verb::Transfer
    )
}

fn repeats(action: &Action, answer: &Value) -> bool {
    match answer {
        Value::Nil | Value::Bool(true) => true,
        answer if answer.word().is_some_and(|word| word.eq_ignore_ascii_case("ok")) => true,
        // An element that was in a set already, or was not: its insertion or removal succeeds, and says so.
        Value::Bool(false) => matches!(action.verb, Verb::Insert | Verb::Add | Verb::Remove),
        Value::List(two) if action.verb == Verb::Cas && two.len() == 2 => {
            two[0] == action.old && two[1] == action.value || *answer == action.value
        }
        answer => *answer == action.value,
    }
}

/// `[nil 3]` answered by `[1 3]`.
fn is_versioned(action: &Action, answer: &Value) -> bool {
    let (Value::List(asked), Value::List(told)) = (&action.value, answer) else { return false };
    match (action.verb, asked.as_slice(), told.as_slice()) {
        (Verb::Write, [Value::Nil, asked], [Value::Int(_), told]) => asked == told,
        (Verb::Cas, asked, [Value::Int(_), Value::List(told)]) => asked == told.as_slice(),
        _ => false,
    }
}
