//! The order of the writes of one key, as far as a guarantee demands it, and the circle that no order can fit.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use litemap::LiteMap;

/// Who holds a growing list of writes: each write that comes into it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// What a client knows when it reads or writes: its own writes, or those that it read.
    Client(u32),
    /// What a server holds when it answers, since its last start.
    Server { server: u32, life: u32 },
}

/// How many operations had begun or ended; an order of all that happened.
pub type Moment = u64;

/// What a holder knows: the writes of one key, by the key's number, or those of all keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct List {
    pub holder: Holder,
    pub key: Option<u32>,
}

/// The first `count` writes that came into a list. A read that must know them finds none that is older than any of
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix {
    pub list: List,
    pub count: u32,
}

/// What puts a write behind all those of a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub to: usize,
    /// The read that found it, or the write itself, if the guarantee orders writes.
    pub by: usize,
}

/// One step of a circle: `from` is older than `to`, because of an operation that a holder took part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    pub from: usize,
    pub to: usize,
    pub by: usize,
    pub holder: Holder,
    /// What told the holder of `from`.
    pub told_by: usize,
}

/// A write that a holder knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Learnt {
    pub write: usize,
    /// The operation that told: the write itself, or a read.
    pub by: usize,
    pub since: Moment,
}

/// The constraints on the writes of one key, or of all. Its size is linear in the operations: a read is one edge, however much it must know,
/// because what a holder knows is a prefix of its list.
#[derive(Clone, Debug, Default)]
pub struct WriteOrder {
    known: LiteMap<List, Known>,
    /// The prefixes that each write is the last of.
    inside: LiteMap<usize, Vec<Prefix>>,
}

/// What one holder knows.
#[derive(Clone, Debug, Default)]
struct Known {
    writes: Vec<Learnt>,
    /// What comes behind each prefix, by its length.
    after: LiteMap<u32, Vec<Edge>>,
}

/// What came of a new constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Order,
    /// No order fits: each hop's `to` is the next one's `from`, and the last leads back to the first.
    Circle(Vec<Hop>),
    /// The steps were spent.
    Spent,
}

impl WriteOrder {
    /// What was in a list before a moment.
    pub fn known(&self, list: List, before: Moment) -> Prefix {
        let known = self.known.get(&list).map_or(&[][..], |known| known.writes.as_slice());
        Prefix { list, count: known.partition_point(|learnt| learnt.since < before) as u32 }
    }

    /// The last write of a prefix.
    pub fn last(&self, prefix: Prefix) -> Option<Learnt> {
        let known = self.known.get(&prefix.list)?;
        known.writes.get((prefix.count as usize).checked_sub(1)?).copied()
    }

    /// A write comes into a list at a moment, which is not before any other at which one did.
    pub fn learn(&mut self, list: List, learnt: Learnt) {
        let writes = &mut self.known.entry(list).or_default().writes;
        if writes.last().is_none_or(|last| last.write != learnt.write) {
            writes.push(learnt);
            let count = writes.len() as u32;
            self.inside.entry(learnt.write).or_default().push(Prefix { list, count });
        }
    }

    /// Every write of the prefix but `edge.to` itself is older than `edge.to`. Looks for a circle in at most `steps`.
    pub fn demand(&mut self, prefix: Prefix, edge: Edge, steps: u64) -> Found {
        let Some(known) = self.known.get_mut(&prefix.list).filter(|_| prefix.count > 0) else {
            return Found::Order;
        };
        let edges = known.after.entry(prefix.count).or_default();
        if edges.iter().any(|known| known.to == edge.to) {
            return Found::Order;
        }
        edges.push(edge);
        self.circle(prefix, edge, steps)
    }

    fn after(&self, prefix: Prefix) -> &[Edge] {
        let known = self.known.get(&prefix.list);
        known.and_then(|known| known.after.get(&prefix.count)).map_or(&[], Vec::as_slice)
    }

    /// A way from `edge.to` by way of any other write to `prefix`, breadth first: the circle of fewest steps.
    fn circle(&self, prefix: Prefix, edge: Edge, mut steps: u64) -> Found {
        let mut search = Search { start: edge.to, seen: BTreeMap::new(), next: VecDeque::new() };
        search.meet(State { at: At::Write(edge.to), left: false }, None);
        while let Some(state) = search.next.pop_front() {
            let Some(left) = steps.checked_sub(1) else { return Found::Spent };
            steps = left;
            match state.at {
                At::Prefix(here) if here == prefix && state.left => {
                    return Found::Circle(self.hops(&search, state, edge));
                }
                At::Prefix(here) => {
                    if here.count < self.known(here.list, Moment::MAX).count {
                        search.go(state, At::Prefix(Prefix { count: here.count + 1, ..here }));
                    }
                    self.after(here).iter().for_each(|edge| search.go(state, At::Write(edge.to)));
                }
                At::Write(write) => {
                    let inside = self.inside.get(&write).map_or(&[][..], Vec::as_slice);
                    inside.iter().for_each(|prefix| search.go(state, At::Prefix(*prefix)));
                }
            }
        }
        Found::Order
    }

