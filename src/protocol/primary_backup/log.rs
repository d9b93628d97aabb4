//! The log that a primary writes and its backups copy.

use std::fmt;

use crate::sim::digest::digest;
use crate::sim::{Call, OpId};

/// One request. What comes of it is decided when it is applied, never before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The view in which a primary took it: a request that a later view takes again is another entry.
    pub view: u64,
    pub op: OpId,
    pub call: Call,
}

/// Entries from index 1 on. Beside each stands a digest of everything up to it: two logs that agree on it agree on all
/// before, also where no views tell one primary's entries from another's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    entries: Vec<Entry>,
    chain: Vec<u64>,
}

impl Log {
    /// The index of the last entry; 0 without any.
    pub fn last(&self) -> u64 {
        self.entries.len() as u64
    }

    pub fn get(&self, index: u64) -> Option<&Entry> {
        self.entries.get(index.checked_sub(1)? as usize)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Everything after an index.
    pub fn after(&self, index: u64) -> &[Entry] {
        self.entries.get(index as usize..).unwrap_or_default()
    }

    pub fn push(&mut self, entry: Entry) {
        let before = self.chain.last().copied().unwrap_or(0);
        self.chain.push(digest(&(before, &entry)));
        self.entries.push(entry);
    }

    pub fn cut_to(&mut self, len: u64) {
        self.entries.truncate(len as usize);
        self.chain.truncate(len as usize);
    }

    /// The digest of everything up to an index; nothing beyond the end.
    pub fn chain_at(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.chain.get(index as usize - 1).copied() }
    }

    /// Where a request stands that came after an index; the first place, if there are several.
    pub fn place_of(&self, op: OpId, after: u64) -> Option<u64> {
        let place = self.after(after).iter().position(|entry| entry.op == op)?;
        Some(after + place as u64 + 1)
    }

    pub fn has(&self, op: OpId) -> bool {
        self.place_of(op, 0).is_some()
    }
}

/// How many entries of two logs are the same, from the first on.
pub fn common(one: &[Entry], other: &[Entry]) -> u64 {
    one.iter().zip(other).take_while(|(one, other)| one == other).count() as u64
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            Call::Write { key, value } => write!(f, "{key}={value}"),
            call => write!(f, "{call}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(ops: &[(u64, u32)]) -> Log {
        let mut log = Log::default();
        for (view, op) in ops {
            let call = Call::Write { key: "x".into(), value: i64::from(*op) };
            log.push(Entry { view: *view, op: OpId(*op), call });
        }
        log
    }

    #[test]
    fn the_same_request_after_another_history_is_another_place() {
        let (one, other) = (log(&[(0, 1), (0, 2)]), log(&[(0, 3), (0, 2)]));
        assert_eq!(one.get(2), other.get(2));
        assert_ne!(one.chain_at(2), other.chain_at(2));
        assert_eq!(one.chain_at(0), other.chain_at(0));
        assert_eq!(one.chain_at(3), None);
    }

    #[test]
    fn the_same_request_in_another_view_is_another_entry() {
        let (one, other) = (log(&[(0, 1), (1, 2)]), log(&[(0, 1), (2, 2)]));
        assert_eq!(common(one.entries(), other.entries()), 1);
        assert_ne!(one.chain_at(2), other.chain_at(2));
    }

    #[test]
    fn a_request_is_found_behind_an_index() {
        let log = log(&[(0, 1), (0, 2), (1, 2)]);
        assert_eq!((log.place_of(OpId(2), 0), log.place_of(OpId(2), 2)), (Some(2), Some(3)));
        assert_eq!((log.place_of(OpId(2), 3), log.has(OpId(7))), (None, false));
    }
}
