//! One node's body: is it up, what is it busy with, what waits for it, which alarms are set.

use std::collections::VecDeque;

use super::clock::Clock;
use super::delay::Delay;
use super::queue::Slot;
use super::time::{LocalTime, Micros, Time};
use super::trace::EventId;

/// How a node's machine behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Work that every input costs; [`SERVICE`] if nothing else is said.
    pub service: Micros,
    /// How long a sync takes.
    pub sync: Delay,
    /// Inputs that may wait; a message that finds the queue full is lost.
    pub queue: u32,
    /// What the clock shows at the start, in µs.
    pub offset: i64,
    /// What the clock gains in µs a second.
    pub drift_ppm: i32,
}

/// What an input costs a machine that nothing else is said of: about what a request costs a server that parses it,
/// looks something up and answers. It is a constant, so that it adds no chance to what the network's weather does.
pub const SERVICE: Micros = Micros(100);

impl Default for Machine {
    fn default() -> Self {
        let sync = Delay::Constant(Micros(500));
        Machine { service: SERVICE, sync, queue: 10_000, offset: 0, drift_ppm: 0 }
    }
}

/// Something that waits until the node has time for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Job {
    Message(Slot),
    Timer { timer: u32, generation: u32 },
    Synced { through: u64, cause: EventId },
}

/// A node's body. It knows when the node can work, not what it does.
#[derive(Clone, Debug)]
pub struct Processor {
    pub(super) machine: Machine,
    pub(super) up: bool,
    pub(super) paused: bool,
    /// When the work at hand is done; past, if there is none.
    pub(super) busy_until: Time,
    /// What the work at hand is to send, set and write leaves when it is done ([`super::departure`]).
    pub(super) leaving: bool,
    pub(super) slow: f64,
    pub(super) clock: Clock,
    pub(super) waiting: VecDeque<Job>,
    /// A turn for the first of `waiting` is scheduled.
    pub(super) turn: bool,
    pub(super) timers: Vec<TimerSlot>,
    /// Counts starts; what was scheduled for an earlier life is void.
    pub(super) life: u32,
    /// The instant of the last message sent, and how many were sent at it.
    pub(super) sent: (Time, u32),
    pub(super) since: Time,
}

/// An alarm. Moving it to a later time costs nothing: the queue entry that exists goes off, finds the new time and
/// is set again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimerSlot {
    pub armed: bool,
    pub set_at: Time,
    pub local: LocalTime,
    pub due: Time,
    pub ticket: u32,
    pub cause: EventId,
    /// When the queue entry of this generation goes off.
    pub queued: Option<Time>,
    pub generation: u32,
}

impl Default for EventId {
    fn default() -> Self {
        EventId::NONE
    }
}

/// An alarm as a picture may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    pub timer: usize,
    pub set_at: Time,
    pub due: Time,
}

impl Processor {
    pub(super) fn new(machine: Machine) -> Processor {
        Processor {
            machine,
            up: false,
            paused: false,
            busy_until: Time::ZERO,
            leaving: false,
            slow: 1.0,
            clock: Clock::new(machine.offset, machine.drift_ppm),
            waiting: VecDeque::new(),
            turn: false,
            timers: Vec::new(),
            life: 0,
            sent: (Time::NEVER, 0),
            since: Time::ZERO,
        }
    }

    pub fn is_up(&self) -> bool {
        self.up
    }

    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// How many times as long its work takes.
    pub fn slowness(&self) -> f64 {
        self.slow
    }

    /// When the work at hand is done, if it is at work at `now`.
    pub fn busy_until(&self, now: Time) -> Option<Time> {
        (self.busy_until > now).then_some(self.busy_until)
    }

    /// Is there something that leaves when the work at hand is done? Until then a crash takes it back.
    #[inline]
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// How many inputs wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// When it last started, stopped, paused or resumed.
    pub fn since(&self) -> Time {
        self.since
    }

    /// The alarms that are set, in the order of their slots.
    pub fn alarms(&self) -> impl Iterator<Item = Alarm> {
        let armed = self.timers.iter().enumerate().filter(|(_, slot)| slot.armed);
        armed.map(|(timer, slot)| Alarm { timer, set_at: slot.set_at, due: slot.due })
    }

    /// May it take an input now, ahead of everything that waits?
    #[inline]
    pub(super) fn is_free(&self, now: Time) -> bool {
        self.can_work(now) && self.waiting.is_empty()
    }

    #[inline]
    pub(super) fn can_work(&self, now: Time) -> bool {
        self.up && !self.paused && self.busy_until <= now
    }

    /// Stops living: alarms, work and the turn are void. What waited is returned.
    pub(super) fn die(&mut self, now: Time) -> VecDeque<Job> {
        self.up = false;
        self.paused = false;
        self.busy_until = Time::ZERO;
        self.leaving = false;
        self.turn = false;
        self.life += 1;
        self.since = now;
        for slot in &mut self.timers {
            slot.armed = false;
        }
        std::mem::take(&mut self.waiting)
    }
}
