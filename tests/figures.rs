//! Figures: what is measured is what happened.

use faultline::check::Verdict;
use faultline::observe::figures::{self, FIGURES};
use faultline::observe::measure::{Measured, REFUSED};
use faultline::observe::series::Series;
use faultline::run::{Run, cast, sweep};
use faultline::scenario::Overrides;
use faultline::sim::{Level, What};

use crate::common::scenes;

/// Every variant of every scenario, run to its end.
fn runs() -> impl Iterator<Item = (String, Box<dyn Run>)> {
    scenes().into_iter().map(|scene| {
        let name = scene.title();
        let plan = scene.plan(&Overrides::default());
        let until = plan.until;
        let mut run = cast::play(plan).expect("a protocol of the cast");
        run.seek(until, u32::MAX);
        (name, run)
    })
}

#[test]
fn every_operation_that_ended_is_counted_once() {
    for (name, run) in runs() {
        let counts = Measured::so_far(&*run).counts;
        let events = &run.trace().events;
        let count =
            |wanted: fn(&What) -> bool| events.iter().filter(|event| wanted(&event.what)).count() as u64;
        let ended = count(|what| matches!(what, What::Completed { .. } | What::TimedOut { .. }));
        assert_eq!(counts.answered + counts.refused + counts.gave_up, ended, "{name}");
        assert!(counts.stale <= counts.reads && counts.reads <= counts.answered, "{name}");
        assert!(counts.bytes >= counts.messages, "{name}");
    }
}

#[test]
fn what_is_linearizable_is_never_stale() {
    let mut judged = 0;
    for (name, run) in runs() {
        let holds = run
            .verdicts()
            .iter()
            .any(|(claim, verdict)| claim.name == "linearizable" && matches!(verdict, Verdict::Holds));
        // Who asked for less may have been told less.
        let asks = run.plan().clients.iter().flat_map(|client| &client.asks);
        let agreed = asks.into_iter().any(|ask| ask.level != Level::Set && ask.level != Level::Linearizable);
        if holds && !agreed {
            judged += 1;
            assert_eq!(Measured::so_far(&*run).counts.stale, 0, "{name}");
        }
    }
    assert!(judged > 4);
}

#[test]
fn a_new_primary_answers_no_reads_before_all_that_it_inherited_is_done() {
    let scene = scenes()
        .into_iter()
        .find(|scene| scene.title() == "async-failover.synchronous")
        .expect("it is there");
    let own = scene.plan(&Overrides::default());
    for n in 0..40 {
        let seed = Some(sweep::seeded(&own, n));
        let plan = scene.plan(&Overrides { seed, ..Overrides::default() });
        let mut run = cast::play(plan).expect("a protocol of the cast");
        run.seek(own.until, u32::MAX);
        assert_eq!(Measured::so_far(&*run).counts.stale, 0, "{seed:?}");
    }
}

#[test]
fn windows_add_up_to_the_whole() {
    for (name, run) in runs() {
        let (all, series) = (Measured::so_far(&*run).counts, Series::of(&*run, run.end()));
        let sum = |column: &[f64]| {
            let ends = series.at.iter().skip(1).copied().chain([run.end().0 as f64]);
            let lengths = series.at.iter().zip(ends).map(|(from, to)| (to - from) / 1e6);
            column.iter().zip(lengths).map(|(rate, seconds)| rate * seconds).sum::<f64>().round() as u64
        };
        // What happens in the very last instant belongs to no window.
        assert!(sum(&series.answered).abs_diff(all.answered) <= 1, "{name}");
        assert!(sum(&series.messages).abs_diff(all.messages) <= 8, "{name}");
        assert!(sum(&series.stale).abs_diff(all.stale) <= 1, "{name}");
    }
}

#[test]
fn runs_beside_each_other_are_added_up() {
    let (_, run) = runs().next().expect("a scenario");
    let one = Measured::so_far(&*run);
    let mut two = one.clone();
    two.add(&one);
    let rows = figures::table(&[one, two]);
    assert_eq!(rows.len(), FIGURES.len());
    // Of a percentile among the operations that were never answered there is no ratio.
    let beyond = |row: &figures::Row| row.values.iter().flatten().any(|value| *value >= REFUSED);
    for row in rows.iter().filter(|row| row.says_something() && !beyond(row)) {
        let ratio = row.values[1].unwrap() / row.values[0].unwrap();
        let twice = row.figure.unit == figures::Unit::Count;
        assert!((ratio - if twice { 2.0 } else { 1.0 }).abs() < 0.01, "{}: {ratio}", row.figure.name);
    }
}
