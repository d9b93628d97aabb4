//! Time from left to right: plain, or with the quiet stretches folded up.

use crate::sim::{Micros, Time};

/// A stretch of time and the stretch of the picture it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from: u64,
    to: u64,
    left: f32,
    right: f32,
    folded: bool,
}

/// Where a moment stands in the picture, and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pieces: Vec<Piece>,
}

/// The width of a fold, in pixels.
const FOLD: f32 = 30.0;
/// Shorter silence than this part of the window is left as it is.
const QUIET: u64 = 12;

impl Axis {
    /// `from..to` over `left..right`.
    pub fn plain(from: Time, to: Time, left: f32, right: f32) -> Axis {
        let to = to.max(from + Micros(1));
        Axis { pieces: vec![Piece { from: from.0, to: to.0, left, right, folded: false }] }
    }

    /// The same, with every stretch in which nothing is busy folded to a fixed width. `busy` is in order of beginning.
    pub fn folded(from: Time, to: Time, left: f32, right: f32, busy: &[(Time, Time)]) -> Axis {
        let to = to.max(from + Micros(1));
        let least = ((to.0 - from.0) / QUIET).max(1);
        let mut pieces = Vec::new();
        let mut at = from.0;
        let mut awake = from.0;
        let margin = least / 4;
        for (begin, end) in busy.iter().chain([&(to, to)]) {
            let begin = begin.0.saturating_sub(margin).clamp(from.0, to.0);
            if begin > awake + least {
                pieces.push((at, awake, false));
                pieces.push((awake, begin, true));
                at = begin;
            }
            awake = awake.max((end.0 + margin).min(to.0));
        }
        pieces.push((at, to.0, false));
        pieces.retain(|(from, to, _)| to > from);
        let folds = pieces.iter().filter(|(_, _, folded)| *folded).count() as f32;
        let waking: u64 = pieces.iter().filter(|piece| !piece.2).map(|(from, to, _)| to - from).sum();
        let fold = FOLD.min((right - left) / (folds + 2.0));
        let room = (right - left - folds * fold).max(1.0);
        let mut x = left;
        let place = |(from, to, folded): (u64, u64, bool)| {
            let width = if folded { fold } else { room * (to - from) as f32 / waking.max(1) as f32 };
            let piece = Piece { from, to, left: x, right: x + width, folded };
            x += width;
            piece
        };
        Axis { pieces: pieces.into_iter().map(place).collect() }
    }

    /// The place of a moment; beyond the ends it goes on as the ends do.
    pub fn x(&self, at: Time) -> f32 {
        let piece = self.pieces.iter().find(|piece| at.0 < piece.to).or(self.pieces.last());
        piece.map_or(0.0, |piece| {
            let part = (at.0 as f64 - piece.from as f64) / (piece.to - piece.from).max(1) as f64;
            piece.left + part as f32 * (piece.right - piece.left)
        })
    }

    /// The moment at a place, within the window.
    pub fn at(&self, x: f32) -> Time {
        let piece = self.pieces.iter().find(|piece| x < piece.right).or(self.pieces.last());
        piece.map_or(Time::ZERO, |piece| {
            let part = f64::from((x - piece.left) / (piece.right - piece.left).max(0.001)).clamp(0.0, 1.0);
            Time(piece.from + (part * (piece.to - piece.from) as f64) as u64)
        })
    }

    /// What is folded up: from, to, and where.
    pub fn folds(&self) -> impl Iterator<Item = (Time, Time, f32, f32)> {
        let folds = self.pieces.iter().filter(|piece| piece.folded);
        folds.map(|piece| (Time(piece.from), Time(piece.to), piece.left, piece.right))
    }

    /// Is the moment within a fold?
    pub fn is_folded(&self, at: Time) -> bool {
        self.pieces.iter().any(|piece| piece.folded && (piece.from..piece.to).contains(&at.0))
    }

    /// Moments to name below the picture: round numbers, at least `apart` pixels from each other.
    pub fn ticks(&self, apart: f32) -> Vec<Time> {
        let Some((first, last)) = self.pieces.first().zip(self.pieces.last()) else { return Vec::new() };
        let awake = self.pieces.iter().filter(|piece| !piece.folded);
        let (time, room) = awake.fold((0, 0.0), |(time, room), piece| {
            (time + piece.to - piece.from, room + piece.right - piece.left)
        });
        let step = round(time as f64 / f64::from((room / apart).max(1.0)));
        let mut ticks: Vec<Time> = Vec::new();
        let mut at = first.from.div_ceil(step) * step;
        while at <= last.to && ticks.len() < 200 {
            let tick = Time(at);
            let free = ticks.last().is_none_or(|before| self.x(tick) - self.x(*before) >= apart * 0.9);
            if free && !self.is_folded(tick) {
                ticks.push(tick);
            }
            at += step;
        }
        ticks
    }
}

/// The next of 1, 2, 5, 10, 20, 50 …
fn round(least: f64) -> u64 {
    let mut decade = 1.0;
    while decade * 10.0 < least {
        decade *= 10.0;
    }
    let steps = [1.0, 2.0, 5.0, 10.0];
    let step = steps.iter().map(|step| step * decade).find(|step| *step >= least);
    step.unwrap_or(decade * 10.0).max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_moment_and_back() {
        let busy =
            [(Time(10_000), Time(20_000)), (Time(15_000), Time(30_000)), (Time(800_000), Time(820_000))];
        for axis in [
            Axis::plain(Time(0), Time(1_000_000), 50.0, 950.0),
            Axis::folded(Time(0), Time(1_000_000), 50.0, 950.0, &busy),
        ] {
            let mut last = 0.0;
            for at in (0..1_000_000).step_by(1_000) {
                let x = axis.x(Time(at));
                assert!(x >= last && (50.0..=950.0).contains(&x));
                assert!(axis.at(x).0.abs_diff(at) < 30_000 || axis.is_folded(Time(at)));
                last = x;
            }
        }
    }

    #[test]
    fn silence_is_folded_and_the_rest_gets_its_room() {
        let busy = [(Time(10_000), Time(30_000)), (Time(800_000), Time(820_000))];
        let axis = Axis::folded(Time(0), Time(1_000_000), 0.0, 900.0, &busy);
        let folds: Vec<_> = axis.folds().collect();
        assert_eq!(folds.len(), 2);
        assert!(axis.is_folded(Time(500_000)) && !axis.is_folded(Time(810_000)));
        let plain = Axis::plain(Time(0), Time(1_000_000), 0.0, 900.0);
        let width = |axis: &Axis| axis.x(Time(820_000)) - axis.x(Time(800_000));
        assert!(width(&axis) > 3.0 * width(&plain));
    }

    #[test]
    fn ticks_are_round_and_apart() {
        let axis = Axis::plain(Time(1_234), Time(61_234), 0.0, 600.0);
        let ticks = axis.ticks(80.0);
        assert_eq!(
            ticks,
            [Time(10_000), Time(20_000), Time(30_000), Time(40_000), Time(50_000), Time(60_000)]
        );
    }
}
