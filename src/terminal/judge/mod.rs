//! `faultline judge`

mod told;

use std::path::PathBuf;
use std::process::ExitCode;

use faultline::check::budget::{BYTES, Budget};
use faultline::check::court::{Initial, Judgement, Refusal, Ruling, STANDARDS, Servers, Standard, Terms};
use faultline::check::history::{History, Outcome, Value};
use faultline::check::linearizable::BUDGET;
use faultline::observe::intake::{self, Format, Order, Place, Transcript};
use faultline::paint::{Color, Scene};
use faultline::scenario::slip::nearest;
use faultline::view::Look;
use faultline::view::history::{Bars, draw, size};

use super::{Stop, read, say};

#[derive(clap::Args)]
#[command(after_help = models())]
pub struct Options {
    /// The history: EDN or JSON maps or log lines as Jepsen writes them, or our own JSON lines.
    file: PathBuf,
    /// What to hold it against; an unknown name lists the known ones.
    #[arg(long)]
    model: String,
    /// How the file is written, if it does not show: edn, json, log or lines.
    #[arg(long)]
    format: Option<String>,
    /// What objects hold at first: a value such as 0, "x" or [1 2], or unknown. Nothing without it. Which models take
    /// which is said below.
    #[arg(long)]
    initial: Option<String>,
    /// Which order of events counts, that of the file or that of their :time.
    #[arg(long)]
    order: Option<Ordering>,
    /// Balances below zero are well; for the model bank.
    #[arg(long)]
    allow_negative: bool,
    /// What went in once may come out twice; for the model queue.
    #[arg(long)]
    allow_duplicates: bool,
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
    let terms = Terms {
        budget: Budget { steps: options.steps, bytes: options.megabytes << 20 },
        initial: initial(options.initial.as_deref())?,
        servers: if options.servers_keep { Servers::Keep } else { Servers::Unknown },
        negative: options.allow_negative,
        duplicates: options.allow_duplicates,
    };
    let file = options.file.display();
    let text = read::text(&options.file)?;
    let order = options.order.map(|order| match order {
        Ordering::File => Order::File,
        Ordering::Time => Order::Time,
    });
    let transcript = intake::read_in(&text, format, order).map_err(|slip| format!("{file}: {slip}"))?;
    let judgement = standard
        .judge(&transcript.history, &terms)
        .map_err(|refusal| format!("{file}: {}", misfit(&text, standard, &transcript, &refusal)))?;
    if let Some(to) = &options.svg {
        let svg = picture(&transcript.history, &judgement);
        super::write(to, &svg)?;
    }
    let said = match options.json {
        true => {
            let json = told::as_json(standard, &transcript, &judgement);
            say::line(serde_json::to_string_pretty(&json)?)
        }
        false => say::text(told::in_words(standard, &transcript, &judgement)),
    };
    // The verdict is the exit code, whether anybody reads the words or not.
    if let Err(stop) = said
        && !say::is_closed(&stop)
    {
        return Err(stop);
    }
    Ok(match judgement.ruling {
        Ruling::Legal => ExitCode::SUCCESS,
        Ruling::Illegal(_) => ExitCode::from(1),
        Ruling::Unknown | Ruling::Nothing(_) => ExitCode::from(3),
    })
}

/// `--order`
#[derive(Clone, Copy, clap::ValueEnum)]
enum Ordering {
    File,
    Time,
}

/// What `--help` says of the models.
fn models() -> String {
    let width = STANDARDS.iter().map(|standard| standard.name.len()).max().unwrap_or(0);
    let mut said = "Models, and what --initial may be for them:".to_owned();
    for standard in STANDARDS {
        let begins = standard.begins.told().unwrap_or("not given");
        said.push_str(&format!("\n  {:width$}  {} --initial: {begins}.", standard.name, standard.sentence));
    }
    said
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
            Ok(value) => Ok(Initial::Value(unquoted(value))),
            Err(slip) => Err(format!("--initial {text:?}: {slip}").into()),
        },
    }
}

/// A shell takes quotes away: a word is the text that it was.
fn unquoted(value: Value) -> Value {
    match value {
        Value::Word(word) => match word.strip_prefix('\'') {
            Some(text) => Value::Text(text.into()),
            None => Value::Word(word),
        },
        Value::List(items) => Value::List(items.into_iter().map(unquoted).collect()),
        value => value,
    }
}

/// What a model cannot judge, where, and which models know the operation.
fn misfit(text: &str, standard: &Standard, transcript: &Transcript, refusal: &Refusal) -> String {
    let Some(place) = refusal.operation else { return format!("{}.", refusal.why) };
    let alone = History { operations: vec![transcript.history.operations[place].clone()] };
    let terms = |standard: &Standard| Terms {
        budget: Budget::steps(0),
        servers: standard.allows.servers(),
        ..Terms::default()
    };
    let knows = |standard: &&Standard| standard.judge(&alone, &terms(standard)).is_ok();
    let mut unanswered = alone.clone();
    (unanswered.operations[0].outcome, unanswered.operations[0].returned) = (Outcome::Unknown, None);
    // Is it about the answer?
    let answer = !knows(&standard) && standard.judge(&unanswered, &terms(standard)).is_ok();
    let (asked, answered) = transcript.values[place];
    let at = Place::of(text, answered.filter(|_| answer).unwrap_or(asked));
    let names: Vec<&str> = STANDARDS.iter().filter(knows).map(|standard| standard.name).collect();
    let hint = match names.is_empty() {
        true => String::new(),
        false => {
            format!(" Models that know {}: {}.", alone.operations[0].action.verb.name(), names.join(", "))
        }
    };
    format!("{at}: {}.{hint}", refusal.why)
}

fn picture(history: &History, judgement: &Judgement) -> String {
    let mut bars = Bars::of_history(history, Some(judgement));
    let window = bars.focus();
    let look = Look { size: size(&bars, 1000.0), still: true, ..Look::default() };
    let mut scene = Scene::new(look.size, Color::WHITE);
    draw(&bars, window, &look, &mut scene);
    scene.to_svg()
}
