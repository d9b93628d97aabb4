//! A content as one word, the same on every platform.

use std::hash::{Hash, Hasher};

use super::rng::finalise;

/// A digest of a content that is the same on every platform.
pub fn digest<T: Hash>(letter: &T) -> u64 {
    let mut digest = Digest(0);
    letter.hash(&mut digest);
    digest.0
}

/// A hasher that sees the same words wherever it runs (`usize` and `isize` are widened).
struct Digest(u64);

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.write_u64(word);
        }
    }
    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.0 = finalise(self.0 ^ word);
    }
    fn write_u8(&mut self, word: u8) {
        self.write_u64(word.into());
    }
    fn write_u16(&mut self, word: u16) {
        self.write_u64(word.into());
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
    fn write_i64(&mut self, word: i64) {
        self.write_u64(word as u64);
    }
    fn write_i32(&mut self, word: i32) {
        self.write_u64(word as i64 as u64);
    }
    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as i64 as u64);
    }
}
