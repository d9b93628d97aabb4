//! How much faster than real time Raft runs: sixty simulated seconds, five servers, three clients that each ask twenty
//! times a second. The throughput is in simulated seconds a second.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use faultline::protocol::Protocol;
use faultline::protocol::raft::Raft;
use faultline::run::Timeline;
use faultline::scenario::{Ask, Client, Plan};
use faultline::sim::{Call, Knobs, Micros, NodeId, Time};

const SECONDS: u64 = 60;

fn plan() -> Plan {
    let mut plan = Plan::calm(Raft::NAME, 5, Knobs::defaults(Raft::KNOBS));
    plan.until = Time(SECONDS * 1_000_000);
    plan.clients = (0..3).map(client).collect();
    plan
}

fn client(i: u16) -> Client {
    Client {
        name: format!("client {i}"),
        asks: vec![Ask::WriteNext("x".into()), Ask::Call(Call::Read { key: "x".into() })],
        every: Micros::from_millis(50),
        from: Time::ZERO,
        to: Time::NEVER,
        timeout: Micros::from_secs(1),
        node: NodeId(i),
    }
}

/// Runs to the end; the number of events.
fn run(timeline: &mut Timeline<Raft>) -> u32 {
    timeline.seek(Time(SECONDS * 1_000_000), u32::MAX);
    timeline.here().events()
}

fn against_real_time(c: &mut Criterion) {
    let events = run(&mut Timeline::blind(plan()));
    let mut group = c.benchmark_group(format!("raft, {events} events"));
    group
        .throughput(Throughput::Elements(SECONDS))
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    group.bench_function("without a trace, judged", |b| {
        b.iter_batched_ref(
            || Timeline::blind(plan()),
            |timeline| black_box(run(timeline)),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("with trace, story and keyframes, judged", |b| {
        b.iter_batched_ref(
            || Timeline::new(plan()),
            |timeline| black_box(run(timeline)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, against_real_time);
criterion_main!(benches);
