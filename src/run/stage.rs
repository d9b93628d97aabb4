//! One run on its way: a cluster, its clients, its judges, and the acts still to come. A clone is a keyframe.

use std::rc::Rc;

use crate::check::clients::Heard;
use crate::check::{Due, Evidence, Mode, Property, Verdict, View, Violation};
use crate::protocol::Protocol;
use crate::scenario::{Act, Deed, Plan};
use crate::sim::{
    Cluster, EventId, Fault, Fingerprint, NOWHERE, Nature, Newcomer, NodeId, Step, Time, Trace, What,
};
use crate::workload::{Answer, Crowd, Happening};

use super::caption::{Prompter, Said};
use super::judging::Promise;

/// A judge, and what it says so far.
#[derive(Clone)]
pub struct Judge<P: Protocol> {
    pub property: Promise<P>,
    pub verdict: Verdict,
    /// A promise of safety: once it holds, it holds until it breaks. Looked at after every event.
    safety: bool,
}

/// Everything that moves in a run, and nothing of its past.
#[derive(Clone)]
pub struct Stage<P: Protocol> {
    cluster: Cluster<P>,
    crowd: Crowd,
    judges: Vec<Judge<P>>,
    prompter: Prompter,
    plan: Rc<Plan>,
    /// How many acts of the list have been carried out, and how many there are.
    acted: usize,
    acts: usize,
    concluded: bool,
}

impl<P: Protocol> Judge<P> {
    fn new(property: Promise<P>) -> Judge<P> {
        let safety = property.claim().mode != Mode::Eventually;
        Judge { property, verdict: Verdict::Pending, safety }
    }
}

impl<P: Protocol> Stage<P> {
    /// Everything in its place at time zero. The plan was checked; a disk that the protocol cannot read is empty.
    pub fn new(plan: Rc<Plan>, trace: &mut Trace) -> Stage<P> {
        let nodes = plan.machines.len() as u16;
        let nature = Nature {
            seed: plan.seed,
            // One place more than clients: for operations by hand.
            clients: plan.clients.len() as u16 + 1,
            network: plan.network,
            machines: plan.machines.clone(),
            limits: plan.limits,
        };
        let newcomers = (0..nodes).map(|id| Newcomer {
            node: P::new(NodeId(id), nodes, &plan.knobs),
            disk: P::disk(plan.disks.get(id as usize).map_or("", String::as_str)).unwrap_or_default(),
        });
        let mut cluster = Cluster::new(nature, newcomers.collect(), trace);
        let crowd = Crowd::new(&plan.clients, plan.seed, &mut cluster);
        let judges = Promise::all(&plan).into_iter();
        let judges = judges.map(Judge::new).collect();
        let mut stage = Stage {
            cluster,
            crowd,
            judges,
            prompter: Prompter::new(&plan.captions),
            acts: plan.acts.len(),
            plan,
            acted: 0,
            concluded: false,
        };
        for node in 0..nodes {
            let latest = EventId(stage.events().saturating_sub(1));
            stage.watch(latest, Some(NodeId(node)), trace);
        }
        stage
    }

    pub fn cluster(&self) -> &Cluster<P> {
        &self.cluster
    }

    pub fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    pub fn judges(&self) -> &[Judge<P>] {
        &self.judges
    }

    pub fn said(&self) -> &[Said] {
        self.prompter.said()
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> u16 {
        self.plan.machines.len() as u16
    }

    pub fn acted(&self) -> usize {
        self.acted
    }

    pub fn now(&self) -> Time {
        self.cluster.world().now()
    }

    pub fn events(&self) -> u32 {
        self.cluster.world().events()
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.cluster.world().fingerprint()
    }

    /// When the next thing happens, acts included; `None` when the run is over.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn next_at(&self, acts: &[Act]) -> Option<Time> {
        let world = self.cluster.world();
        let act = acts.get(self.acted).map_or(Time::NEVER, |act| act.at);
        let next = world.next_at().unwrap_or(Time::NEVER).min(act);
        (next <= self.plan.until && world.halted().is_none()).then_some(next)
    }

    /// Lets the next thing happen: an act comes after everything else of its microsecond. False when the run is over.
    pub fn step(&mut self, acts: &[Act], trace: &mut Trace) -> bool {
        self.acts = acts.len();
        let Some(next) = self.next_at(acts) else { return self.conclude(trace) };
        if let Some(act) = acts.get(self.acted)
            && self.cluster.world().next_at().is_none_or(|due| due > act.at)
        {
            debug_assert!(act.at == next);
            self.perform(act, trace);
            return true;
        }
        let Some(step) = self.cluster.step(trace) else { return false };
        self.deal();
        match step {
            Step::Node { node, event } => self.watch(event, Some(node), trace),
            Step::Answer { client, from, op, outcome, token, event } => {
                let answer = Answer { client, from, op, outcome, token, event };
                self.crowd.answer(answer, &mut self.cluster, trace);
                self.listen();
                self.watch(event, None, trace);
            }
            Step::Call { tag } => {
                self.crowd.wake(tag, &mut self.cluster, trace);
                self.listen();
            }
            Step::Left { node, since } => {
                // What leaves may be nothing that is an event, such as an alarm.
                let latest = EventId(self.events().saturating_sub(1));
                self.left(since.min(latest), node, trace);
                if !trace.is_off() {
                    let view = View { cluster: &self.cluster, trace, event: since, changed: Some(node) };
                    self.prompter.watch(&view, &self.judges);
                }
            }
            Step::Quiet => self.prompter.lost(&self.cluster, trace),
        }
        true
    }

