//! `faultline compare`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use faultline::check::Verdict;
use faultline::observe::figures::{self, Row};
use faultline::observe::measure::{Measured, REFUSED};
use faultline::run::compare::{Difference, difference};
use faultline::run::{Run, sweep};
use faultline::scenario::Overrides;
use faultline::sim::words::counted;
use serde_json::{Value, json};

use super::{Scene, Stop, say};

#[derive(clap::Args)]
pub struct Options {
    /// The scenario file.
    file: PathBuf,
    /// Two to four variants, with a comma between them; the first is what the others are measured by. All without it.
    #[arg(long)]
    variants: Option<String>,
    /// How many seeds for each variant; the first is the file's own.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: u64,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// The most variants that stand beside each other.
const MOST: usize = 4;

/// A variant, run with every seed.
struct Lane {
    name: String,
    protocol: String,
    measured: Measured,
    /// With how many seeds each promise broke.
    broken: BTreeMap<&'static str, u64>,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let scene = Scene::read(&options.file)?;
    let variants = chosen(&scene, options.variants.as_deref())?;
    let lanes: Vec<Lane> =
        variants.iter().map(|variant| lane(&scene, variant, options.seeds)).collect::<Result<_, _>>()?;
    let measured: Vec<Measured> = lanes.iter().map(|lane| lane.measured.clone()).collect();
    let rows = figures::table(&measured);
    let parted = parted(&scene, &variants)?;
    if options.json {
        let mut told = as_json(&scene.name, options.seeds, &lanes, &rows, &parted);
        told["omitted"] = json!(omitted(&scene, &variants)?);
        say::line(serde_json::to_string_pretty(&told)?)?;
    } else {
        print(options.seeds, &lanes, &rows, &parted)?;
        if let Some(omitted) = omitted(&scene, &variants)? {
            say::line(format!("\n{omitted}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The variants that were asked for. Names may hold commas themselves.
fn chosen(scene: &Scene, asked: Option<&str>) -> Result<Vec<String>, Stop> {
    let known: Vec<&String> = scene.script.variant.iter().map(|variant| variant.name.get()).collect();
    let listed = || known.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let Some(asked) = asked else {
        return match known.len() {
            2..=MOST => Ok(known.into_iter().cloned().collect()),
            many => Err(format!(
                "the scenario has {}, and two to four can stand beside each other: name them with --variants",
                counted(many as u64, "variant")
            )
            .into()),
        };
    };
    let mut rest = asked.trim();
    let mut chosen: Vec<String> = Vec::new();
    while !rest.is_empty() {
        let begins = |name: &&&String| {
            rest.strip_prefix(name.as_str())
                .is_some_and(|after| after.is_empty() || after.trim_start().starts_with(','))
        };
        let Some(name) = known.iter().filter(begins).max_by_key(|name| name.len()) else {
            return Err(format!("no variant is called as {rest:?} begins; there is: {}", listed()).into());
        };
        if chosen.contains(name) {
            return Err(format!("the variant {name:?} is named twice").into());
        }
        rest = rest[name.len()..].trim_start().trim_start_matches(',').trim_start();
        chosen.push((*name).clone());
    }
    match chosen.len() {
        2..=MOST => Ok(chosen),
        many => Err(format!("--variants names {many}, and two to four can stand beside each other").into()),
    }
}

fn lane(scene: &Scene, variant: &str, seeds: u64) -> Result<Lane, Stop> {
    let own = scene.plan(Some(variant), &Overrides::default())?;
    let (name, protocol) = (variant.to_owned(), own.protocol.clone());
    let mut lane = Lane { name, protocol, measured: Measured::default(), broken: BTreeMap::new() };
    for n in 0..seeds {
        let run = play(scene, variant, sweep::seeded(&own, n))?;
        lane.measured.add(&Measured::so_far(&*run));
        for (claim, verdict) in run.verdicts() {
            *lane.broken.entry(claim.name).or_default() += u64::from(matches!(verdict, Verdict::Broken(_)));
        }
    }
    Ok(lane)
}

/// Where a variant parts from the first, and what the first and it do there.
type Parted = Option<(Difference, [String; 2])>;

/// A run to its end.
fn play(scene: &Scene, variant: &str, seed: u64) -> Result<Box<dyn Run>, Stop> {
    let plan = scene.plan(Some(variant), &Overrides { seed: Some(seed), ..Overrides::default() })?;
    let until = plan.until;
    let mut run = super::play(plan)?;
    run.seek(until, u32::MAX);
    Ok(run)
}

/// Where each of the others parts from the first under the file's own seed, and what both do there; nothing where
/// another protocol is played, which is another run from the beginning.
fn parted(scene: &Scene, variants: &[String]) -> Result<Vec<Parted>, Stop> {
    let seed = scene.plan(Some(&variants[0]), &Overrides::default())?.seed;
    let first = play(scene, &variants[0], seed)?;
    let other = |variant: &String| {
        let run = play(scene, variant, seed)?;
        let parted = difference(&*first, &*run).filter(|_| first.plan().protocol == run.plan().protocol);
        Ok(parted.map(|parted| (parted, parted.told(&*first, &*run))))
    };
    variants[1..].iter().map(other).collect()
}

/// What the figures leave out where clients wait.
fn omitted(scene: &Scene, variants: &[String]) -> Result<Option<String>, Stop> {
    let run = |variant: &String| super::play(scene.plan(Some(variant.as_str()), &Overrides::default())?);
    let runs: Vec<Box<dyn Run>> = variants.iter().map(run).collect::<Result<_, _>>()?;
    let runs: Vec<&dyn Run> = runs.iter().map(|run| &**run).collect();
    Ok(figures::omitted(&runs))
}

fn print(seeds: u64, lanes: &[Lane], rows: &[Row], parted: &[Parted]) -> Result<(), Stop> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    let mut head = vec![String::new()];
    for (place, lane) in lanes.iter().enumerate() {
        head.push(lane.name.clone());
        head.extend((place > 0).then(String::new));
    }
    table.set_header(head);
    for row in rows.iter().filter(|row| row.says_something()) {
        let mut line = vec![row.figure.name.to_owned()];
        for place in 0..lanes.len() {
            line.push(row.show(place));
            line.extend((place > 0).then(|| row.ratio(place).unwrap_or_default()));
        }
        table.add_row(line);
    }
    table.add_row([""]);
    let promises = lanes.iter().flat_map(|lane| lane.broken.keys());
    let promises: std::collections::BTreeSet<&str> = promises.copied().collect();
    for promise in promises {
        let mut line = vec![format!("{promise} broke")];
        for (place, lane) in lanes.iter().enumerate() {
            line.push(lane.broken.get(promise).map_or("–".to_owned(), |count| format!("{count} of {seeds}")));
            line.extend((place > 0).then(String::new));
        }
        table.add_row(line);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    say::line(table.trim_fmt())?;
    for (lane, parted) in lanes[1..].iter().zip(parted) {
        if let Some((parted, [here, there])) = parted {
            say::line(format!(
                "\n{} parts from {} at {}: there {here}; here {there}.",
                lane.name, lanes[0].name, parted.at
            ))?;
        }
    }
    Ok(())
}

/// A number, or in words that there was no answer.
fn as_value(row: &Row, place: usize) -> Value {
    match row.values[place] {
        Some(beyond) if beyond >= REFUSED => json!(row.show(place)),
        value => json!(value),
    }
}

fn as_json(scenario: &str, seeds: u64, lanes: &[Lane], rows: &[Row], parted: &[Parted]) -> Value {
    let lane = |(place, lane): (usize, &Lane)| {
        let figures: serde_json::Map<String, Value> = rows
            .iter()
            .map(|row| {
                (
                    row.figure.name.to_owned(),
                    json!({ "value": as_value(row, place), "unit": row.figure.unit.name() }),
                )
            })
            .collect();
        let parted = place.checked_sub(1).and_then(|place| parted[place].as_ref());
        let parted = parted.map(|(parted, [first, own])| {
            json!({ "at_us": parted.at.0, "event": parted.event.0, "first": first, "own": own })
        });
        json!({
            "variant": lane.name,
            "protocol": lane.protocol,
            "figures": figures,
            "broken": lane.broken,
            "parted": parted,
        })
    };
    let lanes: Vec<Value> = lanes.iter().enumerate().map(lane).collect();
    json!({ "scenario": scenario, "seeds": seeds, "variants": lanes })
}
