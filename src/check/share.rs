//! A promised share, window by window.

use super::objective::{Ended, MOST_BLAMED};
use super::property::Evidence;
use crate::sim::{EventId, Micros, Time};

/// In each whole window this part of the operations is as good as promised. An operation belongs to the window in
/// which it is decided: by its end, or, where answers have to be fast, as soon as it has waited for too long; one that
/// waits when nothing more is judged, and has waited for longer than any answer took, belongs to the last.
#[derive(Clone, Debug)]
pub(super) struct Share {
    least: f64,
    /// An answer is good that took less than this; without it, any answer.
    pub(super) below: Option<Micros>,
    window: Micros,
    /// When the present window begins.
    begin: Time,
    until: Time,
    counted: u32,
    bad: u32,
    refused: u32,
    /// Those that wait, without an end.
    hung: u32,
    /// The slowest answer of all so far.
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
            refused: 0,
            hung: 0,
            slowest: Micros::ZERO,
            blamed: Vec::new(),
            concerned: false,
        }
    }

    pub(super) fn concerned(&self) -> bool {
        self.concerned
    }

    /// An operation ended that was not decided before.
    pub(super) fn ended(&mut self, ended: &Ended) -> Option<Evidence> {
        let evidence = self.pass(ended.at);
        if ended.answered {
            self.slowest = self.slowest.max(ended.at.since(ended.begun));
        }
        self.count(ended.at, !ended.answered, ended.refused, ended.events);
        evidence
    }

    /// An operation that began with this event has waited for too long by `at`, whatever becomes of it.
    pub(super) fn late(&mut self, at: Time, begun: EventId) -> Option<Evidence> {
        let evidence = self.pass(at);
        self.count(at, true, false, [begun, EventId::NONE]);
        evidence
    }

    /// The end of the last whole window.
    pub(super) fn end(&self) -> Time {
        let windows = self.until.since(self.begin).0 / self.window.0;
        self.begin + Micros(windows * self.window.0)
    }

    /// When nothing more will be judged, an operation that began then has waited for a window at least, and longer than
    /// any answer ever took: there is none.
    pub(super) fn is_hung(&self, begun: Time) -> bool {
        self.end().since(begun) > self.slowest.max(self.window)
    }

    /// An operation that began with this event waits in vain: the last window is over.
    pub(super) fn hangs(&mut self, at: Time, begun: EventId) {
        self.hung += u32::from(at >= self.begin);
        self.count(at, true, false, [begun, EventId::NONE]);
    }

    /// Counts an operation in the present window.
    fn count(&mut self, at: Time, bad: bool, refused: bool, events: [EventId; 2]) {
        if at < self.begin {
            return;
        }
        self.counted += 1;
        self.bad += u32::from(bad);
        self.refused += u32::from(refused);
        if bad && self.blamed.len() < 2 * MOST_BLAMED {
            self.blamed.extend(events.into_iter().filter(|event| *event != EventId::NONE));
        }
    }

    /// Judges the window that is over by now.
    pub(super) fn pass(&mut self, now: Time) -> Option<Evidence> {
        let end = self.begin + self.window;
        if now < end {
            return None;
        }
        let evidence = self.judge(end);
        // Nothing was decided in the windows that passed since.
        let windows = now.since(self.begin).0 / self.window.0;
        self.begin += Micros(windows * self.window.0);
        (self.counted, self.bad, self.refused, self.hung) = (0, 0, 0, 0);
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
        let operations = if counted == 1 { "operation" } else { "operations" };
        let were = if bad == 1 { "was" } else { "were" };
        let refused = match self.refused {
            0 => String::new(),
            all if all == bad => " but refused".to_owned(),
            some => format!(" ({some} of them refused)"),
        };
        let hung = match self.hung {
            0 => String::new(),
            1 => format!(", or still waited at {end} as 1 did"),
            some => format!(", or still waited at {end} as {some} did"),
        };
        match self.below {
            Some(below) => format!(
                "Of the {counted} {operations} that ended between {begin} and {end} or had waited for {below} by then, \
                 {bad} {were} not answered in less than {below}{refused}: {good} were, and {least} were promised."
            ),
            None => format!(
                "Of the {counted} {operations} that ended between {begin} and {end}{hung}, {bad} {were} not \
                 answered{refused}: {good} were, and {least} were promised."
            ),
        }
    }
}

/// Rounded down: what misses a promise must not look as if it kept it.
pub(super) fn percent(part: f64) -> String {
    format!("{} %", libm::floor(part * 1e4 + 1e-6) / 1e2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_still_waits_is_not_said_to_have_ended() {
        let mut share = Share::new(0.9, None, Micros::from_secs(1), Time::ZERO, Time(5_000_000));
        let begun = Time(4_100_000);
        let ended =
            |answered| Ended { begun, at: begun, answered, refused: !answered, events: [EventId(1); 2] };
        assert_eq!(share.ended(&ended(true)), None);
        assert_eq!(share.ended(&ended(false)), None);
        share.hangs(Time(4_999_999), EventId(2));
        share.hangs(Time(4_999_999), EventId(3));
        let evidence = share.pass(Time(5_000_000)).expect("one of four");
        assert_eq!(
            evidence.text,
            "Of the 4 operations that ended between 4.000 s and 5.000 s, or still waited at 5.000 s as 2 did, 3 were not \
             answered (1 of them refused): 25 % were, and 90 % were promised."
        );
    }
}
