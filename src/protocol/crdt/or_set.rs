//! A set in which whoever adds wins over whoever removes at the same time.

use litemap::LiteMap;

use super::dot::{Context, Dot};

/// Elements, each with the dots of the additions that nobody has removed, and every addition seen so far: the
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
    /// Puts an element in; hands back the part that changed. Earlier additions of the element that are seen here are
    /// replaced by this one.
    pub fn insert(&mut self, value: T, dot: Dot) -> OrSet<T> {
        let mut seen: Context = self.dots(&value).iter().copied().collect();
        seen.add(dot);
        self.changed(OrSet { entries: [(value, vec![dot])].into_iter().collect(), seen })
    }

    /// Takes an element out, as far as its additions are seen here; hands back the part that changed.
    pub fn remove(&mut self, value: &T) -> OrSet<T> {
        let seen = self.dots(value).iter().copied().collect();
        self.changed(OrSet { entries: LiteMap::new(), seen })
    }

    fn changed(&mut self, part: OrSet<T>) -> OrSet<T> {
        self.merge(&part);
        part
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
    pub fn merge(&mut self, other: &OrSet<T>) {
        let stays = |value: &T, dot: &Dot| other.dots(value).contains(dot) || !other.seen.contains(*dot);
        let kept = std::mem::take(&mut self.entries).into_iter().filter_map(|(value, mut dots)| {
            dots.retain(|dot| stays(&value, dot));
            (!dots.is_empty()).then_some((value, dots))
        });
        self.entries = kept.collect();
        for (value, dots) in &other.entries {
            for dot in dots.iter().filter(|dot| !self.seen.contains(**dot)) {
                let mine = self.entries.entry(value.clone()).or_default();
                mine.push(*dot);
                mine.sort_unstable();
            }
        }
        self.seen.merge(&other.seen);
    }
}

impl<T> Default for OrSet<T> {
    fn default() -> OrSet<T> {
        OrSet { entries: LiteMap::new(), seen: Context::default() }
    }
}
