//! Until when it is waited for a write that no server has: it may be in what a node does once its disk is done, in what a
//! busy or paused node has not sent, or in a message. Each of these becomes the next: so it is waited for the syncs that
//! were under way when the write was found missing, then for what steps up to that moment have not sent, then for the
//! messages that were sent up to then.

use crate::sim::{EventId, UnderWay};

/// How far the waiting has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    stage: Stage,
    /// It is waited for what comes from an event up to this one.
    upto: EventId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Syncs,
    Unsent,
    Messages,
}

impl Passing {
    /// Found missing after an event.
    pub(super) fn new(event: EventId) -> Passing {
        Passing { stage: Stage::Syncs, upto: event }
    }

    /// Goes on as far as it can: what is next to be waited for may have begun up to now, which is after event `now`.
    pub(super) fn look(&mut self, first: &UnderWay, now: EventId) {
        if self.stage == Stage::Syncs && first.sync > self.upto {
            *self = Passing { stage: Stage::Unsent, upto: now };
        }
        if self.stage == Stage::Unsent && first.unsent > self.upto {
            *self = Passing { stage: Stage::Messages, upto: now };
        }
    }

    /// Has all come? Not at the moment at which it was last found missing.
    pub(super) fn is_over(&self, first: &UnderWay, now: EventId) -> bool {
        self.stage == Stage::Messages && self.upto < now && first.message > self.upto
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: UnderWay = UnderWay { sync: EventId::NONE, unsent: EventId::NONE, message: EventId::NONE };

    /// Is it over after each of these moments, each with what is under way then?
    fn over(moments: &[(u32, UnderWay)]) -> Vec<bool> {
        let mut passing = Passing::new(EventId(moments[0].0));
        let looks = moments.iter().map(|(now, first)| {
            passing.look(first, EventId(*now));
            passing.is_over(first, EventId(*now))
        });
        looks.collect()
    }

    #[test]
    fn where_nothing_is_under_way_a_second_look_is_enough() {
        assert_eq!(over(&[(10, QUIET), (20, QUIET)]), [false, true]);
    }

    #[test]
    fn a_message_is_waited_for_and_a_later_one_is_not() {
        let message = |sent| UnderWay { message: EventId(sent), ..QUIET };
        assert_eq!(over(&[(10, message(7)), (20, message(7)), (30, message(25))]), [false, false, true]);
        assert_eq!(over(&[(10, message(7)), (20, message(10)), (30, message(11))]), [false, false, true]);
    }

    #[test]
    fn what_is_sent_late_is_waited_for_as_a_message_too() {
        let unsent = UnderWay { unsent: EventId(9), ..QUIET };
        let sent = UnderWay { message: EventId(15), ..QUIET };
        assert_eq!(over(&[(10, unsent), (20, sent), (30, sent), (40, QUIET)]), [false, false, false, true]);
    }

    #[test]
    fn what_waits_for_a_disk_is_waited_for_until_it_has_come() {
        let sync = UnderWay { sync: EventId(4), ..QUIET };
        let unsent = UnderWay { unsent: EventId(18), ..QUIET };
        let sent = UnderWay { message: EventId(25), ..QUIET };
        let moments = [(10, sync), (20, unsent), (30, sent), (40, sent), (50, QUIET)];
        assert_eq!(over(&moments), [false, false, false, false, true]);
    }
}
