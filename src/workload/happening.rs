//! What a client does and hears, told at the moment it is true, with or without a trace.

use crate::sim::{Call, EventId, Level, NodeId, OpId, Outcome};

/// An operation began or ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    Invoked {
        op: OpId,
        client: NodeId,
        call: Call,
        level: Level,
        event: EventId,
    },
    /// It ended so, by an answer from there; `None` if nobody answered in time.
    Ended {
        op: OpId,
        outcome: Option<Outcome>,
        from: Option<NodeId>,
        event: EventId,
    },
}
