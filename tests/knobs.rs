//! A knob that says it needs others has no effect without them, and one that has an effect says so of all others.

use faultline::run::cast::{self, roles};
use faultline::run::{CAST, Part};
use faultline::scenario::vocabulary::write_setting;
use faultline::scenario::{Overrides, Script, idle};
use faultline::sim::{Dial, Fingerprint, Knob, Micros, Need, Setting};

use crate::common::scenes;
use crate::storm::script::{ALL, Storm, client};

#[test]
fn what_a_knob_needs_exists() {
    for (part, knob, need) in CAST
        .iter()
        .flat_map(|part| part.knobs.iter().map(move |knob| (part, knob)))
        .flat_map(|(part, knob)| knob.needs.iter().map(move |need| (part, knob, need)))
    {
        let other = named(part, need.knob);
        let words: Vec<&str> = match other.dial {
            Dial::Switch { .. } => vec!["true", "false"],
            Dial::Choice { options, .. } => options.to_vec(),
            Dial::Number { .. } | Dial::Duration { .. } => Vec::new(),
        };
        assert!(need.is.iter().all(|word| words.contains(word)), "{}: {}", part.name, knob.name);
        assert!(need.is.len() < words.len(), "{}: {} needs nothing of {}", part.name, knob.name, need.knob);
    }
}

fn named(part: &Part, name: &str) -> &'static Knob {
    part.knobs.iter().find(|knob| knob.name == name).expect("a knob of the same protocol")
}

#[test]
fn no_lesson_sets_a_knob_that_has_no_effect() {
    for scene in scenes() {
        let idle = scene.script.idle_knobs(&scene.text, &roles());
        assert_eq!(idle, [], "{}", scene.title());
    }
}

