//! THE PLAYERS. One algorithm each, readable beside its paper.
//!
//! A protocol is a [`Node`] and what this module adds to it: a name, one sentence, its knobs, and the promises
//! it makes. [`echo`] is the ladder for beginners.

pub mod barrier;
pub mod causal;
pub mod crdt;
pub mod echo;
pub mod gossip;
pub mod primary_backup;
pub mod quorum;
pub mod raft;
pub mod store;

use crate::check::{Claim, Property};
use crate::sim::{Knob, Knobs, Level, Misfit, Node, NodeId, Outcome};

/// An algorithm that the stage can put on.
pub trait Protocol: Node {
    /// As scenario files name it.
    const NAME: &'static str;
    /// One sentence for people.
    const ABOUT: &'static str;
    /// What can be turned: the parser, the switches on the page and the docs all read it.
    const KNOBS: &'static [Knob];
    /// The promises it makes, in the order people should read them.
    const CLAIMS: &'static [Claim];

    /// The promises about what clients see that it makes besides, by the names of [`crate::check::clients::claims`]:
    /// judged in every run that has clients. Any other of them is judged where a script names it.
    const SERVES: &'static [&'static str] = &[];

    /// The strongest level that it serves: a request for more is refused.
    const STRONGEST: Level = Level::Linearizable;

    /// Does a server answer reads from a copy of its own, from which nothing is lost between two starts? Otherwise what
    /// it holds is not known by what it showed.
    fn own_copy(_knobs: &Knobs) -> bool {
        true
    }

    /// A knob that was written and cannot stand where it stands: more replicas than nodes, a quorum of more than there
    /// are. A default is cut down in silence.
    fn misfit(_knobs: &Knobs, _nodes: u16, _written: &dyn Fn(&str) -> bool) -> Option<Misfit> {
        None
    }

    /// One type for all its judges; an enum where there are several.
    type Property: Property<Self>;

    /// A node before its first step.
    fn new(me: NodeId, cluster: u16, knobs: &Knobs) -> Self;

    /// A judge for each of [`Protocol::CLAIMS`], in their order.
    fn properties(cluster: u16, knobs: &Knobs) -> Vec<Self::Property>;

    /// What a disk holds before the run begins, from the protocol's own notation. An empty text is a disk as it is set
    /// up before a node starts for the first time.
    ///
    /// # Errors
    /// One sentence on what is wrong with the text.
    fn disk(text: &str) -> Result<Vec<Self::Record>, String> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        Err(format!("{} nodes start with an empty disk, so {text:?} has no meaning here", Self::NAME))
    }
}

/// What a client hears that asks for a level above [`Protocol::STRONGEST`].
const TOO_STRONG: Outcome = Outcome::Failed("that level is not served here");
