//! Which key of a family an operation is about.

use super::zipf::Zipf;
use crate::sim::Dice;

/// So many keys, and how they are chosen from. The first are the most popular.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keys {
    pub count: u32,
    pub popularity: Popularity,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Popularity {
    /// All alike.
    Uniform,
    /// The `n`th as often as n to the power of −exponent says.
    Zipf(Zipf),
    /// The first `hot` keys get this share of all operations, the others the rest; within both all are alike.
    Hot { hot: u32, share: f64 },
}

impl Default for Keys {
    fn default() -> Keys {
        Keys { count: 1, popularity: Popularity::Uniform }
    }
}

impl Keys {
    /// A key: 1 for the first.
    pub fn draw(&self, dice: &mut Dice) -> u32 {
        let (before, among) = match self.popularity {
            Popularity::Zipf(zipf) => return zipf.draw(dice),
            Popularity::Uniform => (0, self.count),
            Popularity::Hot { hot, share } if hot >= self.count || dice.chance(share) => (0, hot),
            Popularity::Hot { hot, .. } => (hot, self.count - hot),
        };
        1 + before + dice.below(among.into()) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u32 = 100_000;

    /// How often each key comes, as a part of all.
    fn parts(keys: Keys) -> Vec<f64> {
        let mut dice = Dice::named(1, "client asks", 0);
        let mut counts = vec![0_u32; keys.count as usize];
        (0..DRAWS).for_each(|_| counts[keys.draw(&mut dice) as usize - 1] += 1);
        counts.into_iter().map(|count| f64::from(count) / f64::from(DRAWS)).collect()
    }

    /// Four standard deviations of a count of so many draws.
    fn near(found: f64, wanted: f64) {
        let tolerance = 4.0 * libm::sqrt(wanted * (1.0 - wanted) / f64::from(DRAWS));
        assert!((found - wanted).abs() <= tolerance, "{found} instead of {wanted}");
    }

    #[test]
    fn uniform_keys_are_alike() {
        let keys = Keys { count: 20, popularity: Popularity::Uniform };
        parts(keys).into_iter().for_each(|part| near(part, 0.05));
    }

    #[test]
    fn zipf_draws_follow_the_closed_form() {
        for exponent in [0.5, 0.99, 1.0, 1.2, 3.0] {
            for count in [1, 2, 10, 1_000] {
                let popularity = Popularity::Zipf(Zipf::new(count, exponent));
                let weight = |n: u32| libm::pow(n.into(), -exponent);
                let all: f64 = (1..=count).map(weight).sum();
                for (n, part) in (1..).zip(parts(Keys { count, popularity })).take(10) {
                    near(part, weight(n) / all);
                }
            }
        }
    }

    #[test]
    fn a_hot_set_gets_its_share() {
        let parts = parts(Keys { count: 50, popularity: Popularity::Hot { hot: 5, share: 0.9 } });
        near(parts[..5].iter().sum(), 0.9);
        near(parts[0], 0.18);
        near(parts[49], 0.1 / 45.0);
        let keys = Keys { count: 3, popularity: Popularity::Hot { hot: 3, share: 0.0 } };
        assert!((0..100).all(|i| (1..=3).contains(&keys.draw(&mut Dice::named(i, "client asks", 0)))));
    }
}
