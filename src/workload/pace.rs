//! When a client asks: closed loops, in which an answer comes before the next question, and open loops, in which
//! questions come whatever became of those before (Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A
//! Cautionary Tale", NSDI 2006).

use std::fmt;

use super::arrivals::Arrivals;
use crate::sim::{Delay, Micros};

/// When a client asks for the next thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// A closed loop by the clock: every so often, but not while it waits.
    Every(Micros),
    /// A closed loop: so long after the end of the operation before.
    Think(Delay),
    /// An open loop: however many operations are under way.
    Open(Arrivals),
}

impl Pace {
    /// Does it ask although it waits?
    pub fn is_open(&self) -> bool {
        matches!(self, Pace::Open(_))
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pace::Every(every) => write!(f, "{every}"),
            Pace::Think(Delay::Constant(length)) => write!(f, "{length} after each answer"),
            Pace::Think(delay) => write!(f, "{} after each answer, in the median", delay.median()),
            Pace::Open(arrivals) => write!(f, "{arrivals}"),
        }
    }
}
