//! The house rules that a machine can hold. Each failure says what to do instead.

use std::fs;
use std::path::{Path, PathBuf};

use faultline::run::CAST;

/// What each room may know besides itself, as `src/README.md` tells it.
const ARROWS: &[(&str, &[&str])] = &[
    ("sim", &[]),
    ("paint", &[]),
    ("workload", &["sim"]),
    ("check", &["sim"]),
    ("protocol", &["check", "sim"]),
    ("scenario", &["workload", "sim"]),
    ("run", &["protocol", "scenario", "workload", "check", "sim"]),
    ("observe", &["run", "check", "sim"]),
    ("view", &["run", "observe", "check", "sim", "paint"]),
    ("web", &["view", "observe", "run", "scenario", "check", "sim", "paint"]),
];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of ours below a folder with one of these endings, with its text.
fn files(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![top().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            // What others wrote, or a program made.
            if ["core", "node_modules", "test-results"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).expect("it is text");
                found.push((path.strip_prefix(top()).expect("ours").to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} holds nothing with {endings:?}");
    found
}

fn ours() -> Vec<(PathBuf, String)> {
    let code = [".rs", ".ts", ".mjs", ".css"];
    ["src", "tests", "xtask/src", "benches", "www/src"]
        .iter()
        .flat_map(|folder| files(folder, &code))
        .collect()
}

/// The lines of code in front of the tests at a file's end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    code.lines()
        .zip(1..)
        .map(|(line, number)| (number, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn complain(complaints: &[String], remedy: &str) {
    assert!(complaints.is_empty(), "{}\n\n{remedy}\n", complaints.join("\n"));
}

#[test]
fn arrows_point_downwards_only() {
    let mut complaints = Vec::new();
    for (room, may_know) in ARROWS {
        for (file, text) in files(&format!("src/{room}"), &[".rs"]) {
            for (number, line) in code(&text) {
                // What stands behind the brace would not be read.
                if line.contains("crate::{") {
                    complaints.push(format!("{}:{number}: a `use` for each room, please", file.display()));
                }
                for known in line.split("crate::").skip(1) {
                    let known: String =
                        known.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    let room_of_its_own = ARROWS.iter().any(|(other, _)| *other == known);
                    if room_of_its_own && known != *room && !may_know.contains(&known.as_str()) {
                        complaints.push(format!("{}:{number}: {room} knows {known}", file.display()));
                    }
                }
            }
        }
    }
    let rooms = fs::read_to_string(top().join("src/lib.rs")).expect("lib.rs");
    for line in rooms.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let room = line.trim_end_matches(';');
        if !ARROWS.iter().any(|(known, _)| *known == room) {
            complaints.push(format!("src/{room} has no arrows yet"));
        }
    }
    complain(
        &complaints,
        "Hand it in as data or as a trait of the lower room, or move it up to where both are known; the table is \
         ARROWS in this file and in src/README.md.",
    );
}

#[test]
fn a_file_holds_one_noun() {
    let long = |(file, text): &(PathBuf, String)| {
        let lines = text.lines().count();
        (lines > 400).then(|| format!("{}: {lines} lines", file.display()))
    };
    complain(
        &ours().iter().filter_map(long).collect::<Vec<_>>(),
        "400 lines at most: find the second noun in it and give that a file of its own.",
    );
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not hold them.
    let words =
        [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["to", "do!("], ["unimple", "mented!("], ["dbg", "!("]];
    let words = words.map(|halves| halves.concat());
    let mut complaints = Vec::new();
    for (file, text) in ours() {
        for (line, number) in text.lines().zip(1..) {
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                complaints.push(format!("{}:{number}: {word}", file.display()));
            }
        }
    }
    complain(&complaints, "Do it now, or leave it out.");
}

#[test]
fn pictures_know_no_protocol() {
    let mut complaints = Vec::new();
    for folder in ["src/view", "src/paint", "src/sim", "src/workload", "src/check"] {
        for (file, text) in files(folder, &[".rs"]) {
            for (number, line) in code(&text) {
                let lower = line.to_lowercase();
                for part in CAST
                    .iter()
                    .filter(|part| lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == part.name))
                {
                    complaints.push(format!("{}:{number}: {}", file.display(), part.name));
                }
            }
        }
    }
    complain(&complaints, "Let the protocol say it through Inspect, in words that fit every protocol.");
}

#[test]
fn commands_print_by_their_own_means() {
    let mut complaints = Vec::new();
    for (file, text) in files("src/terminal", &[".rs"]) {
        for (number, line) in
            code(&text).filter(|(_, line)| line.contains("print!(") || line.contains("println!("))
        {
            complaints.push(format!("{}:{number}: {}", file.display(), line.trim()));
        }
    }
    complain(&complaints, "These panic when nobody reads any more; src/terminal/say.rs ends quietly.");
}

#[test]
fn nothing_depends_on_the_order_of_a_hash_map() {
    let mut complaints = Vec::new();
    for (file, text) in files("src", &[".rs"]) {
        for (number, line) in code(&text) {
            let words = line.split(|c: char| !c.is_alphanumeric());
            if words.into_iter().any(|word| ["HashMap", "HashSet"].contains(&word)) {
                complaints.push(format!("{}:{number}: {}", file.display(), line.trim()));
            }
        }
    }
    complain(
        &complaints,
        "Its order differs from run to run: take BTreeMap or LiteMap, or FxHashMap of rustc_hash where nobody looks \
         at the order.",
    );
}

#[test]
fn colours_live_in_the_theme() {
    let mut complaints = Vec::new();
    let palette = |file: &Path| file.ends_with("view/theme.rs") || file.starts_with("src/paint");
    for (file, text) in files("src", &[".rs"]).into_iter().filter(|(file, _)| !palette(file)) {
        for (number, line) in
            code(&text).filter(|(_, line)| line.contains("Color::hex") || line.contains("Color::rgb"))
        {
            complaints.push(format!("{}:{number}: {}", file.display(), line.trim()));
        }
    }
    for (file, text) in files("www/src", &[".ts"]) {
        for (line, number) in text.lines().zip(1..) {
            let hex = |rest: &str| rest.len() >= 6 && rest.chars().take(6).all(|c| c.is_ascii_hexdigit());
            if line.split('#').skip(1).any(hex) {
                complaints.push(format!("{}:{number}: {}", file.display(), line.trim()));
            }
        }
    }
    complain(&complaints, "Name the colour in src/view/theme.rs, or in the page's style sheet.");
}

#[test]
fn every_scenario_is_in_the_menu() {
    let order = fs::read_to_string(top().join("scenarios/order.txt")).expect("order.txt");
    let names = order.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let listed: Vec<&str> = names.filter_map(|line| line.split(" < ").next()).collect();
    let missing = files("scenarios", &[".toml"]).into_iter().filter_map(|(file, _)| {
        let name = file.file_stem()?.to_str()?.to_owned();
        (!listed.iter().any(|line| line.trim() == name)).then_some(name)
    });
    complain(
        &missing.collect::<Vec<_>>(),
        "Write its name into scenarios/order.txt, where a reader should meet it.",
    );
}

#[test]
fn nobody_names_a_machine() {
    let homes =
        [["/ho", "me/"], ["/ro", "ot/"], ["/wo", "rk/"], ["/Us", "ers/"]].map(|halves| halves.concat());
    let mut complaints = Vec::new();
    let documents = files("scenarios", &[".toml", ".md"]).into_iter().chain(files("src", &[".md"]));
    for (file, text) in ours().into_iter().chain(documents) {
        for home in homes.iter().filter(|home| text.contains(home.as_str())) {
            complaints.push(format!("{}: {home}", file.display()));
        }
    }
    complain(&complaints, "Name places from the top of the repository.");
}

#[test]
fn what_is_ignored_is_searched_by_soak() {
    let mut complaints = Vec::new();
    // Put together here, so that this file does not hold it.
    let mark = ["#[ign", "ore"].concat();
    for (file, text) in ours() {
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| line.trim_start().starts_with(&mark)) {
            let named =
                text.lines().nth(number).is_some_and(|next| next.trim_start().starts_with("fn soak_"));
            if !line.ends_with(" = \"soak\"]") || !named {
                complaints.push(format!("{}:{number}", file.display()));
            }
        }
    }
    complain(
        &complaints,
        "A test is run by `cargo xtask test`, or it is a long search: `#[ignore = \"soak\"]`, and named `soak_*`.",
    );
}

#[test]
fn every_test_file_is_run() {
    let root = |name: &str| fs::read_to_string(top().join("tests").join(name)).expect("it is there");
    let named = root("all.rs") + &root("lessons.rs");
    let mut complaints = Vec::new();
    for entry in fs::read_dir(top().join("tests")).expect("tests").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(module) = name.strip_suffix(".rs") else { continue };
        if !["all", "lessons"].contains(&module) && !named.contains(&format!("\nmod {module};")) {
            complaints.push(format!("tests/{name}"));
        }
    }
    complain(&complaints, "Name it in tests/all.rs: `mod NAME;`, and there say `use crate::common::...`.");
}
