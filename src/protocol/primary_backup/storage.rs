//! What is on disk, and how a server finds itself again there.

use super::log::{Entry, Log};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Entry(Entry),
    /// Everything beyond this index is void.
    Cut(u64),
    /// The newest view it knows, and the last in which it was normal.
    View {
        view: u64,
        normal: u64,
    },
    /// It promoted itself, or gave way.
    Primary(bool),
}

/// What a disk amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Persistent {
    pub view: u64,
    pub normal: u64,
    pub log: Log,
    /// Whether it last thought itself primary; nothing, if it never said.
    pub primary: Option<bool>,
}

impl Persistent {
    pub fn replay(disk: &[Record]) -> Persistent {
        let mut found = Persistent::default();
        for record in disk {
            match record {
                Record::Entry(entry) => found.log.push(entry.clone()),
                Record::Cut(len) => found.log.cut_to(*len),
                Record::View { view, normal } => (found.view, found.normal) = (*view, *normal),
                Record::Primary(primary) => found.primary = Some(*primary),
            }
        }
        found
    }
}
