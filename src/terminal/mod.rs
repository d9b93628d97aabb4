//! The terminal: run · test · compare · judge · figure · reproduce · link · open · schema. Each command is a file.

mod compare;
mod figure;
mod judge;
mod link;
mod open;
mod read;
mod reproduce;
mod run;
mod say;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use faultline::run::{Run, cast};
use faultline::scenario::{Overrides, Plan, Script, Slip, idle};

/// Break a distributed system: deterministic simulation of real protocols.
#[derive(Parser)]
#[command(name = "faultline", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario. Exit 0: its expectations are met; 1: they are not; 2: bad input.
    Run(run::Options),
    /// Run every variant of scenarios over many seeds and hold their claims against what happens.
    Test(test::Options),
    /// Run variants of a scenario under the same seeds, and lay their figures side by side.
    Compare(compare::Options),
    /// Judge a history that clients of any system recorded. Exit 0: legal; 1: illegal; 2: bad input; 3: unknown, or
    /// nothing was judged.
    Judge(judge::Options),
    /// Draw a moment of a run as SVG.
    Figure(figure::Options),
    /// Measure a figure that others published, and draw it beside theirs.
    Reproduce(reproduce::Options),
    /// Print the link that opens a scenario in the page.
    Link(link::Options),
    /// Say what is in a link, as a scenario file.
    Open(open::Options),
    /// Print the JSON Schema of scenario files.
    Schema,
}

/// What stops a command: bad input, with exit code 2.
pub type Stop = Box<dyn std::error::Error>;

pub fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Judge(options) => judge::run(&options),
        Command::Figure(options) => figure::run(&options),
        Command::Reproduce(options) => reproduce::run(&options),
        Command::Link(options) => link::run(&options),
        Command::Open(options) => open::run(&options),
        Command::Schema => say::text(faultline::scenario::schema::schema()).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|stop| {
        if say::is_closed(&stop) {
            return ExitCode::SUCCESS;
        }
        say::stopped(&stop);
        ExitCode::from(2)
    })
}

/// Which run of a scenario.
#[derive(clap::Args)]
pub struct Which {
    /// The scenario file.
    pub file: PathBuf,
    /// The variant, by name; the first without it.
    #[arg(long)]
    pub variant: Option<String>,
    /// Another seed than the file's.
    #[arg(long)]
    pub seed: Option<u64>,
    /// A knob and its setting, such as --knob pre-vote=true; may be repeated.
    #[arg(long = "knob", value_name = "KNOB=SETTING")]
    pub knobs: Vec<String>,
}

/// A scenario, read.
pub struct Scene {
    pub name: String,
    pub text: String,
    pub script: Script,
}

impl Scene {
    pub fn read(file: &Path) -> Result<Scene, Stop> {
        let text = read::text(file)?;
        let script = Script::read(&text).map_err(|slip| of_file(file, &slip))?;
        script.check(&text, &cast::roles()).map_err(|slip| of_file(file, &slip))?;
        for warning in script.idle_knobs(&text, &cast::roles()) {
            say::warning(&of_file(file, &warning));
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Scene { name, text, script })
    }

    pub fn plan(&self, variant: Option<&str>, over: &Overrides) -> Result<Plan, Slip> {
        self.script.plan(&self.text, &cast::roles(), variant, over)
    }
}

/// Puts a plan on.
fn play(plan: Plan) -> Result<Box<dyn Run>, Stop> {
    cast::play(plan).ok_or_else(|| "the protocol is not in the cast".into())
}

/// Writes a file that an option asks for.
fn write(to: &Path, contents: &str) -> Result<(), Stop> {
    std::fs::write(to, contents).map_err(|error| format!("{}: {error}", to.display()).into())
}

fn of_file(file: &Path, slip: &Slip) -> String {
    format!("{}: {slip}", file.display())
}

impl Which {
    pub fn overrides(&self) -> Result<Overrides, Stop> {
        let knob = |text: &String| match text.split_once('=') {
            Some((name, setting)) => Ok((name.trim().to_owned(), setting.trim().to_owned())),
            None => Err(format!("--knob {text:?} has no \"=\": write --knob NAME=SETTING")),
        };
        let knobs = self.knobs.iter().map(knob).collect::<Result<_, _>>()?;
        Ok(Overrides { seed: self.seed, knobs, acts: Vec::new() })
    }

    /// The scenario and the plan of this run.
    pub fn plan(&self) -> Result<(Scene, Plan), Stop> {
        let scene = Scene::read(&self.file)?;
        let overrides = self.overrides()?;
        let plan = scene.plan(self.variant.as_deref(), &overrides)?;
        let turned = overrides.knobs.iter().map(|(name, _)| name.as_str());
        for warning in idle::idle(&plan, &cast::roles(), turned) {
            say::warning(&format!("--knob: {warning}"));
        }
        Ok((scene, plan))
    }
}
