//! What happened, where, when, because of what.

use super::call::Call;
use super::futile::Futile;
use super::node::NodeId;
use super::outcome::Outcome;
use super::request::{Level, OpId};
use super::rng::finalise;
use super::time::Time;

/// The place of an event in the trace; also the name of the message that a [`What::Sent`] event sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u32);

impl EventId {
    /// The cause of what has none: the beginning.
    pub const NONE: EventId = EventId(u32::MAX);
}

/// One thing that happened. Its id is its index in [`Trace::events`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub at: Time,
    /// Where: a node or a client; `NOWHERE` for what the script did.
    pub node: NodeId,
    /// The event without which this one would not be.
    pub cause: EventId,
    pub what: What,
}

/// The place of events that happen to no node.
pub const NOWHERE: NodeId = NodeId(u16::MAX);

/// What happened. Each kind keeps its number in the fingerprint: links carry fingerprints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// A process began, for the first time or after a crash.
    Started,
    /// A message left; `digest` stands for its content.
    Sent { to: NodeId, kind: &'static str, bytes: u32, digest: u64 },
    /// The network made a second copy of a message.
    Duplicated { original: EventId, to: NodeId },
    /// A message was lost, for one reason, this part of the way along (thousandths).
    Lost { message: EventId, why: Loss, along: u16 },
    /// A message was taken in by its receiver.
    Delivered { message: EventId },
    /// A message reached a node that is busy or paused, and waits there.
    Queued { message: EventId },
    /// A message ran into a held link and waits at its sender.
    Held { message: EventId },
    /// A held message is on its way.
    Released { message: EventId },
    /// A node heard one of its alarms.
    TimerFired,
    /// The first `through` records of a disk are safe.
    Synced { through: u64 },
    /// A process died; `unsynced` records were not synced and are lost.
    Crashed { unsynced: u32 },
    /// A process stands still.
    Paused,
    /// It goes on.
    Resumed,
    /// The numbered act of the script was carried out.
    Acted { act: u32 },
    /// A client began an operation.
    Invoked { op: OpId },
    /// `OpId`'s end; the outcome stands in [`Trace::ops`].
    Completed { op: OpId },
    /// The client gave up waiting: the operation may take effect at any later time, or never.
    TimedOut { op: OpId },
    /// A node wrote a line of the story, [`Trace::notes`].
    Noted { note: u32 },
}

/// Why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// The network lost it by chance.
    Chance,
    /// It ran into a cut.
    Cut,
    /// Its receiver was down.
    Down,
    /// Its receiver's queue was full.
    Full,
    /// An act took it out.
    Dropped,
}

impl Loss {
    /// The reason in words, for the place where the message died.
    pub fn text(self) -> &'static str {
        match self {
            Loss::Chance => "lost by the network",
            Loss::Cut => "lost at the cut",
            Loss::Down => "receiver down",
            Loss::Full => "receiver's queue full",
            Loss::Dropped => "dropped by hand",
        }
    }
}

/// An operation as the trace keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    pub client: NodeId,
    pub call: Call,
    pub level: Level,
    pub invoked: EventId,
    /// How it ended and at which event; `None` while its client waits.
    pub ended: Option<(EventId, Outcome)>,
}

/// The record of one run. It is passed to the world, never owned by it, so that a keyframe is the world without
/// its past. Running the same stretch again adds nothing and, in debug builds, checks every event against it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub events: Vec<Event>,
    pub notes: Vec<String>,
    pub ops: Vec<Operation>,
    /// The acts that changed nothing, by their events, in order: no part of the fingerprint, for the world is the same.
    futile: Vec<(EventId, Futile)>,
    off: bool,
}

impl Trace {
    /// A trace that keeps everything.
    pub fn new() -> Trace {
        Trace::default()
    }

    /// A trace that keeps nothing, for searching many runs.
    pub fn off() -> Trace {
        Trace { off: true, ..Trace::default() }
    }

    pub fn is_off(&self) -> bool {
        self.off
    }

