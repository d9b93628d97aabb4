//! What a service has to be, in numbers, as a script writes it.

use super::at::At;
use super::fields::{Fields, Read, Reads};
use super::length::Length;
use super::plan::{Objectives, Recovery, SETTLED};
use super::slip::Slip;
use super::tree::{Item, Value};
use super::weather::Ratio;
use crate::sim::{Micros, Time};

/// Objectives of the service: a variant names in `holds` or `violates` which of them it is held to.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ObjectivesText {
    /// The part of the operations ending in a window that are answered, 0.0 to 1.0; a refusal is no answer.
    pub availability: Option<Ratio>,
    /// How fast operations are answered; those that are refused or never answered count as slower than any.
    pub latency: Option<LatencyText>,
    /// How soon after the last fault operations are answered again: "2s", or { within, share }.
    pub recovery: Option<RecoveryText>,
    /// Availability and latency are judged over each stretch of this length, and recovery over the first one after the
    /// promised time; 1 ms at least.
    pub window: Option<At<Length>>,
    /// When the first window begins.
    pub from: Option<At<Length>>,
    /// No window ends later.
    pub until: Option<At<Length>>,
    /// When elections have settled: from here on *stable leader* is judged; 5 s without it.
    pub settled: Option<At<Length>>,
}

/// This part of the operations is answered sooner than that.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct LatencyText {
    /// 0.0 to 1.0.
    pub percentile: Ratio,
    pub below: Length,
}

/// So long after the last fault, this part of the operations is answered.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct RecoveryTable {
    within: Length,
    /// 0.0 to 1.0; 0.9 without it.
    share: Option<Ratio>,
}

/// Recovery as a length of time or as a table.
#[derive(Clone, Copy, Debug)]
pub struct RecoveryText(Recovery);

/// The part of the operations that is answered where all is well, unless a script says another.
const WELL: f64 = 0.9;

impl ObjectivesText {
    pub(super) const KEYS: &'static [&'static str] =
        &["availability", "latency", "recovery", "window", "from", "until", "settled"];

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
            recovery: self.recovery.map(|RecoveryText(recovery)| recovery),
            window: self.window.as_ref().map_or(Micros::from_secs(1), |window| window.get().0),
            from: self.from.as_ref().map_or(Time::ZERO, |from| Time(from.get().0.0)),
            until: self.until.as_ref().map_or(end, |until| Time(until.get().0.0).min(end)),
            settled: self.settled.as_ref().map_or(SETTLED, |settled| Time(settled.get().0.0)),
        };
        let windowed = self.availability.is_some() || self.latency.is_some();
        if let Some(unused) = self.from.as_ref().or(self.until.as_ref()).filter(|_| !windowed) {
            let hint = "They say when availability and latency are judged: set one of these, or take it out.";
            return Err(unused.slip(text, "nothing is judged between `from` and `until`", hint));
        }
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
            settled: fields.get("settled")?,
        })
    }
}

impl Reads for RecoveryText {
    fn read(item: &Item) -> Read<RecoveryText> {
        let Value::Table(_) = item.get() else {
            return Ok(RecoveryText(Recovery { within: Length::read(item)?.0, share: WELL }));
        };
        let fields = Fields::of(item, &["within", "share"])?;
        let table = RecoveryTable { within: fields.need("within")?, share: fields.get("share")? };
        let share = table.share.map_or(WELL, |Ratio(share)| share);
        Ok(RecoveryText(Recovery { within: table.within.0, share }))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for RecoveryText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Recovery".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (length, table) =
            (generator.subschema_for::<Length>(), generator.subschema_for::<RecoveryTable>());
        schemars::json_schema!({ "anyOf": [length, table] })
    }
}

impl Reads for LatencyText {
    fn read(item: &Item) -> Read<LatencyText> {
        let fields = Fields::of(item, &["percentile", "below"])?;
        Ok(LatencyText { percentile: fields.need("percentile")?, below: fields.need("below")? })
    }
}
