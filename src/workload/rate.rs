//! A rate that stays as it is, or goes from one value to another.

use std::fmt;

use crate::sim::Micros;

/// Operations a second: `from` at the beginning, `to` after `over` and from then on, in between on a straight line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    from: f64,
    to: f64,
    over: Micros,
}

impl Rate {
    /// Nothing ever.
    pub const NONE: Rate = Rate { from: 0.0, to: 0.0, over: Micros::ZERO };

    /// The same at every moment.
    pub fn steady(rate: f64) -> Rate {
        Rate { from: rate, to: rate, over: Micros::ZERO }
    }

    /// From one rate to another, within `over`.
    pub fn ramp(from: f64, to: f64, over: Micros) -> Rate {
        Rate { from, to, over }
    }

    /// The highest it ever is.
    pub fn peak(&self) -> f64 {
        self.from.max(self.to)
    }

    /// When so many arrivals are expected to have come; `None` if so many never will.
    pub fn when(&self, arrivals: f64) -> Option<Micros> {
        if self.peak() <= 0.0 {
            return None;
        }
        let over = self.over.0 as f64 / 1e6;
        let on_ramp = over * (self.from + self.to) / 2.0;
        let seconds = if arrivals <= on_ramp {
            // from·t + (to − from)/over · t²/2 = arrivals, in the form that loses no digits when the ramp is flat.
            let slope = (self.to - self.from) / over;
            let root = libm::sqrt((self.from * self.from + 2.0 * slope * arrivals).max(0.0));
            if arrivals > 0.0 { 2.0 * arrivals / (self.from + root) } else { 0.0 }
        } else {
            over + (arrivals - on_ramp) / self.to
        };
        // At a rate of zero that is never.
        (seconds * 1e6 <= Micros::MAX.0 as f64).then_some(Micros(libm::round(seconds * 1e6) as u64))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.over {
            Micros::ZERO => write!(f, "{} a second", self.to),
            over => write!(f, "{} to {} a second within {over}", self.from, self.to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_come_when_the_rate_says() {
        let up = Rate::ramp(0.0, 100.0, Micros::from_secs(10));
        assert_eq!(up.when(0.0), Some(Micros::ZERO));
        assert_eq!(up.when(500.0), Some(Micros::from_secs(10)));
        assert_eq!(up.when(600.0), Some(Micros::from_secs(11)));
        assert_eq!(up.when(125.0), Some(Micros::from_secs(5)));
        let down = Rate::ramp(100.0, 0.0, Micros::from_secs(10));
        assert_eq!(down.when(375.0), Some(Micros::from_secs(5)));
        assert_eq!(down.when(501.0), None);
        assert_eq!(Rate::NONE.when(1.0), None);
        assert_eq!(Rate::steady(4.0).when(1.0), Some(Micros(250_000)));
        assert_eq!(Rate::steady(4.0).when(0.0), Some(Micros::ZERO));
    }
}
