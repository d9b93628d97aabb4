//! How fast the world turns, beside two bare event loops that do nothing else.
//!
//! Ring workload: each delivery sends one message to a random other node, latency uniform 0.5–1.5 ms, two messages a
//! node in flight. The first bare loop is a `BinaryHeap` of 64-byte events, the second a 4-ary heap of packed keys
//! over a slab ([`faultline::sim::queue`]).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use faultline::sim::queue::Queue;
use faultline::sim::{
    Cluster, Ctx, Delay, Dice, Input, Inspect, Limits, Machine, Message, Micros, Nature, Newcomer, Node,
    NodeId, Quality, Time, Trace,
};

const DELIVERIES: u64 = 200_000;
const IN_FLIGHT: u64 = 2;

#[derive(Clone, Debug, Hash)]
struct Token;

impl Message for Token {
    fn kind(&self) -> &'static str {
        "token"
    }
}

#[derive(Clone, Debug)]
struct Passer;

impl Node for Passer {
    type Message = Token;
    type Timer = ();
    type Record = ();

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        let sends = match input {
            Input::Start { .. } => IN_FLIGHT,
            _ => 1,
        };
        for _ in 0..sends {
            let nodes = u64::from(ctx.cluster());
            let step = 1 + ctx.rng().below(nodes - 1);
            let to = (u64::from(ctx.me().0) + step) % nodes;
            ctx.send(NodeId(to as u16), Token);
        }
    }

    fn inspect(&self) -> Inspect {
        Inspect::default()
    }
}

fn ring(nodes: u16, trace: &mut Trace) -> Cluster<Passer> {
    let latency = Delay::Uniform { low: Micros(500), high: Micros(1_500) };
    let nature = Nature {
        seed: 7,
        clients: 0,
        network: Quality { latency, ..Quality::default() },
        // The bare loops beside it do no work either.
        machines: vec![Machine { service: Micros::ZERO, ..Machine::default() }; nodes.into()],
        limits: Limits { events: u32::MAX, ..Limits::default() },
    };
    let newcomers = (0..nodes).map(|_| Newcomer { node: Passer, disk: Vec::new() });
    Cluster::new(nature, newcomers.collect(), trace)
}

/// An event as a plain simulator would write it: 64 bytes in the heap itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Plain {
    at: u64,
    sequence: u64,
    from: u16,
    to: u16,
    payload: [u64; 5],
}

fn bare_std(nodes: u16) -> impl FnMut() {
    let mut dice = Dice::named(7, "bare", 0);
    let mut heap = BinaryHeap::new();
    let mut sequence = 0;
    for node in 0..u64::from(nodes) * IN_FLIGHT {
        sequence += 1;
        let to = (node % u64::from(nodes)) as u16;
        heap.push(Reverse(Plain { at: 500 + dice.below(1_001), sequence, from: 0, to, payload: [0; 5] }));
    }
    move || {
        for _ in 0..DELIVERIES {
            let Reverse(event) = heap.pop().expect("tokens are never lost");
            sequence += 1;
            let step = 1 + dice.below(u64::from(nodes) - 1);
            let to = (u64::from(event.to) + step) % u64::from(nodes);
            let at = event.at + 500 + dice.below(1_001);
            heap.push(Reverse(Plain { at, sequence, from: event.to, to: to as u16, payload: event.payload }));
        }
        black_box(&heap);
    }
}

fn bare_packed(nodes: u16) -> impl FnMut() {
    let mut dice = Dice::named(7, "bare", 0);
    let mut queue = Queue::default();
    for node in 0..u64::from(nodes) * IN_FLIGHT {
        queue.push(Time(500 + dice.below(1_001)), [node % u64::from(nodes), 0, 0, 0, 0]);
    }
    move || {
        // The bench outlives the queue's 2^32 tickets no more than a run does.
        for _ in 0..DELIVERIES {
            let (at, slot) = queue.pop().expect("tokens are never lost");
            let mut event = queue.take(slot).expect("a popped slot is filled");
            let step = 1 + dice.below(u64::from(nodes) - 1);
            event[0] = (event[0] + step) % u64::from(nodes);
            queue.push(Time(at.0 + 500 + dice.below(1_001)), event);
        }
        black_box(&queue);
    }
}

fn deliveries(c: &mut Criterion) {
    let mut group = c.benchmark_group("ring");
    group
        .throughput(Throughput::Elements(DELIVERIES))
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    for nodes in [5u16, 100, 10_000] {
        group.bench_function(BenchmarkId::new("bare std heap", nodes), |b| b.iter(bare_std(nodes)));
        group.bench_function(BenchmarkId::new("bare packed heap", nodes), |b| b.iter(bare_packed(nodes)));
        group.bench_function(BenchmarkId::new("world, trace off", nodes), |b| {
            let mut trace = Trace::off();
            let mut cluster = ring(nodes, &mut trace);
            b.iter(|| {
                (0..DELIVERIES).for_each(|_| {
                    black_box(cluster.step(&mut trace));
                })
            });
        });
        group.bench_function(BenchmarkId::new("world, trace on", nodes), |b| {
            b.iter_batched_ref(
                || {
                    let mut trace = Trace::new();
                    let cluster = ring(nodes, &mut trace);
                    (cluster, trace)
                },
                |(cluster, trace)| {
                    (0..DELIVERIES).for_each(|_| {
                        black_box(cluster.step(trace));
                    })
                },
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// Five nodes, each re-arms an election timer at every heartbeat.
#[derive(Clone, Debug)]
struct Watcher;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Watch {
    Heartbeat,
    Election,
}

impl Node for Watcher {
    type Message = Token;
    type Timer = Watch;
    type Record = ();

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        match input {
            Input::Start { .. } | Input::Timer(Watch::Heartbeat) => {
                ctx.set_timer(Watch::Heartbeat, Micros::from_millis(50));
                let spread = ctx.rng().between(Micros::from_millis(150), Micros::from_millis(300));
                ctx.set_timer(Watch::Election, spread);
            }
            _ => {}
        }
    }

    fn inspect(&self) -> Inspect {
        Inspect::default()
    }
}

fn timers(c: &mut Criterion) {
    const SECONDS: u64 = 1_000;
    let mut group = c.benchmark_group("election timers");
    group
        .throughput(Throughput::Elements(SECONDS))
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    group.bench_function("simulated seconds", |b| {
        b.iter(|| {
            let mut trace = Trace::off();
            let nature = Nature {
                seed: 7,
                clients: 0,
                network: Quality::default(),
                machines: vec![Machine { service: Micros::ZERO, ..Machine::default() }; 5],
                limits: Limits { events: u32::MAX, ..Limits::default() },
            };
            let newcomers = (0..5).map(|_| Newcomer { node: Watcher, disk: Vec::new() });
            let mut cluster = Cluster::new(nature, newcomers.collect(), &mut trace);
            while cluster.world().now() < Time(SECONDS * 1_000_000) {
                cluster.step(&mut trace);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, deliveries, timers);
criterion_main!(benches);
