//! The commands at their edges: nobody reads what they print, files are no text, nothing is asked for.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn faultline(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faultline"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command
}

fn output(arguments: &[&str]) -> Output {
    faultline(arguments).output().expect("it starts")
}

fn refused(arguments: &[&str]) -> String {
    let output = output(arguments);
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    said
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a place to write");
    folder
}

/// With a standard output whose other end is closed already.
fn unheard(arguments: &[&str]) -> Output {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let child = faultline(arguments).stdout(writer).stderr(Stdio::piped()).spawn().expect("it starts");
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_closed_pipe_ends_every_command_quietly() {
    let scenario = "scenarios/raft-election.toml";
    let legal = ["judge", "tests/histories/etcd-legal.log", "--model", "cas-register"];
    let link = String::from_utf8(output(&["link", scenario]).stdout).expect("text");
    let commands: &[&[&str]] = &[
        &["run", scenario],
        &["run", scenario, "--story"],
        &["run", scenario, "--json"],
        &["test", scenario, "--seeds", "1"],
        &["compare", scenario],
        &["compare", scenario, "--json"],
        &["link", scenario],
        &["open", link.trim()],
        &["schema"],
        &["reproduce", "scenarios/quorum-availability.toml", "--seeds", "1"],
        &legal,
        &["judge", "--help"],
        &["--help"],
    ];
    for arguments in commands {
        let output = unheard(arguments);
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{arguments:?}");
    }
    // A verdict is the exit code, whether anybody reads the words or not.
    let output = unheard(&["judge", "tests/histories/etcd.log", "--model", "cas-register"]);
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), b"".as_slice()));
}

#[test]
fn a_file_that_is_no_text_is_refused_with_its_line() {
    let folder = folder("no-text");
    let file = |name: &str, bytes: &[u8]| {
        let file = folder.join(name);
        std::fs::write(&file, bytes).expect("a place to write");
        file.to_str().expect("a name").to_owned()
    };
    let latin = file("latin.toml", b"title = \"x\"\n# caf\xe9\n");
    for command in ["run", "test", "compare", "link"] {
        let said = refused(&[command, &latin]);
        let words = "line 2, column 6: here is a byte that no text has. Save the file as UTF-8.";
        assert!(said.contains(words), "{command}: {said}");
    }
    let wide = file("wide.edn", b"\xff\xfe{\0:\0");
    let said = refused(&["judge", &wide, "--model", "register"]);
    assert!(said.contains("line 1, column 1") && said.contains("UTF-16"), "{said}");
}

#[test]
fn no_seeds_and_no_scenarios_are_no_pass() {
    assert!(refused(&["test", "scenarios/raft-election.toml", "--seeds", "0"]).contains("0 is not in"));
    let empty = folder("empty");
    let said = refused(&["test", empty.to_str().expect("a name")]);
    assert!(said.contains("there is no scenario in this folder"), "{said}");
}

#[test]
fn the_help_says_which_models_take_initial_values() {
    let help = String::from_utf8(output(&["judge", "--help"]).stdout).expect("text");
    for standard in faultline::check::court::STANDARDS {
        let begins = standard.begins.told().unwrap_or("not given");
        assert!(help.contains(standard.name) && help.contains(begins), "{}: {help}", standard.name);
    }
}

#[test]
fn one_seed_is_one_seed() {
    let said = output(&["test", "scenarios/quorum-availability.toml", "--seeds", "1"]).stdout;
    let said = String::from_utf8(said).expect("text");
    assert!(said.contains(": 1 seed") && !said.contains("1 seeds"), "{said}");
}
