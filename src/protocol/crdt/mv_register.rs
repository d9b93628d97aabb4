//! A register that keeps every value that no writer overwrote who had seen it.

use litemap::LiteMap;

use super::Merged;
use super::dot::{Context, Dot};

/// The values of all writes that no other write had seen, by their dots, and every write seen so far (Shapiro et al. 2011,
/// specification 10, with dots in place of whole vectors: Almeida et al. 2018, section 7). Several values are siblings:
/// a client that reads them all and writes settles them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MvRegister<T> {
    versions: LiteMap<Dot, T>,
    seen: Context,
}

impl<T: Clone> MvRegister<T> {
    /// What one write is, by a writer that has `seen` others: a part to be merged everywhere.
    pub fn written(dot: Dot, value: T, mut seen: Context) -> MvRegister<T> {
        seen.add(dot);
        MvRegister { versions: [(dot, value)].into_iter().collect(), seen }
    }

    /// The values that stand, in the order of their dots.
    pub fn versions(&self) -> impl Iterator<Item = (Dot, &T)> {
        self.versions.iter().map(|(dot, value)| (*dot, value))
    }

    /// Every write that stands or was overwritten.
    pub fn seen(&self) -> &Context {
        &self.seen
    }

    /// Keeps what both have, and what one has and the other has never seen.
    pub fn merge(&mut self, other: &MvRegister<T>) -> Merged<T> {
        let mut let_go = Vec::new();
        self.versions.retain(|dot, value| {
            let stays = other.versions.contains_key(dot) || !other.seen.contains(*dot);
            let_go.extend((!stays).then(|| (*dot, value.clone())));
            stays
        });
        let lost = !let_go.is_empty();
        for (dot, value) in &other.versions {
            if !self.seen.contains(*dot) {
                self.versions.insert(*dot, value.clone());
            } else if !self.versions.contains_key(dot) {
                let_go.push((*dot, value.clone()));
            }
        }
        let seen = self.seen.clone();
        self.seen.merge(&other.seen);
        Merged { changed: lost || self.seen != seen, let_go }
    }
}

impl<T> Default for MvRegister<T> {
    fn default() -> MvRegister<T> {
        MvRegister { versions: LiteMap::new(), seen: Context::default() }
    }
}
