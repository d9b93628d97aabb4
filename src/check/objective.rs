//! What a service promises in numbers: how many operations are answered, how fast, and how soon after trouble (Beyer et
//! al., "Site Reliability Engineering", 2016, chapter 4).

use std::collections::VecDeque;

use litemap::LiteMap;

use super::property::{Claim, Due, Evidence, Mode};
pub use super::recovery::Goal;
use super::recovery::Recovery;
use super::share::Share;
use crate::sim::{Call, EventId, Micros, Outcome, Time};

/// Every promise of this kind, with the key by which a script sets the number.
pub const CLAIMS: &[Claim] = &[
    Claim {
        name: "clients get answers",
        sentence: "In every window the promised part of the operations is answered; a refusal is no answer.",
        source: "Site Reliability Engineering, chapter 4",
        mode: Mode::Always,
    },
    Claim {
        name: "latency objective",
        sentence: "In every window the promised part of the operations is answered in time; a refusal is no answer.",
        source: "Site Reliability Engineering, chapter 4",
        mode: Mode::Always,
    },
    Claim {
        name: "recovers in time",
        sentence: "From the promised time after the last fault on, the promised part of the operations is answered again.",
        source: "liveness, once everything is healed",
        mode: Mode::Eventually,
    },
];

/// The key of the objective by which each of [`CLAIMS`] is judged.
pub const KEYS: &[(&str, &str)] = &[
    ("clients get answers", "availability"),
    ("latency objective", "latency"),
    ("recovers in time", "recovery"),
];

/// Operations that are named as evidence, at most.
pub(super) const MOST_BLAMED: usize = 20;

/// A judge of one of [`CLAIMS`]. A clone of it is part of a keyframe.
#[derive(Clone, Debug)]
pub struct Objective {
    claim: &'static Claim,
    judge: Judge,
    /// Operations under way, by their number.
    open: LiteMap<u32, Begun>,
    /// Those of which it is not known whether they take too long, in the order in which they began.
    young: VecDeque<(u32, Time)>,
    /// What still hangs when nothing more is judged was counted.
    closed: bool,
}

#[derive(Clone, Debug)]
enum Judge {
    Share(Share),
    Recovery(Recovery),
}

/// An operation under way.
#[derive(Clone, Debug)]
struct Begun {
    at: Time,
    event: EventId,
    call: Call,
    /// It has waited for too long, and was counted.
    late: bool,
}

/// An operation that ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub(super) begun: Time,
    pub(super) at: Time,
    pub(super) answered: bool,
    /// There was an answer, and it was a refusal.
    pub(super) refused: bool,
    /// Its beginning and its end.
    pub(super) events: [EventId; 2],
}

impl Objective {
    /// In each window that lies between `from` and `until`, this part of all operations is answered.
    pub fn availability(least: f64, window: Micros, from: Time, until: Time) -> Objective {
        Objective::new(&CLAIMS[0], Judge::Share(Share::new(least, None, window, from, until)))
    }

    /// In each window that lies between `from` and `until`, this part of all operations is answered in less than `below`.
    pub fn latency((least, below): (f64, Micros), window: Micros, from: Time, until: Time) -> Objective {
        Objective::new(&CLAIMS[1], Judge::Share(Share::new(least, Some(below), window, from, until)))
    }

    /// Operations are answered again after the last fault, as far as `goal` says, in a window of this length and in a
    /// run that ends at `end`.
    pub fn recovery(goal: Goal, window: Micros, end: Time) -> Objective {
        Objective::new(&CLAIMS[2], Judge::Recovery(Recovery::new(goal, window, end)))
    }

    fn new(claim: &'static Claim, judge: Judge) -> Objective {
        Objective { claim, judge, open: LiteMap::new(), young: VecDeque::new(), closed: false }
    }

