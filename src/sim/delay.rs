//! How long things take: distributions of delay.

use rand::Rng;

use super::rng::{below, unit};
use super::time::Micros;

/// A distribution of durations, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    Constant(Micros),
    /// Every length in `low..=high` alike.
    Uniform {
        low: Micros,
        high: Micros,
    },
    /// Memoryless, with the given mean.
    Exponential {
        mean: Micros,
    },
    /// What networks look like on a good day: `exp(mu + sigma · N(0, 1))` µs.
    LogNormal {
        mu: f64,
        sigma: f64,
    },
    /// A heavy tail: `P(delay > x) = (least / x)^alpha`.
    Pareto {
        least: f64,
        alpha: f64,
    },
    /// A body and a tail: the part `share` of all is exponential with this mean, the rest is Pareto. What Bailis et
    /// al. fitted to the latencies of production systems ("Probabilistically Bounded Staleness for Practical Partial
    /// Quorums", VLDB 2012, table 3).
    Mixture {
        least: f64,
        alpha: f64,
        mean: Micros,
        share: f64,
    },
}

/// The standard normal's 99th percentile.
const Z99: f64 = 2.326_347_874_040_841;

/// No single delay is longer than this: ten minutes.
pub const LONGEST: Micros = Micros(600_000_000);

impl Delay {
    /// The log-normal distribution with this median and 99th percentile (`p99 ≥ median > 0`).
    pub fn log_normal(median: Micros, p99: Micros) -> Delay {
        let median = median.0.max(1) as f64;
        let mu = libm::log(median);
        Delay::LogNormal { mu, sigma: (libm::log((p99.0 as f64).max(median)) - mu) / Z99 }
    }

    /// The Pareto distribution with this median and 99th percentile (`p99 > median > 0`).
    pub fn pareto(median: Micros, p99: Micros) -> Delay {
        // (least/median)^alpha = 0.5 and (least/p99)^alpha = 0.01, hence alpha = ln 50 / ln (p99/median).
        let ratio = (p99.0 as f64 / median.0.max(1) as f64).max(1.000_001);
        let alpha = libm::log(50.0) / libm::log(ratio);
        let least = median.0 as f64 * libm::pow(0.5, 1.0 / alpha);
        Delay::Pareto { least, alpha }
    }

    /// Draws one duration.
    #[inline]
    pub fn draw(&self, chance: &mut impl Rng) -> Micros {
        match *self {
            Delay::Constant(length) => length,
            Delay::Uniform { low, high } => {
                Micros(low.0 + below(chance.next_u64(), high.0.saturating_sub(low.0) + 1))
            }
            Delay::Exponential { mean } => capped(-libm::log(open_unit(chance)) * mean.0 as f64),
            Delay::LogNormal { mu, sigma } => capped(libm::exp(mu + sigma * standard_normal(chance))),
            Delay::Pareto { least, alpha } => capped(least * libm::pow(open_unit(chance), -1.0 / alpha)),
            Delay::Mixture { least, alpha, mean, share } => {
                let exponential = unit(chance.next_u64()) < share;
                let part =
                    if exponential { Delay::Exponential { mean } } else { Delay::Pareto { least, alpha } };
                part.draw(chance)
            }
        }
    }

    /// The length that half of all draws stay below.
    pub fn median(&self) -> Micros {
        self.quantile(0.5, 0.0)
    }

    /// The length that 99 of 100 draws stay below.
    pub fn p99(&self) -> Micros {
        self.quantile(0.99, Z99)
    }

    /// The length that the part `p` of all draws stays below; `z` is the standard normal's quantile of `p`.
    fn quantile(&self, p: f64, z: f64) -> Micros {
        match *self {
            Delay::Constant(length) => length,
            Delay::Uniform { low, high } => Micros(low.0 + ((high.0 - low.0) as f64 * p) as u64),
            Delay::Exponential { mean } => rounded(mean.0 as f64 * -libm::log(1.0 - p)),
            Delay::LogNormal { mu, sigma } => rounded(libm::exp(mu + sigma * z)),
            Delay::Pareto { least, alpha } => rounded(least * libm::pow(1.0 - p, -1.0 / alpha)),
            Delay::Mixture { .. } => self.least_below(p),
        }
    }

