//! The configurations that were met: which operations are placed, what state that led to, and which of the unanswered
//! it took.

use std::hash::{Hash, Hasher as _};

use rustc_hash::FxHasher;

/// A set of (bits, state), and for each the sets of unanswered operations that were used up on the way. A hash finds a
/// place in it, equality decides.
///
/// Of two ways to the same bits and state, the one that used up less can go on wherever the other can: what uses up as
/// much and more is met already. Without this, every unanswered operation would double the work of showing that
/// there is no order.
#[derive(Debug)]
pub struct Memo<S> {
    /// One more than the record in this slot; 0 where there is none.
    slots: Vec<u32>,
    records: Vec<Record<S>>,
    words: Vec<u64>,
    /// Sets of used-up operations, all of them equally long, each with one more than the next of the same record.
    sets: Vec<u64>,
    chain: Vec<u32>,
    bytes: u64,
}

#[derive(Debug)]
struct Record<S> {
    hash: u64,
    /// The first word that is kept; all before it are full.
    low: u32,
    from: u32,
    to: u32,
    /// One more than the set that was added last.
    last: u32,
    state: S,
}

impl<S: Eq + Hash + Clone> Memo<S> {
    pub fn new() -> Memo<S> {
        Memo {
            slots: vec![0; 64],
            records: Vec::new(),
            words: Vec::new(),
            sets: Vec::new(),
            chain: Vec::new(),
            bytes: 0,
        }
    }

    /// Logical bytes that are held: 8 for each number.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds a configuration; false if it, or one that used up less, was met before. The bits are those from word
    /// `low` on; `used` is equally long in every call. `weight` is how many numbers it takes
    /// to remember the state.
    pub fn insert(&mut self, low: usize, bits: &[u64], used: &[u64], state: &S, weight: u64) -> bool {
        let hash = hash(low, bits, state);
        let mask = self.slots.len() - 1;
        let mut slot = slot(hash) & mask;
        while self.slots[slot] != 0 {
            let place = self.slots[slot] as usize - 1;
            let record = &self.records[place];
            if record.hash == hash && self.is(record, low, bits) && record.state == *state {
                return self.add(place, used);
            }
            slot = (slot + 1) & mask;
        }
        let from = self.words.len() as u32;
        self.words.extend_from_slice(bits);
        let to = self.words.len() as u32;
        self.records.push(Record { hash, low: low as u32, from, to, last: 0, state: state.clone() });
        self.slots[slot] = self.records.len() as u32;
        self.bytes += 8 * (6 + bits.len() as u64 + weight);
        if self.records.len() * 2 > self.slots.len() {
            self.grow();
        }
        self.add(self.records.len() - 1, used)
    }

    fn is(&self, record: &Record<S>, low: usize, bits: &[u64]) -> bool {
        record.low as usize == low && self.words[record.from as usize..record.to as usize] == *bits
    }

    fn add(&mut self, record: usize, used: &[u64]) -> bool {
        let mut set = self.records[record].last;
        while set != 0 {
            let from = (set as usize - 1) * used.len();
            let met = &self.sets[from..from + used.len()];
            if met.iter().zip(used).all(|(met, used)| met & !used == 0) {
                return false;
            }
            set = self.chain[set as usize - 1];
        }
        self.sets.extend_from_slice(used);
        self.chain.push(self.records[record].last);
        self.bytes += 8 * (1 + used.len() as u64);
        self.records[record].last = self.chain.len() as u32;
        true
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        self.slots = vec![0; mask + 1];
        for (number, record) in (1..).zip(&self.records) {
            let mut slot = slot(record.hash) & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
        }
    }
}

/// The hasher's words have 32 bits in a browser: too few for the bits, enough for a state.
#[inline]
fn hash(low: usize, bits: &[u64], state: &impl Hash) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hasher = FxHasher::default();
    state.hash(&mut hasher);
    let begin = hasher.finish() ^ (low as u64) << 40;
    bits.iter().fold(begin.wrapping_mul(ODD), |hash, word| (hash.rotate_left(29) ^ word).wrapping_mul(ODD))
}

/// Where a hash asks for room: the upper bits of a product know all of the lower ones.
#[inline]
fn slot(hash: u64) -> usize {
    (hash >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_what_it_met() {
        let mut memo = Memo::new();
        for state in 0..300_u64 {
            for word in 0..10 {
                assert!(memo.insert(1, &[word], &[7], &state, 1));
                assert!(!memo.insert(1, &[word], &[7], &state, 1));
                assert!(memo.insert(2, &[word], &[7], &state, 1));
            }
        }
        assert!(memo.insert(1, &[3, 7], &[7], &299, 1));
        assert!(memo.insert(1, &[3, 7, 0], &[7], &299, 1));
    }

    #[test]
    fn who_used_up_more_gets_no_further() {
        let mut memo = Memo::new();
        assert!(memo.insert(0, &[1], &[0b0110, 1], &'x', 1));
        assert!(!memo.insert(0, &[1], &[0b1110, 1], &'x', 1));
        assert!(memo.insert(0, &[1], &[0b1010, 1], &'x', 1));
        assert!(memo.insert(0, &[1], &[0b0010, 1], &'x', 1));
        assert!(!memo.insert(0, &[1], &[0b0011, 3], &'x', 1));
        assert!(memo.insert(0, &[1], &[0b1110, 1], &'y', 1));
    }
}