    fn perform(&mut self, act: &Act, trace: &mut Trace) {
        let number = self.acted as u32;
        self.acted += 1;
        let world = self.cluster.world_mut();
        world.pass_to(act.at);
        let event = world.record(trace, NOWHERE, EventId::NONE, What::Acted { act: number });
        match &act.deed {
            Some(Deed::Fault(fault)) => {
                let futile = self.cluster.world().futile(fault);
                self.cluster.apply(fault, event, trace);
                match futile {
                    Some(why) => trace.mark_futile(event, why),
                    None => self.judges.iter_mut().for_each(|judge| judge.property.disturbed(act.at)),
                }
                if let Fault::Restart(node) = fault {
                    self.judges.iter_mut().for_each(|judge| judge.property.started(*node));
                }
            }
            Some(Deed::Ask { node, ask }) => {
                self.crowd.ask_by_hand(*node, ask, event, &mut self.cluster, trace)
            }
            None => {}
        }
        self.listen();
        self.watch(event, changed_by(act), trace);
    }

    /// Tells the judges what nodes had to do with clients in this step.
    fn deal(&mut self) {
        for dealing in self.cluster.dealings() {
            self.judges.iter_mut().for_each(|judge| judge.property.dealt(*dealing));
        }
    }

    /// Tells the judges of clients what these did and heard.
    fn listen(&mut self) {
        let (at, hand) = (self.now(), self.crowd.hand());
        for news in self.crowd.news() {
            let (Happening::Invoked { event, .. } | Happening::Ended { event, .. }) = news;
            for judge in &mut self.judges {
                match judge.verdict {
                    Verdict::Broken(_) | Verdict::Unknown(_) => continue,
                    Verdict::Pending | Verdict::Open | Verdict::Holds => {}
                }
                match judge.property.hear(&news, at, hand.0) {
                    Heard::Fine => {}
                    Heard::Broken(evidence) => {
                        judge.verdict = Verdict::Broken(Violation { at, event, evidence });
                    }
                    Heard::Unknown(why) => judge.verdict = Verdict::Unknown(why),
                }
            }
        }
    }

    /// Lets every judge look, and the prompter after them.
    fn watch(&mut self, event: EventId, changed: Option<NodeId>, trace: &mut Trace) {
        let view = View { cluster: &self.cluster, trace, event, changed };
        let quiet = || self.acted >= self.acts && self.crowd.is_done(view.now());
        for judge in &mut self.judges {
            if matches!(judge.verdict, Verdict::Broken(_)) {
                continue;
            }
            match judge.property.watch(&view) {
                Some(evidence) => judge.verdict = broken(&view, evidence),
                // Nothing can come of asking further.
                None if judge.safety && matches!(judge.verdict, Verdict::Holds) => {}
                None if matches!(judge.verdict, Verdict::Open) && !quiet() => {}
                None if !judge.property.concerned() => {}
                None if judge.safety => judge.verdict = Verdict::Holds,
                None => {
                    let done = quiet() && judge.property.due(&view) == Due::Done;
                    judge.verdict = if done { Verdict::Holds } else { Verdict::Open };
                }
            }
        }
        if let Some(node) = changed
            && !self.cluster.world().processor(node).is_leaving()
        {
            self.left(event, node, trace);
        }
        let view = View { cluster: &self.cluster, trace, event, changed };
        self.prompter.watch(&view, &self.judges);
    }

    /// What a step of a node wanted done has left it.
    #[inline]
    fn left(&mut self, event: EventId, node: NodeId, trace: &Trace) {
        let view = View { cluster: &self.cluster, trace, event, changed: Some(node) };
        for judge in &mut self.judges {
            if let Some(evidence) = judge.property.left(&view)
                && !matches!(judge.verdict, Verdict::Broken(_))
            {
                judge.verdict = broken(&view, evidence);
            }
        }
    }

    /// The run is over: the last word of promises that something would happen. Always false.
    fn conclude(&mut self, trace: &mut Trace) -> bool {
        if std::mem::replace(&mut self.concluded, true) {
            return false;
        }
        let event = EventId(self.events().saturating_sub(1));
        let view = View { cluster: &self.cluster, trace, event, changed: None };
        // A run that a limit ended never came to what was to come.
        let whole = self.cluster.world().halted().is_none();
        for judge in &mut self.judges {
            if matches!(judge.verdict, Verdict::Broken(_)) {
                continue;
            }
            if let Some(evidence) = judge.property.conclude(&view) {
                judge.verdict = broken(&view, evidence);
            } else if let Some(why) = judge.property.unsure() {
                judge.verdict = Verdict::Unknown(why);
            } else if judge.property.concerned() {
                let holds = judge.safety || whole && judge.property.due(&view) != Due::Open;
                judge.verdict = if holds { Verdict::Holds } else { Verdict::Open };
            }
        }
        false
    }

    /// Is the run over, and has everything been said?
    pub fn is_over(&self) -> bool {
        self.concluded
    }

    /// Lets time pass to `at` with nothing happening in between.
    pub fn pass_to(&mut self, at: Time) {
        self.cluster.world_mut().pass_to(at);
    }
}

/// The node that an act itself changes: its process dies, or begins with the first step.
fn changed_by(act: &Act) -> Option<NodeId> {
    match act.deed {
        Some(Deed::Fault(Fault::Crash(node) | Fault::Restart(node))) => Some(node),
        _ => None,
    }
}

fn broken<P: Protocol>(view: &View<'_, P>, evidence: Evidence) -> Verdict {
    Verdict::Broken(Violation { at: view.now(), event: view.event, evidence })
}
