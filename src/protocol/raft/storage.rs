//! What a server keeps on disk (figure 2, "persistent state"), as records that only ever follow each other.

use super::log::{Command, Entry, Log};
use crate::sim::NodeId;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// `currentTerm` and `votedFor`.
    Vote { term: u64, voted_for: Option<NodeId> },
    /// The next entry of the log.
    Entry(Entry),
    /// The log ends before this index: what stood there conflicted with a leader's.
    Truncate { from: u64 },
}

/// The state that a disk's records add up to.
#[derive(Clone, Debug, Default)]
pub struct Persistent {
    pub term: u64,
    pub voted_for: Option<NodeId>,
    pub log: Log,
}

impl Persistent {
    pub fn replay(records: &[Record]) -> Persistent {
        let mut state = Persistent::default();
        for record in records {
            match record {
                Record::Vote { term, voted_for } => (state.term, state.voted_for) = (*term, *voted_for),
                Record::Entry(entry) => state.log.append(entry.clone()),
                Record::Truncate { from } => state.log.truncate(*from),
            }
        }
        state
    }
}

/// Reads the notation of scenario files: `term 7; log 1 1 1 4 4` is a server in term 7 whose five entries were
/// received in these terms. Entries of the same index and term hold the same command on every server.
///
/// # Errors
/// One sentence on what is wrong.
pub fn read(text: &str) -> Result<Vec<Record>, String> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut term = None;
    let mut entries: Vec<u64> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        if let Some(number) = part.strip_prefix("term ") {
            term = Some(number_in(number)?);
        } else if let Some(terms) = part.strip_prefix("log") {
            entries = terms.split_whitespace().map(number_in).collect::<Result<_, _>>()?;
        } else {
            return Err(format!("{part:?} is neither \"term N\" nor \"log N N N\""));
        }
    }
    if !entries.is_sorted() {
        return Err("the terms of a log never decrease from one entry to the next".to_owned());
    }
    let last = entries.last().copied().unwrap_or(0);
    let term = term.unwrap_or(last);
    if term < last {
        return Err(format!("a server in term {term} cannot hold an entry of term {last}"));
    }
    let mut records = vec![Record::Vote { term, voted_for: None }];
    records.extend(
        entries
            .iter()
            .zip(1..)
            .map(|(term, index)| Record::Entry(Entry { term: *term, command: Command::Preset(index) })),
    );
    Ok(records)
}

fn number_in(text: &str) -> Result<u64, String> {
    let number =
        text.trim().parse::<u64>().map_err(|_| format!("{text:?} is not a term: a whole number is"))?;
    if (1..=1_000_000).contains(&number) {
        Ok(number)
    } else {
        Err(format!("term {number} is not in 1 to 1000000"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_logs_of_figure_7() {
        let state = Persistent::replay(&read("term 7; log 1 1 1 4 4 5 5 6 6 6").unwrap());
        assert_eq!((state.term, state.log.last_index(), state.log.last_term()), (7, 10, 6));
        assert_eq!(Persistent::replay(&read("").unwrap()).log.last_index(), 0);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, what) in [
            ("log 2 1", "never decrease"),
            ("term 1; log 3", "cannot hold"),
            ("log one", "not a term"),
            ("logs", "not a term"),
            ("hello", "neither"),
            ("term 0", "not in 1"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(what), "{text}: {said}");
        }
    }
}
