//! Deeds in plain words, with the names of nodes and clients.

use super::erased::Run;
use super::turns::Pair;
use crate::scenario::{Deed, Zone};
use crate::sim::words::counted;
use crate::sim::{EventId, Fault, Futile, Halt, Links, NodeId, Trace, Weather, What};

/// What everybody is called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub nodes: u16,
    pub clients: Vec<String>,
    pub zones: Vec<Zone>,
}

impl Names {
    /// Why a leader of an older term beside a newer one breaks nothing.
    pub(super) fn legal_pair(&self, pair: &Pair) -> String {
        let (name, number) = pair.epoch.map_or(("term", 0), |epoch| (epoch.name, epoch.number));
        let with = match pair.with.as_slice() {
            [] => "alone".to_owned(),
            [one] => format!("with {} only", self.of(*one)),
            [most @ .., last] => {
                let most: Vec<String> = most.iter().map(|node| self.of(*node)).collect();
                format!("with {} and {}", most.join(", "), self.of(*last))
            }
        };
        let (reach, all) = (pair.with.len() + 1, usize::from(self.nodes));
        let so = match 2 * reach > all {
            true => format!("it has not heard of {} yet, and steps down when it does", self.of(pair.new)),
            false => format!("{with}: {reach} of {all}, so it can commit nothing"),
        };
        format!("still leads {name} {number}, {so}; election safety allows one leader a {name}")
    }

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

    /// What came of a deed at this event: what was done, or why it had no effect.
    pub fn done(&self, deed: &Deed, event: EventId, trace: &Trace) -> String {
        let said = self.deed(deed);
        match (trace.futile(event), deed) {
            (Some(why), Deed::Fault(fault)) => {
                format!("\"{said}\" had no effect: {}", self.futile(why, fault, event, trace))
            }
            _ => said,
        }
    }

    fn futile(&self, why: Futile, fault: &Fault, event: EventId, trace: &Trace) -> String {
        match why {
            Futile::Down(node) => format!("{} is down", self.of(node)),
            Futile::Up(node) => format!("{} is up", self.of(node)),
            Futile::Paused(node) => format!("{} is paused already", self.of(node)),
            Futile::NotPaused(node) => format!("{} is not paused", self.of(node)),
            Futile::NoTimer(node) => format!("{} has set no timer", self.of(node)),
            Futile::Already => match fault {
                Fault::Jump { .. } => "the jump is 0 long".to_owned(),
                Fault::Delay { .. } => "it would arrive at the same time".to_owned(),
                _ => "it is so already".to_owned(),
            },
            Futile::NoLink => "there is no such link".to_owned(),
            Futile::CutAlready => "it is cut already".to_owned(),
            Futile::HeldAlready => "they are held already".to_owned(),
            Futile::Whole => "nothing there is cut or held".to_owned(),
            Futile::NotInFlight => fault.message().map_or_else(String::new, |id| fate(id, event, trace)),
            Futile::AtReceiver => "it waits at its receiver already".to_owned(),
            Futile::Doomed => "the network loses it anyway".to_owned(),
            Futile::MessageHeld => "it is held already".to_owned(),
            Futile::MessageNotHeld => "it is not held".to_owned(),
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

/// What became of a message that is not in flight when the act of this event asks for it.
fn fate(message: EventId, act: EventId, trace: &Trace) -> String {
    let sent = trace.get(message).filter(|_| message < act).map(|event| event.what);
    if !matches!(sent, Some(What::Sent { .. } | What::Duplicated { .. })) {
        return format!("event {} sent no message", message.0);
    }
    let since = trace.events[..act.0 as usize].iter().skip(message.0 as usize);
    let end = since.rev().find_map(|event| match event.what {
        What::Delivered { message: other } if other == message => Some("it has arrived"),
        What::Lost { message: other, .. } if other == message => Some("it is lost"),
        _ => None,
    });
    end.unwrap_or("it is not in flight").to_owned()
}

fn weather(change: &Weather) -> String {
    let mut parts = Vec::new();
    if let Some(latency) = change.latency {
        parts.push(format!("latency is about {}", latency.median()));
    }
    if let Some(loss) = change.loss {
        parts.push(format!("{} % of messages are lost", percent(loss)));
    }
    if let Some(duplicate) = change.duplicate {
        parts.push(format!("{} % of messages come twice", percent(duplicate)));
    }
    if let Some(fifo) = change.fifo {
        parts.push(if fifo { "messages keep their order" } else { "messages may overtake" }.to_owned());
    }
    if let Some(bandwidth) = change.bandwidth {
        parts.push(format!("links carry {} a second", counted(bandwidth, "byte")));
    }
    parts.join(", ")
}

/// What came of the act in this place of the run's list, as far as the run has been run: what was done, or why it had
/// no effect. `None` for one that only says something.
pub fn of_act(run: &dyn Run, place: usize) -> Option<String> {
    let (deed, trace) = (run.acts().get(place)?.deed.as_ref()?, run.trace());
    let is_it = |event: &EventId| {
        trace.get(*event).is_some_and(|event| event.what == What::Acted { act: place as u32 })
    };
    match trace.futile_acts().find(is_it) {
        Some(event) => Some(run.names().done(deed, event, trace)),
        None => Some(run.names().deed(deed)),
    }
}

/// Why a run stopped before its time.
pub fn halted(halt: Halt) -> String {
    match halt {
        Halt::Events(n) => format!("its budget of {} is spent", counted(n, "event")),
        Halt::Loop(n) => {
            format!("{} happened within one microsecond and no time passed", counted(n, "event"))
        }
        Halt::Flood(n) => format!("{n} messages are in flight at once"),
    }
}

/// A part of one in percent, without what a product of fractions leaves behind.
fn percent(part: f64) -> f64 {
    (part * 1e8).round() / 1e6
}
