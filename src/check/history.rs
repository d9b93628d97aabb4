//! What clients asked and heard: the only thing that a judge of consistency needs to know.

use std::fmt;

use smol_str::SmolStr;

use crate::sim::EventId;

/// A value as clients see it, in whatever notation it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing was ever written, or nothing was told.
    #[default]
    Nil,
    Bool(bool),
    Int(i64),
    /// A number that is no [`Value::Int`]: too large, or not whole, in the one spelling that it has.
    Number(SmolStr),
    Text(SmolStr),
    /// What EDN has besides texts, as it is spelled: a keyword `:a`, a symbol `'a`, a character `\a`.
    Word(SmolStr),
    List(Vec<Value>),
    /// Each once, in order.
    Set(Vec<Value>),
    /// Each key once, in order.
    Map(Vec<(Value, Value)>),
    /// A tag, and what it stands in front of.
    Tagged(Box<(SmolStr, Value)>),
}

/// What an operation does, in the field's words; each model knows some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    Read,
    Write,
    /// Compare and set: writes the value if the old one is there.
    Cas,
    /// Adds to a number; an absent one counts as 0.
    Add,
    /// Writes behind what is there: text behind text.
    Append,
    Enqueue,
    Dequeue,
    Push,
    Pop,
    Insert,
    Remove,
    Contains,
    Acquire,
    Release,
    /// Several reads and writes in one: a list of `["r" | "w", key, value]`.
    Transact,
    /// Takes everything out of a queue, and hears the list.
    Drain,
    /// Hears an identifier that nobody else has.
    Generate,
    /// Moves money: `[from, to, amount]`.
    Transfer,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action {
    pub verb: Verb,
    /// The object it is about; empty where there is only one.
    pub key: SmolStr,
    pub value: Value,
    /// What a compare-and-set expects.
    pub old: Value,
}

/// How it ended. The three are never mixed up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It took effect between invocation and return, and this was heard.
    Ok(Value),
    /// It surely did not happen, and tells nothing else.
    Failed,
    /// It may take effect at any time after its invocation, or never.
    Unknown,
}

/// One operation of one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub client: u32,
    pub action: Action,
    pub outcome: Outcome,
    /// When it was asked: a time or a place in a log, in any unit that orders.
    pub invoked: u64,
    /// When the answer was heard; `None` for what nobody answered. An answer at the same moment as another's
    /// invocation comes after it.
    pub returned: Option<u64>,
    /// Who answered, where somebody knows.
    pub server: Option<u32>,
    /// Is it a read after everything came to rest? Jepsen marks these with `:final? true`.
    pub is_final: bool,
    /// The events of a trace that began and ended it, for evidence; [`EventId::NONE`] where there is no trace.
    pub events: [EventId; 2],
}

/// Everything that clients asked and heard, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub operations: Vec<Operation>,
}

/// Sums of fewer than a billion numbers below this never overflow.
const LARGEST: i128 = 1 << 96;

impl Value {
    /// The whole number that it is, if it is one of at most 96 bits.
    pub fn whole(&self) -> Option<i128> {
        match self {
            Value::Int(int) => Some(i128::from(*int)),
            Value::Number(spelled) => spelled.parse().ok().filter(|number: &i128| number.abs() < LARGEST),
            _ => None,
        }
    }

    /// The name that it is, if it is one: a keyword, a symbol or a text.
    pub fn word(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Word(word) => word.strip_prefix([':', '\'']),
            _ => None,
        }
    }

    /// What is in it, if it is a list or a set.
    pub fn items(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) | Value::Set(items) => Some(items),
            Value::Tagged(tagged) => tagged.1.items(),
            _ => None,
        }
    }

    /// The name of an object that goes by this value. No two values have the same: a text that could be taken for
    /// another value stands in quotes, so that 1 and "1" are two objects.
    pub fn name(&self) -> SmolStr {
        match self {
            Value::Text(text) if !is_spelling(text) => text.clone(),
            value => SmolStr::new(value.to_string()),
        }
    }

    /// A whole number as a value.
    pub fn of_whole(number: i128) -> Value {
        match i64::try_from(number) {
            Ok(int) => Value::Int(int),
            Err(_) => Value::Number(SmolStr::new(number.to_string())),
        }
    }
}

