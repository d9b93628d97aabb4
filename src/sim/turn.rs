//! The receiver's side: what a node's processor does with what arrives, and when.

use super::envelope::{Envelope, Flight};
use super::node::NodeId;
use super::processor::Job;
use super::trace::{EventId, Loss, NOWHERE, Trace, What};
use super::world::{Due, Happened, World};

/// What the receiver's side needs of an envelope.
pub(super) struct Arrival {
    from: NodeId,
    to: NodeId,
    letter: u32,
    message: EventId,
    cause: EventId,
}

impl Arrival {
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn of(envelope: &Envelope) -> Arrival {
        let Envelope { from, to, letter, message, queued, .. } = *envelope;
        let cause = if queued == EventId::NONE { message } else { queued };
        Arrival { from, to, letter, message, cause }
    }
}

impl World {
    pub(super) fn lives(&self, node: NodeId, life: u32) -> bool {
        let processor = &self.nodes[node.index()];
        processor.up && processor.life == life
    }

    /// A message is where it was sent to (or where it dies).
    pub(super) fn arrive(&mut self, trace: &mut Trace, envelope: &Envelope) -> Happened {
        match envelope.flight {
            Flight::Flying => {}
            Flight::Doomed { why, along } => return self.lose(trace, envelope, why, along, EventId::NONE),
            Flight::Held { .. } | Flight::Waiting | Flight::Gone => return Happened::Nothing,
        }
        let to = envelope.to;
        let Some(processor) = self.nodes.get(to.index()) else {
            return self.deliver(trace, Arrival::of(envelope));
        };
        if processor.is_free(self.now) {
            return self.deliver(trace, Arrival::of(envelope));
        }
        if !processor.up {
            return self.lose(trace, envelope, Loss::Down, 1000, EventId::NONE);
        }
        if processor.waiting.len() >= processor.machine.queue as usize {
            return self.lose(trace, envelope, Loss::Full, 1000, EventId::NONE);
        }
        let queued = self.record(trace, to, envelope.message, What::Queued { message: envelope.message });
        let slot = self.queue.keep(Due::Message(Envelope { flight: Flight::Waiting, queued, ..*envelope }));
        self.wait(to, Job::Message(slot))
    }

    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn deliver(&mut self, trace: &mut Trace, arrival: Arrival) -> Happened {
        self.flying -= 1;
        let Arrival { from, to, letter, message, cause } = arrival;
        let event = self.record(trace, to, cause, What::Delivered { message });
        Happened::Message { from, to, letter, event }
    }

    /// An input that finds its node occupied waits in line.
    pub(super) fn wait(&mut self, node: NodeId, job: Job) -> Happened {
        self.nodes[node.index()].waiting.push_back(job);
        self.offer_turn(node);
        Happened::Nothing
    }

    /// Schedules a turn if something waits: when the work at hand is done, unless the node stands still.
    pub(super) fn offer_turn(&mut self, node: NodeId) {
        let processor = &mut self.nodes[node.index()];
        if processor.up && !processor.paused && !processor.turn && !processor.waiting.is_empty() {
            processor.turn = true;
            let (at, life) = (processor.busy_until.max(self.now), processor.life);
            self.queue.push(at, Due::Turn { node, life });
        }
    }

    pub(super) fn turn(&mut self, trace: &mut Trace, node: NodeId) -> Happened {
        let processor = &mut self.nodes[node.index()];
        processor.turn = false;
        if !processor.can_work(self.now) {
            // It stood still in between and is not done yet, or stands still now.
            self.offer_turn(node);
            return Happened::Nothing;
        }
        let Some(job) = processor.waiting.pop_front() else { return Happened::Nothing };
        let happened = self.take_up(trace, node, job);
        if let Happened::Nothing = happened {
            self.offer_turn(node);
        }
        happened
    }

    /// The node takes an input in; [`World::occupy`] offers the next that waits its turn.
    pub(super) fn take_up(&mut self, trace: &mut Trace, node: NodeId, job: Job) -> Happened {
        match job {
            Job::Message(slot) => match self.queue.take(slot) {
                Some(Due::Message(envelope)) => self.deliver(trace, Arrival::of(&envelope)),
                _ => Happened::Nothing,
            },
            Job::Timer { timer, generation } => self.fire(trace, node, timer, generation),
            Job::Synced { through, cause } => {
                let event = self.record(trace, node, cause, What::Synced { through });
                Happened::Synced { node, through, event }
            }
        }
    }

    /// A disk has finished a sync: the node hears of it when it has time.
    pub(super) fn hear_of_sync(
        &mut self,
        trace: &mut Trace,
        node: NodeId,
        through: u64,
        cause: EventId,
    ) -> Happened {
        let job = Job::Synced { through, cause };
        if self.nodes[node.index()].is_free(self.now) {
            self.take_up(trace, node, job)
        } else {
            self.wait(node, job)
        }
    }

    /// A disk begins a sync; [`Happened::Flushed`] follows when it is over. How long that takes depends on what this
    /// node wrote and when it began, so that nothing done elsewhere changes it.
    pub(super) fn sync(&mut self, node: NodeId, through: u64, cause: EventId, seed: u64) {
        let processor = &self.nodes[node.index()];
        let mut chance = super::rng::weather(seed, node.0, NOWHERE.0, self.now.0, through as u32);
        let due = self.now + processor.machine.sync.draw(&mut chance);
        let life = processor.life;
        self.queue.push(due, Due::Synced { node, life, through, cause });
    }
}
