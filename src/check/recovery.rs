//! How soon after trouble a service is there again.

use super::objective::{Ended, MOST_BLAMED};
use super::property::Evidence;
use crate::sim::{EventId, Micros, Time};

/// After the last fault, some operation that was asked for since is answered in time. It counts from the first
/// question: who is asked nothing cannot answer.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    within: Micros,
    /// When the run ends.
    end: Time,
    /// The last fault, until there is an answer.
    fault: Option<Time>,
    /// The first operation since, and how many there were.
    first: Option<Time>,
    asked: u32,
    blamed: Vec<EventId>,
    recovered: bool,
}

impl Recovery {
    pub(super) fn new(within: Micros, end: Time) -> Recovery {
        Recovery { within, end, fault: None, first: None, asked: 0, blamed: Vec::new(), recovered: false }
    }

    pub(super) fn disturbed(&mut self, at: Time) {
        *self =
            Recovery { fault: Some(at), recovered: self.recovered, ..Recovery::new(self.within, self.end) };
    }

    pub(super) fn asked(&mut self, at: Time, event: EventId) {
        if self.fault.is_some() {
            self.first.get_or_insert(at);
            self.asked += 1;
            self.blame(event);
        }
    }

    fn blame(&mut self, event: EventId) {
        if self.blamed.len() < 2 * MOST_BLAMED {
            self.blamed.push(event);
        }
    }

    pub(super) fn ended(&mut self, ended: &Ended) {
        let asked_since = self.first.is_some_and(|first| ended.begun >= first);
        if asked_since && ended.answered && !self.is_late(ended.at) {
            (self.fault, self.recovered) = (None, true);
        } else if asked_since {
            self.blame(ended.events[1]);
        }
    }

    fn is_late(&self, now: Time) -> bool {
        self.first.is_some_and(|first| now.min(self.end) > first + self.within)
    }

    /// Is it too late now? While something is still wrong with the world, nobody is to blame.
    pub(super) fn overdue(&mut self, now: Time, whole: impl FnOnce() -> bool) -> Option<Evidence> {
        let (fault, first) = (self.fault?, self.first?);
        if !self.is_late(now) || !whole() {
            return None;
        }
        let (operations, asked, within) =
            (if self.asked == 1 { "operation was" } else { "operations were" }, self.asked, self.within);
        let text = format!(
            "The last fault was at {fault}. {asked} {operations} asked for since {first}, and within {within} none was \
             answered."
        );
        Some(Evidence::new(text).proved_by(self.blamed.drain(..)))
    }

    pub(super) fn concerned(&self) -> bool {
        self.recovered
    }
}
