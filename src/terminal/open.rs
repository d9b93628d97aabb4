//! `faultline open`

use std::process::ExitCode;

use faultline::scenario::{Link, length};
use faultline::sim::Micros;

use super::Stop;

#[derive(clap::Args)]
pub struct Options {
    /// The link, or the part of it behind the #.
    link: String,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let fragment = options.link.split_once('#').map_or(options.link.as_str(), |(_, fragment)| fragment);
    let link = Link::read(fragment)?;
    println!("# scenario: {}", link.scenario);
    if let Some(variant) = &link.variant {
        println!("# variant: {variant}");
    }
    if let Some(seed) = link.seed {
        println!("# seed: {seed}");
    }
    for (knob, setting) in &link.knobs {
        println!("# knob: {knob} = {setting}");
    }
    for variant in link.beside.iter().flatten() {
        println!("# beside: {variant}");
    }
    if let Some(at) = link.at {
        println!("# moment: {}", length::write(Micros(at.0)));
    }
    if let Some(fingerprint) = &link.fingerprint {
        println!("# fingerprint: {fingerprint}");
    }
    println!("# engine: {}", link.engine);
    if let Some(differs) = link.other_engine() {
        eprintln!("warning: {differs}");
    }
    if let Some(text) = &link.text {
        println!("{text}");
    }
    for act in &link.acts {
        println!("\n[[act]]\n{}", act.to_toml().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
