//! `faultline reproduce`

mod availability;
mod election;
mod staleness;

use std::path::PathBuf;
use std::process::ExitCode;

use faultline::observe::figures::Unit;
use faultline::observe::published;
use faultline::paint::{Color, Scene as Picture, Size};
use faultline::scenario::Slip;
use faultline::view::chart::{Chart, Curve, Form};
use faultline::view::{Look, chart};
use serde_json::{Value, json};

use super::{Scene, Stop, say};

#[derive(clap::Args)]
pub struct Options {
    /// The scenario file, of a name that has a published figure.
    file: PathBuf,
    /// A variant to be drawn, by name; may be repeated. All of them without it.
    #[arg(long)]
    variant: Vec<String>,
    /// How many seeds for each point of the figure.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: Option<u64>,
    /// Draw the figure as SVG into this file.
    #[arg(short)]
    output: Option<PathBuf>,
    /// For a dark page.
    #[arg(long)]
    dark: bool,
    /// Print every point as JSON.
    #[arg(long)]
    json: bool,
}

/// What is to be measured of a scenario.
struct Wanted {
    /// For each point.
    seeds: Option<u64>,
    /// By name, in the scenario's order.
    variants: Vec<String>,
}

/// What measures the figure of a scenario.
type Measure = fn(&Scene, &Wanted) -> Result<Chart, Stop>;

const FIGURES: &[(&str, Measure)] = &[
    ("bounded-staleness", staleness::chart),
    ("quorum-availability", availability::chart),
    ("election-time", election::chart),
];

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let scene = Scene::read(&options.file)?;
    let Some((name, measure)) = FIGURES.iter().find(|(name, _)| *name == scene.name) else {
        let known: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
        return Err(
            format!("no figure is published of {:?}; there is: {}", scene.name, known.join(", ")).into()
        );
    };
    let variants = chosen(&scene, &options.variant)?;
    let drawn = measure(&scene, &Wanted { seeds: options.seeds, variants })?;
    if let Some(to) = &options.output {
        let look = Look { size: Size::new(800.0, 460.0), dark: options.dark, ..Look::default() };
        let mut picture = Picture::new(look.size, Color::WHITE);
        chart(&drawn, &look, &mut picture);
        super::write(to, &picture.to_svg())?;
    }
    if options.json {
        say::line(serde_json::to_string_pretty(&as_json(name, &drawn))?)?;
    } else {
        tell(&drawn)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// These variants in the scenario's order; all of them, if none is named.
fn chosen(scene: &Scene, wanted: &[String]) -> Result<Vec<String>, Stop> {
    let mut variants: Vec<String> =
        scene.script.variant.iter().map(|variant| variant.name.get().clone()).collect();
    if let Some(other) = wanted.iter().find(|name| !variants.contains(name)) {
        let known: Vec<&str> = variants.iter().map(String::as_str).collect();
        return Err(Slip::unknown("variant", other, &known).into());
    }
    variants.retain(|name| wanted.is_empty() || wanted.contains(name));
    Ok(variants)
}

/// What is published of a variant, as a curve of its own.
fn published(scene: &str, variant: &str, family: usize) -> impl Iterator<Item = Curve> {
    published::of(scene, variant).map(move |known| Curve {
        name: format!("published: {}", known.source),
        form: Form::Rings,
        family,
        points: known.points.to_vec(),
    })
}

/// Each published point, and the nearest that was measured.
fn tell(drawn: &Chart) -> Result<(), Stop> {
    say::line(format!("{}, by {}:", drawn.up.name, drawn.across.name))?;
    let measured = |curve: &&Curve| !matches!(curve.form, Form::Line | Form::Rings);
    for known in drawn.curves.iter().filter(|curve| curve.form == Form::Rings) {
        let Some(own) = drawn.curves.iter().filter(measured).find(|own| own.family == known.family) else {
            continue;
        };
        for (x, y) in &known.points {
            let near = |a: &&(f64, f64), b: &&(f64, f64)| (a.0 - x).abs().total_cmp(&(b.0 - x).abs());
            if let Some((at, share)) = own.points.iter().min_by(near) {
                let [here, there] = [share, y].map(|share| Unit::Share.show(*share));
                let [at, x] = [*at, *x].map(|x| drawn.across.unit.show(x));
                say::line(format!("{}: {here} at {at}; {there} at {x} ({})", own.name, known.name))?;
            }
        }
    }
    Ok(())
}

fn as_json(scenario: &str, drawn: &Chart) -> Value {
    let curve = |curve: &Curve| json!({ "name": curve.name, "points": curve.points });
    let curves: Vec<Value> = drawn.curves.iter().map(curve).collect();
    json!({
        "scenario": scenario,
        "across": drawn.across.name,
        "up": drawn.up.name,
        "curves": curves,
    })
}
