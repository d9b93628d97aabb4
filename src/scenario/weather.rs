//! Networks and machines as a script writes them.

use super::at::At;
use super::fields::{Fields, Read, Reads, choice, misread, unfit};
use super::length::{Length, SignedLength};
use super::tree::{Item, Table, Value};
use crate::sim::clock::MAX_DRIFT_PPM;
use crate::sim::{Delay, Machine, Micros, Quality, Weather};

/// How long a message (or a sync) takes: one length, or a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency(pub Delay);

/// A distribution as a table.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct Distribution {
    /// Half of all are shorter. With `p99`: log-normal, or Pareto if `tail` says so.
    median: Option<Length>,
    /// 99 of 100 are shorter.
    p99: Option<Length>,
    /// The shape of the tail.
    tail: Option<Tail>,
    /// With `high`: every length between them alike.
    low: Option<Length>,
    high: Option<Length>,
    /// Exponential, with this mean.
    mean: Option<Length>,
    /// With `alpha`, `mean` and `share`: a mixture of a Pareto distribution, whose shortest length this is, and an
    /// exponential one.
    least: Option<Length>,
    /// How fast the Pareto part falls.
    alpha: Option<f64>,
    /// The part of all that is exponential, 0.0 to 1.0.
    share: Option<Ratio>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
enum Tail {
    LogNormal,
    Pareto,
}

const SHAPES: &str = "Write \"8ms\", or { median, p99 } (with tail = \"pareto\" for a heavy tail), { low, high }, { mean } or { least, alpha, mean, share }.";

const APART: &str = "these keys do not make a distribution together";

impl Distribution {
    fn delay(&self) -> Result<Delay, String> {
        if self.least.is_some() || self.alpha.is_some() || self.share.is_some() {
            return self.mixture();
        }
        let parts = (self.median, self.p99, self.low, self.high, self.mean);
        if self.tail.is_some() && (self.median.is_none() || self.p99.is_none()) {
            return Err(
                "`tail` shapes what is longer than the median, and there is no median here".to_owned()
            );
        }
        match parts {
            (Some(Length(median)), Some(Length(p99)), None, None, None) => {
                if median == Micros::ZERO || p99 <= median {
                    return Err(
                        "the p99 has to be longer than the median, and the median longer than nothing"
                            .to_owned(),
                    );
                }
                Ok(match self.tail {
                    Some(Tail::Pareto) => Delay::pareto(median, p99),
                    _ => Delay::log_normal(median, p99),
                })
            }
            (None, None, Some(Length(low)), Some(Length(high)), None) if low <= high => {
                Ok(Delay::Uniform { low, high })
            }
            (None, None, Some(_), Some(_), None) => Err("`low` is longer than `high`".to_owned()),
            (None, None, None, None, Some(Length(mean))) => Ok(Delay::Exponential { mean }),
            _ => Err(APART.to_owned()),
        }
    }

    /// Pareto and exponential, mixed.
    fn mixture(&self) -> Result<Delay, String> {
        let others = [self.median, self.p99, self.low, self.high];
        let mixed = self.least.zip(self.alpha).zip(self.share).zip(self.mean);
        let Some((((Length(least), alpha), Ratio(share)), Length(mean))) =
            mixed.filter(|_| others.iter().all(Option::is_none) && self.tail.is_none())
        else {
            return Err(APART.to_owned());
        };
        if least == Micros::ZERO || alpha <= 0.0 || !alpha.is_finite() {
            return Err("`least` and `alpha` have to be more than nothing".to_owned());
        }
        Ok(Delay::Mixture { least: least.0 as f64, alpha, mean, share })
    }
}

impl Distribution {
    pub(super) const KEYS: &'static [&'static str] =
        &["median", "p99", "tail", "low", "high", "mean", "least", "alpha", "share"];
}

impl Reads for Distribution {
    fn read(item: &Item) -> Read<Distribution> {
        let fields = Fields::of(item, Distribution::KEYS)?;
        Ok(Distribution {
            median: fields.get("median")?,
            p99: fields.get("p99")?,
            tail: fields.get("tail")?,
            low: fields.get("low")?,
            high: fields.get("high")?,
            mean: fields.get("mean")?,
            least: fields.get("least")?,
            alpha: fields.get("alpha")?,
            share: fields.get("share")?,
        })
    }
}

impl Reads for Tail {
    fn read(item: &Item) -> Read<Tail> {
        Ok([Tail::LogNormal, Tail::Pareto][choice(item, &["log-normal", "pareto"])?])
    }
}

impl Reads for Latency {
    fn read(item: &Item) -> Read<Latency> {
        let delay = match item.get() {
            Value::Table(_) => match Distribution::read(item)?.delay() {
                Ok(delay) => delay,
                Err(what) => return misread(item, what, SHAPES),
            },
            Value::Text(_) => Delay::Constant(Length::read(item)?.0),
            _ => return unfit(item, "a length of time or a distribution", SHAPES),
        };
        if delay.median() > Micros::from_secs(600) {
            return misread(item, "this takes longer than ten minutes", "Nothing in this world does.");
        }
        Ok(Latency(delay))
    }
}

/// A probability, `0.0` to `1.0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio(pub f64);

impl Reads for Ratio {
    fn read(item: &Item) -> Read<Ratio> {
        let number = f64::read(item)?;
        if (0.0..=1.0).contains(&number) {
            return Ok(Ratio(number));
        }
        misread(item, format!("{number} is not a probability"), "Write a number from 0.0 to 1.0.")
    }
}

