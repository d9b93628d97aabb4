//! The world at one instant, as pictures may know it: no protocol's types, no trace, no pixels.

use crate::scenario::Zone;
use crate::sim::{EventId, Flight, Inspect, Loss, Micros, NodeId, Time};

/// Everything a picture of one instant may know. It is filled again and again, so that its memory is kept.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub at: Time,
    /// When the script ends.
    pub until: Time,
    pub nodes: Vec<NodeFrame>,
    pub clients: Vec<ClientFrame>,
    /// Nodes that stand together, with the name of the place.
    pub zones: Vec<Zone>,
    /// Messages on their way, held, or waiting at their receiver.
    pub messages: Vec<MessageFrame>,
    /// Messages that died within the memory asked for, oldest first.
    pub losses: Vec<LossFrame>,
    /// Directed links that are cut, held, or of another quality than the rest.
    pub links: Vec<LinkFrame>,
    /// The nodes that a broken promise concerns.
    pub accused: Vec<NodeId>,
}

/// One node, up or down.
#[derive(Clone, Debug)]
pub struct NodeFrame {
    pub id: NodeId,
    pub name: String,
    pub life: Life,
    /// When it last started, stopped, paused or resumed.
    pub since: Time,
    /// What it showed last; for a node that is down, what it showed before.
    pub inspect: Inspect,
    pub alarms: Vec<AlarmFrame>,
    /// Inputs that wait for it.
    pub waiting: usize,
    /// When the work at hand is done.
    pub busy_until: Option<Time>,
    /// How many times as long its work takes; 1 is normal.
    pub slowness: f64,
    /// Records written, and how many of them would survive a crash.
    pub written: u64,
    pub durable: u64,
    /// When it last wrote.
    pub written_at: Time,
    /// How far its clock is ahead of true time, µs.
    pub clock_offset: i64,
    pub drift_ppm: i32,
}

/// Is there a process, and does it move?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Up,
    Paused,
    Down,
}

/// A timer that is set: at `set_at` the arc is full, at `due` it is gone.
#[derive(Clone, Debug)]
pub struct AlarmFrame {
    pub name: String,
    pub set_at: Time,
    pub due: Time,
}

/// One client: what it waits for, and what it heard last.
#[derive(Clone, Debug)]
pub struct ClientFrame {
    pub id: NodeId,
    pub name: String,
    /// What it waits for: `"write x 5"`.
    pub waits_for: Option<String>,
    /// What it heard last, and when.
    pub heard: Option<(Time, String)>,
}

/// One message that has not ended.
#[derive(Clone, Copy, Debug)]
pub struct MessageFrame {
    pub message: EventId,
    pub from: NodeId,
    pub to: NodeId,
    pub kind: &'static str,
    pub sent_at: Time,
    /// When it would arrive; its place on the link is a function of the time alone.
    pub due: Time,
    pub flight: Flight,
    /// The message this one is a copy of.
    pub copy_of: Option<EventId>,
}

/// Where a message died, and why.
#[derive(Clone, Copy, Debug)]
pub struct LossFrame {
    pub message: EventId,
    pub from: NodeId,
    pub to: NodeId,
    pub kind: &'static str,
    pub at: Time,
    /// How far it had come, in thousandths of the way.
    pub along: u16,
    pub why: Loss,
}

/// A directed link that is not like the others.
#[derive(Clone, Copy, Debug)]
pub struct LinkFrame {
    pub from: NodeId,
    pub to: NodeId,
    pub cut: bool,
    pub held: bool,
    /// Has a latency, loss or bandwidth of its own.
    pub different: bool,
}

impl MessageFrame {
    /// How far along its link it is, `0.0..=1.0`.
    pub fn along(&self, now: Time) -> f32 {
        match self.flight {
            Flight::Held { along } => f32::from(along) / 1000.0,
            Flight::Waiting => 1.0,
            _ => {
                let way = (self.due - self.sent_at).0.max(1) as f32;
                ((now - self.sent_at).0 as f32 / way).min(1.0)
            }
        }
    }
}

impl AlarmFrame {
    /// The part of its time that is left, `0.0..=1.0`.
    pub fn left(&self, now: Time) -> f32 {
        let whole = (self.due - self.set_at).max(Micros(1));
        (self.due - now).0 as f32 / whole.0 as f32
    }
}

impl Frame {
    /// A node of this frame; `None` for a client.
    pub fn node(&self, id: NodeId) -> Option<&NodeFrame> {
        self.nodes.get(id.index())
    }

    /// How many updates a node lacks that another has applied, seen from outside: no node knows its own.
    pub fn lag(&self, node: &NodeFrame) -> Option<u64> {
        let applied = |node: &NodeFrame| {
            let log = node.inspect.log.as_ref().map(|log| log.applied);
            node.inspect.applied.or(log)
        };
        let most = self.nodes.iter().filter(|node| node.life != Life::Down).filter_map(applied).max();
        Some(most?.saturating_sub(applied(node)?))
    }

    /// The name of a node or client.
    pub fn name(&self, id: NodeId) -> &str {
        let client =
            || self.clients.get(id.index().checked_sub(self.nodes.len())?).map(|client| &*client.name);
        self.node(id).map(|node| &*node.name).or_else(client).unwrap_or("?")
    }
}
