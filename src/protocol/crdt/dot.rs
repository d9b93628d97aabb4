//! Names of writes, and sets of those that were seen.

use std::collections::BTreeSet;
use std::fmt;

use litemap::LiteMap;

use crate::sim::{NodeId, Token};

/// One write, named by its node and its number there. Nothing else ever has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    pub node: NodeId,
    /// From 1 on.
    pub count: u64,
}

/// The writes that a client or a replica has seen, exactly: a version vector, and single dots beyond it (Preguiça et al., "Dotted Version
/// Vectors", 2010). Two that cover the same writes are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Context {
    /// Of each node everything up to this count.
    upto: LiteMap<NodeId, u64>,
    /// What comes after a gap.
    beyond: BTreeSet<Dot>,
}

impl Context {
    /// Was this write seen?
    pub fn contains(&self, dot: Dot) -> bool {
        dot.count <= self.of(dot.node) || self.beyond.contains(&dot)
    }

    /// How many writes of a node were seen without a gap.
    pub fn of(&self, node: NodeId) -> u64 {
        self.upto.get(&node).copied().unwrap_or(0)
    }

    /// Has seen one more.
    pub fn add(&mut self, dot: Dot) {
        if dot.count > self.of(dot.node) + 1 {
            self.beyond.insert(dot);
            return;
        }
        let mut next = dot;
        while next.count == self.of(dot.node) + 1 {
            self.upto.insert(next.node, next.count);
            next.count += 1;
            if !self.beyond.remove(&next) {
                return;
            }
        }
    }

    /// Has seen what the other one has seen, too.
    pub fn merge(&mut self, other: &Context) {
        for (node, count) in &other.upto {
            let mine = self.upto.entry(*node).or_default();
            *mine = (*mine).max(*count);
        }
        self.beyond.extend(&other.beyond);
        self.close_gaps();
    }

    /// Moves into the vector what no gap keeps out of it.
    fn close_gaps(&mut self) {
        for dot in std::mem::take(&mut self.beyond) {
            let upto = self.of(dot.node);
            if dot.count == upto + 1 {
                self.upto.insert(dot.node, dot.count);
            } else if dot.count > upto {
                self.beyond.insert(dot);
            }
        }
    }

    /// As a client carries it: the length of the vector, its counts by node, then node and count of each single dot.
    pub fn token(&self) -> Token {
        let length = self.upto.last().map_or(0, |(node, _)| u64::from(node.0) + 1);
        let vector = (0..length).map(|node| self.of(NodeId(node as u16)));
        let single = self.beyond.iter().flat_map(|dot| [u64::from(dot.node.0), dot.count]);
        Token::of([length].into_iter().chain(vector).chain(single))
    }

    /// What [`Context::token`] stands for.
    pub fn from_token(token: &Token) -> Context {
        let length = token.get(0) as usize;
        let count = |node: u16| Some(token.get(usize::from(node) + 1)).filter(|count| *count > 0);
        let vector = (0..length as u16).filter_map(|node| Some((NodeId(node), count(node)?)));
        let single = token.numbers().get(length + 1..).unwrap_or_default().chunks_exact(2);
        let single = single.map(|pair| Dot { node: NodeId(pair[0] as u16), count: pair[1] });
        Context { upto: vector.collect(), beyond: single.collect() }
    }

    /// The last write of each node before which nothing is missing.
    pub fn vector(&self) -> impl Iterator<Item = Dot> {
        self.upto.iter().map(|(node, count)| Dot { node: *node, count: *count })
    }

    /// How many writes were seen.
    pub fn count(&self) -> u64 {
        self.upto.values().sum::<u64>() + self.beyond.len() as u64
    }

    /// Was nothing seen without what came before it?
    pub fn is_whole(&self) -> bool {
        self.beyond.is_empty()
    }

    /// How many numbers it is made of.
    pub fn len(&self) -> usize {
        self.upto.len() + self.beyond.len()
    }

    /// Nothing was seen yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl FromIterator<Dot> for Context {
    fn from_iter<I: IntoIterator<Item = Dot>>(dots: I) -> Context {
        let mut context = Context { upto: LiteMap::new(), beyond: dots.into_iter().collect() };
        context.close_gaps();
        context
    }
}

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.node, self.count)
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> =
            self.vector().chain(self.beyond.iter().copied()).map(|dot| dot.to_string()).collect();
        f.write_str(&words.join(" "))
    }
}
