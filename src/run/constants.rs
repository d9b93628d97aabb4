//! Every constant in force, and where it is set: nothing that shapes a run is hidden from who looks at it.

use super::session::Session;
use crate::scenario::vocabulary::write_setting;
use crate::sim::{Machine, Micros, Quality};
use crate::workload::{PATIENCE, Pace};

/// One constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// What it belongs to: the protocol, the network, a machine, a client, the simulator.
    pub of: String,
    pub name: String,
    pub value: String,
    pub set: Set,
}

/// Where a constant is set, and so where it can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Nobody said anything else.
    Standard,
    /// In the scenario file.
    Scenario,
    /// In the variant that is played.
    Variant,
    /// By a knob that was turned, or by an act.
    Hand,
    /// In the simulator itself, for every run.
    Fixed,
}

impl Set {
    pub fn words(self) -> &'static str {
        match self {
            Set::Standard => "standard",
            Set::Scenario => "scenario",
            Set::Variant => "variant",
            Set::Hand => "by hand",
            Set::Fixed => "fixed",
        }
    }
}

/// All of them, at the present moment.
pub fn in_force(session: &Session) -> Vec<Constant> {
    let mut all = List(Vec::new());
    knobs(session, &mut all);
    network(session, &mut all);
    machines(session, &mut all);
    clients(session, &mut all);
    let limits = session.run().plan().limits;
    all.add("simulator", "events in all, at most", limits.events, Set::Fixed);
    all.add("simulator", "events within one µs, at most", limits.at_once, Set::Fixed);
    all.add("simulator", "messages in flight, at most", limits.in_flight, Set::Fixed);
    all.0
}

struct List(Vec<Constant>);

impl List {
    fn add(&mut self, of: &str, name: &str, value: impl ToString, set: Set) {
        self.0.push(Constant { of: of.to_owned(), name: name.to_owned(), value: value.to_string(), set });
    }
}

fn knobs(session: &Session, all: &mut List) {
    let plan = session.run().plan();
    let variant =
        session.script().variant.iter().find(|other| Some(other.name.get().as_str()) == session.variant());
    for (name, setting) in plan.knobs.iter() {
        let named =
            |knobs: &[(crate::scenario::at::At<String>, _)]| knobs.iter().any(|(knob, _)| knob.get() == name);
        let set = if session.knobs.get(name).is_some() {
            Set::Hand
        } else if variant.is_some_and(|variant| named(&variant.knobs.0)) {
            Set::Variant
        } else if named(&session.script().knobs.0) {
            Set::Scenario
        } else {
            Set::Standard
        };
        all.add(&plan.protocol, name, write_setting(setting), set);
    }
}

fn network(session: &Session, all: &mut List) {
    let (plan, standard) = (session.run().plan(), Quality::default());
    let now = session.run().network().base();
    let set = |hand: bool, scenario: bool| match (hand, scenario) {
        (true, _) => Set::Hand,
        (_, true) => Set::Scenario,
        _ => Set::Standard,
    };
    let (latency, file) = (now.latency, plan.network.latency);
    let from = set(latency != file, file != standard.latency);
    all.add("network", "latency, median", latency.median(), from);
    all.add("network", "latency, 99th percentile", latency.p99(), from);
    let percent = |ratio: f64| format!("{} %", (ratio * 1e4).round() / 1e2);
    let quality =
        |of: fn(&Quality) -> f64| set(of(now) != of(&plan.network), of(&plan.network) != of(&standard));
    all.add("network", "loss", percent(now.loss), quality(|q| q.loss));
    all.add("network", "duplication", percent(now.duplicate), quality(|q| q.duplicate));
    all.add(
        "network",
        "keeps the order",
        if now.fifo { "yes" } else { "no" },
        quality(|q| f64::from(q.fifo as u8)),
    );
    let bandwidth = match now.bandwidth {
        0 => "unlimited".to_owned(),
        bytes => format!("{bytes} bytes/s"),
    };
    all.add("network", "bandwidth", bandwidth, quality(|q| q.bandwidth as f64));
}

/// What all machines have in common once, and what is different by node.
fn machines(session: &Session, all: &mut List) {
    let (plan, standard) = (session.run().plan(), Machine::default());
    let Some(first) = plan.machines.first() else { return };
    let common = |same: &dyn Fn(&Machine) -> bool| plan.machines.iter().all(same);
    let mut tell = |name: &str, words: &dyn Fn(&Machine) -> String| {
        let set = |machine: &Machine| {
            if words(machine) == words(&standard) { Set::Standard } else { Set::Scenario }
        };
        if common(&|machine| words(machine) == words(first)) {
            all.add("every node", name, words(first), set(first));
            return;
        }
        for (i, machine) in plan.machines.iter().enumerate().take(50) {
            all.add(&format!("n{}", i + 1), name, words(machine), set(machine));
        }
    };
    tell("work an input costs", &|machine| machine.service.to_string());
    tell("sync of the disk", &|machine| machine.sync.median().to_string());
    tell("inputs that may wait", &|machine| machine.queue.to_string());
    tell("clock at the start", &|machine| {
        let sign = if machine.offset < 0 { "−" } else { "+" };
        format!("{sign}{}", Micros(machine.offset.unsigned_abs()))
    });
    tell("clock gains", &|machine| format!("{} µs/s", machine.drift_ppm));
}

fn clients(session: &Session, all: &mut List) {
    let clients = &session.run().plan().clients;
    for (client, text) in clients.iter().zip(&session.script().client) {
        let asks = match client.pace {
            Pace::Every(_) => "asks every",
            Pace::Think(_) => "asks again",
            Pace::Open(_) => "asks whatever is under way",
        };
        all.add(&client.name, asks, client.pace, Set::Scenario);
        if let Some(retry) = client.retry {
            all.add(&client.name, "tries again", retry, Set::Scenario);
        }
        let set = if text.timeout.is_some() { Set::Scenario } else { Set::Standard };
        all.add(&client.name, "waits for an answer", client.timeout, set);
    }
    if clients.iter().any(|client| client.retry.is_none()) {
        all.add("every client", "asks again after a refusal", PATIENCE, Set::Fixed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::session::Change;
    use crate::scenario::tree::Table;
    use litemap::LiteMap;

    #[test]
    fn every_constant_says_where_it_is_set() {
        let text = include_str!("../../scenarios/raft-election.toml");
        let mut session = Session::open("raft-election", text).unwrap();
        let find = |session: &Session, name: &str| {
            in_force(session)
                .into_iter()
                .find(|constant| constant.name == name)
                .unwrap_or_else(|| panic!("{name}"))
        };
        assert_eq!(find(&session, "latency, median").set, Set::Scenario);
        assert_eq!(find(&session, "loss").set, Set::Standard);
        session.act(Table::parse("weather = { loss = 0.25 }").unwrap()).unwrap();
        let loss = find(&session, "loss");
        assert_eq!((loss.value.as_str(), loss.set), ("25 %", Set::Hand));
        let knobs = LiteMap::from_iter([("heartbeat".to_owned(), "60ms".to_owned())]);
        session.change(Change { knobs: Some(knobs), ..Change::default() }).unwrap();
        assert_eq!(find(&session, "heartbeat").set, Set::Hand);
        session.change(Change { variant: Some("equal timeouts".to_owned()), ..Change::default() }).unwrap();
        assert_eq!(find(&session, "spread").set, Set::Variant);
        assert_eq!(find(&session, "heartbeat").set, Set::Standard);
    }
}
