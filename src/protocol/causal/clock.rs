//! How many updates of each node: vector clocks (Fidge 1988, Mattern 1989), and sets of updates that have holes.

use std::fmt;

use crate::sim::{NodeId, Token};

/// One update, named by the node that took it and a number: the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    pub by: NodeId,
    pub number: u64,
}

/// The first so many updates of each node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Clock(Vec<u64>);

/// Updates that are here, also without their predecessors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    upto: Clock,
    /// Those after a hole.
    beyond: Vec<Dot>,
}

impl Clock {
    pub fn get(&self, node: NodeId) -> u64 {
        self.0.get(node.index()).copied().unwrap_or(0)
    }

    /// Now counts so many updates of a node.
    pub fn set(&mut self, node: NodeId, count: u64) {
        if self.0.len() <= node.index() {
            self.0.resize(node.index() + 1, 0);
        }
        self.0[node.index()] = count;
    }

    /// What both cover.
    pub fn common(&self, other: &Clock) -> Clock {
        Clock(self.0.iter().zip(&other.0).map(|(mine, theirs)| *mine.min(theirs)).collect())
    }

    /// The last update of each node that it covers.
    pub fn dots(&self) -> impl Iterator<Item = Dot> {
        let dot = |(node, count): (u16, &u64)| Dot { by: NodeId(node), number: *count };
        (0..).zip(&self.0).map(dot).filter(|dot| dot.number > 0)
    }

    /// As clients carry it.
    pub fn token(&self) -> Token {
        Token::of(self.0.iter().copied())
    }
}

impl From<&Token> for Clock {
    fn from(token: &Token) -> Clock {
        Clock(token.numbers().to_vec())
    }
}

impl Seen {
    pub fn has(&self, dot: Dot) -> bool {
        dot.number <= self.upto.get(dot.by) || self.beyond.contains(&dot)
    }

    /// Takes an update in.
    pub fn add(&mut self, dot: Dot) {
        if self.has(dot) {
            return;
        }
        self.beyond.push(dot);
        let mut next = Dot { by: dot.by, number: self.upto.get(dot.by) + 1 };
        while let Some(place) = self.beyond.iter().position(|other| *other == next) {
            self.beyond.swap_remove(place);
            self.upto.set(next.by, next.number);
            next.number += 1;
        }
    }

    /// How many updates are here.
    pub fn count(&self) -> u64 {
        self.upto.0.iter().sum::<u64>() + self.beyond.len() as u64
    }

    /// Of each node, the updates up to the first hole.
    pub fn upto(&self) -> &Clock {
        &self.upto
    }

    /// The first update that a clock covers and that is not here.
    pub fn lacks(&self, clock: &Clock) -> Option<Dot> {
        let first = |dot: Dot| Dot { number: self.upto.get(dot.by) + 1, ..dot };
        let behind = clock.dots().filter(|dot| dot.number > self.upto.get(dot.by));
        behind.map(first).next()
    }

    /// Is nothing here without its predecessors?
    pub fn is_whole(&self) -> bool {
        self.beyond.is_empty()
    }
}

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "update {} of {}", self.number, self.by)
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.dots().map(|dot| format!("{} {}", dot.by, dot.number)).collect();
        f.write_str(if words.is_empty() { "nothing" } else { "" })?;
        f.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(by: u16, number: u64) -> Dot {
        Dot { by: NodeId(by), number }
    }

    #[test]
    fn a_hole_is_closed_by_what_was_missing() {
        let mut seen = Seen::default();
        for number in [3, 1, 3] {
            seen.add(dot(2, number));
        }
        assert!(seen.has(dot(2, 3)) && !seen.has(dot(2, 2)) && !seen.is_whole());
        let mut clock = Clock::default();
        clock.set(NodeId(2), 3);
        assert_eq!(seen.lacks(&clock), Some(dot(2, 2)));
        seen.add(dot(2, 2));
        assert_eq!((seen.lacks(&clock), seen.upto(), seen.is_whole()), (None, &clock, true));
    }

    #[test]
    fn a_clock_is_a_token_and_back() {
        let mut clock = Clock::default();
        clock.set(NodeId(1), 4);
        assert_eq!(Clock::from(&clock.token()), clock);
        assert_eq!(clock.to_string(), "n2 4");
        assert_eq!(Clock::default().to_string(), "nothing");
    }

    #[test]
    fn common_is_what_both_cover() {
        let clock = |counts: &[u64]| Clock(counts.to_vec());
        assert_eq!(clock(&[3, 1, 2]).common(&clock(&[1, 5])), clock(&[1, 1]));
    }
}
