//! What has to wait until the disk is done: an answer that says "I have it" may leave only when that would survive a
//! crash.

use std::collections::VecDeque;

/// How many records a process wrote, how many of them are safe, and what waits for which. It begins anew with the
/// process: what waited when it died never happens.
#[derive(Clone, Debug)]
pub struct Barrier<T> {
    written: u64,
    safe: u64,
    waiting: VecDeque<(u64, T)>,
}

impl<T> Default for Barrier<T> {
    fn default() -> Barrier<T> {
        Barrier::starting(0)
    }
}

impl<T> Barrier<T> {
    /// A process begins with this number of records on its disk, all of them safe.
    pub fn starting(records: usize) -> Barrier<T> {
        Barrier { written: records as u64, safe: records as u64, waiting: VecDeque::new() }
    }

    /// One more record was handed to the disk.
    pub fn wrote(&mut self) {
        self.written += 1;
    }

    /// Gives back what may happen at once; keeps what has to wait for a record written so far.
    #[must_use]
    pub fn pass(&mut self, then: T) -> Option<T> {
        if self.safe >= self.written {
            return Some(then);
        }
        self.waiting.push_back((self.written, then));
        None
    }

    /// The first `through` records ever written are safe.
    pub fn synced(&mut self, through: u64) {
        self.safe = self.safe.max(through);
    }

    /// The next thing that need not wait any more, in the order in which they came.
    pub fn due(&mut self) -> Option<T> {
        self.waiting.pop_front_if(|(needs, _)| *needs <= self.safe).map(|(_, then)| then)
    }

    /// What still waits, in order.
    pub fn waiting(&self) -> impl Iterator<Item = &T> {
        self.waiting.iter().map(|(_, then)| then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_happens_before_what_it_tells_of_is_safe() {
        let mut barrier = Barrier::starting(3);
        assert_eq!(barrier.pass("at once"), Some("at once"));
        barrier.wrote();
        assert_eq!(barrier.pass("first"), None);
        barrier.wrote();
        assert_eq!(barrier.pass("second"), None);
        barrier.synced(4);
        assert_eq!((barrier.due(), barrier.due()), (Some("first"), None));
        barrier.synced(3);
        assert_eq!(barrier.waiting().collect::<Vec<_>>(), [&"second"]);
        barrier.synced(5);
        assert_eq!(barrier.due(), Some("second"));
        assert_eq!(barrier.pass("later"), Some("later"));
    }
}
