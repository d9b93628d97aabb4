//! Acts at random, from a seed: faults that no author chose.

mod effects;

use super::at::At;
use super::fields::{Fields, Read, Reads, choice};
use super::length::Length;
use super::plan::{Act, Deed, in_order};
use super::slip::Slip;
use super::tree::Item;
use crate::sim::{Delay, Dice, Fault, Links, Micros, NodeId, Time, Weather};

/// Trouble of these kinds, now and then; at `until` everything is healed, so that what must recover can.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct NemesisText {
    pub kinds: At<Vec<Trouble>>,
    /// From one to the next, on average; 10 ms at least.
    pub every: At<Length>,
    pub from: Option<Length>,
    pub until: At<Length>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum Trouble {
    /// A node crashes and starts again; never more than a minority is down.
    Crash,
    /// A node stands still for a while.
    Pause,
    /// The nodes fall into two groups.
    Cut,
    /// Some nodes do not hear some others.
    OneWay,
    /// A few links are cut, anywhere.
    Partial,
    /// Messages are lost and doubled.
    Loss,
    /// A node's disk becomes slow.
    SlowDisk,
    /// A node works slowly.
    SlowNode,
    /// A clock jumps or drifts.
    Clock,
}

/// Every kind of trouble.
pub const ALL: [Trouble; 9] = [
    Trouble::Crash,
    Trouble::Pause,
    Trouble::Cut,
    Trouble::OneWay,
    Trouble::Partial,
    Trouble::Loss,
    Trouble::SlowDisk,
    Trouble::SlowNode,
    Trouble::Clock,
];

/// What a nemesis needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Nemesis {
    pub kinds: Vec<Trouble>,
    pub every: Micros,
    pub from: Time,
    pub until: Time,
}

impl NemesisText {
    pub(super) const KEYS: &'static [&'static str] = &["kinds", "every", "from", "until"];
}

impl Reads for NemesisText {
    fn read(item: &Item) -> Read<NemesisText> {
        let fields = Fields::of(item, NemesisText::KEYS)?;
        Ok(NemesisText {
            kinds: fields.need("kinds")?,
            every: fields.need("every")?,
            from: fields.get("from")?,
            until: fields.need("until")?,
        })
    }
}

/// What scripts call each of [`ALL`].
const NAMES: [&str; 9] =
    ["crash", "pause", "cut", "one-way", "partial", "loss", "slow-disk", "slow-node", "clock"];

impl Reads for Trouble {
    fn read(item: &Item) -> Read<Trouble> {
        Ok(ALL[choice(item, &NAMES)?])
    }
}

impl NemesisText {
    pub fn mean(&self, text: &str) -> Result<Nemesis, Slip> {
        if self.every.get().0 < Micros(10_000) {
            return Err(self.every.slip(text, "no nemesis strikes that often", "Write \"10ms\" or more."));
        }
        let from = self.from.map_or(Time::ZERO, |Length(from)| Time(from.0));
        if self.kinds.get().is_empty() {
            let hint = format!("Write at least one of {}.", NAMES.join(", "));
            return Err(self.kinds.slip(text, "this nemesis knows no trouble", hint));
        }
        if from.0 >= self.until.get().0.0 {
            let what = format!("this nemesis ends at {} and begins at {from}", self.until.get().0);
            return Err(self.until.slip(text, what, "Make `from` earlier than `until`."));
        }
        Ok(Nemesis {
            kinds: self.kinds.get().clone(),
            every: self.every.get().0,
            from,
            until: Time(self.until.get().0.0),
        })
    }
}

impl Nemesis {
    /// The acts of this nemesis against a cluster of `nodes`, in order of time; a function of the seed alone. None of what
    /// it draws is without effect, unless other acts come between. At `until` everything is healed, whatever broke it.
    pub fn acts(&self, seed: u64, nodes: u16) -> Vec<Act> {
        let mut hand = Hand {
            dice: Dice::named(seed, "nemesis", 0),
            nodes,
            down: vec![Time::ZERO; nodes.into()],
            acts: Vec::new(),
        };
        let gap = Delay::Exponential { mean: self.every };
        let mut at = self.from + gap.draw(hand.dice.source());
        while at < self.until && !self.kinds.is_empty() {
            let kind = *hand.dice.pick(&self.kinds).expect("it is not empty");
            let length = hand.dice.between(Micros(100_000), Micros(2_000_000));
            let end = (at + length).min(self.until);
            hand.strike(kind, at, end);
            at += gap.draw(hand.dice.source()).max(Micros(1_000));
        }
        in_order(&mut hand.acts);
        effects::effective(&mut hand.acts, nodes);
        hand.heal(self.until);
        in_order(&mut hand.acts);
        hand.acts
    }
}

