//! `faultline figure`

use std::path::PathBuf;
use std::process::ExitCode;

use faultline::paint::{Color, Labels, Scene, Size};
use faultline::run::Frame;
use faultline::scenario::length;
use faultline::sim::{Micros, Time};
use faultline::view::history::Memory;
use faultline::view::{Look, Window, cluster, history, line, logs, replicas, spacetime};

use super::{Stop, Which};

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    which: Which,
    /// The moment, such as 3.2s.
    #[arg(long)]
    at: String,
    /// Space and time: where the picture begins; 400 ms before the moment without it.
    #[arg(long)]
    from: Option<String>,
    /// Space and time: where the picture ends; at the moment without it.
    #[arg(long)]
    to: Option<String>,
    /// Space and time: fold stretches in which nothing happens.
    #[arg(long)]
    fold: bool,
    /// What to draw.
    #[arg(long, value_enum, default_value_t = View::Cluster)]
    view: View,
    #[arg(long, default_value_t = 800)]
    width: u16,
    #[arg(long, default_value_t = 560)]
    height: u16,
    /// For a dark page.
    #[arg(long)]
    dark: bool,
    /// The file to write.
    #[arg(short)]
    output: PathBuf,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum View {
    /// Nodes, links and messages.
    Cluster,
    /// The replicated logs side by side.
    Logs,
    /// What every replica holds.
    Replicas,
    /// Space and time: who sent what to whom, and when.
    Spacetime,
    /// What clients asked and heard.
    History,
    /// The whole run as a line.
    Line,
}

pub fn run(options: &Options) -> Result<ExitCode, Stop> {
    let (_, plan) = options.which.plan()?;
    let at = length::read(&options.at)?;
    let mut run = super::play(plan)?;
    run.seek(Time(at.0), u32::MAX);
    let size = Size::new(options.width.into(), options.height.into());
    let look =
        Look { size, dark: options.dark, fade: Micros::from_millis(40), still: true, ..Look::default() };
    let mut frame = Frame::default();
    run.frame(look.fade, &mut frame);
    let mut scene = Scene::new(size, Color::WHITE);
    match options.view {
        View::Cluster => cluster(&frame, &look, &mut Labels::default(), &mut scene),
        View::Logs => logs(&frame, &look, &mut scene),
        View::Replicas => replicas(&frame, &look, &mut scene),
        View::Spacetime => {
            let window = window(options, (Time(at.0.saturating_sub(400_000)), Time(at.0)))?;
            run.seek(window.to, u32::MAX);
            run.seek(Time(at.0), u32::MAX);
            spacetime(&*run, &window, &look, &mut Labels::default(), &mut scene);
        }
        View::History => {
            let span = history::span(&*run, size);
            let window = window(options, spacetime::around(run.now(), span, run.plan().until))?;
            history(&*run, &window, &look, &mut Memory::default(), &mut scene);
        }
        View::Line => line(&*run, &[], look.dark, size, &mut scene),
    }
    super::write(&options.output, &scene.to_svg())?;
    Ok(ExitCode::SUCCESS)
}

/// What the options say of the window, and otherwise these ends.
fn window(options: &Options, (from, to): (Time, Time)) -> Result<Window, Stop> {
    let read = |text: &Option<String>, otherwise| match text {
        Some(text) => length::read(text).map(|at| Time(at.0)),
        None => Ok(otherwise),
    };
    let (from, to) = (read(&options.from, from)?, read(&options.to, to)?);
    Ok(Window { from, to, folded: options.fold, ..Window::default() })
}