/// Could this be how a value that is no text is spelled? Then it starts as one does.
fn is_spelling(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let numeric = |c: char| c.is_ascii_hexdigit() || matches!(c, 'x' | '.' | '/' | '-' | '+');
    matches!(text, "" | "true" | "false" | "nothing")
        || text.starts_with(['"', ':', '\'', '\\', '[', '{', '#'])
        || digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(numeric)
}

impl Action {
    /// An action on one object with at most one value.
    pub fn new(verb: Verb, key: impl Into<SmolStr>, value: Value) -> Action {
        Action { verb, key: key.into(), value, old: Value::Nil }
    }

    /// A compare-and-set.
    pub fn cas(key: impl Into<SmolStr>, old: Value, new: Value) -> Action {
        Action { verb: Verb::Cas, key: key.into(), value: new, old }
    }
}

impl Operation {
    /// An operation that was answered, outside any trace.
    pub fn new(client: u32, action: Action, outcome: Outcome, invoked: u64, returned: u64) -> Operation {
        let returned = (outcome != Outcome::Unknown).then_some(returned);
        let (server, events) = (None, [EventId::NONE; 2]);
        Operation { client, action, outcome, invoked, returned, server, is_final: false, events }
    }

    /// An operation that nobody answered.
    pub fn open(client: u32, action: Action, invoked: u64) -> Operation {
        Operation::new(client, action, Outcome::Unknown, invoked, 0)
    }
}

impl Verb {
    /// Every verb with its name in files.
    pub const NAMES: &'static [(Verb, &'static str)] = &[
        (Verb::Read, "read"),
        (Verb::Write, "write"),
        (Verb::Cas, "cas"),
        (Verb::Add, "add"),
        (Verb::Append, "append"),
        (Verb::Enqueue, "enqueue"),
        (Verb::Dequeue, "dequeue"),
        (Verb::Push, "push"),
        (Verb::Pop, "pop"),
        (Verb::Insert, "insert"),
        (Verb::Remove, "remove"),
        (Verb::Contains, "contains"),
        (Verb::Acquire, "acquire"),
        (Verb::Release, "release"),
        (Verb::Transact, "txn"),
        (Verb::Drain, "drain"),
        (Verb::Generate, "generate"),
        (Verb::Transfer, "transfer"),
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        Verb::NAMES.iter().find(|(verb, _)| *verb == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nil => f.write_str("nothing"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Number(spelled) | Value::Word(spelled) => f.write_str(spelled),
            Value::Text(value) => write!(f, "{value:?}"),
            Value::List(values) => write!(f, "[{}]", spaced(values)),
            Value::Set(values) => write!(f, "#{{{}}}", spaced(values)),
            Value::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key} {value}")).collect();
                write!(f, "{{{}}}", entries.join(", "))
            }
            Value::Tagged(tagged) => write!(f, "#{} {}", tagged.0, tagged.1),
        }
    }
}

fn spaced(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb.name())?;
        if !self.key.is_empty() {
            write!(f, " {}", self.key)?;
        }
        if self.verb == Verb::Cas {
            write!(f, " {}", self.old)?;
        }
        if self.verb == Verb::Cas || self.value != Value::Nil {
            write!(f, " {}", self.value)?;
        }
        Ok(())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // To find nothing is news for who looks.
        let looks = matches!(self.action.verb, Verb::Read | Verb::Dequeue | Verb::Pop);
        match &self.outcome {
            Outcome::Ok(Value::Nil) if !looks => write!(f, "{}", self.action),
            Outcome::Ok(value) if *value == self.action.value && !looks && self.action.verb != Verb::Add => {
                write!(f, "{}", self.action)
            }
            Outcome::Ok(value) => write!(f, "{} → {value}", self.action),
            Outcome::Failed => write!(f, "{} failed", self.action),
            Outcome::Unknown => write!(f, "{} (unknown)", self.action),
        }
    }
}
