//! Everything that can go wrong, from a seed: the cluster, its knobs, its weather, and what is done to it.

pub mod script;

use faultline::protocol::Protocol;
use faultline::protocol::raft::Raft;
use faultline::scenario::nemesis::{ALL, Nemesis};
use faultline::scenario::plan::in_order;
use faultline::scenario::{Act, Ask, Client, Deed, Plan};
use faultline::sim::{Call, Delay, Dice, Fault, Knobs, Links, Micros, NodeId, Setting, Time};
use faultline::workload::Pace;

/// From here on nothing is done to the cluster, and what was done is undone.
pub const HEALED: Time = Time(6_000_000);
/// From here on no client asks.
pub const QUIET: Time = Time(9_000_000);
const UNTIL: Time = Time(10_000_000);

/// A knob and where it stands.
pub type Turned = (&'static str, Setting);

/// The storm of a seed: two runs of one seed differ in nothing but the knobs `turned`.
pub fn storm(seed: u64, turned: &[Turned]) -> Plan {
    let mut dice = Dice::named(seed, "storm", 0);
    let nodes = 3 + dice.below(3) as u16;
    let mut plan = Plan::calm(Raft::NAME, nodes, knobs(&mut dice));
    turned.iter().for_each(|(name, setting)| plan.knobs.set(name, setting.clone()));
    plan.seed = seed;
    plan.until = UNTIL;
    plan.network.latency = match dice.below(3) {
        0 => Delay::Constant(Micros::from_millis(5)),
        1 => Delay::Exponential { mean: Micros::from_millis(8) },
        _ => Delay::log_normal(Micros::from_millis(8), Micros::from_millis(40)),
    };
    plan.clients = (0..3).map(|i| client(i, nodes, &mut dice)).collect();
    let every = dice.between(Micros::from_millis(100), Micros::from_millis(600));
    let nemesis = Nemesis { kinds: ALL.to_vec(), every, from: Time(200_000), until: HEALED };
    plan.acts = nemesis.acts(seed, nodes);
    blackouts(&mut plan.acts, nodes, &mut dice);
    held_links(&mut plan.acts, nodes, &mut dice);
    in_order(&mut plan.acts);
    plan
}

fn knobs(dice: &mut Dice) -> Knobs {
    let mut knobs = Knobs::defaults(Raft::KNOBS);
    for name in ["pre-vote", "check-quorum", "no-op"] {
        knobs.set(name, Setting::Switch(dice.chance(0.5)));
    }
    knobs.set("batch", Setting::Number(1 + dice.below(8)));
    knobs
}

fn client(i: u16, nodes: u16, dice: &mut Dice) -> Client {
    let (x, y) = ("x".into(), "y".into());
    Client {
        name: format!("client {i}"),
        asks: vec![
            Ask { fresh: true, ..Ask::plain(Call::Write { key: "x".into(), value: 0 }) },
            Ask::plain(Call::Add { key: y, by: 1 }),
            Ask::plain(Call::Read { key: x }),
        ],
        pace: Pace::Every(dice.between(Micros::from_millis(30), Micros::from_millis(150))),
        from: Time::ZERO,
        to: QUIET,
        timeout: Micros::from_millis(500),
        node: NodeId(i % nodes),
        ..Client::default()
    }
}

fn act(at: Time, fault: Fault) -> Act {
    Act { at, deed: Some(Deed::Fault(fault)), say: None }
}

fn moment(dice: &mut Dice) -> Time {
    Time::ZERO + dice.between(Micros::from_millis(200), Micros(HEALED.0))
}

/// The power fails: all servers crash at once, and each starts again after a time of its own.
fn blackouts(acts: &mut Vec<Act>, nodes: u16, dice: &mut Dice) {
    for _ in 0..dice.below(4) {
        let at = moment(dice);
        for node in (0..nodes).map(NodeId) {
            let back = (at + dice.between(Micros::from_millis(1), Micros::from_millis(500))).min(HEALED);
            acts.push(act(at, Fault::Crash(node)));
            acts.push(act(back, Fault::Restart(node)));
        }
    }
}

/// What is sent on a link waits, and arrives when it is old.
fn held_links(acts: &mut Vec<Act>, nodes: u16, dice: &mut Dice) {
    for _ in 0..dice.below(6) {
        let (from, further) = (dice.below(nodes.into()) as u16, 1 + dice.below(u64::from(nodes) - 1) as u16);
        let links = Links::OneWay { from: vec![NodeId(from)], to: vec![NodeId((from + further) % nodes)] };
        let at = moment(dice);
        let end = (at + dice.between(Micros::from_millis(50), Micros::from_secs(2))).min(HEALED);
        acts.push(act(at, Fault::Hold(links.clone())));
        acts.push(act(end, Fault::Heal(links)));
    }
}

/// Clocks run at half and at one and a half times true speed, and a server that may lead is cut off from the others, not
/// from its clients.
pub fn skewed(seed: u64, turned: &[Turned]) -> Plan {
    let mut dice = Dice::named(seed, "skewed", 0);
    let mut plan = Plan::calm(Raft::NAME, 3, Knobs::defaults(Raft::KNOBS));
    plan.knobs.set("election timeout", Setting::Duration(Micros::from_millis(400)));
    turned.iter().for_each(|(name, setting)| plan.knobs.set(name, setting.clone()));
    plan.seed = seed;
    plan.until = UNTIL;
    plan.clients = (0..4).map(|i| client(i, 3, &mut dice)).collect();
    // A writer, and a reader for each server: a client of both kinds would wait for its write.
    plan.clients.iter_mut().for_each(|client| client.asks.truncate(1));
    plan.clients[1..]
        .iter_mut()
        .for_each(|client| client.asks = vec![Ask::plain(Call::Read { key: "x".into() })]);
    let all = || (0..3).map(NodeId);
    let mut at = Time(1_000_000);
    while at < HEALED {
        let alone = NodeId(dice.below(3) as u16);
        for node in all() {
            let ppm = if node == alone { -500_000 } else { 500_000 };
            plan.acts.push(act(at, Fault::Drift { node, ppm }));
        }
        let links = Links::Between(vec![vec![alone], all().filter(|node| *node != alone).collect()]);
        let cut = at + dice.between(Micros::from_millis(100), Micros::from_millis(500));
        let back = cut + dice.between(Micros::from_millis(200), Micros::from_secs(2));
        plan.acts.push(act(cut, Fault::Cut(links.clone())));
        if dice.chance(0.3) {
            let node = all().find(|node| *node != alone).unwrap_or(alone);
            plan.acts.push(act(cut, Fault::Crash(node)));
            plan.acts.push(act(cut + Micros::from_millis(50), Fault::Restart(node)));
        }
        plan.acts.push(act(back, Fault::Heal(links)));
        at = back + Micros::from_millis(600);
    }
    in_order(&mut plan.acts);
    plan
}

/// A sync takes many times as long as a message, and servers stand for election, crash and come back at once: what one
/// did is often forgotten while others remember it.
pub fn forgetful(seed: u64, turned: &[Turned]) -> Plan {
    let mut dice = Dice::named(seed, "forgetful", 0);
    let mut plan = Plan::calm(Raft::NAME, 3 + 2 * dice.below(2) as u16, Knobs::defaults(Raft::KNOBS));
    plan.knobs.set("pre-vote", Setting::Switch(dice.chance(0.3)));
    turned.iter().for_each(|(name, setting)| plan.knobs.set(name, setting.clone()));
    plan.seed = seed;
    plan.until = Time(4_000_000);
    plan.network.latency = Delay::Exponential { mean: Micros::from_millis(4) };
    let nodes = plan.machines.len() as u16;
    for machine in &mut plan.machines {
        machine.sync = Delay::Exponential { mean: Micros::from_millis(5 + 55 * dice.below(2)) };
    }
    plan.clients = (0..3).map(|i| client(i, nodes, &mut dice)).collect();
    let mut at = Time(50_000);
    while at < Time(3_000_000) {
        at += dice.between(Micros::from_millis(1), Micros::from_millis(60));
        let node = NodeId(dice.below(nodes.into()) as u16);
        plan.acts.push(act(at, Fault::Fire(node)));
        if dice.chance(0.6) {
            let dies = at + dice.between(Micros::from_millis(1), Micros::from_millis(40));
            let back = dies + dice.between(Micros::from_millis(1), Micros::from_millis(20));
            plan.acts.push(act(dies, Fault::Crash(node)));
            plan.acts.push(act(back, Fault::Restart(node)));
            plan.acts.push(act(back + Micros::from_millis(2), Fault::Fire(node)));
        }
    }
    in_order(&mut plan.acts);
    plan
}

/// From the situation (b) of figure 8 on: servers stand for election, crash and come back at any time.
pub fn figure_8(seed: u64, turned: &[Turned]) -> Plan {
    let mut dice = Dice::named(seed, "figure 8", 0);
    let mut plan = Plan::calm(Raft::NAME, 5, Knobs::defaults(Raft::KNOBS));
    for (name, length) in [("election timeout", 2_000), ("spread", 2_000), ("heartbeat", 200)] {
        plan.knobs.set(name, Setting::Duration(Micros::from_millis(length)));
    }
    plan.knobs.set("batch", Setting::Number(1));
    turned.iter().for_each(|(name, setting)| plan.knobs.set(name, setting.clone()));
    plan.seed = seed;
    plan.until = Time(3_000_000);
    plan.network.latency = Delay::Constant(Micros::from_millis(10));
    let disks = ["term 2; log 1 2", "term 2; log 1 2", "term 2; log 1", "term 2; log 1", "term 3; log 1 3"];
    plan.disks = disks.map(str::to_owned).to_vec();
    let mut at = Time::ZERO;
    while at < plan.until {
        at += dice.between(Micros::from_millis(1), Micros::from_millis(60));
        let node = NodeId(dice.below(5) as u16);
        match dice.below(3) {
            0 => {
                let back = at + dice.between(Micros::from_millis(20), Micros::from_millis(300));
                plan.acts.push(act(at, Fault::Crash(node)));
                plan.acts.push(act(back, Fault::Restart(node)));
            }
            _ => plan.acts.push(act(at, Fault::Fire(node))),
        }
    }
    in_order(&mut plan.acts);
    plan
}
