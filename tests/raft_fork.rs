//! A clone of the cluster is a keyframe: going on from one, anywhere, is never having forked.

use faultline::protocol::Protocol;
use faultline::protocol::raft::Raft;
use faultline::scenario::{Deed, Plan};
use faultline::sim::{Cluster, Dice, EventId, Nature, Newcomer, NodeId, Setting, Step, Trace};
use faultline::workload::{Answer, Crowd};

use crate::storm::{HEALED, figure_8, forgetful, skewed, storm};

/// A cluster and its clients under the acts of a plan: no judges, no stage, no keyframes but those of this test.
#[derive(Clone)]
struct Weathered {
    cluster: Cluster<Raft>,
    crowd: Crowd,
    acted: usize,
    trace: Trace,
}

impl Weathered {
    fn new(plan: &Plan) -> Weathered {
        let nodes = plan.machines.len() as u16;
        let nature = Nature {
            seed: plan.seed,
            clients: plan.clients.len() as u16,
            network: plan.network,
            machines: plan.machines.clone(),
            limits: plan.limits,
        };
        let newcomers = (0..nodes).zip(&plan.disks).map(|(id, disk)| Newcomer {
            node: Raft::new(NodeId(id), nodes, &plan.knobs),
            disk: Raft::disk(disk).expect("a disk"),
        });
        let mut trace = Trace::new();
        let mut cluster = Cluster::new(nature, newcomers.collect(), &mut trace);
        let crowd = Crowd::new(&plan.clients, plan.seed, &mut cluster);
        Weathered { cluster, crowd, acted: 0, trace }
    }

    /// The next thing happens: what is due, or else an act. False when nothing does before everything is healed.
    fn step(&mut self, plan: &Plan) -> bool {
        let due = self.cluster.world().next_at();
        if let Some(act) = plan.acts.get(self.acted)
            && due.is_none_or(|due| due > act.at)
        {
            self.acted += 1;
            self.cluster.world_mut().pass_to(act.at);
            if let Some(Deed::Fault(fault)) = &act.deed {
                self.cluster.apply(fault, EventId::NONE, &mut self.trace);
            }
            return true;
        }
        if due.is_none_or(|due| due > HEALED) {
            return false;
        }
        match self.cluster.step(&mut self.trace) {
            Some(Step::Answer { client, from, op, outcome, token, event }) => {
                let answer = Answer { client, from, op, outcome, token, event };
                self.crowd.answer(answer, &mut self.cluster, &mut self.trace);
            }
            Some(Step::Call { tag }) => self.crowd.wake(tag, &mut self.cluster, &mut self.trace),
            Some(_) => {}
            None => return false,
        }
        true
    }

    fn finish(mut self, plan: &Plan) -> Weathered {
        while self.step(plan) {}
        self
    }
}

/// The same past to the letter, and the same servers with the same disks.
fn assert_same(one: &Weathered, other: &Weathered, what: &str) {
    assert_eq!(one.cluster.world().fingerprint(), other.cluster.world().fingerprint(), "{what}");
    assert!(one.trace.events == other.trace.events, "{what}: other events");
    assert!(one.trace.notes == other.trace.notes, "{what}: other notes");
    assert!(one.trace.ops == other.trace.ops, "{what}: other operations");
    for (a, b) in one.cluster.seats().iter().zip(other.cluster.seats()) {
        assert_eq!(a.disk.records(), b.disk.records(), "{what}");
        assert_eq!(format!("{:?}", a.node), format!("{:?}", b.node), "{what}");
    }
}

fn forks_are_never_seen(seed: u64, plan: &Plan) {
    let straight = Weathered::new(plan).finish(plan);
    let events = straight.trace.events.len() as u64;
    assert!(events > 500, "seed {seed}: only {events} events to fork at");
    let mut dice = Dice::named(seed, "forks", 0);
    let mut forks: Vec<u64> = (0..6).map(|_| dice.below(events)).collect();
    forks.sort_unstable();
    let mut run = Weathered::new(plan);
    for fork in forks {
        while u64::from(run.cluster.world().events()) < fork && run.step(plan) {}
        // The clone goes to the end before the run goes on: nothing of its future may reach back.
        assert_same(&run.clone().finish(plan), &straight, &format!("seed {seed}, forked at event {fork}"));
    }
    assert_same(&run.finish(plan), &straight, &format!("seed {seed}, after its forks"));
}

#[test]
fn going_on_from_a_clone_is_never_having_forked() {
    let lease = [("read", Setting::Choice("lease".to_owned()))];
    for seed in 0..300 {
        forks_are_never_seen(seed, &storm(seed, &[]));
        forks_are_never_seen(seed, &figure_8(seed, &[]));
        forks_are_never_seen(seed, &forgetful(seed, &[]));
        forks_are_never_seen(seed, &skewed(seed, &lease));
    }
}

#[test]
fn a_clone_runs_into_its_own_past_without_a_difference() {
    for seed in 0..100 {
        let plan = storm(seed, &[]);
        let straight = Weathered::new(&plan).finish(&plan);
        // With the whole trace at hand: debug builds hold every event that happens again against it.
        let mut again = Weathered { trace: straight.trace.clone(), ..Weathered::new(&plan) };
        while again.step(&plan) {}
        assert_same(&again, &straight, &format!("seed {seed}"));
    }
}
