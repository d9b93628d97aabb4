//! Acts as a script writes them, and back.

use smol_str::SmolStr;

use super::at::At;
use super::fields::{Fields, Read, Reads};
use super::length::{Length, SignedLength};
use super::links::LinksText;
use super::people::People;
use super::plan::{Act, Ask, Deed};
use super::slip::Slip;
use super::tree::Item;
use super::weather::{Latency, Ratio, WeatherText};
use crate::sim::clock::MAX_DRIFT_PPM;
use crate::sim::{Call, EventId, Fault, Links, NodeId, Time, Weather};

/// Something done at a time: at most one deed, and a sentence about it.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ActText {
    /// When.
    pub at: At<Length>,
    /// A sentence for the story.
    pub say: Option<String>,
    /// The process dies: memory is lost, and so is what its disk had not synced.
    crash: Option<At<String>>,
    /// It starts again from its disk.
    restart: Option<At<String>>,
    /// It stands still; what arrives waits.
    pause: Option<At<String>>,
    resume: Option<At<String>>,
    /// Its next timer goes off now.
    fire: Option<At<String>>,
    /// Its work takes so many times as long.
    slow: Option<Slow>,
    /// Its clock jumps, or drifts from now on.
    clock: Option<ClockText>,
    /// Its disk takes so long to sync from now on.
    disk: Option<DiskText>,
    /// Messages are lost: between groups of nodes, or one way.
    cut: Option<LinksText>,
    /// Messages wait until the links heal.
    hold: Option<LinksText>,
    /// Cuts and holds end: "all", or as in `cut`.
    heal: Option<LinksText>,
    /// Other weather, everywhere or on some links.
    weather: Option<LinkWeather>,
    /// A client's operation sent by hand to one node.
    ask: Option<AskText>,
    /// One message in flight is lost; messages are named by the event that sent them.
    drop: Option<u32>,
    /// One message in flight arrives twice.
    duplicate: Option<u32>,
    /// One message in flight arrives later.
    delay: Option<DelayText>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct Slow {
    node: At<String>,
    /// 1 is its own speed; at most 1000.
    times: At<f64>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct ClockText {
    node: At<String>,
    jump: Option<SignedLength>,
    /// µs a second.
    drift: Option<At<i32>>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct DiskText {
    node: At<String>,
    sync: Latency,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct AskText {
    node: At<String>,
    /// "write x 5", "write x", "read x", "cas x 1 2", "add x 1".
    op: At<String>,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct DelayText {
    message: u32,
    by: Length,
}

/// Weather, and where: `between` groups, one way `from`…`to`, or everywhere.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct LinkWeather {
    between: Option<Vec<Vec<At<String>>>>,
    from: Option<Vec<At<String>>>,
    to: Option<Vec<At<String>>>,
    latency: Option<Latency>,
    loss: Option<Ratio>,
    duplicate: Option<Ratio>,
    fifo: Option<bool>,
    bandwidth: Option<u64>,
}

impl ActText {
    pub(super) const KEYS: &'static [&'static str] = &[
        "at",
        "say",
        "crash",
        "restart",
        "pause",
        "resume",
        "fire",
        "slow",
        "clock",
        "disk",
        "cut",
        "hold",
        "heal",
        "weather",
        "ask",
        "drop",
        "duplicate",
        "delay",
    ];
}

impl Reads for ActText {
    fn read(item: &Item) -> Read<ActText> {
        let fields = Fields::of(item, ActText::KEYS)?;
        Ok(ActText {
            at: fields.need("at")?,
            say: fields.get("say")?,
            crash: fields.get("crash")?,
            restart: fields.get("restart")?,
            pause: fields.get("pause")?,
            resume: fields.get("resume")?,
            fire: fields.get("fire")?,
            slow: fields.get("slow")?,
            clock: fields.get("clock")?,
            disk: fields.get("disk")?,
            cut: fields.get("cut")?,
            hold: fields.get("hold")?,
            heal: fields.get("heal")?,
            weather: fields.get("weather")?,
            ask: fields.get("ask")?,
            drop: fields.get("drop")?,
            duplicate: fields.get("duplicate")?,
            delay: fields.get("delay")?,
        })
    }
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

const DEEDS: &str = "One of crash, restart, pause, resume, fire, slow, clock, disk, cut, hold, heal, weather, ask, drop, duplicate, delay.";

impl ActText {
    /// What it means among these people.
    pub fn mean(&self, people: &People<'_>) -> Result<Act, Slip> {
        let mut deeds = self.deeds(people)?;
        if deeds.len() > 1 {
            return Err(self.at.slip(
                people.text,
                "this act does more than one thing",
                "Write an [[act]] for each.",
            ));
        }
        if deeds.is_empty() && self.say.is_none() {
            return Err(self.at.slip(people.text, "this act does nothing", DEEDS));
        }
        Ok(Act { at: Time(self.at.get().0.0), deed: deeds.pop(), say: self.say.clone() })
    }

    fn deeds(&self, people: &People<'_>) -> Result<Vec<Deed>, Slip> {
        let mut faults = Vec::new();
        type OnNode = fn(NodeId) -> Fault;
        let simple: [(&Option<At<String>>, OnNode); 5] = [
            (&self.crash, Fault::Crash),
            (&self.restart, Fault::Restart),
            (&self.pause, Fault::Pause),
            (&self.resume, Fault::Resume),
            (&self.fire, Fault::Fire),
        ];
        for (name, fault) in simple {
            if let Some(name) = name {
                faults.push(fault(people.node(name)?));
            }
        }
        if let Some(Slow { node, times }) = &self.slow {
            if !(0.001..=1_000.0).contains(times.get()) {
                return Err(times.slip(
                    people.text,
                    format!("{} is out of range", times.get()),
                    "Write 0.001 to 1000.",
                ));
            }
            faults.push(Fault::Slow { node: people.node(node)?, times: *times.get() });
        }
        if let Some(clock) = &self.clock {
            faults.push(clock.read(people)?);
        }
        if let Some(DiskText { node, sync: Latency(sync) }) = &self.disk {
            faults.push(Fault::Disk { node: people.node(node)?, sync: *sync });
        }
        type OnLinks = fn(Links) -> Fault;
        let links: [(&Option<LinksText>, OnLinks); 3] =
            [(&self.cut, Fault::Cut), (&self.hold, Fault::Hold), (&self.heal, Fault::Heal)];
        for (links, fault) in links {
            if let Some(links) = links {
                faults.push(fault(links.read(people)?));
            }
        }
        if let Some(weather) = &self.weather {
            // What is wrong with the whole of it stands where the act begins.
            let place = |slip: Slip| match slip.place {
                Some(_) => slip,
                None => slip.at(people.text, self.at.offset()),
            };
            faults.push(weather.read(people).map_err(place)?);
        }
        faults.extend(self.drop.map(|message| Fault::Drop(EventId(message))));
        faults.extend(self.duplicate.map(|message| Fault::Duplicate(EventId(message))));
        if let Some(DelayText { message, by: Length(by) }) = self.delay {
            faults.push(Fault::Delay { message: EventId(message), by });
        }
        let mut deeds: Vec<Deed> = faults.into_iter().map(Deed::Fault).collect();
        if let Some(AskText { node, op }) = &self.ask {
            deeds.push(Deed::Ask { node: people.node(node)?, ask: read_ask(op, people.text)? });
        }
        Ok(deeds)
    }
}

impl ClockText {
    fn read(&self, people: &People<'_>) -> Result<Fault, Slip> {
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
    fn read(&self, people: &People<'_>) -> Result<Fault, Slip> {
        let links = match (&self.between, &self.from, &self.to) {
            (Some(groups), None, None) => people.between(groups)?,
            (None, Some(from), Some(to)) => Links::OneWay { from: people.all(from)?, to: people.all(to)? },
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

/// Reads an operation: `write x 5`, `write x`, `read x`, `cas x 1 2`, `add x 1`.
pub fn read_ask(op: &At<String>, text: &str) -> Result<Ask, Slip> {
    let words: Vec<&str> = op.get().split_whitespace().collect();
    let key = |key: &str| SmolStr::new(key);
    let number = |word: &str| word.parse::<i64>().ok();
    let ask = match words[..] {
        ["read", k] => Some(Ask::Call(Call::Read { key: key(k) })),
        ["write", k] => Some(Ask::WriteNext(key(k))),
        ["write", k, v] => number(v).map(|value| Ask::Call(Call::Write { key: key(k), value })),
        ["cas", k, a, b] => {
            number(a).zip(number(b)).map(|(old, new)| Ask::Call(Call::Cas { key: key(k), old, new }))
        }
        ["add", k, v] => number(v).map(|by| Ask::Call(Call::Add { key: key(k), by })),
        _ => None,
    };
    let short = words.iter().all(|word| word.len() <= 24);
    ask.filter(|_| short).ok_or_else(|| {
        let hint =
            "Write \"read x\", \"write x\" (the next number), \"write x 5\", \"cas x 1 2\" or \"add x 1\".";
        op.slip(text, format!("{:?} is not an operation", op.get()), hint)
    })
}
