//! What the README shows is what the program does. `UPDATE=1 cargo test --test all readme::` draws its picture anew;
//! then look at it before you keep it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use faultline::check::court::STANDARDS;
use faultline::run::{CAST, cast};
use serde_json::Value;

/// The moment of the picture, as the README's own command names it.
const MOMENT: &str = "3558ms";

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = top().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The scenario in the README, saved as it says.
fn example(name: &str) -> PathBuf {
    example_of("README.md", name)
}

/// The first scenario that a document shows, saved in a folder of this name.
fn example_of(document: &str, name: &str) -> PathBuf {
    let text = read(document);
    let (_, after) = text.split_once("```toml\n").expect("the document has an example");
    let (toml, _) = after.split_once("```").expect("the example ends");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder to write to");
    let file = folder.join("cut-off.toml");
    fs::write(&file, toml).expect("a place to write");
    file
}

fn faultline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_faultline"))
        .current_dir(top())
        .args(arguments)
        .output()
        .expect("it starts")
}

fn code(arguments: &[&str]) -> Option<i32> {
    faultline(arguments).status.code()
}

fn said(arguments: &[&str]) -> String {
    let output = faultline(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A row for each model, as the program tells it.
#[test]
fn every_model_is_in_the_table() {
    let readme = read("README.md");
    for standard in STANDARDS {
        let begins = standard.begins.told().unwrap_or("not given");
        let (name, end) = (format!("| `{}` | ", standard.name), format!(" | {begins} |"));
        let row = readme.lines().find(|line| line.starts_with(&name));
        let row = row.unwrap_or_else(|| panic!("the README has no row for {}", standard.name));
        assert!(row.ends_with(&end) && row.contains(standard.sentence), "{row}");
    }
}

#[test]
fn the_picture_is_what_its_scenario_draws() {
    assert!(read("README.md").contains(&format!("--at {MOMENT}")), "the README draws another moment");
    let file = example("picture");
    let drawn = file.with_file_name("drawn.svg");
    for (name, look) in [("readme-light", None), ("readme-dark", Some("--dark"))] {
        let (file, drawn) = (file.to_str().expect("a name"), drawn.to_str().expect("a name"));
        let mut command = vec!["figure", file, "--at", MOMENT, "-o", drawn];
        command.extend(look);
        said(&command);
        let kept = top().join("tests/pictures").join(format!("{name}.svg"));
        if std::env::var_os("UPDATE").is_some() {
            fs::copy(drawn, &kept).expect("a place to write");
        }
        let same = fs::read(&kept).ok() == fs::read(drawn).ok();
        assert!(same, "{name} looks different: UPDATE=1 cargo test --test all readme::, then look at it");
    }
}

#[test]
fn the_claims_of_its_scenario_hold() {
    let file = example("claims");
    let said = said(&["test", file.to_str().expect("a name"), "--seeds", "20"]);
    assert!(said.contains("1 passed, 0 failed"), "{said}");
}

#[test]
fn its_link_opens_to_the_scenario_it_carries() {
    let file = example("link");
    let link = said(&["link", file.to_str().expect("a name"), "--whole", "--at", MOMENT]);
    let opened = said(&["open", link.trim()]);
    assert!(opened.contains("# moment: 3558ms"), "{opened}");
    assert!(opened.contains("cut = [[\"n5\", \"n1\"], [\"n2\", \"n3\", \"n4\", \"ana\"]]"), "{opened}");
}

#[test]
fn exit_codes_say_what_the_table_says() {
    let (scenario, knob) = ("scenarios/old-term-commit.toml", "commit rule=any term");
    let cured = ["run", scenario, "--variant", "count the current term only"];
    assert_eq!(code(&cured), Some(0));
    assert_eq!(code(&[&cured[..], &["--knob", knob]].concat()), Some(1));
    let wrong = faultline(&["run", scenario, "--variant", "none of these"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("there is no variant"));
    assert_eq!(code(&["run", "no-such-file.toml"]), Some(2));
    assert_eq!(code(&["open", "1.damaged"]), Some(2));
}

#[test]
fn the_table_names_every_command() {
    let (readme, help) = (read("README.md"), said(&["--help"]));
    let listed = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    // A long description goes on in the next line, indented further than any name.
    let name = |line: &'_ str| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned);
    let mut commands: Vec<String> = listed.take_while(|line| !line.is_empty()).filter_map(name).collect();
    commands.retain(|command| !command.is_empty() && command != "help");
    assert!(commands.len() > 5, "{help}");
    for command in commands {
        assert!(
            readme.contains(&format!("| `faultline {command}")),
            "the README lacks `faultline {command}`"
        );
    }
}

#[test]
fn the_claims_of_the_template_hold() {
    let file = example_of("scenarios/README.md", "template");
    let said = said(&["test", file.to_str().expect("a name"), "--seeds", "20"]);
    assert!(said.contains("2 passed, 0 failed"), "{said}");
}

/// Every key of the schema, and every word that is one of a choice.
fn words(schema: &Value, into: &mut BTreeSet<String>) {
    match schema {
        Value::Object(table) => {
            if let Some(Value::Object(properties)) = table.get("properties") {
                into.extend(properties.keys().cloned());
            }
            for choices in [table.get("enum"), table.get("const")].into_iter().flatten() {
                let one = std::slice::from_ref(choices);
                let list = choices.as_array().map_or(one, Vec::as_slice);
                into.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            table.values().for_each(|value| words(value, into));
        }
        Value::Array(list) => list.iter().for_each(|value| words(value, into)),
        _ => {}
    }
}

#[test]
fn the_scenarios_readme_names_every_word_of_the_language() {
    let mut known = BTreeSet::new();
    words(&serde_json::from_str(&said(&["schema"])).expect("JSON"), &mut known);
    assert!(known.len() > 60, "{known:?}");
    for part in CAST {
        known.insert(part.name.to_owned());
        known.extend(part.knobs.iter().map(|knob| knob.name.to_owned()));
        known.extend(part.claims.iter().map(|claim| claim.name.to_owned()));
    }
    known.extend(cast::common_claims().map(|claim| claim.name.to_owned()));
    let text = read("scenarios/README.md");
    let is_part_of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let stands_alone = |word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            !before.ends_with(is_part_of_word) && !after.starts_with(is_part_of_word)
        })
    };
    let missing: Vec<&String> = known.iter().filter(|word| !stands_alone(word)).collect();
    assert!(missing.is_empty(), "scenarios/README.md says nothing of {missing:?}");
}

/// Links to files of the project, in all that is written for people.
#[test]
fn no_link_leads_nowhere() {
    for document in ["README.md", "CONTRIBUTING.md", "scenarios/README.md"] {
        let folder = Path::new(document).parent().expect("a file");
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let target = link.0.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                assert!(top().join(folder).join(target).exists(), "{document} links to {target}");
            }
        }
    }
}

/// Files that the table in CONTRIBUTING.md names, whole or by their last name.
#[test]
fn whoever_follows_the_table_finds_every_file() {
    let mut known = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["src", "tests", "scenarios", "xtask/src", "www/src"].map(|it| top().join(it)).into();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).expect("it is there").flatten().map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { known.push(path) }
        }
    }
    let text = read("CONTRIBUTING.md");
    let quoted =
        text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_file = |name: &&str| {
        [".rs", ".ts", ".css", ".txt", ".toml"].iter().any(|end| name.ends_with(end)) || name.ends_with('/')
    };
    let one = |name: &&str| !name.contains(['*', ' ']) && !name.contains("NAME");
    let named: Vec<&str> = quoted.filter(is_file).filter(one).collect();
    assert!(named.len() > 60, "{named:?}");
    for name in named {
        let there = top().join(name).exists() || known.iter().any(|path| path.ends_with(name));
        assert!(there, "CONTRIBUTING.md names {name}");
    }
}
