//! A reader of EDN, and of JSON as a dialect of it.
//!
//! It takes everything of EDN, what Clojure prints besides (`#object[…]`, `#error {…}`, `##Inf`, regular expressions,
//! hexadecimal numbers), and nothing deeper than [`DEEPEST`].

use std::collections::BTreeSet;
use std::str::Chars;

use smol_str::SmolStr;

use super::datum::{Datum, Form};
use super::notation::Notation;
use super::number::number;
use super::unreadable::{Unreadable, quoted};

/// How deep things may be nested.
pub const DEEPEST: usize = 64;

/// Reads one thing after another.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    notation: Notation,
    depth: usize,
}

/// What reading comes to.
type Read<T> = Result<T, Unreadable>;

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

    fn slip(&self, at: usize, what: impl Into<String>, hint: &str) -> Unreadable {
        Unreadable::at(self.text, at, what, hint)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
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
                    return Err(self.slip(hidden, "#_ hides what follows, and nothing does", ""));
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
                Err(self.slip(open, what, "The file may have been cut short."))
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
                return Err(self.slip(at, "something is missing here", "The file may have been cut short."));
            }
            Some('"') => Form::Text(self.string()?),
            Some('[') => Form::List(self.items(']')?),
            Some('(') if edn => Form::List(self.items(')')?),
            Some('{') => self.map()?,
            Some('\\') if edn => Form::Text(self.character()?),
            Some('#') if edn => self.dispatch()?,
            Some(c @ (']' | ')' | '}')) => {
                return Err(self.slip(at, format!("a {c:?} that closes nothing"), ""));
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
                    (Notation::Json, _) => return Err(reader.slip(reader.at, "a colon is missing here", "")),
                    (Notation::Edn, _) => {}
                }
                if reader.closes(open, '}')? {
                    return Err(reader.slip(key.at, "this key has no value", ""));
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
        if entries.len() <= 16 {
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
            Some('"') => Ok(Form::Text(self.string()?)),
            Some('#' | '\'') => {
                self.at += 1;
                Ok(Form::Number(self.letters().into()))
            }
            Some('<') => {
                let what = "what begins with #< was printed for people and cannot be read back";
                Err(self.slip(at, what, "Leave it out, or put #_ and a string in its place."))
            }
            _ => {
                let tag = SmolStr::new(self.letters());
                let inner = self.deeper(at, Reader::next)?;
                let inner = inner.ok_or_else(|| self.slip(at, "a tag without anything behind it", ""))?;
                Ok(Form::Tagged(Box::new((tag, inner))))
            }
        }
    }

    /// Everything up to where a token ends.
    fn letters(&mut self) -> &'a str {
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
            return number(token, self.notation)
                .ok_or_else(|| self.slip(at, format!("{} is no number", quoted(token)), ""));
        }
        match (self.notation, token) {
            (_, "true") => Ok(Form::Bool(true)),
            (_, "false") => Ok(Form::Bool(false)),
            (Notation::Edn, "nil") | (Notation::Json, "null") => Ok(Form::Nil),
            (Notation::Edn, token) if !matches!(token, "" | ":") => {
                Ok(Form::Word(token.strip_prefix(':').unwrap_or(token).into()))
            }
            (notation, _) => {
                let seen = quoted(if token.is_empty() { self.rest() } else { token });
                Err(self.slip(at, format!("{} has no {seen}", notation.name()), ""))
            }
        }
    }

    /// `\a`, `\newline`, `\u0041`, `\o101`.
    fn character(&mut self) -> Read<SmolStr> {
        let at = self.at;
        self.at += 1;
        let Some(first) = self.peek() else {
            return Err(self.slip(at, "a \\ without a character", ""));
        };
        self.at += first.len_utf8();
        let more = self.letters();
        let unknown = |reader: &Self| {
            reader.slip(at, format!("{} is no character", quoted(&format!("\\{first}{more}"))), "")
        };
        let code = |digits, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        let c = match (first, more) {
            (c, "") => Some(c),
            ('n', "ewline") => Some('\n'),
            ('r', "eturn") => Some('\r'),
            ('s', "pace") => Some(' '),
            ('t', "ab") => Some('\t'),
            ('f', "ormfeed") => Some('\u{c}'),
            ('b', "ackspace") => Some('\u{8}'),
            ('u', digits) => code(digits, 16),
            ('o', digits) => code(digits, 8),
            _ => None,
        };
        c.map(|c| SmolStr::from_iter([c])).ok_or_else(|| unknown(self))
    }

    fn string(&mut self) -> Read<SmolStr> {
        let open = self.at;
        let body = &self.text[open + 1..];
        let mut chars = body.chars();
        let mut whole = String::new();
        loop {
            let here = self.text.len() - chars.as_str().len();
            match chars.next() {
                Some('"') => break,
                Some('\\') => match escape(&mut chars) {
                    Some(c) => whole.push(c),
                    None => return Err(self.slip(here, "this is no escape that a string knows", "")),
                },
                Some(c) => whole.push(c),
                None => {
                    return Err(self.slip(open, "the text that begins here has no end", "A \" is missing."));
                }
            }
        }
        self.at = self.text.len() - chars.as_str().len();
        Ok(whole.into())
    }
}

/// What stands behind a backslash in a string.
fn escape(chars: &mut Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        't' => '\t',
        'r' => '\r',
        'n' => '\n',
        'b' => '\u{8}',
        'f' => '\u{c}',
        c @ ('"' | '\\' | '/' | '\'') => c,
        'u' => {
            let first = four_digits(chars)?;
            // Beyond the first 65,536 characters, JSON and Java write two halves (UTF-16).
            if !(0xd800..0xdc00).contains(&first) {
                return char::from_u32(first);
            }
            let second = (chars.next()? == '\\' && chars.next()? == 'u').then(|| four_digits(chars))??;
            let second = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second);
        }
        first @ '0'..='7' => {
            let more = chars.as_str().chars().take(2).take_while(|c| c.is_digit(8)).count();
            let digits = [first].into_iter().chain(chars.take(more));
            char::from_u32(digits.fold(0, |sum, c| sum * 8 + c.to_digit(8).unwrap_or(0)))?
        }
        _ => return None,
    })
}

fn four_digits(chars: &mut Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + chars.next()?.to_digit(16)?))
}
