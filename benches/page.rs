//! What one picture costs the core, of sixty a second: the frame taken from the run, and the scene built from it.
//! Putting the scene on a canvas is the browser's work and not in here.
//!
//! Raft with a settled leader and three clients, one message of a hundred lost; a lost message stays visible for as
//! long as on the page. The moment is the busiest of one heartbeat.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use faultline::paint::{Color, Labels, Scene, Size};
use faultline::protocol::Protocol;
use faultline::protocol::raft::Raft;
use faultline::run::{Frame, Run, cast};
use faultline::scenario::{Ask, Client, Plan};
use faultline::sim::{Call, Knobs, Micros, NodeId, Role, Setting, Time};
use faultline::view::{Look, cluster};
use faultline::workload::Pace;

const SIZES: [u16; 3] = [5, 50, 1_000];
const SETTLED: Time = Time(3_000_000);
const HEARTBEAT: Micros = Micros::from_millis(50);
const PICTURES: u64 = 60;

fn plan(nodes: u16) -> Plan {
    let mut plan = Plan::calm(Raft::NAME, nodes, Knobs::defaults(Raft::KNOBS));
    // The more servers, the wider apart their timeouts must lie for one of them to win.
    let spread = Micros::from_millis(150.max(60 * u64::from(nodes)));
    plan.knobs.set("spread", Setting::Duration(spread));
    plan.network.loss = 0.01;
    plan.clients = (0..3).map(client).collect();
    plan
}

fn client(i: u16) -> Client {
    Client {
        name: format!("client {i}"),
        asks: vec![
            Ask { fresh: true, ..Ask::plain(Call::Write { key: "x".into(), value: 0 }) },
            Ask::plain(Call::Read { key: "x".into() }),
        ],
        pace: Pace::Every(Micros::from_millis(400)),
        node: NodeId(i),
        ..Client::default()
    }
}

fn look() -> Look {
    Look { size: Size::new(1280.0, 800.0), fade: Micros::from_millis(1_400), ..Look::default() }
}

/// A run that stands where the most messages are in flight, and that frame.
fn busy(nodes: u16) -> (Box<dyn Run>, Frame) {
    let mut run = cast::play(plan(nodes)).expect("Raft is in the cast");
    let mut frame = Frame::default();
    let moments = (0..HEARTBEAT.0).step_by(1_000).map(|later| SETTLED + Micros(later));
    let crowded = moments.max_by_key(|at| {
        run.seek(*at, u32::MAX);
        run.frame(Micros::ZERO, &mut frame);
        frame.messages.len()
    });
    run.seek(crowded.expect("a heartbeat has moments"), u32::MAX);
    run.frame(look().fade, &mut frame);
    assert!(run.halted().is_none(), "the run goes on");
    assert!(frame.nodes.iter().any(|node| node.inspect.role == Role::Leader), "{nodes} nodes have a leader");
    (run, frame)
}

fn pictures(c: &mut Criterion) {
    let mut group = c.benchmark_group("page, nodes");
    group.sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for nodes in SIZES {
        let (mut run, mut frame) = busy(nodes);
        let look = look();
        let mut labels = Labels::default();
        let mut scene = Scene::new(look.size, Color::WHITE);
        cluster(&frame, &look, &mut labels, &mut scene);
        let (messages, losses, marks) = (frame.messages.len(), frame.losses.len(), scene.marks().len());
        println!("{nodes} nodes: {messages} messages in flight, {losses} lost, {marks} marks");
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::new("frame", nodes), |b| {
            b.iter(|| run.frame(look.fade, black_box(&mut frame)));
        });
        group.bench_function(BenchmarkId::new("scene", nodes), |b| {
            b.iter(|| cluster(black_box(&frame), &look, &mut labels, black_box(&mut scene)));
        });
        // Seek, frame and scene, as the page asks for them; once a second it jumps back to where it was.
        group.throughput(Throughput::Elements(PICTURES));
        group.bench_function(BenchmarkId::new("a second played", nodes), |b| {
            b.iter(|| {
                for picture in 0..PICTURES {
                    run.seek(SETTLED + Micros(picture * 1_000_000 / PICTURES), u32::MAX);
                    run.frame(look.fade, &mut frame);
                    cluster(&frame, &look, &mut labels, black_box(&mut scene));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, pictures);
criterion_main!(benches);
