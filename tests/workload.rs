//! Clients in real runs: they ask as often, for what and where their script says, and an operation that is asked for
//! again stays one operation.

use faultline::check::Verdict;
use faultline::run::{Run, cast, cast::roles};
use faultline::scenario::{Overrides, Plan, Script};
use faultline::sim::{Delay, Micros, NodeId, OpId, Outcome, Time, Trace, What};
use faultline::workload::{
    Arrivals, Burst, Client, Keys, Pace, Policy, Popularity, Rate, Retry, Route, Spacing, Zipf,
};
use proptest::prelude::*;

const HEAD: &str = "title = \"T\"\nprotocol = \"raft\"\nnodes = 3\nseed = 7\nuntil = \"20s\"\n";

fn plan(text: &str) -> Plan {
    let text = format!("{HEAD}{text}");
    let plan =
        Script::read(&text).and_then(|script| script.plan(&text, &roles(), None, &Overrides::default()));
    plan.unwrap_or_else(|slip| panic!("{slip}\n{text}"))
}

fn finished(text: &str) -> Box<dyn Run> {
    let plan = plan(text);
    let until = plan.until;
    let mut run = cast::play(plan).expect("raft");
    run.seek(until, u32::MAX);
    assert_eq!(run.halted(), None);
    run
}

/// When each operation of a client began, and for what: `write x`, without the number.
fn asked(trace: &Trace, client: u16) -> Vec<(Time, String)> {
    let ops = trace.ops.iter().filter(|op| op.client == NodeId(client));
    let words = |call: String| call.split(' ').take(2).collect::<Vec<_>>().join(" ");
    ops.map(|op| (trace.get(op.invoked).expect("it began").at, words(op.call.to_string()))).collect()
}

/// Where the requests of an operation went, and when.
fn requests(trace: &Trace, op: OpId) -> Vec<(Time, NodeId)> {
    let invoked = trace.ops[op.0 as usize].invoked;
    let sent = trace.events.iter().filter(|event| event.cause == invoked);
    sent.filter_map(|event| match event.what {
        What::Sent { to, kind: "request", .. } => Some((event.at, to)),
        _ => None,
    })
    .collect()
}

#[test]
fn an_open_loop_asks_whatever_becomes_of_it() {
    for cut in ["", "[[act]]\nat = \"1ms\"\ncut = [[\"ana\"], [\"n1\", \"n2\", \"n3\"]]\n"] {
        let client = "name = \"ana\"\nasks = [\"read x\"]\narrivals = { rate = 40, kind = \"constant\" }\nfrom = \"0s\"";
        let run = finished(&format!("[[client]]\n{client}\n{cut}"));
        let asked = asked(run.trace(), 3);
        assert_eq!(asked.len(), 801, "at 0 s and at 20 s too");
        assert!(asked.iter().zip(0..).all(|((at, _), n)| *at == Time(25_000 * n)));
    }
}

#[test]
fn bursts_come_on_top_of_the_rate() {
    let client =
        "asks = [\"read x\"]\narrivals = { burst = 7, every = \"2s\", rate = 1, kind = \"constant\" }";
    let run = finished(&format!("[[client]]\nname = \"ana\"\n{client}\nfrom = \"500ms\"\nuntil = \"10s\""));
    let asked = asked(run.trace(), 3);
    let at = |at: u64| asked.iter().filter(|(began, _)| began.0 == at).count();
    assert_eq!((at(500_000), at(1_500_000), at(2_500_000), at(8_500_000)), (8, 1, 8, 8));
    assert_eq!(asked.len(), 5 * 7 + 10);
}

#[test]
fn a_thinker_asks_so_long_after_each_answer() {
    let run = finished("[[client]]\nname = \"ana\"\nasks = [\"write x\", \"read x\"]\nthink = \"30ms\"");
    let trace = run.trace();
    let ends: Vec<Time> = trace
        .events
        .iter()
        .filter(|event| matches!(event.what, What::Completed { .. } | What::TimedOut { .. }))
        .map(|event| event.at)
        .collect();
    let asked = asked(trace, 3);
    assert!(ends.len() > 200, "{}", ends.len());
    for ((next, _), end) in asked.iter().skip(1).zip(&ends) {
        assert_eq!(*next, *end + Micros::from_millis(30));
    }
}

