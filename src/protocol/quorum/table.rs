//! The copies that a node keeps, by key.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::object::Object;
use crate::protocol::crdt::Dot;
use crate::sim::{Held, Value};

/// Copies by key.
#[derive(Clone, Debug, Default)]
pub struct Table {
    objects: LiteMap<SmolStr, Object>,
}

/// What came of taking in another's copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The copy is another than before.
    pub changed: bool,
    /// The writes that one of the two had, and that no longer stand.
    pub let_go: Vec<(Dot, Value)>,
    /// How many siblings there were, and how many there are.
    pub siblings: (usize, usize),
    /// What the other copy brought lost against what was there.
    pub refused: bool,
}

impl Table {
    pub fn get(&self, key: &SmolStr) -> Option<&Object> {
        self.objects.get(key)
    }

    /// Every copy, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &Object)> {
        self.objects.iter()
    }

    /// Takes in another's copy.
    pub fn merge(&mut self, key: &SmolStr, object: &Object) -> Merged {
        let Some(mine) = self.objects.get_mut(key) else {
            self.objects.insert(key.clone(), object.clone());
            let siblings = (0, object.siblings());
            return Merged { changed: true, let_go: Vec::new(), siblings, refused: false };
        };
        let before = mine.clone();
        mine.merge(object);
        let (had, brought, stand) = (before.versions(), object.versions(), mine.versions());
        let stands = |version: &(Dot, Value)| stand.iter().any(|(dot, _)| *dot == version.0);
        let had_it = |version: &(Dot, Value)| had.iter().any(|(dot, _)| *dot == version.0);
        let refused = !brought.is_empty() && !brought.iter().any(stands);
        let changed = *mine != before;
        let siblings = (before.siblings(), mine.siblings());
        let new = brought.into_iter().filter(|version| !had_it(version)).collect::<Vec<_>>();
        let let_go = had.into_iter().chain(new).filter(|version| !stands(version)).collect();
        Merged { changed, let_go, siblings, refused }
    }

    /// For pictures.
    pub fn held(&self) -> Vec<Held> {
        self.iter().map(|(key, object)| object.held(key)).collect()
    }
}
