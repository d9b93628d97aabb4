//! Every number in a lesson's words is given in its script, or measured, computed or cited in
//! `tests/sentences/numbers/NAME.toml`.

use std::collections::BTreeMap;
use std::fs;

use faultline::check::Verdict;
use faultline::observe::figures;
use faultline::observe::measure::Measured;
use faultline::run::{Run, cast, sweep};
use faultline::scenario::{Overrides, Script};
use serde::Deserialize;

use super::{complain, ended};
use crate::common::{Scene, scenes, top};

/// Seeds that one number may cost, at most.
const MOST_SEEDS: u64 = 200;

#[derive(Deserialize, Default)]
struct Backed {
    #[serde(default)]
    number: Vec<Backing>,
}

/// What a number is. Exactly one of the sources is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Backing {
    /// As the text has it: "46", "98.5 %", "8.3 s", "four in five".
    said: String,
    /// The variant that is measured; the first without it.
    variant: Option<String>,
    /// How many seeds, the scenario's own first, the mean is taken of; 1 without it.
    seeds: Option<u64>,
    /// How far off the number may be, as a part of it; half a unit of its last digit without it.
    within: Option<f64>,
    /// A figure at the end of the run: "lost writes".
    figure: Option<String>,
    /// The figure is divided by that of this variant.
    per: Option<String>,
    /// The part of the seeds with which this promise breaks.
    broken: Option<String>,
    /// When the first line of the story comes that contains this.
    when: Option<String>,
    /// How many lines of the story contain this.
    lines: Option<String>,
    /// The chance that at least k of n are there, each of them with a chance p: [k, n, p].
    at_least: Option<(u32, u32, f64)>,
    /// A small sum over numbers of the script: "3.3s - 3s", "0.9 * 0.9".
    sum: Option<String>,
    /// A test of ours that asserts it, by name.
    test: Option<String>,
    /// A source that says it.
    cited: Option<String>,
}

/// A number in a text: times in µs, shares of one.
#[derive(Clone, Debug, PartialEq)]
struct Number {
    said: String,
    value: f64,
    /// One unit of its last digit.
    digit: f64,
    is_count: bool,
}

const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

fn unit(rest: &str) -> Option<(f64, &'static str)> {
    let known = [
        ("µs", 1.0),
        ("us", 1.0),
        ("ms", 1e3),
        ("s", 1e6),
        ("min", 6e7),
        ("h", 3.6e9),
        ("%", 0.01),
        ("ppm", 1e-6),
    ];
    let ends = |unit: &str| !rest[unit.len()..].starts_with(|c: char| c.is_alphanumeric());
    known
        .into_iter()
        .find(|(unit, _)| rest.starts_with(unit) && ends(unit))
        .map(|(unit, value)| (value, unit))
}

/// Every number of a text that is written in digits, and "four in five".
fn numbers(text: &str) -> Vec<Number> {
    let mut found = in_words(text);
    let mut rest = text;
    let mut before = ' ';
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        before = rest[..start].chars().last().unwrap_or(before);
        let lead = &rest[..start];
        let number = &rest[start..];
        let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
        let end = number.find(|c| !is_part(c)).unwrap_or(number.len());
        let digits = number[..end].trim_end_matches(['.', ',']);
        let after = &number[digits.len()..];
        rest = &number[digits.len()..];
        let named = ["section ", "figure ", "figures ", "chapter ", "RFC ", "step "];
        let is_name = before.is_alphanumeric() || before == '_' || before == '^';
        let plain = digits.replace(',', "");
        let is_year = plain.len() == 4 && (plain.starts_with("19") || plain.starts_with("20"));
        if is_name || is_year || named.iter().any(|name| lead.ends_with(name)) {
            before = '0';
            continue;
        }
        let spaced = after.strip_prefix(' ').unwrap_or(after);
        let scale = unit(spaced);
        let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
        let factor = scale.map_or(1.0, |(factor, _)| factor);
        let said = scale.map_or(digits.to_owned(), |(_, unit)| format!("{digits} {unit}"));
        let value = plain.parse::<f64>().unwrap_or_else(|_| panic!("{digits} in {text:?}"));
        let digit = factor * libm::pow(10.0, -f64::from(decimals));
        found.push(Number { said, value: value * factor, digit, is_count: scale.is_none() && decimals == 0 });
        before = '0';
    }
    found
}

