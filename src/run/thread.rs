//! A red thread through a run: everything that came of one client's wishes, of one request, or of those about one key.

use super::event_set::EventSet;
use crate::sim::{EventId, NodeId, OpId, Trace, What};

/// What is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thread {
    Client(NodeId),
    Key(String),
    Request(OpId),
}

impl Thread {
    /// The events that have, by their causes, one of the followed requests at their root.
    pub fn events(&self, trace: &Trace) -> EventSet {
        let mut set = EventSet::new(0, trace.events.len() as u32);
        for (event, id) in trace.events.iter().zip(0..) {
            let root = match event.what {
                What::Invoked { op } | What::Completed { op } | What::TimedOut { op } => self.has(op, trace),
                _ => false,
            };
            if root || (event.cause.0 < id && set.has(event.cause)) {
                set.add(EventId(id));
            }
        }
        set
    }

    fn has(&self, op: OpId, trace: &Trace) -> bool {
        let Some(operation) = trace.ops.get(op.0 as usize) else { return false };
        match self {
            Thread::Client(client) => operation.client == *client,
            Thread::Key(key) => operation.call.key() == key,
            Thread::Request(request) => *request == op,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Session;
    use crate::sim::Time;

    #[test]
    fn a_thread_holds_what_came_of_a_request_and_nothing_else() {
        let text = include_str!("../../scenarios/raft-election.toml");
        let mut session = Session::open("raft-election", text).unwrap();
        session.run_mut().seek(Time(3_000_000), u32::MAX);
        let trace = session.run().trace();
        let first = trace.ops.iter().find(|op| op.ended.is_some()).expect("a request was answered");
        let thread = Thread::Request(OpId(trace.ops.iter().position(|op| op == first).unwrap() as u32));
        let set = thread.events(trace);
        assert!(set.has(first.invoked) && set.has(first.ended.as_ref().unwrap().0));
        for (event, id) in trace.events.iter().zip(0..).filter(|(_, id)| set.has(EventId(*id))) {
            let mut root = EventId(id);
            while trace.events[root.0 as usize].cause.0 < root.0 && root != first.invoked {
                root = trace.events[root.0 as usize].cause;
            }
            let ends = matches!(event.what, What::Completed { .. } | What::TimedOut { .. });
            assert!(root == first.invoked || ends, "{id} has its root at {root:?}");
        }
        let client = Thread::Client(first.client).events(trace);
        let key = Thread::Key(first.call.key().to_string()).events(trace);
        assert!(client.count() > set.count() && key.count() > set.count());
    }
}
