//! How long a cluster is without a leader (Ongaro and Ousterhout 2014, figure 16; Ongaro's dissertation, section 9.4).

use faultline::observe::figures::Unit;
use faultline::run::{Run, sweep};
use faultline::scenario::plan::in_order;
use faultline::scenario::{Deed, Expect, Overrides, Plan};
use faultline::sim::{Dice, Fault, Micros, NodeId, Role, Time, What};
use faultline::view::chart::{Axis, Chart, Curve, Form};

use super::{Wanted, published};
use crate::terminal::{Scene, Stop};

/// "Each line represents 1000 trials …
const TRIALS: u64 = 1_000;
/// … (except for 100 trials for '150–150ms')."
const WITHOUT_CHANCE: u64 = 100;
/// The chart ends here; what took longer is only counted.
const SHOWN: f64 = 1_000.0;
const FORMS: [Form; 4] = [Form::Dots, Form::Squares, Form::Triangles, Form::Diamonds];

pub fn chart(scene: &Scene, wanted: &Wanted) -> Result<Chart, Stop> {
    let (mut curves, mut known) = (Vec::new(), Vec::new());
    for (family, variant) in wanted.variants.iter().enumerate() {
        let own = scene.plan(Some(variant), &Overrides::default())?;
        let chance = own.knobs.duration("spread") > Micros::ZERO;
        let trials = wanted.seeds.unwrap_or(TRIALS).min(if chance { u64::MAX } else { WITHOUT_CHANCE });
        let points = shares(downtimes(&own, trials)?, trials);
        let form = FORMS.get(family).copied().unwrap_or(Form::Line);
        curves.push(Curve { name: variant.clone(), form, family, points });
        known.extend(published(&scene.name, variant, family));
    }
    curves.append(&mut known);
    let across = Axis {
        name: "milliseconds from the crash until the others hear the new leader".to_owned(),
        unit: Unit::Count,
        from: 0.0,
        to: SHOWN,
    };
    let up = Axis { name: "elections that are over".to_owned(), unit: Unit::Share, from: 0.0, to: 1.0 };
    let about = "The share of elections that are over, by the time since the leader crashed, for several ranges of \
                 election timeouts: as measured, and as published.";
    Ok(Chart { title: scene.script.title.clone(), about: about.to_owned(), across, up, curves })
}

/// The share of trials that took so long at most, after each of them; those that never ended are not among them.
fn shares(mut downtimes: Vec<Micros>, trials: u64) -> Vec<(f64, f64)> {
    downtimes.sort_unstable();
    let point = |(downtime, done): (Micros, u32)| (downtime.0 as f64 / 1e3, f64::from(done) / trials as f64);
    downtimes.into_iter().zip(1..).map(point).collect()
}

/// How long each trial was without a leader, if it ever had another.
fn downtimes(own: &Plan, trials: u64) -> Result<Vec<Micros>, Stop> {
    let mut found = Vec::new();
    for n in 0..trials {
        let seed = sweep::seeded(own, n);
        let (plan, leader, crash) = trial(Plan { seed, expect: Expect::default(), ..own.clone() })?;
        let mut run = crate::terminal::play(plan)?;
        found.extend(replaced(&mut *run, leader, crash).map(|at| at - crash));
    }
    Ok(found)
}

/// "The leader was crashed uniformly randomly within its heartbeat interval": the crash of the script, later by up to
/// one interval.
fn trial(mut plan: Plan) -> Result<(Plan, NodeId, Time), Stop> {
    let later = Dice::named(plan.seed, "moment of the crash", 0)
        .between(Micros::ZERO, Micros(plan.knobs.duration("heartbeat").0 - 1));
    let crash = plan.acts.iter_mut().find_map(|act| match act.deed {
        Some(Deed::Fault(Fault::Crash(node))) => {
            act.at += later;
            Some((node, act.at))
        }
        _ => None,
    });
    let (leader, at) = crash.ok_or("the scenario crashes no node")?;
    in_order(&mut plan.acts);
    Ok((plan, leader, at))
}

/// "… until the other servers received the new leader's first heartbeat" (dissertation, section 9.4).
fn replaced(run: &mut dyn Run, leader: NodeId, crash: Time) -> Option<Time> {
    let until = run.plan().until;
    let mut at = crash;
    let (elected, since) = loop {
        at = (at + Micros::from_millis(20)).min(until);
        run.seek(at, u32::MAX);
        let new = run.turns().iter().find(|turn| turn.role == Role::Leader && turn.node != leader);
        match new {
            Some(turn) => break (turn.node, turn.event),
            None if at >= until => return None,
            None => {}
        }
    };
    run.seek(at + Micros::from_millis(20), u32::MAX);
    let trace = run.trace();
    let mut heard: Vec<NodeId> = Vec::new();
    for event in trace.events.iter().skip(since.0 as usize) {
        let What::Delivered { message } = event.what else { continue };
        let sent = &trace.events[message.0 as usize];
        let heartbeat = matches!(sent.what, What::Sent { kind: "Heartbeat" | "AppendEntries", .. });
        if sent.node == elected && heartbeat && !heard.contains(&event.node) {
            heard.push(event.node);
        }
        // All but the two leaders.
        if heard.len() + 2 == run.plan().machines.len() {
            return Some(event.at);
        }
    }
    None
}
