//! What an answer says of a change. Most repeat what was asked, or say nothing. An answer that tells another value than
//! was asked for means something, and a judge that does not know what refuses it rather than pass over it.

use super::history::{Action, History, Operation, Outcome, Value, Verb};
use super::judgement::Refusal;

/// Looks for a change whose answer tells another value.
///
/// # Errors
/// The first of them.
pub fn check(history: &History) -> Result<(), Refusal> {
    let strange = |operation: &Operation| match &operation.outcome {
        Outcome::Ok(answer) => changes(operation.action.verb) && !repeats(&operation.action, answer),
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

/// Is it a change whose answer has nothing to tell?
fn changes(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Write | Verb::Cas | Verb::Append | Verb::Enqueue | Verb::Push | Verb::Insert | Verb::Transfer
    )
}

fn repeats(action: &Action, answer: &Value) -> bool {
    match answer {
        Value::Nil | Value::Bool(true) => true,
        Value::Text(text) if text.eq_ignore_ascii_case("ok") => true,
        // An element that was in a set already: its insertion succeeds, and says so.
        Value::Bool(false) => action.verb == Verb::Insert,
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
