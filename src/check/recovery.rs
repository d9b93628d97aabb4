//! How soon after trouble a service is there again.

use std::collections::BTreeMap;

use super::objective::{Ended, MOST_BLAMED};
use super::property::{Due, Evidence};
use super::share::percent;
use crate::sim::{EventId, Micros, Time};

/// A window in which fewer operations are asked for is longer: one answer is no recovery, and one loss no breach.
pub(super) const FEWEST: u32 = 10;

/// What is promised: within a time after the last fault, this part of the operations is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    pub within: Micros,
    /// `0.0..=1.0`.
    pub share: f64,
}

/// Once `within` has passed since the last fault, operations are answered again: of those asked for in a window that
/// begins then, the promised part is. The window begins with the first operation asked for, lasts `length`, and longer
/// until [`FEWEST`] were asked for or the run ends. At the end of the run an operation that has waited for `length` or
/// longer is not answered; one that has waited for less may be answered yet, and is not held against the service.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    goal: Goal,
    length: Micros,
    /// When the run ends.
    end: Time,
    /// The last fault, until it is judged what came after it.
    fault: Option<Time>,
    /// Operations asked for since the fault, before the window, that have no end yet: by the event of their beginning,
    /// with its time.
    early: BTreeMap<EventId, Time>,
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
    open: BTreeMap<EventId, Time>,
    blamed: Vec<EventId>,
}

impl Recovery {
    pub(super) fn new(goal: Goal, length: Micros, end: Time) -> Recovery {
        let (early, window) = (BTreeMap::new(), None);
        Recovery { goal, length, end, fault: None, early, window, recovered: false }
    }

    pub(super) fn disturbed(&mut self, at: Time) {
        let fresh = Recovery::new(self.goal, self.length, self.end);
        *self = Recovery { fault: Some(at), recovered: self.recovered, ..fresh };
    }

    pub(super) fn asked(&mut self, at: Time, event: EventId) {
        let Some(fault) = self.fault else { return };
        if at < fault + self.goal.within {
            self.early.insert(event, at);
            return;
        }
        let fresh =
            Window { from: at, last: at, asked: 0, answered: 0, open: BTreeMap::new(), blamed: Vec::new() };
        let window = self.window.get_or_insert(fresh);
        if at < window.from + self.length || window.asked < FEWEST {
            window.asked += 1;
            window.last = at;
            window.open.insert(event, at);
        }
    }

    pub(super) fn ended(&mut self, ended: &Ended) {
        self.early.remove(&ended.events[0]);
        let Some(window) = &mut self.window else { return };
        if window.open.remove(&ended.events[0]).is_none() {
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
            let late =
                over && fault + self.goal.within <= self.end && self.hung(&self.early).next().is_some();
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
        let hung = if over { self.hung(&window.open).count() } else { 0 };
        let lost = window.asked - window.answered - (window.open.len() - hung) as u32;
        let all = if over { window.asked } else { window.asked.max(FEWEST) };
        let hopeless = part(all - lost, all) < self.goal.share;
        (hopeless && whole()).then(|| self.breach(fault, window))
    }

    /// Of operations without an end those that count as not answered when the run is over.
    fn hung<'a>(&self, open: &'a BTreeMap<EventId, Time>) -> impl Iterator<Item = EventId> + use<'a> {
        let (length, end) = (self.length, self.end);
        open.iter().filter(move |(_, at)| **at + length <= end).map(|(event, _)| *event)
    }

    fn breach(&self, fault: Time, window: &Window) -> Evidence {
        let to = window.last.max(window.from + self.length).min(self.end);
        let Window { from, asked, answered, .. } = window;
        let were = if *asked == 1 { "operation that was" } else { "operations that were" };
        let (good, least) = (percent(part(*answered, *asked)), percent(self.goal.share));
        let waiting = match window.open.len() {
            0 => String::new(),
            1 => " and 1 still waits".to_owned(),
            some => format!(" and {some} still wait"),
        };
        let text = format!(
            "The last fault was at {fault}, and {} were promised until all is well. Of the {asked} {were} asked for \
             between {from} and {to}, {answered} got an answer{waiting}: {good}, and {least} were promised.",
            self.goal.within
        );
        let blamed = window.blamed.iter().copied().chain(window.open.keys().copied());
        Evidence::new(text).proved_by(blamed.take(2 * MOST_BLAMED))
    }

    /// No client asked for anything once the window could begin: these still wait for what they asked before.
    fn silence(&self, fault: Time) -> Evidence {
        let (waiting, end) = (self.hung(&self.early).count(), self.end);
        let (were, wait) = if waiting == 1 { ("1 operation", "waits") } else { ("operations", "wait") };
        let many = if waiting == 1 { were.to_owned() } else { format!("{waiting} {were}") };
        let text = format!(
            "The last fault was at {fault}, and {} were promised until all is well. {many} asked for since then still \
             {wait} for an answer at {end}, and nothing else was asked for.",
            self.goal.within
        );
        Evidence::new(text).proved_by(self.hung(&self.early).take(2 * MOST_BLAMED))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A fault at 1 s, two seconds to recover, windows of one, and a run of nine.
    fn recovery() -> Recovery {
        let goal = Goal { within: Micros::from_secs(2), share: 0.9 };
        let mut recovery = Recovery::new(goal, Micros::from_secs(1), Time(9_000_000));
        recovery.disturbed(Time(1_000_000));
        recovery
    }

    /// Operations asked for at these ms; those in `answered`, by their place, are answered at once.
    fn ask(recovery: &mut Recovery, at: &[u64], answered: std::ops::Range<usize>) {
        for (i, at) in at.iter().enumerate() {
            let (begun, events) = (Time(at * 1_000), [EventId(2 * i as u32), EventId(2 * i as u32 + 1)]);
            recovery.asked(begun, events[0]);
            if answered.contains(&i) {
                recovery.ended(&Ended { begun, at: begun, answered: true, refused: false, events });
            }
        }
    }

    #[test]
    fn what_waits_for_a_window_when_the_run_ends_is_not_answered() {
        let mut recovery = recovery();
        let at: Vec<u64> = (0..10).map(|i| 4_000 + 10 * i).collect();
        ask(&mut recovery, &at, 0..8);
        assert_eq!(recovery.pass(Time(8_900_000), || true), None, "two may be answered yet");
        let evidence = recovery.pass(Time::NEVER, || true).expect("two were not answered");
        assert!(
            evidence.text.ends_with("8 got an answer and 2 still wait: 80 %, and 90 % were promised."),
            "{evidence:?}"
        );
        assert_eq!(evidence.events, [EventId(16), EventId(18)]);
    }

    #[test]
    fn what_was_asked_for_a_moment_before_the_end_is_not_held_against_the_service() {
        let mut recovery = recovery();
        let at: Vec<u64> = (0..10).map(|i| 7_500 + 70 * i).collect();
        ask(&mut recovery, &at, 0..8);
        assert_eq!(recovery.pass(Time::NEVER, || true), None, "8 of 10, and 2 may be answered yet");
        assert_eq!(recovery.due(), Due::Open);
        let mut early = self::recovery();
        early.disturbed(Time(6_800_000));
        early.asked(Time(8_500_000), EventId(0));
        assert_eq!(early.pass(Time::NEVER, || true), None, "it has waited for half a window");
        early.asked(Time(8_000_000), EventId(1));
        let evidence = early.pass(Time::NEVER, || true).expect("it has waited for a whole one");
        assert_eq!(evidence.events, [EventId(1)]);
        assert!(evidence.text.contains("1 operation asked for since then still waits"), "{evidence:?}");
    }
}
