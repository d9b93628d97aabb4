//! A set in which an addition wins over a removal at the same time.

use litemap::LiteMap;

use super::Merged;
use super::dot::{Context, Dot};

/// Elements, each with the dots of the additions that were not removed, and every addition seen so far: the
/// observed-remove set (Shapiro et al. 2011, specification 15) without tombstones (Bieniusa et al., "An optimized
/// conflict-free replicated set", 2012). To remove an element is to remove the additions that were seen; one that was
/// not seen survives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrSet<T> {
    /// In order, each with one dot at least.
    entries: LiteMap<T, Vec<Dot>>,
    seen: Context,
}

impl<T: Ord + Clone> OrSet<T> {
    /// What one addition is, by a writer that has `seen` others of the element, which it replaces: a part to be merged
    /// everywhere.
    pub fn inserted(value: T, dot: Dot, mut seen: Context) -> OrSet<T> {
        seen.add(dot);
        OrSet { entries: [(value, vec![dot])].into_iter().collect(), seen }
    }

    /// What it is to take out the additions that a writer has `seen`: a part to be merged everywhere.
    pub fn removed(seen: Context) -> OrSet<T> {
        OrSet { entries: LiteMap::new(), seen }
    }

    /// The additions of an element that stand.
    pub fn dots(&self, value: &T) -> &[Dot] {
        self.entries.get(value).map_or(&[], Vec::as_slice)
    }

    /// The elements and their additions, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&T, &[Dot])> {
        self.entries.iter().map(|(value, dots)| (value, dots.as_slice()))
    }

    /// Every addition that stands or was removed.
    pub fn seen(&self) -> &Context {
        &self.seen
    }

    /// Keeps the additions that both have, and those that one has and the other has never seen.
    pub fn merge(&mut self, other: &OrSet<T>) -> Merged<T> {
        let mut let_go = Vec::new();
        for (value, dots) in &mut self.entries {
            dots.retain(|dot| {
                let stays = !other.seen.contains(*dot) || other.dots(value).contains(dot);
                let_go.extend((!stays).then(|| (*dot, value.clone())));
                stays
            });
        }
        let lost = !let_go.is_empty();
        if lost {
            self.entries.retain(|_, dots| !dots.is_empty());
        }
        for (value, dots) in &other.entries {
            for dot in dots {
                if !self.seen.contains(*dot) {
                    let mine = self.entries.entry(value.clone()).or_default();
                    mine.push(*dot);
                    mine.sort_unstable();
                } else if !self.dots(value).contains(dot) {
                    let_go.push((*dot, value.clone()));
                }
            }
        }
        let seen = self.seen.clone();
        self.seen.merge(&other.seen);
        Merged { changed: lost || self.seen != seen, let_go }
    }
}

impl<T> Default for OrSet<T> {
    fn default() -> OrSet<T> {
        OrSet { entries: LiteMap::new(), seen: Context::default() }
    }
}
