//! Measurements over time: the same stretch again and again, for charts.

use super::measure::Measured;
use super::staleness::staleness;
use crate::run::turns::Turn;
use crate::run::{Run, judging};
use crate::sim::{Role, Time, What};

/// What a chart shows, a number for each window; all columns have one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// How long a window is, in µs.
    pub window: u64,
    /// Where each window begins, in µs.
    pub at: Vec<f64>,
    /// Answered operations in a second.
    pub answered: Vec<f64>,
    /// Operations in a second that were refused, or that nobody answered.
    pub unserved: Vec<f64>,
    /// Latency in µs of those that ended in the window; not a number where none did, and beyond every number
    /// ([`super::measure::REFUSED`]) where it falls among those that were not answered.
    pub median: Vec<f64>,
    pub slowest: Vec<f64>,
    /// Stale reads in a second, by when they were answered.
    pub stale: Vec<f64>,
    /// Messages between nodes in a second.
    pub messages: Vec<f64>,
    /// Where no node leads: how many have the newest epoch (of gossip, the newest rumour) when the window ends.
    pub informed: Vec<f64>,
}

/// Windows of a length that people count in, about so many of them.
const ABOUT: u64 = 60;
const LENGTHS: &[u64] = &[
    10_000, 20_000, 50_000, 100_000, 200_000, 250_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
    30_000_000, 60_000_000,
];

impl Series {
    /// Of a run up to a time, as far as it has been run, window by window, the last one as far as it goes.
    pub fn of(run: &dyn Run, until: Time) -> Series {
        let until = until.min(run.end());
        let wanted = run.plan().until.0 / ABOUT;
        let window = LENGTHS.iter().copied().find(|length| *length >= wanted).unwrap_or(60_000_000);
        let mut series = Series { window, ..Series::default() };
        let (trace, nodes) = (run.trace(), run.names().nodes);
        let stale = stale_at(run);
        // Operations end in another order than they begin: by the windows in which they end.
        let mut ended: Vec<(Time, usize)> = Vec::with_capacity(trace.ops.len());
        for (place, op) in trace.ops.iter().enumerate() {
            let at = op.ended.as_ref().and_then(|(event, _)| trace.get(*event)).map(|event| event.at);
            ended.extend(at.map(|at| (at, place)));
        }
        ended.sort_unstable();
        let mut measured = Measured::default();
        let mut informed = Informed::new(run);
        let (mut event, mut op) = (0, 0);
        for begin in (0..until.0).step_by(window as usize) {
            let end = Time((begin + window).min(until.0 + 1));
            measured.clear(window.min(until.0 - begin).max(1));
            while let Some(next) = trace.events.get(event).filter(|next| next.at < end) {
                measured.event(next, nodes);
                event += 1;
            }
            while let Some((_, place)) = ended.get(op).filter(|(at, _)| *at < end) {
                measured.operation(&trace.ops[*place], trace, Time(begin)..end, u32::MAX);
                op += 1;
            }
            measured.counts.stale = stale.iter().filter(|at| (begin..end.0).contains(&at.0)).count() as u64;
            series.push(begin, &measured);
            series.informed.push(informed.before(end));
        }
        series
    }

    fn push(&mut self, begin: u64, measured: &Measured) {
        let rate = |count: u64| count as f64 * 1e6 / measured.counts.micros as f64;
        self.at.push(begin as f64);
        self.answered.push(rate(measured.counts.answered));
        self.unserved.push(rate(measured.counts.refused + measured.counts.gave_up));
        self.median.push(measured.latency(0.5).unwrap_or(f64::NAN));
        self.slowest.push(measured.latency(0.99).unwrap_or(f64::NAN));
        self.stale.push(rate(measured.counts.stale));
        self.messages.push(rate(measured.counts.messages));
    }
}

/// The epoch of each node as a run goes on.
struct Informed<'a> {
    turns: std::iter::Peekable<std::slice::Iter<'a, Turn>>,
    epochs: Vec<u64>,
}

impl<'a> Informed<'a> {
    fn new(run: &'a dyn Run) -> Informed<'a> {
        Informed { turns: run.turns().iter().peekable(), epochs: vec![0; run.names().nodes.into()] }
    }

    /// How many nodes have the newest epoch just before this time; none, as long as there is none.
    fn before(&mut self, end: Time) -> f64 {
        while let Some(turn) = self.turns.next_if(|turn| turn.at < end) {
            let epoch = turn.epoch.filter(|_| turn.role == Role::Peer).map_or(0, |epoch| epoch.number);
            if let Some(slot) = self.epochs.get_mut(usize::from(turn.node.0)) {
                *slot = epoch;
            }
        }
        let newest = self.epochs.iter().copied().max().unwrap_or(0);
        self.epochs.iter().filter(|epoch| newest > 0 && **epoch == newest).count() as f64
    }
}

/// When each stale read was answered.
fn stale_at(run: &dyn Run) -> Vec<Time> {
    let trace = run.trace();
    let history = judging::history(trace, trace.events.len() as u32);
    let at = |place: usize| {
        let event = trace.get(history.operations[place].events[1])?;
        matches!(event.what, What::Completed { .. }).then_some(event.at)
    };
    staleness(&history).stale.into_iter().filter_map(at).collect()
}