/// The weather on links; what is not written stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct WeatherText {
    /// How long a message takes: "8ms", or { median, p99 }, { low, high }, { mean }, { least, alpha, mean, share }.
    pub latency: Option<Latency>,
    /// The part of messages that is lost, 0.0 to 1.0.
    pub loss: Option<Ratio>,
    /// The part of messages that arrives twice, 0.0 to 1.0.
    pub duplicate: Option<Ratio>,
    /// Messages of a link arrive in the order they were sent.
    pub fifo: Option<bool>,
    /// Bytes a second of each link; 0 is unlimited.
    pub bandwidth: Option<u64>,
}

impl WeatherText {
    pub(super) const KEYS: &'static [&'static str] = &["latency", "loss", "duplicate", "fifo", "bandwidth"];
}

impl Reads for WeatherText {
    fn read(item: &Item) -> Read<WeatherText> {
        let fields = Fields::of(item, WeatherText::KEYS)?;
        Ok(WeatherText {
            latency: fields.get("latency")?,
            loss: fields.get("loss")?,
            duplicate: fields.get("duplicate")?,
            fifo: fields.get("fifo")?,
            bandwidth: fields.get("bandwidth")?,
        })
    }
}

impl WeatherText {
    pub fn change(&self) -> Weather {
        Weather {
            latency: self.latency.map(|Latency(delay)| delay),
            loss: self.loss.map(|Ratio(ratio)| ratio),
            duplicate: self.duplicate.map(|Ratio(ratio)| ratio),
            fifo: self.fifo,
            bandwidth: self.bandwidth,
        }
    }

    /// The quality of a network that this describes.
    pub fn quality(&self) -> Quality {
        let (change, calm) = (self.change(), Quality::default());
        Quality {
            latency: change.latency.unwrap_or(calm.latency),
            loss: change.loss.unwrap_or(calm.loss),
            duplicate: change.duplicate.unwrap_or(calm.duplicate),
            fifo: change.fifo.unwrap_or(calm.fifo),
            bandwidth: change.bandwidth.unwrap_or(calm.bandwidth),
        }
    }
}

/// The machine under a node; what is not written stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct MachineText {
    /// Work that every input costs; 100 µs if nothing is said.
    pub service: Option<Length>,
    /// How long a disk sync takes: "1ms" or a distribution.
    pub sync: Option<Latency>,
    /// Inputs that may wait; a message that finds the queue full is lost.
    pub queue: Option<u32>,
    /// What the clock shows at the start: "-20ms".
    pub offset: Option<SignedLength>,
    /// What the clock gains, in µs a second (negative: loses).
    pub drift: Option<i32>,
    /// What the disk holds at the start, in the protocol's notation: "term 7; log 1 1 4".
    pub disk: Option<At<String>>,
}

impl MachineText {
    pub(super) const KEYS: &'static [&'static str] = &["service", "sync", "queue", "offset", "drift", "disk"];
}

impl Reads for MachineText {
    fn read(item: &Item) -> Read<MachineText> {
        let fields = Fields::of(item, MachineText::KEYS)?;
        Ok(MachineText {
            service: fields.get("service")?,
            sync: fields.get("sync")?,
            queue: fields.get("queue")?,
            offset: fields.get("offset")?,
            drift: fields
                .within("drift", (-MAX_DRIFT_PPM).into(), MAX_DRIFT_PPM.into())?
                .map(|drift| *drift.get() as i32),
            disk: fields.get("disk")?,
        })
    }
}

impl MachineText {
    /// This machine on top of another.
    pub fn over(&self, base: Machine) -> Machine {
        Machine {
            service: self.service.map_or(base.service, |Length(length)| length),
            sync: self.sync.map_or(base.sync, |Latency(delay)| delay),
            queue: self.queue.unwrap_or(base.queue),
            offset: self.offset.map_or(base.offset, |SignedLength(us)| us),
            drift_ppm: self.drift.unwrap_or(base.drift_ppm),
        }
    }
}

/// A delay as a script writes it; every shape a script can write comes back as it was, to the µs.
pub fn write_delay(delay: &Delay) -> Value {
    use super::length::write;
    let table = |pairs: &[(&str, Micros)]| {
        let mut table = Table::new();
        pairs.iter().for_each(|(key, length)| table.insert(key, write(*length)));
        table
    };
    match *delay {
        Delay::Constant(length) => write(length).into(),
        Delay::Uniform { low, high } => table(&[("low", low), ("high", high)]).into(),
        Delay::Exponential { mean } => table(&[("mean", mean)]).into(),
        Delay::LogNormal { .. } => table(&[("median", delay.median()), ("p99", delay.p99())]).into(),
        Delay::Pareto { .. } => {
            let mut table = table(&[("median", delay.median()), ("p99", delay.p99())]);
            table.insert("tail", "pareto");
            table.into()
        }
        Delay::Mixture { least, alpha, mean, share } => {
            let mut table = table(&[("least", Micros(least as u64)), ("mean", mean)]);
            table.insert("alpha", alpha);
            table.insert("share", share);
            table.into()
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for super::Latency {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Latency".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let length = generator.subschema_for::<super::Length>();
            let shape = generator.subschema_for::<super::Distribution>();
            json_schema!({ "anyOf": [length, shape] })
        }
    }

    impl JsonSchema for super::Ratio {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Ratio".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "number", "minimum": 0.0, "maximum": 1.0 })
        }
    }
}
