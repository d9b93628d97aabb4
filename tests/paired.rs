//! Comparisons are paired: what is done to one node leaves the weather of all others as it was.

use faultline::run::Session;
use faultline::sim::{
    Cluster, Ctx, Delay, EventId, Fault, Input, Inspect, Limits, Machine, Message, Micros, Nature, Newcomer,
    Node, NodeId, Quality, Time, Trace, What,
};

#[derive(Clone, Debug, Hash)]
struct Word;

impl Message for Word {
    fn kind(&self) -> &'static str {
        "Word"
    }
}

/// Writes, syncs and tells everybody, every ten milliseconds, whatever it hears.
#[derive(Clone, Debug)]
struct Diarist;

impl Node for Diarist {
    type Message = Word;
    type Timer = ();
    type Record = ();

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        if matches!(input, Input::Start { .. } | Input::Timer(())) {
            ctx.set_timer((), Micros::from_millis(10));
            ctx.append(());
            ctx.sync();
            let peers: Vec<NodeId> = ctx.peers().collect();
            peers.into_iter().for_each(|peer| ctx.send(peer, Word));
        }
    }

    fn inspect(&self) -> Inspect {
        Inspect::default()
    }
}

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

/// When n1's syncs ended, and what became of its messages to n2 and when, with n3 harmed or not.
fn of_n1(harm: Option<Fault>) -> (Vec<Time>, Vec<(Time, bool)>) {
    let rough = Delay::Exponential { mean: Micros::from_millis(8) };
    let nature = Nature {
        seed: 7,
        clients: 0,
        network: Quality { latency: rough, loss: 0.1, ..Quality::default() },
        // A server that is busy with fewer messages is sooner free: work costs nothing here, so that only chance is seen.
        machines: vec![Machine { sync: rough, service: Micros::ZERO, ..Machine::default() }; 3],
        limits: Limits::default(),
    };
    let mut trace = Trace::new();
    let newcomers = (0..3).map(|_| Newcomer { node: Diarist, disk: Vec::new() });
    let mut cluster = Cluster::new(nature, newcomers.collect(), &mut trace);
    let run_to = |cluster: &mut Cluster<Diarist>, trace: &mut Trace, at: Time| {
        while cluster.world().next_at().is_some_and(|next| next <= at) {
            cluster.step(trace);
        }
    };
    run_to(&mut cluster, &mut trace, Time(100_000));
    if let Some(fault) = harm {
        cluster.apply(&fault, EventId::NONE, &mut trace);
    }
    run_to(&mut cluster, &mut trace, Time(3_000_000));
    let from_n1_to_n2 = |message: EventId| {
        let sent = trace.get(message).expect("a message has its sending");
        sent.node == N1 && matches!(sent.what, What::Sent { to, .. } if to == N2)
    };
    let (mut syncs, mut fates) = (Vec::new(), Vec::new());
    for event in &trace.events {
        match event.what {
            What::Synced { .. } if event.node == N1 => syncs.push(event.at),
            What::Delivered { message } if from_n1_to_n2(message) => fates.push((event.at, true)),
            What::Lost { message, .. } if from_n1_to_n2(message) => fates.push((event.at, false)),
            _ => {}
        }
    }
    (syncs, fates)
}

#[test]
fn harm_to_one_node_leaves_the_disks_and_links_of_others_as_they_were() {
    let calm = of_n1(None);
    assert!(calm.0.len() > 250 && calm.1.len() > 250);
    assert!(calm.1.iter().any(|(_, arrived)| !arrived));
    for harm in [
        Fault::Crash(N3),
        Fault::Pause(N3),
        Fault::Jump { node: N3, by: 5_000 },
        Fault::Disk { node: N3, sync: Delay::Constant(Micros(1)) },
    ] {
        assert!(of_n1(Some(harm.clone())) == calm, "{harm:?} changed what n1 met");
    }
}

/// When client `ana` asked, for what (without the numbers of writes), beside other clients and under these acts.
fn of_ana(others: &str) -> Vec<(Time, String)> {
    let text = format!(
        r#"
title = "T"
protocol = "raft"
nodes = 3
seed = 7
until = "10s"
[[client]]
name = "ana"
mix = {{ "read k*" = 3, "write k*" = 1 }}
keys = {{ count = 30, popularity = {{ zipf = 0.9 }} }}
arrivals = {{ rate = 60 }}
retry = {{ policy = "full jitter", attempt = "100ms" }}
{others}
"#
    );
    let mut session = Session::open("paired", &text).expect("a scenario");
    session.run_mut().seek(Time(10_000_000), u32::MAX);
    let trace = session.run().trace();
    let ops = trace.ops.iter().filter(|op| op.client == NodeId(3));
    let words = |call: String| call.split(' ').take(2).collect::<Vec<_>>().join(" ");
    ops.map(|op| (trace.get(op.invoked).expect("it began").at, words(op.call.to_string()))).collect()
}

#[test]
fn what_others_do_leaves_the_chances_of_a_client_as_they_were() {
    let alone = of_ana("");
    assert!(alone.len() > 400);
    for others in [
        "[[client]]\nname = \"ben\"\nasks = [\"write k*\"]\nkeys = { count = 5 }\narrivals = { rate = 100 }",
        "[[act]]\nat = \"2s\"\ncrash = \"n1\"\n[[act]]\nat = \"3s\"\ncut = [[\"ana\"], [\"n2\", \"n3\"]]",
        "[network]\nloss = 0.2",
    ] {
        assert!(of_ana(others) == alone, "{others} changed what ana asks");
    }
}
