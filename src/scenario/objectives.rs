//! What a service has to be, in numbers, as a script writes it.

use super::at::At;
use super::fields::{Fields, Read, Reads};
use super::length::Length;
use super::plan::Objectives;
use super::slip::Slip;
use super::tree::Item;
use super::weather::Ratio;
use crate::sim::{Micros, Time};

/// Objectives of the service: a variant names in `holds` or `violates` which of them it is held to.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ObjectivesText {
    /// The part of the operations ending in a window that are answered, 0.0 to 1.0.
    pub availability: Option<Ratio>,
    /// How fast answers are.
    pub latency: Option<LatencyText>,
    /// Within so much after the last fault operations are answered again.
    pub recovery: Option<Length>,
    /// Availability and latency are judged over each stretch of this length, 1 ms at least.
    pub window: Option<At<Length>>,
    /// When the first window begins.
    pub from: Option<At<Length>>,
    /// No window ends later.
    pub until: Option<At<Length>>,
}

/// This part of the answers comes sooner than that.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct LatencyText {
    /// 0.0 to 1.0.
    pub percentile: Ratio,
    pub below: Length,
}

impl ObjectivesText {
    pub(super) const KEYS: &'static [&'static str] =
        &["availability", "latency", "recovery", "window", "from", "until"];

    /// What it means in a run that ends at `end`.
    pub fn mean(&self, text: &str, end: Time) -> Result<Objectives, Slip> {
        if let Some(window) = self.window.as_ref().filter(|window| window.get().0 < Micros(1_000)) {
            return Err(window.slip(
                text,
                "nothing can be judged over so short a window",
                "Write \"1ms\" or more.",
            ));
        }
        let objectives = Objectives {
            availability: self.availability.map(|Ratio(part)| part),
            latency: self.latency.map(|latency| (latency.percentile.0, latency.below.0)),
            recovery: self.recovery.map(|Length(recovery)| recovery),
            window: self.window.as_ref().map_or(Micros::from_secs(1), |window| window.get().0),
            from: self.from.as_ref().map_or(Time::ZERO, |from| Time(from.get().0.0)),
            until: self.until.as_ref().map_or(end, |until| Time(until.get().0.0).min(end)),
        };
        self.check_room(text, &objectives)?;
        Ok(objectives)
    }

    /// An objective that nothing can break would hold whatever happens.
    fn check_room(&self, text: &str, meant: &Objectives) -> Result<(), Slip> {
        let windowed = meant.availability.is_some() || meant.latency.is_some();
        if !windowed || meant.from.0.saturating_add(meant.window.0) <= meant.until.0 {
            return Ok(());
        }
        let what = format!("no window of {} fits between {} and {}", meant.window, meant.from, meant.until);
        let hint = "Nothing would be judged. Begin earlier, end later, or judge shorter windows.";
        let place = self.window.as_ref().or(self.from.as_ref()).or(self.until.as_ref());
        Err(match place {
            Some(place) => place.slip(text, what, hint),
            None => Slip::new(what, hint),
        })
    }

    /// Is this objective set?
    pub fn states(&self, key: &str) -> bool {
        match key {
            "availability" => self.availability.is_some(),
            "latency" => self.latency.is_some(),
            "recovery" => self.recovery.is_some(),
            _ => false,
        }
    }
}

impl Reads for ObjectivesText {
    fn read(item: &Item) -> Read<ObjectivesText> {
        let fields = Fields::of(item, ObjectivesText::KEYS)?;
        Ok(ObjectivesText {
            availability: fields.get("availability")?,
            latency: fields.get("latency")?,
            recovery: fields.get("recovery")?,
            window: fields.get("window")?,
            from: fields.get("from")?,
            until: fields.get("until")?,
        })
    }
}

impl Reads for LatencyText {
    fn read(item: &Item) -> Read<LatencyText> {
        let fields = Fields::of(item, &["percentile", "below"])?;
        Ok(LatencyText { percentile: fields.need("percentile")?, below: fields.need("below")? })
    }
}
