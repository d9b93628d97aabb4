//! Deeds in plain words, with the names of nodes and clients.

use crate::scenario::{Deed, Zone};
use crate::sim::{Fault, Halt, Links, NodeId, Weather};

/// What everybody is called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub nodes: u16,
    pub clients: Vec<String>,
    pub zones: Vec<Zone>,
}

impl Names {
    /// `n1` and so on for nodes, their own names for clients, `you` for operations by hand.
    pub fn of(&self, place: NodeId) -> String {
        match place.0.checked_sub(self.nodes) {
            None => place.to_string(),
            Some(client) => self.clients.get(client as usize).cloned().unwrap_or_else(|| "you".to_owned()),
        }
    }

    /// The place of a name.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        let places = self.nodes + self.clients.len() as u16;
        (0..places).map(NodeId).find(|place| self.of(*place) == name)
    }

    pub fn list(&self, places: &[NodeId]) -> String {
        let names: Vec<String> = places.iter().map(|place| self.of(*place)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => "nobody".to_owned(),
        }
    }

    pub fn deed(&self, deed: &Deed) -> String {
        match deed {
            Deed::Fault(fault) => self.fault(fault),
            Deed::Ask { node, ask } => {
                format!("you ask {} to {ask}", self.of(*node))
            }
        }
    }

    fn fault(&self, fault: &Fault) -> String {
        match fault {
            Fault::Crash(node) => format!("{} crashes", self.of(*node)),
            Fault::Restart(node) => format!("{} starts again", self.of(*node)),
            Fault::Pause(node) => format!("{} is paused", self.of(*node)),
            Fault::Resume(node) => format!("{} is resumed", self.of(*node)),
            Fault::Slow { node, times } if *times == 1.0 => {
                format!("{} works at its own speed again", self.of(*node))
            }
            Fault::Slow { node, times } => format!("{} works {times} times as slowly", self.of(*node)),
            Fault::Jump { node, by } => {
                let way = if *by < 0 { "back" } else { "forward" };
                let by = crate::sim::Micros(by.unsigned_abs());
                format!("the clock of {} jumps {way} by {by}", self.of(*node))
            }
            Fault::Drift { node, ppm } => format!("the clock of {} gains {ppm} µs a second", self.of(*node)),
            Fault::Disk { node, sync } => {
                format!("the disk of {} takes about {} to sync", self.of(*node), sync.median())
            }
            Fault::Fire(node) => format!("the next timer of {} goes off now", self.of(*node)),
            Fault::Cut(links) => format!("the network is cut {}", self.links(links)),
            Fault::Hold(links) => format!("messages are held {}", self.links(links)),
            Fault::Heal(Links::All) => "the network heals".to_owned(),
            Fault::Heal(links) => format!("the network heals {}", self.links(links)),
            Fault::Weather { links, change } => format!("{} {}", weather(change), self.links(links)),
            Fault::Drop(_) => "a message is dropped".to_owned(),
            Fault::Duplicate(_) => "a message is duplicated".to_owned(),
            Fault::Delay { by, .. } => {
                let way = if *by < 0 { "hastened" } else { "delayed" };
                format!("a message is {way} by {}", crate::sim::Micros(by.unsigned_abs()))
            }
            Fault::Keep(_) => "a message is held where it is".to_owned(),
            Fault::Release(_) => "a held message goes on".to_owned(),
            Fault::Deliver(_) => "a message arrives at once".to_owned(),
        }
    }

    fn links(&self, links: &Links) -> String {
        match links {
            Links::All => "everywhere".to_owned(),
            Links::Between(groups) => {
                let groups: Vec<String> = groups.iter().map(|group| self.list(group)).collect();
                format!("between {}", groups.join(" | "))
            }
            Links::OneWay { from, to } => format!("from {} to {}", self.list(from), self.list(to)),
            Links::Each(ends) => format!("on {}", self.ways(ends)),
        }
    }

    /// Directed links, both ways in one word where both are among them.
    fn ways(&self, ends: &[(NodeId, NodeId)]) -> String {
        let both = |from: NodeId, to: NodeId| ends.contains(&(to, from));
        let ways = ends.iter().filter(|(from, to)| from < to || !both(*from, *to)).map(|(from, to)| {
            let sign = if both(*from, *to) { "–" } else { "→" };
            format!("{} {sign} {}", self.of(*from), self.of(*to))
        });
        ways.collect::<Vec<_>>().join(", ")
    }
}

fn weather(change: &Weather) -> String {
    let mut parts = Vec::new();
    if let Some(latency) = change.latency {
        parts.push(format!("latency is about {}", latency.median()));
    }
    if let Some(loss) = change.loss {
        parts.push(format!("{} % of messages are lost", loss * 100.0));
    }
    if let Some(duplicate) = change.duplicate {
        parts.push(format!("{} % of messages come twice", duplicate * 100.0));
    }
    if let Some(fifo) = change.fifo {
        parts.push(if fifo { "messages keep their order" } else { "messages may overtake" }.to_owned());
    }
    if let Some(bandwidth) = change.bandwidth {
        parts.push(format!("links carry {bandwidth} bytes a second"));
    }
    parts.join(", ")
}

/// Why a run stopped before its time.
pub fn halted(halt: Halt) -> String {
    match halt {
        Halt::Events(n) => format!("its budget of {n} events is spent"),
        Halt::Loop(n) => format!("{n} events happened within one microsecond and no time passed"),
        Halt::Flood(n) => format!("{n} messages are in flight at once"),
    }
}
