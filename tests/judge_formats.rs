//! Histories that others wrote: what is read, what is refused and in which words, and what the terminal says of them.
//! `REWRITE=1 cargo test --test all judge_formats::` writes the answers in `tests/histories/cases` anew; then read them.

#[path = "histories/writers.rs"]
mod writers;

use std::process::Command;

use crate::common::agrees;
use datadriven::{TestCase, walk};
use faultline::check::budget::Budget;
use faultline::check::court::{STANDARDS, Terms};
use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};
use faultline::check::linearizable::{BUDGET, check};
use faultline::check::model::Register;
use faultline::observe::intake::{self, Format, Transcript, Unreadable, lines};
use faultline::run::{Session, judging};
use faultline::sim::Time;
use proptest::prelude::*;
use writers::{Told, as_edn, as_json, as_log};

#[test]
fn every_case_is_answered_so() {
    walk("tests/histories/cases", |file| {
        file.run(|case| {
            let mut case = case.clone();
            let said = answer(&mut case);
            case.expect_empty().expect("every argument is used");
            said
        });
    });
}

fn answer(case: &mut TestCase) -> String {
    let format = case.try_take_arg::<String>("format").expect("a name");
    let format = format.map(|name| Format::named(&name).expect("a format"));
    match case.directive.as_str() {
        "judge" => judge(case.input.trim()),
        "history" => judge_text(&case.input),
        "read" => told(intake::read(&case.input, format)),
        "value" => {
            let deep: Option<usize> = case.try_take_arg("deep").expect("a number");
            let nested = deep.map(|deep| "[".repeat(deep) + &"]".repeat(deep));
            match intake::value(nested.as_ref().unwrap_or(&case.input)) {
                Ok(_) if deep.is_some() => "it is read\n".to_owned(),
                Ok(value) => format!("{value}\n"),
                Err(slip) => format!("{slip}\n"),
            }
        }
        other => panic!("there is no directive {other:?}"),
    }
}

/// The program on a file of the folder, run there.
fn judge(arguments: &str) -> String {
    judge_in(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/histories"), arguments)
}

/// The program on a history that follows its arguments.
fn judge_text(input: &str) -> String {
    let (arguments, text) = input.split_once('\n').expect("arguments in the first line");
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/judged");
    std::fs::create_dir_all(folder).expect("a place to write");
    std::fs::write(format!("{folder}/history"), text).expect("a place to write");
    judge_in(folder, &format!("history {arguments}"))
}

fn judge_in(folder: &str, arguments: &str) -> String {
    let mut faultline = Command::new(env!("CARGO_BIN_EXE_faultline"));
    faultline.current_dir(folder);
    let output = faultline.arg("judge").args(arguments.split(' ')).output().expect("it starts");
    let said = |bytes| String::from_utf8(bytes).expect("text");
    let code = output.status.code().expect("an end of its own");
    // An empty line would end the answer.
    let all = said(output.stdout) + &said(output.stderr);
    format!("exit {code}\n{}", all.replace("\n\n", "\n"))
}

#[test]
fn a_model_that_does_not_fit_is_told_with_others_that_do() {
    let said = judge("kv.edn --model cas-register");
    assert!(
        said.starts_with(
            "exit 2\nfaultline: kv.edn: line 2, column 58: a register knows no operation \"append\""
        ),
        "{said}"
    );
    assert!(said.contains("Models that know append: key-value"), "{said}");
    let said = judge("kv.edn --model keyvalue");
    assert!(said.contains("there is no model \"keyvalue\". Did you mean \"key-value\"? There is:"), "{said}");
    for standard in STANDARDS {
        assert!(
            said.contains(standard.name) && said.contains(standard.sentence),
            "{}: {said}",
            standard.name
        );
    }
}

/// The stretch in which the blame lies, as a picture; `UPDATE=1` draws it anew.
#[test]
fn the_blame_is_drawn() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("judged.svg");
    let said = judge(&format!("etcd.log --model cas-register --svg {}", file.display()));
    assert!(said.starts_with("exit 1"), "{said}");
    agrees("tests/pictures/history-judged.svg", &std::fs::read_to_string(file).expect("drawn"));
}

