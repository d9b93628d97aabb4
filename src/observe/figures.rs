//! The figures of a run: what each is called, what it counts in, and what it says.

use super::measure::{Measured, REFUSED, UNANSWERED};
use crate::run::{Run, loops};
use crate::sim::Micros;

/// One measurement, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub name: &'static str,
    pub unit: Unit,
    /// What it counts, in one sentence.
    pub sentence: &'static str,
}

/// What a figure counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Things in a second of simulated time.
    PerSecond,
    /// Microseconds.
    Micros,
    /// A part of one.
    Share,
    /// Things for each operation that was answered.
    PerOperation,
    /// Bytes for each operation that was answered.
    BytesPerOperation,
}

impl Unit {
    /// A value for people.
    pub fn show(self, value: f64) -> String {
        match self {
            Unit::Micros if value == UNANSWERED => "unanswered".to_owned(),
            Unit::Micros if value == REFUSED => "refused".to_owned(),
            Unit::Micros => short(Micros(value as u64)),
            Unit::Share => format!("{} %", digits(value * 100.0)),
            Unit::PerSecond => format!("{}/s", digits(value)),
            Unit::Count | Unit::PerOperation => digits(value),
            Unit::BytesPerOperation => format!("{} B", digits(value)),
        }
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::PerSecond => "per second",
            Unit::Micros => "µs",
            Unit::Share => "share",
            Unit::PerOperation => "per operation",
            Unit::BytesPerOperation => "bytes per operation",
        }
    }
}

type Of = fn(&Measured) -> Option<f64>;

/// Every figure, in the order of a table, and how it is read from what was measured; `None` where nothing happened
/// that it speaks of.
pub const FIGURES: &[(Figure, Of)] = &[
    (figure("answered", Unit::Count, "Operations that clients got an answer to."), |m| {
        count(m.counts.answered)
    }),
    (figure("refused", Unit::Count, "Operations that surely were not carried out."), |m| {
        count(m.counts.refused)
    }),
    (
        figure(
            "gave up",
            Unit::Count,
            "Operations whose client waited no longer for an answer: they may have happened.",
        ),
        |m| count(m.counts.gave_up),
    ),
    (
        figure(
            "hung",
            Unit::Count,
            "Operations that have waited longer than any answer took, and still wait.",
        ),
        |m| count(m.counts.hung),
    ),
    (
        figure(
            "skipped",
            Unit::Count,
            "Operations that clients with a clock (`every`) did not ask for, because they still waited for the one \
             before: no other figure counts them.",
        ),
        |m| count(m.counts.skipped),
    ),
    (
        figure(
            "availability",
            Unit::Share,
            "The part of the operations that were answered: not refused, given up or hung.",
        ),
        |m| ratio(m.counts.answered, m.counts.asked()),
    ),
    (
        figure(
            "answers",
            Unit::PerSecond,
            "Operations answered in a second. Of clients that wait (`every`, `think`) it is the pace at which they \
             asked, and not the throughput of the service.",
        ),
        |m| (m.counts.micros > 0).then(|| m.counts.answered as f64 * 1e6 / m.counts.micros as f64),
    ),
    (
        figure(
            "p50 latency",
            Unit::Micros,
            "Half of the operations took no longer; refused and unanswered ones count as slower than any answer.",
        ),
        |m| m.latency(0.5),
    ),
    (
        figure(
            "p90 latency",
            Unit::Micros,
            "Nine tenths of the operations took no longer; refused and unanswered ones count as slower than any answer.",
        ),
        |m| m.latency(0.9),
    ),
    (
        figure(
            "p99 latency",
            Unit::Micros,
            "99 of 100 operations took no longer; refused and unanswered ones count as slower than any answer.",
        ),
        |m| m.latency(0.99),
    ),
    (
        figure("stale reads", Unit::Count, "Reads that miss what had been acknowledged before they began."),
        |m| count(m.counts.stale),
    ),
    (figure("stale, no level asked", Unit::Count, "Those among them that asked for no level."), |m| {
        stale(m, 0)
    }),
    (figure("stale @eventual", Unit::Count, "Those among them that asked for @eventual."), |m| stale(m, 1)),
    (figure("stale @causal", Unit::Count, "Those among them that asked for @causal."), |m| stale(m, 2)),
    (figure("stale @sequential", Unit::Count, "Those among them that asked for @sequential."), |m| {
        stale(m, 3)
    }),
    (figure("stale @linearizable", Unit::Count, "Those among them that asked for @linearizable."), |m| {
        stale(m, 4)
    }),
    (figure("stale share", Unit::Share, "The part of the answered reads that are stale."), |m| {
        ratio(m.counts.stale, m.counts.reads)
    }),
    (
        figure(
            "lost writes",
            Unit::Count,
            "Writes that were confirmed and thrown away: no server has them any more, nor a write that was made with \
             knowledge of them.",
        ),
        |m| (m.counts.kept + m.counts.lost > 0).then_some(m.counts.lost as f64),
    ),
    (
        figure(
            "untold writes",
            Unit::Count,
            "Acknowledged writes of which it cannot be told whether they are lost.",
        ),
        |m| count(m.counts.untold),
    ),
    (figure("messages", Unit::PerOperation, "Messages between nodes for each answered operation."), |m| {
        ratio(m.counts.messages, m.counts.answered)
    }),
    (figure("bytes", Unit::BytesPerOperation, "Bytes between nodes for each answered operation."), |m| {
        ratio(m.counts.bytes, m.counts.answered)
    }),
];

