//! What a person wrote and we cannot use: where, what, and what to do about it.

use std::fmt;

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
        Slip { what: shortened(what.into()), hint: shortened(hint.into()), place: None }
    }

    /// The same slip, so many bytes into a text.
    pub fn at(mut self, text: &str, offset: usize) -> Slip {
        self.place = Some(line_and_column(text, offset));
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

/// What was written is quoted in what we say of it, and may be as long as anybody likes.
fn shortened(text: String) -> String {
    const MOST: usize = 400;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What is meant, or what there is to choose from.
pub fn nearest(name: &str, known: &[&str]) -> String {
    let close = known.iter().map(|other| (strsim::jaro_winkler(name, other), *other));
    match close.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((likeness, other)) if likeness > 0.75 => format!("Did you mean {other:?}?"),
        Some(_) if known.len() <= 30 => format!("There is: {}.", known.join(", ")),
        _ => String::new(),
    }
}

/// The slip that the TOML reader found.
pub fn of_toml(text: &str, error: &toml::de::Error) -> Slip {
    let what = error.message().lines().collect::<Vec<_>>().join(" ");
    let slip = Slip::new(what.trim_end_matches('.'), "");
    match error.span() {
        Some(span) => slip.at(text, span.start),
        None => slip,
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
