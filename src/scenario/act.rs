//! Acts as a script writes them, and back.

use super::ask::read_one;
use super::at::At;
use super::deed::{AskText, ClockText, DelayText, DiskText, LinkWeather, Slow};
use super::fields::{Fields, Read, Reads};
use super::length::{Length, SignedLength};
use super::links::LinksText;
use super::only::Only;
use super::people::People;
use super::plan::{Act, Deed};
use super::slip::Slip;
use super::tree::Item;
use super::weather::Latency;
use crate::sim::{EventId, Fault, Links, NodeId, Time};

/// Something done at a time: at most one deed, and a sentence about it.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ActText {
    /// When.
    pub at: At<Length>,
    /// A sentence for the story.
    pub say: Option<String>,
    /// It is done in these variants only.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub variant: Only,
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
    /// One message in flight arrives later, or sooner.
    delay: Option<DelayText>,
    /// One message in flight is held where it is.
    keep: Option<u32>,
    /// One held message goes on.
    release: Option<u32>,
    /// One message in flight (or held) arrives now.
    deliver: Option<u32>,
}

impl ActText {
    pub(super) const KEYS: &'static [&'static str] = &[
        "at",
        "say",
        "variant",
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
        "keep",
        "release",
        "deliver",
    ];
}

impl Reads for ActText {
    fn read(item: &Item) -> Read<ActText> {
        let fields = Fields::of(item, ActText::KEYS)?;
        Ok(ActText {
            at: fields.need("at")?,
            say: fields.get("say")?,
            variant: fields.or_default("variant")?,
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
            keep: fields.get("keep")?,
            release: fields.get("release")?,
            deliver: fields.get("deliver")?,
        })
    }
}

const DEEDS: &str = "One of crash, restart, pause, resume, fire, slow, clock, disk, cut, hold, heal, weather, ask, drop, duplicate, delay, keep, release, deliver.";

impl ActText {
    /// What it means among these people: one act, or for a zone one for each of its nodes.
    pub fn mean(&self, people: &People<'_>) -> Result<Vec<Act>, Slip> {
        let deeds = self.deeds(people)?;
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
        let at = Time(self.at.get().0.0);
        let deeds = deeds.into_iter().flatten();
        let mut acts: Vec<Act> = deeds.map(|deed| Act { at, deed: Some(deed), say: None }).collect();
        if acts.is_empty() {
            acts.push(Act { at, deed: None, say: None });
        }
        acts[0].say.clone_from(&self.say);
        Ok(acts)
    }

    /// Everything it does, each a deed or, for a zone, several of one kind.
    fn deeds(&self, people: &People<'_>) -> Result<Vec<Vec<Deed>>, Slip> {
        let mut together = Vec::new();
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
                let nodes = people.nodes(name)?.into_iter();
                together.push(nodes.map(|node| Deed::Fault(fault(node))).collect());
            }
        }
        if let Some(slow) = &self.slow {
            faults.push(slow.read(people)?);
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
        type OnMessage = fn(EventId) -> Fault;
        let messages: [(Option<u32>, OnMessage); 5] = [
            (self.drop, Fault::Drop),
            (self.duplicate, Fault::Duplicate),
            (self.keep, Fault::Keep),
            (self.release, Fault::Release),
            (self.deliver, Fault::Deliver),
        ];
        for (message, fault) in messages {
            faults.extend(message.map(|message| fault(EventId(message))));
        }
        if let Some(DelayText { message, by: SignedLength(by) }) = self.delay {
            faults.push(Fault::Delay { message: EventId(message), by });
        }
        together.extend(faults.into_iter().map(|fault| vec![Deed::Fault(fault)]));
        if let Some(AskText { node, op }) = &self.ask {
            together.push(vec![Deed::Ask { node: people.node(node)?, ask: read_one(op, people.text)? }]);
        }
        Ok(together)
    }
}
