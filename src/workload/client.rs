//! One client: what it asks for, how often, and how long it waits.

use std::fmt;

use crate::sim::{Call, Level, Micros, NodeId, Time};

/// A client and what it does all day. It asks for one thing at a time: while it waits, it asks for nothing new.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    pub name: String,
    /// Asked in turn, over and over.
    pub asks: Vec<Ask>,
    /// From one request to the next, at least.
    pub every: Micros,
    /// When it begins.
    pub from: Time,
    /// When it has had enough.
    pub to: Time,
    /// How long it waits before it counts an operation as unknown and tries another node with the next.
    pub timeout: Micros,
    /// The node it asks first.
    pub node: NodeId,
    /// Where its reads go.
    pub reads: Route,
    /// The level at which it is served where it asks for none: judges hold what it hears against everything.
    pub level: Level,
}

/// Where a client's reads go first; a refusal may send them on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// To the node it believes in, like everything else.
    #[default]
    AsWrites,
    /// Always to this one.
    To(NodeId),
    /// To each of so many nodes in turn.
    Anywhere(u16),
}

/// An operation as a script names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub call: Call,
    /// Its value is the next number that nobody used yet, so that every value tells who wrote it and when.
    pub fresh: bool,
    pub level: Level,
}

impl Ask {
    /// A call with the values it has.
    pub fn plain(call: Call) -> Ask {
        Ask { call, fresh: false, level: Level::Set }
    }

    /// The call that it stands for when `client` asks; `fresh` counts the numbers given out.
    pub fn call(&self, client: NodeId, fresh: &mut i64) -> Call {
        let mut call = self.call.clone();
        if let Some(value) = call.value_mut().filter(|_| self.fresh) {
            *fresh += 1;
            *value = *fresh;
        }
        if let Some(owner) = call.owner_mut() {
            *owner = client;
        }
        call
    }
}

impl fmt::Display for Ask {
    /// As scripts write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = self.call.to_string();
        let call = if self.fresh { call.rsplit_once(' ').map_or(&*call, |(call, _)| call) } else { &*call };
        write!(f, "{call}{}", self.level)
    }
}
