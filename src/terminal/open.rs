//! `faultline open`

use std::process::ExitCode;

use faultline::scenario::{Link, length};
use faultline::sim::Micros;

use super::{Stop, say};

#[derive(clap::Args)]
pub struct Options {
    /// The link, or the part of it behind the #.
    link: String,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let fragment = options.link.split_once('#').map_or(options.link.as_str(), |(_, fragment)| fragment);
    let link = Link::read(fragment)?;
    say::line(format!("# scenario: {}", link.scenario))?;
    if let Some(variant) = &link.variant {
        say::line(format!("# variant: {variant}"))?;
    }
    if let Some(seed) = link.seed {
        say::line(format!("# seed: {seed}"))?;
    }
    for (knob, setting) in &link.knobs {
        say::line(format!("# knob: {knob} = {setting}"))?;
    }
    for variant in link.beside.iter().flatten() {
        say::line(format!("# beside: {variant}"))?;
    }
    if let Some(at) = link.at {
        say::line(format!("# moment: {}", length::write(Micros(at.0))))?;
    }
    if let Some(fingerprint) = &link.fingerprint {
        say::line(format!("# fingerprint: {fingerprint}"))?;
    }
    say::line(format!("# engine: {}", link.engine))?;
    if let Some(differs) = link.other_engine() {
        say::warning(&differs);
    }
    if let Some(text) = &link.text {
        say::line(text)?;
    }
    for act in &link.acts {
        say::line(format!("\n[[act]]\n{}", act.to_toml().trim_end()))?;
    }
    Ok(ExitCode::SUCCESS)
}
