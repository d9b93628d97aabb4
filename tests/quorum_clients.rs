//! What a client of the quorum store hears, case by case: slow disks, lost answers, refusals.

use faultline::sim::Outcome;

use crate::common::{breach, outcomes, watched};

/// A coordinator whose disk is slow, and that crashes before it has synced.
fn slow_coordinator(resolve: &str) -> String {
    format!(
        r#"
title = "slow coordinator"
protocol = "quorum"
nodes = 3
seed = 1
until = "3s"
knobs = {{ resolve = "{resolve}", "anti-entropy" = "0ms" }}
[network]
latency = "10ms"
[[act]]
at = "100ms"
disk = {{ node = "n1", sync = "300ms" }}
[[act]]
at = "650ms"
crash = "n1"
[[act]]
at = "800ms"
restart = "n1"
[[act]]
at = "850ms"
disk = {{ node = "n1", sync = "1ms" }}
"#
    )
}

/// A scenario with operations sent by hand, each at its time and node.
fn by_hand(text: &str, asks: &[(&str, &str, &str)]) -> String {
    let ask = |(at, node, op): &(&str, &str, &str)| {
        format!("[[act]]\nat = \"{at}\"\nask = {{ node = \"{node}\", op = \"{op}\" }}\n")
    };
    let asks: String = asks.iter().map(ask).collect();
    format!("{text}{asks}")
}

/// How all its operations ended.
fn told(text: &str, asks: &[(&str, &str, &str)]) -> Vec<Option<Outcome>> {
    outcomes(&*watched(&by_hand(text, asks)))
}

#[test]
fn a_write_does_not_leave_before_it_is_on_disk() {
    let asks = [("500ms", "n1", "add c 5"), ("1300ms", "n1", "add c 3"), ("2s", "n2", "read c")];
    let told = told(&slow_coordinator("crdt"), &asks);
    assert_eq!(told, [None, Some(Outcome::ok(None)), Some(Outcome::ok(3))]);
}

#[test]
fn a_write_that_is_refused_after_silence_may_still_be_there() {
    // n1 does what it is asked to and is not heard; n2, cut off, refuses.
    let text = r#"
title = "asked again"
protocol = "quorum"
nodes = 3
seed = 1
until = "3s"
knobs = { "write back" = true }
[network]
latency = "10ms"
[[client]]
name = "ana"
asks = ["write x"]
every = "60s"
from = "1s"
node = "n1"
retry = { policy = "immediate", attempts = 5, attempt = "150ms" }
[[act]]
at = "100ms"
cut = [["n2"], ["n1", "n3"]]
[[act]]
at = "110ms"
cut = { from = ["n1"], to = ["ana"] }
[[variant]]
name = "judged"
holds = ["linearizable"]
"#;
    let asks = [("200ms", "n2", "read x"), ("1500ms", "n3", "read x")];
    let run = watched(&by_hand(text, &asks));
    assert_eq!(outcomes(&*run)[1..], [None, Some(Outcome::ok(1))]);
    assert_eq!(breach(&*run, "linearizable"), None);
}

#[test]
fn a_refusal_does_not_make_a_client_forget_what_it_has_seen() {
    let text = r#"
title = "refused"
protocol = "quorum"
nodes = 3
seed = 1
until = "6s"
knobs = { resolve = "version vectors", "anti-entropy" = "0ms" }
[network]
latency = "10ms"
[[client]]
name = "ana"
asks = ["write x"]
every = "2s"
from = "500ms"
node = "n1"
session = "sticks"
[[act]]
at = "1400ms"
cut = [["n1", "ana"], ["n2", "n3"]]
[[act]]
at = "2700ms"
heal = "all"
"#;
    // The read finds nobody, so that the next write is refused at once.
    let told = told(text, &[("1500ms", "n1", "read y"), ("5s", "n1", "read x")]);
    assert!(matches!(told[2], Some(Outcome::Failed(_))), "{told:?}");
    assert_eq!(told[4], Some(Outcome::ok(3)), "no siblings: it has overwritten what it wrote itself");
}

/// A client whose first answer is lost asks again, for an addition; then somebody reads the sum.
fn asked_again(coordinator: &str, node: &str, session: &str) -> Vec<Option<Outcome>> {
    let text = format!(
        r#"
title = "asked again"
protocol = "quorum"
nodes = 3
seed = 1
until = "3s"
knobs = {{ resolve = "crdt", coordinator = "{coordinator}" }}
[network]
latency = "10ms"
[[client]]
name = "ana"
asks = ["add x 1"]
every = "60s"
from = "1s"
node = "{node}"
{session}
retry = {{ policy = "immediate", attempts = 3, attempt = "400ms" }}
[[act]]
at = "900ms"
cut = {{ from = ["n1", "n2", "n3"], to = ["ana"] }}
[[act]]
at = "1200ms"
heal = "all"
"#
    );
    told(&text, &[("2s", "n3", "read x")])
}

#[test]
fn a_write_that_is_asked_for_again_at_the_same_node_is_answered_and_done_once() {
    for node in ["n1", "n2", "n3"] {
        for coordinator in ["anybody", "owner"] {
            let once = [Some(Outcome::ok(None)), Some(Outcome::ok(1))];
            let told = asked_again(coordinator, node, "session = \"sticks\"");
            assert_eq!(told, once, "{node}, {coordinator}");
        }
    }
    let twice = [Some(Outcome::ok(None)), Some(Outcome::ok(2))];
    assert_eq!(asked_again("anybody", "n1", ""), twice, "nodes do not tell each other");
}

#[test]
fn a_node_that_cannot_count_on_refuses() {
    let text = r#"
title = "much"
protocol = "quorum"
nodes = 3
seed = 1
until = "3s"
knobs = { resolve = "crdt" }
[network]
latency = "10ms"
"#;
    let asks = ["500ms", "1s", "1500ms"].map(|at| (at, "n1", "add x 9223372036854775807"));
    let told = told(text, &[&asks[..], &[("2s", "n2", "read x")]].concat());
    assert!(matches!(told[2], Some(Outcome::Failed(_))), "{told:?}");
    assert_eq!(told[3], Some(Outcome::ok(-2)), "what was acknowledged, modulo 2^64");
}