#[test]
fn what_is_no_text_is_refused_where_it_begins() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("latin.edn");
    std::fs::write(&file, b"{:process 0}\n{:process \xe9}").expect("a place to write");
    let said = judge(&format!("{} --model register", file.display()));
    assert!(said.contains("latin.edn: line 2, column 11: here is a byte that no text has"), "{said}");
}

fn told(read: Result<Transcript, Unreadable>) -> String {
    let transcript = match read {
        Ok(transcript) => transcript,
        Err(slip) => return format!("{slip}\n"),
    };
    let line = |(operation, (asked, answered)): (&Operation, &(usize, Option<usize>))| {
        let until = operation.returned.map_or("…".to_owned(), |at| at.to_string());
        let answered = answered.map(|line| format!(" and {line}")).unwrap_or_default();
        let (client, from) = (operation.client, operation.invoked);
        format!("client {client}: {operation}, {from} to {until}, line {asked}{answered}\n")
    };
    let operations = transcript.history.operations.iter().zip(&transcript.lines).map(line);
    format!("{}\n{}", transcript.format.name(), operations.collect::<String>())
}

fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Nil),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        "\\PC{0,6}".prop_map(|text| Value::Text(text.into())),
        "[\"\\\\\n\t\u{0}\u{7f}\u{e9}\u{1f600};#:]{0,6}".prop_map(|text| Value::Text(text.into())),
    ];
    plain.prop_recursive(3, 12, 3, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::List))
}

/// All that EDN tells apart.
fn edn_value() -> impl Strategy<Value = Value> {
    let word = "[:'][a-c]{1,2}|\\\\[a-c]".prop_map(|word| Value::Word(word.into()));
    prop_oneof![value(), word].prop_recursive(3, 12, 3, |inner| {
        let entry = (inner.clone(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::btree_set(inner.clone(), 0..3)
                .prop_map(|items| Value::Set(items.into_iter().collect())),
            prop::collection::btree_map(entry.0, entry.1, 0..3)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ("[a-c]", inner).prop_map(|(tag, value)| Value::Tagged(Box::new((tag.into(), value)))),
        ]
    })
}

/// What clients did, as events of processes that are free or busy; the keys tell whether there is one object or many.
fn events(keys: &'static [&'static str]) -> impl Strategy<Value = Vec<Told>> {
    events_of(keys, value().boxed())
}

fn events_of(keys: &'static [&'static str], value: BoxedStrategy<Value>) -> impl Strategy<Value = Vec<Told>> {
    let verb = prop::sample::select(vec![Verb::Read, Verb::Write, Verb::Cas, Verb::Append, Verb::Dequeue]);
    let step = (0..5u32, verb, prop::sample::select(keys), value.clone(), value, 0..4u8);
    prop::collection::vec(step, 1..40).prop_map(|steps| {
        let mut busy: [Option<Action>; 5] = Default::default();
        // A question with nothing behind it: no pair in this history is a key and a value.
        let first = Action::new(Verb::Read, keys[0], Value::Nil);
        let mut told = vec![Told { client: 9, action: first, outcome: None }];
        for (client, verb, key, one, other, fate) in steps {
            let outcome = busy[client as usize].take();
            let hears = |action: &Action| matches!(action.verb, Verb::Read | Verb::Dequeue);
            told.push(match outcome {
                Some(action) => {
                    let heard = if hears(&action) { one } else { Value::Nil };
                    let outcome = [Outcome::Ok(heard.clone()), Outcome::Ok(heard), Outcome::Failed];
                    let outcome = outcome.get(fate as usize).cloned().unwrap_or(Outcome::Unknown);
                    Told { client, action, outcome: Some(outcome) }
                }
                None => {
                    let action = match verb {
                        Verb::Cas => Action::cas(key, one, other),
                        Verb::Read | Verb::Dequeue => Action::new(verb, key, Value::Nil),
                        _ => Action::new(verb, key, one),
                    };
                    busy[client as usize] = Some(action.clone());
                    Told { client, action, outcome: None }
                }
            });
        }
        told
    })
}

