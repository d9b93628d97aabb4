//! The share of answered writes when each replica is up with the same chance, by itself: a binomial sum.

use faultline::observe::figures::Unit;
use faultline::observe::measure::Measured;
use faultline::observe::quorums;
use faultline::run::sweep;
use faultline::scenario::plan::Act;
use faultline::scenario::{Deed, Overrides, Plan};
use faultline::sim::{Dice, Fault, NodeId, Time};
use faultline::view::chart::{Axis, Chart, Curve, Form};

use super::{Wanted, published};
use crate::terminal::{Scene, Stop};

const SEEDS: u64 = 10_000;
/// The chance that a replica is up.
const UP: f64 = 0.9;

pub fn chart(scene: &Scene, wanted: &Wanted) -> Result<Chart, Stop> {
    let plan = scene.plan(None, &Overrides::default())?;
    let replicas = plan.knobs.number("replicas") as u32;
    let points = (1..=replicas).map(|needed| {
        Ok((f64::from(needed), answered(scene, needed, replicas, wanted.seeds.unwrap_or(SEEDS))?))
    });
    let points = points.collect::<Result<_, Stop>>()?;
    let measured = Curve { name: "measured".to_owned(), form: Form::Dots, family: 0, points };
    let said = (1..=replicas).map(|needed| (f64::from(needed), quorums::availability(replicas, needed, UP)));
    let model =
        Curve { name: "binomial sum".to_owned(), form: Form::Line, family: 0, points: said.collect() };
    let mut curves = vec![model, measured];
    for variant in &wanted.variants {
        curves.extend(published(&scene.name, variant, 0));
    }
    let across = Axis {
        name: format!("replicas of {replicas} that a write needs; each is up with the chance {UP}"),
        unit: Unit::Count,
        from: 1.0,
        to: f64::from(replicas),
    };
    let up = Axis { name: "answered writes".to_owned(), unit: Unit::Share, from: 0.5, to: 1.0 };
    let about = "The share of writes that are answered, by how many replicas they need: as measured, and as the \
                 binomial sum says.";
    Ok(Chart { title: scene.script.title.clone(), about: about.to_owned(), across, up, curves })
}

/// The share of first writes that are answered when so many replicas are needed, over seeds that decide who is down.
fn answered(scene: &Scene, needed: u32, replicas: u32, seeds: u64) -> Result<f64, Stop> {
    let knobs = vec![("write quorum".to_owned(), needed.to_string())];
    let own = scene.plan(None, &Overrides { knobs, ..Overrides::default() })?;
    let mut all = Measured::default();
    for n in 0..seeds {
        let seed = sweep::seeded(&own, n);
        let mut plan = Plan { seed, acts: failures(seed, replicas), ..own.clone() };
        // One write each: what comes after it would fare as it did.
        for client in &mut plan.clients {
            client.to = client.from;
            plan.until = client.from + client.timeout + client.timeout;
        }
        let until = plan.until;
        let mut run = crate::terminal::play(plan)?;
        run.seek(until, u32::MAX);
        all.add(&Measured::so_far(&*run));
    }
    let counts = all.counts;
    Ok(counts.answered as f64 / (counts.answered + counts.refused + counts.gave_up).max(1) as f64)
}

/// The first nodes are the replicas; each is down from the beginning, or not.
fn failures(seed: u64, replicas: u32) -> Vec<Act> {
    let mut dice = Dice::named(seed, "independent failures", 0);
    let down = (0..replicas as u16).filter(|_| dice.chance(1.0 - UP));
    let crash =
        |node| Act { at: Time(1_000), deed: Some(Deed::Fault(Fault::Crash(NodeId(node)))), say: None };
    down.map(crash).collect()
}
