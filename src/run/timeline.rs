//! A run that can be looked at anywhere and changed anywhere: keyframes, seek, fork.

use std::rc::Rc;

use crate::protocol::Protocol;
use crate::scenario::{Act, Plan};
use crate::sim::{EventId, Time, Trace};

use super::stage::Stage;
use super::turns::{Pair, Spell, Turn, Turns};

/// A run, and a place in it. Whoever goes back and on again sees the same; whoever changes an act sees what
/// follows from it, and the trace from there on is written anew.
pub struct Timeline<P: Protocol> {
    plan: Rc<Plan>,
    acts: Vec<Act>,
    here: Stage<P>,
    trace: Trace,
    turns: Turns,
    /// In order of time; the first is the beginning.
    keyframes: Vec<Stage<P>>,
    /// Events from one keyframe to the next.
    spacing: u32,
}

/// More keyframes than this are thinned out, and come half as often from then on.
const MOST_KEYFRAMES: usize = 64;
const FIRST_SPACING: u32 = 512;

/// What one call may do before it returns to let the page breathe, in entries of the queue.
pub const BUDGET: u32 = 200_000;

impl<P: Protocol> Timeline<P> {
    pub fn new(plan: Plan) -> Timeline<P> {
        Timeline::with_trace(plan, Trace::new())
    }

    /// A run that keeps no trace: for searching many, not for looking at one.
    pub fn blind(plan: Plan) -> Timeline<P> {
        Timeline::with_trace(plan, Trace::off())
    }

