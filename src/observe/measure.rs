//! What is counted in a run.

use std::collections::BTreeSet;
use std::ops::Range;

use hdrhistogram::Histogram;

use super::staleness::staleness;
use crate::run::{Run, judging, loops};
use crate::sim::trace::Operation;
use crate::sim::{Event, Level, Micros, OpId, Time, Trace, What};

/// Latencies are kept to three digits, up to an hour.
const DIGITS: u8 = 3;
const LONGEST: u64 = 3_600_000_000;

/// In place of a latency: the operation was refused. Longer than every length of time.
pub const REFUSED: f64 = f64::MAX;

/// In place of a latency: the operation was never answered. Longer than anything.
pub const UNANSWERED: f64 = f64::INFINITY;

/// The levels that reads ask for, weakest first; the first is none at all.
pub const LEVELS: [Level; 5] =
    [Level::Set, Level::Eventual, Level::Causal, Level::Sequential, Level::Linearizable];

fn place(level: Level) -> usize {
    LEVELS.iter().position(|other| *other == level).unwrap_or(0)
}

/// What is counted over a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How long the stretch is.
    pub micros: u64,
    pub answered: u64,
    /// Answered, but with a refusal: it is no answer to the client.
    pub refused: u64,
    /// Ended because the client waited no longer.
    pub gave_up: u64,
    /// Under way, and for longer than any answer took.
    pub hung: u64,
    /// Not asked for by clients with a clock of their own (`every`), because they still waited.
    pub skipped: u64,
    /// How many of the answered were reads.
    pub reads: u64,
    pub stale: u64,
    /// Answered reads and stale ones among them, by the level asked, in the order of [`LEVELS`].
    pub by_level: [(u64, u64); LEVELS.len()],
    /// Acknowledged writes: those that are kept, those that are lost, and those of which it cannot be told.
    pub kept: u64,
    pub lost: u64,
    pub untold: u64,
    /// Between nodes.
    pub messages: u64,
    pub bytes: u64,
}

impl Counts {
    /// All operations of which it is known whether they were answered.
    pub fn asked(&self) -> u64 {
        self.answered + self.refused + self.gave_up + self.hung
    }
}

/// Counts and latencies; those of several runs can be added up.
#[derive(Clone, Debug)]
pub struct Measured {
    pub counts: Counts,
    latencies: Histogram<u32>,
}

impl Default for Measured {
    fn default() -> Measured {
        let latencies = Histogram::new_with_max(LONGEST, DIGITS).expect("bounds that a histogram takes");
        Measured { counts: Counts::default(), latencies }
    }
}

impl Measured {
    /// Everything from the beginning of a run up to its present moment.
    pub fn so_far(run: &dyn Run) -> Measured {
        let (trace, until) = (run.trace(), run.events());
        let mut measured = Measured::default();
        measured.counts.micros = run.now().0;
        let nodes = run.names().nodes;
        trace.events[..until as usize].iter().for_each(|event| measured.event(event, nodes));
        let begun = trace.ops.iter().filter(|op| op.invoked.0 < until);
        begun.clone().for_each(|op| measured.operation(op, trace, Time::ZERO..Time::NEVER, until));
        measured.counts.hung = measured.hung(begun, run);
        measured.counts.skipped = loops::skipped(run);
        let found = staleness(&judging::history(trace, until));
        let counts = &mut measured.counts;
        counts.stale = found.stale.len() as u64;
        for op in found.stale.iter().filter_map(|place| trace.ops.get(*place)) {
            counts.by_level[place(op.level)].1 += 1;
        }
        let fates = run.fates();
        (counts.kept, counts.lost, counts.untold) = (fates.kept, fates.losses(), fates.untold);
        measured
    }

