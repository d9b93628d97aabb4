//! The contract every protocol signs.

use std::fmt::{self, Debug};
use std::hash::Hash;

use super::outcome::{Outcome, Value};
use super::request::{OpId, Request, Token};
use super::retained::Retained;
use smol_str::SmolStr;

use super::rng::Dice;
use super::time::{LocalTime, Micros};

/// A place in the network. Nodes come first (`n1` is 0), then the clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u16);

impl NodeId {
    /// Its place in a list of all nodes and clients.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0 + 1)
    }
}

/// What nodes say to each other. The network sees the envelope (kind and size), never the letter.
pub trait Message: Clone + Debug + Hash {
    /// The kind in the paper's words, such as `"RequestVote"`; chooses glyph and label.
    fn kind(&self) -> &'static str;

    /// Bytes on the wire, for bandwidth and cost.
    fn size(&self) -> u32 {
        64
    }

    /// The content in the protocol's terms, for a person who points at the message.
    fn text(&self) -> String {
        format!("{self:?}")
    }
}

/// One participant of a protocol: a state machine without clock, network or disk of its own.
pub trait Node: Clone + 'static {
    /// What nodes of this protocol say to each other.
    type Message: Message;
    /// What it sets alarms for; setting one again replaces it.
    type Timer: Copy + Ord + Debug;
    /// What it writes to disk; `()` if nothing.
    type Record: Clone + Debug;

    /// The only way in; `ctx` is the only way out.
    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>);

    /// What part it plays now. Asked after every event: it must cost next to nothing.
    fn role(&self) -> Role {
        Role::Peer
    }

    /// Its term, ballot or view now, if it has one.
    fn epoch(&self) -> Option<Epoch> {
        None
    }

    /// What else a picture may know.
    fn inspect(&self) -> Inspect;

    /// What became of its clients' writes here, if it can tell one from another. Otherwise judges go by the values that
    /// it shows ([`Inspect::holds`]).
    fn retained(&self) -> Option<Retained> {
        None
    }

    /// The writes that a disk holds, safe ones only, if it can be told.
    fn written(_disk: &[Self::Record]) -> Option<Vec<OpId>> {
        None
    }

    /// Is it one of those that are to hold this key? Where each holds only some, it must know which.
    fn keeps(&self, _key: &SmolStr) -> bool {
        true
    }
}

/// Everything that can happen to a node.
pub enum Input<'a, N: Node> {
    /// It begins, or begins again after a crash, with what its disk kept.
    Start { disk: &'a [N::Record] },
    /// A message arrived.
    Message { from: NodeId, message: N::Message },
    /// An alarm it had set went off.
    Timer(N::Timer),
    /// A client asks. The answer, if any, goes out by [`Ctx::reply`].
    Request(Request),
    /// The first `through` records it ever appended are safe on disk.
    Synced { through: u64 },
}

/// What a node wants done; the world does it when the work of the step is done.
#[derive(Clone, Debug)]
pub enum Effect<N: Node> {
    Send {
        to: NodeId,
        message: N::Message,
    },
    SetTimer {
        timer: N::Timer,
        after: Micros,
    },
    Cancel(N::Timer),
    Append(N::Record),
    Sync,
    Reply {
        op: OpId,
        outcome: Outcome,
        token: Token,
    },
    /// A line for the story; empty where no story is kept.
    Note(Option<String>),
}

/// A node's hands during one step. It records effects and performs none.
pub struct Ctx<'a, N: Node> {
    pub(super) me: NodeId,
    pub(super) cluster: u16,
    pub(super) now: LocalTime,
    pub(super) listening: bool,
    pub(super) dice: &'a mut Dice,
    pub(super) effects: &'a mut Vec<Effect<N>>,
    pub(super) work: Micros,
}

