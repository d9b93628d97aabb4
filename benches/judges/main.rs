//! How fast the judge of linearizability is: one long history of a key-value store, and many short ones of
//! registers whose clients crash.

mod histories;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use faultline::check::history::History;
use faultline::check::linearizable::{Answer, BUDGET, check};
use faultline::check::model::{KeyValue, Model, Register};
use histories::{Shape, registers, texts};

const LONG: Shape = Shape { clients: 10, operations: 5_000, keys: 10, crash: 0, slow: 0, illegal: false };
const SHORT: Shape = Shape { clients: 10, operations: 170, keys: 1, crash: 12, slow: 0, illegal: false };

/// Judges all of them; how many are legal.
fn legal<M: Model>(model: impl Fn() -> M, histories: &[History]) -> usize {
    let legal = |history: &&History| {
        let report = check(&mut model(), history, BUDGET).expect("operations of this model");
        assert_ne!(report.answer, Answer::Unknown, "the budget is spent");
        matches!(report.answer, Answer::Linearizable(_))
    };
    histories.iter().filter(legal).count()
}

fn long_histories(c: &mut Criterion) {
    let mut group = c.benchmark_group("key-value, 10 clients, 5,000 operations");
    group.throughput(Throughput::Elements(LONG.operations as u64)).sample_size(10);
    for (name, illegal) in [("legal", false), ("illegal", true)] {
        let history = [texts(1, Shape { illegal, ..LONG })];
        assert_eq!(legal(KeyValue::default, &history), usize::from(!illegal));
        group.bench_function(name, |b| b.iter(|| black_box(legal(KeyValue::default, &history))));
    }
    group.finish();
}

fn crashed_clients(c: &mut Criterion) {
    let mut group = c.benchmark_group("100 histories of registers, 170 operations, clients crash");
    group.sample_size(10);
    for (name, illegal) in [("legal", false), ("one answer made up", true)] {
        let histories: Vec<History> =
            (0..100).map(|seed| registers(seed, Shape { illegal, ..SHORT })).collect();
        group.bench_function(name, |b| b.iter(|| black_box(legal(Register::comparing, &histories))));
    }
    group.finish();
}

criterion_group!(benches, long_histories, crashed_clients);
criterion_main!(benches);
