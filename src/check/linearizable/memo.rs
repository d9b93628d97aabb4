//! The configurations that were met: which operations are placed, and what state that led to.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// A set of (bits, state). A hash finds a place in it, equality decides.
#[derive(Debug)]
pub struct Memo<S> {
    /// One more than the record in this slot; 0 where there is none.
    slots: Vec<u32>,
    records: Vec<Record<S>>,
    words: Vec<u64>,
}

#[derive(Debug)]
struct Record<S> {
    hash: u64,
    /// The first word that is kept; all before it are full.
    low: u32,
    from: u32,
    to: u32,
    state: S,
}

impl<S: Eq + Hash + Clone> Memo<S> {
    pub fn new() -> Memo<S> {
        Memo { slots: vec![0; 64], records: Vec::new(), words: Vec::new() }
    }

    /// Adds a configuration; false if it was met before. The bits are those from word `low` on, in two parts.
    pub fn insert(&mut self, low: usize, bits: [&[u64]; 2], state: &S) -> bool {
        let mut hasher = FxHasher::default();
        low.hash(&mut hasher);
        bits.iter().copied().flatten().for_each(|word| hasher.write_u64(*word));
        state.hash(&mut hasher);
        let hash = hasher.finish();
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 20) as usize & mask;
        while self.slots[slot] != 0 {
            let record = &self.records[self.slots[slot] as usize - 1];
            if record.hash == hash && self.is(record, low, bits) && record.state == *state {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        let from = self.words.len() as u32;
        bits.iter().for_each(|part| self.words.extend_from_slice(part));
        let to = self.words.len() as u32;
        self.records.push(Record { hash, low: low as u32, from, to, state: state.clone() });
        self.slots[slot] = self.records.len() as u32;
        if self.records.len() * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn is(&self, record: &Record<S>, low: usize, [first, second]: [&[u64]; 2]) -> bool {
        let words = &self.words[record.from as usize..record.to as usize];
        record.low as usize == low
            && words.len() == first.len() + second.len()
            && words[..first.len()] == *first
            && words[first.len()..] == *second
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        self.slots = vec![0; mask + 1];
        for (number, record) in (1..).zip(&self.records) {
            let mut slot = (record.hash >> 20) as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_what_it_met() {
        let mut memo = Memo::new();
        for state in 0..300_u64 {
            for word in 0..10 {
                assert!(memo.insert(1, [&[word], &[7]], &state));
                assert!(!memo.insert(1, [&[word], &[7]], &state));
                assert!(memo.insert(2, [&[word], &[7]], &state));
            }
        }
        assert!(!memo.insert(1, [&[3, 7], &[]], &299));
        assert!(memo.insert(1, [&[3, 7, 0], &[]], &299));
    }
}
