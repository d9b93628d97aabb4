//! Knobs that are set and have no effect, because of what others are set to.

use super::at::At;
use super::plan::Plan;
use super::read::Overrides;
use super::script::{Script, VariantText};
use super::slip::Slip;
use super::vocabulary::{self, Role};
use crate::sim::Need;

impl Script {
    /// A warning for each knob that the file sets without effect: a variant's in that variant, one of the whole file in
    /// all variants that take it. A file that has no plan has no warnings either.
    pub fn idle_knobs(&self, text: &str, roles: &[Role]) -> Vec<Slip> {
        let plan = |name: Option<&str>| self.plan(text, roles, name, &Overrides::default()).ok();
        let plans: Vec<(Option<&VariantText>, Plan)> = if self.variant.is_empty() {
            plan(None).map(|plan| (None, plan)).into_iter().collect()
        } else {
            let named = |variant: &VariantText| plan(Some(variant.name.get().as_str()));
            self.variant.iter().filter_map(|variant| Some((Some(variant), named(variant)?))).collect()
        };
        let everywhere = self.knobs.0.iter().filter_map(|(name, _)| {
            let takes = |(variant, plan): &&(Option<&VariantText>, Plan)| {
                let other = variant.is_some_and(|variant| variant.sets(name.get()));
                plan.protocol == *self.protocol.get() && !other
            };
            let said = plans.iter().filter(takes).map(|(_, plan)| warning(plan, roles, name, text));
            said.collect::<Option<Vec<Slip>>>()?.into_iter().next()
        });
        let variants = plans.iter().filter_map(|(variant, plan)| Some(((*variant)?, plan)));
        let of_variants = variants.flat_map(|(variant, plan)| {
            variant.knobs.0.iter().filter_map(|(name, _)| warning(plan, roles, name, text))
        });
        everywhere.chain(of_variants).collect()
    }
}

impl VariantText {
    fn sets(&self, knob: &str) -> bool {
        self.knobs.0.iter().any(|(name, _)| name.get() == knob)
    }
}

/// A warning for each of these knobs that has no effect in a plan.
pub fn idle<'a>(plan: &Plan, roles: &[Role], names: impl IntoIterator<Item = &'a str>) -> Vec<Slip> {
    names.into_iter().filter_map(|name| without_effect(plan, roles, name)).collect()
}

fn warning(plan: &Plan, roles: &[Role], name: &At<String>, text: &str) -> Option<Slip> {
    without_effect(plan, roles, name.get()).map(|slip| slip.at(text, name.offset()))
}

fn without_effect(plan: &Plan, roles: &[Role], name: &str) -> Option<Slip> {
    let knob = vocabulary::role(roles, &plan.protocol).ok()?.knob(name).ok()?;
    let Need { knob: other, is } = knob.misses(&plan.knobs)?;
    let stands = plan.knobs.get(other).map(vocabulary::write_setting).unwrap_or_default();
    let wanted: Vec<String> = is.iter().map(|word| format!("{word:?}")).collect();
    Some(Slip::new(
        format!("{name:?} has no effect while {other:?} is {stands:?}"),
        format!("Set {other:?} to {}, or leave {name:?} out.", wanted.join(" or ")),
    ))
}