    pub fn claim(&self) -> &'static Claim {
        self.claim
    }

    /// A client begins operation number `number`.
    pub fn invoked(&mut self, number: u32, call: &Call, at: Time, event: EventId) {
        self.open.insert(number, Begun { at, event, call: call.clone(), late: false });
        match &mut self.judge {
            Judge::Recovery(recovery) => recovery.asked(at, event),
            Judge::Share(share) if share.below.is_some() => self.young.push_back((number, at)),
            Judge::Share(_) => {}
        }
    }

    /// Operation number `number` ended; `None` if there was no answer. A second end tells nothing.
    pub fn ended(
        &mut self,
        number: u32,
        outcome: Option<&Outcome>,
        at: Time,
        event: EventId,
    ) -> Option<Evidence> {
        let evidence = self.wait(at);
        let Some(operation) = self.open.remove(&number) else { return evidence };
        let Begun { at: begun, event: beginning, call, late } = operation;
        let answered = outcome.is_some_and(|outcome| call.is_answered_by(outcome));
        let refused = outcome.is_some() && !answered;
        let ended = Ended { begun, at, answered, refused, events: [beginning, event] };
        let last = match &mut self.judge {
            Judge::Share(share) if late => share.pass(at),
            Judge::Share(share) => share.ended(&ended),
            Judge::Recovery(recovery) => {
                recovery.ended(&ended);
                None
            }
        };
        evidence.or(last)
    }

    /// Counts what is known by now of operations without an end: that they took too long, or hang for good.
    fn wait(&mut self, now: Time) -> Option<Evidence> {
        let Judge::Share(share) = &mut self.judge else { return None };
        let mut evidence = None;
        if let Some(below) = share.below {
            while let Some((number, begun)) = self.young.front().copied().filter(|(_, at)| *at + below <= now)
            {
                self.young.pop_front();
                if let Some(open) = self.open.get_mut(&number) {
                    open.late = true;
                    let found = share.late(begun + below, open.event);
                    evidence = evidence.or(found);
                }
            }
        } else if !self.closed && now >= share.end() {
            self.closed = true;
            let last = Time(share.end().0.saturating_sub(1));
            evidence = share.pass(last);
            let hung = self.open.values().filter(|open| share.is_hung(open.at)).map(|open| open.event);
            for begun in hung.collect::<Vec<_>>() {
                share.hangs(last, begun);
            }
        }
        evidence
    }

    /// Something was done to the world.
    pub fn disturbed(&mut self, at: Time) {
        if let Judge::Recovery(recovery) = &mut self.judge {
            recovery.disturbed(at);
        }
    }

    /// It is so late now; `whole` tells whether anything is still wrong with the world.
    pub fn pass(&mut self, now: Time, whole: impl FnOnce() -> bool) -> Option<Evidence> {
        let evidence = self.wait(now);
        let last = match &mut self.judge {
            Judge::Share(share) => share.pass(now),
            Judge::Recovery(recovery) => recovery.pass(now, whole),
        };
        evidence.or(last)
    }

    /// Is there anything to judge yet?
    pub fn concerned(&self) -> bool {
        match &self.judge {
            Judge::Share(share) => share.concerned(),
            Judge::Recovery(recovery) => recovery.concerned(),
        }
    }

    /// Of recovery: is it still to come?
    pub fn due(&self) -> Due {
        match &self.judge {
            Judge::Share(_) => Due::Clear,
            Judge::Recovery(recovery) => recovery.due(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Value;

    fn call() -> Call {
        Call::Cas { key: "x".into(), old: 1, new: 2 }
    }

    /// Operation `number` begins, and ends after `ms`.
    fn run(
        judge: &mut Objective,
        number: u32,
        at: u64,
        ms: u64,
        outcome: Option<Outcome>,
    ) -> Option<Evidence> {
        let (begin, end) = (Time(at * 1_000), Time((at + ms) * 1_000));
        judge.invoked(number, &call(), begin, EventId(2 * number));
        judge.ended(number, outcome.as_ref(), end, EventId(2 * number + 1))
    }

    fn ok() -> Option<Outcome> {
        Some(Outcome::Ok(Value::Nothing))
    }

    #[test]
    fn a_window_has_too_few_answers() {
        let until = Time(10_000_000);
        let mut judge = Objective::availability(0.75, Micros::from_secs(1), Time(1_000_000), until);
        assert_eq!(run(&mut judge, 0, 500, 10, None), None, "before the first window");
        for (number, outcome) in
            [(1, ok()), (2, ok()), (3, Some(Outcome::Failed("the value is another"))), (4, None)]
        {
            assert_eq!(run(&mut judge, number, 1_100, 10, outcome), None);
        }
        assert_eq!(judge.pass(Time(2_000_000), || true), None, "three of four are enough");
        assert!(judge.concerned());
        assert_eq!(run(&mut judge, 5, 2_100, 10, None), None);
        assert_eq!(run(&mut judge, 6, 2_100, 10, ok()), None);
        let evidence = run(&mut judge, 7, 3_000, 10, ok()).expect("the window is over");
        assert_eq!(evidence.events, [EventId(10), EventId(11)]);
        assert_eq!(
            evidence.text,
            "Of the 2 operations that ended between 2.000 s and 3.000 s, 1 was not answered: 50 % were, and 75 % were \
             promised."
        );
    }

    #[test]
    fn what_is_slow_refused_or_unanswered_is_not_in_time() {
        let goal = (0.9, Micros::from_millis(100));
        let mut judge = Objective::latency(goal, Micros::from_secs(1), Time::ZERO, Time(1_000_000));
        for number in 0..10 {
            assert_eq!(run(&mut judge, number, 10, if number < 2 { 100 } else { 99 }, ok()), None);
        }
        assert_eq!(run(&mut judge, 10, 10, 50, Some(Outcome::Failed("too few replicas are in reach"))), None);
        assert_eq!(run(&mut judge, 11, 20, 500, None), None, "it was late long before it was given up");
        let evidence = judge.pass(Time(1_000_000), || true).expect("four of twelve");
        assert_eq!(
            evidence.text,
            "Of the 12 operations that ended between 0.000 s and 1.000 s or had waited for 100 ms by then, 4 were not \
             answered in less than 100 ms (1 of them refused): 66.66 % were, and 90 % were promised."
        );
        assert!(evidence.events.contains(&EventId(22)), "{evidence:?}");
    }

    #[test]
    fn what_is_never_answered_is_late_when_it_is_late() {
        let goal = (0.9, Micros::from_millis(100));
        let mut judge = Objective::latency(goal, Micros::from_secs(1), Time::ZERO, Time(5_000_000));
        judge.invoked(0, &call(), Time(1_500_000), EventId(0));
        assert_eq!(judge.pass(Time(1_900_000), || true), None);
        let evidence = judge.pass(Time(2_000_000), || true).expect("it waits, and the window is over");
        assert_eq!(evidence.events, [EventId(0)]);
        assert!(judge.concerned());
    }

    #[test]
    fn what_hangs_at_the_end_is_not_available() {
        let until = Time(5_000_000);
        let mut judge = Objective::availability(0.9, Micros::from_secs(1), Time::ZERO, until);
        assert_eq!(run(&mut judge, 0, 100, 900, ok()), None);
        judge.invoked(1, &call(), Time(2_000_000), EventId(2));
        judge.invoked(2, &call(), Time(4_900_000), EventId(4));
        assert_eq!(judge.pass(Time(4_900_000), || true), None);
        let evidence = judge.pass(until, || true).expect("one waits since 2 s");
        assert_eq!(evidence.events, [EventId(2)], "the other may be answered yet");
    }

    #[test]
    fn what_ends_behind_the_last_window_is_not_judged() {
        let mut judge = Objective::availability(1.0, Micros::from_secs(1), Time::ZERO, Time(1_500_000));
        assert_eq!(run(&mut judge, 0, 100, 10, ok()), None);
        assert_eq!(run(&mut judge, 1, 1_100, 10, None), None);
        assert_eq!(judge.pass(Time(9_000_000), || true), None);
    }

    fn recovery() -> Objective {
        let goal = Goal { within: Micros::from_secs(2), share: 0.9 };
        let mut judge = Objective::recovery(goal, Micros::from_secs(1), Time(9_000_000));
        assert!(!judge.concerned(), "there was no fault");
        judge.disturbed(Time(1_000_000));
        judge.disturbed(Time(3_000_000));
        judge
    }

    #[test]
    fn one_answer_is_no_recovery() {
        let mut judge = recovery();
        assert_eq!(run(&mut judge, 0, 3_500, 100, ok()), None, "before the window");
        for number in 1..=20 {
            let outcome = if number == 7 { ok() } else { None };
            assert_eq!(run(&mut judge, number, 5_000 + 40 * u64::from(number), 10, outcome), None);
        }
        assert_eq!(judge.due(), Due::Open);
        assert_eq!(judge.pass(Time(6_040_000), || false), None, "something is still wrong");
        let evidence = judge.pass(Time(6_040_000), || true).expect("the window is over");
        assert_eq!(
            evidence.text,
            "The last fault was at 3.000 s, and 2 s were promised until all is well. Of the 20 operations that were \
             asked for between 5.040 s and 6.040 s, 1 got an answer: 5 %, and 90 % were promised."
        );
        assert_eq!(evidence.events[..2], [EventId(2), EventId(3)]);
    }

    #[test]
    fn nine_of_ten_answers_are_a_recovery() {
        let mut judge = recovery();
        for number in 0..10 {
            assert_eq!(
                run(
                    &mut judge,
                    number,
                    5_000 + 90 * u64::from(number),
                    50,
                    if number == 3 { None } else { ok() }
                ),
                None
            );
        }
        assert_eq!(judge.pass(Time(5_990_000), || true), None);
        assert_eq!(judge.due(), Due::Open);
        assert_eq!(judge.pass(Time(6_000_000), || true), None);
        assert_eq!(judge.due(), Due::Done);
        assert!(judge.concerned());
        assert_eq!(run(&mut judge, 10, 7_000, 10, None), None);
        assert_eq!(judge.pass(Time::NEVER, || true), None);
    }

    #[test]
    fn a_window_in_which_little_is_asked_for_is_longer() {
        let mut judge = recovery();
        assert_eq!(run(&mut judge, 0, 5_000, 10, None), None);
        assert_eq!(judge.pass(Time(6_500_000), || true), None, "one loss is no breach");
        for number in 1..10 {
            assert_eq!(run(&mut judge, number, 6_500 + 10 * u64::from(number), 5, ok()), None);
        }
        assert_eq!(judge.pass(Time(6_700_000), || true), None);
        assert_eq!(judge.due(), Due::Done);
    }

    #[test]
    fn what_waits_for_ever_is_no_recovery() {
        let mut judge = recovery();
        judge.invoked(0, &call(), Time(3_500_000), EventId(0));
        assert_eq!(judge.pass(Time(8_000_000), || true), None);
        let evidence = judge.pass(Time::NEVER, || true).expect("nothing was ever answered");
        assert!(evidence.text.contains("1 operation asked for since then still waits"), "{evidence:?}");
    }
}
