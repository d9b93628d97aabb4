//! A judgement, for people and for programs.

use faultline::check::budget::Spent;
use faultline::check::court::{Blame, Judgement, Ruling, Standard};
use faultline::observe::intake::Transcript;
use faultline::sim::words::counted;
use serde_json::{Map, Value, json};

/// So many operations are named; JSON has them all.
const SHOWN: usize = 12;
/// So much of the longest legal order is shown.
const TAIL: usize = 5;

/// The verdict first, then why, then what it rests on.
pub fn in_words(standard: &Standard, transcript: &Transcript, judgement: &Judgement) -> String {
    let mut said = match &judgement.ruling {
        Ruling::Legal => format!("legal: {}\n", standard.sentence),
        Ruling::Unknown => {
            let none = match judgement.spent {
                Spent { steps: 0, .. } => "what clients heard does not tell".to_owned(),
                spent => format!(
                    "no answer within {} and {}; --steps and --megabytes allow more",
                    counted(spent.steps, "step"),
                    memory(spent.bytes)
                ),
            };
            format!("unknown: {none}.\n")
        }
        Ruling::Nothing(_) if transcript.history.operations.is_empty() => {
            "nothing was judged: the history is valid, but there is no client in it.\n".to_owned()
        }
        Ruling::Nothing(needs) => {
            format!("nothing was judged: {} needs {needs}, and there is none.\n", standard.name)
        }
        Ruling::Illegal(blame) => illegal(transcript, blame),
    };
    let mut facts = vec![
        standard.name.to_owned(),
        counted(transcript.history.operations.len() as u64, "operation"),
        counted(judgement.keys as u64, "key"),
    ];
    facts.extend((judgement.spent.steps > 0).then(|| counted(judgement.spent.steps, "step")));
    facts.extend(judgement.counts.iter().map(|(name, count)| format!("{name} {count}")));
    said.push_str(&format!("({})\n", facts.join(", ")));
    transcript.notes.iter().for_each(|note| said.push_str(&format!("Note: {note}\n")));
    said
}

/// Megabytes where there are some.
fn memory(bytes: u64) -> String {
    match bytes >> 20 {
        0 => counted(bytes, "byte"),
        megabytes => format!("{megabytes} MB"),
    }
}

fn illegal(transcript: &Transcript, blame: &Blame) -> String {
    let mut said = format!("illegal: {}\n", blame.text);
    if let Some(key) = &blame.key {
        said.push_str(&format!("The key is {key}.\n"));
    }
    let line = |place: &usize| format!("  {}\n", operation(transcript, *place));
    if !blame.operations.is_empty() {
        said.push_str("\nTo blame:\n");
    }
    for place in blame.operations.iter().take(SHOWN) {
        said.push_str(&line(place));
        for (_, why) in blame.details.iter().filter(|(other, _)| other == place) {
            said.push_str(&format!("      {why}\n"));
        }
    }
    if let Some(more) = blame.operations.len().checked_sub(SHOWN + 1) {
        said.push_str(&format!("  and {} more\n", more + 1));
    }
    if !blame.order.is_empty() {
        let skipped = blame.order.len().saturating_sub(TAIL);
        let length = counted(blame.order.len() as u64, "operation");
        said.push_str(&format!("\nThe longest legal order, {length}, ends:\n"));
        said.extend(blame.order[skipped..].iter().map(line));
    }
    said.push('\n');
    said
}

/// `lines 3–5  client 0: read x → 2`
fn operation(transcript: &Transcript, place: usize) -> String {
    let operation = &transcript.history.operations[place];
    let lines = match transcript.lines[place] {
        (asked, Some(answered)) if asked != answered => format!("lines {asked}–{answered}"),
        (asked, _) => format!("line {asked}"),
    };
    let client = operation.client;
    let name = transcript.names.get(&client).map(|name| format!(" ({name})")).unwrap_or_default();
    let index = match transcript.indices[place] {
        (Some(asked), Some(answered)) => format!("  :index {asked} and {answered}"),
        (Some(one), None) | (None, Some(one)) => format!("  :index {one}"),
        (None, None) => String::new(),
    };
    format!("{lines:<14} client {client}{name}: {operation}{index}")
}

/// One object. Operations are counted from 0 in order of invocation, lines from 1.
pub fn as_json(standard: &Standard, transcript: &Transcript, judgement: &Judgement) -> Value {
    let counts: Map<String, Value> =
        judgement.counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
    let (verdict, evidence) = match &judgement.ruling {
        Ruling::Legal => ("legal", Value::Null),
        Ruling::Unknown => ("unknown", Value::Null),
        Ruling::Nothing(needs) => {
            ("nothing judged", json!({ "text": format!("{} needs {needs}", standard.name) }))
        }
        Ruling::Illegal(blame) => ("illegal", evidence(transcript, blame)),
    };
    json!({
        "verdict": verdict,
        "model": standard.name,
        "format": transcript.format.name(),
        "operations": transcript.history.operations.len(),
        "keys": judgement.keys,
        "steps": judgement.spent.steps,
        "bytes": judgement.spent.bytes,
        "counts": counts,
        "evidence": evidence,
        "notes": transcript.notes,
    })
}

fn evidence(transcript: &Transcript, blame: &Blame) -> Value {
    let lines = |place: &usize| {
        let (asked, answered) = transcript.lines[*place];
        std::iter::once(asked).chain(answered).collect::<Vec<usize>>()
    };
    let client = |place: &usize| {
        let client = transcript.history.operations[*place].client;
        transcript.names.get(&client).map_or(json!(client), |name| json!(name.as_str()))
    };
    let details: Vec<Value> =
        blame.details.iter().map(|(place, text)| json!({ "operation": place, "text": text })).collect();
    json!({
        "text": blame.text,
        "key": blame.key.as_deref(),
        "operations": blame.operations,
        "lines": blame.operations.iter().map(lines).collect::<Vec<_>>(),
        "indices": blame.operations.iter().map(|place| transcript.indices[*place]).collect::<Vec<_>>(),
        "clients": blame.operations.iter().map(client).collect::<Vec<_>>(),
        "order": blame.order,
        "details": details,
    })
}
