//! The copies that a node keeps, by key.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::object::Object;
use crate::protocol::crdt::Merged;
use crate::sim::{Held, Value};

/// Copies by key.
#[derive(Clone, Debug, Default)]
pub struct Table {
    objects: LiteMap<SmolStr, Object>,
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
    pub fn merge(&mut self, key: &SmolStr, object: &Object) -> Merged<Value> {
        match self.objects.get_mut(key) {
            Some(mine) => mine.merge(object),
            None => {
                self.objects.insert(key.clone(), object.clone());
                Merged { changed: true, let_go: Vec::new() }
            }
        }
    }

    /// For pictures.
    pub fn held(&self) -> Vec<Held> {
        self.iter().map(|(key, object)| object.held(key)).collect()
    }
}
