//! The order in which a store that converges settles writes of one key: before the one that a read found come all
//! others that it knew of (Bouajjani et al. 2017, section 3.3: the conflict relation CF).

use std::collections::VecDeque;
use std::rc::Rc;

use litemap::LiteMap;

use super::Node;

/// One write is settled before another of its key, because of a read that knew of the one and found the other. What
/// the order of causes says already is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub earlier: usize,
    pub later: usize,
    pub read: usize,
}

/// Every conflict that was settled so far. A clone shares them.
#[derive(Clone, Debug, Default)]
pub struct Conflicts {
    /// The read that settled each, by the earlier and the later write.
    settled: Rc<LiteMap<(usize, usize), usize>>,
}

/// What came of settling one more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    Order,
    /// CyclicCF: each `later` comes before the next `earlier`, as one that knew of it or is it, and so on in a circle.
    Circle(Vec<Conflict>),
    /// The steps were spent.
    Spent,
}

impl Conflicts {
    /// Settles a conflict, and looks for a circle of conflicts and causes in at most `steps`.
    pub fn settle(&mut self, nodes: &[Option<Rc<Node>>], conflict: Conflict, steps: u64) -> Settled {
        let pair = (conflict.earlier, conflict.later);
        if self.settled.contains_key(&pair) {
            return Settled::Order;
        }
        Rc::make_mut(&mut self.settled).insert(pair, conflict.read);
        self.circle(nodes, conflict, steps)
    }

    /// A way from the later write to the earlier one, by conflicts and causes, breadth first.
    fn circle(&self, nodes: &[Option<Rc<Node>>], closing: Conflict, mut steps: u64) -> Settled {
        // Each conflict on the way, and the one before it.
        let mut met: LiteMap<(usize, usize), Option<(usize, usize)>> = LiteMap::new();
        let mut next = VecDeque::from([(closing.later, None)]);
        while let Some((write, by)) = next.pop_front() {
            for &(earlier, later) in self.settled.keys() {
                let Some(left) = steps.checked_sub(1) else { return Settled::Spent };
                steps = left;
                if met.contains_key(&(earlier, later)) || !is_before(nodes, write, earlier) {
                    continue;
                }
                met.insert((earlier, later), by);
                if is_before(nodes, later, closing.earlier) {
                    return Settled::Circle(self.way(&met, (earlier, later), closing));
                }
                next.push_back((later, Some((earlier, later))));
            }
        }
        Settled::Order
    }

    fn way(
        &self,
        met: &LiteMap<(usize, usize), Option<(usize, usize)>>,
        last: (usize, usize),
        closing: Conflict,
    ) -> Vec<Conflict> {
        let mut way = vec![closing];
        let mut at = Some(last);
        while let Some(pair) = at {
            let read = self.settled.get(&pair).copied().unwrap_or(closing.read);
            way.push(Conflict { earlier: pair.0, later: pair.1, read });
            at = met.get(&pair).copied().flatten();
        }
        way[1..].reverse();
        way
    }
}

/// Is one write the other, or a cause of it?
fn is_before(nodes: &[Option<Rc<Node>>], one: usize, other: usize) -> bool {
    let node = |place: usize| nodes.get(place).and_then(Option::as_ref);
    one == other || node(one).zip(node(other)).is_some_and(|(one, other)| other.past.has(one.spot))
}
