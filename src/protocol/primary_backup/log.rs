//! The log that a primary writes and its backups copy.

use litemap::LiteMap;
use smol_str::SmolStr;

use crate::sim::{Held, OpId, Version};

/// One write, as it turned out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The view in which the primary took it.
    pub view: u64,
    /// The request: two entries with the same one are the same entry.
    pub op: OpId,
    pub key: SmolStr,
    pub value: i64,
}

/// Entries from index 1 on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    entries: Vec<Entry>,
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
        self.entries.push(entry);
    }

    pub fn cut_to(&mut self, len: u64) {
        self.entries.truncate(len as usize);
    }

    /// Which request stands at an index: before the first there is none.
    pub fn op_at(&self, index: u64) -> Option<OpId> {
        self.get(index).map(|entry| entry.op)
    }

    pub fn has(&self, op: OpId) -> bool {
        self.entries.iter().any(|entry| entry.op == op)
    }
}

/// Values by key, as of an index of the log.
#[derive(Clone, Debug, Default)]
pub struct Table {
    values: LiteMap<SmolStr, i64>,
    upto: u64,
}

impl Table {
    pub fn upto(&self) -> u64 {
        self.upto
    }

    pub fn get(&self, key: &SmolStr) -> Option<i64> {
        self.values.get(key).copied()
    }

    /// Every value, for pictures.
    pub fn held(&self) -> Vec<Held> {
        let held = |(key, value): (&SmolStr, &i64)| Held {
            key: key.clone(),
            versions: vec![Version { value: (*value).into(), stamp: String::new() }],
        };
        self.values.iter().map(held).collect()
    }

    /// Applies the log up to an index; from the beginning, if entries were cut that had been applied.
    pub fn catch_up(&mut self, log: &Log, to: u64) {
        if self.upto > log.last() {
            *self = Table::default();
        }
        while self.upto < to.min(log.last()) {
            self.upto += 1;
            if let Some(entry) = log.get(self.upto) {
                self.values.insert(entry.key.clone(), entry.value);
            }
        }
    }

    /// Forgets everything: the log was written anew below.
    pub fn clear(&mut self) {
        *self = Table::default();
    }
}
