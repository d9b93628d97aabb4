//! Links: what the weather does to a message, and which way it cannot go.

use std::collections::BTreeMap;

use rand::Rng;

use super::delay::Delay;
use super::fault::{Links, Weather};
use super::node::NodeId;
use super::rng::{unit, weather};
use super::time::{Micros, Time};
use super::trace::Loss;

/// How a link behaves while it is neither cut nor held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    pub latency: Delay,
    /// Probability that a message is lost.
    pub loss: f64,
    /// Probability that a message arrives twice.
    pub duplicate: f64,
    /// Messages arrive in the order they were sent; otherwise a fast one overtakes a slow one.
    pub fifo: bool,
    /// Bytes a second; 0 is unlimited.
    pub bandwidth: u64,
}

impl Default for Quality {
    fn default() -> Self {
        let latency = Delay::log_normal(Micros::from_millis(8), Micros::from_millis(40));
        Quality { latency, loss: 0.0, duplicate: 0.0, fifo: false, bandwidth: 0 }
    }
}

impl Quality {
    fn change(&mut self, change: &Weather) {
        self.latency = change.latency.unwrap_or(self.latency);
        self.loss = change.loss.unwrap_or(self.loss);
        self.duplicate = change.duplicate.unwrap_or(self.duplicate);
        self.fifo = change.fifo.unwrap_or(self.fifo);
        self.bandwidth = change.bandwidth.unwrap_or(self.bandwidth);
    }

    fn has_memory(&self) -> bool {
        self.fifo || self.bandwidth > 0
    }
}

/// A directed link that is not like the others, or that has to remember something.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub cut: bool,
    pub held: bool,
    /// Differs from the network's own quality.
    pub quality: Option<Quality>,
    /// The last arrival promised, for FIFO.
    last_due: Time,
    /// When the line is free again, for bandwidth.
    busy_until: Time,
}

/// What becomes of a message that is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passage {
    /// How long it takes if it arrives.
    pub due: Time,
    pub fate: Fate,
    /// When a second copy arrives, if the network makes one.
    pub copy_due: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    Arrives,
    /// Lost this part of the way along (thousandths).
    Dies(Loss, u16),
    /// Waits until the link heals.
    Waits,
}

/// Every link between nodes and clients.
#[derive(Clone, Debug)]
pub struct Network {
    seed: u64,
    places: u16,
    base: Quality,
    /// Only links with something to say; in order, so that walking them is deterministic.
    links: BTreeMap<(NodeId, NodeId), Link>,
}

impl Network {
    /// A network between `places` nodes and clients, all links alike.
    pub fn new(seed: u64, places: u16, base: Quality) -> Network {
        Network { seed, places, base, links: BTreeMap::new() }
    }

    /// How many nodes and clients there are.
    pub fn places(&self) -> u16 {
        self.places
    }

    /// What links are like that no act changed.
    pub fn base(&self) -> &Quality {
        &self.base
    }

    /// The links that are cut, held, or of another quality, in order.
    pub fn marked(&self) -> impl Iterator<Item = ((NodeId, NodeId), &Link)> {
        self.links.iter().map(|(ends, link)| (*ends, link))
    }

    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.links.get(&(from, to)).is_some_and(|link| link.cut)
    }

    pub fn is_held(&self, from: NodeId, to: NodeId) -> bool {
        self.links.get(&(from, to)).is_some_and(|link| link.held)
    }

    /// What this link is like.
    pub fn quality(&self, from: NodeId, to: NodeId) -> &Quality {
        self.links.get(&(from, to)).and_then(|link| link.quality.as_ref()).unwrap_or(&self.base)
    }

    /// Decides what becomes of a message that leaves at `now` as the sender's `nth` of this instant.
    ///
    /// The draws are a function of (seed, link, instant) alone: loss, duplication, latency, in this order, taken
    /// whether or not they are needed, so that turning one dial leaves the other draws as they were.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn pass(&mut self, from: NodeId, to: NodeId, bytes: u32, now: Time, nth: u32) -> Passage {
        if self.links.is_empty() && !self.base.has_memory() {
            return fair(&self.base, self.seed, from, to, now, nth);
        }
        self.pass_marked(from, to, bytes, now, nth)
    }

    fn pass_marked(&mut self, from: NodeId, to: NodeId, bytes: u32, now: Time, nth: u32) -> Passage {
        let quality = *self.quality(from, to);
        let mut passage = fair(&quality, self.seed, from, to, now, nth);
        if quality.has_memory() {
            self.links.entry((from, to)).or_default();
        }
        let Some(link) = self.links.get_mut(&(from, to)) else { return passage };
        if let Some(on_wire) = (u64::from(bytes) * 1_000_000).checked_div(quality.bandwidth) {
            link.busy_until = link.busy_until.max(now) + Micros(on_wire);
            passage.due += link.busy_until - now;
        }
        if link.cut {
            passage.fate = Fate::Dies(Loss::Cut, 500);
        } else if link.held && passage.fate == Fate::Arrives {
            passage.fate = Fate::Waits;
        }
        if quality.fifo && passage.fate == Fate::Arrives {
            passage.due = passage.due.max(link.last_due);
            link.last_due = passage.due;
        }
        passage
    }

    /// Cuts links; says which were not cut before.
    pub fn cut(&mut self, links: &Links) -> Vec<(NodeId, NodeId)> {
        let directed = links.directed(self.places);
        directed.into_iter().filter(|ends| !std::mem::replace(&mut self.link(*ends).cut, true)).collect()
    }

    /// Holds links: what is sent from now on waits.
    pub fn hold(&mut self, links: &Links) {
        for ends in links.directed(self.places) {
            self.link(ends).held = true;
        }
    }

    /// Ends cuts and holds.
    pub fn heal(&mut self, links: &Links) {
        for ends in links.directed(self.places) {
            if let Some(link) = self.links.get_mut(&ends) {
                link.cut = false;
                link.held = false;
            }
        }
        self.links.retain(|_, link| {
            link.cut
                || link.held
                || link.quality.is_some()
                || link.last_due > Time::ZERO
                || link.busy_until > Time::ZERO
        });
    }

    /// Changes the weather: of the whole network (and every link that had its own), or of some links.
    pub fn change(&mut self, links: &Links, change: &Weather) {
        if *links == Links::All {
            self.base.change(change);
            for quality in self.links.values_mut().filter_map(|link| link.quality.as_mut()) {
                quality.change(change);
            }
            return;
        }
        let base = self.base;
        for ends in links.directed(self.places) {
            self.link(ends).quality.get_or_insert(base).change(change);
        }
    }

    fn link(&mut self, ends: (NodeId, NodeId)) -> &mut Link {
        self.links.entry(ends).or_default()
    }
}

