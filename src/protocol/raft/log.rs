//! The replicated log.

use crate::sim::digest::digest;
use crate::sim::{Call, OpId};

/// One entry: a command and the term in which a leader received it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub term: u64,
    pub command: Command,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// What a new leader appends to learn what is committed (section 8).
    Noop,
    /// A client's operation.
    Call { op: OpId, call: Call },
    /// Written on a disk before the run began.
    Preset(u64),
}

/// The entries from index 1 on. Beside each stands a digest of everything up to it: two logs that agree on it agree
/// on all before, which makes the checks of figure 3 cheap.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
    chain: Vec<u64>,
}

impl Log {
    pub fn last_index(&self) -> u64 {
        self.entries.len() as u64
    }

    pub fn last_term(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.term)
    }

    /// The term of the entry at `index`; 0 for index 0, `None` beyond the end.
    pub fn term_at(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.get(index).map(|entry| entry.term) }
    }

    pub fn get(&self, index: u64) -> Option<&Entry> {
        self.entries.get(usize::try_from(index.checked_sub(1)?).ok()?)
    }

    /// The digest of the log up to `index`; `None` beyond the end.
    pub fn chain_at(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.chain.get(index as usize - 1).copied() }
    }

    pub fn append(&mut self, entry: Entry) {
        let before = self.chain.last().copied().unwrap_or(0);
        self.chain.push(digest(&(before, &entry)));
        self.entries.push(entry);
    }

    /// Removes everything from `index` on.
    pub fn truncate(&mut self, index: u64) {
        self.entries.truncate(index as usize - 1);
        self.chain.truncate(index as usize - 1);
    }

    /// At most `most` entries after `index`.
    pub fn after(&self, index: u64, most: u64) -> &[Entry] {
        let from = (index as usize).min(self.entries.len());
        let to = from.saturating_add(most as usize).min(self.entries.len());
        &self.entries[from..to]
    }

    /// The operations of clients in it, each with its index.
    pub fn writes(&self) -> impl Iterator<Item = (OpId, u64)> {
        let op = |(entry, index): (&Entry, u64)| match entry.command {
            Command::Call { op, .. } => Some((op, index)),
            Command::Noop | Command::Preset(_) => None,
        };
        self.entries.iter().zip(1..).filter_map(op)
    }

    /// The first index with the term that stands at `index`.
    pub fn first_of_term_at(&self, index: u64) -> u64 {
        let term = self.term_at(index);
        (1..=index).rev().take_while(|i| self.term_at(*i) == term).last().unwrap_or(index)
    }

    /// The last index that has this term.
    pub fn last_of_term(&self, term: u64) -> Option<u64> {
        // Terms never decrease along a log.
        let beyond = self.entries.partition_point(|entry| entry.term <= term) as u64;
        (self.term_at(beyond) == Some(term) && beyond > 0).then_some(beyond)
    }

    /// Is a log that ends with this entry at least as up to date as ours (section 5.4.1)?
    pub fn is_older_or_same_as(&self, last_term: u64, last_index: u64) -> bool {
        (last_term, last_index) >= (self.last_term(), self.last_index())
    }
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Command::Noop => write!(f, "no-op"),
            Command::Call { call, .. } => write!(f, "{call}"),
            Command::Preset(number) => write!(f, "preset {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[u64]) -> Log {
        let mut log = Log::default();
        for term in terms {
            log.append(Entry { term: *term, command: Command::Noop });
        }
        log
    }

    #[test]
    fn finds_the_bounds_of_a_term() {
        let log = log(&[1, 1, 4, 4, 4, 6]);
        assert_eq!(log.first_of_term_at(5), 3);
        assert_eq!(log.last_of_term(4), Some(5));
        assert_eq!(log.last_of_term(5), None);
        assert_eq!(log.last_of_term(6), Some(6));
        assert_eq!(log.last_of_term(0), None);
    }

    #[test]
    fn logs_that_differ_early_differ_in_every_later_digest() {
        let (a, b) = (log(&[1, 1, 2, 2]), log(&[1, 2, 2, 2]));
        assert_eq!(a.chain_at(1), b.chain_at(1));
        assert_ne!(a.chain_at(4), b.chain_at(4));
    }

    #[test]
    fn the_longer_log_of_the_same_term_is_more_up_to_date() {
        let log = log(&[1, 2]);
        assert!(log.is_older_or_same_as(2, 2));
        assert!(log.is_older_or_same_as(3, 1));
        assert!(!log.is_older_or_same_as(2, 1));
        assert!(!log.is_older_or_same_as(1, 9));
    }
}
