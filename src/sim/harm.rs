//! Faults, as the world carries them out.

use super::envelope::Flight;
use super::fault::{Fault, Links};
use super::node::NodeId;
use super::processor::Job;
use super::queue::Slot;
use super::trace::{EventId, Loss, Trace, What};
use super::world::{Due, Happened, World};

/// What a fault leaves for the cluster to do.
#[derive(Debug, Default)]
pub(super) struct Aftermath {
    /// Letters that will never be read.
    pub lost: Vec<u32>,
    /// Letters that will be read once more than thought.
    pub copied: Vec<u32>,
}

impl World {
    /// Carries a fault out, except for what happens inside a node's process and on its disk.
    pub(super) fn apply(&mut self, trace: &mut Trace, fault: &Fault, cause: EventId) -> Aftermath {
        let mut after = Aftermath::default();
        if let Some(message) = fault.message() {
            if let Some((slot, _)) = self.find(message) {
                self.handle(trace, slot, fault, cause, &mut after);
            }
            return after;
        }
        match fault {
            Fault::Crash(node) => self.crash(trace, *node, cause, &mut after),
            Fault::Restart(node) => self.start(*node),
            Fault::Pause(node) => self.pause(trace, *node, cause),
            Fault::Resume(node) => self.resume(trace, *node, cause),
            Fault::Slow { node, times } => self.nodes[node.index()].slow = times.clamp(0.0, 1e6),
            Fault::Jump { node, by } => {
                self.nodes[node.index()].clock.jump(self.now, *by);
                self.reset_alarms(*node);
            }
            Fault::Drift { node, ppm } => {
                self.nodes[node.index()].clock.set_drift(self.now, *ppm);
                self.reset_alarms(*node);
            }
            Fault::Disk { node, sync } => self.nodes[node.index()].machine.sync = *sync,
            Fault::Fire(node) => self.fire_next(*node, cause),
            Fault::Cut(links) => self.cut(trace, links, cause, &mut after),
            Fault::Hold(links) => self.hold(links),
            Fault::Heal(links) => self.heal(trace, links, cause),
            Fault::Weather { links, change } => self.network.change(links, change),
            // The rest concerns one message.
            _ => {}
        }
        after
    }

    /// Does something to one message that can still be touched.
    fn handle(
        &mut self,
        trace: &mut Trace,
        slot: Slot,
        fault: &Fault,
        cause: EventId,
        after: &mut Aftermath,
    ) {
        match fault {
            Fault::Drop(_) => after.lose(self.strike(trace, slot, Loss::Dropped, cause)),
            Fault::Duplicate(_) => after.copied.extend(self.duplicate(trace, slot, cause)),
            Fault::Delay { by, .. } => self.delay(slot, *by),
            Fault::Keep(_) => self.hold_one(trace, slot, cause),
            Fault::Release(_) => self.release(trace, slot, cause),
            Fault::Deliver(_) => self.hasten(trace, slot, cause),
            _ => {}
        }
    }

    fn crash(&mut self, trace: &mut Trace, node: NodeId, cause: EventId, after: &mut Aftermath) {
        self.departures.withdraw(node);
        for job in self.nodes[node.index()].die(self.now) {
            let Job::Message(slot) = job else { continue };
            if let Some(Due::Message(envelope)) = self.queue.take(slot) {
                after.lose(Some(self.lose(trace, &envelope, Loss::Down, 1000, cause)));
            }
        }
    }

    /// Marks a node as up; the cluster starts its process.
    pub(super) fn start(&mut self, node: NodeId) {
        let processor = &mut self.nodes[node.index()];
        processor.up = true;
        processor.since = self.now;
    }

    fn pause(&mut self, trace: &mut Trace, node: NodeId, cause: EventId) {
        let processor = &mut self.nodes[node.index()];
        if processor.up && !processor.paused {
            processor.paused = true;
            processor.since = self.now;
            self.departures.withdraw(node);
            self.record(trace, node, cause, What::Paused);
        }
    }

    fn resume(&mut self, trace: &mut Trace, node: NodeId, cause: EventId) {
        let processor = &mut self.nodes[node.index()];
        if !processor.paused {
            return;
        }
        processor.paused = false;
        let stopped = processor.since;
        let stood = self.now - stopped;
        processor.since = self.now;
        if processor.busy_until > stopped {
            processor.busy_until += stood;
        }
        if processor.leaving {
            self.departures.add(processor.busy_until, node);
        }
        self.record(trace, node, cause, What::Resumed);
        self.offer_turn(node);
    }

    /// Cuts links; what is on its way there dies where it is.
    fn cut(&mut self, trace: &mut Trace, links: &Links, cause: EventId, after: &mut Aftermath) {
        let cut = self.network.cut(links);
        for slot in self.on_links(&cut, |flight| flight == Flight::Flying) {
            after.lose(self.strike(trace, slot, Loss::Cut, cause));
        }
    }

    /// Holds links; what is on its way there arrives, what is sent from now on waits.
    fn hold(&mut self, links: &Links) {
        self.network.hold(links);
    }

    fn heal(&mut self, trace: &mut Trace, links: &Links, cause: EventId) {
        self.network.heal(links);
        let directed = links.directed(self.network.places());
        for slot in self.on_links(&directed, |flight| matches!(flight, Flight::Held { .. })) {
            self.release(trace, slot, cause);
        }
    }

    /// The messages on these links (in order) in such a state of flight, oldest first.
    fn on_links(&self, links: &[(NodeId, NodeId)], such: fn(Flight) -> bool) -> Vec<Slot> {
        let mut found: Vec<u64> = self
            .queue
            .iter()
            .filter_map(|(slot, due)| match due {
                Due::Message(envelope)
                    if such(envelope.flight)
                        && links.binary_search(&(envelope.from, envelope.to)).is_ok() =>
                {
                    Some(u64::from(envelope.message.0) << 32 | u64::from(slot.0))
                }
                _ => None,
            })
            .collect();
        found.sort_unstable();
        found.into_iter().map(|found| Slot(found as u32)).collect()
    }
}

impl Aftermath {
    fn lose(&mut self, happened: Option<Happened>) {
        if let Some(Happened::Lost { letter }) = happened {
            self.lost.push(letter);
        }
    }
}