struct Hand {
    dice: Dice,
    nodes: u16,
    /// Until when each node is down.
    down: Vec<Time>,
    acts: Vec<Act>,
}

impl Hand {
    fn act(&mut self, at: Time, fault: Fault) {
        self.acts.push(Act { at, deed: Some(Deed::Fault(fault)), say: None });
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.dice.below(self.nodes.into()) as u16)
    }

    /// From one node to another; `None` if there is one only.
    fn link(&mut self) -> Option<(NodeId, NodeId)> {
        let from = self.node();
        let further =
            1 + self.dice.below(u64::from(self.nodes.checked_sub(1).filter(|others| *others > 0)?)) as u16;
        Some((from, NodeId((from.0 + further) % self.nodes)))
    }

    fn strike(&mut self, kind: Trouble, at: Time, end: Time) {
        match kind {
            Trouble::Crash => self.crash(at, end),
            Trouble::Pause => {
                let node = self.node();
                self.act(at, Fault::Pause(node));
                self.act(end, Fault::Resume(node));
            }
            Trouble::Cut => {
                let (one, other) = self.halves();
                self.cut(at, end, Links::Between(vec![one, other]));
            }
            Trouble::OneWay => {
                let (from, to) = self.halves();
                self.cut(at, end, Links::OneWay { from, to });
            }
            Trouble::Partial => {
                for _ in 0..3 {
                    let Some((from, to)) = self.link() else { return };
                    self.cut(at, end, Links::OneWay { from: vec![from], to: vec![to] });
                }
            }
            Trouble::Loss => {
                let (loss, duplicate) = (0.02 * self.dice.below(11) as f64, 0.02 * self.dice.below(6) as f64);
                let rough = Weather { loss: Some(loss), duplicate: Some(duplicate), ..Weather::default() };
                let calm = Weather { loss: Some(0.0), duplicate: Some(0.0), ..Weather::default() };
                self.act(at, Fault::Weather { links: Links::All, change: rough });
                self.act(end, Fault::Weather { links: Links::All, change: calm });
            }
            Trouble::SlowDisk => {
                let node = self.node();
                let slow = Delay::Constant(self.dice.between(Micros(5_000), Micros(200_000)));
                self.act(at, Fault::Disk { node, sync: slow });
                self.act(end, Fault::Disk { node, sync: Delay::Constant(Micros(500)) });
            }
            Trouble::SlowNode => {
                let node = self.node();
                let times = 1.0 + self.dice.below(50) as f64;
                self.act(at, Fault::Slow { node, times });
                self.act(end, Fault::Slow { node, times: 1.0 });
            }
            Trouble::Clock => {
                let node = self.node();
                if self.dice.chance(0.5) {
                    let by = self.dice.below(1_000_001) as i64 - 500_000;
                    self.act(at, Fault::Jump { node, by });
                } else {
                    let ppm = self.dice.below(200_001) as i32 - 100_000;
                    self.act(at, Fault::Drift { node, ppm });
                    self.act(end, Fault::Drift { node, ppm: 0 });
                }
            }
        }
    }

    /// A crash, if a majority stays up.
    fn crash(&mut self, at: Time, end: Time) {
        let node = self.node();
        let down = self.down.iter().filter(|until| **until > at).count();
        if self.down[node.index()] <= at && (down + 1) * 2 < usize::from(self.nodes) {
            self.down[node.index()] = end;
            self.act(at, Fault::Crash(node));
            self.act(end, Fault::Restart(node));
        }
    }

    fn cut(&mut self, at: Time, end: Time, links: Links) {
        self.act(at, Fault::Cut(links.clone()));
        self.act(end, Fault::Heal(links));
    }

    /// The nodes in two groups, neither empty if there are two nodes.
    fn halves(&mut self) -> (Vec<NodeId>, Vec<NodeId>) {
        let lone = self.node();
        let mut halves = (vec![lone], Vec::new());
        for node in (0..self.nodes).map(NodeId).filter(|node| *node != lone) {
            let side =
                if self.dice.chance(0.5) && !halves.1.is_empty() { &mut halves.0 } else { &mut halves.1 };
            side.push(node);
        }
        halves
    }

    fn heal(&mut self, at: Time) {
        self.act(at, Fault::Heal(Links::All));
        let calm = Weather { loss: Some(0.0), duplicate: Some(0.0), ..Weather::default() };
        self.act(at, Fault::Weather { links: Links::All, change: calm });
        for node in (0..self.nodes).map(NodeId) {
            self.act(at, Fault::Restart(node));
            self.act(at, Fault::Resume(node));
            self.act(at, Fault::Slow { node, times: 1.0 });
            self.act(at, Fault::Drift { node, ppm: 0 });
            self.act(at, Fault::Disk { node, sync: Delay::Constant(Micros(500)) });
        }
    }
}
