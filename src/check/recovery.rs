//! How soon after trouble a service is there again.

use std::collections::BTreeSet;

use super::objective::{Ended, MOST_BLAMED};
use super::property::{Due, Evidence};
use super::share::percent;
use crate::sim::{EventId, Micros, Time};

/// A window in which fewer operations are asked for is longer: one answer is no recovery, and one loss no breach.
pub(super) const FEWEST: u32 = 10;

/// What is promised: so long after the last fault, this part of the operations is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    pub within: Micros,
    /// `0.0..=1.0`.
    pub share: f64,
}

/// Once `within` has passed since the last fault, operations are answered again: of those asked for in a window that
/// begins then, the promised part is. The window begins with the first operation asked for, lasts `length`, and longer
/// until [`FEWEST`] were asked for or the run ends.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    goal: Goal,
    length: Micros,
    /// When the run ends.
    end: Time,
    /// The last fault, until it is judged what came after it.
    fault: Option<Time>,
    /// Operations asked for since the fault, before the window, that have no end yet: by the event of their beginning.
    early: BTreeSet<EventId>,
    window: Option<Window>,
    recovered: bool,
}

/// The operations of the window.
#[derive(Clone, Debug)]
struct Window {
    from: Time,
    /// When the last of them was asked for.
    last: Time,
    asked: u32,
    answered: u32,
    open: BTreeSet<EventId>,
    blamed: Vec<EventId>,
}

impl Recovery {
    pub(super) fn new(goal: Goal, length: Micros, end: Time) -> Recovery {
        let (early, window) = (BTreeSet::new(), None);
        Recovery { goal, length, end, fault: None, early, window, recovered: false }
    }

    pub(super) fn disturbed(&mut self, at: Time) {
        let fresh = Recovery::new(self.goal, self.length, self.end);
        *self = Recovery { fault: Some(at), recovered: self.recovered, ..fresh };
    }

    pub(super) fn asked(&mut self, at: Time, event: EventId) {
        let Some(fault) = self.fault else { return };
        if at < fault + self.goal.within {
            self.early.insert(event);
            return;
        }
        let fresh =
            Window { from: at, last: at, asked: 0, answered: 0, open: BTreeSet::new(), blamed: Vec::new() };
        let window = self.window.get_or_insert(fresh);
        if at < window.from + self.length || window.asked < FEWEST {
            window.asked += 1;
            window.last = at;
            window.open.insert(event);
        }
    }

    pub(super) fn ended(&mut self, ended: &Ended) {
        self.early.remove(&ended.events[0]);
        let Some(window) = &mut self.window else { return };
        if !window.open.remove(&ended.events[0]) {
            return;
        }
        if ended.answered {
            window.answered += 1;
        } else if window.blamed.len() < 2 * MOST_BLAMED {
            window.blamed.extend(ended.events);
        }
    }

    /// Judges the window once it is over. While something is still wrong with the world, nothing is held against the
    /// service.
    pub(super) fn pass(&mut self, now: Time, whole: impl FnOnce() -> bool) -> Option<Evidence> {
        let fault = self.fault?;
        let over = now >= self.end;
        let Some(window) = &self.window else {
            let late = over && fault + self.goal.within <= self.end && !self.early.is_empty();
            return late.then(|| self.silence(fault));
        };
        if now < window.from + self.length {
            return None;
        }
        let closed = over || window.asked >= FEWEST;
        if closed && part(window.answered, window.asked) >= self.goal.share {
            (self.fault, self.recovered) = (None, true);
            return None;
        }
        let lost = window.asked - window.answered - window.open.len() as u32;
        let all = if over { window.asked } else { window.asked.max(FEWEST) };
        let hopeless = part(all - lost, all) < self.goal.share;
        (hopeless && whole()).then(|| self.breach(fault, window))
    }

    fn breach(&self, fault: Time, window: &Window) -> Evidence {
        let to = window.last.max(window.from + self.length).min(self.end);
        let Window { from, asked, answered, .. } = window;
        let were = if *asked == 1 { "operation that was" } else { "operations that were" };
        let (good, least) = (percent(part(*answered, *asked)), percent(self.goal.share));
        let text = format!(
            "The last fault was at {fault}, and {} were promised until all is well. Of the {asked} {were} asked for \
             between {from} and {to}, {answered} got an answer: {good}, and {least} were promised.",
            self.goal.within
        );
        Evidence::new(text).proved_by(window.blamed.iter().copied())
    }

    /// No client asked for anything once the window could begin: all still wait for what they asked before.
    fn silence(&self, fault: Time) -> Evidence {
        let (waiting, end) = (self.early.len(), self.end);
        let (were, wait) = if waiting == 1 { ("1 operation", "waits") } else { ("operations", "wait") };
        let many = if waiting == 1 { were.to_owned() } else { format!("{waiting} {were}") };
        let text = format!(
            "The last fault was at {fault}, and {} were promised until all is well. {many} asked for since then still \
             {wait} for an answer at {end}, and nothing else was asked for.",
            self.goal.within
        );
        Evidence::new(text).proved_by(self.early.iter().copied().take(2 * MOST_BLAMED))
    }

    pub(super) fn concerned(&self) -> bool {
        self.recovered || self.fault.is_some()
    }

    pub(super) fn due(&self) -> Due {
        if self.fault.is_none() { Due::Done } else { Due::Open }
    }
}

fn part(of: u32, all: u32) -> f64 {
    f64::from(of) / f64::from(all.max(1))
}
