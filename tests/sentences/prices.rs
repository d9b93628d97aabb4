//! What a lesson calls the price of its remedy is worse with it than without.

use std::collections::BTreeMap;

use faultline::observe::figures;
use faultline::observe::measure::Measured;

use super::{complain, ended};
use crate::common::{Scene, scenes};

/// Figures of which more is better.
const MORE_IS_BETTER: [&str; 3] = ["answered", "availability", "answers"];

pub(super) fn are_paid(scene: &Scene) {
    let Some(lesson) = &scene.script.lesson else { return };
    let Some(mended) = &lesson.mended else { return };
    if scene.variant.as_ref() != Some(mended.get()) {
        return;
    }
    let first = scenes().into_iter().find(|other| other.name == scene.name).expect("it is among them");
    assert_ne!(first.variant, scene.variant, "{}: the first variant has no remedy", scene.title());
    let (without, with) = (figures_of(&first), figures_of(scene));
    let mut unpaid = Vec::new();
    for name in &lesson.price {
        let value = |of: &BTreeMap<&str, f64>| of.get(name.as_str()).copied();
        if value(&without).or(value(&with)).is_none() {
            unpaid.push(format!("there is no figure {name:?} here"));
            continue;
        }
        let (before, after) = (value(&without).unwrap_or(0.0), value(&with).unwrap_or(0.0));
        let is_worse = if MORE_IS_BETTER.contains(&name.as_str()) { after < before } else { after > before };
        if !is_worse {
            unpaid.push(format!("{name}: {before} without the remedy, {after} with it"));
        }
    }
    complain(scene, &unpaid, "Name in `price` what the remedy makes worse.");
}

fn figures_of(scene: &Scene) -> BTreeMap<&'static str, f64> {
    let rows = figures::table(&[Measured::so_far(&*ended(scene))]);
    rows.iter().filter_map(|row| Some((row.figure.name, row.values[0]?))).collect()
}
