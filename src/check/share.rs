//! A promised share, window by window.

use super::objective::{Ended, MOST_BLAMED};
use super::property::Evidence;
use crate::sim::{EventId, Micros, Time};

/// In each whole window this part of the operations that end in it is as good as promised.
#[derive(Clone, Debug)]
pub(super) struct Share {
    least: f64,
    /// What is counted: how many answers took less than this; without it, how many operations were answered.
    below: Option<Micros>,
    window: Micros,
    /// When the present window begins.
    begin: Time,
    until: Time,
    counted: u32,
    bad: u32,
    slowest: Micros,
    blamed: Vec<EventId>,
    concerned: bool,
}

impl Share {
    pub(super) fn new(least: f64, below: Option<Micros>, window: Micros, from: Time, until: Time) -> Share {
        Share {
            least,
            below,
            window: window.max(Micros(1)),
            begin: from,
            until,
            counted: 0,
            bad: 0,
            slowest: Micros::ZERO,
            blamed: Vec::new(),
            concerned: false,
        }
    }

    pub(super) fn concerned(&self) -> bool {
        self.concerned
    }

    pub(super) fn ended(&mut self, ended: &Ended) -> Option<Evidence> {
        let evidence = self.pass(ended.at);
        let latency = ended.at.since(ended.begun);
        let bad = match self.below {
            Some(_) if !ended.answered => return evidence,
            Some(below) => latency >= below,
            None => !ended.answered,
        };
        if ended.at >= self.begin {
            self.counted += 1;
            self.slowest = self.slowest.max(latency);
            if bad {
                self.bad += 1;
                if self.blamed.len() < 2 * MOST_BLAMED {
                    self.blamed.extend(ended.events);
                }
            }
        }
        evidence
    }

    /// Judges the window that is over by now.
    pub(super) fn pass(&mut self, now: Time) -> Option<Evidence> {
        let end = self.begin + self.window;
        if now < end {
            return None;
        }
        let evidence = self.judge(end);
        // Nothing ended in the windows that passed since.
        let windows = now.since(self.begin).0 / self.window.0;
        self.begin += Micros(windows * self.window.0);
        (self.counted, self.bad, self.slowest) = (0, 0, Micros::ZERO);
        self.blamed.clear();
        evidence
    }

    fn judge(&mut self, end: Time) -> Option<Evidence> {
        if self.counted == 0 || end > self.until {
            return None;
        }
        self.concerned = true;
        let good = f64::from(self.counted - self.bad) / f64::from(self.counted);
        (good < self.least).then(|| Evidence::new(self.words(end, good)).proved_by(self.blamed.drain(..)))
    }

    fn words(&self, end: Time, good: f64) -> String {
        let (begin, counted, bad) = (self.begin, self.counted, self.bad);
        let (good, least) = (percent(good), percent(self.least));
        match self.below {
            Some(below) => format!(
                "Of the {counted} answers that came between {begin} and {end}, {bad} took {below} or longer, the \
                 slowest {}: {good} were faster, and {least} were promised.",
                self.slowest
            ),
            None => {
                let were = if bad == 1 { "was" } else { "were" };
                format!(
                    "Of the {counted} operations that ended between {begin} and {end}, {bad} {were} not answered: \
                     {good} were, and {least} were promised."
                )
            }
        }
    }
}

/// Rounded down: what misses a promise must not look as if it kept it.
fn percent(part: f64) -> String {
    format!("{} %", libm::floor(part * 1e4 + 1e-6) / 1e2)
}
