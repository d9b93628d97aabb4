//! Texts and characters, as EDN and JSON write them.

use std::str::Chars;

use smol_str::SmolStr;

use super::edn::{Read, Reader};
use super::unreadable::quoted;

impl Reader<'_> {
    /// `\a`, `\newline`, `\u0041`, `\o101`.
    pub(super) fn character(&mut self) -> Read<SmolStr> {
        let at = self.at;
        self.at += 1;
        let Some(first) = self.peek() else {
            return Err(self.slip(at, "a \\ without a character", "The file may have been cut short."));
        };
        self.at += first.len_utf8();
        let more = self.letters();
        let unknown = |reader: &Self| {
            let hint = "There is \\a, \\newline, \\space, \\tab, \\u0041 and \\o101; a text of several stands in quotes.";
            reader.slip(at, format!("{} is no character", quoted(&format!("\\{first}{more}"))), hint)
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
        c.map(spelled).ok_or_else(|| unknown(self))
    }

    pub(super) fn string(&mut self) -> Read<SmolStr> {
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
                    None => return Err(self.slip(here, "this is no escape that a string knows", ESCAPES)),
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

const ESCAPES: &str = "There is \\n, \\t, \\r, \\b, \\f, \\\", \\\\ and \\u0041; a backslash that stands for itself is written \\\\.";

/// A character as a word: `\a`, or by its number if it cannot be seen.
fn spelled(c: char) -> SmolStr {
    match c.is_control() || c.is_whitespace() {
        true => SmolStr::new(format!("\\u{:04x}", u32::from(c))),
        false => SmolStr::from_iter(['\\', c]),
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
