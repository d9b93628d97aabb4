//! A disk: what was appended, and how much of it would survive.

use super::time::Time;

/// An append-only file of records. A crash loses what was not synced.
#[derive(Clone, Debug)]
pub struct Disk<R> {
    records: Vec<R>,
    durable: usize,
    /// When the last record came, for pictures.
    pub written_at: Time,
}

impl<R> Default for Disk<R> {
    fn default() -> Self {
        Disk { records: Vec::new(), durable: 0, written_at: Time::ZERO }
    }
}

impl<R> Disk<R> {
    /// A disk that holds these records already, safely.
    pub fn holding(records: Vec<R>) -> Disk<R> {
        Disk { durable: records.len(), records, written_at: Time::ZERO }
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

    pub(super) fn synced(&mut self, through: u64) {
        self.durable = self.durable.max((through as usize).min(self.records.len()));
    }

    /// Loses what was not synced; says how many records that was.
    pub(super) fn crash(&mut self) -> u32 {
        let lost = self.records.len() - self.durable;
        self.records.truncate(self.durable);
        lost as u32
    }
}
