//! Whether clients are being served right now: "nothing is broken" means little where nothing is answered.

use crate::run::Run;
use crate::sim::{EventId, Micros, Time, What};

/// What clients saw of the service lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// An operation was answered within the last second.
    Answered,
    /// Operations wait, or were given up, and none was answered since this time.
    Unanswered(Time),
    /// Nothing was asked for.
    Idle,
}

/// How far back "lately" goes.
const LATELY: Micros = Micros::from_secs(1);
/// How many operations are looked at, the latest first: more than clients ask for in a second.
const MOST: usize = 4_000;

/// What clients saw within the last second of a run; `waiting` tells whether any client waits for an answer right now.
pub fn served(run: &dyn Run, waiting: bool) -> Served {
    let (trace, events, now) = (run.trace(), run.events(), run.now());
    let since = Time(now.0.saturating_sub(LATELY.0));
    let at = |event: EventId| trace.get(event).map_or(Time::ZERO, |event| event.at);
    let begun = trace.ops.iter().rev().filter(|op| op.invoked.0 < events).take(MOST);
    let (mut asked, mut answered) = (waiting, None);
    for op in begun {
        asked |= at(op.invoked) >= since;
        let Some((event, outcome)) = op.ended.as_ref().filter(|(event, _)| event.0 < events) else {
            continue;
        };
        asked |= at(*event) >= since;
        if op.call.is_answered_by(outcome) {
            answered = answered.max(Some(at(*event)));
        }
    }
    let lately = trace.events[..(events as usize).min(trace.events.len())].iter().rev();
    asked |=
        lately.take_while(|event| event.at >= since).any(|event| matches!(event.what, What::TimedOut { .. }));
    match (asked, answered) {
        (true, Some(last)) if last >= since => Served::Answered,
        (true, last) => Served::Unanswered(last.unwrap_or(Time::ZERO)),
        (false, _) => Served::Idle,
    }
}
