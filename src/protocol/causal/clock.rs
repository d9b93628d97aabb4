//! How many updates of each node: vector clocks (Fidge 1988, Mattern 1989).

use std::fmt;

use crate::protocol::crdt::{Context, Dot};
use crate::sim::{NodeId, Token};

/// Of each node a number of updates, from its first on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Clock(Vec<u64>);

impl Clock {
    /// What was seen of each node up to the first hole.
    pub fn upto(seen: &Context) -> Clock {
        let mut clock = Clock::default();
        seen.vector().for_each(|dot| clock.set(dot.node, dot.count));
        clock
    }

    /// The first update that it covers and that was not seen.
    pub fn first_beyond(&self, seen: &Context) -> Option<Dot> {
        let dot = self.dots().find(|dot| dot.count > seen.of(dot.node))?;
        Some(Dot { count: seen.of(dot.node) + 1, ..dot })
    }

    pub fn get(&self, node: NodeId) -> u64 {
        self.0.get(node.index()).copied().unwrap_or(0)
    }

    /// Sets the number of updates of a node.
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
        let dot = |(node, count): (u16, &u64)| Dot { node: NodeId(node), count: *count };
        (0..).zip(&self.0).map(dot).filter(|dot| dot.count > 0)
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

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.dots().map(|dot| format!("{} {}", dot.node, dot.count)).collect();
        f.write_str(if words.is_empty() { "nothing" } else { "" })?;
        f.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_a_hole_is_not_covered() {
        let dot = |count| Dot { node: NodeId(2), count };
        let mut seen = Context::from_iter([dot(3), dot(1)]);
        let mut clock = Clock::default();
        clock.set(NodeId(2), 3);
        assert_eq!(clock.first_beyond(&seen), Some(dot(2)));
        seen.add(dot(2));
        assert_eq!((clock.first_beyond(&seen), Clock::upto(&seen)), (None, clock));
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