/// A figure of several runs beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub figure: Figure,
    /// One for each run; `None` where nothing happened that it speaks of.
    pub values: Vec<Option<f64>>,
}

/// What the figures of runs with closed loops leave out, in words; nothing where every client is an open loop.
pub fn omitted(runs: &[&dyn Run]) -> Option<String> {
    let mut names: Vec<&str> = runs.iter().flat_map(|run| loops::closed_loops(*run)).collect();
    names.sort_unstable();
    names.dedup();
    let (who, wait) = match &*names {
        [] => return None,
        [one] => ((*one).to_owned(), "waits for an answer before it asks"),
        [one, other] => (format!("{one} and {other}"), "wait for an answer before they ask"),
        many => (format!("{} clients", many.len()), "wait for an answer before they ask"),
    };
    Some(format!(
        "{who} {wait} again (a closed loop): while the service is slow or down, fewer operations are asked for. The \
         percentiles and the availability leave out those that would have come meanwhile (coordinated omission), and \
         the answers in a second are not the throughput of the service. `arrivals` makes an open loop."
    ))
}

/// Every figure of these runs.
pub fn table(runs: &[Measured]) -> Vec<Row> {
    let row = |(figure, of): &(Figure, Of)| Row { figure: *figure, values: runs.iter().map(of).collect() };
    FIGURES.iter().map(row).collect()
}

impl Row {
    /// Is there anything but nothing in it?
    pub fn says_something(&self) -> bool {
        self.values.iter().flatten().any(|value| *value != 0.0)
    }

    /// The value of one run, for people.
    pub fn show(&self, place: usize) -> String {
        let value = self.values.get(place).copied().flatten();
        value.map_or("–".to_owned(), |value| self.figure.unit.show(value))
    }

    /// How many times the first run's value this one is, for people; nothing where there is no saying.
    pub fn ratio(&self, place: usize) -> Option<String> {
        let (first, value) =
            (self.values.first().copied().flatten()?, self.values.get(place).copied().flatten()?);
        let known = first > 0.0 && first < REFUSED && value < REFUSED;
        (place > 0 && known).then(|| format!("× {}", digits(value / first)))
    }
}

/// Three digits that count.
fn digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

/// A length with three digits that count.
fn short(length: Micros) -> String {
    let unit = match length.0 {
        100_000..1_000_000 => 1_000,
        10_000..100_000 => 100,
        1_000..10_000 => 10,
        10_000_000.. => 100_000,
        1_000_000.. => 10_000,
        _ => 1,
    };
    Micros((length.0 + unit / 2) / unit * unit).to_string()
}

const fn figure(name: &'static str, unit: Unit, sentence: &'static str) -> Figure {
    Figure { name, unit, sentence }
}

#[expect(clippy::unnecessary_wraps, reason = "a figure may have nothing to speak of; a count always has")]
fn count(number: u64) -> Option<f64> {
    Some(number as f64)
}

/// Stale reads among those that asked for a level; nothing if all reads asked for the same.
fn stale(measured: &Measured, level: usize) -> Option<f64> {
    let (reads, stale) = measured.counts.by_level[level];
    (reads > 0 && reads < measured.counts.reads).then_some(stale as f64)
}

fn ratio(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| part as f64 / of as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_have_a_unit() {
        for (unit, value, words) in [
            (Unit::Count, 1_234.0, "1234"),
            (Unit::Share, 0.99144, "99.1 %"),
            (Unit::Share, 1.0, "100 %"),
            (Unit::Micros, 12_345.0, "12.3 ms"),
            (Unit::Micros, 812.0, "812 µs"),
            (Unit::Micros, 2_501.0, "2.5 ms"),
            (Unit::Micros, REFUSED, "refused"),
            (Unit::Micros, UNANSWERED, "unanswered"),
            (Unit::PerSecond, 15.25, "15.2/s"),
            (Unit::PerOperation, 6.125, "6.12"),
            (Unit::BytesPerOperation, 312.4, "312 B"),
        ] {
            assert_eq!(unit.show(value), words);
        }
    }

    #[test]
    fn a_ratio_is_to_the_first() {
        let figure = FIGURES[0].0;
        let row = Row { figure, values: vec![Some(4.0), Some(10.0), None, Some(0.0), Some(UNANSWERED)] };
        let ratios: Vec<_> = (0..5).map(|place| row.ratio(place)).collect();
        assert_eq!(ratios, [None, Some("× 2.50".to_owned()), None, Some("× 0".to_owned()), None]);
        assert_eq!(row.show(2), "–");
    }
}
