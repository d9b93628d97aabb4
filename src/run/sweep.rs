//! One plan under many seeds: do its claims come true?

use litemap::LiteMap;

use crate::check::Verdict;
use crate::scenario::{Expect, Plan};
use crate::sim::Time;

use super::erased::Run;

/// What came of one run, held against what was expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Result {
    /// Promises that should have held, and broke.
    pub broke: Vec<String>,
    /// Promises that should have broken, and held.
    pub held: Vec<String>,
    /// Promises that should hold, of which their judges cannot tell.
    pub untold: Vec<String>,
    /// The run ended before its time.
    pub halted: bool,
}

impl Result {
    /// Everything came as expected.
    pub fn is_met(&self) -> bool {
        self.broke.is_empty() && self.held.is_empty() && !self.halted
    }
}

/// Runs to the end and compares.
pub fn finish(run: &mut dyn Run) -> Result {
    let until = run.plan().until;
    run.seek(until, u32::MAX);
    held_against(run, &run.plan().expect, until)
}

fn held_against(run: &dyn Run, expect: &Expect, until: Time) -> Result {
    let verdicts = run.verdicts();
    let broken = |name: &str| {
        verdicts.iter().any(|(claim, verdict)| claim.name == name && matches!(verdict, Verdict::Broken(_)))
    };
    let told = |name: &str| {
        verdicts.iter().any(|(claim, verdict)| claim.name == name && !matches!(verdict, Verdict::Unknown(_)))
    };
    Result {
        untold: expect.holds.iter().filter(|name| !told(name)).cloned().collect(),
        broke: expect.holds.iter().filter(|name| broken(name)).cloned().collect(),
        held: expect.violates.iter().filter(|name| !broken(name)).cloned().collect(),
        halted: run.halted().is_some() || run.now() < until,
    }
}

/// A tally over seeds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub runs: u32,
    /// Seeds with which a promise broke that should hold, or the run halted; with what went wrong.
    pub wrong: Vec<(u64, Result)>,
    /// Runs in which everything broke that should break.
    pub shown: u32,
    /// In how many runs the judge of a promise that should hold could not tell.
    pub untold: LiteMap<String, u32>,
}

impl Tally {
    pub fn add(&mut self, seed: u64, result: Result) {
        self.runs += 1;
        self.shown += u32::from(result.held.is_empty());
        for name in &result.untold {
            *self.untold.entry(name.clone()).or_default() += 1;
        }
        if !result.broke.is_empty() || result.halted {
            self.wrong.push((seed, result));
        }
    }

    /// Promises that should hold, and of which their judges could not tell with any seed.
    pub fn never_told(&self) -> impl Iterator<Item = &str> {
        self.untold.iter().filter(|(_, times)| **times == self.runs).map(|(name, _)| name.as_str())
    }

    /// Do the claims hold over these seeds? One that cannot be told with any of them does not.
    pub fn is_met(&self, expect: &Expect) -> bool {
        self.wrong.is_empty()
            && self.never_told().next().is_none()
            && f64::from(self.shown) >= expect.share * f64::from(self.runs)
    }
}

/// The plan under the `n`th seed of a sweep; the 0th is its own.
pub fn seeded(plan: &Plan, n: u64) -> u64 {
    if n == 0 { plan.seed } else { crate::sim::rng::mix(&[plan.seed, n]) & crate::scenario::LARGEST_SEED }
}
