//! `faultline judge`

mod told;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use faultline::check::budget::{BYTES, Budget};
use faultline::check::court::{Initial, Judgement, Ruling, STANDARDS, Servers, Standard, Terms};
use faultline::check::history::{History, Value};
use faultline::check::linearizable::{BUDGET, Foreign};
use faultline::observe::intake::{self, Format, MOST_BYTES, Transcript, Unreadable};
use faultline::paint::{Color, Scene};
use faultline::scenario::slip::nearest;
use faultline::view::Look;
use faultline::view::history::{Bars, draw, size};

use super::Stop;

#[derive(clap::Args)]
pub struct Options {
    /// The history: EDN or JSON maps or log lines as Jepsen writes them, or our own JSON lines.
    file: PathBuf,
    /// What to hold it against; an unknown name lists the known ones.
    #[arg(long)]
    model: String,
    /// How the file is written, if it does not show: edn, json, log or lines.
    #[arg(long)]
    format: Option<String>,
    /// What objects hold at first: a value such as 0, "x" or [1 2], or unknown. Nothing without it.
    #[arg(long)]
    initial: Option<String>,
    /// Steps that a search may take before the answer is "unknown".
    #[arg(long, default_value_t = BUDGET.steps, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// Each server answers from a copy of its own, and nothing that was in it is ever lost: with this, monotonic writes
    /// and writes follow reads can be judged.
    #[arg(long)]
    servers_keep: bool,
    /// Megabytes that a search may hold before the answer is "unknown".
    #[arg(long, default_value_t = BYTES >> 20, value_parser = clap::value_parser!(u64).range(1..1 << 30))]
    megabytes: u64,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    /// Draw the history, or the part of it that is to blame, into this file.
    #[arg(long)]
    svg: Option<PathBuf>,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let standard = Standard::named(&options.model).ok_or_else(|| unknown_model(&options.model))?;
    let format = options.format.as_deref().map(format).transpose()?;
    let servers = if options.servers_keep { Servers::Keep } else { Servers::Unknown };
    let budget = Budget { steps: options.steps, bytes: options.megabytes << 20 };
    let terms = Terms { budget, initial: initial(options.initial.as_deref())?, servers };
    let file = options.file.display();
    let text = read(&options.file)?;
    let transcript = intake::read(&text, format).map_err(|slip| format!("{file}: {slip}"))?;
    let judgement = (standard.judge)(&transcript.history, &terms)
        .map_err(|foreign| format!("{file}: {}", misfit(&transcript, &foreign)))?;
    if let Some(to) = &options.svg {
        let svg = picture(&transcript.history, &judgement);
        super::write(to, &svg)?;
    }
    if options.json {
        let json = told::as_json(standard, &transcript, &judgement);
        println!("{}", serde_json::to_string_pretty(&json)?);
    } else {
        print!("{}", told::in_words(standard, &transcript, &judgement));
    }
    Ok(match judgement.ruling {
        Ruling::Legal => ExitCode::SUCCESS,
        Ruling::Illegal(_) => ExitCode::from(1),
        Ruling::Unknown => ExitCode::from(3),
    })
}

fn unknown_model(name: &str) -> String {
    let names: Vec<&str> = STANDARDS.iter().map(|standard| standard.name).collect();
    let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
    let mut said = format!("there is no model {name:?}.");
    let near = nearest(name, &names);
    if near.starts_with("Did") {
        said.push_str(&format!(" {near}"));
    }
    said.push_str(" There is:");
    for standard in STANDARDS {
        said.push_str(&format!("\n  {:width$}  {}", standard.name, standard.sentence));
    }
    said
}

fn format(name: &str) -> Result<Format, Stop> {
    let names: Vec<&str> = Format::NAMES.iter().map(|(_, name)| *name).collect();
    let unknown = || format!("there is no format {name:?}. {}", nearest(name, &names));
    Format::named(name).ok_or_else(|| unknown().into())
}

fn initial(given: Option<&str>) -> Result<Initial, Stop> {
    match given {
        None => Ok(Initial::Nothing),
        Some("unknown") => Ok(Initial::Unknown),
        Some(text) => match intake::value(text) {
            Ok(Value::Nil) => Ok(Initial::Nothing),
            Ok(value) => Ok(Initial::Value(value)),
            Err(slip) => Err(format!("--initial {text:?}: {slip}").into()),
        },
    }
}

/// The text of a file, as long as it is one and not too long.
fn read(file: &Path) -> Result<String, Stop> {
    let of_file = |what: String| format!("{}: {what}", file.display());
    let failed = |error: std::io::Error| of_file(error.to_string());
    // A pipe or a device has no length, and may have no end: one byte more than may be read shows that it is too long.
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(failed)?;
    opened.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > MOST_BYTES {
        return Err(of_file(Unreadable::too_long().to_string()).into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let hint = "Save the file as UTF-8.";
        of_file(Unreadable::at(&text, good, "here is a byte that no text has", hint).to_string()).into()
    })
}

/// An operation that the model does not know, and which models do.
fn misfit(transcript: &Transcript, foreign: &Foreign) -> String {
    let alone = History { operations: vec![transcript.history.operations[foreign.operation].clone()] };
    let terms = Terms { budget: Budget::steps(0), ..Terms::default() };
    let knows = |standard: &&Standard| (standard.judge)(&alone, &terms).is_ok();
    let names: Vec<&str> = STANDARDS.iter().filter(knows).map(|standard| standard.name).collect();
    let (line, _) = transcript.lines[foreign.operation];
    let hint = match names.is_empty() {
        true => String::new(),
        false => {
            format!(" Models that know {}: {}.", alone.operations[0].action.verb.name(), names.join(", "))
        }
    };
    format!("line {line}: {}.{hint}", foreign.why)
}

fn picture(history: &History, judgement: &Judgement) -> String {
    let mut bars = Bars::of_history(history, Some(judgement));
    let window = bars.focus();
    let look = Look { size: size(&bars, 1000.0), still: true, ..Look::default() };
    let mut scene = Scene::new(look.size, Color::WHITE);
    draw(&bars, window, &look, &mut scene);
    scene.to_svg()
}
