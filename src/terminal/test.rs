//! `faultline test`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use faultline::run::{Part, sweep};
use faultline::scenario::{Overrides, Plan};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Scene, Stop};

#[derive(clap::Args)]
pub struct Options {
    /// Scenario files or folders; `scenarios` without any.
    files: Vec<PathBuf>,
    /// How many seeds for each variant; the first is the file's own.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let given =
        if options.files.is_empty() { vec![PathBuf::from("scenarios")] } else { options.files.clone() };
    let mut files = Vec::new();
    for file in &given {
        collect(file, &mut files)?;
    }
    files.sort();
    let scenes: Vec<Scene> = files.iter().map(|file| Scene::read(file)).collect::<Result<_, _>>()?;
    let bar = ProgressBar::new(scenes.iter().map(|scene| variants(scene).len() as u64 * options.seeds).sum());
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} runs, {per_sec}, {eta} left {msg}")?);
    let mut failed = 0;
    let mut passed = 0;
    for scene in &scenes {
        for variant in variants(scene) {
            bar.set_message(scene.name.clone());
            let plan = scene.plan(variant, &Overrides::default())?;
            let tally = tally(scene, variant, options.seeds, &bar)?;
            let met = tally.is_met(&plan.expect);
            bar.suspend(|| report(&scene.name, variant, &plan, &tally, met));
            if met { passed += 1 } else { failed += 1 }
        }
    }
    bar.finish_and_clear();
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn variants(scene: &Scene) -> Vec<Option<&str>> {
    let named: Vec<Option<&str>> = scene.script.variant.iter().map(|v| Some(v.name.get().as_str())).collect();
    if named.is_empty() { vec![None] } else { named }
}

fn tally(scene: &Scene, variant: Option<&str>, seeds: u64, bar: &ProgressBar) -> Result<sweep::Tally, Stop> {
    let mut tally = sweep::Tally::default();
    let own = scene.plan(variant, &Overrides::default())?;
    let part = Part::named(&own.protocol).ok_or("the protocol is not in the cast")?;
    for n in 0..seeds {
        let seed = sweep::seeded(&own, n);
        let over = Overrides { seed: Some(seed), ..Overrides::default() };
        let mut run = (part.blind)(scene.plan(variant, &over)?);
        tally.add(seed, sweep::finish(&mut *run));
        bar.inc(1);
    }
    Ok(tally)
}

fn report(name: &str, variant: Option<&str>, plan: &Plan, tally: &sweep::Tally, met: bool) {
    let sign = if met { "ok" } else { "✗ " };
    let variant = variant.map(|variant| format!(" · {variant}")).unwrap_or_default();
    let shown = if plan.expect.violates.is_empty() {
        String::new()
    } else {
        format!(", broke as it should in {}", tally.shown)
    };
    println!("{sign} {name}{variant}: {} seeds{shown}", tally.runs);
    for name in tally.never_told() {
        println!("     {name}: cannot be told with any seed");
    }
    for (seed, result) in tally.wrong.iter().take(5) {
        let what = if result.halted {
            "the run stopped before its time".to_owned()
        } else {
            result.broke.join(", ")
        };
        println!("     seed {seed}: {what}");
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))? {
        let path = entry?.path();
        if path.is_dir() || path.extension().is_some_and(|ending| ending == "toml") {
            collect(&path, files)?;
        }
    }
    Ok(())
}
