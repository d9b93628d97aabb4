//! A set of events of a stretch of a trace, a bit each.

use crate::sim::EventId;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSet {
    from: u32,
    words: Vec<u64>,
}

impl EventSet {
    /// An empty set that has room for the events `from..end`.
    pub fn new(from: u32, end: u32) -> EventSet {
        EventSet { from, words: vec![0; (end.saturating_sub(from) as usize).div_ceil(64)] }
    }

    pub fn has(&self, event: EventId) -> bool {
        let Some(place) = event.0.checked_sub(self.from) else { return false };
        self.words.get(place as usize / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Puts an event in for which there is room; true if it was not there before.
    pub fn add(&mut self, event: EventId) -> bool {
        let place = event.0 - self.from;
        let word = &mut self.words[place as usize / 64];
        let bit = 1 << (place % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }
}
