//! Every check, one after the other, the cheap ones first; the first that fails ends the run. Only the page is built
//! beside other steps.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::browser::{CHROMIUM, FIREFOX};
use crate::machine::{self, say};
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
    let mut build = Background::begin(&steps, way)?;
    let mut times = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("\n\u{2500}\u{2500} {}/{} {} \u{2500}\u{2500}", index + 1, steps.len(), step.name());
        let began = Instant::now();
        let rest: &[String] = if options.only.contains(step) { &options.rest } else { &[] };
        let begun = build.take_if(|_| *step == Step::Build);
        if let Err(error) = begun.map_or_else(|| step.run(way, rest), Background::end) {
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

/// The core and the page, built beside the steps before: linking them keeps one processor busy, and so does checking the
/// library.
struct Background {
    builds: Child,
    says: PathBuf,
}

impl Background {
    /// Starts it, if there are steps before it.
    fn begin(steps: &[Step], way: Option<Way>) -> Result<Option<Background>> {
        if !steps.iter().skip(1).any(|step| *step == Step::Build) {
            return Ok(None);
        }
        // What has to be installed is, before two processes want to.
        Toolchain::find(way)?;
        fs::create_dir_all(machine::target_folder())?;
        let says = machine::target_folder().join("build.log");
        let (out, err) = {
            let file = File::create(&says)?;
            (file.try_clone()?, file)
        };
        let mut build = machine::command(std::env::current_exe()?);
        if let Some(way) = way.and_then(|way| way.to_possible_value()) {
            build.args(["--wasm-way", way.get_name()]);
        }
        say("the core and the page are built beside the next steps");
        let builds = build.arg("build").stdout(out).stderr(err).spawn().context("cannot start the build")?;
        Ok(Some(Background { builds, says }))
    }

    /// Waits for its end and says what it said.
    fn end(mut self) -> Result<()> {
        let status = self.builds.wait()?;
        print!("{}", fs::read_to_string(&self.says)?);
        if status.success() { Ok(()) } else { bail!("the build ended with {status}") }
    }
}

impl Drop for Background {
    /// A step before it failed: its result is of no use to anyone.
    fn drop(&mut self) {
        let _ = self.builds.kill();
        let _ = self.builds.wait();
    }
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

/// The tests of the package, and not of this tool, which has none: with it, dependencies would be compiled again with
/// other features.
fn native(rest: &[String]) -> Result<()> {
    let mut cargo = machine::cargo();
    if machine::output(machine::cargo().args(["nextest", "--version"])).is_some() {
        cargo.args(["nextest", "run", "--no-tests", "pass"]);
    } else {
        cargo.args(["test", "--lib", "--bins", "--tests"]);
    }
    let seed = seed();
    say(&format!("seeds are drawn from FAULTLINE_SEED={seed}, which repeats this run"));
    cargo.env(SEED, &seed).env("PROPTEST_RNG_SEED", &seed);
    machine::run(cargo.args(rest))
}

/// What the tests draw their seeds from, if the environment says nothing else: the commit, so that each commit
/// searches elsewhere.
const SEED: &str = "FAULTLINE_SEED";

fn seed() -> String {
    std::env::var(SEED).unwrap_or_else(|_| {
        let commit = machine::output(machine::command("git").args(["rev-parse", "HEAD"]));
        let number = commit.and_then(|commit| u64::from_str_radix(commit.get(..12)?, 16).ok());
        number.unwrap_or(0).to_string()
    })
}

fn chromium(rest: &[String]) -> Result<()> {
    let mut playwright = page::program("playwright");
    playwright.env(CHROMIUM.variable, CHROMIUM.program()?).env("FAULTLINE_PORT", free_port()?.to_string());
    machine::run(playwright.arg("test").args(rest))
}

fn firefox(rest: &[String]) -> Result<()> {
    let mut node = node()?;
    node.env(FIREFOX.variable, FIREFOX.program()?);
    machine::run(node.arg("tests/browser/firefox.mjs").args(rest))
}

fn under_node(script: &str, rest: &[String]) -> Result<()> {
    machine::run(node()?.arg(script).args(rest))
}

fn node() -> Result<Command> {
    let node = machine::find(["node"]).context("node is missing: install Node 20.19 or newer")?;
    Ok(machine::command(node))
}

/// A port that nobody listens on, for the tests' own server.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
