//! `faultline link`

use std::process::ExitCode;

use faultline::scenario::{Link, length};
use faultline::sim::ENGINE;

use super::{Stop, Which, say};

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    which: Which,
    /// The moment to open, such as 3.2s.
    #[arg(long)]
    at: Option<String>,
    /// A variant that stands beside; may be given three times.
    #[arg(long)]
    beside: Vec<String>,
    /// Carry the whole scenario, for a page that does not have it under its name.
    #[arg(long)]
    whole: bool,
    /// The address of the page.
    #[arg(long, default_value = "http://127.0.0.1:8080/")]
    page: String,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let (scene, plan) = options.which.plan()?;
    let over = options.which.overrides()?;
    for variant in &options.beside {
        scene.plan(Some(variant), &over)?;
    }
    let at = options.at.as_deref().map(length::read).transpose()?;
    let mut run = super::play(plan)?;
    let at = at.map(|at| run.seek(faultline::sim::Time(at.0), u32::MAX));
    let link = Link {
        scenario: scene.name,
        text: options.whole.then_some(scene.text),
        variant: options.which.variant.clone(),
        seed: over.seed,
        knobs: over.knobs.into_iter().collect(),
        beside: (!options.beside.is_empty()).then(|| options.beside.clone()),
        branch: None,
        acts: Vec::new(),
        fingerprint: at.map(|_| run.fingerprint().hex()),
        at,
        view: None,
        engine: ENGINE,
    };
    say::line(format!("{}#{}", options.page, link.write()?))?;
    Ok(ExitCode::SUCCESS)
}
