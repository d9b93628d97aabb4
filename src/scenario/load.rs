//! The load that a client makes, as a script writes it: how often, and on which keys.

use super::fields::{Fields, Read, Reads, choice, misread, text};
use super::length::Length;
use super::tree::{Item, Value};
use super::weather::Ratio;
use crate::sim::Micros;
use crate::workload::{Arrivals, Burst, Keys, Popularity, Rate, Spacing, Zipf};

/// Operations a second, of one client.
const MOST_OFTEN: f64 = 1_000.0;
const MOST_KEYS: i64 = 10_000;
/// Steeper than this nobody but the first has a share.
const STEEPEST: f64 = 10.0;

/// How the operations of an open loop arrive.
#[derive(Clone, Copy, Debug)]
pub struct ArrivalsText(pub Arrivals);

/// Arrivals as a table: a rate or a ramp, bursts, or both.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct ArrivalsTable {
    /// Operations a second, 1000 at most.
    rate: Option<f64>,
    /// By chance, or evenly.
    kind: Option<Kind>,
    /// A ramp: operations a second at the beginning,
    from: Option<f64>,
    /// and from the end of the ramp on.
    to: Option<f64>,
    /// How long the ramp is.
    over: Option<Length>,
    /// So many at once, besides.
    burst: Option<u16>,
    /// From one burst to the next, 1 ms at least.
    every: Option<Length>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
enum Kind {
    Poisson,
    Constant,
}

const ARRIVALS: &str = "Write { rate = 50.0 } (with kind = \"constant\" for an even pace), \
                        { from = 10.0, to = 100.0, over = \"10s\" }, or { burst = 10, every = \"1s\" }.";

impl ArrivalsTable {
    const KEYS: &'static [&'static str] = &["rate", "kind", "from", "to", "over", "burst", "every"];

    fn arrivals(&self) -> Result<Arrivals, String> {
        let together = || "these keys do not make arrivals together".to_owned();
        let rate = match (self.rate, self.from, self.to, self.over) {
            (Some(rate), None, None, None) if rate > 0.0 => Rate::steady(rate),
            (None, Some(from), Some(to), Some(Length(over)))
                if from >= 0.0 && to >= 0.0 && from + to > 0.0 =>
            {
                Rate::ramp(from, to, over)
            }
            (None, None, None, None) => Rate::NONE,
            (Some(_), None, None, None) | (None, Some(_), Some(_), Some(_)) => {
                return Err("nobody asks at such a rate".to_owned());
            }
            _ => return Err(together()),
        };
        let burst = match (self.burst, self.every) {
            (Some(size), Some(Length(every))) if size > 0 && every >= Micros(1_000) => {
                Some(Burst { size: size.into(), every })
            }
            (None, None) if rate.peak() > 0.0 => None,
            (Some(_), Some(_)) => return Err("no bursts are like this".to_owned()),
            _ => return Err(together()),
        };
        if self.kind.is_some() && rate.peak() <= 0.0 {
            return Err("a burst has no use for `kind`".to_owned());
        }
        let spacing = match self.kind {
            None | Some(Kind::Poisson) => Spacing::Poisson,
            Some(Kind::Constant) => Spacing::Constant,
        };
        let arrivals = Arrivals { rate, spacing, burst };
        // Not a number is too much of anything.
        match arrivals.peak() {
            often if often <= MOST_OFTEN => Ok(arrivals),
            often => Err(format!("{often} operations a second are too many for one client")),
        }
    }
}

impl Reads for ArrivalsText {
    fn read(item: &Item) -> Read<ArrivalsText> {
        let fields = Fields::of(item, ArrivalsTable::KEYS)?;
        let table = ArrivalsTable {
            rate: fields.get("rate")?,
            kind: fields.get("kind")?,
            from: fields.get("from")?,
            to: fields.get("to")?,
            over: fields.get("over")?,
            burst: fields.get("burst")?,
            every: fields.get("every")?,
        };
        match table.arrivals() {
            Ok(arrivals) => Ok(ArrivalsText(arrivals)),
            Err(what) => misread(item, what, format!("{ARRIVALS} At most {MOST_OFTEN} a second.")),
        }
    }
}

