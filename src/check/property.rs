//! Promises, and what comes of watching them.

use crate::sim::network::Link;
use crate::sim::{Cluster, Envelope, EventId, Flight, Node, NodeId, OpId, Time, Trace};

/// What a promise says, for the parser, the page and the docs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name in the field's standard terms, as scenario files write it: `"election safety"`.
    pub name: &'static str,
    /// One sentence for people: `"At most one leader is elected in a term."`
    pub sentence: &'static str,
    /// Where it is from: `"Raft, figure 3"`.
    pub source: &'static str,
    pub mode: Mode,
}

/// When a promise must be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Safety: at every moment, whatever happens. Judged in every run.
    Always,
    /// Safety as well, but promised only under some settings: judged where a script names it.
    Named,
    /// Liveness: sooner or later, if the world allows it. Judged where a script says that it does; it never holds
    /// before the run is over, or before all has come and nothing more is asked for.
    Eventually,
}

/// Why a promise counts as broken: enough for a reader to see it for themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// One or two sentences that name the nodes and the numbers.
    pub text: String,
    /// The events that prove it, besides the one at which it broke.
    pub events: Vec<EventId>,
    /// The nodes it concerns.
    pub nodes: Vec<NodeId>,
}

/// The moment a promise broke, and the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub at: Time,
    /// The event after which it was broken.
    pub event: EventId,
    pub evidence: Evidence,
}

/// What a judge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing happened yet that the promise speaks of.
    Pending,
    /// Of liveness: what it promises may still come, or may still fail to come. At the end of a run: it ended too early.
    Open,
    /// Held so far, or to the end; of liveness: all has come.
    Holds,
    /// Broken once is broken for good.
    Broken(Violation),
    /// The judge cannot tell, for this reason.
    Unknown(&'static str),
}

/// How a promise of liveness stands that is not broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Something that it promises has not come yet.
    Open,
    /// Nothing is missing at this moment, and only the end of the run tells whether it stays so.
    Clear,
    /// All has come: only a client or an act can ask for more.
    Done,
}

/// What a judge may look at after an event.
pub struct View<'a, N: Node> {
    pub cluster: &'a Cluster<N>,
    pub trace: &'a Trace,
    /// The event that just happened.
    pub event: EventId,
    /// The node whose state may have changed by it; `None` for what happens to clients or to the world.
    pub changed: Option<NodeId>,
}

impl<N: Node> View<'_, N> {
    /// The time of the event.
    pub fn now(&self) -> Time {
        self.cluster.world().now()
    }

    /// Does every node run, is none paused, can every link carry a message, and is none held back?
    pub fn is_whole(&self) -> bool {
        is_whole(self.cluster)
    }
}

/// Does every node run, is none paused, can every link carry a message, and is none held back?
pub(super) fn is_whole<N: Node>(cluster: &Cluster<N>) -> bool {
    let (world, network) = (cluster.world(), cluster.world().network());
    let carries =
        |link: &Link| !link.cut && !link.held && link.quality.as_ref().unwrap_or(network.base()).loss < 1.0;
    let held = |envelope: &Envelope| matches!(envelope.flight, Flight::Held { .. });
    let runs = |id: u16| {
        let processor = world.processor(NodeId(id));
        processor.is_up() && !processor.is_paused()
    };
    (0..world.size()).all(runs)
        && network.base().loss < 1.0
        && network.marked().all(|(_, link)| carries(link))
        && !world.in_flight().any(held)
}

/// A promise, with the memory it needs to watch for its breach. A clone is part of a keyframe.
pub trait Property<N: Node>: Clone {
    /// What it promises.
    fn claim(&self) -> &'static Claim;

    /// Called after every event until it finds the promise broken.
    fn watch(&mut self, view: &View<'_, N>) -> Option<Evidence>;

    /// Called once what a step of [`View::changed`] wanted done has left its node: at once if the step took no time, and
    /// never if the node crashed first. No client and no other server knows of a step before, and no disk. The node is
    /// as it was after the step.
    fn left(&mut self, _view: &View<'_, N>) -> Option<Evidence> {
        None
    }

    /// Called once, when the run is over: the chance of promises that something *will* happen.
    fn conclude(&mut self, _view: &View<'_, N>) -> Option<Evidence> {
        None
    }

    /// Has anything happened yet that the promise speaks of? Until then nothing was judged, and nothing is kept.
    fn concerned(&self) -> bool;

    /// When the script says that all has settled, as far as that is its to say.
    fn settles(&mut self, _at: Time) {}

    /// A client asks for an operation.
    fn asked(&mut self, _op: OpId, _at: Time) {}

    /// An operation ended: with an answer, a refusal among them, or because its client gave up.
    fn ended(&mut self, _op: OpId, _answered: bool, _at: Time) {}

    /// Of a promise of liveness: is anything missing? Asked at the end of the run, and while nothing is to come from
    /// clients and script.
    fn due(&self, _view: &View<'_, N>) -> Due {
        Due::Clear
    }

    /// Why it cannot tell whether it holds, if it cannot. Asked when the run is over.
    fn unsure(&self) -> Option<&'static str> {
        None
    }

    /// How much was judged, if not everything that one might think.
    fn remark(&self) -> Option<String> {
        None
    }
}

impl Evidence {
    /// Evidence in words; what else there is follows with [`Evidence::about`] and [`Evidence::proved_by`].
    pub fn new(text: impl Into<String>) -> Evidence {
        Evidence { text: text.into(), events: Vec::new(), nodes: Vec::new() }
    }

    /// Adds the nodes it concerns.
    pub fn about(mut self, nodes: impl IntoIterator<Item = NodeId>) -> Evidence {
        self.nodes.extend(nodes);
        self
    }

    /// Adds events that prove it.
    pub fn proved_by(mut self, events: impl IntoIterator<Item = EventId>) -> Evidence {
        self.events.extend(events);
        self
    }
}
