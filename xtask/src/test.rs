//! Every check, one after the other, the cheap ones first; the first that fails ends the run.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::browser::{CHROMIUM, FIREFOX};
use crate::machine;
use crate::page;
use crate::wasm::{Toolchain, Way};

#[derive(Args)]
pub struct Options {
    /// Run this step only; may be given several times
    #[arg(long, value_enum, value_name = "STEP")]
    only: Vec<Step>,
    /// Leave out the browsers
    #[arg(long)]
    quick: bool,
    /// Arguments for the test runner of a single step, e.g. `--only chromium -- --grep cut`
    #[arg(last = true)]
    rest: Vec<String>,
}

/// One check, in the order of running.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// rustfmt
    Format,
    /// clippy, native, everything in the workspace
    Clippy,
    /// clippy for the browser
    ClippyWasm,
    /// The tests of the workspace
    Native,
    /// The documentation: its links and its examples
    Doc,
    /// The core and the page
    Build,
    /// The page's types
    Types,
    /// The page's lint and format
    Lint,
    /// The core for the browser under Node: the same traces as natively
    Node,
    /// The page in Chromium
    Chromium,
    /// The page in Firefox
    Firefox,
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().expect("no step is hidden").get_name().to_owned()
    }

    fn needs_the_page(self) -> bool {
        matches!(self, Step::Types | Step::Node | Step::Chromium | Step::Firefox)
    }

    fn needs_a_browser(self) -> bool {
        matches!(self, Step::Chromium | Step::Firefox)
    }

    fn run(self, way: Option<Way>, rest: &[String]) -> Result<()> {
        match self {
            Step::Format => {
                machine::component("rustfmt", "fmt")?;
                machine::run(machine::cargo().args(["fmt", "--all", "--check"]))
            }
            Step::Clippy => {
                machine::component("clippy", "clippy")?;
                let scope = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
                machine::run(machine::cargo().args(scope))
            }
            Step::ClippyWasm => Toolchain::find(way)?.lint(),
            Step::Native => native(rest),
            Step::Doc => {
                let mut doc = machine::cargo();
                doc.args(["doc", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "--deny warnings");
                machine::run(&mut doc)?;
                machine::run(machine::cargo().args(["test", "--doc", "--quiet"]).args(rest))
            }
            Step::Build => page::build(way),
            Step::Types => {
                machine::run(page::program("tsc").arg("--noEmit"))?;
                machine::run(page::program("tsc").args(["--noEmit", "--project", "../tests/browser"]))
            }
            Step::Lint => {
                page::packages()?;
                machine::run(page::program("biome").args([
                    "check",
                    "--error-on-warnings",
                    ".",
                    "../tests/browser",
                ]))
            }
            Step::Node => under_node("tests/browser/node.mjs", rest),
            Step::Chromium => chromium(rest),
            Step::Firefox => firefox(rest),
        }
    }
}

/// Runs the steps asked for, and before them what they stand on. Ends with a line that counts them.
pub fn all(options: &Options, way: Option<Way>) -> Result<()> {
    let steps = chosen(options);
    if !options.rest.is_empty() && options.only.len() != 1 {
        bail!("arguments after `--` go to one step's test runner: name it with --only");
    }
    let mut times = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("\n\u{2500}\u{2500} {}/{} {} \u{2500}\u{2500}", index + 1, steps.len(), step.name());
        let began = Instant::now();
        let rest: &[String] = if options.only.contains(step) { &options.rest } else { &[] };
        if let Err(error) = step.run(way, rest) {
            let (passed, left) = (times.len(), steps.len() - times.len() - 1);
            println!("\nsteps: {passed} passed, 1 failed, {left} not run");
            return Err(error.context(format!("step {} failed", step.name())));
        }
        let seconds = began.elapsed().as_secs_f64();
        println!("\u{2713} {} {seconds:.1} s", step.name());
        times.push(format!("{} {seconds:.0} s", step.name()));
    }
    println!("\n{}\nsteps: {} passed, 0 failed", times.join(", "), times.len());
    Ok(())
}

fn chosen(options: &Options) -> Vec<Step> {
    let wanted = |step: Step| match options.only.as_slice() {
        [] => !(options.quick && step.needs_a_browser()),
        only => {
            only.contains(&step) || (step == Step::Build && only.iter().any(|step| step.needs_the_page()))
        }
    };
    Step::value_variants().iter().copied().filter(|step| wanted(*step)).collect()
}

fn native(rest: &[String]) -> Result<()> {
    let mut cargo = machine::cargo();
    if machine::output(machine::cargo().args(["nextest", "--version"])).is_some() {
        cargo.args(["nextest", "run", "--workspace", "--no-tests", "pass"]);
    } else {
        cargo.args(["test", "--workspace", "--lib", "--bins", "--tests"]);
    }
    machine::run(cargo.args(rest))
}

fn chromium(rest: &[String]) -> Result<()> {
    let mut playwright = page::program("playwright");
    playwright.env(CHROMIUM.variable, CHROMIUM.program()?).env("FAULTLINE_PORT", free_port()?.to_string());
    playwright.env(RUNS, native_runs()?);
    machine::run(playwright.arg("test").args(rest))
}

fn firefox(rest: &[String]) -> Result<()> {
    let mut node = node()?;
    node.env(FIREFOX.variable, FIREFOX.program()?).env(RUNS, native_runs()?);
    machine::run(node.arg("tests/browser/firefox.mjs").args(rest))
}

fn under_node(script: &str, rest: &[String]) -> Result<()> {
    machine::run(node()?.env(RUNS, native_runs()?).arg(script).args(rest))
}

fn node() -> Result<Command> {
    let node = machine::find(["node"]).context("node is missing: install Node 20.19 or newer")?;
    Ok(machine::command(node))
}

/// Where the tests of the page find what the native simulator made of every scenario.
const RUNS: &str = "FAULTLINE_RUNS";

/// Runs every scenario natively, and says where the fingerprints lie.
fn native_runs() -> Result<PathBuf> {
    machine::run(machine::cargo().args(["build", "--quiet", "--bin", "faultline"]))?;
    let target = machine::target_folder();
    let runs = target.join("runs.json");
    let mut node = node()?;
    node.env("FAULTLINE_PROGRAM", target.join("debug/faultline"));
    machine::run(node.arg("tests/browser/runs.mjs").arg(&runs))?;
    Ok(runs)
}

/// A port that nobody listens on, for the tests' own server.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
