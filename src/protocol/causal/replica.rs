//! One copy of all data: what it has applied, and what it holds back until it may.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::clock::Clock;
use super::config::{Config, Conflicts, Order};
use super::update::Update;
use super::writes::Writes;
use crate::protocol::crdt::{Context, Dot};
use crate::sim::{Fate, Held, NodeId, OpId, Retained, Version};

/// A replica. It does not know where updates come from, nor which clients read it.
#[derive(Clone, Debug)]
pub struct Replica {
    order: Order,
    conflicts: Conflicts,
    applied: Context,
    /// What is here, applied or not.
    known: Context,
    /// What is here and may not be applied yet, in the order in which it came.
    held_back: Vec<Update>,
    /// What was written, by key.
    writes: LiteMap<SmolStr, Writes>,
    /// Lamport's clock: the latest timestamp that was given or seen.
    time: u64,
}

impl Replica {
    /// An empty one.
    pub fn new(config: &Config) -> Replica {
        Replica {
            order: config.order,
            conflicts: config.conflicts,
            applied: Context::default(),
            known: Context::default(),
            held_back: Vec::new(),
            writes: LiteMap::new(),
            time: 0,
        }
    }

    /// Takes an update in, and applies what may be applied now. Says what that was, in order. What it has already
    /// changes nothing.
    pub fn receive(&mut self, update: Update) -> Vec<Update> {
        if self.knows(update.dot) {
            return Vec::new();
        }
        self.known.add(update.dot);
        self.held_back.push(update);
        let mut done = Vec::new();
        while let Some(place) = self.held_back.iter().position(|update| self.lacks(update).is_none()) {
            let update = self.held_back.remove(place);
            self.apply(&update);
            done.push(update);
        }
        done
    }

    fn apply(&mut self, update: &Update) {
        self.applied.add(update.dot);
        self.time = self.time.max(update.time);
        self.writes.entry(update.key.clone()).or_default().add(update.clone(), self.conflicts);
    }

    /// What an update waits for, if anything.
    pub fn lacks(&self, update: &Update) -> Option<Dot> {
        match self.order {
            Order::Causal => self.misses(&update.after),
            Order::Any => None,
        }
    }

    /// The first that a clock covers and that is not applied.
    pub fn misses(&self, clock: &Clock) -> Option<Dot> {
        clock.first_beyond(&self.applied)
    }

    /// Is it here, applied or not?
    pub fn knows(&self, dot: Dot) -> bool {
        self.known.contains(dot)
    }

    /// How many updates of a node are here without a hole, applied or not.
    pub fn upto(&self, node: NodeId) -> u64 {
        self.known.of(node)
    }

    /// The write of a key that stays.
    pub fn get(&self, key: &SmolStr) -> Option<&Update> {
        self.writes.get(key).and_then(Writes::stays)
    }

    /// The write of this key that a request was taken for, applied or not.
    pub fn written_for(&self, op: OpId, key: &SmolStr) -> Option<&Update> {
        let applied = self.writes.get(key).and_then(|writes| writes.of(op));
        applied.or_else(|| self.held_back.iter().find(|update| update.op == op))
    }

    /// A timestamp later than all that were ever given or seen here.
    pub fn tick(&mut self) -> u64 {
        self.time += 1;
        self.time
    }

    pub fn time(&self) -> u64 {
        self.time
    }

    pub fn applied(&self) -> &Context {
        &self.applied
    }

    /// What is applied of each node up to the first hole.
    pub fn clock(&self) -> Clock {
        Clock::upto(&self.applied)
    }

    pub fn held_back(&self) -> &[Update] {
        &self.held_back
    }

    pub fn values(&self) -> impl Iterator<Item = (&SmolStr, &Update)> {
        self.writes.iter().filter_map(|(key, writes)| Some((key, writes.stays()?)))
    }

    /// What became of the writes that it remembers, and of all that this node took itself. Of the last write of a key, and
    /// of all that its writer had seen, it is said that they stand.
    pub fn retained(&self, own: &[Update]) -> Retained {
        let mut retained = Retained::new(self.writes.iter().all(|(_, writes)| !writes.has_forgotten()));
        let remembered = self.writes.iter().flat_map(|(_, writes)| writes.iter());
        for update in remembered.chain(own) {
            let stands = self.get(&update.key).is_some_and(|last| {
                last.op == update.op || update.dot.count <= last.clock().get(update.dot.node)
            });
            let fate = match (stands, self.applied.contains(update.dot)) {
                (true, _) => Fate::Stands,
                (false, true) => Fate::Replaced,
                (false, false) => Fate::Waits,
            };
            retained.add(update.op, fate);
        }
        self.held_back.iter().for_each(|update| retained.add(update.op, Fate::Waits));
        retained
    }

