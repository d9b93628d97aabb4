//! The long searches: tests named `soak_*`, marked `#[ignore = "soak"]`, and the fuzz targets.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::machine::{self, say};

#[derive(Args)]
pub struct Options {
    /// Search only in soak tests whose names contain one of these words, and fuzz targets named so
    #[arg(value_name = "PART")]
    parts: Vec<String>,
    /// Multiply every count: 0.01 for a try, 10 for a weekend
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    times: f64,
    /// The first seed, so that another night searches elsewhere
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    first: u64,
    /// How long each fuzz target runs; 0 for not at all
    #[arg(long, default_value_t = 10, value_name = "MINUTES")]
    fuzz: u64,
    /// Name the parts and search nothing
    #[arg(long)]
    list: bool,
}

/// Runs the parts asked for, all of them even if one fails, and ends with a line that counts them.
pub fn run(options: &Options) -> Result<()> {
    let targets = chosen_targets(&options.parts)?;
    // Every ignored test is a soak test: `tests/tidy.rs` sees to it.
    let every = ["soak_".to_owned()];
    let parts = if options.parts.is_empty() { &every[..] } else { &options.parts };
    let searches = parts.iter().map(|part| Ok((part, named(part)?))).collect::<Result<Vec<_>>>()?;
    if let Some((part, _)) = searches.iter().find(|(part, tests)| tests.is_empty() && !targets.contains(part))
    {
        bail!("no soak test and no fuzz target is named {part}: --list names them");
    }
    if options.list {
        searches.iter().flat_map(|(_, tests)| tests).for_each(|test| println!("{test}"));
        targets.iter().for_each(|target| println!("fuzz {target}"));
        return Ok(());
    }
    let began = Instant::now();
    let mut failed = Vec::new();
    let (mut passed, mut skipped) = (0, 0);
    println!(
        "\n\u{2500}\u{2500} soak tests, counts \u{d7} {}, from seed {} \u{2500}\u{2500}",
        options.times, options.first
    );
    for (part, tests) in searches.iter().filter(|(_, tests)| !tests.is_empty()) {
        match search(options, part) {
            Ok(()) => passed += tests.len(),
            Err(error) => failed.push(format!("{part}: {error:#}")),
        }
    }
    let fuzzer = fuzzer();
    for target in targets.into_iter().filter(|_| options.fuzz > 0) {
        println!("\n\u{2500}\u{2500} fuzz {target}, {} min \u{2500}\u{2500}", options.fuzz);
        if fuzzer.is_none() {
            say("skipped: it needs `rustup toolchain install nightly` and `cargo install cargo-fuzz`");
            skipped += 1;
            continue;
        }
        match fuzz(&target, options.fuzz) {
            Ok(()) => passed += 1,
            Err(error) => failed.push(format!("fuzz {target}: {error:#}")),
        }
    }
    println!("\nsoak took {:.0} s", began.elapsed().as_secs_f64());
    failed.iter().for_each(|failure| println!("FAILED {failure}"));
    println!("soak: {passed} passed, {} failed, {skipped} skipped", failed.len());
    if failed.is_empty() { Ok(()) } else { bail!("a long search found something") }
}

/// Cargo, told to do something with the soak tests whose names contain a part.
fn tests(part: &str, argument: &str) -> Command {
    let mut cargo = machine::cargo();
    cargo.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests", "--", "--ignored", argument, part]);
    cargo
}

/// What they are called.
fn named(part: &str) -> Result<Vec<String>> {
    let listed = machine::output(&mut tests(part, "--list"));
    let listed = listed.context("the tests do not compile: `cargo test --no-run` says why")?;
    Ok(listed.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

/// Runs them.
fn search(options: &Options, part: &str) -> Result<()> {
    let mut cargo = tests(part, "--nocapture");
    cargo.env("FAULTLINE_SOAK", options.times.to_string());
    cargo.env("FAULTLINE_SOAK_FIRST", options.first.to_string());
    machine::run(&mut cargo)
}

/// The fuzz targets that a part names, or all of them.
fn chosen_targets(parts: &[String]) -> Result<Vec<String>> {
    let mut targets = Vec::new();
    for entry in fs::read_dir(machine::top().join("tests/fuzz/targets"))? {
        let name = entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if parts.is_empty() || parts.contains(&name) {
            targets.push(name);
        }
    }
    targets.sort();
    Ok(targets)
}

/// Whether cargo-fuzz and the nightly compiler that it needs are there.
fn fuzzer() -> Option<()> {
    machine::output(machine::command("cargo").args(["+nightly", "fuzz", "--version"])).map(drop)
}

/// Fuzzes one target, from what is kept of it and what like it lies in the project. Finds stay in `target/fuzz`.
fn fuzz(target: &str, minutes: u64) -> Result<()> {
    let corpus = machine::top().join("target/fuzz").join(target);
    fs::create_dir_all(&corpus)?;
    let mut cargo = machine::command("cargo");
    cargo.args([
        "+nightly",
        "fuzz",
        "run",
        "--fuzz-dir",
        "tests/fuzz",
        "--target-dir",
        "target/fuzz",
        target,
    ]);
    cargo.arg(corpus);
    let like_it = if target == "scenario" { "scenarios" } else { "tests/histories" };
    for known in [format!("tests/fuzz/corpus/{target}"), like_it.to_owned()] {
        if machine::top().join(&known).exists() {
            cargo.arg(known);
        }
    }
    cargo.args(["--", &format!("-max_total_time={}", minutes * 60), "-print_final_stats=1"]);
    machine::run(cargo.stdin(Stdio::null()))
}