    /// The part of all draws that are longer than this, as far as it is known in closed form: of a mixture.
    fn longer_than(&self, us: f64) -> f64 {
        let Delay::Mixture { least, alpha, mean, share } = *self else { return 0.0 };
        let pareto = if us <= least { 1.0 } else { libm::pow(least / us, alpha) };
        share * libm::exp(-us / mean.0.max(1) as f64) + (1.0 - share) * pareto
    }

    /// The quantile of a mixture, between lengths of which one is too short and one long enough.
    fn least_below(&self, p: f64) -> Micros {
        let (mut short, mut long) = (0, LONGEST.0);
        while short + 1 < long {
            let middle = short.midpoint(long);
            if self.longer_than(middle as f64) > 1.0 - p { short = middle } else { long = middle }
        }
        Micros(long)
    }

    /// The same shape, `ratio` times as long.
    pub fn scaled(&self, ratio: f64) -> Delay {
        match *self {
            Delay::Constant(length) => Delay::Constant(length.scaled(ratio)),
            Delay::Uniform { low, high } => {
                Delay::Uniform { low: low.scaled(ratio), high: high.scaled(ratio) }
            }
            Delay::Exponential { mean } => Delay::Exponential { mean: mean.scaled(ratio) },
            Delay::LogNormal { mu, sigma } => Delay::LogNormal { mu: mu + libm::log(ratio.max(1e-9)), sigma },
            Delay::Pareto { least, alpha } => Delay::Pareto { least: least * ratio, alpha },
            Delay::Mixture { least, alpha, mean, share } => {
                Delay::Mixture { least: least * ratio, alpha, mean: mean.scaled(ratio), share }
            }
        }
    }
}

/// A number in `(0, 1]`, safe for a logarithm.
fn open_unit(chance: &mut impl Rng) -> f64 {
    1.0 - unit(chance.next_u64())
}

/// Box and Muller's transform, one of the pair.
fn standard_normal(chance: &mut impl Rng) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(open_unit(chance)));
    radius * libm::cos(std::f64::consts::TAU * unit(chance.next_u64()))
}

fn rounded(us: f64) -> Micros {
    capped(libm::round(us))
}

fn capped(us: f64) -> Micros {
    Micros((us as u64).min(LONGEST.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::Dice;

    fn percentiles(delay: Delay) -> (u64, u64) {
        let mut dice = Dice::named(1, "delay", 0);
        let mut drawn: Vec<u64> = (0..100_000).map(|_| delay.draw(dice.source()).0).collect();
        drawn.sort_unstable();
        (drawn[50_000], drawn[99_000])
    }

    fn near(drawn: u64, wanted: u64) {
        assert!(drawn.abs_diff(wanted) * 20 < wanted, "{drawn} is not within 5 % of {wanted}");
    }

    #[test]
    fn draws_have_the_median_and_p99_asked_for() {
        let (median, p99) = (Micros(8_000), Micros(40_000));
        for delay in [Delay::log_normal(median, p99), Delay::pareto(median, p99)] {
            let drawn = percentiles(delay);
            near(drawn.0, 8_000);
            near(drawn.1, 40_000);
            near(delay.median().0, 8_000);
        }
        let drawn = percentiles(Delay::Exponential { mean: Micros(10_000) });
        near(drawn.0, 6_931);
        near(drawn.1, 46_052);
        let mixture = Delay::Mixture { least: 1_050.0, alpha: 1.51, mean: Micros(5_464), share: 0.62 };
        let drawn = percentiles(mixture);
        near(drawn.0, mixture.median().0);
        near(drawn.1, mixture.p99().0);
        assert_eq!(percentiles(Delay::Constant(Micros(5))), (5, 5));
    }

    #[test]
    fn a_uniform_delay_takes_both_bounds() {
        let mut dice = Dice::named(2, "delay", 0);
        let delay = Delay::Uniform { low: Micros(3), high: Micros(5) };
        let mut seen = [0; 3];
        for _ in 0..3_000 {
            seen[delay.draw(dice.source()).0 as usize - 3] += 1;
        }
        assert!(seen.iter().all(|n| *n > 800), "{seen:?}");
    }
}