    /// Every value with its stamp, for pictures.
    pub fn held(&self) -> Vec<Held> {
        let held = |(key, update): (&SmolStr, &Update)| Held {
            key: key.clone(),
            versions: vec![Version { value: update.value.into(), stamp: update.stamp().to_string() }],
        };
        self.values().map(held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Protocol;
    use crate::protocol::causal::Causal;
    use crate::sim::{Knobs, OpId};
    use proptest::prelude::*;

    fn replica(order: Order, conflicts: Conflicts) -> Replica {
        let config = Config::read(&Knobs::defaults(Causal::KNOBS));
        Replica::new(&Config { order, conflicts, ..config })
    }

    /// The next update that a replica's own client makes, knowing all that is there.
    fn write(replica: &mut Replica, by: u16, key: &str) -> Update {
        let by = NodeId(by);
        let after = replica.clock();
        let dot = Dot { node: by, count: after.get(by) + 1 };
        let time = replica.tick();
        let value = i64::from(by.0) * 1_000 + dot.count as i64;
        let update = Update { dot, op: OpId(value as u32), key: key.into(), value, time, after };
        replica.receive(update.clone());
        update
    }

    fn written(update: &Update) -> Dot {
        update.dot
    }

    #[test]
    fn an_update_waits_for_what_it_depends_on() {
        let (order, conflicts) = (Order::Causal, Conflicts::LastWriter);
        let mut nodes: Vec<Replica> = (0..3).map(|_| replica(order, conflicts)).collect();
        let x = write(&mut nodes[0], 0, "x");
        nodes[1].receive(x.clone());
        let y = write(&mut nodes[1], 1, "y");
        assert!(nodes[2].receive(y.clone()).is_empty());
        assert_eq!(nodes[2].lacks(&y), Some(x.dot));
        assert_eq!((nodes[2].upto(NodeId(1)), nodes[2].clock().get(NodeId(1))), (1, 0));
        let done: Vec<Dot> = nodes[2].receive(x.clone()).iter().map(written).collect();
        assert_eq!(done, [x.dot, y.dot]);
        assert!(nodes[2].receive(y).is_empty() && nodes[2].held_back().is_empty());
    }

    #[test]
    fn in_any_order_nothing_waits() {
        let mut nodes: Vec<Replica> = (0..3).map(|_| replica(Order::Any, Conflicts::LastWriter)).collect();
        let x = write(&mut nodes[0], 0, "x");
        nodes[1].receive(x);
        let y = write(&mut nodes[1], 1, "y");
        assert_eq!(nodes[2].receive(y).len(), 1);
    }

    #[test]
    fn what_comes_last_is_another_one_elsewhere() {
        let meet = |conflicts| {
            let (mut one, mut other) = (replica(Order::Causal, conflicts), replica(Order::Causal, conflicts));
            let (first, second) = (write(&mut one, 0, "x"), write(&mut other, 1, "x"));
            one.receive(second);
            other.receive(first);
            one.get(&"x".into()) == other.get(&"x".into())
        };
        assert!(meet(Conflicts::LastWriter));
        assert!(!meet(Conflicts::LastToArrive));
    }

    /// One move: a node writes a key, or one of the updates under way gets to it, perhaps not for the first time.
    #[derive(Clone, Copy, Debug)]
    enum Move {
        Write { node: usize, key: usize },
        Arrive { node: usize, update: usize },
    }

    fn moves() -> impl Strategy<Value = Vec<Move>> {
        let write = (0..4_usize, 0..3_usize).prop_map(|(node, key)| Move::Write { node, key });
        let arrive = (0..4_usize, 0..64_usize).prop_map(|(node, update)| Move::Arrive { node, update });
        prop::collection::vec(prop_oneof![1 => write, 3 => arrive], 0..80)
    }

    proptest! {
        #[test]
        fn causes_come_first_and_all_end_alike(moves in moves(), any_order: bool) {
            let order = if any_order { Order::Any } else { Order::Causal };
            let mut nodes: Vec<Replica> = (0..4).map(|_| replica(order, Conflicts::LastWriter)).collect();
            let mut updates: Vec<Update> = Vec::new();
            let mut applied: Vec<Vec<Dot>> = vec![Vec::new(); 4];
            let mut late = Vec::new();
            for turn in moves {
                match turn {
                    Move::Write { node, key } => {
                        let update = write(&mut nodes[node], node as u16, ["x", "y", "z"][key]);
                        applied[node].push(update.dot);
                        updates.push(update);
                    }
                    Move::Arrive { node, update } if update < updates.len() => late.push((node, update)),
                    Move::Arrive { .. } => {}
                }
                // What is under way gets there later, the last first.
                if late.len() > 3 {
                    late.drain(..).rev().for_each(|(node, update): (usize, usize)| {
                        applied[node].extend(nodes[node].receive(updates[update].clone()).iter().map(written));
                    });
                }
            }
            for (node, replica) in nodes.iter_mut().enumerate() {
                for update in updates.iter().rev() {
                    applied[node].extend(replica.receive(update.clone()).iter().map(written));
                }
                prop_assert!(replica.held_back().is_empty());
                prop_assert_eq!(applied[node].len(), updates.len());
            }
            for order in applied.iter().filter(|_| !any_order) {
                for update in &updates {
                    let place = |dot: Dot| order.iter().position(|other| *other == dot);
                    let causes = update.after.dots().flat_map(|dot| (1..=dot.count).map(move |count| Dot { count, ..dot }));
                    for cause in causes {
                        prop_assert!(place(cause) < place(update.dot), "{} before {}", update.dot, cause);
                    }
                }
            }
            for other in &nodes[1..] {
                prop_assert!(nodes[0].values().eq(other.values()));
            }
        }
    }
}
