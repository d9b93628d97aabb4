//! Zipf's law: the nth of a list as often as 1/n, or another power of n, says.

use crate::sim::Dice;

/// Draws by rejection and inversion: no table, and hardly more than one try a draw (Hörmann and Derflinger,
/// "Rejection-Inversion to Generate Variates from Monotone Discrete Distributions", 1996).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipf {
    count: u32,
    exponent: f64,
    /// The hat's integral below the first and up to the last.
    low: f64,
    high: f64,
    /// Nearer to a whole number than this nothing has to be rejected.
    sure: f64,
}

impl Zipf {
    /// Of 1 to `count`, the nth with a weight of n to the power of −`exponent`.
    pub fn new(count: u32, exponent: f64) -> Zipf {
        let mut zipf = Zipf { count, exponent, low: 0.0, high: 0.0, sure: 0.0 };
        zipf.low = zipf.integral(1.5) - 1.0;
        zipf.high = zipf.integral(f64::from(count) + 0.5);
        zipf.sure = 2.0 - zipf.inverse(zipf.integral(2.5) - zipf.weight(2.0));
        zipf
    }

    /// One of 1 to `count`.
    pub fn draw(&self, dice: &mut Dice) -> u32 {
        loop {
            let area = self.high + dice.unit() * (self.low - self.high);
            let x = self.inverse(area);
            let nearest = libm::round(x).clamp(1.0, self.count.into());
            if nearest - x <= self.sure || area >= self.integral(nearest + 0.5) - self.weight(nearest) {
                return nearest as u32;
            }
        }
    }

    fn weight(&self, x: f64) -> f64 {
        libm::pow(x, -self.exponent)
    }

    /// The integral of the weight from 1 to x: (x^(1 − s) − 1) / (1 − s), which is ln x where s is 1.
    fn integral(&self, x: f64) -> f64 {
        let log = libm::log(x);
        let power = (1.0 - self.exponent) * log;
        // The quotient by its series where it would lose all its digits.
        let quotient = if power.abs() < 1e-8 { 1.0 + power / 2.0 } else { libm::expm1(power) / power };
        quotient * log
    }

    fn inverse(&self, area: f64) -> f64 {
        let power = (area * (1.0 - self.exponent)).max(-1.0);
        let quotient = if power.abs() < 1e-8 { 1.0 - power / 2.0 } else { libm::log1p(power) / power };
        libm::exp(quotient * area)
    }
}
