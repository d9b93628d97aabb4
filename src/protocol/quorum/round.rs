//! One operation at its coordinator: which nodes it asked, what they said, and until when it waits.

use smol_str::SmolStr;

use super::config::Terms;
use super::object::Object;
use crate::protocol::crdt::{Context, Dot};
use crate::sim::{LocalTime, NodeId, Request, Token, Value};

#[derive(Clone, Debug)]
pub(super) struct Round {
    pub number: u64,
    pub request: Request,
    pub terms: Terms,
    pub step: Step,
    pub targets: Vec<Target>,
    /// What the nodes that answered hold, merged.
    pub found: Option<Object>,
    /// What a write made, once it did.
    pub written: Option<Written>,
    /// The client has its answer; what is still done is for the replicas.
    pub answered: bool,
    /// When it asks the silent nodes again.
    pub again: LocalTime,
    /// When it gives up.
    pub until: LocalTime,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Copies are read.
    Gather,
    /// This is stored.
    Store(Object),
}

/// A node that was asked.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub node: NodeId,
    /// For whom it stands in.
    pub home: Option<NodeId>,
    pub heard: bool,
    /// The copy it told, or was sent since.
    pub copy: Option<Object>,
    /// Another node stands in for it already.
    pub replaced: bool,
}

/// The answer to a write that will have been stored.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The write's name; a removal, and an addition to a counter, have none.
    pub dot: Option<Dot>,
    /// The writes that it means to replace.
    pub seen: Context,
    pub heard: Value,
    pub token: Token,
}

impl Target {
    pub fn new(node: NodeId, home: Option<NodeId>) -> Target {
        Target { node, home, heard: false, copy: None, replaced: false }
    }
}

impl Round {
    pub fn key(&self) -> &SmolStr {
        self.request.call.key()
    }

    pub fn reads(&self) -> bool {
        self.request.call.reads_only()
    }

    /// How many have answered this step, and how many have to.
    pub fn score(&self) -> (usize, usize) {
        let needed = match self.step {
            Step::Gather => self.terms.read,
            Step::Store(_) => self.terms.write,
        };
        (self.targets.iter().filter(|target| target.heard).count(), needed)
    }

    /// Have all targets answered?
    pub fn is_complete(&self) -> bool {
        self.targets.iter().all(|target| target.heard)
    }

    /// When there is something to be done about it.
    pub fn due(&self) -> LocalTime {
        self.again.min(self.until)
    }
}
