//! What a client asks the world to wake it for.

use crate::sim::OpId;

/// A reason to wake up, in the tag of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Time for the next operation.
    Next,
    /// Time for many at once.
    Burst,
    /// The wait for this operation is over.
    GiveUp(OpId),
    /// The wait for the answer to an attempt is over.
    Silence(OpId),
    /// Time to ask for this operation again.
    Again(OpId),
}

impl Wake {
    /// The tag by which the `index`th client will know what it is woken for.
    pub(super) fn tag(self, index: usize) -> u64 {
        let (kind, OpId(op)) = match self {
            Wake::Next => (0, OpId(0)),
            Wake::Burst => (1, OpId(0)),
            Wake::GiveUp(op) => (2, op),
            Wake::Silence(op) => (3, op),
            Wake::Again(op) => (4, op),
        };
        u64::from(op) << 32 | (index as u64) << 3 | kind
    }

    /// The client, and the reason.
    pub(super) fn of(tag: u64) -> (usize, Wake) {
        let op = OpId((tag >> 32) as u32);
        let wake = match tag & 7 {
            0 => Wake::Next,
            1 => Wake::Burst,
            2 => Wake::GiveUp(op),
            3 => Wake::Silence(op),
            _ => Wake::Again(op),
        };
        (tag as u32 as usize >> 3, wake)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_it_was_written() {
        let op = OpId(u32::MAX);
        for wake in [Wake::Next, Wake::Burst, Wake::GiveUp(op), Wake::Silence(op), Wake::Again(OpId(0))] {
            for index in [0, 99, 65_535] {
                assert_eq!(Wake::of(wake.tag(index)), (index, wake));
            }
        }
    }
}
