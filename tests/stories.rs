//! What happens in every scenario, told in words, is what happened when its author looked. `UPDATE=1 cargo test
//! --test stories` tells them anew; then read what changed.

mod common;

use std::fmt::Write as _;
use std::fs;

use common::{Scene, agrees, scenes, top};
use faultline::check::Verdict;
use faultline::run::{cast, sweep};
use faultline::scenario::Overrides;
use faultline::sim::Time;

/// Lines of the story in a golden file; the fingerprint at its end stands for all the rest.
const TOLD: usize = 250;
/// Seeds beside its own under which the claims of a scenario are held against what happens.
const SEEDS: u64 = 25;

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

#[test]
fn every_story_is_told_as_it_was() {
    for scene in scenes() {
        let told = tell(&scene);
        assert!(
            told.ends_with("as its author says\n") && !told.contains("not as its author"),
            "{}",
            scene.title()
        );
        agrees(&file(&scene), &told);
    }
}

#[test]
fn no_story_is_about_nothing() {
    let known: Vec<String> = scenes().iter().map(file).collect();
    for entry in fs::read_dir(top().join("tests/stories")).expect("stories").flatten() {
        let name = format!("tests/stories/{}", entry.file_name().to_string_lossy());
        assert!(known.contains(&name), "{name} tells of a scenario that is no more: remove it");
    }
}

#[test]
fn claims_come_true_under_other_seeds() {
    for scene in scenes() {
        let plan = scene.plan(&Overrides::default());
        let mut tally = sweep::Tally::default();
        for n in 0..=SEEDS {
            let seed = sweep::seeded(&plan, n);
            let plan = scene.plan(&Overrides { seed: Some(seed), ..Overrides::default() });
            let mut run = cast::blind(plan).expect("its protocol is in the cast");
            tally.add(seed, sweep::finish(&mut *run));
        }
        assert!(tally.is_met(&plan.expect), "{}: {tally:?}", scene.title());
    }
}

#[test]
fn captions_wait_for_what_they_speak_of() {
    for scene in scenes() {
        let mut run = scene.run();
        run.seek(Time::ZERO, u32::MAX);
        let early = run.caption().map(|(at, text)| format!("{at}: {text}"));
        run.seek(run.plan().until, u32::MAX);
        let told =
            run.story().iter().filter(|line| line.kind == faultline::run::story::Kind::Caption).count();
        assert!(told > 0, "{} never says anything (at first: {early:?})", scene.title());
    }
}
