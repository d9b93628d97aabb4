//! How much faster than real time Raft runs: sixty simulated seconds, five servers, three clients, judged after every
//! event. The throughput is in simulated seconds a second.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use faultline::protocol::Protocol;
use faultline::protocol::raft::Raft;
use faultline::run::Timeline;
use faultline::scenario::{Ask, Client, Plan};
use faultline::sim::{Call, Knobs, Micros, NodeId, Time};
use faultline::workload::Pace;

const SECONDS: u64 = 60;

type Begin = fn(Plan) -> Timeline<Raft>;

/// Each client asks this often, when it is not waiting.
fn plan(every: Micros) -> Plan {
    let mut plan = Plan::calm(Raft::NAME, 5, Knobs::defaults(Raft::KNOBS));
    plan.until = Time(SECONDS * 1_000_000);
    plan.clients = (0..3).map(|i| client(i, every)).collect();
    plan
}

fn client(i: u16, every: Micros) -> Client {
    Client {
        name: format!("client {i}"),
        asks: vec![
            Ask { fresh: true, ..Ask::plain(Call::Write { key: "x".into(), value: 0 }) },
            Ask::plain(Call::Read { key: "x".into() }),
        ],
        pace: Pace::Every(every),
        node: NodeId(i),
        ..Client::default()
    }
}

/// Runs to the end; the number of events.
fn run(timeline: &mut Timeline<Raft>) -> u32 {
    timeline.seek(Time(SECONDS * 1_000_000), u32::MAX);
    timeline.here().events()
}

fn against_real_time(c: &mut Criterion) {
    for (name, every) in
        [("every 400 ms", 400), ("every 50 ms", 50)].map(|(n, ms)| (n, Micros::from_millis(ms)))
    {
        let events = run(&mut Timeline::blind(plan(every)));
        let mut group = c.benchmark_group(format!("raft, asked {name}, {events} events"));
        group
            .throughput(Throughput::Elements(SECONDS))
            .sample_size(20)
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2));
        for (kind, begin) in
            [("blind", Timeline::blind as Begin), ("with trace, story and keyframes", Timeline::new)]
        {
            group.bench_function(kind, |b| {
                b.iter_batched_ref(
                    || begin(plan(every)),
                    |timeline| black_box(run(timeline)),
                    BatchSize::PerIteration,
                );
            });
        }
        group.finish();
    }
}

criterion_group!(benches, against_real_time);
criterion_main!(benches);
