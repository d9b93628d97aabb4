//! What several tests want: every scenario, and files that hold what a program should say.

#![allow(dead_code, reason = "no test wants all of it")]

pub mod seeds;
pub mod soak;

use std::fs;
use std::path::{Path, PathBuf};

use faultline::check::{Verdict, Violation};
use faultline::run::cast::{self, roles};
use faultline::run::{Run, Session, sweep};
use faultline::scenario::{Overrides, Plan, Script};
use faultline::sim::Outcome;

pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A scenario file in one of its variants.
pub struct Scene {
    pub name: String,
    pub text: String,
    pub script: Script,
    pub variant: Option<String>,
}

impl Scene {
    pub fn plan(&self, over: &Overrides) -> Plan {
        self.script.plan(&self.text, &roles(), self.variant.as_deref(), over).expect("it has a plan")
    }

    pub fn run(&self) -> Box<dyn Run> {
        cast::play(self.plan(&Overrides::default())).expect("its protocol is in the cast")
    }

    pub fn session(&self) -> Session {
        let mut session = Session::open(&self.name, &self.text).expect("it opens");
        let change = faultline::run::session::Change { variant: self.variant.clone(), ..Default::default() };
        session.change(change).expect("it has this variant");
        session
    }

    /// Whether a commit looks at this variant in what is about the engine and not about the lesson: its first and one
    /// other of each lesson, another with each commit.
    pub fn is_drawn(&self) -> bool {
        let name = |place: usize| self.script.variant.get(place).map(|variant| variant.name.get());
        let others = self.script.variant.len().saturating_sub(1).max(1);
        let drawn = faultline::sim::rng::mix(&[seeds::seed(), self.name.len() as u64]) as usize % others;
        self.variant.as_ref() == name(0) || self.variant.as_ref() == name(drawn + 1)
    }

    /// `raft-election.random timeouts`
    pub fn title(&self) -> String {
        format!("{}.{}", self.name, self.variant.as_deref().unwrap_or("as it is"))
    }
}

/// Every scenario in every variant, in order of name.
pub fn scenes() -> Vec<Scene> {
    let folder = fs::read_dir(top().join("scenarios")).expect("scenarios");
    let mut files: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    let mut scenes = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("it is text");
        let script = Script::read(&text).unwrap_or_else(|slip| panic!("{}: {slip}", file.display()));
        let name = file.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let variants: Vec<_> =
            script.variant.iter().map(|variant| Some(variant.name.get().clone())).collect();
        for variant in if variants.is_empty() { vec![None] } else { variants } {
            scenes.push(Scene { name: name.clone(), text: text.clone(), script: script.clone(), variant });
        }
    }
    assert!(scenes.len() >= 9);
    scenes
}

fn first_plan(text: &str, seed: Option<u64>) -> Plan {
    let script = Script::read(text).unwrap_or_else(|slip| panic!("{slip}"));
    let over = Overrides { seed, ..Overrides::default() };
    script.plan(text, &roles(), None, &over).unwrap_or_else(|slip| panic!("{slip}"))
}

/// A scenario's first variant, run to its end with a seed, and nobody looking.
pub fn finished(text: &str, seed: u64) -> Box<dyn Run> {
    let mut run = cast::blind(first_plan(text, Some(seed))).expect("its protocol is in the cast");
    sweep::finish(&mut *run);
    run
}

/// A scenario's first variant, run to its end with all that happened.
pub fn watched(text: &str) -> Box<dyn Run> {
    let plan = first_plan(text, None);
    let until = plan.until;
    let mut run = cast::play(plan).expect("its protocol is in the cast");
    run.seek(until, u32::MAX);
    run
}

/// How each operation of a run ended; `None` if nobody was told.
pub fn outcomes(run: &dyn Run) -> Vec<Option<Outcome>> {
    run.trace().ops.iter().map(|op| op.ended.as_ref().map(|(_, outcome)| outcome.clone())).collect()
}

/// What a judge says in the end.
pub fn verdict(run: &dyn Run, name: &str) -> Verdict {
    let verdicts = run.verdicts();
    verdicts.into_iter().find(|(claim, _)| claim.name == name).expect("it is judged").1.clone()
}

/// The breach that a judge found. One that cannot tell proves nothing.
pub fn breach(run: &dyn Run, name: &str) -> Option<Violation> {
    match verdict(run, name) {
        Verdict::Broken(violation) => Some(violation),
        Verdict::Unknown(why) => panic!("{name}: {why}"),
        Verdict::Holds | Verdict::Open | Verdict::Pending => None,
    }
}

/// With how many of so many seeds a promise breaks.
pub fn count_broken(text: &str, seeds: u64, name: &str) -> usize {
    (0..seeds).filter(|seed| breach(&*finished(text, *seed), name).is_some()).count()
}

/// Holds a text against a file below `tests/`; with `UPDATE=1` in the environment, writes the file instead.
pub fn agrees(file: &str, text: &str) {
    let path = top().join(file);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a place to write");
        return fs::write(&path, text).expect("a place to write");
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known != text {
        let differs = known.lines().zip(text.lines()).position(|(a, b)| a != b);
        let line = differs.unwrap_or(known.lines().count().min(text.lines().count()));
        panic!(
            "{file}, line {}:\n  was: {}\n  is:  {}\nIf this is meant, UPDATE=1 writes it anew.",
            line + 1,
            known.lines().nth(line).unwrap_or("nothing"),
            text.lines().nth(line).unwrap_or("nothing"),
        );
    }
}