impl Reads for Kind {
    fn read(item: &Item) -> Read<Kind> {
        Ok([Kind::Poisson, Kind::Constant][choice(item, &["poisson", "constant"])?])
    }
}

/// The keys behind a star.
#[derive(Clone, Copy, Debug)]
pub struct KeysText(pub Keys);

#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct KeysTable {
    /// How many there are, 1 to 10,000: k1, k2 and so on.
    count: u16,
    /// "uniform", { zipf = 0.99 } or { hot = 0.1, share = 0.9 }; the first keys are the most popular.
    popularity: Option<PopularityText>,
}

#[derive(Clone, Copy, Debug)]
enum PopularityText {
    Uniform,
    Skewed(PopularityTable),
}

#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct PopularityTable {
    /// The exponent of Zipf's law, above 0, 10 at most.
    zipf: Option<f64>,
    /// This part of the keys is hot,
    hot: Option<Ratio>,
    /// and gets this part of the operations.
    share: Option<Ratio>,
}

const POPULARITY: &str = "Write \"uniform\", { zipf = 0.99 } or { hot = 0.1, share = 0.9 }.";

impl KeysTable {
    const KEYS: &'static [&'static str] = &["count", "popularity"];

    fn keys(&self) -> Option<Keys> {
        let count = self.count.into();
        let popularity = match self.popularity {
            None | Some(PopularityText::Uniform) => Popularity::Uniform,
            Some(PopularityText::Skewed(table)) => table.among(count)?,
        };
        Some(Keys { count, popularity })
    }
}

impl PopularityTable {
    const KEYS: &'static [&'static str] = &["zipf", "hot", "share"];

    fn among(&self, count: u32) -> Option<Popularity> {
        match (self.zipf, self.hot, self.share) {
            (Some(exponent), None, None) if exponent > 0.0 && exponent <= STEEPEST => {
                Some(Popularity::Zipf(Zipf::new(count, exponent)))
            }
            (None, Some(Ratio(part)), Some(Ratio(share))) => {
                let hot = libm::ceil(part * f64::from(count)) as u32;
                Some(Popularity::Hot { hot: hot.clamp(1, count), share })
            }
            _ => None,
        }
    }
}

impl Reads for KeysText {
    fn read(item: &Item) -> Read<KeysText> {
        let fields = Fields::of(item, KeysTable::KEYS)?;
        let count = *fields.need_within("count", 1, MOST_KEYS)?.get() as u16;
        match (KeysTable { count, popularity: fields.get("popularity")? }).keys() {
            Some(keys) => Ok(KeysText(keys)),
            None => misread(item, "no keys are popular like this", POPULARITY),
        }
    }
}

impl Reads for PopularityText {
    fn read(item: &Item) -> Read<PopularityText> {
        if let Value::Table(_) = item.get() {
            let fields = Fields::of(item, PopularityTable::KEYS)?;
            return Ok(PopularityText::Skewed(PopularityTable {
                zipf: fields.get("zipf")?,
                hot: fields.get("hot")?,
                share: fields.get("share")?,
            }));
        }
        match text(item)? {
            "uniform" => Ok(PopularityText::Uniform),
            other => misread(item, format!("{other:?} is no popularity"), POPULARITY),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for super::ArrivalsText {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Arrivals".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            super::ArrivalsTable::json_schema(generator)
        }
    }

    impl JsonSchema for super::KeysText {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Keys".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            super::KeysTable::json_schema(generator)
        }
    }

    impl JsonSchema for super::PopularityText {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Popularity".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let skewed = generator.subschema_for::<super::PopularityTable>();
            json_schema!({ "anyOf": [{ "const": "uniform" }, skewed] })
        }
    }
}
