//! What is promised of servers that are down, paused or out of reach: they take no writes, and owe no answers.

mod common;

use common::{finished, verdict, watched};
use faultline::check::Verdict;
use faultline::sim::Time;

const ONE: &str = "one primary at a time";

/// A primary that is paused, and another that takes over.
fn slept(promotion: &str, resume: &str) -> String {
    format!(
        r#"
title = "A primary that slept wakes up"
protocol = "primary-backup"
nodes = 3
seed = 2
until = "10s"
knobs = {{ promotion = "{promotion}", acknowledge = "primary" }}
[[client]]
name = "ana"
asks = ["write x", "read x"]
every = "50ms"
node = "n1"
[[client]]
name = "ben"
asks = ["write x", "read x"]
every = "50ms"
node = "n2"
[[act]]
at = "3s"
pause = "n1"
[[act]]
at = "8s"
{resume}
[[variant]]
name = "judged"
holds = ["{ONE}"]
"#
    )
}

#[test]
fn a_primary_that_is_paused_takes_no_writes() {
    for seed in 0..20 {
        let run = finished(&slept("timeout", "say = \"Still asleep.\""), seed);
        assert_eq!(verdict(&*run, ONE), Verdict::Holds, "seed {seed}");
    }
}

#[test]
fn a_primary_that_wakes_up_and_takes_one_is_a_second_one() {
    let mut run = watched(&slept("timeout", "resume = \"n1\""));
    let Verdict::Broken(violation) = verdict(&*run, ONE) else { panic!("{:?}", verdict(&*run, ONE)) };
    assert!(violation.at >= Time(8_000_000), "{}", violation.at);
    run.seek(Time(7_999_000), u32::MAX);
    assert_eq!(verdict(&*run, ONE), Verdict::Holds);
    for seed in 0..20 {
        let run = finished(&slept("majority", "resume = \"n1\""), seed);
        assert_eq!(verdict(&*run, ONE), Verdict::Holds, "seed {seed}");
    }
}

/// A store on which one client reads and writes at one server, and what happens to that server.
fn asked(protocol: &str, knobs: &str, act: &str) -> String {
    format!(
        r#"
title = "Asked"
protocol = "{protocol}"
nodes = 3
seed = 3
until = "6s"
knobs = {{ {knobs} }}
[[client]]
name = "ana"
asks = ["write x", "read x"]
every = "50ms"
timeout = "400ms"
node = "n1"
[[act]]
at = "2s"
{act}
[[variant]]
name = "judged"
holds = ["available"]
"#
    )
}

#[test]
fn what_reaches_no_running_server_need_not_be_answered() {
    for act in [r#"crash = "n1""#, r#"pause = "n1""#, r#"cut = [["ana"], ["n1", "n2", "n3"]]"#] {
        for from_it in ["", "[[act]]\nat = \"2100ms\"\ncut = { from = [\"n1\"], to = [\"ana\"] }"] {
            let run = watched(&asked("causal-store", "", &format!("{act}\n{from_it}")));
            let unanswered = run.trace().ops.iter().filter(|op| op.ended.is_none()).count();
            assert!(unanswered > 0, "{act}: ana gives up");
            assert_eq!(verdict(&*run, "available"), Verdict::Holds, "{act}");
        }
    }
    let lost = r#"cut = { from = ["n1"], to = ["ana"] }"#;
    assert_eq!(
        verdict(&*watched(&asked("causal-store", "", lost)), "available"),
        Verdict::Holds,
        "answers are lost"
    );
}

#[test]
fn a_running_server_that_gives_no_answer_is_not_available() {
    for (protocol, knobs) in [("raft", ""), ("primary-backup", "acknowledge = \"all\"")] {
        let run = watched(&asked(protocol, knobs, r#"cut = [["n1", "ana"], ["n2", "n3"]]"#));
        let said = verdict(&*run, "available");
        assert!(matches!(said, Verdict::Broken(_)), "{protocol}: {said:?}");
    }
}

#[test]
fn a_refusal_is_no_answer() {
    let text = asked("quorum", "", r#"cut = [["n1", "ana"], ["n2", "n3"]]"#);
    let Verdict::Broken(violation) = verdict(&*watched(&text), "available") else { panic!("it refuses") };
    assert!(violation.at > Time(2_000_000));
}