    /// The way that a search took, write by write, and the edge that closed it.
    fn hops(&self, search: &Search, end: State, edge: Edge) -> Vec<Hop> {
        let mut way = vec![end];
        while let Some(Some(before)) = way.last().and_then(|state| search.seen.get(state)) {
            way.push(*before);
        }
        way.reverse();
        let (mut hops, mut from, mut first, mut holding) = (Vec::new(), edge.to, None, None);
        let hop = |from, first: Option<Prefix>, edge: Edge, prefix: Prefix| {
            let told_by = first.and_then(|first| self.last(first)).map_or(from, |learnt| learnt.by);
            Hop { from, to: edge.to, by: edge.by, holder: prefix.list.holder, told_by }
        };
        for state in way {
            match (state.at, holding) {
                (At::Prefix(prefix), _) => {
                    first = first.or(Some(prefix));
                    holding = Some(prefix);
                }
                (At::Write(to), Some(prefix)) => {
                    let edge = self.after(prefix).iter().find(|edge| edge.to == to);
                    hops.extend(edge.filter(|_| from != to).map(|edge| hop(from, first, *edge, prefix)));
                    (from, first, holding) = (to, None, None);
                }
                (At::Write(to), None) => from = to,
            }
        }
        hops.extend(holding.map(|prefix| hop(from, first, edge, prefix)));
        hops
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Write(usize),
    Prefix(Prefix),
}

/// Where a search is, and whether it met another write than the one it began at. A prefix may hold that one as well,
/// which alone is no circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    at: At,
    left: bool,
}

struct Search {
    start: usize,
    /// Each state that was met, and the one before it.
    seen: BTreeMap<State, Option<State>>,
    next: VecDeque<State>,
}

impl Search {
    fn go(&mut self, from: State, at: At) {
        let left = match at {
            At::Write(write) => write != self.start,
            At::Prefix(_) => from.left,
        };
        self.meet(State { at, left }, Some(from));
    }

    fn meet(&mut self, state: State, from: Option<State>) {
        if let Entry::Vacant(place) = self.seen.entry(state) {
            place.insert(from);
            self.next.push_back(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: Holder = Holder::Client(0);

    fn of(holder: Holder) -> List {
        List { holder, key: Some(0) }
    }

    fn learnt(write: usize) -> Learnt {
        Learnt { write, by: write, since: 0 }
    }

    fn demand(order: &mut WriteOrder, holder: Holder, to: usize, by: usize) -> Found {
        order.demand(order.known(of(holder), Moment::MAX), Edge { to, by }, 1_000)
    }

    #[test]
    fn a_read_of_what_is_known_already_is_no_circle() {
        let mut order = WriteOrder::default();
        for write in [1, 2, 3] {
            order.learn(of(ANA), learnt(write));
        }
        assert_eq!(demand(&mut order, ANA, 2, 10), Found::Order, "2 is the newest of three");
        assert_eq!(
            demand(&mut order, ANA, 3, 11),
            Found::Circle(vec![
                Hop { from: 3, to: 2, by: 10, holder: ANA, told_by: 3 },
                Hop { from: 2, to: 3, by: 11, holder: ANA, told_by: 2 },
            ])
        );
    }

    #[test]
    fn two_holders_disagree() {
        let ben = Holder::Client(1);
        let mut order = WriteOrder::default();
        order.learn(of(ANA), learnt(1));
        order.learn(of(ben), learnt(2));
        assert_eq!(demand(&mut order, ANA, 2, 10), Found::Order);
        assert_eq!(
            demand(&mut order, ben, 1, 11),
            Found::Circle(vec![
                Hop { from: 1, to: 2, by: 10, holder: ANA, told_by: 1 },
                Hop { from: 2, to: 1, by: 11, holder: ben, told_by: 2 },
            ])
        );
        assert_eq!(order.known(of(ben), 0).count, 0, "not known yet");
    }

    #[test]
    fn a_search_that_is_too_long_says_so() {
        let mut order = WriteOrder::default();
        for write in 0..100 {
            order.learn(of(ANA), learnt(write));
        }
        assert_eq!(order.demand(order.known(of(ANA), 1), Edge { to: 0, by: 200 }, 10), Found::Spent);
    }
}