#[test]
fn a_mix_is_drawn_by_its_weights_and_keys_by_their_popularity() {
    let mix = "mix = { \"read k*\" = 3, \"write k*\" = 1, \"add n 1\" = 0 }";
    let keys = "keys = { count = 20, popularity = { hot = 0.1, share = 0.8 } }";
    let run = finished(&format!("[[client]]\nname = \"ana\"\n{mix}\n{keys}\narrivals = {{ rate = 400 }}"));
    let asked = asked(run.trace(), 3);
    let part = |wanted: &dyn Fn(&str) -> bool| {
        asked.iter().filter(|(_, call)| wanted(call)).count() as f64 / asked.len() as f64
    };
    assert!((asked.len() as f64 / 19.5 - 400.0).abs() < 20.0, "{}", asked.len());
    assert!((part(&|call| call.starts_with("read ")) - 0.75).abs() < 0.02);
    assert!((part(&|call| call.ends_with(" k1") || call.ends_with(" k2")) - 0.8).abs() < 0.02);
    assert!(part(&|call| call.ends_with(" k20")) > 0.005);
    assert_eq!(part(&|call| call.starts_with("add")), 0.0);
}

#[test]
fn sessions_stick_or_wander() {
    let ask = |session: &str| {
        let run = finished(&format!(
            "[[client]]\nname = \"ana\"\nasks = [\"read x\", \"write x\"]\nevery = \"300ms\"\nnode = \"n2\"\n{session}"
        ));
        let ops = (0..run.trace().ops.len() as u32).map(OpId);
        ops.filter_map(|op| requests(run.trace(), op).first().map(|(_, to)| to.0)).collect::<Vec<u16>>()
    };
    assert!(ask("session = \"sticks\"").iter().all(|to| *to == 1));
    assert!(ask("session = \"wanders\"").iter().zip((0..3).cycle().skip(2)).all(|(to, turn)| *to == turn));
    let reads_wander = ask("session = \"sticks\"\nreads = \"any\"");
    assert!(reads_wander.iter().skip(1).step_by(2).all(|to| *to == 1));
    assert!(reads_wander.iter().step_by(2).any(|to| *to != 1));
}

/// A client that nobody hears, from its first question at 1 s on; more of its keys.
fn unheard(keys: &str) -> Box<dyn Run> {
    finished(&format!(
        "[[client]]\nname = \"ana\"\nasks = [\"add x 1\"]\nevery = \"60s\"\nfrom = \"1s\"\nnode = \"n1\"\n\
         timeout = \"10s\"\n{keys}\n\
         [[act]]\nat = \"1ms\"\ncut = [[\"ana\"], [\"n1\", \"n2\", \"n3\"]]\n"
    ))
}

/// When it asked, in ms, and when it gave up.
fn attempts(run: &dyn Run) -> (Vec<u64>, u64) {
    let ended = run.trace().events.iter().find(|event| matches!(event.what, What::TimedOut { .. }));
    let at = requests(run.trace(), OpId(0)).into_iter().map(|(at, _)| at.0 / 1_000).collect();
    (at, ended.expect("it gave up").at.0 / 1_000)
}

#[test]
fn attempts_follow_the_policy_and_end_unknown() {
    for (policy, wanted, end) in [
        ("none", vec![1_000], 1_200),
        ("immediate", vec![1_000, 1_200, 1_400, 1_600], 1_800),
        ("fixed", vec![1_000, 1_250, 1_500, 1_750], 1_950),
        ("exponential", vec![1_000, 1_250, 1_550, 1_950], 2_150),
    ] {
        let run = unheard(&format!("retry = {{ policy = \"{policy}\", attempts = 4, attempt = \"200ms\" }}"));
        assert_eq!(attempts(&*run), (wanted, end), "{policy}");
        assert_eq!(run.trace().ops.len(), 1, "a retry is no new operation");
        assert_eq!(run.trace().ops[0].ended, None);
    }
    let run = unheard("retry = { policy = \"fixed\", base = \"3s\", attempts = 100, attempt = \"1s\" }");
    assert_eq!(attempts(&*run), (vec![1_000, 5_000, 9_000], 11_000), "the timeout ends it");
    let run =
        unheard("retry = { policy = \"full jitter\", base = \"100ms\", attempts = 6, attempt = \"100ms\" }");
    let pauses: Vec<u64> = attempts(&*run).0.windows(2).map(|two| two[1] - two[0] - 100).collect();
    assert!(pauses.iter().zip([100, 200, 400, 800, 1_600]).all(|(pause, most)| *pause <= most), "{pauses:?}");
    assert!(pauses.iter().collect::<std::collections::BTreeSet<_>>().len() > 3, "{pauses:?}");
}