    /// Puts event number `id` in its place.
    #[inline]
    pub(super) fn put(&mut self, id: u32, event: Event) {
        if id as usize == self.events.len() {
            self.events.push(event);
        } else {
            debug_assert_eq!(self.events[id as usize], event, "event {id} differs from the first time");
        }
    }

    /// Would a note with this number be new?
    pub(super) fn wants_note(&self, number: u32) -> bool {
        !self.off && number as usize >= self.notes.len()
    }

    /// The act of this event changed nothing, and this is why.
    pub fn mark_futile(&mut self, act: EventId, why: Futile) {
        // What is run again was marked the first time.
        if !self.off && self.futile.last().is_none_or(|(last, _)| *last < act) {
            self.futile.push((act, why));
        }
    }

    /// Why the act of this event changed nothing, if it did not.
    pub fn futile(&self, act: EventId) -> Option<Futile> {
        let place = self.futile.binary_search_by_key(&act, |(act, _)| *act).ok()?;
        Some(self.futile[place].1)
    }

    /// The events of the acts that changed nothing.
    pub fn futile_acts(&self) -> impl Iterator<Item = EventId> {
        self.futile.iter().map(|(act, _)| *act)
    }

    /// Forgets everything from event `from` on: the run takes another way there.
    pub fn truncate(&mut self, from: u32, notes: u32, ops: u32) {
        self.events.truncate(from as usize);
        self.notes.truncate(notes as usize);
        self.ops.truncate(ops as usize);
        self.futile.retain(|(act, _)| act.0 < from);
        for op in &mut self.ops {
            if op.ended.as_ref().is_some_and(|(at, _)| at.0 >= from) {
                op.ended = None;
            }
        }
    }

    pub fn get(&self, id: EventId) -> Option<&Event> {
        self.events.get(id.0 as usize)
    }

    /// The events with `from <= at < to`, as a range of ids.
    pub fn between(&self, from: Time, to: Time) -> std::ops::Range<usize> {
        let start = self.events.partition_point(|event| event.at < from);
        start..start.max(self.events.partition_point(|event| event.at < to))
    }
}

/// A running digest of everything that happened. Two runs with the same fingerprint are the same run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    #[inline]
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    pub(super) fn add(&mut self, event: &Event) {
        self.word(event.at.0);
        self.word(u64::from(event.node.0) << 32 | u64::from(event.cause.0));
        match event.what {
            What::Started => self.word(1),
            What::Sent { to, kind, bytes, digest } => {
                self.word(2 | u64::from(to.0) << 8 | u64::from(bytes) << 32);
                self.word(digest);
                // The kind follows from the content; its length guards against a renamed one.
                self.word(kind.len() as u64);
            }
            What::Duplicated { original, to } => {
                self.word(3 | u64::from(to.0) << 8 | u64::from(original.0) << 32);
            }
            What::Lost { message, why, along } => {
                self.word(4 | (why as u64) << 8 | u64::from(along) << 16 | u64::from(message.0) << 32);
            }
            What::Delivered { message } => self.word(5 | u64::from(message.0) << 32),
            What::Queued { message } => self.word(6 | u64::from(message.0) << 32),
            What::Held { message } => self.word(7 | u64::from(message.0) << 32),
            What::Released { message } => self.word(8 | u64::from(message.0) << 32),
            What::TimerFired => self.word(9),
            What::Synced { through } => self.word(10 | through << 8),
            What::Crashed { unsynced } => self.word(11 | u64::from(unsynced) << 8),
            What::Paused => self.word(12),
            What::Resumed => self.word(13),
            // 14 was the end of a piece of work, in the first engine.
            What::Acted { act } => self.word(15 | u64::from(act) << 8),
            What::Invoked { op } => self.word(16 | u64::from(op.0) << 8),
            What::Completed { op } => self.word(17 | u64::from(op.0) << 8),
            What::TimedOut { op } => self.word(18 | u64::from(op.0) << 8),
            What::Noted { note } => self.word(19 | u64::from(note) << 8),
        }
    }

    /// The digest, as 16 hexadecimal digits.
    pub fn hex(self) -> String {
        format!("{:016x}", finalise(self.0))
    }
}
