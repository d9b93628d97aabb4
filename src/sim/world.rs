//! The world: one clock, one queue, a network and the bodies of nodes. It sees envelopes, never letters.

use super::call::Call;
use super::departure::Departures;
use super::envelope::{Envelope, Flight};
use super::nature::{Halt, Limits, Nature};
use super::network::Network;
use super::node::NodeId;
use super::outcome::Outcome;
use super::processor::Processor;
use super::queue::{Queue, Slot};
use super::request::{Level, OpId};
use super::time::Time;
use super::trace::{Event, EventId, Fingerprint, Operation, Trace, What};
use super::turn::Arrival;

/// Something that is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    Message(Envelope),
    Timer {
        node: NodeId,
        timer: u32,
        generation: u32,
    },
    Synced {
        node: NodeId,
        life: u32,
        through: u64,
        cause: EventId,
    },
    /// A node has time for the first thing that waits.
    Turn {
        node: NodeId,
        life: u32,
    },
    /// The stage asked to be woken.
    Call {
        tag: u64,
    },
}

/// What came of one entry of the queue. The cluster takes it to the node, or drops it.
#[derive(Debug)]
pub enum Happened {
    /// A message reached a place that takes it in now.
    Message {
        from: NodeId,
        to: NodeId,
        letter: u32,
        event: EventId,
    },
    /// A letter will never be read.
    Lost {
        letter: u32,
    },
    Timer {
        node: NodeId,
        timer: u32,
        event: EventId,
    },
    /// The node takes in that records are safe.
    Synced {
        node: NodeId,
        through: u64,
        event: EventId,
    },
    /// A disk has finished a sync; `World::hear_of_sync` takes that to the node.
    Flushed {
        node: NodeId,
        through: u64,
        cause: EventId,
    },
    /// The work at hand is done: its effects leave the node.
    Left {
        node: NodeId,
    },
    /// The time that [`World::call_at`] named.
    Call {
        tag: u64,
    },
    /// Nothing that concerns anything but the world.
    Nothing,
}

/// Everything physical. A clone of it is the world at this instant, without its past.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) now: Time,
    pub(super) queue: Queue<Due>,
    pub(super) departures: Departures,
    pub(super) network: Network,
    pub(super) nodes: Vec<Processor>,
    pub(super) flying: u32,
    limits: Limits,
    halted: Option<Halt>,
    events: u32,
    at_once: u32,
    pub(super) notes: u32,
    /// The client of every operation so far.
    pub(super) ops: Vec<NodeId>,
    fingerprint: Fingerprint,
}

impl World {
    pub fn new(nature: Nature) -> World {
        let places = nature.machines.len() as u16 + nature.clients;
        World {
            now: Time::ZERO,
            queue: Queue::default(),
            departures: Departures::default(),
            network: Network::new(
                super::rng::mix(&[nature.seed, 0x006e_6574_776f_726b]),
                places,
                nature.network,
            ),
            nodes: nature.machines.into_iter().map(Processor::new).collect(),
            flying: 0,
            limits: nature.limits,
            halted: None,
            events: 0,
            at_once: 0,
            notes: 0,
            ops: Vec::new(),
            fingerprint: Fingerprint::default(),
        }
    }

    pub fn now(&self) -> Time {
        self.now
    }

    /// How many events have happened; also the id of the next one.
    pub fn events(&self) -> u32 {
        self.events
    }

    pub fn notes(&self) -> u32 {
        self.notes
    }

    /// How many operations were invoked.
    pub fn ops(&self) -> u32 {
        self.ops.len() as u32
    }

    /// Whose operation it is.
    pub fn client_of(&self, op: OpId) -> Option<NodeId> {
        self.ops.get(op.0 as usize).copied()
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    pub fn network(&self) -> &Network {
        &self.network
    }

    pub fn processor(&self, node: NodeId) -> &Processor {
        &self.nodes[node.index()]
    }

    /// How many nodes there are, clients not counted.
    pub fn size(&self) -> u16 {
        self.nodes.len() as u16
    }

    pub fn is_node(&self, place: NodeId) -> bool {
        place.index() < self.nodes.len()
    }

    /// Why nothing happens any more, if a limit was reached.
    pub fn halted(&self) -> Option<Halt> {
        self.halted
    }

    /// When the next thing is due; `None` when nothing ever will be again.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn next_at(&self) -> Option<Time> {
        let next = self.queue.next_at().unwrap_or(Time::NEVER).min(self.departures.next_at());
        (next < Time::NEVER && self.halted.is_none()).then_some(next)
    }

    /// Every message on its way or held, in the order of their places in the queue.
    pub fn in_flight(&self) -> impl Iterator<Item = &Envelope> {
        self.queue.iter().filter_map(|(_, due)| match due {
            Due::Message(envelope) if envelope.flight != Flight::Gone => Some(envelope),
            _ => None,
        })
    }

