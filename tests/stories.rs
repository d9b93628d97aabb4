//! What happens in every scenario, told in words, is what happened when its author looked. `UPDATE=1 cargo test
//! --test lessons every_story` tells them anew; then read what changed.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use faultline::check::Verdict;
use faultline::run::{cast, sweep};
use faultline::scenario::{LARGEST_SEED, Overrides};
use faultline::sim::{Dice, Time};

use crate::common::{Scene, agrees, scenes, seeds, soak, top};
use crate::{Law, Test};

/// Lines of the story in a golden file; the fingerprint at its end stands for all the rest.
const TOLD: usize = 250;
/// What the seeds of a lesson may cost, all its variants together. Its own seed is always run.
const BUDGET: Duration = Duration::from_millis(500);
/// More seeds than these are for the night.
const SEEDS: u64 = 100;
/// How many seeds of each variant the night searches.
const NIGHT: u64 = 1_000;
/// So improbable it is to see as few runs as seen, if the share of runs that an author promises were true, that the
/// promise is taken for untrue.
const IMPROBABLE: f64 = 1e-5;

pub const LAWS: &[Law] = &[
    ("every_story_is_told_as_it_was", every_story_is_told_as_it_was),
    ("claims_come_true_under_other_seeds", claims_come_true_under_other_seeds),
    ("captions_wait_for_what_they_speak_of", captions_wait_for_what_they_speak_of),
];
pub const SOAK: Law = ("soak_claims", soak_claims);
pub const TESTS: &[Test] = &[("no_story_is_about_nothing", no_story_is_about_nothing)];

fn file(scene: &Scene) -> String {
    format!("tests/stories/{}.txt", scene.title().replace(' ', "-"))
}

fn tell(scene: &Scene) -> String {
    let mut run = scene.run();
    let result = sweep::finish(&mut *run);
    let mut told = String::new();
    for line in run.story().iter().take(TOLD) {
        let who = line.node.map(|node| run.names().of(node)).unwrap_or_default();
        let _ = writeln!(told, "{:>9}  {who:<5} {}", line.at.to_string(), line.text);
    }
    told.push('\n');
    for ((claim, verdict), remark) in run.verdicts().into_iter().zip(run.remarks()) {
        let more = remark.map(|remark| format!(" ({remark})")).unwrap_or_default();
        let word = match verdict {
            Verdict::Pending => "nothing to judge".to_owned(),
            Verdict::Open => "not decided".to_owned(),
            Verdict::Holds => format!("holds{more}"),
            Verdict::Broken(violation) => format!("broken at {}: {}", violation.at, violation.evidence.text),
            Verdict::Unknown(why) => format!("unknown: {why}"),
        };
        let _ = writeln!(told, "{}: {word}", claim.name);
    }
    let met = if result.is_met() { "as its author says" } else { "not as its author says" };
    let _ = writeln!(told, "{} events, fingerprint {}, {met}", run.events(), run.fingerprint().hex());
    told
}

fn every_story_is_told_as_it_was(scene: &Scene) {
    let told = tell(scene);
    assert!(
        told.ends_with("as its author says\n") && !told.contains("not as its author"),
        "{}",
        scene.title()
    );
    agrees(&file(scene), &told);
}

fn no_story_is_about_nothing() {
    let known: Vec<String> = scenes().iter().map(file).collect();
    for entry in fs::read_dir(top().join("tests/stories")).expect("stories").flatten() {
        let name = format!("tests/stories/{}", entry.file_name().to_string_lossy());
        assert!(known.contains(&name), "{name} tells of a scenario that is no more: remove it");
    }
}

/// A run with this seed, held against what its author says.
fn try_seed(scene: &Scene, seed: u64, tally: &mut sweep::Tally) {
    let plan = scene.plan(&Overrides { seed: Some(seed), ..Overrides::default() });
    let mut run = cast::blind(plan).expect("its protocol is in the cast");
    tally.add(seed, sweep::finish(&mut *run));
}

fn claims_come_true_under_other_seeds(scene: &Scene) {
    let began = Instant::now();
    let budget = BUDGET / scene.script.variant.len().max(1) as u32;
    let plan = scene.plan(&Overrides::default());
    let mut dice = Dice::named(seeds::seed(), &scene.title(), 0);
    let mut tally = sweep::Tally::default();
    try_seed(scene, plan.seed, &mut tally);
    while began.elapsed() < budget && u64::from(tally.runs) <= SEEDS {
        try_seed(scene, dice.below(LARGEST_SEED), &mut tally);
    }
    println!("{}: {} seeds", scene.title(), tally.runs);
    let seed = seeds::seed();
    assert!(tally.wrong.is_empty(), "{} with FAULTLINE_SEED={seed}: {tally:?}", scene.title());
    // A share of few seeds is a matter of luck: it is the night that counts it.
    let chance = at_most(tally.shown, tally.runs, plan.expect.share);
    assert!(chance > IMPROBABLE, "{} with FAULTLINE_SEED={seed}: {tally:?}", scene.title());
}

/// How probable it is that at most `shown` of so many independent runs show what each shows with probability `share`:
/// the binomial distribution, term by term.
fn at_most(shown: u32, runs: u32, share: f64) -> f64 {
    if share >= 1.0 {
        return if shown == runs { 1.0 } else { 0.0 };
    }
    let odds = share / (1.0 - share);
    let mut term: f64 = (0..runs).map(|_| 1.0 - share).product();
    let mut sum = term;
    for k in 0..shown {
        term *= odds * f64::from(runs - k) / f64::from(k + 1);
        sum += term;
    }
    sum
}

fn soak_claims(scene: &Scene) {
    let plan = scene.plan(&Overrides::default());
    let mut tally = sweep::Tally::default();
    for n in soak::seeds(&scene.title(), NIGHT) {
        try_seed(scene, sweep::seeded(&plan, n), &mut tally);
    }
    assert!(tally.wrong.is_empty(), "{}: {tally:?}", scene.title());
    // Where fewer were asked for than a night takes, luck counts as by day.
    let by_luck =
        u64::from(tally.runs) < NIGHT && at_most(tally.shown, tally.runs, plan.expect.share) > IMPROBABLE;
    assert!(by_luck || tally.is_met(&plan.expect), "{}: {tally:?}", scene.title());
}

fn captions_wait_for_what_they_speak_of(scene: &Scene) {
    let mut run = scene.run();
    run.seek(Time::ZERO, u32::MAX);
    let early = run.caption().map(|(at, text)| format!("{at}: {text}"));
    run.seek(run.plan().until, u32::MAX);
    let told = run.story().iter().filter(|line| line.kind == faultline::run::story::Kind::Caption).count();
    assert!(told > 0, "{} never says anything (at first: {early:?})", scene.title());
}
