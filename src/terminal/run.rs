//! `faultline run`

use std::path::PathBuf;
use std::process::ExitCode;

use faultline::check::Verdict;
use faultline::observe::intake::lines;
use faultline::run::{Run, judging, sweep};
use faultline::sim::words::counted;
use serde_json::{Value, json};

use super::{Stop, Which, say};

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    which: Which,
    /// Tell what happened, line by line.
    #[arg(long)]
    story: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    /// Write what clients asked and heard into this file, a line for each operation, as `faultline judge` reads it.
    #[arg(long, value_name = "OUT.jsonl")]
    history: Option<PathBuf>,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let (scene, plan) = options.which.plan()?;
    let mut run = super::play(plan)?;
    let result = sweep::finish(&mut *run);
    if options.story {
        tell(&mut *run)?;
    }
    if let Some(to) = &options.history {
        let history = lines::write(&judging::history(run.trace(), run.events()));
        super::write(to, &history)?;
    }
    if options.json {
        say::line(serde_json::to_string_pretty(&as_json(&scene.name, &*run, &result))?)?;
    } else {
        summarise(&*run, &result)?;
    }
    Ok(if result.is_met() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The story, one line each.
fn tell(run: &mut dyn Run) -> Result<(), Stop> {
    for line in run.story() {
        let who = line.node.map(|node| run.names().of(node)).unwrap_or_default();
        say::line(format!("{:>9}  {who:<5} {}", line.at.to_string(), line.text))?;
    }
    Ok(())
}

fn summarise(run: &dyn Run, result: &sweep::Result) -> Result<(), Stop> {
    for ((claim, verdict), remark) in run.verdicts().into_iter().zip(run.remarks()) {
        let (name, more) = (claim.name, remark.map(|remark| format!(" ({remark})")).unwrap_or_default());
        match verdict {
            Verdict::Pending => say::line(format!("  ·  {name}: nothing happened that it speaks of"))?,
            Verdict::Open => say::line(format!("  ·  {name}: the run ended before this was decided"))?,
            Verdict::Holds => say::line(format!("  ok {name}{more}"))?,
            Verdict::Broken(violation) => {
                say::line(format!("  ✗  {name}, at {}: {}", violation.at, violation.evidence.text))?;
            }
            Verdict::Unknown(why) => say::line(format!("  ?  {name}: {why}"))?,
        }
    }
    say::line(format!(
        "{} in {}, fingerprint {}",
        counted(run.events(), "event"),
        run.now(),
        run.fingerprint().hex()
    ))?;
    if let Some(halt) = run.halted() {
        say::line(format!("The run stopped before its time: {}.", faultline::run::words::halted(halt)))?;
    }
    for name in &result.unjudged {
        say::line(format!("Nothing was judged of {name:?}, which should hold."))?;
    }
    if result.is_met() && result.unjudged.is_empty() {
        say::line("As expected.")?;
    }
    for name in &result.broke {
        say::line(format!("Not as expected: {name:?} should hold."))?;
    }
    for name in &result.held {
        say::line(format!("Not as expected: {name:?} should break."))?;
    }
    Ok(())
}

fn as_json(name: &str, run: &dyn Run, result: &sweep::Result) -> Value {
    let verdicts: Vec<Value> = run
        .verdicts()
        .into_iter()
        .zip(run.remarks())
        .map(|((claim, verdict), remark)| {
            let (word, at, evidence) = match verdict {
                Verdict::Pending => ("pending", None, None),
                Verdict::Open => ("open", None, None),
                Verdict::Holds => ("holds", None, None),
                Verdict::Broken(violation) => {
                    ("broken", Some(violation.at.0), Some(violation.evidence.text.as_str()))
                }
                Verdict::Unknown(why) => ("unknown", None, Some(*why)),
            };
            json!({ "property": claim.name, "verdict": word, "at_us": at, "evidence": evidence, "remark": remark })
        })
        .collect();
    json!({
        "scenario": name,
        "protocol": run.plan().protocol,
        "seed": run.plan().seed,
        "fingerprint": run.fingerprint().hex(),
        "events": run.events(),
        "simulated_us": run.now().0,
        "halted": run.halted().map(faultline::run::words::halted),
        "verdicts": verdicts,
        "met": result.is_met(),
    })
}
