//! The closed list of everything that can be done to the world.
//!
//! Scenario files, the nemesis, the mouse, the shrinker and links all speak it.

use super::delay::Delay;
use super::node::NodeId;
use super::trace::EventId;

/// Something done to the world. What is done to a node that is in no state for it (a crash of one that is down) does
/// nothing, and the trace says why ([`super::Futile`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The process dies: memory is lost, and so is what the disk had not synced.
    Crash(NodeId),
    /// It starts again from its disk.
    Restart(NodeId),
    /// The process stands still (a long garbage collection, a stopped machine); what arrives waits.
    Pause(NodeId),
    /// It goes on, with what waited.
    Resume(NodeId),
    /// Its work takes `times` as long.
    Slow { node: NodeId, times: f64 },
    /// Its clock jumps by this number of µs (negative: back).
    Jump { node: NodeId, by: i64 },
    /// Its clock gains this number of µs a second from now on (negative: loses).
    Drift { node: NodeId, ppm: i32 },
    /// Its disk takes this long to sync from now on.
    Disk { node: NodeId, sync: Delay },
    /// Its earliest timer goes off now.
    Fire(NodeId),
    /// Messages on these links are lost, also those on their way.
    Cut(Links),
    /// Messages on these links wait until the links heal.
    Hold(Links),
    /// Ends cuts and holds on these links.
    Heal(Links),
    /// Other weather on these links.
    Weather { links: Links, change: Weather },
    /// One message in flight is lost.
    Drop(EventId),
    /// One message in flight arrives twice.
    Duplicate(EventId),
    /// One message in flight (or held) arrives this number of µs later (negative: sooner, but never before now).
    Delay { message: EventId, by: i64 },
    /// One message in flight stays where it is until it is released.
    Keep(EventId),
    /// One held message goes on, with what was left of its way.
    Release(EventId),
    /// One message in flight (or held) arrives now.
    Deliver(EventId),
}

/// A set of directed links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Links {
    /// Every link there is.
    All,
    /// Both directions between each two of the groups.
    Between(Vec<Vec<NodeId>>),
    /// From each of these to each of those.
    OneWay { from: Vec<NodeId>, to: Vec<NodeId> },
    /// These, each from the first to the second.
    Each(Vec<(NodeId, NodeId)>),
}

/// What changes in the weather of a link; `None` stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weather {
    pub latency: Option<Delay>,
    /// Probability in `0..=1`.
    pub loss: Option<f64>,
    /// Probability in `0..=1`.
    pub duplicate: Option<f64>,
    /// Messages of a link arrive in the order they were sent.
    pub fifo: Option<bool>,
    /// Bytes a second; 0 is unlimited.
    pub bandwidth: Option<u64>,
}

impl Fault {
    /// The message it is about, if it is about one; such a fault belongs to one run only.
    pub fn message(&self) -> Option<EventId> {
        match self {
            Fault::Drop(message)
            | Fault::Duplicate(message)
            | Fault::Delay { message, .. }
            | Fault::Keep(message)
            | Fault::Release(message)
            | Fault::Deliver(message) => Some(*message),
            _ => None,
        }
    }
}

impl Links {
    /// The directed links of this set in a network of `places`, in order, without repeats.
    pub fn directed(&self, places: u16) -> Vec<(NodeId, NodeId)> {
        let mut links: Vec<u64> = Vec::new();
        match self {
            Links::All => {
                for from in 0..places {
                    links.extend((0..places).map(|to| packed(NodeId(from), NodeId(to))));
                }
            }
            Links::Between(groups) => {
                for (i, one) in groups.iter().enumerate() {
                    for other in groups.iter().skip(i + 1) {
                        cross(&mut links, one, other);
                        cross(&mut links, other, one);
                    }
                }
            }
            Links::OneWay { from, to } => cross(&mut links, from, to),
            Links::Each(ends) => links.extend(ends.iter().map(|(from, to)| packed(*from, *to))),
        }
        links.sort_unstable();
        links.dedup();
        let ends = links.into_iter().map(|link| (NodeId((link >> 16) as u16), NodeId(link as u16)));
        ends.filter(|(from, to)| from != to && from.0 < places && to.0 < places).collect()
    }
}

/// Both ends in one number, in their order: numbers are sorted all over the core, pairs only here.
fn packed(from: NodeId, to: NodeId) -> u64 {
    u64::from(from.0) << 16 | u64::from(to.0)
}

fn cross(links: &mut Vec<u64>, from: &[NodeId], to: &[NodeId]) {
    for a in from {
        links.extend(to.iter().map(|b| packed(*a, *b)));
    }
}
