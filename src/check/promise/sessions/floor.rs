//! What must not be missed.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::super::before;
use crate::check::history::Operation;

/// For each key, what must not be missed.
pub type Floors = Rc<LiteMap<SmolStr, Floor>>;

/// A write that must not be missed, and how that is known.
#[derive(Clone, Debug)]
pub struct Floor {
    pub write: usize,
    /// The read in which its client saw that write, if it is not its own.
    pub read: Option<usize>,
    /// The later write of the same client that the replica has, and the read that found it there.
    pub through: Option<(usize, usize)>,
}

/// What a read is answered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replica {
    Server(u32),
    /// The one that this client stays with.
    Of(u32),
}

impl Replica {
    pub fn behind(read: &Operation) -> Replica {
        read.server.map_or(Replica::Of(read.client), Replica::Server)
    }
}

/// Raises a floor, if this one is surely higher: also by a later write of the same key, see [`super::Sessions`].
pub fn raise(floors: &mut Floors, record: &[Rc<Operation>], floor: Floor) {
    let key = &record[floor.write].action.key;
    let same_key = floor.through.is_some_and(|(later, _)| record[later].action.key == *key);
    let higher = |old: &Floor| {
        before(&record[old.write], &record[floor.write]) || old.write == floor.write && same_key
    };
    if floors.get(key).is_none_or(higher) {
        Rc::make_mut(floors).insert(key.clone(), floor);
    }
}
