//! Clocks that stamp writes: the wall clock of a node, or a hybrid logical clock on top of it.

use std::fmt;

use crate::protocol::crdt::Dot;
use crate::sim::{LocalTime, Time, Token};

/// What a clock shows: a time in µs, and a count of what has the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    time: u64,
    count: u64,
}

/// When a write was made, by its coordinator's clock, and which it is. The greater is the later, or counts as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    pub reading: Reading,
    pub dot: Dot,
}

/// A node's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// Heeds what others have shown (Kulkarni et al., "Logical Physical Clocks", 2014): never behind anything it has
    /// heard of.
    hybrid: bool,
    last: Reading,
}

impl Clock {
    pub fn new(hybrid: bool) -> Clock {
        Clock { hybrid, last: Reading::default() }
    }

    /// The time of something that happens here, now; with a hybrid clock later than all that it has shown and heard.
    pub fn read(&mut self, now: LocalTime) -> Reading {
        if self.hybrid {
            self.last = later_than(self.last, now);
            return self.last;
        }
        Reading { time: wall(now), count: 0 }
    }

    /// Hears of something that happened elsewhere. A wall clock does not care.
    pub fn hear(&mut self, other: Reading) {
        self.last = self.last.max(other);
    }
}

/// Later than this, and no earlier than now: the rule of figure 5 of Kulkarni et al.
pub fn later_than(other: Reading, now: LocalTime) -> Reading {
    if wall(now) > other.time {
        return Reading { time: wall(now), count: 0 };
    }
    Reading { time: other.time, count: other.count + 1 }
}

/// A clock before zero shows zero.
fn wall(now: LocalTime) -> u64 {
    now.0.max(0) as u64
}

impl Stamp {
    /// As a client carries it.
    pub fn token(&self) -> Token {
        let Stamp { reading, dot } = self;
        Token::of([reading.time, reading.count, dot.node.0.into(), dot.count])
    }
}

impl Reading {
    /// The newest of what a client has seen.
    pub fn of_token(token: &Token) -> Reading {
        Reading { time: token.get(0), count: token.get(1) }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Time(self.reading.time))?;
        if self.reading.count > 0 {
            write!(f, " + {}", self.reading.count)?;
        }
        write!(f, ", {}", self.dot.node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hybrid_clock_is_never_behind_what_it_has_heard() {
        let (mut slow, mut fast) = (Clock::new(true), Clock::new(true));
        let cause = fast.read(LocalTime(5_000));
        slow.hear(cause);
        let effect = slow.read(LocalTime(10));
        assert!(effect > cause);
        assert_eq!(effect.time, 5_000);
        assert!(slow.read(LocalTime(11)) > effect);
        assert_eq!(slow.read(LocalTime(6_000)), Reading { time: 6_000, count: 0 });
    }

    #[test]
    fn a_wall_clock_says_what_it_shows() {
        let mut clock = Clock::new(false);
        let later = clock.read(LocalTime(100));
        clock.hear(later);
        assert!(clock.read(LocalTime(50)) < later);
        assert_eq!(clock.read(LocalTime(-3)), Reading::default());
    }
}
