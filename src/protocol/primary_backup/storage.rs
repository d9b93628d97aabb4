//! What is on disk, and how a server finds itself again there.

use super::log::{Entry, Log};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// The disk holds all that this server ever told others. Written when the disk is set up, before the server starts
    /// for the first time, and at the end of a recovery.
    Formatted,
    Entry(Entry),
    /// Everything beyond this index is void.
    Cut(u64),
    /// The newest view it knows, and the last in which it was normal. The first of these says that it begins.
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
    pub formatted: bool,
    pub began: bool,
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
                Record::Formatted => found.formatted = true,
                Record::Entry(entry) => found.log.push(entry.clone()),
                Record::Cut(len) => found.log.cut_to(*len),
                Record::View { view, normal } => {
                    (found.began, found.view, found.normal) = (true, *view, *normal);
                }
                Record::Primary(primary) => found.primary = Some(*primary),
            }
        }
        found
    }
}

/// Reads the notation of scenario files: nothing is a disk that was set up and never used, `lost` one that was put
/// in place of the server's own.
///
/// # Errors
/// One sentence on what is wrong.
pub fn read(text: &str) -> Result<Vec<Record>, String> {
    match text.trim() {
        "" => Ok(vec![Record::Formatted]),
        "lost" => Ok(Vec::new()),
        other => Err(format!("{other:?} is no disk of a primary or backup: \"lost\" is one")),
    }
}