impl<N: Node> Ctx<'_, N> {
    /// Which node this is.
    pub fn me(&self) -> NodeId {
        self.me
    }

    /// How many nodes there are.
    pub fn cluster(&self) -> u16 {
        self.cluster
    }

    /// Every other node, in order.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + use<N> {
        let me = self.me;
        (0..self.cluster).map(NodeId).filter(move |node| *node != me)
    }

    /// This node's own clock: never true time.
    pub fn now(&self) -> LocalTime {
        self.now
    }

    /// This node's own stream of chance.
    pub fn rng(&mut self) -> &mut Dice {
        self.dice
    }

    /// Sends a message. Whether it arrives is up to the network.
    #[inline]
    pub fn send(&mut self, to: NodeId, message: N::Message) {
        self.effects.push(Effect::Send { to, message });
    }

    /// Sets an alarm on this node's clock; the same timer set again is moved.
    #[inline]
    pub fn set_timer(&mut self, timer: N::Timer, after: Micros) {
        self.effects.push(Effect::SetTimer { timer, after });
    }

    /// Takes an alarm back; nothing happens if it is not set.
    pub fn cancel(&mut self, timer: N::Timer) {
        self.effects.push(Effect::Cancel(timer));
    }

    /// Hands a record to the disk; a crash before the next [`Input::Synced`] that covers it may lose it.
    pub fn append(&mut self, record: N::Record) {
        self.effects.push(Effect::Append(record));
    }

    /// Asks the disk to make everything appended so far durable; [`Input::Synced`] answers.
    pub fn sync(&mut self) {
        self.effects.push(Effect::Sync);
    }

    /// Occupies the processor: this step's effects leave the node when the work is done.
    pub fn work(&mut self, length: Micros) {
        self.work += length;
    }

    /// Answers a client.
    pub fn reply(&mut self, op: OpId, outcome: Outcome) {
        self.reply_as_of(op, outcome, Token::default());
    }

    /// Answers a client, and tells how new the state is that it sees by this.
    pub fn reply_as_of(&mut self, op: OpId, outcome: Outcome, token: Token) {
        self.effects.push(Effect::Reply { op, outcome, token });
    }

    /// One line for the story, at the moment it is true; the line is only made if a story is kept.
    pub fn note(&mut self, line: impl FnOnce() -> String) {
        self.effects.push(Effect::Note(self.listening.then(line)));
    }
}

/// What a node shows of itself: the vocabulary that pictures and predicates share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspect {
    pub role: Role,
    /// Term, ballot or view; its name is the protocol's.
    pub epoch: Option<Epoch>,
    pub log: Option<LogView>,
    /// What it holds, in the order of the keys.
    pub holds: Vec<Held>,
    /// What it keeps for others until they are back; the key says for whom: `"x for n2"`.
    pub keeps: Vec<Held>,
    /// How many updates it has applied, where replicas can be compared by that and there is no log that says it.
    pub applied: Option<u64>,
    /// The hash trees by which it compares itself with others.
    pub trees: Vec<HashTree>,
    /// Anything else worth a line: name and value.
    pub facts: Vec<(&'static str, String)>,
}

/// What part a node plays, in words that fit every protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// No node is special.
    #[default]
    Peer,
    Follower,
    Candidate,
    Leader,
}

impl Role {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Peer => "peer",
            Role::Follower => "follower",
            Role::Candidate => "candidate",
            Role::Leader => "leader",
        }
    }
}

/// A term, ballot or view: the protocol's name for it, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    pub name: &'static str,
    pub number: u64,
}

/// A Merkle tree over what a node and another both hold: its levels, from the root down to the leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashTree {
    pub with: NodeId,
    pub levels: Vec<Vec<u64>>,
}

/// What a node holds under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub key: SmolStr,
    /// One; several if they contradict each other and no write has settled it yet; none for what was removed.
    pub versions: Vec<Version>,
}

/// One value, and what tells it from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub value: Value,
    /// Its clock, version vector or place in a log, in the protocol's words; empty where there is none.
    pub stamp: String,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<String> = self.versions.iter().map(|version| version.value.to_string()).collect();
        let versions = if versions.is_empty() { "nothing".to_owned() } else { versions.join(" | ") };
        write!(f, "{} = {versions}", self.key)
    }
}

/// A replicated log as a picture may know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogView {
    /// The index of the first entry shown.
    pub first: u64,
    /// Epoch and content of each entry.
    pub entries: Vec<(u64, String)>,
    /// The last index known to be committed.
    pub commit: u64,
    /// The last index applied to the state machine.
    pub applied: u64,
}
