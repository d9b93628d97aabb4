//! Whatever stands in a scenario file, its reader says what is wrong with it and where; it never panics and never
//! takes long. `REWRITE=1 cargo test --test all hostile::` writes the answers in `tests/slips` anew; then read them as a
//! person who does not know the program.

use crate::common::scenes;
use faultline::run::cast::roles;
use faultline::run::{Session, cast};
use faultline::scenario::{Overrides, Script};
use faultline::sim::Time;
use proptest::prelude::*;

/// What a scenario of three lines and more says, or the slip in it.
fn answer(text: &str) -> String {
    let read = Script::read(text).and_then(|script| {
        script.check(text, &roles())?;
        let variants = script.variant.iter().map(|variant| Some(variant.name.get().as_str()));
        let mut variants: Vec<_> = variants.collect();
        variants.push(None);
        let plan = |variant| script.plan(text, &roles(), variant, &Overrides::default());
        variants.into_iter().map(plan).collect::<Result<Vec<_>, _>>()
    });
    match read {
        Ok(_) => "no slip".to_owned(),
        Err(slip) => slip.to_string(),
    }
}

/// In front of what a case is about: the least that every scenario needs.
const HEAD: &str = "title = \"T\"\nprotocol = \"raft\"\nnodes = 3\nseed = 1\nuntil = \"5s\"\n";

#[test]
fn every_slip_is_told_so_that_a_person_can_mend_it() {
    datadriven::walk("tests/slips", |file| {
        file.run(|case| {
            let text = match case.directive.as_str() {
                "whole" => case.input.clone(),
                "after-the-head" => format!("{HEAD}{}", case.input),
                other => panic!("there is no directive {other:?}"),
            };
            format!("{}\n", answer(&text))
        });
    });
}

/// Opens what the text says, if it says anything, and runs it a little.
fn try_it(text: &str) {
    let Ok(mut session) = Session::open("hostile", text) else { return };
    session.run_mut().seek(Time(50_000), 2_000);
    let _ = session.link(true, None);
    let _ = session.as_file();
}

/// A file as somebody might have spoilt it.
fn spoilt() -> impl Strategy<Value = String> {
    let files: Vec<String> = scenes().into_iter().map(|scene| scene.text).collect();
    let words = prop::sample::select(vec![
        "1e308",
        "-1",
        "nan",
        "inf",
        "9223372036854775807",
        "99999999999999999999",
        "\"\"",
        "[]",
        "{}",
        "true",
        "\"9999h\"",
        "\"-1s\"",
        "[[[[[[",
        "}}}}",
        "\"\\u0000\"",
        "2026-11-23",
        "0x7fffffff",
        "\"n65536\"",
        "\"<img src=x>\"",
    ]);
    let mend = (0..5u8, any::<prop::sample::Index>(), any::<prop::sample::Index>(), words);
    (prop::sample::select(files), prop::collection::vec(mend, 1..6)).prop_map(|(file, mends)| {
        let mut lines: Vec<String> = file.lines().map(str::to_owned).collect();
        for (kind, one, other, word) in mends {
            let (a, b) = (one.index(lines.len()), other.index(lines.len()));
            match kind {
                0 => drop(lines.remove(a)),
                1 => lines.swap(a, b),
                2 => lines.insert(a, lines[b].clone()),
                3 => {
                    if let Some((key, _)) = lines[a].clone().split_once('=') {
                        lines[a] = format!("{key}= {word}");
                    }
                }
                _ => lines[a].push_str(word),
            }
            lines.push(String::new());
        }
        lines.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn spoilt_files_are_refused_or_run(text in spoilt()) {
        try_it(&text);
    }

    #[test]
    fn rubbish_is_refused(text in "\\PC{0,400}", tail in "[a-z\\[\\]{}=\"'.# \n0-9-]{0,200}") {
        try_it(&text);
        try_it(&format!("{HEAD}{tail}"));
    }
}

#[test]
fn the_largest_scenario_is_ready_at_once() {
    let text = HEAD.replace("nodes = 3", "nodes = 1000").replace("\"5s\"", "\"1h\"");
    let script = Script::read(&text).expect("it can be read");
    match script.plan(&text, &roles(), None, &Overrides::default()) {
        Ok(plan) => {
            let mut run = cast::play(plan).expect("in the cast");
            run.seek(Time(1_000_000_000), 20_000);
        }
        Err(slip) => assert!(slip.what.contains("nodes"), "{slip}"),
    }
}