#[test]
fn silence_sends_the_next_attempt_to_another_node() {
    let asked = |session: &str| {
        let run = unheard(&format!("retry = {{ policy = \"immediate\", attempts = 4 }}\n{session}"));
        requests(run.trace(), OpId(0)).into_iter().map(|(_, to)| to.0).collect::<Vec<_>>()
    };
    assert_eq!(asked(""), [0, 1, 2, 0]);
    assert_eq!(asked("session = \"sticks\""), [0, 0, 0, 0]);
    assert_eq!(asked("session = \"wanders\""), [1, 2, 0, 1]);
}

#[test]
fn a_refusal_is_a_failed_attempt_and_no_end() {
    let client = "name = \"ana\"\nasks = [\"write x\"]\nevery = \"60s\"\nfrom = \"2s\"\nnode = \"n1\"\ntimeout = \"5s\"";
    let crash = |node: &str| format!("[[act]]\nat = \"1ms\"\ncrash = \"{node}\"\n");
    let alone = |retry: &str| {
        finished(&format!(
            "[network]\nlatency = \"5ms\"\n[[client]]\n{client}\nsession = \"sticks\"\n{retry}\n{}{}",
            crash("n2"),
            crash("n3")
        ))
    };
    // Nobody leads: n1 refuses after 10 ms, n2 is asked 50 ms later and is silent.
    let run = alone("retry = { policy = \"fixed\", attempts = 3, attempt = \"300ms\" }");
    assert_eq!(attempts(&*run), (vec![2_000, 2_060, 2_410], 2_420));
    assert_eq!(run.trace().ops[0].ended, None, "a refusal is no answer");
    let run = alone("");
    let (at, end) = attempts(&*run);
    assert_eq!((at.len(), end), (2, 7_000), "without a policy it waits where nobody refuses");
}

/// Answers get lost on their way to a client that asks again.
fn lossy(sessions: bool) -> Box<dyn Run> {
    finished(&format!(
        r#"
[knobs]
sessions = {sessions}
[[client]]
name = "ana"
asks = ["add x 1", "read x"]
think = "20ms"
until = "18s"
retry = {{ policy = "equal jitter", base = "20ms", attempts = 20, attempt = "150ms" }}
timeout = "5s"
[[act]]
at = "900ms"
weather = {{ from = ["n1", "n2", "n3"], to = ["ana"], loss = 0.4 }}
"#
    ))
}

#[test]
fn an_operation_that_is_asked_for_again_takes_effect_once_if_servers_remember() {
    let verdict = |run: &dyn Run| {
        let verdicts = run.verdicts();
        verdicts.into_iter().find(|(claim, _)| claim.name == "linearizable").expect("it is judged").1.clone()
    };
    let run = lossy(true);
    assert_eq!(verdict(&*run), Verdict::Holds);
    let ops = &run.trace().ops;
    let asked_again = (0..ops.len() as u32).filter(|op| requests(run.trace(), OpId(*op)).len() > 1).count();
    let failed = ops.iter().filter(|op| !matches!(op.ended, Some((_, Outcome::Ok(_))))).count();
    assert!(asked_again > 10 && failed <= 1, "{asked_again} of {}, {failed} failed", ops.len());
    assert!(matches!(verdict(&*lossy(false)), Verdict::Broken(_)));
}

#[test]
fn an_operation_by_hand_ends_once_however_often_it_is_answered() {
    let run = finished(
        "[network]\nduplicate = 1.0\n[[act]]\nat = \"1s\"\nask = { node = \"n1\", op = \"read x\" }\n",
    );
    let ends = run.trace().events.iter().filter(|event| matches!(event.what, What::Completed { .. }));
    assert_eq!(ends.count(), 1);
}

#[test]
fn looking_back_changes_nothing() {
    let text = r#"
[network]
loss = 0.05
[nemesis]
kinds = ["crash", "cut"]
every = "500ms"
until = "15s"
[[client]]
name = "ana"
mix = { "read k*" = 3, "write k*" = 1, "cas k* 1 2" = 1 }
keys = { count = 50, popularity = { zipf = 0.99 } }
arrivals = { from = 5, to = 100, over = "10s", burst = 5, every = "700ms" }
retry = { policy = "decorrelated jitter", attempts = 4 }
[[client]]
name = "ben"
asks = ["append l", "read l"]
think = { mean = "30ms" }
session = "wanders"
"#;
    let mut run = finished(text);
    assert!(run.trace().ops.len() > 800, "{}", run.trace().ops.len());
    let fingerprint = run.fingerprint();
    for at in [3_000_000, 12_000_000, 700_000, 20_000_000] {
        run.seek(Time(at), u32::MAX);
    }
    assert_eq!(run.fingerprint(), fingerprint);
}

