//! Messages as the network sees them, and their ways to end.

use super::network::Fate;
use super::node::NodeId;
use super::queue::Slot;
use super::time::{Micros, Time};
use super::trace::{EventId, Loss, Trace, What};
use super::world::{Due, Happened, World};

/// The outside of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Envelope {
    /// The event that sent it (or made this copy); its name.
    pub message: EventId,
    pub from: NodeId,
    pub to: NodeId,
    pub kind: &'static str,
    pub bytes: u32,
    /// Where the cluster keeps its content.
    pub letter: u32,
    pub sent_at: Time,
    /// When it would arrive. For a doomed one: when it would have.
    pub due: Time,
    pub flight: Flight,
    /// The event that put it in line at its receiver; [`EventId::NONE`] before.
    pub queued: EventId,
    /// The message that this one, or the one that it was copied from, is a copy of; [`EventId::NONE`] for an original.
    pub copy_of: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flight {
    Flying,
    /// Will die this part of its way along (thousandths).
    Doomed {
        why: Loss,
        along: u16,
    },
    /// Waits until it is released, this part of its way along (thousandths): at its sender if its link is held.
    Held {
        along: u16,
    },
    /// Waits at its receiver.
    Waiting,
    /// Died early; only its place in the queue is left.
    Gone,
}

/// A message about to leave.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    pub from: NodeId,
    pub to: NodeId,
    pub kind: &'static str,
    pub bytes: u32,
    /// Stands for the content in the fingerprint.
    pub digest: u64,
    pub letter: u32,
}

