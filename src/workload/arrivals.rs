//! Arrivals of an open loop: at a rate that may change, evenly or by chance, and in bursts.

use std::fmt;

use super::rate::Rate;
use crate::sim::{Dice, Micros};

/// How the operations of an open loop arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrivals {
    pub rate: Rate,
    pub spacing: Spacing,
    pub burst: Option<Burst>,
}

/// How arrivals lie in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spacing {
    /// A Poisson process: what many who know nothing of each other make together.
    #[default]
    Poisson,
    /// Evenly, like a metronome.
    Constant,
}

/// So many at once, again and again, besides those of the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    pub size: u32,
    pub every: Micros,
}

/// How far into its arrivals a client is: the expected number of arrivals up to the next one. It is never rounded, so
/// that a rate is kept however long a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress(f64);

impl Arrivals {
    /// The first arrival, counted from the beginning.
    pub fn first(&self, progress: &mut Progress, dice: &mut Dice) -> Option<Micros> {
        match self.spacing {
            Spacing::Constant => self.rate.when(0.0),
            Spacing::Poisson => self.next(progress, dice),
        }
    }

    /// The arrival after the one before, counted from the beginning; `None` if there will never be another. A process
    /// of rate 1, evenly spaced or Poisson, is bent into one of the wanted rate by the inverse of the expected number
    /// of arrivals (Çınlar, "Introduction to Stochastic Processes", 1975, chapter 4).
    pub fn next(&self, progress: &mut Progress, dice: &mut Dice) -> Option<Micros> {
        progress.0 += match self.spacing {
            Spacing::Constant => 1.0,
            Spacing::Poisson => -libm::log(1.0 - dice.unit()),
        };
        self.rate.when(progress.0)
    }

    /// Operations a second, bursts spread out, where they are most.
    pub fn peak(&self) -> f64 {
        let bursts =
            self.burst.map_or(0.0, |burst| f64::from(burst.size) * 1e6 / burst.every.0.max(1) as f64);
        self.rate.peak() + bursts
    }

    /// The most that can be expected within a stretch of this length.
    pub fn most_within(&self, length: Micros) -> u64 {
        let steady = libm::ceil(self.rate.peak() * length.0 as f64 / 1e6) as u64;
        let bursts =
            self.burst.map_or(0, |burst| (length.0 / burst.every.0.max(1) + 1) * u64::from(burst.size));
        steady.saturating_add(bursts)
    }
}

impl fmt::Display for Arrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spacing = match self.spacing {
            Spacing::Poisson => "by chance",
            Spacing::Constant => "evenly",
        };
        if self.rate.peak() > 0.0 {
            write!(f, "{}, {spacing}", self.rate)?;
        }
        if let Some(Burst { size, every }) = self.burst {
            let and = if self.rate.peak() > 0.0 { ", and " } else { "" };
            write!(f, "{and}{size} at once every {every}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(arrivals: Arrivals, until: u64) -> Vec<u64> {
        let (mut progress, mut dice) = (Progress::default(), Dice::named(3, "client arrivals", 0));
        let mut at = arrivals.first(&mut progress, &mut dice);
        let mut all = Vec::new();
        while let Some(Micros(now)) = at.filter(|at| at.0 < until) {
            all.push(now);
            at = arrivals.next(&mut progress, &mut dice);
        }
        all
    }

    fn steady(rate: f64, spacing: Spacing) -> Arrivals {
        Arrivals { rate: Rate::steady(rate), spacing, burst: None }
    }

    #[test]
    fn a_metronome_keeps_its_rate_for_ever() {
        // A third of a second is no whole number of microseconds.
        let all = all(steady(3.0, Spacing::Constant), 1_000_000_000);
        assert_eq!(all.len(), 3_000);
        assert_eq!(all[..4], [0, 333_333, 666_667, 1_000_000]);
        assert_eq!(all[2_997], 999_000_000);
    }

    #[test]
    fn gaps_of_a_poisson_process_are_exponential() {
        let all = all(steady(50.0, Spacing::Poisson), 1_000_000_000);
        assert!(all.len().abs_diff(50_000) < 700, "{}", all.len());
        let gaps: Vec<f64> = all.windows(2).map(|two| (two[1] - two[0]) as f64 / 20_000.0).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / gaps.len() as f64;
        assert!((mean - 1.0).abs() < 0.015 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
        let longer = gaps.iter().filter(|gap| **gap > 2.0).count() as f64 / gaps.len() as f64;
        assert!((longer - libm::exp(-2.0)).abs() < 0.005, "{longer}");
    }

    #[test]
    fn a_ramp_has_its_rate_at_every_moment() {
        for spacing in [Spacing::Constant, Spacing::Poisson] {
            let rate = Rate::ramp(100.0, 500.0, Micros::from_secs(100));
            let all = all(Arrivals { rate, spacing, burst: None }, 200_000_000);
            for (second, wanted) in [(0, 100), (25, 200), (50, 300), (75, 400), (150, 500)] {
                let stretch = second * 1_000_000..(second + 4) * 1_000_000_u64;
                let found = all.iter().filter(|at| stretch.contains(at)).count();
                assert!(found.abs_diff(wanted * 4) < 8 * 4 * 4, "{spacing:?} at {second} s: {found}");
            }
        }
    }
}
