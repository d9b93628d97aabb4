//! What holds of everything that can be read.

use faultline::check::court::{STANDARDS, Terms};
use faultline::observe::intake::{self, Format, Transcript, lines};

/// A history has a line for each operation and its operations in order, comes back from our own format as it was,
/// and can be judged.
pub fn holds_together(transcript: &Transcript) {
    let operations = &transcript.history.operations;
    assert_eq!(operations.len(), transcript.lines.len());
    assert!(operations.is_sorted_by_key(|operation| operation.invoked));
    let written = lines::write(&transcript.history);
    let read = intake::read(&written, Some(Format::Lines)).unwrap_or_else(|slip| panic!("{slip}\n{written}"));
    assert_eq!(read.history, transcript.history);
    let terms = Terms { budget: 1_000, ..Terms::default() };
    for standard in STANDARDS.iter().filter(|_| operations.len() < 200) {
        let _ = standard.judge(&transcript.history, &terms);
    }
}