    /// The same, oldest first.
    pub fn in_flight_by_age(&self) -> impl Iterator<Item = &Envelope> {
        let flying = self.queue.iter().filter_map(|(slot, due)| match due {
            Due::Message(envelope) if envelope.flight != Flight::Gone => {
                Some(u64::from(envelope.message.0) << 32 | u64::from(slot.0))
            }
            _ => None,
        });
        let mut ages: Vec<u64> = flying.collect();
        ages.sort_unstable();
        ages.into_iter().filter_map(|age| match self.queue.get(Slot(age as u32)) {
            Some(Due::Message(envelope)) => Some(envelope),
            _ => None,
        })
    }

    /// Writes down that something happened.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn record(&mut self, trace: &mut Trace, node: NodeId, cause: EventId, what: What) -> EventId {
        let id = self.events;
        self.events += 1;
        if !trace.is_off() {
            let event = Event { at: self.now, node, cause, what };
            self.fingerprint.add(&event);
            trace.put(id, event);
        }
        EventId(id)
    }

    /// Writes a line of the story.
    pub fn note(&mut self, trace: &mut Trace, node: NodeId, cause: EventId, line: Option<String>) {
        let number = self.notes;
        self.notes += 1;
        if trace.wants_note(number) {
            trace.notes.push(line.unwrap_or_default());
        }
        self.record(trace, node, cause, What::Noted { note: number });
    }

    /// A client begins an operation.
    pub fn invoke(
        &mut self,
        trace: &mut Trace,
        client: NodeId,
        (call, level): (Call, Level),
        cause: EventId,
    ) -> (OpId, EventId) {
        let op = OpId(self.ops.len() as u32);
        self.ops.push(client);
        let invoked = self.record(trace, client, cause, What::Invoked { op });
        if !trace.is_off() && op.0 as usize == trace.ops.len() {
            trace.ops.push(Operation { client, call, level, invoked, ended: None });
        }
        (op, invoked)
    }

    /// A client learns how its operation ended.
    pub fn complete(&mut self, trace: &mut Trace, op: OpId, outcome: Outcome, cause: EventId) -> EventId {
        let client = self.ops[op.0 as usize];
        let event = self.record(trace, client, cause, What::Completed { op });
        if let Some(operation) = trace.ops.get_mut(op.0 as usize) {
            operation.ended = Some((event, outcome));
        }
        event
    }

    /// Asks for [`Happened::Call`] at `at` (now, if that is past).
    pub fn call_at(&mut self, at: Time, tag: u64) {
        self.queue.push(at.max(self.now), Due::Call { tag });
    }

    /// Lets time pass with nothing happening in between.
    pub fn pass_to(&mut self, at: Time) {
        debug_assert!(self.next_at().is_none_or(|next| next >= at));
        self.now = self.now.max(at);
    }

    /// The clock shows `at`.
    #[inline]
    pub(super) fn turn_to(&mut self, at: Time) {
        if at > self.now {
            self.now = at;
            self.at_once = 0;
        }
    }

    /// Lets the next thing happen.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn next(&mut self, trace: &mut Trace) -> Option<Happened> {
        if self.halted.is_some() {
            return None;
        }
        if let Some(happened) = self.depart() {
            return Some(happened);
        }
        let (at, slot) = self.queue.pop()?;
        self.turn_to(at);
        self.at_once += 1;
        self.check_limits();
        let due = self.queue.get(slot);
        if let Some(Due::Message(envelope)) = due
            && envelope.flight == Flight::Flying
            && self.nodes.get(envelope.to.index()).is_some_and(|node| node.is_free(self.now))
        {
            let arrival = Arrival::of(envelope);
            self.queue.forget(slot);
            return Some(self.deliver(trace, arrival));
        }
        let due = self.queue.take(slot)?;
        Some(self.other(trace, due))
    }

    /// What is due, apart from the most frequent case: a message for a node that has time for it.
    fn other(&mut self, trace: &mut Trace, due: Due) -> Happened {
        match due {
            Due::Message(envelope) => self.arrive(trace, &envelope),
            Due::Timer { node, timer, generation } => self.ring(trace, node, timer, generation),
            Due::Synced { node, life, through, cause } if self.lives(node, life) => {
                Happened::Flushed { node, through, cause }
            }
            Due::Turn { node, life } if self.lives(node, life) => self.turn(trace, node),
            Due::Synced { .. } | Due::Turn { .. } => Happened::Nothing,
            Due::Call { tag } => Happened::Call { tag },
        }
    }

    fn check_limits(&mut self) {
        if self.at_once >= self.limits.at_once {
            self.halted = Some(Halt::Loop(self.at_once));
        } else if self.events >= self.limits.events {
            self.halted = Some(Halt::Events(self.events));
        } else if self.flying >= self.limits.in_flight {
            self.halted = Some(Halt::Flood(self.flying));
        }
    }
}
