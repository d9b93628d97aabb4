//! The number of the engine: the same scenario and seed give the same fingerprint in the same engine.
//!
//! It is raised by every change that moves fingerprints of runs that were right before, and [`CHANGES`] and
//! `docs/engine.md` get a line for it. A link says which engine made it.

/// This engine.
pub const ENGINE: u32 = 2;

/// Which engine changed what, in order; each a sentence without an end.
pub const CHANGES: &[(u32, &str)] = &[
    (2, "every input costs 100 µs of work, unless `service` says otherwise"),
    (2, "a disk does one sync at a time, and all who wait share the next one"),
    (2, "the end of a piece of work is no event any more"),
    (2, "a candidate asks for votes while it syncs its own"),
    (
        2,
        "a replica of a primary sets up its disk, recovers what it forgot, and decides an entry when it applies it",
    ),
    (2, "rumours of equal count are told apart by their writers"),
];

/// What a link says that another engine made: which, what is different, and what to do about it.
pub fn told_of(made_by: u32) -> String {
    let mut said = format!("This link was made by engine {made_by}, and this is engine {ENGINE}.");
    if made_by > ENGINE {
        said.push_str(" Reload the page to get the newer one.");
    }
    let changes: Vec<&str> = changes_between(made_by, ENGINE).collect();
    if !changes.is_empty() {
        said.push_str(&format!(" What changed: {}.", changes.join("; ")));
    }
    said
}

/// What is different between two engines, whichever is the newer.
fn changes_between(one: u32, other: u32) -> impl Iterator<Item = &'static str> {
    let (older, newer) = (one.min(other), one.max(other));
    CHANGES.iter().filter(move |(engine, _)| (older + 1..=newer).contains(engine)).map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_and_the_list_say_the_same() {
        let document = include_str!("../../docs/engine.md");
        for (engine, what) in CHANGES {
            assert!(
                document.contains(&format!("| {engine} | {what} |")),
                "docs/engine.md lacks: {engine}, {what}"
            );
        }
        let lines = document.lines().filter(|line| line.starts_with("| "));
        assert_eq!(lines.count(), CHANGES.len() + 3, "a head, a rule, the first engine, and the changes");
        assert_eq!(CHANGES.iter().map(|(engine, _)| *engine).max(), Some(ENGINE));
        assert!(CHANGES.is_sorted_by_key(|(engine, _)| *engine));
    }

    #[test]
    fn what_changed_is_the_same_either_way() {
        let changed = |one, other| changes_between(one, other).count();
        assert_eq!(changed(1, 2), 6);
        assert_eq!(changed(2, 1), 6);
        assert_eq!(changed(2, 2), 0);
        assert_eq!(changed(ENGINE, ENGINE + 1), 0, "what is not known yet");
    }
}
