//! What a step wants done leaves its node when the work of the step is done: the departure.
//!
//! Messages, alarms, records, syncs, answers and lines of the story of one step leave together. Until then they are
//! nowhere but in the node: a crash takes them with it, a pause keeps them back for as long as it lasts, and nothing in
//! the network concerns them. Whether a message finds its link cut or held, and what the weather does to it, is decided
//! at its departure; before, it has no name by which an act could touch it, and no picture shows it.
//!
//! Departures are no entries of the queue: nearly always the newest is the latest, so a plain line of them is kept in
//! order for next to nothing. What departs at a microsecond goes before what is due at it.

use std::collections::VecDeque;

use super::node::NodeId;
use super::time::{Micros, Time};
use super::world::{Happened, World};

/// Nodes at work on something that will leave, and until when; in order of time, then of arrival.
#[derive(Clone, Debug)]
pub(super) struct Departures {
    line: VecDeque<(Time, NodeId)>,
    /// When the first leaves; [`Time::NEVER`] if none does. It is looked at before every event.
    next: Time,
}

impl Default for Departures {
    fn default() -> Self {
        Departures { line: VecDeque::new(), next: Time::NEVER }
    }
}

impl Departures {
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn next_at(&self) -> Time {
        self.next
    }

    #[inline]
    pub fn add(&mut self, at: Time, node: NodeId) {
        match self.line.back() {
            Some((last, _)) if *last > at => {
                let place = self.line.partition_point(|(other, _)| *other <= at);
                self.line.insert(place, (at, node));
            }
            _ => self.line.push_back((at, node)),
        }
        self.next = self.next.min(at);
    }

    #[inline]
    fn pop(&mut self) -> Option<(Time, NodeId)> {
        let first = self.line.pop_front();
        self.look();
        first
    }

    fn look(&mut self) {
        self.next = self.line.front().map_or(Time::NEVER, |(at, _)| *at);
    }

    /// Takes back what is to leave a node.
    pub fn withdraw(&mut self, node: NodeId) {
        self.line.retain(|(_, other)| *other != node);
        self.look();
    }
}

impl World {
    /// Keeps a node busy for `work` (times its slowness). Says whether that takes any time.
    #[inline]
    pub(super) fn occupy(&mut self, node: NodeId, work: Micros) -> bool {
        let processor = &mut self.nodes[node.index()];
        let work = if processor.slow == 1.0 { work } else { work.scaled(processor.slow) };
        processor.busy_until = self.now + work;
        if !processor.waiting.is_empty() {
            self.offer_turn(node);
        }
        work > Micros::ZERO
    }

    /// Promises [`Happened::Left`] when the work at hand of a node is done.
    #[inline]
    pub(super) fn leave_later(&mut self, node: NodeId) {
        let processor = &mut self.nodes[node.index()];
        processor.leaving = true;
        self.departures.add(processor.busy_until, node);
    }

    /// The next departure, if nothing else comes before it.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn depart(&mut self) -> Option<Happened> {
        if self.departures.next > self.queue.next_at().unwrap_or(Time::NEVER) {
            return None;
        }
        let (at, node) = self.departures.pop()?;
        self.turn_to(at);
        self.nodes[node.index()].leaving = false;
        Some(Happened::Left { node })
    }
}
