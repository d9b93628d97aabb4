//! One client: what it asks for, how often, and how long it waits.

use smol_str::SmolStr;

use crate::sim::{Call, Micros, NodeId, Time};

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
pub enum Ask {
    Call(Call),
    /// A write of the next number that nobody wrote yet, so that every value tells who wrote it and when.
    WriteNext(SmolStr),
}

impl Ask {
    /// The call that it stands for; `fresh` counts the numbers given out.
    pub fn call(&self, fresh: &mut i64) -> Call {
        match self {
            Ask::Call(call) => call.clone(),
            Ask::WriteNext(key) => {
                *fresh += 1;
                Call::Write { key: key.clone(), value: *fresh }
            }
        }
    }
}