    fn with_trace(plan: Plan, mut trace: Trace) -> Timeline<P> {
        let acts = plan.acts.clone();
        let plan = Rc::new(plan);
        let here = Stage::new(plan.clone(), &mut trace);
        let keyframes = if trace.is_off() { Vec::new() } else { vec![here.clone()] };
        let mut turns = Turns::default();
        if !trace.is_off() {
            turns.watch(&here, &trace);
        }
        Timeline { plan, acts, here, trace, turns, keyframes, spacing: FIRST_SPACING }
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn here(&self) -> &Stage<P> {
        &self.here
    }

    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Every change of a role or an epoch that ever happened in this run, also after the present moment.
    pub fn turns(&self) -> &[Turn] {
        self.turns.list()
    }

    /// Every time that a process began, ended, stood still or went on, also after the present moment.
    pub fn spells(&self) -> &[Spell] {
        self.turns.spells()
    }

    /// Every time that a node began to lead while another still led, also after the present moment.
    pub fn pairs(&self) -> &[Pair] {
        self.turns.pairs()
    }

    /// The script's acts and those by hand, in order of time.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// How far the run has ever been run since it was last changed.
    pub fn end(&self) -> Time {
        self.trace.events.last().map_or(Time::ZERO, |event| event.at).max(self.here.now())
    }

    /// Goes to `at`: everything due until then has happened. Returns the moment reached, which is earlier when the
    /// budget of one call is spent or a limit ended the run.
    pub fn seek(&mut self, at: Time, budget: u32) -> Time {
        let at = at.min(self.plan.until);
        if at < self.here.now() || self.has_keyframe_ahead(|stage| stage.now() <= at) {
            self.rewind(|stage| stage.now() <= at);
        }
        let mut left = budget;
        while self.here.next_at(&self.acts).is_some_and(|next| next <= at) {
            if left == 0 {
                return self.here.now();
            }
            left -= 1;
            self.advance();
        }
        if at == self.plan.until && self.here.next_at(&self.acts).is_none() {
            self.advance();
        }
        if self.here.cluster().world().halted().is_none() {
            self.here.pass_to(at);
        }
        self.here.now()
    }

    /// Goes event by event, on or back. Returns the moment reached.
    pub fn step(&mut self, events: i32) -> Time {
        for _ in 0..events {
            let before = self.here.events();
            while self.here.events() == before && self.advance() {}
        }
        for _ in events..0 {
            self.step_back();
        }
        self.here.now()
    }

    /// Goes to where `event` is the last that has happened, or as near as a whole step allows: what follows from it
    /// without time passing belongs to it. Returns the moment reached.
    pub fn go_to(&mut self, event: EventId) -> Time {
        if event.0 < self.here.events() || self.has_keyframe_ahead(|stage| stage.events() <= event.0) {
            self.rewind(|stage| stage.events() <= event.0);
        }
        while self.here.events() <= event.0 && self.advance() {}
        self.here.now()
    }

    /// Looks at the run at another moment without going there: what `see` makes of it. Nothing that was run is lost.
    pub fn glimpse<T>(&mut self, at: Time, see: impl FnOnce(&Stage<P>, &Trace) -> T) -> T {
        let here = self.here.clone();
        self.seek(at, BUDGET);
        let seen = see(&self.here, &self.trace);
        self.here = here;
        seen
    }

    /// Looks at the run right after an event, without going there.
    pub fn glimpse_event<T>(&mut self, event: EventId, see: impl FnOnce(&Stage<P>, &Trace) -> T) -> T {
        let here = self.here.clone();
        self.go_to(event);
        let seen = see(&self.here, &self.trace);
        self.here = here;
        seen
    }

    /// Looks at the run before its last step, without going there.
    pub fn before<T>(&mut self, see: impl FnOnce(&Stage<P>, &Trace) -> T) -> T {
        let here = self.here.clone();
        self.step_back();
        let seen = see(&self.here, &self.trace);
        self.here = here;
        seen
    }

    /// To the state before the last thing that left a mark in the trace.
    fn step_back(&mut self) {
        let now = self.here.events();
        self.rewind(|stage| stage.events() < now);
        let mut marks = 0;
        let from = self.here.clone();
        let mut last = self.here.events();
        while last < now {
            if !self.advance() {
                break;
            }
            if self.here.events() != last {
                last = self.here.events();
                marks += 1;
            }
        }
        self.here = from;
        for _ in 1..marks {
            let before = self.here.events();
            while self.here.events() == before && self.advance() {}
        }
    }

    /// Is there a keyframe that satisfies `fits` beyond the present? From there the way is shorter.
    fn has_keyframe_ahead(&self, fits: impl Fn(&Stage<P>) -> bool) -> bool {
        let ahead = self.keyframes.iter().rev().find(|stage| fits(stage));
        ahead.is_some_and(|stage| stage.events() > self.here.events())
    }

    /// To the latest keyframe that satisfies `fits` (the beginning always does).
    fn rewind(&mut self, fits: impl Fn(&Stage<P>) -> bool) {
        let keyframe = self.keyframes.iter().rev().find(|stage| fits(stage)).or(self.keyframes.first());
        if let Some(keyframe) = keyframe {
            self.here = keyframe.clone();
        }
    }

    /// The next thing happens. False when the run is over.
    fn advance(&mut self) -> bool {
        let goes_on = self.here.step(&self.acts, &mut self.trace);
        if !self.trace.is_off() {
            self.turns.watch(&self.here, &self.trace);
        }
        if let Some(last) = self.keyframes.last()
            && self.here.events() >= last.events() + self.spacing
        {
            self.keyframes.push(self.here.clone());
            if self.keyframes.len() > MOST_KEYFRAMES {
                let mut keep = false;
                self.keyframes.retain(|_| {
                    keep = !keep;
                    keep
                });
                self.spacing *= 2;
            }
        }
        goes_on
    }

    /// Puts an act at the present moment, after everything else that happens at it, and carries it out.
    /// Returns its place in the list.
    pub fn act_now(&mut self, mut act: Act) -> usize {
        let now = self.here.now();
        self.seek(now, BUDGET);
        act.at = now;
        let place = self.acts.partition_point(|other| other.at <= now);
        let mut acts = self.acts.clone();
        acts.insert(place, act);
        self.set_acts(acts);
        place
    }

    /// Replaces the list of acts (in order of time) and stays at the moment: what follows from the first difference
    /// on is run anew.
    pub fn set_acts(&mut self, acts: Vec<Act>) {
        let now = self.here.now();
        let same = self.acts.iter().zip(&acts).take_while(|(old, new)| old == new).count();
        if same == self.acts.len() && same == acts.len() {
            return;
        }
        let changed = [&self.acts, &acts].iter().filter_map(|list| list.get(same)).map(|act| act.at).min();
        let changed = changed.unwrap_or(Time::NEVER);
        let untouched =
            |stage: &Stage<P>| stage.acted() <= same && stage.now() <= changed && !stage.is_over();
        self.keyframes.retain(untouched);
        if !untouched(&self.here) {
            self.rewind(|_| true);
        }
        let world = self.here.cluster().world();
        self.trace.truncate(world.events(), world.notes(), world.ops());
        self.turns.truncate(world.events());
        self.keyframes.retain(|stage| stage.events() <= world.events());
        self.acts = acts;
        self.seek(now, u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::echo::Echo;
    use crate::scenario::Deed;
    use crate::sim::{Dice, Fault, Knobs, Links, NodeId};

    fn timeline() -> Timeline<Echo> {
        let mut plan = Plan::calm("echo", 4, Knobs::defaults(Echo::KNOBS));
        plan.network.loss = 0.05;
        plan.network.duplicate = 0.05;
        plan.acts = vec![act(2_000_000, Fault::Crash(NodeId(1))), act(4_000_000, Fault::Restart(NodeId(1)))];
        Timeline::new(plan)
    }

    fn act(at: u64, fault: Fault) -> Act {
        Act { at: Time(at), deed: Some(Deed::Fault(fault)), say: None }
    }

    fn at(timeline: &mut Timeline<Echo>, at: u64) -> String {
        timeline.seek(Time(at), u32::MAX);
        timeline.here().fingerprint().hex()
    }

    #[test]
    fn looking_back_and_on_again_changes_nothing() {
        let mut straight = timeline();
        let end = at(&mut straight, 10_000_000);
        let mut dice = Dice::named(3, "test", 0);
        for _ in 0..50 {
            let moment = dice.below(10_000_001);
            assert_eq!(at(&mut straight, moment), at(&mut timeline(), moment), "at {moment}");
        }
        assert_eq!(at(&mut straight, 10_000_000), end);
    }

    #[test]
    fn an_act_by_hand_is_the_same_as_one_in_the_script() {
        let cut = Fault::Cut(Links::Between(vec![vec![NodeId(0)], vec![NodeId(2), NodeId(3)]]));
        let mut by_hand = timeline();
        at(&mut by_hand, 7_000_000);
        at(&mut by_hand, 3_000_000);
        by_hand.act_now(act(0, cut.clone()));
        let mut plan = timeline().plan().clone();
        plan.acts.insert(1, act(3_000_000, cut));
        let mut scripted = Timeline::<Echo>::new(plan);
        assert_eq!(at(&mut by_hand, 10_000_000), at(&mut scripted, 10_000_000));
        assert_ne!(at(&mut by_hand, 10_000_000), at(&mut timeline(), 10_000_000));
        by_hand.set_acts(timeline().acts().to_vec());
        assert_eq!(at(&mut by_hand, 10_000_000), at(&mut timeline(), 10_000_000));
    }

    #[test]
    fn a_step_back_undoes_a_step() {
        let mut timeline = timeline();
        at(&mut timeline, 2_500_000);
        let mut marks = Vec::new();
        for _ in 0..40 {
            marks.push((timeline.here().now(), timeline.here().fingerprint()));
            timeline.step(1);
        }
        for mark in marks.into_iter().skip(1).rev() {
            timeline.step(-1);
            assert_eq!((timeline.here().now(), timeline.here().fingerprint()), mark);
        }
    }
}
