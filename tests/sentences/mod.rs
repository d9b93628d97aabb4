//! What a lesson says is true of what it shows: no caption that tells of a loss where nothing is lost, or of one server
//! where several did the same; no number that is not measured; nothing that a reader needs left out.

mod actors;
mod losses;
mod numbers;
mod prices;
mod written;

use std::collections::BTreeMap;
use std::fs;

use faultline::check::Verdict;
use faultline::run::story::Line;
use faultline::run::{Run, sweep};
use serde::Deserialize;

use crate::common::{Scene, top};
use crate::{Law, Test};

pub const LAWS: &[Law] = &[
    ("no_sentence_tells_of_a_loss_that_is_none", losses::are_real),
    ("no_sentence_names_one_server_for_several", actors::are_counted),
    ("every_number_is_backed", numbers::are_backed),
    ("every_price_is_paid", prices::are_paid),
    ("every_lesson_is_whole", written::is_whole),
];

pub const TESTS: &[Test] = &[
    ("the_menu_has_the_headings_in_their_order", written::menu),
    ("numbers_are_read_as_they_are_written", numbers::are_read),
];

/// The words that sentences are held against.
#[derive(Deserialize)]
struct Words {
    /// A reader of one of these takes it that something acknowledged is gone.
    loss: Vec<String>,
    /// With one of these beside it, it is something else that is gone.
    no_loss: Vec<String>,
    /// Promises that nothing acknowledged is lost.
    no_loss_promises: Vec<String>,
    /// A sentence with one of these is about one server.
    one_actor: Vec<String>,
    /// The challenges, in the order of the menu.
    headings: Vec<String>,
}

fn words() -> Words {
    let text = fs::read_to_string(top().join("tests/sentences/words.toml")).expect("words.toml");
    toml::from_str(&text).expect("words.toml")
}

/// The scene's run at its end.
fn ended(scene: &Scene) -> Box<dyn Run> {
    let mut run = scene.run();
    sweep::finish(&mut *run);
    run
}

/// How each promise ended, by name.
fn verdicts(run: &dyn Run) -> BTreeMap<&'static str, Verdict> {
    run.verdicts().into_iter().map(|(claim, verdict)| (claim.name, verdict.clone())).collect()
}

/// The sentences of captions and acts that a reader of this run sees, each with its line of the story.
fn said(run: &mut dyn Run) -> Vec<(Line, String)> {
    use faultline::run::story::Kind;
    let acts: Vec<String> = run.plan().acts.iter().filter_map(|act| act.say.clone()).collect();
    let lines = run.story().into_iter();
    let told = |line: Line| match line.kind {
        Kind::Caption => Some((line.clone(), line.text)),
        Kind::Act => {
            let say = acts.iter().find(|say| line.text.ends_with(say.as_str()))?;
            Some((line, say.clone()))
        }
        _ => None,
    };
    lines.filter_map(told).collect()
}

fn complain(scene: &Scene, complaints: &[String], hint: &str) {
    assert!(complaints.is_empty(), "{}:\n  {}\n{hint}", scene.title(), complaints.join("\n  "));
}
