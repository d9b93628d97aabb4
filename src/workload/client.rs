//! One client: what it asks for, whom, and how long it waits.

use super::ask::Ask;
use super::pace::Pace;
use super::popularity::Keys;
use super::retry::Retry;
use crate::sim::{Level, Micros, NodeId, Time};

/// A client and what it does all day.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    pub name: String,
    /// Asked in turn, over and over, or drawn by the weights of `mix`.
    pub asks: Vec<Ask>,
    /// How often each of `asks` is drawn, beside the others; empty: they are asked in turn.
    pub mix: Vec<u32>,
    /// The keys that stand behind a family such as `k*`.
    pub keys: Keys,
    /// When it asks.
    pub pace: Pace,
    /// When it begins.
    pub from: Time,
    /// When it has had enough.
    pub to: Time,
    /// How long it waits before it counts an operation as unknown and tries another node with the next.
    pub timeout: Micros,
    /// What it does before that; without a policy it only asks again where it was refused.
    pub retry: Option<Retry>,
    /// The node it asks first.
    pub node: NodeId,
    /// Where its operations go.
    pub session: Route,
    /// Where its reads go; `None`: where everything goes.
    pub reads: Option<Route>,
    /// The level at which it is served where it asks for none: judges hold what it hears against everything.
    pub level: Level,
}

/// Where an operation goes first; a refusal may send it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// To the node that the client believes in: the one that a refusal named last, or another after silence.
    #[default]
    Believed,
    /// Always to this one.
    To(NodeId),
    /// To each of so many nodes in turn.
    Anywhere(u16),
}

impl Default for Client {
    /// A client that asks for nothing, once a second.
    fn default() -> Client {
        Client {
            name: String::new(),
            asks: Vec::new(),
            mix: Vec::new(),
            keys: Keys::default(),
            pace: Pace::Every(Micros::from_secs(1)),
            from: Time::ZERO,
            to: Time::NEVER,
            timeout: Micros::from_secs(1),
            retry: None,
            node: NodeId(0),
            session: Route::Believed,
            reads: None,
            level: Level::Set,
        }
    }
}

impl Client {
    /// The route of a read, or of anything else.
    pub fn route(&self, read: bool) -> Route {
        self.reads.filter(|_| read).unwrap_or(self.session)
    }

    /// How many of its operations can be under way at once.
    pub fn most_under_way(&self) -> u64 {
        match &self.pace {
            Pace::Every(_) | Pace::Think(_) => 1,
            Pace::Open(arrivals) => arrivals.most_within(self.timeout),
        }
    }
}