/// A client, and the lines of a script that mean it.
fn written() -> impl Strategy<Value = (String, Client)> {
    let rate = || (1..1_000_u32).prop_map(|tenths| f64::from(tenths) / 10.0);
    let ms = |most: u64| (1..most).prop_map(Micros::from_millis);
    let pace = prop_oneof![
        ms(5_000).prop_map(|every| (format!("every = \"{}us\"", every.0), Pace::Every(every))),
        ms(500).prop_map(|think| (format!("think = \"{}us\"", think.0), Pace::Think(Delay::Constant(think)))),
        ms(500).prop_map(|mean| {
            (format!("think = {{ mean = \"{}us\" }}", mean.0), Pace::Think(Delay::Exponential { mean }))
        }),
        (rate(), any::<bool>()).prop_map(|(rate, even)| {
            let (kind, spacing) =
                if even { (", kind = \"constant\"", Spacing::Constant) } else { ("", Spacing::Poisson) };
            let arrivals = Arrivals { rate: Rate::steady(rate), spacing, burst: None };
            (format!("arrivals = {{ rate = {rate:?}{kind} }}"), Pace::Open(arrivals))
        }),
        (rate(), rate(), ms(60_000), 1..100_u32).prop_map(|(from, to, over, size)| {
            let every = Micros::from_secs(1);
            let arrivals = Arrivals {
                rate: Rate::ramp(from, to, over),
                spacing: Spacing::Poisson,
                burst: Some(Burst { size, every }),
            };
            let over = over.0;
            let ramp = format!("from = {from:?}, to = {to:?}, over = \"{over}us\"");
            (format!("arrivals = {{ {ramp}, burst = {size}, every = \"1s\" }}"), Pace::Open(arrivals))
        }),
    ];
    let keys = (1..=10_000_u32).prop_flat_map(|count| {
        let popularity = prop_oneof![
            Just(("\"uniform\"".to_owned(), Popularity::Uniform)),
            (1..1_000_u32).prop_map(move |hundredths| {
                let exponent = f64::from(hundredths) / 100.0;
                (format!("{{ zipf = {exponent:?} }}"), Popularity::Zipf(Zipf::new(count, exponent)))
            }),
            (0..=100_u32).prop_map(move |percent| {
                let share = f64::from(percent) / 100.0;
                (format!("{{ hot = 1.0, share = {share:?} }}"), Popularity::Hot { hot: count, share })
            }),
        ];
        popularity.prop_map(move |(text, popularity)| {
            (format!("keys = {{ count = {count}, popularity = {text} }}"), Keys { count, popularity })
        })
    });
    let retry =
        prop::option::of((prop::sample::select(Policy::NAMES.to_vec()), ms(900), 1..=100_u32, ms(900)));
    let session = prop::sample::select(vec![
        ("", Route::Believed),
        ("session = \"sticks\"", Route::To(NodeId(0))),
        ("session = \"wanders\"", Route::Anywhere(3)),
    ]);
    let weights = prop::collection::vec(0..100_u32, 2).prop_filter("something is asked", |w| w[0] + w[1] > 0);
    (pace, keys, retry, session, prop::option::of(weights)).prop_map(|(pace, keys, retry, session, weights)| {
        let mut lines = vec!["[[client]]\nname = \"ana\"".to_owned(), pace.0, keys.0, session.0.to_owned()];
        lines.push(match &weights {
            Some(w) => format!("mix = {{ \"read k*\" = {}, \"write k*\" = {} }}", w[0], w[1]),
            None => "asks = [\"read k*\", \"write k*\"]".to_owned(),
        });
        let retry = retry.map(|((policy, name), base, attempts, attempt)| {
            lines.push(format!(
                "retry = {{ policy = \"{name}\", base = \"{}us\", attempts = {attempts}, attempt = \"{}us\" }}",
                base.0, attempt.0
            ));
            Retry { policy, base, cap: Micros::from_secs(2), attempts, attempt }
        });
        let asks = plan("[[client]]\nname = \"ana\"\nasks = [\"read k*\", \"write k*\"]\nevery = \"1s\"\nkeys = { count = 1 }")
            .clients
            .remove(0)
            .asks;
        let client = Client {
            name: "ana".to_owned(),
            asks,
            mix: weights.unwrap_or_default(),
            keys: keys.1,
            pace: pace.1,
            from: Time(500_000),
            retry,
            session: session.1,
            ..Client::default()
        };
        (lines.join("\n"), client)
    })
}

proptest! {
    #[test]
    fn a_client_is_read_as_it_is_meant((text, client) in written()) {
        prop_assert_eq!(&plan(&text).clients[0], &client);
    }
}
