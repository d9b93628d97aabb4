//! Two ways to write the same things.

/// EDN, or JSON: to the reader, JSON is EDN in which a colon stands between key and value and much is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// <https://github.com/edn-format/edn>
    Edn,
    /// RFC 8259. A comma too many or too few is forgiven.
    Json,
}

impl Notation {
    /// Does a number, a keyword or a symbol end in front of this?
    pub fn ends_token(self, c: char) -> bool {
        c.is_whitespace()
            || matches!(c, ',' | '"' | '[' | ']' | '{' | '}' | '(' | ')' | ';')
            || self == Notation::Json && c == ':'
    }

    /// Does the next thing stand behind this?
    pub fn skips(self, c: char) -> bool {
        c.is_whitespace() || c == ',' || c == '\u{feff}'
    }

    /// A key of an event, as it is written.
    pub fn key(self, name: &str) -> String {
        match self {
            Notation::Edn => format!(":{name}"),
            Notation::Json => format!("{name:?}"),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Notation::Edn => "EDN",
            Notation::Json => "JSON",
        }
    }
}