/// The passage over a link that is neither cut nor held and that remembers nothing.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn fair(quality: &Quality, seed: u64, from: NodeId, to: NodeId, now: Time, nth: u32) -> Passage {
    let mut chance = weather(seed, from.0, to.0, now.0, nth);
    let (loss, duplicate) = (chance.next_u64(), chance.next_u64());
    let due = now + quality.latency.draw(&mut chance);
    let lost = quality.loss > 0.0 && unit(loss) < quality.loss;
    let copied = quality.duplicate > 0.0 && unit(duplicate) < quality.duplicate;
    Passage {
        due,
        // Where on its way it dies says nothing; the middle stretch is where it is seen best.
        fate: if lost { Fate::Dies(Loss::Chance, 250 + (loss & 0x1ff) as u16) } else { Fate::Arrives },
        copy_due: (copied && !lost).then(|| now + quality.latency.draw(&mut chance)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);

    fn network(base: Quality) -> Network {
        Network::new(7, 3, base)
    }

    #[test]
    fn loss_and_duplication_come_as_often_as_asked() {
        let mut network = network(Quality { loss: 0.1, duplicate: 0.2, ..Quality::default() });
        let passages: Vec<Passage> = (0..20_000).map(|at| network.pass(A, B, 64, Time(at), 0)).collect();
        let lost = passages.iter().filter(|p| matches!(p.fate, Fate::Dies(Loss::Chance, _))).count();
        let copied = passages.iter().filter(|p| p.copy_due.is_some()).count();
        assert!((1_850..2_150).contains(&lost), "{lost}");
        assert!((3_350..3_850).contains(&copied), "{copied} of the {} that arrive", 20_000 - lost);
    }

    #[test]
    fn turning_loss_on_leaves_the_latencies_as_they_were() {
        let mut calm = network(Quality::default());
        let mut rough = network(Quality { loss: 0.5, ..Quality::default() });
        for at in 0..1_000 {
            assert_eq!(calm.pass(A, B, 64, Time(at), 0).due, rough.pass(A, B, 64, Time(at), 0).due);
        }
    }

    #[test]
    fn only_fifo_keeps_the_order() {
        let overtakes = |fifo| {
            let mut network = network(Quality { fifo, ..Quality::default() });
            let dues: Vec<Time> =
                (0..1_000).map(|at| network.pass(A, B, 64, Time(at * 100), 0).due).collect();
            dues.windows(2).filter(|pair| pair[1] < pair[0]).count()
        };
        assert!(overtakes(false) > 100);
        assert_eq!(overtakes(true), 0);
    }

    #[test]
    fn a_narrow_link_sends_one_after_the_other() {
        let latency = Delay::Constant(Micros(10));
        let mut network = network(Quality { latency, bandwidth: 1_000_000, ..Quality::default() });
        let dues: Vec<u64> = (0..3).map(|nth| network.pass(A, B, 500, Time(0), nth).due.0).collect();
        assert_eq!(dues, [510, 1_010, 1_510]);
    }

    #[test]
    fn a_one_way_cut_leaves_the_way_back() {
        let mut network = network(Quality::default());
        network.cut(&Links::OneWay { from: vec![A], to: vec![B] });
        assert_eq!(network.pass(A, B, 64, Time(0), 0).fate, Fate::Dies(Loss::Cut, 500));
        assert_eq!(network.pass(B, A, 64, Time(0), 0).fate, Fate::Arrives);
        network.heal(&Links::All);
        assert_eq!(network.pass(A, B, 64, Time(0), 0).fate, Fate::Arrives);
        assert_eq!(network.marked().count(), 0);
    }
}