/// The operations that these events tell of, made here without the reader's help.
fn history(told: &[Told]) -> History {
    let mut operations: Vec<Operation> = Vec::new();
    for (at, event) in (0..).zip(told) {
        match &event.outcome {
            None => operations.push(Operation::open(event.client, event.action.clone(), at)),
            Some(outcome) => {
                let own = operations.iter_mut().rfind(|operation| operation.client == event.client);
                let own = own.expect("it was asked");
                *own = Operation::new(own.client, own.action.clone(), outcome.clone(), own.invoked, at);
            }
        }
    }
    History { operations }
}

fn comes_back(text: &str, format: Format, history: &History) -> Result<(), TestCaseError> {
    let named =
        intake::read(text, Some(format)).map_err(|slip| TestCaseError::fail(format!("{slip}\n{text}")))?;
    prop_assert_eq!(&named.history, history, "{}", text);
    let recognised =
        intake::read(text, None).map_err(|slip| TestCaseError::fail(format!("{slip}\n{text}")))?;
    prop_assert_eq!(recognised.format, format, "{}", text);
    Ok(())
}

proptest! {
    /// Whatever clients asked and heard, in each format it comes back as it was.
    #[test]
    fn a_history_comes_back(told in events(&[""])) {
        let history = history(&told);
        comes_back(&as_edn(&told, false), Format::Edn, &history)?;
        comes_back(&as_edn(&told, true), Format::Edn, &history)?;
        comes_back(&as_json(&told, false), Format::Json, &history)?;
        comes_back(&as_json(&told, true), Format::Json, &history)?;
        comes_back(&as_log(&told), Format::Log, &history)?;
        comes_back(&lines::write(&history), Format::Lines, &history)?;
    }

    #[test]
    fn a_history_of_many_objects_comes_back(told in events(&["x", "two words", "é\"\\"])) {
        let history = history(&told);
        comes_back(&as_edn(&told, false), Format::Edn, &history)?;
        comes_back(&as_json(&told, true), Format::Json, &history)?;
        comes_back(&lines::write(&history), Format::Lines, &history)?;
    }

    #[test]
    fn a_history_of_all_that_edn_knows_comes_back(told in events_of(&["x"], edn_value().boxed())) {
        let history = history(&told);
        comes_back(&as_edn(&told, false), Format::Edn, &history)?;
        comes_back(&as_edn(&told, true), Format::Edn, &history)?;
    }

    /// Two values are one object only if they are one value.
    #[test]
    fn a_name_is_of_one_value(one in edn_value(), other in edn_value()) {
        prop_assert_eq!(one == other, one.name() == other.name(), "{} and {}", one, other);
    }

    /// A spoilt history is refused, or judged like any other.
    #[test]
    fn nothing_panics(
        told in events(&["", "x"]),
        kind in 0..5u8,
        mends in prop::collection::vec((any::<prop::sample::Index>(), "[\\[\\](){}\"\\\\#_;:, \n0-9a-zé-]{0,4}", 0..5usize), 1..8),
    ) {
        let text = match kind {
            0 => as_edn(&told, true),
            1 => as_json(&told, true),
            2 => as_log(&told),
            3 => as_edn(&told, false),
            _ => lines::write(&history(&told)),
        };
        let mut letters: Vec<char> = text.chars().collect();
        for (at, new, cut) in mends {
            let at = at.index(letters.len() + 1);
            let to = (at + cut).min(letters.len());
            letters.splice(at..to, new.chars());
        }
        read_in_every_way(&letters.into_iter().collect::<String>());
    }

    #[test]
    fn rubbish_is_refused(text in "\\PC{0,200}", brackets in "[\\[\\](){}\"#_^'\\\\:; \n,a-f0-9./+-]{0,200}") {
        read_in_every_way(&text);
        read_in_every_way(&brackets);
    }
}

