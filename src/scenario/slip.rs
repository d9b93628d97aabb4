//! What a person wrote and we cannot use: where, what, and what to do about it.

use std::fmt;
use std::ops::Range;

/// An author's slip. Nothing of what they had is lost by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    pub what: String,
    /// What to do about it; empty if `what` says it all.
    pub hint: String,
    /// Line and column, counted from 1 in characters; `None` for what was not written in a file.
    pub place: Option<(usize, usize)>,
}

impl Slip {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Slip {
        Slip { what: what.into(), hint: hint.into(), place: None }
    }

    /// The same slip, at a place in a text.
    pub fn at(mut self, text: &str, span: Range<usize>) -> Slip {
        self.place = Some(line_and_column(text, span.start));
        self
    }

    /// A name that means nothing here, with the nearest that does.
    pub fn unknown(kind: &str, name: &str, known: &[&str]) -> Slip {
        let what = format!("there is no {kind} {name:?}");
        Slip::new(what, nearest(name, known))
    }
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        write!(f, "{}.", self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " {}", self.hint) }
    }
}

impl std::error::Error for Slip {}

/// What is meant, or what there is to choose from.
pub fn nearest(name: &str, known: &[&str]) -> String {
    let close = known.iter().map(|other| (strsim::jaro_winkler(name, other), *other));
    match close.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((likeness, other)) if likeness > 0.75 => format!("Did you mean {other:?}?"),
        Some(_) if known.len() <= 30 => format!("There is: {}.", known.join(", ")),
        _ => String::new(),
    }
}

/// Divides what from hint in the message of a deserialiser's error, which has room for one text only.
const DIVIDER: char = '\u{1f}';

/// An error inside a deserialiser, with a hint.
pub fn custom<E: serde::de::Error>(what: impl fmt::Display, hint: impl fmt::Display) -> E {
    E::custom(format!("{what}{DIVIDER}{hint}"))
}

/// The slip that the TOML reader found.
pub fn of_toml(text: &str, error: &toml::de::Error) -> Slip {
    let message = error.message();
    let slip = match message.split_once(DIVIDER) {
        Some((what, hint)) => Slip::new(what, hint),
        None => of_message(message),
    };
    match error.span() {
        Some(span) => slip.at(text, span),
        None => slip,
    }
}

/// Serde's own messages, in our words.
fn of_message(message: &str) -> Slip {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let first = quoted.next().unwrap_or_default();
    if message.starts_with("unknown field") {
        let known: Vec<&str> = quoted.collect();
        return Slip::new(format!("unknown key {first:?}"), nearest(first, &known));
    }
    if message.starts_with("unknown variant") {
        let known: Vec<&str> = quoted.collect();
        return Slip::new(format!("{first:?} is not one of the choices"), nearest(first, &known));
    }
    if message.starts_with("missing field") {
        return Slip::new(format!("the key {first:?} is missing"), format!("Add a line `{first} = …`."));
    }
    Slip::new(message.lines().collect::<Vec<_>>().join(" ").trim_end_matches('.'), "")
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
