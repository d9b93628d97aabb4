//! Asking again: how often, and after which pause (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog,
//! 2015).

use std::fmt;

use crate::sim::{Dice, Micros};

/// How a client asks again for an operation that nobody answers. It stays the same operation: a server that remembers
/// what it did carries it out once. What any server says of it is its end, except a refusal; if none says anything, it
/// ends unknown. So does a write that fails after an attempt that nobody answered: that one may still take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    pub policy: Policy,
    /// The first pause, or the shortest.
    pub base: Micros,
    /// The longest pause.
    pub cap: Micros,
    /// How often it asks in all.
    pub attempts: u32,
    /// How long it waits for an answer to one attempt.
    pub attempt: Micros,
}

/// How long the pauses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// There is one attempt.
    None,
    /// No pause.
    Immediate,
    /// `base`, always.
    Fixed,
    /// Twice as long each time.
    Exponential,
    /// Any length up to the exponential one.
    FullJitter,
    /// Half of the exponential one, and any length up to the other half.
    EqualJitter,
    /// Any length from `base` to three times the pause before.
    DecorrelatedJitter,
}

impl Policy {
    /// Every policy, with its name in scripts.
    pub const NAMES: [(Policy, &'static str); 7] = [
        (Policy::None, "none"),
        (Policy::Immediate, "immediate"),
        (Policy::Fixed, "fixed"),
        (Policy::Exponential, "exponential"),
        (Policy::FullJitter, "full jitter"),
        (Policy::EqualJitter, "equal jitter"),
        (Policy::DecorrelatedJitter, "decorrelated jitter"),
    ];
}

impl Retry {
    /// How often it may ask.
    pub fn attempts(&self) -> u32 {
        if self.policy == Policy::None { 1 } else { self.attempts }
    }

    /// The pause after so many attempts, one at least; `last` is the pause before, if there was one.
    pub fn pause(&self, attempts: u32, last: Option<Micros>, dice: &mut Dice) -> Micros {
        let doublings = attempts.saturating_sub(1).min(40);
        let exponential = Micros(self.base.0.saturating_mul(1 << doublings)).min(self.cap);
        match self.policy {
            Policy::None | Policy::Immediate => Micros::ZERO,
            Policy::Fixed => self.base.min(self.cap),
            Policy::Exponential => exponential,
            Policy::FullJitter => dice.between(Micros::ZERO, exponential),
            Policy::EqualJitter => dice.between(Micros(exponential.0 / 2), exponential),
            Policy::DecorrelatedJitter => {
                let high = Micros(last.unwrap_or(self.base).0.saturating_mul(3));
                dice.between(self.base, high).min(self.cap)
            }
        }
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            Policy::NAMES.iter().find(|(policy, _)| *policy == self.policy).map_or("", |(_, name)| name);
        match self.policy {
            Policy::None => write!(f, "never, after {}", self.attempt),
            Policy::Immediate | Policy::Fixed => {
                write!(f, "{name} {}, {} attempts of {}", self.base, self.attempts, self.attempt)
            }
            _ => write!(
                f,
                "{name} {} to {}, {} attempts of {}",
                self.base, self.cap, self.attempts, self.attempt
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry(policy: Policy) -> Retry {
        let (base, cap) = (Micros::from_millis(50), Micros::from_secs(1));
        Retry { policy, base, cap, attempts: 10, attempt: Micros::from_millis(200) }
    }

    /// The shortest, the longest and the mean of many pauses after so many attempts.
    fn pauses(policy: Policy, attempts: u32) -> (u64, u64, f64) {
        let mut dice = Dice::named(5, "client retries", 0);
        let drawn: Vec<u64> = (0..20_000).map(|_| retry(policy).pause(attempts, None, &mut dice).0).collect();
        let mean = drawn.iter().sum::<u64>() as f64 / drawn.len() as f64;
        (*drawn.iter().min().unwrap(), *drawn.iter().max().unwrap(), mean)
    }

    #[test]
    fn pauses_without_chance_are_what_they_are() {
        let pauses = |policy| [1, 2, 3, 6, 1_000].map(|n| pauses(policy, n).0 / 1_000);
        assert_eq!(pauses(Policy::Immediate), [0, 0, 0, 0, 0]);
        assert_eq!(pauses(Policy::Fixed), [50, 50, 50, 50, 50]);
        assert_eq!(pauses(Policy::Exponential), [50, 100, 200, 1_000, 1_000]);
    }

    #[test]
    fn jitter_has_its_bounds_and_its_mean() {
        for (attempts, whole) in [(1, 50_000), (3, 200_000), (9, 1_000_000)] {
            let half = whole / 2;
            for (policy, low, mean) in [(Policy::FullJitter, 0, 0.5), (Policy::EqualJitter, half, 0.75)] {
                let (least, most, found) = pauses(policy, attempts);
                assert!((low..=low + whole / 100).contains(&least), "{policy:?}: {least}");
                assert!((whole - whole / 100..=whole).contains(&most), "{policy:?}: {most}");
                assert!((found / whole as f64 - mean).abs() < 0.01, "{policy:?}: {found}");
            }
        }
        let (least, most, mean) = pauses(Policy::DecorrelatedJitter, 1);
        assert!((50_000..52_000).contains(&least) && (148_000..=150_000).contains(&most));
        assert!((mean - 100_000.0).abs() < 1_000.0, "{mean}");
    }

    #[test]
    fn decorrelated_pauses_grow_up_to_the_cap() {
        let (mut dice, mut last, mut capped) = (Dice::named(5, "client retries", 0), None, 0);
        for attempts in 1..=1_000 {
            let pause = retry(Policy::DecorrelatedJitter).pause(attempts, last, &mut dice);
            let high = last.map_or(150_000, |Micros(last)| last * 3).min(1_000_000);
            assert!((50_000..=high).contains(&pause.0));
            capped += u32::from(pause.0 == 1_000_000);
            last = Some(pause);
        }
        assert!(capped > 100, "{capped}");
    }
}