/// "Four in five", as a share.
fn in_words(text: &str) -> Vec<Number> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let of = |word: &str| WORDS.iter().position(|other| *other == word).map(|place| (place + 1) as f64);
    let triples = words.windows(3).filter(|triple| triple[1] == "in");
    let number = |triple: &[&str]| {
        let (part, whole) = (of(triple[0])?, of(triple[2])?);
        let value = part / whole;
        Some(Number { said: triple.join(" "), value, digit: 1.0 / whole / 2.0, is_count: false })
    };
    triples.filter_map(number).collect()
}

/// All that a reader is told, with the place where.
fn texts(script: &Script) -> Vec<(String, String)> {
    let mut all = vec![("about".to_owned(), script.about.clone())];
    all.extend(script.act.iter().filter_map(|act| act.say.clone()).map(|say| ("act".to_owned(), say)));
    let captions = script.caption.iter().map(|caption| ("caption".to_owned(), caption.say.get().clone()));
    all.extend(captions);
    all.extend(script.variant.iter().map(|variant| (variant.name.get().clone(), variant.about.clone())));
    let Some(lesson) = &script.lesson else { return all };
    let parts = [
        ("question", &lesson.question),
        ("answer", &lesson.answer),
        ("watch", &lesson.watch),
        ("remedy", &lesson.remedy),
        ("say", &lesson.say),
        ("follow_up", &lesson.follow_up),
        ("follow_up_answer", &lesson.follow_up_answer),
        ("leaves_out", &lesson.leaves_out),
    ];
    all.extend(parts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?))));
    all.extend(lesson.why.get().iter().map(|why| ("why".to_owned(), why.clone())));
    all
}

