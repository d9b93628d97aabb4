//! A disk: what was appended, and how much of it would survive.
//!
//! It is one device. One sync runs at a time and covers what was appended before it began; a step that asks meanwhile waits,
//! and all that wait share the next one (group commit: DeWitt et al., Implementation techniques for main memory database
//! systems, 1984, section 5.2). So an append that comes at any moment of a busy disk is safe after one sync and what is
//! left of the one before: between one and two, one and a half in the mean.

use super::time::Time;
use super::trace::EventId;

/// An append-only file of records. A crash loses what was not synced.
#[derive(Clone, Debug)]
pub struct Disk<R> {
    records: Vec<R>,
    durable: usize,
    /// How many records the sync covers that runs.
    running: Option<u64>,
    /// The first step that waits for the next one.
    wanted: Option<EventId>,
    /// When the last record came, for pictures.
    pub written_at: Time,
}

impl<R> Default for Disk<R> {
    fn default() -> Self {
        Disk::holding(Vec::new())
    }
}

impl<R> Disk<R> {
    /// A disk that holds these records already, safely.
    pub fn holding(records: Vec<R>) -> Disk<R> {
        Disk { durable: records.len(), records, running: None, wanted: None, written_at: Time::ZERO }
    }

    pub fn append(&mut self, record: R, now: Time) {
        self.records.push(record);
        self.written_at = now;
    }

    /// Everything written, safe or not.
    pub fn records(&self) -> &[R] {
        &self.records
    }

    /// How many records were written.
    pub fn written(&self) -> u64 {
        self.records.len() as u64
    }

    /// How many records would survive a crash now.
    pub fn durable(&self) -> u64 {
        self.durable as u64
    }

    /// Asks for a sync because of `cause`. Says how many records it covers if it begins now; otherwise the one that runs
    /// covers all there is, or the next one will.
    pub(super) fn ask(&mut self, cause: EventId) -> Option<u64> {
        match self.running {
            None => return Some(self.begin()),
            Some(through) if through >= self.written() => {}
            Some(_) => self.wanted = self.wanted.or(Some(cause)),
        }
        None
    }

    /// The first step that waits for a sync which has not begun; [`EventId::NONE`] if none does.
    pub(super) fn first_waiting(&self) -> EventId {
        self.wanted.unwrap_or(EventId::NONE)
    }

    /// The sync that ran is over. Says how many records the next one covers, which begins at once if it is wanted, and
    /// which step wanted it first.
    pub(super) fn finish(&mut self, through: u64) -> Option<(u64, EventId)> {
        self.synced(through);
        self.running = None;
        let cause = self.wanted.take()?;
        Some((self.begin(), cause))
    }

    fn begin(&mut self) -> u64 {
        let through = self.written();
        self.running = Some(through);
        through
    }

    pub(super) fn synced(&mut self, through: u64) {
        self.durable = self.durable.max((through as usize).min(self.records.len()));
    }

    /// Loses what was not synced, and the sync that ran; says how many records that was.
    pub(super) fn crash(&mut self) -> u32 {
        let lost = self.records.len() - self.durable;
        self.records.truncate(self.durable);
        (self.running, self.wanted) = (None, None);
        lost as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_asks_during_a_sync_shares_the_next() {
        let (first, second) = (EventId(1), EventId(2));
        let mut disk = Disk::default();
        disk.append("a", Time(0));
        assert_eq!(disk.ask(first), Some(1));
        assert_eq!(disk.ask(first), None, "the one that runs covers it");
        disk.append("b", Time(1));
        assert_eq!(disk.ask(first), None);
        disk.append("c", Time(2));
        assert_eq!(disk.ask(second), None);
        assert_eq!(disk.finish(1), Some((3, first)));
        assert_eq!((disk.durable(), disk.finish(3), disk.durable()), (1, None, 3));
    }

    #[test]
    fn a_crash_ends_the_sync_and_what_waits_for_the_next() {
        let mut disk = Disk::default();
        disk.append("a", Time(0));
        disk.ask(EventId(1));
        disk.append("b", Time(1));
        disk.ask(EventId(2));
        assert_eq!(disk.crash(), 2);
        disk.append("c", Time(2));
        assert_eq!(disk.ask(EventId(3)), Some(1));
        assert_eq!(disk.finish(1), None);
    }
}
