//! A write is acknowledged once the response has left its server: what a crash takes back before that was told to no
//! client, and a judge that counts it gives a false alarm.

use faultline::check::Verdict;
use faultline::run::Run;
use faultline::sim::{Outcome, Value, What};

use crate::common::{outcomes, verdict, watched};

/// n1 is cut off, takes a write, acknowledges it alone and crashes. Each step takes 20 ms, and leaves behind it.
fn crashed_at(ms: u64) -> Box<dyn Run> {
    watched(&format!(
        r#"
title = "taken back"
protocol = "primary-backup"
nodes = 3
seed = 1
until = "4s"
knobs = {{ acknowledge = "primary" }}
[network]
latency = "5ms"
[machine]
service = "20ms"
[[act]]
at = "1s"
cut = [["n1"], ["n2", "n3"]]
[[act]]
at = "1s"
ask = {{ node = "n1", op = "write x 1" }}
[[act]]
at = "{ms}ms"
crash = "n1"
"#
    ))
}

#[test]
fn a_failover_loses_no_write_whose_response_never_left() {
    let name = "failover keeps acknowledged writes";
    let (mut told, mut untold) = (0, 0);
    for ms in (1_005..1_150).step_by(5) {
        let run = crashed_at(ms);
        let reply = |what: &What| matches!(what, What::Sent { kind: "reply", .. });
        let left = run.trace().events.iter().any(|event| reply(&event.what));
        let broken = matches!(verdict(&*run, name), Verdict::Broken(_));
        assert_eq!(broken, left, "n1 crashes at {ms} ms");
        told += u32::from(left);
        untold += u32::from(!left);
    }
    assert!(told > 3 && untold > 8, "{told} and {untold}");
}

/// A store of one node is asked to write 1 and 2, the second without knowledge of the first, crashes and is read.
fn overwritten(ms: u64) -> Box<dyn Run> {
    watched(&format!(
        r#"
title = "given back"
protocol = "quorum"
nodes = 1
seed = 1
until = "4s"
knobs = {{ replicas = 1, "read quorum" = 1, "write quorum" = 1, resolve = "wall clock" }}
[network]
latency = "5ms"
[machine]
service = "20ms"
[[act]]
at = "500ms"
ask = {{ node = "n1", op = "write x 1" }}
[[act]]
at = "1s"
ask = {{ node = "n1", op = "write x 2" }}
[[act]]
at = "{ms}ms"
crash = "n1"
[[act]]
at = "2s"
restart = "n1"
[[act]]
at = "3s"
ask = {{ node = "n1", op = "read x" }}
[[variant]]
name = "judged"
holds = ["no lost update"]
"#
    ))
}

#[test]
fn a_write_that_a_crash_takes_back_replaces_none() {
    let (mut given_back, mut lost) = (0, 0);
    for ms in (1_005..1_300).step_by(5) {
        let run = overwritten(ms);
        let found = outcomes(&*run).pop().flatten();
        let broken = matches!(verdict(&*run, "no lost update"), Verdict::Broken(_));
        match found {
            Some(Outcome::Ok(Value::Int(1))) => {
                assert!(!broken, "n1 crashes at {ms} ms and has 1 again");
                given_back += 1;
            }
            Some(Outcome::Ok(Value::Int(2))) => lost += u32::from(broken),
            other => panic!("n1 crashes at {ms} ms: {other:?}"),
        }
    }
    assert!(given_back > 5 && lost > 5, "{given_back} and {lost}");
}
