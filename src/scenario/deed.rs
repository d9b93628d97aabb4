//! What an act does, where one word is not enough: how much, by how long, with whom.

use super::at::At;
use super::fields::{Fields, Read, Reads};
use super::length::SignedLength;
use super::people::People;
use super::slip::Slip;
use super::tree::Item;
use super::weather::{Latency, Ratio, WeatherText};
use crate::sim::clock::MAX_DRIFT_PPM;
use crate::sim::{Fault, Links, Weather};

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(super) struct Slow {
    pub(super) node: At<String>,
    /// 1 is its own speed; at most 1000.
    pub(super) times: At<f64>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(super) struct ClockText {
    pub(super) node: At<String>,
    pub(super) jump: Option<SignedLength>,
    /// µs a second.
    pub(super) drift: Option<At<i32>>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(super) struct DiskText {
    pub(super) node: At<String>,
    pub(super) sync: Latency,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(super) struct AskText {
    pub(super) node: At<String>,
    /// "write x 5", "write x", "read x", "cas x 1 2", "add x 1" and so on, as a client asks.
    pub(super) op: At<String>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(super) struct DelayText {
    pub(super) message: u32,
    /// Negative: sooner, but never before now.
    pub(super) by: SignedLength,
}

/// Weather, and where: `between` groups, one way `from`…`to`, or everywhere.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(super) struct LinkWeather {
    pub(super) between: Option<At<Vec<Vec<At<String>>>>>,
    pub(super) from: Option<At<Vec<At<String>>>>,
    pub(super) to: Option<At<Vec<At<String>>>>,
    pub(super) latency: Option<Latency>,
    pub(super) loss: Option<Ratio>,
    pub(super) duplicate: Option<Ratio>,
    pub(super) fifo: Option<bool>,
    pub(super) bandwidth: Option<u64>,
}

impl Slow {
    pub(super) const KEYS: &'static [&'static str] = &["node", "times"];
}

impl Reads for Slow {
    fn read(item: &Item) -> Read<Slow> {
        let fields = Fields::of(item, Slow::KEYS)?;
        Ok(Slow { node: fields.need("node")?, times: fields.need("times")? })
    }
}

impl ClockText {
    pub(super) const KEYS: &'static [&'static str] = &["node", "jump", "drift"];
}

impl Reads for ClockText {
    fn read(item: &Item) -> Read<ClockText> {
        let fields = Fields::of(item, ClockText::KEYS)?;
        Ok(ClockText { node: fields.need("node")?, jump: fields.get("jump")?, drift: fields.get("drift")? })
    }
}

impl DiskText {
    pub(super) const KEYS: &'static [&'static str] = &["node", "sync"];
}

impl Reads for DiskText {
    fn read(item: &Item) -> Read<DiskText> {
        let fields = Fields::of(item, DiskText::KEYS)?;
        Ok(DiskText { node: fields.need("node")?, sync: fields.need("sync")? })
    }
}

impl AskText {
    pub(super) const KEYS: &'static [&'static str] = &["node", "op"];
}

impl Reads for AskText {
    fn read(item: &Item) -> Read<AskText> {
        let fields = Fields::of(item, AskText::KEYS)?;
        Ok(AskText { node: fields.need("node")?, op: fields.need("op")? })
    }
}

impl DelayText {
    pub(super) const KEYS: &'static [&'static str] = &["message", "by"];
}

impl Reads for DelayText {
    fn read(item: &Item) -> Read<DelayText> {
        let fields = Fields::of(item, DelayText::KEYS)?;
        Ok(DelayText { message: fields.need("message")?, by: fields.need("by")? })
    }
}

impl LinkWeather {
    pub(super) const KEYS: &'static [&'static str] =
        &["between", "from", "to", "latency", "loss", "duplicate", "fifo", "bandwidth"];
}

impl Reads for LinkWeather {
    fn read(item: &Item) -> Read<LinkWeather> {
        let fields = Fields::of(item, LinkWeather::KEYS)?;
        Ok(LinkWeather {
            between: fields.get("between")?,
            from: fields.get("from")?,
            to: fields.get("to")?,
            latency: fields.get("latency")?,
            loss: fields.get("loss")?,
            duplicate: fields.get("duplicate")?,
            fifo: fields.get("fifo")?,
            bandwidth: fields.get("bandwidth")?,
        })
    }
}

impl Slow {
    pub(super) fn read(&self, people: &People<'_>) -> Result<Fault, Slip> {
        let times = *self.times.get();
        if !(0.001..=1_000.0).contains(&times) {
            let what = format!("{times} is out of range");
            return Err(self.times.slip(people.text, what, "Write 0.001 to 1000."));
        }
        Ok(Fault::Slow { node: people.node(&self.node)?, times })
    }
}

impl ClockText {
    pub(super) fn read(&self, people: &People<'_>) -> Result<Fault, Slip> {
        let node = people.node(&self.node)?;
        match (self.jump, &self.drift) {
            (Some(SignedLength(by)), None) => Ok(Fault::Jump { node, by }),
            (None, Some(ppm)) if (-MAX_DRIFT_PPM..=MAX_DRIFT_PPM).contains(ppm.get()) => {
                Ok(Fault::Drift { node, ppm: *ppm.get() })
            }
            (None, Some(ppm)) => {
                let hint = format!("Write {} to {MAX_DRIFT_PPM} µs a second.", -MAX_DRIFT_PPM);
                Err(ppm.slip(people.text, format!("{} is out of range", ppm.get()), hint))
            }
            _ => {
                Err(self.node.slip(people.text, "a clock either jumps or drifts", "Write `jump` or `drift`."))
            }
        }
    }
}

impl LinkWeather {
    pub(super) fn read(&self, people: &People<'_>) -> Result<Fault, Slip> {
        let links = match (&self.between, &self.from, &self.to) {
            (Some(groups), None, None) => people.between(groups)?,
            (None, Some(from), Some(to)) => people.one_way(from, to)?,
            (None, None, None) => Links::All,
            _ => {
                return Err(Slip::new(
                    "the weather is `between` groups, or `from` some `to` others",
                    "Write one of them.",
                ));
            }
        };
        let text = WeatherText {
            latency: self.latency,
            loss: self.loss,
            duplicate: self.duplicate,
            fifo: self.fifo,
            bandwidth: self.bandwidth,
        };
        let change = text.change();
        if change == Weather::default() {
            return Err(Slip::new(
                "this changes nothing of the weather",
                format!("Name at least one of {}.", WeatherText::KEYS.join(", ")),
            ));
        }
        Ok(Fault::Weather { links, change })
    }
}
