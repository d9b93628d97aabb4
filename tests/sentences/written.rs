//! A lesson has everything that a reader needs.

use std::fs;

use faultline::scenario::Script;

use super::{complain, words};
use crate::common::{Scene, top};

/// The menu: each heading with its lessons, and the names that lessons had before.
fn headings() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(top().join("scenarios/order.txt")).expect("order.txt");
    let mut menu: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_suffix(':') {
            Some(heading) => menu.push((heading.to_owned(), Vec::new())),
            None => {
                let name = line.split(" < ").next().expect("a name").trim();
                menu.last_mut().expect("a heading comes first").1.push(name.to_owned());
            }
        }
    }
    menu
}

pub(super) fn menu() {
    let menu = headings();
    let found: Vec<&String> = menu.iter().map(|(heading, _)| heading).collect();
    assert_eq!(found, words().headings.iter().collect::<Vec<_>>());
    for (heading, lessons) in &menu {
        for lesson in lessons {
            let file = top().join("scenarios").join(lesson).with_extension("toml");
            let text = fs::read_to_string(&file).unwrap_or_else(|_| panic!("there is no {}", file.display()));
            let script = Script::read(&text).unwrap_or_else(|slip| panic!("{lesson}: {slip}"));
            assert_eq!(&script.teaches, heading, "{lesson}");
        }
    }
}

/// Sentences end with a full stop, a question mark or a colon before a choice; numbers have points of their own.
fn sentences(text: &str) -> usize {
    text.split(['.', '?', '!']).filter(|part| part.starts_with([' ', '\n']) || part.is_empty()).count()
}

pub(super) fn is_whole(scene: &Scene) {
    let script = &scene.script;
    let mut missing = Vec::new();
    let mut want = |there: bool, what: &str| {
        if !there {
            missing.push(what.to_owned());
        }
    };
    let Some(lesson) = &script.lesson else { panic!("{} has no lesson", scene.name) };
    let is_some = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    want(!script.about.is_empty() && !script.aka.is_empty(), "about and aka");
    want(is_some(&lesson.question) && lesson.choices.len() >= 3, "a question with three choices at least");
    want(lesson.right.is_some() && lesson.why.get().len() == lesson.choices.len(), "right, and why for each");
    want(
        is_some(&lesson.watch) && is_some(&lesson.remedy) && is_some(&lesson.leaves_out),
        "watch, remedy, leaves_out",
    );
    want(is_some(&lesson.follow_up) && is_some(&lesson.follow_up_answer), "follow_up and its answer");
    want(lesson.minutes.is_some() && lesson.level.is_some(), "minutes and level");
    want(lesson.first_try.is_some(), "try");
    want(!lesson.price.is_empty() || lesson.mended.is_none(), "the price of what is mended");
    let said = lesson.say.as_deref().map_or(0, |say| sentences(say.trim()));
    want(said == 3, &format!("three sentences to say: there are {said}"));
    if let (Some(answer), Some(right)) = (&lesson.answer, &lesson.right) {
        let choice = lesson.choices.get(usize::from(*right.get()) - 1).expect("it was read");
        let is_there = answer.to_lowercase().contains(&choice.to_lowercase());
        want(is_there, &format!("the right choice, {choice:?}, in the answer"));
    } else {
        want(false, "answer");
    }
    let all: Vec<String> = headings().into_iter().flat_map(|(_, lessons)| lessons).collect();
    let known = |name: &String| all.contains(name) && *name != scene.name;
    want(lesson.after.iter().all(known), "lessons to do before that there are");
    let chosen = scene.variant.as_ref();
    if let Some(variant) = script.variant.iter().find(|variant| Some(variant.name.get()) == chosen) {
        let mut named = variant.holds.iter().chain(&variant.violates);
        let is_live = named.any(|name| name.get() == "clients get answers");
        want(is_live || script.client.is_empty(), "\"clients get answers\" in holds or violates");
    }
    complain(scene, &missing, "Write it into the scenario.");
}