impl World {
    /// Sends a message; says how many copies will need the letter.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn send(&mut self, trace: &mut Trace, post: Post, cause: EventId) -> u32 {
        let nth = self.nth_of_sender(post.from);
        let passage = self.network.pass(post.from, post.to, post.bytes, self.now, nth);
        let Post { from, to, kind, bytes, digest, letter } = post;
        let message = self.record(trace, from, cause, What::Sent { to, kind, bytes, digest });
        let mut envelope = Envelope {
            message,
            from,
            to,
            kind,
            bytes,
            letter,
            sent_at: self.now,
            due: passage.due,
            flight: Flight::Flying,
            queued: EventId::NONE,
            copy_of: EventId::NONE,
        };
        self.flying += 1;
        match passage.fate {
            Fate::Arrives => {
                self.queue.push(passage.due, Due::Message(envelope));
            }
            Fate::Dies(why, along) => {
                envelope.flight = Flight::Doomed { why, along };
                let died = self.now + part(passage.due - self.now, along);
                self.queue.push(died, Due::Message(envelope));
            }
            Fate::Waits => self.keep_held(trace, envelope, 0, message),
        }
        let Some(due) = passage.copy_due else { return 1 };
        self.copy(trace, envelope, due, message);
        2
    }

    /// A second message on its way, with the same letter.
    fn copy(&mut self, trace: &mut Trace, original: Envelope, due: Time, cause: EventId) {
        let Envelope { message, from, to, copy_of, .. } = original;
        let copy = self.record(trace, from, cause, What::Duplicated { original: message, to });
        let envelope = Envelope {
            message: copy,
            due,
            copy_of: if copy_of == EventId::NONE { message } else { copy_of },
            flight: Flight::Flying,
            queued: EventId::NONE,
            ..original
        };
        self.flying += 1;
        if self.network.is_cut(from, to) {
            let doomed = Flight::Doomed { why: Loss::Cut, along: 500 };
            let died = self.now + part(due.since(self.now), 500);
            self.queue.push(died, Due::Message(Envelope { flight: doomed, ..envelope }));
        } else if self.network.is_held(from, to) {
            self.keep_held(trace, envelope, 0, copy);
        } else {
            self.queue.push(due, Due::Message(envelope));
        }
    }

    fn keep_held(&mut self, trace: &mut Trace, mut envelope: Envelope, along: u16, cause: EventId) {
        envelope.flight = Flight::Held { along };
        self.record(trace, envelope.from, cause, What::Held { message: envelope.message });
        self.queue.keep(Due::Message(envelope));
    }

    /// A message dies here.
    pub(super) fn lose(
        &mut self,
        trace: &mut Trace,
        envelope: &Envelope,
        why: Loss,
        along: u16,
        cause: EventId,
    ) -> Happened {
        self.flying -= 1;
        let cause = if cause == EventId::NONE { envelope.message } else { cause };
        self.record(trace, envelope.to, cause, What::Lost { message: envelope.message, why, along });
        Happened::Lost { letter: envelope.letter }
    }

    /// Finds a message that can still be touched: flying or held.
    pub(super) fn find(&self, message: EventId) -> Option<(Slot, &Envelope)> {
        self.queue.iter().find_map(|(slot, due)| match due {
            Due::Message(envelope)
                if envelope.message == message
                    && matches!(envelope.flight, Flight::Flying | Flight::Held { .. }) =>
            {
                Some((slot, envelope))
            }
            _ => None,
        })
    }

    /// Ends a flight where the message is now; what is left of it in the queue is a shell.
    pub(super) fn strike(
        &mut self,
        trace: &mut Trace,
        slot: Slot,
        why: Loss,
        cause: EventId,
    ) -> Option<Happened> {
        let envelope = self.withdraw(slot)?;
        let along = along(&envelope, self.now);
        Some(self.lose(trace, &envelope, why, along, cause))
    }

    /// Takes an envelope out of the queue.
    pub(super) fn withdraw(&mut self, slot: Slot) -> Option<Envelope> {
        let Some(Due::Message(envelope)) = self.queue.get_mut(slot) else { return None };
        if let Flight::Held { .. } = envelope.flight {
            let Some(Due::Message(envelope)) = self.queue.take(slot) else { return None };
            return Some(envelope);
        }
        let taken = *envelope;
        envelope.flight = Flight::Gone;
        Some(taken)
    }

    /// Stops a message where it is.
    pub(super) fn hold_one(&mut self, trace: &mut Trace, slot: Slot, cause: EventId) {
        let Some(Due::Message(Envelope { flight: Flight::Flying, .. })) = self.queue.get(slot) else {
            return;
        };
        if let Some(envelope) = self.withdraw(slot) {
            let along = along(&envelope, self.now);
            self.keep_held(trace, envelope, along, cause);
        }
    }

    /// Sends a held message on its way, for as long as what was left of it would have taken.
    pub(super) fn release(&mut self, trace: &mut Trace, slot: Slot, cause: EventId) {
        let Some(Due::Message(Envelope { flight: Flight::Held { along }, .. })) = self.queue.get(slot) else {
            return;
        };
        let along = *along;
        let Some(mut envelope) = self.withdraw(slot) else { return };
        let takes = envelope.due - envelope.sent_at;
        self.record(trace, envelope.from, cause, What::Released { message: envelope.message });
        let come = part(takes, along);
        envelope.flight = Flight::Flying;
        envelope.sent_at = Time(self.now.0.saturating_sub(come.0));
        envelope.due = self.now + Micros(takes.0 - come.0);
        self.queue.push(envelope.due, Due::Message(envelope));
    }

    /// Makes a flying message arrive `by` µs later or sooner, from now on at the earliest. A held one will take
    /// that much longer or shorter.
    pub(super) fn delay(&mut self, slot: Slot, by: i64) {
        let Some(mut envelope) = self.withdraw(slot) else { return };
        let due = Time(envelope.due.0.saturating_add_signed(by));
        if let Flight::Held { .. } = envelope.flight {
            envelope.due = due.max(envelope.sent_at);
            self.queue.keep(Due::Message(envelope));
        } else {
            envelope.due = due.max(self.now);
            self.queue.push(envelope.due, Due::Message(envelope));
        }
    }

    /// Makes a message arrive now, held or not.
    pub(super) fn hasten(&mut self, trace: &mut Trace, slot: Slot, cause: EventId) {
        let Some(mut envelope) = self.withdraw(slot) else { return };
        if let Flight::Held { .. } = envelope.flight {
            self.record(trace, envelope.from, cause, What::Released { message: envelope.message });
        }
        envelope.flight = Flight::Flying;
        envelope.due = self.now;
        self.queue.push(self.now, Due::Message(envelope));
    }

    /// Makes a second copy of a message in flight, which arrives when a message sent now would.
    pub(super) fn duplicate(&mut self, trace: &mut Trace, slot: Slot, cause: EventId) -> Option<u32> {
        let Some(Due::Message(envelope)) = self.queue.get(slot) else { return None };
        let original = *envelope;
        let nth = self.nth_of_sender(original.from);
        let due = self.network.pass(original.from, original.to, original.bytes, self.now, nth).due;
        let letter = original.letter;
        self.copy(trace, original, due, cause);
        Some(letter)
    }

    /// Counts the messages a place sends within one microsecond: part of what their weather is derived from.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn nth_of_sender(&mut self, from: NodeId) -> u32 {
        let Some(processor) = self.nodes.get_mut(from.index()) else { return 0 };
        let nth = if processor.sent.0 == self.now { processor.sent.1 + 1 } else { 0 };
        processor.sent = (self.now, nth);
        nth
    }
}

fn part(way: Micros, along: u16) -> Micros {
    Micros(way.0 * u64::from(along) / 1000)
}

/// How far a message has come, in thousandths.
pub fn along(envelope: &Envelope, now: Time) -> u16 {
    if let Flight::Held { along } = envelope.flight {
        return along;
    }
    let way = (envelope.due - envelope.sent_at).0.max(1);
    (now.since(envelope.sent_at).0 * 1000 / way).min(1000) as u16
}
