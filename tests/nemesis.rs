//! What a nemesis draws has an effect.

use faultline::scenario::Deed;
use faultline::scenario::nemesis::{ALL, Nemesis};
use faultline::sim::{Fault, Links, Micros, Time, What};

use crate::common::watched;
use crate::storm::script::Storm;

#[test]
fn no_act_of_a_nemesis_is_without_effect_before_it_heals_everything() {
    for nodes in [1, 2, 3, 5] {
        for seed in 0..30 {
            let strikes = ["60ms", "100ms", "11s"];
            let text = Storm { nodes, strikes, network: "latency = \"5ms\"", ..Storm::of("echo") }.text();
            let run = watched(&text.replace("seed = 1", &format!("seed = {seed}")).replace("2ms", "501us"));
            let trace = run.trace();
            let at = |event: faultline::sim::EventId| trace.events[event.0 as usize].at;
            let futile = trace.futile_acts().find(|event| at(*event) < Time(11_000_000));
            let why = futile.map(|event| (at(event), trace.futile(event)));
            assert_eq!(why, None, "{nodes} nodes, seed {seed}");
            let acts = trace.events.iter().filter(|event| matches!(event.what, What::Acted { .. })).count();
            assert!(acts > 60, "{nodes} nodes, seed {seed}: {acts}");
        }
    }
}

#[test]
fn no_node_is_cut_off_from_itself() {
    let nemesis =
        Nemesis { kinds: ALL.to_vec(), every: Micros(50_000), from: Time::ZERO, until: Time(20_000_000) };
    let mut links = 0;
    for seed in 0..50 {
        for act in nemesis.acts(seed, 3) {
            if let Some(Deed::Fault(Fault::Cut(Links::OneWay { from, to }))) = act.deed {
                assert!(!from.iter().any(|node| to.contains(node)), "seed {seed}: {from:?} to {to:?}");
                links += 1;
            }
        }
    }
    assert!(links > 500, "{links}");
}
