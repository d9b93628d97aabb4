//! What is wrong with a history, said to a person who can mend it.

use std::fmt;

use super::MOST_BYTES;

/// A place in a text that cannot be made sense of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub what: String,
    /// What to do about it.
    pub hint: String,
    /// Counted from 1; `None` where it is about the text as a whole.
    pub place: Option<Place>,
}

/// Line and column, counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Unreadable {
    /// An offset into a text, in bytes.
    pub fn at(text: &str, offset: usize, what: impl Into<String>, hint: impl Into<String>) -> Unreadable {
        Unreadable { place: Some(Place::of(text, offset)), ..Unreadable::whole(what, hint) }
    }

    /// A text of more than [`MOST_BYTES`].
    pub fn too_long() -> Unreadable {
        let what = format!("the file is longer than {} MB", MOST_BYTES >> 20);
        Unreadable::whole(what, "Judge a part of it.")
    }

    /// About all of it.
    pub fn whole(what: impl Into<String>, hint: impl Into<String>) -> Unreadable {
        Unreadable { what: what.into(), hint: hint.into(), place: None }
    }
}

impl Place {
    /// An offset into a text, in bytes.
    pub fn of(text: &str, offset: usize) -> Place {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Place { line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}.", self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " {}", self.hint) }
    }
}

impl std::error::Error for Unreadable {}

/// What somebody wrote, short enough to be quoted.
pub fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
