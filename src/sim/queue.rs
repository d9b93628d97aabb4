//! What is still to come: a priority queue ordered by (time, sequence).

use super::time::Time;

/// Where an entry waits; valid until it is popped or taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(pub u32);

/// A 4-ary heap of packed keys beside a slab of payloads: sifting moves 16-byte keys only, and entries that wait
/// outside the heap (held messages) keep their place in the slab.
///
/// Ties in time go to the lower sequence number, so the order never depends on the heap's shape.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    heap: Vec<Key>,
    slab: Vec<Option<T>>,
    free: Vec<u32>,
    sequence: u32,
}

/// time (64 bits) | sequence (32 bits) | slot (32 bits), compared as one number.
type Key = u128;

const ARITY: usize = 4;

fn pack(at: Time, sequence: u32, slot: Slot) -> Key {
    u128::from(at.0) << 64 | u128::from(sequence) << 32 | u128::from(slot.0)
}

fn time_of(key: Key) -> Time {
    Time((key >> 64) as u64)
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue { heap: Vec::new(), slab: Vec::new(), free: Vec::new(), sequence: 0 }
    }
}

impl<T> Queue<T> {
    /// When the next entry is due.
    #[inline]
    pub fn next_at(&self) -> Option<Time> {
        self.heap.first().map(|key| time_of(*key))
    }

    /// Takes the next sequence number: the order among entries due at the same microsecond.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn ticket(&mut self) -> u32 {
        self.sequence = self.sequence.checked_add(1).expect("a run's event budget is below 2^32");
        self.sequence
    }

    /// Adds an entry due at `at`, behind all that are due then already.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn push(&mut self, at: Time, item: T) -> Slot {
        let ticket = self.ticket();
        let slot = self.keep(item);
        self.schedule(at, ticket, slot);
        slot
    }

    /// Keeps an entry without a time; [`Queue::schedule`] gives it one.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn keep(&mut self, item: T) -> Slot {
        match self.free.pop() {
            Some(free) => {
                self.slab[free as usize] = Some(item);
                Slot(free)
            }
            None => {
                self.slab.push(Some(item));
                Slot(self.slab.len() as u32 - 1)
            }
        }
    }

    /// Makes a kept entry due.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn schedule(&mut self, at: Time, ticket: u32, slot: Slot) {
        self.heap.push(pack(at, ticket, slot));
        self.sift_up(self.heap.len() - 1);
    }

    /// Unschedules the next entry and says when it was due and where it is kept. It stays until it is taken or
    /// dropped: looking at an entry in its place is cheaper than moving it out.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn pop(&mut self) -> Option<(Time, Slot)> {
        let first = *self.heap.first()?;
        let last = self.heap.pop().expect("it has a first");
        if !self.heap.is_empty() {
            self.sift_down(last);
        }
        Some((time_of(first), Slot(first as u32)))
    }

    /// Forgets a kept entry that is not scheduled.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn forget(&mut self, slot: Slot) {
        self.slab[slot.0 as usize] = None;
        self.free.push(slot.0);
    }

    /// Removes a kept entry that is not scheduled.
    pub fn take(&mut self, slot: Slot) -> Option<T> {
        let item = self.slab.get_mut(slot.0 as usize)?.take();
        if item.is_some() {
            self.free.push(slot.0);
        }
        item
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn get(&self, slot: Slot) -> Option<&T> {
        self.slab.get(slot.0 as usize)?.as_ref()
    }

    pub fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        self.slab.get_mut(slot.0 as usize)?.as_mut()
    }

    /// Every entry kept, scheduled or not, in slot order.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.slab.iter().enumerate().filter_map(|(i, item)| Some((Slot(i as u32), item.as_ref()?)))
    }

    /// Entries with a time.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn sift_up(&mut self, mut hole: usize) {
        let key = self.heap[hole];
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.heap[parent] <= key {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = key;
    }

    /// Puts `key` where the first was: the hole sinks along the least children until `key` fits.
    #[inline]
    fn sift_down(&mut self, key: Key) {
        let heap = &mut self.heap[..];
        let mut hole = 0;
        loop {
            let first = hole * ARITY + 1;
            let least = match heap.get(first..first + ARITY) {
                Some(&[a, b, c, d]) => first + least_of_four(a, b, c, d),
                _ => match (first..heap.len()).min_by_key(|child| heap[*child]) {
                    Some(child) => child,
                    None => break,
                },
            };
            let child = heap[least];
            if child >= key {
                break;
            }
            heap[hole] = child;
            hole = least;
        }
        heap[hole] = key;
    }
}

/// Which of four keys is the least; compiles without branches, which no processor could predict.
#[inline]
fn least_of_four(a: Key, b: Key, c: Key, d: Key) -> usize {
    let (low, high) = (usize::from(b < a), 2 + usize::from(d < c));
    let (left, right) = (if b < a { b } else { a }, if d < c { d } else { c });
    if right < left { high } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pops_in_order_of_time_then_of_arrival(times in prop::collection::vec(0u64..50, 0..300)) {
            let mut queue = Queue::default();
            for (n, at) in times.iter().enumerate() {
                queue.push(Time(*at), n);
            }
            let mut expected: Vec<(u64, usize)> = times.iter().copied().zip(0..).collect();
            expected.sort();
            let mut popped = Vec::new();
            while let Some((at, slot)) = queue.pop() {
                popped.push((at.0, queue.take(slot).unwrap()));
            }
            prop_assert_eq!(popped, expected);
        }
    }

    #[test]
    fn an_entry_without_a_time_waits() {
        let mut queue = Queue::default();
        let held = queue.keep("held");
        let next = queue.push(Time(2), "next");
        assert_eq!(queue.pop(), Some((Time(2), next)));
        assert_eq!(queue.pop(), None);
        let ticket = queue.ticket();
        queue.schedule(Time(9), ticket, held);
        assert_eq!(queue.pop(), Some((Time(9), held)));
        assert_eq!(queue.take(held), Some("held"));
    }
}
