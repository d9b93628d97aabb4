//! A text that grows at its end: what is appended is kept beside what was there before, which is shared. So a step of
//! a search costs what it appends, and not what is there already.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::code::Code;

/// A sequence of codes. Equal sequences are equal, whatever pieces they were made of.
#[derive(Clone, Debug, Default)]
pub struct Text {
    length: usize,
    /// A hash of the sequence: it tells that two differ, never that they are the same.
    hash: u64,
    last: Option<Rc<Link>>,
}

#[derive(Debug)]
struct Link {
    piece: Rc<[Code]>,
    before: Text,
}

impl Text {
    pub fn new(piece: &Rc<[Code]>) -> Text {
        Text::default().append(piece)
    }

    /// The same with this piece at its end.
    pub fn append(&self, piece: &Rc<[Code]>) -> Text {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        if piece.is_empty() {
            return self.clone();
        }
        // One code after the other: the pieces leave no trace.
        let add = |hash: u64, code: &Code| (hash.rotate_left(5) ^ code.word()).wrapping_mul(ODD);
        let hash = piece.iter().fold(self.hash, add);
        let last = Some(Rc::new(Link { piece: piece.clone(), before: self.clone() }));
        Text { length: self.length + piece.len(), hash, last }
    }

    /// Is it just this?
    pub fn is(&self, other: &[Code]) -> bool {
        self.length == other.len() && self.begins(other)
    }

    /// Does the other begin with it?
    pub fn begins(&self, other: &[Code]) -> bool {
        if self.length > other.len() {
            return false;
        }
        self.links().all(|link| other[link.before.length..].starts_with(&link.piece))
    }

    /// The sequence, from its beginning.
    pub fn codes(&self) -> Vec<Code> {
        let mut pieces: Vec<&[Code]> = self.links().map(|link| &*link.piece).collect();
        pieces.reverse();
        pieces.concat()
    }

    /// From the end.
    fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::successors(self.last.as_deref(), |link| link.before.last.as_deref())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        if self.length != other.length || self.hash != other.hash {
            return false;
        }
        // From the end, as far as the shorter of both last pieces goes; what is shared is the same.
        let (mut one, mut two) = (self.last.as_deref(), other.last.as_deref());
        let mut end = self.length;
        while let (Some(a), Some(b)) = (one, two) {
            if std::ptr::eq(a, b) {
                return true;
            }
            let from = a.before.length.max(b.before.length);
            let part = |link: &Link| from - link.before.length..end - link.before.length;
            if a.piece[part(a)] != b.piece[part(b)] {
                return false;
            }
            end = from;
            if a.before.length == end {
                one = a.before.last.as_deref();
            }
            if b.before.length == end {
                two = b.before.last.as_deref();
            }
        }
        true
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// One link after the other: a long text would take a deep stack otherwise.
impl Drop for Text {
    fn drop(&mut self) {
        let mut next = self.last.take();
        while let Some(mut link) = next.and_then(Rc::into_inner) {
            next = link.before.last.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Rc<[Code]> {
        text.bytes().filter_map(|byte| Code::of_int(i64::from(byte))).collect()
    }

    fn of(pieces: &[&str]) -> Text {
        pieces.iter().fold(Text::default(), |text, more| text.append(&piece(more)))
    }

    #[test]
    fn pieces_leave_no_trace() {
        let ways: [&[&str]; 4] = [&["abcd"], &["a", "bcd"], &["abc", "", "d"], &["ab", "c", "d"]];
        for one in ways {
            assert!(of(one).is(&piece("abcd")) && !of(one).is(&piece("abce")), "{one:?}");
            assert_eq!(of(one).codes(), piece("abcd").to_vec());
            for other in ways {
                assert_eq!(of(one), of(other), "{one:?} {other:?}");
                assert_eq!(of(one).hash, of(other).hash);
            }
            for other in [&["abc"][..], &["abce"], &["bbcd"], &["a", "cbd"], &[]] {
                assert_ne!(of(one), of(other), "{one:?} {other:?}");
            }
        }
        assert!(of(&["a", "b"]).begins(&piece("abc")) && !of(&["a", "c"]).begins(&piece("abc")));
        assert!(of(&[]).begins(&piece("")) && !of(&["a"]).begins(&piece("")));
    }

    #[test]
    fn a_hash_alone_decides_nothing() {
        let (mut one, two) = (of(&["ab"]), of(&["a", "c"]));
        one.hash = two.hash;
        assert_ne!(one, two);
    }

    #[test]
    fn a_long_one_is_dropped() {
        let all = (0..1_000_000).fold(Text::default(), |text, _| text.append(&piece("a")));
        assert_eq!(all.codes().len(), 1_000_000);
    }
}
