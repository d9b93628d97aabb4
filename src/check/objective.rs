//! What a service promises in numbers: how many operations are answered, how fast, and how soon after trouble (Beyer et
//! al., "Site Reliability Engineering", 2016, chapter 4).

use litemap::LiteMap;

use super::property::{Claim, Evidence, Mode};
use super::recovery::Recovery;
use super::share::Share;
use crate::sim::{Call, EventId, Micros, Outcome, Time};

/// Every promise of this kind, with the key by which a script sets the number.
pub const CLAIMS: &[Claim] = &[
    Claim {
        name: "availability objective",
        sentence: "In every window the promised part of the operations is answered.",
        source: "Site Reliability Engineering, chapter 4",
        mode: Mode::Always,
    },
    Claim {
        name: "latency objective",
        sentence: "In every window the promised part of the answers comes in time.",
        source: "Site Reliability Engineering, chapter 4",
        mode: Mode::Always,
    },
    Claim {
        name: "recovers in time",
        sentence: "After the last fault operations are answered again within the promised time.",
        source: "liveness, once everything is healed",
        mode: Mode::Eventually,
    },
];

/// The key of the objective by which each of [`CLAIMS`] is judged.
pub const KEYS: &[(&str, &str)] = &[
    ("availability objective", "availability"),
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
}

/// An operation that ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub(super) begun: Time,
    pub(super) at: Time,
    pub(super) answered: bool,
    /// Its beginning and its end.
    pub(super) events: [EventId; 2],
}

impl Objective {
    /// In each window that lies between `from` and `until`, this part of all operations is answered.
    pub fn availability(least: f64, window: Micros, from: Time, until: Time) -> Objective {
        Objective::new(&CLAIMS[0], Judge::Share(Share::new(least, None, window, from, until)))
    }

    /// In each window that lies between `from` and `until`, this part of all answers took less than `below`.
    pub fn latency((least, below): (f64, Micros), window: Micros, from: Time, until: Time) -> Objective {
        Objective::new(&CLAIMS[1], Judge::Share(Share::new(least, Some(below), window, from, until)))
    }

    /// Operations are answered again within so much after the last fault, in a run that ends at `end`.
    pub fn recovery(within: Micros, end: Time) -> Objective {
        Objective::new(&CLAIMS[2], Judge::Recovery(Recovery::new(within, end)))
    }

    fn new(claim: &'static Claim, judge: Judge) -> Objective {
        Objective { claim, judge, open: LiteMap::new() }
    }

    pub fn claim(&self) -> &'static Claim {
        self.claim
    }

    /// A client begins operation number `number`.
    pub fn invoked(&mut self, number: u32, call: &Call, at: Time, event: EventId) {
        self.open.insert(number, Begun { at, event, call: call.clone() });
        if let Judge::Recovery(recovery) = &mut self.judge {
            recovery.asked(at, event);
        }
    }

    /// Operation number `number` ended; `None` if nobody answered. A second end tells nothing.
    pub fn ended(
        &mut self,
        number: u32,
        outcome: Option<&Outcome>,
        at: Time,
        event: EventId,
    ) -> Option<Evidence> {
        let Begun { at: begun, event: beginning, call } = self.open.remove(&number)?;
        let answered = outcome.is_some_and(|outcome| call.is_answered_by(outcome));
        let ended = Ended { begun, at, answered, events: [beginning, event] };
        match &mut self.judge {
            Judge::Share(share) => share.ended(&ended),
            Judge::Recovery(recovery) => {
                recovery.ended(&ended);
                None
            }
        }
    }

    /// Something was done to the world.
    pub fn disturbed(&mut self, at: Time) {
        if let Judge::Recovery(recovery) = &mut self.judge {
            recovery.disturbed(at);
        }
    }

    /// It is so late now; `whole` tells whether anything is still wrong with the world.
    pub fn pass(&mut self, now: Time, whole: impl FnOnce() -> bool) -> Option<Evidence> {
        match &mut self.judge {
            Judge::Share(share) => share.pass(now),
            Judge::Recovery(recovery) => recovery.overdue(now, whole),
        }
    }

    /// Is there anything to judge yet?
    pub fn concerned(&self) -> bool {
        match &self.judge {
            Judge::Share(share) => share.concerned(),
            Judge::Recovery(recovery) => recovery.concerned(),
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

    /// Operation `number` begins, and ends so many ms later.
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
    fn a_window_has_too_many_slow_answers() {
        let goal = (0.9, Micros::from_millis(100));
        let mut judge = Objective::latency(goal, Micros::from_secs(1), Time::ZERO, Time(1_000_000));
        for number in 0..10 {
            assert_eq!(run(&mut judge, number, 10, if number < 2 { 100 } else { 99 }, ok()), None);
        }
        assert_eq!(run(&mut judge, 10, 10, 500, None), None, "no answer has no latency");
        let evidence = judge.pass(Time(1_000_000), || true).expect("two of ten are slow");
        assert_eq!(
            evidence.text,
            "Of the 10 answers that came between 0.000 s and 1.000 s, 2 took 100 ms or longer, the slowest 100 ms: \
             80 % were faster, and 90 % were promised."
        );
        assert_eq!(evidence.events.len(), 4);
    }

    #[test]
    fn what_ends_behind_the_last_window_is_not_judged() {
        let mut judge = Objective::availability(1.0, Micros::from_secs(1), Time::ZERO, Time(1_500_000));
        assert_eq!(run(&mut judge, 0, 100, 10, ok()), None);
        assert_eq!(run(&mut judge, 1, 1_100, 10, None), None);
        assert_eq!(judge.pass(Time(9_000_000), || true), None);
    }

    #[test]
    fn recovery_is_counted_from_the_first_question_after_the_last_fault() {
        let mut judge = Objective::recovery(Micros::from_secs(2), Time(9_000_000));
        assert_eq!(run(&mut judge, 0, 100, 10, None), None);
        judge.disturbed(Time(1_000_000));
        judge.disturbed(Time(3_000_000));
        assert!(!judge.concerned());
        assert_eq!(run(&mut judge, 1, 3_500, 1_000, None), None);
        assert_eq!(judge.pass(Time(5_400_000), || true), None);
        assert_eq!(judge.pass(Time(5_600_000), || false), None, "something is still wrong");
        let evidence = judge.pass(Time(5_600_000), || true).expect("it is time");
        assert_eq!(
            evidence.text,
            "The last fault was at 3.000 s. 1 operation was asked for since 3.500 s, and within 2 s none was answered."
        );
        assert_eq!(evidence.events, [EventId(2), EventId(3)]);
        let mut judge = Objective::recovery(Micros::from_secs(2), Time(9_000_000));
        judge.disturbed(Time(3_000_000));
        assert_eq!(run(&mut judge, 1, 3_500, 1_000, ok()), None);
        assert_eq!(judge.pass(Time(60_000_000), || true), None);
        assert!(judge.concerned());
    }
}