fn read_in_every_way(text: &str) {
    let hinted = |slip: &Unreadable| assert!(!slip.hint.is_empty(), "{slip} says not what to do: {text}");
    let _ = intake::value(text).inspect_err(hinted);
    let formats = Format::NAMES.iter().map(|(format, _)| Some(*format)).chain([None]);
    for transcript in formats.filter_map(|format| intake::read(text, format).inspect_err(hinted).ok()) {
        assert_eq!(transcript.lines.len(), transcript.history.operations.len());
        let terms = Terms { budget: Budget::steps(1_000), ..Terms::default() };
        for standard in STANDARDS {
            let _ = standard.judge(&transcript.history, &terms);
        }
    }
}

/// What fuzzing begins with, and what it once found worth keeping.
#[test]
fn the_corpus_is_read() {
    let mut files = 0;
    for folder in ["fuzz/corpus/edn", "fuzz/corpus/json", "fuzz/corpus/log", "fuzz/corpus/lines", "histories"]
    {
        let folder = format!("{}/tests/{folder}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).expect("a corpus").flatten();
        for path in entries.map(|entry| entry.path()).filter(|path| path.is_file()) {
            read_in_every_way(&String::from_utf8_lossy(&std::fs::read(path).expect("a file")));
            files += 1;
        }
    }
    assert!(files >= 15, "{files} files");
}

#[test]
fn nesting_and_length_have_an_end() {
    for open in ["[", "{", "(", "#{", "#_", "#a ", "#_[", "{:a "] {
        let slip = intake::value(&open.repeat(100_000)).expect_err("too deep");
        assert!(slip.what.contains("nested"), "{open}: {slip}");
        let slip = intake::read(&open.repeat(100_000), Some(Format::Edn)).expect_err("too deep");
        assert!(slip.what.contains("nested"), "{open}: {slip}");
    }
    let slip = intake::read(&" ".repeat(intake::MOST_BYTES + 1), None).expect_err("too long");
    assert!(slip.what.contains("longer"), "{slip}");
}

/// A run writes its history, and whoever reads it judges the same operations.
#[test]
fn what_a_run_records_can_be_judged() {
    for (scenario, variant, legal) in
        [("stale-leader-read", "lease, clocks trusted", false), ("raft-election", "random timeouts", true)]
    {
        let file = format!("{}/scenarios/{scenario}.toml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).expect("a scenario");
        let mut session = Session::open(scenario, &text).expect("it opens");
        let variant = Some(variant.to_owned());
        session.change(faultline::run::session::Change { variant, ..Default::default() }).expect("a variant");
        let until = session.run().plan().until;
        session.run_mut().seek(Time(until.0), u32::MAX);
        let mut history = judging::history(session.run().trace(), session.run().events());
        let before = check(&mut Register::comparing(), &history, BUDGET).expect("a register");
        let read = intake::read(&lines::write(&history), None).expect("our own");
        assert_eq!(read.format, Format::Lines);
        // Events are the run's own.
        history
            .operations
            .iter_mut()
            .for_each(|operation| operation.events = [faultline::sim::EventId::NONE; 2]);
        assert_eq!(read.history, history, "{scenario}");
        let after = check(&mut Register::comparing(), &read.history, BUDGET).expect("a register");
        assert_eq!(before, after);
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (to, svg) = (folder.join(format!("{scenario}.jsonl")), folder.join(format!("{scenario}.svg")));
        let (to, svg) = (to.to_str().expect("a name"), svg.to_str().expect("a name"));
        let faultline = |arguments: &[&str]| {
            let mut faultline = Command::new(env!("CARGO_BIN_EXE_faultline"));
            faultline.args(arguments).output().expect("it starts").status.code()
        };
        let variant = session.variant().expect("chosen");
        faultline(&["run", &file, "--variant", variant, "--history", to]);
        assert_eq!(std::fs::read_to_string(to).expect("written"), lines::write(&history));
        let code = faultline(&["judge", to, "--model", "cas-register", "--svg", svg]);
        assert_eq!(code, Some(if legal { 0 } else { 1 }), "{scenario}");
        let svg = std::fs::read_to_string(svg).expect("drawn");
        roxmltree::Document::parse(&svg).expect("it is well formed");
        assert_eq!(svg.contains("To blame"), !legal, "{scenario}");
    }
}
