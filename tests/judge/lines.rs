//! Histories as lines: `client from-to verb key values -> answer`, `client from- …` for what nobody answered, and
//! `failed` for an answer; `final` marks a read after all came to rest. A key is `-` where there is only one object.
//! `client@server` says who answered.

use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};

pub fn history(text: &str) -> History {
    History { operations: text.lines().map(operation).collect() }
}

fn operation(line: &str) -> Operation {
    let (asked, answer) = line.split_once("->").map_or((line, None), |(asked, answer)| (asked, Some(answer)));
    let mut words = asked.split_whitespace();
    let mut next = |what: &str| words.next().unwrap_or_else(|| panic!("{line:?} has no {what}"));
    let (client, server) = match next("client") {
        alone if !alone.contains('@') => (alone, None),
        both => both.split_once('@').map(|(client, server)| (client, Some(server))).expect("an @"),
    };
    let client = client.parse().expect("a number");
    let (from, to) = next("time").split_once('-').expect("from-to");
    let (verb, key) = (next("verb"), next("key"));
    let verb = Verb::NAMES.iter().find(|(_, name)| *name == verb).unwrap_or_else(|| panic!("{verb}?")).0;
    let key = if key == "-" { "" } else { key };
    let rest = words.collect::<Vec<_>>().join(" ");
    let (rest, is_final) = rest.strip_suffix("final").map_or((rest.as_str(), false), |rest| (rest, true));
    let (rest, failed) = rest.strip_suffix("failed").map_or((rest, false), |rest| (rest, true));
    let mut values = values(rest);
    let action = match verb {
        Verb::Cas => Action::cas(key, values.remove(0), values.remove(0)),
        _ => Action::new(verb, key, values.pop().unwrap_or_default()),
    };
    let from = from.parse().expect("a time");
    let outcome = match answer {
        _ if failed => Outcome::Failed,
        Some(answer) => Outcome::Ok(values_of(answer)),
        None => Outcome::Ok(Value::Nil),
    };
    if to.is_empty() {
        return Operation::open(client, action, from);
    }
    let server = server.map(|server| server.parse().expect("a number"));
    let operation = Operation::new(client, action, outcome, from, to.parse().expect("a time"));
    Operation { is_final, server, ..operation }
}

fn values_of(text: &str) -> Value {
    values(text).pop().unwrap_or_default()
}

/// Numbers, words, `nil`, and lists of these in brackets.
pub fn values(text: &str) -> Vec<Value> {
    let spaced = text.replace('[', " [ ").replace(']', " ] ");
    let mut lists = vec![Vec::new()];
    for word in spaced.split_whitespace() {
        let value = match word {
            "[" => {
                lists.push(Vec::new());
                continue;
            }
            "]" => Value::List(lists.pop().expect("opened")),
            "nil" => Value::Nil,
            word => word.parse().map_or_else(|_| Value::Text(word.into()), Value::Int),
        };
        lists.last_mut().expect("opened").push(value);
    }
    lists.pop().expect("closed")
}