/// The numbers that the script is made of.
fn given(text: &str) -> Vec<f64> {
    fn walk(value: &toml::Value, found: &mut Vec<f64>) {
        match value {
            toml::Value::Integer(number) => found.push(*number as f64),
            toml::Value::Float(number) => found.push(*number),
            toml::Value::String(text) => found.extend(numbers(text).into_iter().map(|number| number.value)),
            toml::Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            toml::Value::Table(table) => {
                let words = ["title", "about", "teaches", "say", "name", "lesson", "aka", "note"];
                let settings = table.iter().filter(|(key, _)| !words.contains(&key.as_str()));
                settings.for_each(|(_, value)| walk(value, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(&toml::Value::Table(toml::from_str(text).expect("it was read")), &mut found);
    found
}

fn backed(name: &str) -> Vec<Backing> {
    let file = top().join("tests/sentences/numbers").join(name).with_extension("toml");
    let Ok(text) = fs::read_to_string(&file) else { return Vec::new() };
    toml::from_str::<Backed>(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).number
}

pub(super) fn are_backed(scene: &Scene) {
    let backings = backed(&scene.name);
    let first = scene.script.variant.first().map(|variant| variant.name.get().clone());
    let mut complaints = Vec::new();
    if scene.variant == first {
        complaints.extend(unbacked(scene, &backings));
    }
    let mut runs = Runs { scene, own: None };
    let here = |backing: &&Backing| backing.variant.as_ref().or(first.as_ref()) == scene.variant.as_ref();
    for backing in backings.iter().filter(here) {
        complaints.extend(runs.hold(backing).err());
    }
    complain(
        scene,
        &complaints,
        "Say what is measured, or write into tests/sentences/numbers what backs it.",
    );
}

/// Numbers that are not given and have no backing; backings of what no sentence says.
fn unbacked(scene: &Scene, backings: &[Backing]) -> Vec<String> {
    let given = given(&scene.text);
    let nodes = f64::from(*scene.script.nodes.get());
    let all: Vec<(String, Number)> = texts(&scene.script)
        .into_iter()
        .flat_map(|(place, text)| numbers(&text).into_iter().map(move |number| (place.clone(), number)))
        .collect();
    let is_given = |number: &Number| {
        let same = |given: &f64| (given - number.value).abs() < 1e-9 * number.value.abs().max(1.0);
        (number.is_count && number.value <= nodes) || given.iter().any(same)
    };
    let has = |number: &Number| backings.iter().any(|backing| backing.said == number.said);
    let lone = all.iter().filter(|(_, number)| !is_given(number) && !has(number));
    let lone = lone.map(|(place, number)| format!("{place}: {:?} is backed by nothing", number.said));
    let said = |backing: &&Backing| !all.iter().any(|(_, number)| number.said == backing.said);
    let unsaid =
        backings.iter().filter(said).map(|backing| format!("{:?} is not said anywhere", backing.said));
    lone.chain(unsaid).collect()
}

struct Runs<'a> {
    scene: &'a Scene,
    /// The run with the scenario's own seed, at its end.
    own: Option<Box<dyn Run>>,
}

impl Runs<'_> {
    fn hold(&mut self, backing: &Backing) -> Result<(), String> {
        let said = &backing.said;
        let number = numbers(said).pop().ok_or_else(|| format!("{said:?} is no number"))?;
        let Some(value) = self.value(backing)? else { return Ok(()) };
        let off = (value - number.value).abs();
        let room = backing.within.map_or(number.digit / 2.0 * 1.001, |within| within * number.value.abs());
        if off <= room { Ok(()) } else { Err(format!("{said:?} is {}", show(value, said))) }
    }

    /// What the number should be; `None` where a test or a source says it.
    fn value(&mut self, backing: &Backing) -> Result<Option<f64>, String> {
        let sources = [
            backing.figure.is_some(),
            backing.broken.is_some(),
            backing.when.is_some(),
            backing.lines.is_some(),
            backing.at_least.is_some(),
            backing.sum.is_some(),
            backing.test.is_some(),
            backing.cited.is_some(),
        ];
        if sources.iter().filter(|there| **there).count() != 1 {
            return Err(format!("{:?} needs one source", backing.said));
        }
        let seeds = backing.seeds.unwrap_or(1).min(MOST_SEEDS);
        if let Some(name) = &backing.figure {
            let here = mean(&self.measured(None, seeds), name)?;
            let Some(other) = &backing.per else { return Ok(Some(here)) };
            return Ok(Some(here / mean(&self.measured(Some(other), seeds), name)?));
        }
        if let Some(name) = &backing.broken {
            return Ok(Some(self.broken(name, seeds)));
        }
        if let Some(part) = &backing.when {
            let line = self.own().story().into_iter().find(|line| line.text.contains(part.as_str()));
            return Ok(Some(line.ok_or_else(|| format!("no line has {part:?}"))?.at.0 as f64));
        }
        if let Some(part) = &backing.lines {
            let lines = self.own().story().into_iter().filter(|line| line.text.contains(part.as_str()));
            return Ok(Some(lines.count() as f64));
        }
        if let Some((least, all, chance)) = backing.at_least {
            return Ok(Some(faultline::observe::quorums::availability(all, least, chance)));
        }
        if let Some(sum) = &backing.sum {
            return add_up(sum).map(Some).ok_or_else(|| format!("{sum:?} cannot be added up"));
        }
        if let Some(test) = &backing.test {
            return if is_a_test(test) { Ok(None) } else { Err(format!("there is no test {test:?}")) };
        }
        Ok(None)
    }

    fn own(&mut self) -> &mut Box<dyn Run> {
        let scene = self.scene;
        self.own.get_or_insert_with(|| ended(scene))
    }

    fn measured(&mut self, variant: Option<&String>, seeds: u64) -> Vec<Measured> {
        if let (None, 1) = (variant, seeds) {
            return vec![Measured::so_far(&**self.own())];
        }
        let over = |seed| Overrides { seed, ..Overrides::default() };
        let scene = self.scene;
        let chosen = variant.or(scene.variant.as_ref()).map(String::as_str);
        let plan =
            |seed| scene.script.plan(&scene.text, &cast::roles(), chosen, &over(seed)).expect("a plan");
        let own = plan(None);
        let run = |n| {
            let mut run = cast::play(plan(Some(sweep::seeded(&own, n)))).expect("it is in the cast");
            sweep::finish(&mut *run);
            Measured::so_far(&*run)
        };
        (0..seeds).map(run).collect()
    }

    fn broken(&self, name: &str, seeds: u64) -> f64 {
        let own = self.scene.plan(&Overrides::default());
        let is_broken = |n: &u64| {
            let over = Overrides { seed: Some(sweep::seeded(&own, *n)), ..Overrides::default() };
            let mut run = cast::blind(self.scene.plan(&over)).expect("it is in the cast");
            sweep::finish(&mut *run);
            let mut verdicts = run.verdicts().into_iter();
            verdicts.any(|(claim, verdict)| claim.name == name && matches!(verdict, Verdict::Broken(_)))
        };
        (0..seeds).filter(is_broken).count() as f64 / seeds as f64
    }
}

/// The mean of a figure over runs.
fn mean(runs: &[Measured], name: &str) -> Result<f64, String> {
    let rows = figures::table(runs);
    let row = rows.iter().find(|row| row.figure.name == name).ok_or_else(|| format!("no figure {name:?}"))?;
    let values: Option<Vec<f64>> = row.values.iter().copied().collect();
    let values = values.ok_or_else(|| format!("{name:?} says nothing here"))?;
    Ok(values.iter().sum::<f64>() / values.len() as f64)
}

/// Numbers of the script with + - * / between them, from left to right.
fn add_up(sum: &str) -> Option<f64> {
    let mut parts = sum.split_whitespace();
    let number = |text: &str| Some(numbers(text).first()?.value);
    let mut total = number(parts.next()?)?;
    while let Some(sign) = parts.next() {
        let next = number(parts.next()?)?;
        total = match sign {
            "+" => total + next,
            "-" => total - next,
            "*" => total * next,
            "/" => total / next,
            _ => return None,
        };
    }
    Some(total)
}

fn is_a_test(name: &str) -> bool {
    let (file, test) = name.rsplit_once("::").unwrap_or(("", name));
    let path = top().join("tests").join(file.replace("::", "/")).with_extension("rs");
    fs::read_to_string(path).is_ok_and(|text| text.contains(&format!("fn {test}(")))
}

/// A value in the unit of what was said.
fn show(value: f64, said: &str) -> String {
    let scale = said.rsplit_once(' ').and_then(|(_, word)| unit(word));
    let (factor, unit) = scale.unwrap_or((1.0, ""));
    format!("{:.5} {unit}", value / factor).trim_end().to_owned()
}

pub(super) fn are_read() {
    let read = |text: &str| -> Vec<(String, f64)> {
        numbers(text).into_iter().map(|number| (number.said, (number.value * 1e3).round() / 1e3)).collect()
    };
    let one = |said: &str, value: f64| (said.to_owned(), value);
    assert_eq!(read("n3 hears 2 of 5, p99 41 ms"), [one("2", 2.0), one("5", 5.0), one("41 ms", 41e3)]);
    assert_eq!(read("98.5 % of 1,000, in section 5.4 of 1994."), [one("98.5 %", 0.985), one("1,000", 1e3)]);
    assert_eq!(read("About four in five hear it."), [one("four in five", 0.8)]);
    assert_eq!(read("at 8.3 s. Then"), [one("8.3 s", 8.3e6)]);
    assert_eq!(add_up("3.3s - 3s").map(|sum| sum.round()), Some(3e5));
    let known: BTreeMap<String, ()> = scenes().into_iter().map(|scene| (scene.name, ())).collect();
    for entry in fs::read_dir(top().join("tests/sentences/numbers")).expect("numbers").flatten() {
        let name = entry.path().file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(known.contains_key(&name), "there is no lesson {name}");
    }
}
