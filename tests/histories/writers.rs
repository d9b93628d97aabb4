//! Writers of formats that others have, in the manner of Clojure's and Python's printers.

use std::fmt::Write;

use faultline::check::history::{Action, Outcome, Value, Verb};

/// One event: an invocation, or how it ended.
#[derive(Clone, Debug)]
pub struct Told {
    pub client: u32,
    pub action: Action,
    pub outcome: Option<Outcome>,
}

impl Told {
    fn kind(&self) -> &'static str {
        match self.outcome {
            None => "invoke",
            Some(Outcome::Ok(_)) => "ok",
            Some(Outcome::Failed) => "fail",
            Some(Outcome::Unknown) => "info",
        }
    }

    fn value(&self) -> Value {
        match (&self.outcome, self.action.verb) {
            (Some(Outcome::Ok(heard)), Verb::Read | Verb::Dequeue) => heard.clone(),
            (_, Verb::Cas) => Value::List(vec![self.action.old.clone(), self.action.value.clone()]),
            _ => self.action.value.clone(),
        }
    }
}

fn edn(value: &Value) -> String {
    match value {
        Value::Nil => "nil".to_owned(),
        Value::Text(text) => {
            let mut out = String::from("\"");
            for c in text.chars() {
                match c {
                    '"' | '\\' => out.extend(['\\', c]),
                    '\n' => out.push_str("\\n"),
                    c if c < ' ' => write!(out, "\\u{:04x}", u32::from(c)).expect("a string"),
                    c => out.push(c),
                }
            }
            out + "\""
        }
        Value::List(values) => format!("[{}]", values.iter().map(edn).collect::<Vec<_>>().join(" ")),
        Value::Word(word) => word.strip_prefix('\'').unwrap_or(word).to_owned(),
        Value::Set(values) => format!("#{{{}}}", values.iter().map(edn).collect::<Vec<_>>().join(" ")),
        Value::Map(entries) => {
            let entry = |(key, value): &(Value, Value)| format!("{} {}", edn(key), edn(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Tagged(tagged) => format!("#{} {}", tagged.0, edn(&tagged.1)),
        Value::Bool(_) | Value::Int(_) | Value::Number(_) => value.to_string(),
    }
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Nil => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(int) => (*int).into(),
        Value::Number(spelled) => panic!("{spelled} has no one spelling in JSON"),
        Value::Text(text) => text.as_str().into(),
        Value::List(values) => values.iter().map(json).collect(),
        Value::Word(_) | Value::Set(_) | Value::Map(_) | Value::Tagged(_) => panic!("JSON has no {value}"),
    }
}

/// Maps, one after another or in a vector.
pub fn as_edn(told: &[Told], in_vector: bool) -> String {
    let map = |event: &Told| {
        let (client, kind, f) = (event.client, event.kind(), event.action.verb.name());
        let key = match event.action.key.as_str() {
            "" => String::new(),
            key => format!(" :key {},", edn(&Value::Text(key.into()))),
        };
        let value = edn(&event.value());
        format!("{{:process {client}, :type :{kind},{key} :f :{f}, :value {value}, :time 7}}\n")
    };
    let maps: String = told.iter().map(map).collect();
    if in_vector { format!("[{maps}]") } else { maps }
}

/// Objects, one a line or in an array over many lines.
pub fn as_json(told: &[Told], in_array: bool) -> String {
    let object = |event: &Told| {
        let mut object = serde_json::json!({
            "process": event.client,
            "type": event.kind(),
            "f": event.action.verb.name(),
            "value": json(&event.value()),
        });
        if !event.action.key.is_empty() {
            object["key"] = event.action.key.as_str().into();
        }
        object
    };
    let objects: Vec<serde_json::Value> = told.iter().map(object).collect();
    match in_array {
        true => serde_json::to_string_pretty(&objects).expect("JSON"),
        false => objects.iter().map(|object| format!("{object}\n")).collect(),
    }
}

/// Lines of a log; only where there is one object.
pub fn as_log(told: &[Told]) -> String {
    let line = |event: &Told| {
        let (client, kind, f) = (event.client, event.kind(), event.action.verb.name());
        let value = if kind == "info" { ":timed-out".to_owned() } else { edn(&event.value()) };
        format!("INFO  jepsen.util - {client}\t:{kind}\t:{f}\t{value}\n")
    };
    told.iter().map(line).collect()
}
