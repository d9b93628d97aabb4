//! What was begun and has not come to its end.

use super::cluster::Cluster;
use super::envelope::{Envelope, Flight};
use super::node::Node;
use super::processor::Job;
use super::trace::EventId;
use super::world::Due;

/// Of each kind of thing that is under way the earliest event that one comes from; [`EventId::NONE`], which is later than
/// all others, if there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Syncs that run, are to begin, or are over and not taken in by their node, by the first step that wanted one: what
    /// a node does once its records are safe may have been decided when it wrote them.
    pub sync: EventId,
    /// Steps whose effects have not left their node, because it is busy or paused.
    pub unsent: EventId,
    /// Messages that are on their way, held, or in line at their receiver. A copy is as old as its original.
    pub message: EventId,
}

impl<N: Node> Cluster<N> {
    /// What is under way now.
    pub fn first_under_way(&self) -> UnderWay {
        UnderWay { sync: self.first_sync(), unsent: self.first_unsent(), message: self.first_message() }
    }

    fn first_sync(&self) -> EventId {
        let world = self.world();
        let running = world.queue.iter().filter_map(|(_, due)| match due {
            Due::Synced { node, life, cause, .. } if world.lives(*node, *life) => Some(*cause),
            _ => None,
        });
        let jobs = world.nodes.iter().flat_map(|node| &node.waiting);
        let over =
            jobs.filter_map(|job| if let Job::Synced { cause, .. } = job { Some(*cause) } else { None });
        let wanted = self.seats().iter().map(|seat| seat.disk.first_waiting());
        running.chain(over).chain(wanted).min().unwrap_or(EventId::NONE)
    }

    fn first_unsent(&self) -> EventId {
        let unsent = self.seats().iter().filter(|seat| !seat.outbox.is_empty());
        unsent.map(|seat| seat.outbox_cause).min().unwrap_or(EventId::NONE)
    }

    fn first_message(&self) -> EventId {
        let doomed = |message: &&Envelope| matches!(message.flight, Flight::Doomed { .. });
        let arrives = self.world().in_flight().filter(|message| !doomed(message));
        let sent = arrives.map(|message| match message.copy_of {
            EventId::NONE => message.message,
            original => original,
        });
        sent.min().unwrap_or(EventId::NONE)
    }
}
