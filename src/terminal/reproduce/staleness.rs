//! The share of fresh reads by the age of the newest write (Bailis et al. 2012, figure 4 and section 5).

use faultline::observe::figures::Unit;
use faultline::observe::freshness::{Bin, Freshness};
use faultline::observe::quorums::fresh_share;
use faultline::run::sweep;
use faultline::scenario::{Deed, Expect, Overrides, Plan};
use faultline::sim::{Delay, Fault, Micros};
use faultline::view::chart::{Axis, Chart, Curve, Form};

use super::{Wanted, published};
use crate::terminal::{Scene, Stop};

/// Bins of 2.5 ms up to 70 ms.
const WIDTH: Micros = Micros(2_500);
const BINS: usize = 28;
const SEEDS: u64 = 960;
const FORMS: [Form; 4] = [Form::Dots, Form::Squares, Form::Triangles, Form::Diamonds];

pub fn chart(scene: &Scene, wanted: &Wanted) -> Result<Chart, Stop> {
    let (mut curves, mut known) = (Vec::new(), Vec::new());
    for (family, variant) in wanted.variants.iter().enumerate() {
        let own = scene.plan(Some(variant), &Overrides::default())?;
        curves.extend(model(&own, variant, family));
        curves.push(Curve {
            name: variant.clone(),
            form: FORMS[family % FORMS.len()],
            family,
            points: measure(scene, variant, wanted.seeds.unwrap_or(SEEDS))?,
        });
        known.extend(published(&scene.name, variant, family));
    }
    curves.append(&mut known);
    let across = Axis {
        name: "milliseconds from the acknowledgement of the newest write to the read".to_owned(),
        unit: Unit::Count,
        from: 0.0,
        to: ms(WIDTH) * BINS as f64,
    };
    let up = Axis { name: "fresh reads".to_owned(), unit: Unit::Share, from: 0.4, to: 1.0 };
    let about = "The share of reads that see the newest acknowledged write, by how long ago it was acknowledged: as \
                 measured for several quorums, as the model says, and as published.";
    Ok(Chart { title: scene.script.title.clone(), about: about.to_owned(), across, up, curves })
}

/// The share of fresh reads of each age, at the middle of its bin.
fn measure(scene: &Scene, variant: &str, seeds: u64) -> Result<Vec<(f64, f64)>, Stop> {
    let own = scene.plan(Some(variant), &Overrides::default())?;
    let mut found = Freshness::new(WIDTH, BINS);
    for n in 0..seeds {
        // Nobody asks what the promises come to.
        let plan = Plan { seed: sweep::seeded(&own, n), expect: Expect::default(), ..own.clone() };
        let until = plan.until;
        let mut run = crate::terminal::play(plan)?;
        run.seek(until, u32::MAX);
        found.count(&*run);
    }
    let point = |((from, to), bin): ((Micros, Micros), Bin)| Some(((ms(from) + ms(to)) / 2.0, bin.share()?));
    Ok(found.bins().filter_map(point).collect())
}

/// The closed form, where it is known: one replica of three is asked and one written to, and delays are exponential.
fn model(plan: &Plan, variant: &str, family: usize) -> Option<Curve> {
    let knob = |name| plan.knobs.number(name);
    if [knob("replicas"), knob("read quorum"), knob("write quorum")] != [3, 1, 1] {
        return None;
    }
    let Delay::Exponential { mean: other } = plan.network.latency else { return None };
    let write = plan.acts.iter().find_map(|act| match &act.deed {
        Some(Deed::Fault(Fault::Weather { change, .. })) => match change.latency {
            Some(Delay::Exponential { mean }) => Some(mean),
            _ => None,
        },
        _ => None,
    })?;
    let at = |step: u32| ms(WIDTH) * f64::from(step) / 4.0;
    let points = (0..=4 * BINS as u32).map(|step| (at(step), fresh_share(ms(write), ms(other), at(step))));
    Some(Curve {
        name: format!("{variant}, in closed form"),
        form: Form::Line,
        family,
        points: points.collect(),
    })
}

fn ms(length: Micros) -> f64 {
    length.0 as f64 / 1e3
}
