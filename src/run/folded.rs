//! The story without its routine: what happens all the time is counted, and the rest told.

use super::story::{Kind, Line};
use crate::sim::NodeId;
use crate::sim::words::counted;

/// A line of the folded story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub line: Line,
    /// The lines that it stands for; empty if it stands for itself.
    pub folded: Vec<Line>,
}

/// Notes that every quiet second is full of: how they begin, and what one of them is called.
const ROUTINE: &[(&str, Count, &str)] = &[
    ("commits entr", Count::Entries, "entry committed"),
    ("applies ", Count::Lines, "update applied"),
    ("hears that ", Count::Nodes, "server heard it"),
    ("repairs ", Count::Lines, "repair on read"),
    ("leaves reads to the primary", Count::Lines, "read left to the primary"),
    ("hands ", Count::Lines, "hint handed over"),
    ("keeps ", Count::Lines, "hint kept"),
    ("refuses its vote to ", Count::Lines, "vote refused"),
    ("greets ", Count::Lines, "greeting"),
    ("hears the echo ", Count::Lines, "echo"),
];

/// What of a routine is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Lines,
    /// Different nodes.
    Nodes,
    /// Entries of a log: "commits entries 4 to 7" are four.
    Entries,
}

fn routine(line: &Line) -> Option<usize> {
    let is_note = line.kind == Kind::Note;
    ROUTINE.iter().position(|(start, ..)| is_note && line.text.starts_with(start))
}

/// Puts stretches of routine, where there is more than one line of it, into one entry each.
pub fn folded(lines: Vec<Line>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut stretch: Vec<Line> = Vec::new();
    for line in lines {
        if routine(&line).is_some() {
            stretch.push(line);
            continue;
        }
        close(&mut stretch, &mut entries);
        entries.push(Entry { line, folded: Vec::new() });
    }
    close(&mut stretch, &mut entries);
    entries
}

fn close(stretch: &mut Vec<Line>, entries: &mut Vec<Entry>) {
    let lines = std::mem::take(stretch);
    match lines.as_slice() {
        [] => {}
        [one] => entries.push(Entry { line: one.clone(), folded: Vec::new() }),
        [first, ..] => {
            let line = Line { node: None, kind: Kind::Note, text: words(&lines), ..first.clone() };
            entries.push(Entry { line, folded: lines });
        }
    }
}

/// "17 entries committed, 2 repairs on read".
fn words(lines: &[Line]) -> String {
    let told = ROUTINE.iter().enumerate().filter_map(|(kind, (_, count, name))| {
        let these: Vec<&Line> = lines.iter().filter(|line| routine(line) == Some(kind)).collect();
        (!these.is_empty()).then(|| plural(how_many(*count, &these), name))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The first word is what is counted: "3 repairs on read".
fn plural(count: u64, name: &str) -> String {
    let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
    format!("{} {rest}", counted(count, first)).trim_end().to_owned()
}

fn how_many(count: Count, lines: &[&Line]) -> u64 {
    match count {
        Count::Lines => lines.len() as u64,
        Count::Nodes => {
            let mut nodes: Vec<Option<NodeId>> = lines.iter().map(|line| line.node).collect();
            nodes.sort_unstable();
            nodes.dedup();
            nodes.len() as u64
        }
        Count::Entries => lines.iter().map(|line| entries(&line.text)).sum(),
    }
}

/// How many entries a line speaks of: "entry 3" of one, "entries 4 to 7" of four.
fn entries(text: &str) -> u64 {
    let mut numbers = text.split(' ').filter_map(|word| word.parse::<u64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(from), Some(to)) => to.saturating_sub(from) + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{EventId, Time};

    fn line(event: u32, node: u16, kind: Kind, text: &str) -> Line {
        Line {
            at: Time(event.into()),
            event: EventId(event),
            node: Some(NodeId(node)),
            kind,
            text: text.into(),
        }
    }

    #[test]
    fn routine_is_counted_and_the_rest_is_told() {
        let note = |event, text| line(event, 0, Kind::Note, text);
        let lines = vec![
            note(1, "commits entry 1"),
            note(2, "wins term 2 with the votes of n2, n3"),
            note(3, "commits entry 2"),
            note(4, "commits entries 3 to 6"),
            note(5, "repairs n2 on read: x is 1"),
            line(6, 1, Kind::Fault, "crashed"),
            line(7, 1, Kind::Note, "hears that x is 1"),
            line(8, 1, Kind::Note, "hears that x is 2"),
        ];
        let told: Vec<(String, usize)> =
            folded(lines).into_iter().map(|entry| (entry.line.text, entry.folded.len())).collect();
        let wanted = [
            ("commits entry 1", 0),
            ("wins term 2 with the votes of n2, n3", 0),
            ("5 entries committed, 1 repair on read", 3),
            ("crashed", 0),
            ("1 server heard it", 2),
        ];
        assert_eq!(told, wanted.map(|(text, lines)| (text.to_owned(), lines)));
    }
}