    /// Counts a message if it went from node to node, and who gave up waiting.
    pub(super) fn event(&mut self, event: &Event, nodes: u16) {
        match event.what {
            What::Sent { to, bytes, .. } if event.node.0 < nodes && to.0 < nodes => {
                self.counts.messages += 1;
                self.counts.bytes += u64::from(bytes);
            }
            What::TimedOut { .. } => self.counts.gave_up += 1,
            _ => {}
        }
    }

    /// Counts an operation if it ended within the window and before event `until`.
    pub(super) fn operation(&mut self, op: &Operation, trace: &Trace, window: Range<Time>, until: u32) {
        let Some((event, outcome)) = op.ended.as_ref().filter(|(event, _)| event.0 < until) else { return };
        let (Some(ended), Some(begun)) = (trace.get(*event), trace.get(op.invoked)) else { return };
        if !window.contains(&ended.at) {
            return;
        }
        if op.call.is_answered_by(outcome) {
            let reads = u64::from(op.call.reads_only());
            self.counts.reads += reads;
            self.counts.by_level[place(op.level)].0 += reads;
            self.answer(ended.at.since(begun.at));
        } else {
            self.counts.refused += 1;
        }
    }

    /// How many of these operations have no end by now and have waited for longer than any answer took.
    fn hung<'a>(&self, begun: impl Iterator<Item = &'a Operation>, run: &dyn Run) -> u64 {
        let (trace, until) = (run.trace(), run.events());
        let gave_up: BTreeSet<OpId> = trace.events[..until as usize]
            .iter()
            .filter_map(|event| if let What::TimedOut { op } = event.what { Some(op) } else { None })
            .collect();
        let slowest = if self.latencies.is_empty() { 0 } else { self.latencies.max() };
        let hangs = |(number, op): &(u32, &Operation)| {
            let open = op.ended.as_ref().is_none_or(|(event, _)| event.0 >= until);
            let begun = trace.get(op.invoked).map_or(run.now(), |event| event.at);
            open && !gave_up.contains(&OpId(*number)) && run.now().since(begun).0 > slowest
        };
        (0..).zip(begun).filter(hangs).count() as u64
    }

    fn answer(&mut self, latency: Micros) {
        self.counts.answered += 1;
        self.latencies.saturating_record(latency.0);
    }

    /// The latency that this part of all operations did not exceed, in µs. Those that were refused count as slower than
    /// any answer ([`REFUSED`]), those that were never answered as slower still ([`UNANSWERED`]).
    pub fn latency(&self, part: f64) -> Option<f64> {
        let (Counts { answered, refused, .. }, all) = (self.counts, self.counts.asked());
        if all == 0 {
            return None;
        }
        // A little less, so that what is a whole number but for its last digit is not rounded up.
        let rank = (libm::ceil(part * all as f64 - 1e-6) as u64).max(1);
        Some(if rank <= answered {
            self.latencies.value_at_quantile((rank as f64 - 0.5) / answered as f64) as f64
        } else if rank <= answered + refused {
            REFUSED
        } else {
            UNANSWERED
        })
    }

    /// Adds another run's counts to these.
    pub fn add(&mut self, other: &Measured) {
        let (sum, more) = (&mut self.counts, &other.counts);
        sum.micros += more.micros;
        sum.answered += more.answered;
        sum.refused += more.refused;
        sum.gave_up += more.gave_up;
        sum.hung += more.hung;
        sum.skipped += more.skipped;
        sum.reads += more.reads;
        sum.stale += more.stale;
        for ((reads, stale), more) in sum.by_level.iter_mut().zip(more.by_level) {
            *reads += more.0;
            *stale += more.1;
        }
        sum.kept += more.kept;
        sum.lost += more.lost;
        sum.untold += more.untold;
        sum.messages += more.messages;
        sum.bytes += more.bytes;
        // Both have the same bounds: this cannot fail.
        let _ = self.latencies.add(&other.latencies);
    }

    /// Forgets everything, to count another stretch.
    pub(super) fn clear(&mut self, micros: u64) {
        self.latencies.reset();
        self.counts = Counts { micros, ..Counts::default() };
    }
}
