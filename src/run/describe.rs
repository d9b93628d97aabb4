//! Anything on the stage, in words.

use crate::sim::envelope::{Flight, along};
use crate::sim::words::counted;
use crate::sim::{EventId, Micros, NodeId, Quality};

use super::erased::Run;
use super::frame::{Frame, Life, NodeFrame};

/// A title, a line under it, and facts with their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    pub title: String,
    pub subtitle: String,
    pub facts: Vec<(String, String)>,
}

impl Description {
    pub(super) fn fact(&mut self, name: &str, value: impl Into<String>) {
        self.facts.push((name.to_owned(), value.into()));
    }
}

/// A node: its part, its protocol's facts, its timers, disk and clock.
pub fn node(frame: &Frame, id: NodeId) -> Option<Description> {
    let node = frame.node(id)?;
    let mut said =
        Description { title: node.name.clone(), subtitle: standing(node), ..Description::default() };
    for (name, value) in &node.inspect.facts {
        said.fact(name, value);
    }
    let held: Vec<String> = node.inspect.holds.iter().map(ToString::to_string).collect();
    if !held.is_empty() {
        said.fact("values", held.join(", "));
    }
    let kept: Vec<String> = node.inspect.keeps.iter().map(ToString::to_string).collect();
    if !kept.is_empty() {
        said.fact("keeps", kept.join(", "));
    }
    if let Some(lag) = frame.lag(node) {
        said.fact("lag", counted(lag, "update"));
    }
    for alarm in &node.alarms {
        said.fact(
            &format!("{} timer", alarm.name.to_ascii_lowercase()),
            format!("in {}", rounded(alarm.due - frame.at)),
        );
    }
    if node.waiting > 0 {
        said.fact("inputs waiting", node.waiting.to_string());
    }
    if node.slowness != 1.0 {
        said.fact("speed", format!("{} times as slow", node.slowness));
    }
    if node.written > 0 {
        said.fact("disk", format!("{}, {} safe", counted(node.written, "record"), node.durable));
    }
    if node.clock_offset != 0 || node.drift_ppm != 0 {
        let sign = if node.clock_offset < 0 { "behind by" } else { "ahead by" };
        said.fact("clock", format!("{sign} {}", rounded(Micros(node.clock_offset.unsigned_abs()))));
    }
    Some(said)
}

/// What the last step changed about a node: names of facts, and what they were before it.
pub fn changes(before: &Frame, now: &Frame, id: NodeId) -> Vec<(String, String)> {
    let (Some(was), Some(is)) = (node(before, id), node(now, id)) else { return Vec::new() };
    let mut changes = Vec::new();
    if was.subtitle != is.subtitle {
        changes.push(("it".to_owned(), was.subtitle));
    }
    for (name, value) in was.facts {
        // Timers run down at every step: that they do is no news.
        let same = is.facts.iter().any(|(other, now)| *other == name && *now == value);
        if !same && !name.ends_with(" timer") {
            changes.push((name, value));
        }
    }
    changes
}

fn standing(node: &NodeFrame) -> String {
    let role = node.inspect.role.name();
    let epoch =
        node.inspect.epoch.map(|epoch| format!(", {} {}", epoch.name, epoch.number)).unwrap_or_default();
    match node.life {
        Life::Up => format!("{role}{epoch}"),
        Life::Paused => format!("paused, {role}{epoch}"),
        Life::Down => format!("down, was {role}{epoch}"),
    }
}

/// A client: what it waits for, and what it heard last.
pub fn client(frame: &Frame, id: NodeId) -> Option<Description> {
    let client = frame.clients.get(id.index().checked_sub(frame.nodes.len())?)?;
    let mut said =
        Description { title: client.name.clone(), subtitle: "client".to_owned(), ..Description::default() };
    if let Some(call) = &client.waits_for {
        said.fact("waits for", call);
    }
    if let Some((at, outcome)) = &client.heard {
        said.fact("heard last", format!("{outcome} (at {at})"));
    }
    Some(said)
}

/// A message in flight, with its content in the protocol's terms.
pub fn message(run: &dyn Run, id: EventId) -> Option<Description> {
    let envelope = run.envelope(id)?;
    let names = run.names();
    let mut said = Description {
        title: envelope.kind.to_owned(),
        subtitle: format!("{} to {}", names.of(envelope.from), names.of(envelope.to)),
        ..Description::default()
    };
    if let Some(letter) = run.letter(id) {
        said.fact("says", letter);
    }
    said.fact("sent", envelope.sent_at.to_string());
    match envelope.flight {
        Flight::Held { along: 0 } => said.fact("held", "until the link heals"),
        Flight::Held { along } => said.fact("held", format!("at {} % of its way", along / 10)),
        Flight::Waiting => said.fact("waits", "at its receiver"),
        _ => {
            said.fact("takes", rounded(envelope.due - envelope.sent_at).to_string());
            said.fact("has come", format!("{} %", along(&envelope, run.now()) / 10));
        }
    }
    said.fact("size", counted(envelope.bytes, "byte"));
    Some(said)
}

/// A link, each way.
pub fn link(run: &dyn Run, a: NodeId, b: NodeId) -> Description {
    let names = run.names();
    let title = format!("{} – {}", names.of(a), names.of(b));
    let mut said = Description { title, subtitle: "link".to_owned(), ..Description::default() };
    for (from, to) in [(a, b), (b, a)] {
        let network = run.network();
        let way = format!("{} to {}", names.of(from), names.of(to));
        let state = if network.is_cut(from, to) {
            "cut".to_owned()
        } else if network.is_held(from, to) {
            "held".to_owned()
        } else {
            quality(network.quality(from, to))
        };
        said.fact(&way, state);
    }
    said
}

fn quality(quality: &Quality) -> String {
    let (median, p99) = (rounded(quality.latency.median()), rounded(quality.latency.p99()));
    let mut words = if median == p99 { format!("{median}") } else { format!("{median} (p99 {p99})") };
    if quality.loss > 0.0 {
        words.push_str(&format!(", {} % lost", percent(quality.loss)));
    }
    if quality.duplicate > 0.0 {
        words.push_str(&format!(", {} % doubled", percent(quality.duplicate)));
    }
    words
}

fn percent(ratio: f64) -> f64 {
    (ratio * 1000.0).round() / 10.0
}

/// Short enough to read at a glance.
fn rounded(length: Micros) -> Micros {
    match length.0 {
        us @ ..10_000 => Micros(us),
        us => Micros(us / 100 * 100),
    }
}
