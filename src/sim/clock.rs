//! A node's own clock: offset, drift and jumps.

use super::time::{LocalTime, Micros, Time};

/// A clock that runs at a rate of its own: `local = shown + (true − since) · (1 + drift)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    since: Time,
    shown: LocalTime,
    drift_ppm: i32,
}

/// The bounds of drift: half and one and a half times true speed.
pub const MAX_DRIFT_PPM: i32 = 500_000;

const MILLION: i128 = 1_000_000;

impl Clock {
    /// A clock that shows `offset` (µs, may be negative) at the start and gains `drift_ppm` µs a second.
    pub fn new(offset: i64, drift_ppm: i32) -> Clock {
        let drift_ppm = drift_ppm.clamp(-MAX_DRIFT_PPM, MAX_DRIFT_PPM);
        Clock { since: Time::ZERO, shown: LocalTime(offset), drift_ppm }
    }

    /// What the clock shows at true time `now`.
    #[inline]
    pub fn read(&self, now: Time) -> LocalTime {
        let passed = now.since(self.since).0;
        if self.drift_ppm == 0 {
            return LocalTime(self.shown.0.saturating_add_unsigned(passed));
        }
        let run = i128::from(passed) * (MILLION + i128::from(self.drift_ppm)) / MILLION;
        LocalTime(self.shown.0 + run as i64)
    }

    /// The first true time, not before `now`, at which the clock shows `local` or later.
    #[inline]
    pub fn when(&self, local: LocalTime, now: Time) -> Time {
        let ahead = local.0.saturating_sub(self.shown.0);
        let passed = if self.drift_ppm == 0 || ahead <= 0 {
            ahead.max(0) as u64
        } else {
            let rate = MILLION + i128::from(self.drift_ppm);
            ((i128::from(ahead) * MILLION + rate - 1) / rate) as u64
        };
        (self.since + Micros(passed)).max(now)
    }

    /// Moves the hands by `by` µs.
    pub fn jump(&mut self, now: Time, by: i64) {
        self.shown = LocalTime(self.read(now).0.saturating_add(by));
        self.since = now;
    }

    /// Runs at another rate from now on; the hands do not move.
    pub fn set_drift(&mut self, now: Time, ppm: i32) {
        self.jump(now, 0);
        self.drift_ppm = ppm.clamp(-MAX_DRIFT_PPM, MAX_DRIFT_PPM);
    }

    pub fn drift_ppm(&self) -> i32 {
        self.drift_ppm
    }

    /// How far the clock is ahead of true time, in µs (negative: behind).
    pub fn offset(&self, now: Time) -> i64 {
        self.read(now).0 - now.0 as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn when_is_the_inverse_of_read(
            offset in -10_000_000i64..10_000_000, ppm in -500_000i32..500_000,
            jump in -5_000_000i64..5_000_000, ahead in 0i64..60_000_000, now in 0u64..60_000_000,
        ) {
            let mut clock = Clock::new(offset, ppm);
            clock.jump(Time(now), jump);
            let local = LocalTime(clock.read(Time(now)).0 + ahead);
            let at = clock.when(local, Time(now));
            prop_assert!(clock.read(at) >= local);
            prop_assert!(at == Time(now) || clock.read(Time(at.0 - 1)) < local);
        }
    }
}
