//! A reader of EDN, and of JSON as a dialect of it.
//!
//! It takes everything of EDN, what Clojure prints besides (`#object[…]`, `#error {…}`, `##Inf`, regular expressions,
//! hexadecimal numbers), and nothing deeper than [`DEEPEST`].

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::datum::{Datum, Form, SHORT};
use super::notation::Notation;
use super::number::number;
use super::unreadable::{Unreadable, quoted};

/// How deep things may be nested.
pub const DEEPEST: usize = 64;

/// Reads one thing after another.
pub struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    notation: Notation,
    depth: usize,
}

const CUT_SHORT: &str = "The file may have been cut short.";

/// What reading comes to.
pub(super) type Read<T> = Result<T, Unreadable>;

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, notation: Notation) -> Reader<'a> {
        Reader { text, at: 0, notation, depth: 0 }
    }

    /// The same, from so many bytes on.
    pub fn starting_at(self, at: usize) -> Reader<'a> {
        Reader { at, ..self }
    }

    /// The next thing; `None` at the end of the text.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn next(&mut self) -> Read<Option<Datum>> {
        match self.skip()? {
            None => Ok(None),
            Some(_) => self.datum().map(Some),
        }
    }

    /// Hands out the items of one vector or list, or all things that stand one after another.
    ///
    /// # Errors
    /// What cannot be read, or what the taker makes of it.
    pub fn each(mut self, mut take: impl FnMut(Datum) -> Read<()>) -> Read<()> {
        let close = match self.skip()? {
            Some('[') => ']',
            Some('(') if self.notation == Notation::Edn => ')',
            _ => {
                while let Some(datum) = self.next()? {
                    take(datum)?;
                }
                return Ok(());
            }
        };
        let open = self.at;
        self.at += 1;
        while !self.closes(open, close)? {
            take(self.datum()?)?;
        }
        match self.skip()? {
            None => Ok(()),
            Some(_) => {
                Err(self.slip(self.at, "something follows the last bracket", "One list is all there is."))
            }
        }
    }

    pub(super) fn slip(&self, at: usize, what: impl Into<String>, hint: &str) -> Unreadable {
        Unreadable::at(self.text, at, what, hint)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes to the next thing that counts, and looks at how it begins.
    fn skip(&mut self) -> Read<Option<char>> {
        loop {
            let notation = self.notation;
            let rest = self.rest().trim_start_matches(|c| notation.skips(c));
            self.at = self.text.len() - rest.len();
            if notation == Notation::Edn && rest.starts_with(';') {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if notation == Notation::Edn && rest.starts_with("#_") {
                let hidden = self.at;
                self.at += 2;
                if self.deeper(hidden, Reader::next)?.is_none() {
                    return Err(self.slip(hidden, "#_ hides what follows, and nothing does", CUT_SHORT));
                }
            } else {
                return Ok(rest.chars().next());
            }
        }
    }

    fn deeper<T>(&mut self, at: usize, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEEPEST {
            let what = format!("this is nested more than {DEEPEST} deep");
            return Err(self.slip(at, what, "No history needs that."));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Is this the end of what began at `open`? Goes behind it if it is.
    fn closes(&mut self, open: usize, close: char) -> Read<bool> {
        match self.skip()? {
            None => {
                let what = format!("what begins here has no end: a {close:?} is missing");
                Err(self.slip(open, what, CUT_SHORT))
            }
            Some(c) if c == close => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Ok(false),
        }
    }

    fn datum(&mut self) -> Read<Datum> {
        let at = self.at;
        let edn = self.notation == Notation::Edn;
        let form = match self.peek() {
            None => {
                return Err(self.slip(at, "something is missing here", CUT_SHORT));
            }
            Some('"') => Form::Text(self.string()?),
            Some('[') => Form::List(self.items(']')?),
            Some('(') if edn => Form::List(self.items(')')?),
            Some('{') => self.map()?,
            Some('\\') if edn => Form::Word(self.character()?),
            Some('#') if edn => self.dispatch()?,
            Some(c @ (']' | ')' | '}')) => {
                let hint = "Leave it out, or put what it closes in front of it.";
                return Err(self.slip(at, format!("a {c:?} that closes nothing"), hint));
            }
            Some(_) => self.token()?,
        };
        Ok(Datum { at, form })
    }

    fn items(&mut self, close: char) -> Read<Vec<Datum>> {
        let open = self.at;
        self.at += 1;
        self.deeper(open, |reader| {
            let mut items = Vec::new();
            while !reader.closes(open, close)? {
                items.push(reader.datum()?);
            }
            Ok(items)
        })
    }

    fn map(&mut self) -> Read<Form> {
        let open = self.at;
        self.at += 1;
        self.deeper(open, |reader| {
            let mut entries = Vec::new();
            while !reader.closes(open, '}')? {
                let key = reader.datum()?;
                let next = reader.skip()?;
                match (reader.notation, next) {
                    (Notation::Json, Some(':')) => reader.at += 1,
                    (Notation::Json, _) => {
                        let hint = "In JSON a colon stands between key and value: {\"a\": 1}.";
                        return Err(reader.slip(reader.at, "a colon is missing here", hint));
                    }
                    (Notation::Edn, _) => {}
                }
                if reader.closes(open, '}')? {
                    return Err(reader.slip(
                        key.at,
                        "this key has no value",
                        "Write nil or null for nothing.",
                    ));
                }
                entries.push((key, reader.datum()?));
            }
            reader.no_key_twice(&entries)?;
            Ok(Form::Map(entries))
        })
    }

    /// Two values of one key cannot both be meant.
    fn no_key_twice(&self, entries: &[(Datum, Datum)]) -> Read<()> {
        // Nearly all maps are short.
        if entries.len() <= SHORT {
            let again = |place: &usize| entries[..*place].iter().any(|(key, _)| key.is(&entries[*place].0));
            return match (1..entries.len()).find(again) {
                Some(place) => Err(self.twice(&entries[place].0)),
                None => Ok(()),
            };
        }
        let mut seen = BTreeSet::new();
        match entries.iter().find(|(key, _)| !seen.insert(key.value())) {
            Some((key, _)) => Err(self.twice(key)),
            None => Ok(()),
        }
    }

    fn twice(&self, key: &Datum) -> Unreadable {
        let what = format!("the key {} stands in this map twice", quoted(&key.name()));
        self.slip(key.at, what, "Leave one of them out.")
    }

    /// What begins with `#`.
    fn dispatch(&mut self) -> Read<Form> {
        let at = self.at;
        self.at += 1;
        match self.peek() {
            Some('{') => {
                let items = self.items('}')?;
                let mut seen = BTreeSet::new();
                match items.iter().find(|item| !seen.insert(item.value())) {
                    Some(item) => {
                        Err(self.slip(item.at, "this stands in the set twice", "Leave one of them out."))
                    }
                    None => Ok(Form::Set(items)),
                }
            }
            Some('"') => Ok(tagged("regex", at, Form::Text(self.string()?))),
            Some('#') => {
                self.at += 1;
                Ok(Form::Number(SmolStr::from_iter(["##", self.letters()])))
            }
            Some('\'') => {
                self.at += 1;
                let name = SmolStr::from_iter(["'", self.letters()]);
                Ok(tagged("var", at, Form::Word(name)))
            }
            Some(':') => self.namespaced(at),
            Some('<') => {
                let what = "what begins with #< was printed for people and cannot be read back";
                Err(self.slip(at, what, "Leave it out, or put #_ and a string in its place."))
            }
            _ => {
                let tag = SmolStr::new(self.letters());
                let inner = self.deeper(at, Reader::next)?;
                let inner =
                    inner.ok_or_else(|| self.slip(at, "a tag without anything behind it", CUT_SHORT))?;
                Ok(Form::Tagged(Box::new((tag, inner))))
            }
        }
    }

    /// A map whose keys are of one namespace: `#:a{:b 1}` is `{:a/b 1}`, and `:_/b` in it is `:b`.
    fn namespaced(&mut self, at: usize) -> Read<Form> {
        self.at += 1;
        let space = self.letters();
        if space.is_empty() || space.starts_with(':') {
            let what = "only the program that printed this map knows its namespace";
            return Err(self.slip(at, what, "Write it out: #:name{…}, or {:name/key …}."));
        }
        if self.skip()? != Some('{') {
            return Err(self.slip(at, "a namespace stands in front of a map", "For example #:a{:b 1}."));
        }
        let Form::Map(mut entries) = self.map()? else { return Ok(Form::Nil) };
        for (key, _) in &mut entries {
            let Form::Word(word) = &mut key.form else { continue };
            let (mark, name) = word.split_at(1);
            *word = match name.split_once('/') {
                _ if mark == "\\" => continue,
                None => SmolStr::new(format!("{mark}{space}/{name}")),
                Some(("_", name)) => SmolStr::new(format!("{mark}{name}")),
                Some(_) => continue,
            };
        }
        self.no_key_twice(&entries)?;
        Ok(Form::Map(entries))
    }

    /// Everything up to where a token ends.
    pub(super) fn letters(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| self.notation.ends_token(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn token(&mut self) -> Read<Form> {
        let at = self.at;
        let token = self.letters();
        let begins = token.strip_prefix(['-', '+']).unwrap_or(token);
        if begins.starts_with(|c: char| c.is_ascii_digit()) {
            let hint = "A text stands in quotes.";
            return number(token, self.notation)
                .ok_or_else(|| self.slip(at, format!("{} is no number", quoted(token)), hint));
        }
        match (self.notation, token) {
            (_, "true") => Ok(Form::Bool(true)),
            (_, "false") => Ok(Form::Bool(false)),
            (Notation::Edn, "nil") | (Notation::Json, "null") => Ok(Form::Nil),
            (Notation::Edn, token) if !matches!(token, "" | ":") => {
                Ok(Form::Word(if token.starts_with(':') {
                    token.into()
                } else {
                    SmolStr::from_iter(["'", token])
                }))
            }
            (notation, _) => {
                let seen = quoted(if token.is_empty() { self.rest() } else { token });
                Err(self.slip(at, format!("{} has no {seen}", notation.name()), "A text stands in quotes."))
            }
        }
    }
}

fn tagged(tag: &str, at: usize, form: Form) -> Form {
    Form::Tagged(Box::new((tag.into(), Datum { at, form })))
}
