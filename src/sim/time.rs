//! Time, in whole microseconds, of two kinds that never mix: the world's and a node's own.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// True time: microseconds since the run began. Only the world reads it; a node sees [`LocalTime`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// A length of time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub u64);

/// What a node's own clock shows, in microseconds. It may be ahead, behind, or before zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(pub i64);

impl Time {
    /// The beginning of the run.
    pub const ZERO: Time = Time(0);
    /// Later than anything that happens.
    pub const NEVER: Time = Time(u64::MAX);

    /// How long ago `earlier` was; zero if it is still to come.
    pub fn since(self, earlier: Time) -> Micros {
        Micros(self.0.saturating_sub(earlier.0))
    }
}

impl Micros {
    pub const ZERO: Micros = Micros(0);
    /// The longest duration that the world accepts: 100 days, so that sums cannot overflow.
    pub const MAX: Micros = Micros(100 * 86_400 * 1_000_000);

    pub const fn from_millis(ms: u64) -> Micros {
        Micros(ms * 1_000)
    }

    pub const fn from_secs(s: u64) -> Micros {
        Micros(s * 1_000_000)
    }

    /// This length times a ratio, rounded down and capped at [`Micros::MAX`].
    pub fn scaled(self, ratio: f64) -> Micros {
        let us = self.0 as f64 * ratio;
        Micros(if us >= Micros::MAX.0 as f64 { Micros::MAX.0 } else { us as u64 })
    }
}

impl Add<Micros> for Time {
    type Output = Time;
    fn add(self, span: Micros) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Micros> for Time {
    fn add_assign(&mut self, span: Micros) {
        *self = *self + span;
    }
}

impl Add for Micros {
    type Output = Micros;
    fn add(self, more: Micros) -> Micros {
        Micros(self.0.saturating_add(more.0))
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, more: Micros) {
        *self = *self + more;
    }
}

impl Sub<Time> for Time {
    type Output = Micros;
    /// The difference; zero rather than negative.
    fn sub(self, earlier: Time) -> Micros {
        self.since(earlier)
    }
}

impl Add<Micros> for LocalTime {
    type Output = LocalTime;
    fn add(self, span: Micros) -> LocalTime {
        LocalTime(self.0.saturating_add_unsigned(span.0))
    }
}

impl Sub<LocalTime> for LocalTime {
    type Output = Micros;
    /// The difference; zero rather than negative (a clock may have jumped back).
    fn sub(self, earlier: LocalTime) -> Micros {
        Micros(self.0.saturating_sub(earlier.0).max(0) as u64)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1_000_000, self.0 / 1_000 % 1_000)
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            us @ ..1_000 => write!(f, "{us} µs"),
            us @ ..1_000_000 => decimal(f, us, 1_000, "ms"),
            us => decimal(f, us, 1_000_000, "s"),
        }
    }
}

/// Three significant decimals at most, no trailing zeros.
fn decimal(f: &mut fmt::Formatter<'_>, us: u64, unit: u64, name: &str) -> fmt::Result {
    let thousandths = us % unit * 1_000 / unit;
    let text = format!("{}.{thousandths:03}", us / unit);
    write!(f, "{} {name}", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(Time(1_204_567).to_string(), "1.204 s");
        assert_eq!(Micros(12_400).to_string(), "12.4 ms");
        assert_eq!(Micros(999).to_string(), "999 µs");
        assert_eq!(Micros(2_000_000).to_string(), "2 s");
    }

    #[test]
    fn a_clock_that_jumped_back_measures_zero() {
        assert_eq!(LocalTime(5) - LocalTime(9), Micros::ZERO);
    }
}