/// A storm under these knobs, whose clients ask for all that a protocol can do.
fn storm(part: &'static Part, knobs: &[(&str, String)]) -> String {
    let knobs: Vec<String> = knobs.iter().map(|(name, setting)| format!("{name:?} = {setting}")).collect();
    let again = "retry = { policy = \"immediate\", attempts = 4, attempt = \"150ms\" }";
    let clients = vec![
        client("ana", r#""write x", "read x""#, "40ms", &[again]),
        client("ben", r#""add n 1", "read n", "write y", "read x""#, "60ms", &[again, "reads = \"any\""]),
    ];
    let until = "10s";
    let strikes = ["300ms", "500ms", "8s"];
    Storm { until, strikes, knobs: knobs.join(", "), clients, kinds: ALL.to_owned(), ..Storm::of(part.name) }
        .text()
}

/// What the storms of these seeds come to; nothing if a setting is impossible beside the others.
fn fingerprints(part: &'static Part, knobs: &[(&str, String)], seeds: u64) -> Vec<Fingerprint> {
    let text = storm(part, knobs);
    let script = Script::read(&text).unwrap_or_else(|slip| panic!("{slip}\n{text}"));
    let runs = (0..seeds).map_while(|seed| {
        let over = Overrides { seed: Some(seed), ..Overrides::default() };
        let plan = script.plan(&text, &roles(), None, &over).ok()?;
        let until = plan.until;
        let mut run = cast::play(plan).expect("a run");
        run.seek(until, u32::MAX);
        Some(run.fingerprint())
    });
    runs.collect()
}

/// Settings of a knob far from its default.
fn others(knob: &Knob) -> Vec<String> {
    let settings = match knob.dial {
        Dial::Switch { default } => vec![Setting::Switch(!default)],
        Dial::Choice { default, options } => {
            let others = options.iter().filter(|option| **option != default);
            others.map(|option| Setting::Choice((*option).to_owned())).collect()
        }
        Dial::Number { default, least, most } => {
            let numbers = [least, default + 1, (3 * default + 2).min(most)];
            numbers.map(Setting::Number).to_vec()
        }
        Dial::Duration { default, least, .. } => {
            vec![
                Setting::Duration(Micros((default.0 / 4).max(least.0))),
                Setting::Duration(Micros(default.0 * 4)),
            ]
        }
    };
    settings.iter().map(written).collect()
}

fn written(setting: &Setting) -> String {
    match setting {
        Setting::Switch(_) | Setting::Number(_) => write_setting(setting),
        Setting::Duration(_) | Setting::Choice(_) => format!("{:?}", write_setting(setting)),
    }
}

/// Sets what a knob needs.
fn met(part: &Part, needs: &[Need]) -> Vec<(&'static str, String)> {
    needs.iter().map(|need| (need.knob, word(named(part, need.knob), need.is[0]))).collect()
}

fn word(knob: &Knob, word: &str) -> String {
    if let Dial::Switch { .. } = knob.dial { word.to_owned() } else { format!("{word:?}") }
}

/// Every way to leave one need open while the others are met.
fn unmet(part: &Part, needs: &'static [Need]) -> Vec<Vec<(&'static str, String)>> {
    let mut all = Vec::new();
    for (open, need) in needs.iter().enumerate() {
        let words: Vec<&str> = match named(part, need.knob).dial {
            Dial::Choice { options, .. } => options.to_vec(),
            _ => vec!["true", "false"],
        };
        for other in words.iter().filter(|word| !need.is.contains(word)) {
            let mut knobs = met(part, needs);
            knobs[open].1 = word(named(part, need.knob), other);
            all.push(knobs);
        }
    }
    all
}

/// What makes it likely that a knob has an effect in a storm: of servers that keep their log few forget anything, and a new
/// leader that sends entries one by one is long in counting those of older terms.
const BESIDE: [(&str, &str, &str); 2] = [("recovery", "keep", "\"view\""), ("commit rule", "batch", "1")];

fn beside((_, name, setting): &(&str, &'static str, &str)) -> (&'static str, String) {
    (name, (*setting).to_owned())
}

#[test]
fn a_knob_has_an_effect_where_and_only_where_its_needs_are_met() {
    for part in CAST {
        for knob in part.knobs {
            let turned = |knobs: &[(&'static str, String)], setting: &String| {
                let mut knobs = knobs.to_vec();
                knobs.push((knob.name, setting.clone()));
                knobs
            };
            for knobs in unmet(part, knob.needs) {
                let plain = fingerprints(part, &knobs, 3);
                for setting in others(knob) {
                    let other = fingerprints(part, &turned(&knobs, &setting), 3);
                    assert_eq!(other, plain, "{}: {} = {setting} beside {knobs:?}", part.name, knob.name);
                }
            }
            let mut knobs = met(part, knob.needs);
            knobs.extend(BESIDE.iter().filter(|(one, ..)| *one == knob.name).map(beside));
            let feels = |seeds: u64| {
                let plain = fingerprints(part, &knobs, seeds);
                others(knob).iter().any(|setting| {
                    let other = fingerprints(part, &turned(&knobs, setting), seeds);
                    !other.is_empty() && other != plain
                })
            };
            assert!(feels(1) || feels(20), "{}: {} has no effect beside {knobs:?}", part.name, knob.name);
        }
    }
}

const FILE: &str = r#"
title = "idle"
protocol = "raft"
nodes = 3
seed = 1
until = "1s"
knobs = { "clock bound" = 5, KNOBS }
[[variant]]
name = "log"
[[variant]]
name = "other"
VARIANT
"#;

fn warnings(knobs: &str, variant: &str) -> Vec<String> {
    let text = FILE.replace("KNOBS", knobs).replace("VARIANT", variant);
    let script = Script::read(&text).unwrap_or_else(|slip| panic!("{slip}"));
    script.idle_knobs(&text, &roles()).iter().map(ToString::to_string).collect()
}

#[test]
fn a_knob_without_effect_is_told_with_what_it_needs() {
    let clock = "\"clock bound\" has no effect while \"read\" is \"log\". Set \"read\" to \"lease\", or leave \"clock \
                 bound\" out.";
    assert_eq!(warnings("", ""), [format!("line 7, column 11: {clock}")]);
    assert_eq!(warnings("", "knobs = { read = \"lease\" }"), Vec::<String>::new(), "one variant takes it");
    assert_eq!(warnings("read = \"lease\"", ""), Vec::<String>::new());
    let own = warnings("read = \"lease\"", "knobs = { read = \"log\", \"clock bound\" = 7 }");
    assert_eq!(own, [format!("line 12, column 25: {clock}")]);
    assert_eq!(
        warnings("", "protocol = \"echo\"").len(),
        1,
        "another protocol takes none of the file's knobs"
    );
    let vote = warnings(
        "read = \"lease\", \"sync before answering\" = false, \"own vote\" = \"counted unsynced\"",
        "",
    );
    assert!(vote[0].contains("Set \"sync before answering\" to \"true\""), "{vote:?}");
}

#[test]
fn a_knob_that_is_turned_by_hand_is_told_as_well() {
    let text = FILE.replace("KNOBS", "").replace("VARIANT", "");
    let script = Script::read(&text).unwrap_or_else(|slip| panic!("{slip}"));
    let over = Overrides { knobs: vec![("clock bound".to_owned(), "7".to_owned())], ..Overrides::default() };
    let plan = script.plan(&text, &roles(), None, &over).expect("a plan");
    assert_eq!(idle::idle(&plan, &roles(), ["clock bound", "read"]).len(), 1);
}
