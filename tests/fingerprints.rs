//! What every scenario comes to, in one line a variant: a change of physics, protocols or judges shows here at once.
//! `UPDATE=1 cargo test --test all fingerprints` writes the lines anew; the commit says why they changed.

use std::fmt::Write as _;

use crate::common::{agrees, scenes};
use faultline::check::Verdict;
use faultline::run::{cast, sweep};
use faultline::scenario::Overrides;

/// The promises of a run by what became of them, each list in the order of judging.
fn verdicts(run: &dyn faultline::run::Run) -> String {
    let mut lists: [(&str, Vec<&str>); 4] =
        [("holds", vec![]), ("broken", vec![]), ("unknown", vec![]), ("not judged", vec![])];
    for (claim, verdict) in run.verdicts() {
        let list = match verdict {
            Verdict::Holds => 0,
            Verdict::Broken(_) => 1,
            Verdict::Unknown(_) => 2,
            Verdict::Pending | Verdict::Open => 3,
        };
        lists[list].1.push(claim.name);
    }
    let said = lists.iter().filter(|(_, names)| !names.is_empty());
    said.map(|(word, names)| format!("{word}: {}", names.join(", "))).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_run_is_the_run_it_was() {
    let mut lines = String::from(
        "# scenario.variant | end | events | fingerprint | promises. Where a line differs, runs do: a commit that\n\
         # changes one says why.\n",
    );
    for scene in scenes() {
        let plan = scene.plan(&Overrides::default());
        let mut run = cast::play(plan).expect("its protocol is in the cast");
        sweep::finish(&mut *run);
        let (events, fingerprint) = (run.events(), run.fingerprint().hex());
        let _ = writeln!(
            lines,
            "{} | {} us | {events} events | {fingerprint} | {}",
            scene.title(),
            run.plan().until.0,
            verdicts(&*run)
        );
    }
    agrees("tests/fingerprints.txt", &lines);
}
