//! Every law of lessons, held against every scenario in every variant: one test for each pair, named after both.
//! `cargo test --test lessons raft-election` runs some.

#![allow(clippy::disallowed_types, reason = "what a lesson costs is measured in real time")]

mod common;
mod determinism;
mod sentences;
mod stories;
mod travel;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Scene, scenes};
use libtest_mimic::{Arguments, Trial};

/// Something that is true of every scenario, and what it is called.
type Law = (&'static str, fn(&Scene));
/// A test that is about no scenario, or about one that it names itself.
type Test = (&'static str, fn());

/// What each lesson cost so far, and each law.
type Costs = Arc<Mutex<BTreeMap<String, Duration>>>;

fn trial(law: Law, scene: Arc<Scene>, costs: Costs) -> Trial {
    let (name, holds) = law;
    let title = format!("{name}::{}", scene.title().replace(' ', "-"));
    Trial::test(title, move || {
        let began = Instant::now();
        holds(&scene);
        let mut costs = costs.lock().expect("no test fails while it adds");
        for whose in [scene.name.as_str(), name] {
            *costs.entry(whose.to_owned()).or_default() += began.elapsed();
        }
        Ok(())
    })
}

/// Which lessons cost most, and which laws.
fn tell(costs: &BTreeMap<String, Duration>) {
    let mut dearest: Vec<_> = costs.iter().collect();
    dearest.sort_by_key(|(_, cost)| std::cmp::Reverse(**cost));
    println!("The dearest laws and lessons:");
    for (name, cost) in dearest.iter().take(12) {
        println!("  {:>5.2} s {name}", cost.as_secs_f64());
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let costs = Costs::default();
    let mut trials = Vec::new();
    for scene in scenes().into_iter().map(Arc::new) {
        for law in [stories::LAWS, determinism::LAWS, travel::LAWS, sentences::LAWS].concat() {
            trials.push(trial(law, scene.clone(), costs.clone()));
        }
        for search in [stories::SOAK, travel::SOAK] {
            trials.push(trial(search, scene.clone(), costs.clone()).with_ignored_flag(true));
        }
    }
    for (name, test) in [stories::TESTS, travel::TESTS, sentences::TESTS].concat() {
        trials.push(Trial::test(name, move || {
            test();
            Ok(())
        }));
    }
    let listing = arguments.list;
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !listing {
        tell(&costs.lock().expect("all tests have ended"));
    }
    conclusion.exit_code()
}
