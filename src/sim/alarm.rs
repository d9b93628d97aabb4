//! Alarms: timers that run on a node's own clock, cost nothing to move, and little to cancel.

use super::node::NodeId;
use super::processor::Job;
use super::time::{Micros, Time};
use super::trace::{EventId, Trace, What};
use super::world::{Due, Happened, World};

impl World {
    /// Sets (or moves) an alarm: it goes off when the node's clock has gained `after`.
    #[inline]
    pub(super) fn set_timer(&mut self, node: NodeId, timer: usize, after: Micros, cause: EventId) {
        let ticket = self.queue.ticket();
        let processor = &mut self.nodes[node.index()];
        if timer >= processor.timers.len() {
            processor.timers.resize_with(timer + 1, Default::default);
        }
        let local = processor.clock.read(self.now) + after;
        let due = processor.clock.when(local, self.now);
        let slot = &mut processor.timers[timer];
        slot.armed = true;
        slot.set_at = self.now;
        slot.local = local;
        slot.due = due;
        slot.ticket = ticket;
        slot.cause = cause;
        if slot.queued.is_none_or(|queued| due < queued) {
            self.enqueue(node, timer);
        }
    }

    pub(super) fn cancel_timer(&mut self, node: NodeId, timer: usize) {
        if let Some(slot) = self.nodes[node.index()].timers.get_mut(timer) {
            slot.armed = false;
        }
    }

    /// Puts the alarm into the queue anew; an entry of an earlier generation finds itself void.
    fn enqueue(&mut self, node: NodeId, timer: usize) {
        let slot = &mut self.nodes[node.index()].timers[timer];
        slot.generation = slot.generation.wrapping_add(1);
        slot.queued = Some(slot.due);
        let due = Due::Timer { node, timer: timer as u32, generation: slot.generation };
        let (at, ticket) = (slot.due, slot.ticket);
        let place = self.queue.keep(due);
        self.queue.schedule(at, ticket, place);
    }

    /// A queue entry of an alarm came up: it rings, was moved to later, or is void.
    #[inline]
    pub(super) fn ring(&mut self, trace: &mut Trace, node: NodeId, timer: u32, generation: u32) -> Happened {
        let processor = &mut self.nodes[node.index()];
        let slot = &mut processor.timers[timer as usize];
        if slot.generation != generation {
            return Happened::Nothing;
        }
        slot.queued = None;
        if !slot.armed {
            return Happened::Nothing;
        }
        if slot.due > self.now {
            self.enqueue(node, timer as usize);
            return Happened::Nothing;
        }
        if processor.is_free(self.now) {
            return self.fire(trace, node, timer, generation);
        }
        self.wait(node, Job::Timer { timer, generation })
    }

    /// The node hears the alarm, unless it was moved or cancelled while it waited to be heard.
    pub(super) fn fire(&mut self, trace: &mut Trace, node: NodeId, timer: u32, generation: u32) -> Happened {
        let slot = &mut self.nodes[node.index()].timers[timer as usize];
        if !slot.armed || slot.generation != generation || slot.due > self.now {
            return Happened::Nothing;
        }
        slot.armed = false;
        let cause = slot.cause;
        let event = self.record(trace, node, cause, What::TimerFired);
        Happened::Timer { node, timer, event }
    }

    /// After the clock of a node changed: every alarm is due when the clock will show its time.
    pub(super) fn reset_alarms(&mut self, node: NodeId) {
        for timer in 0..self.nodes[node.index()].timers.len() {
            let processor = &mut self.nodes[node.index()];
            let slot = &mut processor.timers[timer];
            slot.due = processor.clock.when(slot.local, self.now);
            let late = slot.queued.is_none_or(|queued| slot.due < queued);
            if slot.armed && late {
                self.enqueue(node, timer);
            }
        }
    }

    /// Makes the earliest alarm of a node go off now.
    pub(super) fn fire_next(&mut self, node: NodeId, cause: EventId) {
        let timers = &self.nodes[node.index()].timers;
        let armed = timers.iter().enumerate().filter(|(_, slot)| slot.armed);
        let Some((timer, _)) = armed.min_by_key(|(_, slot)| (slot.due, slot.ticket)) else { return };
        let ticket = self.queue.ticket();
        let now: Time = self.now;
        let slot = &mut self.nodes[node.index()].timers[timer];
        slot.due = now;
        slot.ticket = ticket;
        slot.cause = cause;
        self.enqueue(node, timer);
    }
}
