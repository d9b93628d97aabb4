//! What can be pointed at.

use crate::paint::Tag;
use crate::sim::{EventId, NodeId};

/// A thing on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Node(NodeId),
    Client(NodeId),
    Message(EventId),
    /// Both ways between two places, the lower first.
    Link(NodeId, NodeId),
    Event(EventId),
}

impl Target {
    /// The word that paint keeps for it.
    pub fn tag(self) -> Tag {
        let word = |kind: u64, a: u64, b: u64| Tag(kind << 56 | a << 24 | b);
        match self {
            Target::Node(id) => word(1, id.0.into(), 0),
            Target::Client(id) => word(2, id.0.into(), 0),
            Target::Message(id) => word(3, id.0.into(), 0),
            Target::Link(a, b) => word(4, a.min(b).0.into(), a.max(b).0.into()),
            Target::Event(id) => word(5, id.0.into(), 0),
        }
    }

    pub fn from_tag(tag: Tag) -> Option<Target> {
        let a = tag.0 >> 24 & 0xffff_ffff;
        let (place, other) = (NodeId(a as u16), NodeId(tag.0 as u16));
        match tag.0 >> 56 {
            1 => Some(Target::Node(place)),
            2 => Some(Target::Client(place)),
            3 => Some(Target::Message(EventId(a as u32))),
            4 => Some(Target::Link(place, other)),
            5 => Some(Target::Event(EventId(a as u32))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_back_as_targets() {
        let (a, b) = (NodeId(3), NodeId(999));
        let event = EventId(u32::MAX - 1);
        for target in [
            Target::Node(b),
            Target::Client(a),
            Target::Message(event),
            Target::Link(a, b),
            Target::Event(event),
        ] {
            assert_eq!(Target::from_tag(target.tag()), Some(target));
        }
    }
}
