//! Named streams of chance.
//!
//! Nothing draws from a common pot: a node and a nemesis each have a stream derived from the seed and their name, and
//! the fate of a message is a pure function of (seed, link, instant). An injected fault or a
//! turned knob therefore does not reshuffle the rest of the world, and two variants under one seed meet the same
//! weather.

use rand::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

use super::time::Micros;

/// Folds words into one well-mixed word (the finaliser of SplitMix64 after each).
pub fn mix(words: &[u64]) -> u64 {
    words.iter().fold(0, |mixed, word| finalise(mixed ^ finalise(*word)))
}

/// SplitMix64's output function over one step of its counter (Steele, Lea and Flood 2014).
#[inline]
pub fn finalise(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stream with a name: the dice of one node, or of a nemesis.
#[derive(Clone, Debug)]
pub struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The stream that belongs to `name` and `index` under `seed`; the same on every platform.
    pub fn named(seed: u64, name: &str, index: u64) -> Dice {
        let name = name.bytes().fold(0, |mixed, byte| finalise(mixed ^ u64::from(byte)));
        Dice(Xoshiro256PlusPlus::seed_from_u64(mix(&[seed, name, index])))
    }

    /// A whole number in `0..bound`; 0 when the bound is 0. Bounds up to 2³² have a bias below 2⁻³².
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        below(self.0.next_u64(), bound)
    }

    /// A duration in `low..=high`.
    pub fn between(&mut self, low: Micros, high: Micros) -> Micros {
        Micros(low.0 + self.below(high.0.saturating_sub(low.0) + 1))
    }

    /// A number in `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        unit(self.0.next_u64())
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the items; none of an empty slice.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// The generator itself, for crates of the rand family.
    pub fn source(&mut self) -> &mut impl Rng {
        &mut self.0
    }
}

/// The weather that one message meets: a generator made for it alone, without state to keep.
#[inline]
pub fn weather(seed: u64, from: u16, to: u16, at: u64, nth: u32) -> SplitMix64 {
    let link = u64::from(from) << 48 | u64::from(to) << 32 | u64::from(nth);
    // Odd multipliers spread both words over all bits before they meet; one finaliser then does.
    let place = link.wrapping_mul(0xd6e8_feb8_6659_fd93);
    SplitMix64::seed_from_u64(finalise(seed ^ place ^ at.wrapping_mul(0xa076_1d64_78bd_642f)))
}

/// A random word as a number in `0.0..1.0`.
#[inline]
pub fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// A random word as a whole number in `0..bound`.
#[inline]
pub fn below(word: u64, bound: u64) -> u64 {
    ((u128::from(word) * u128::from(bound)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_the_same_on_every_platform() {
        let mut dice = Dice::named(7, "node", 1);
        let drawn: Vec<u64> = (0..4).map(|_| dice.below(1_000_000)).collect();
        assert_eq!(drawn, Dice::named(7, "node", 1).draws(4));
        assert_ne!(drawn, Dice::named(7, "node", 2).draws(4));
        assert_ne!(drawn, Dice::named(7, "client", 1).draws(4));
        assert_ne!(drawn, Dice::named(8, "node", 1).draws(4));
    }

    impl Dice {
        fn draws(mut self, n: usize) -> Vec<u64> {
            (0..n).map(|_| self.below(1_000_000)).collect()
        }
    }

    #[test]
    fn neighbouring_messages_meet_unrelated_weather() {
        let draws: Vec<f64> = (0..10_000).map(|at| unit(weather(1, 0, 1, at, 0).next_u64())).collect();
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        let lag: f64 = draws.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.01, "mean {mean}");
        assert!(lag.abs() < 0.003, "correlation {lag}");
    }
}
