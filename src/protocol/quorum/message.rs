//! What the nodes say to each other.

use smol_str::SmolStr;

use super::merkle::Branch;
use super::object::Object;
use crate::sim::{Message, NodeId, OpId, Request};

/// A round is one operation at its coordinator, by a number that is never given twice.
#[derive(Clone, Debug, Hash)]
pub enum Rpc {
    /// What do you hold under this key?
    Read {
        round: u64,
        key: SmolStr,
    },
    ReadReply {
        round: u64,
        object: Option<Object>,
    },
    /// Keep this; for `home`, if that is another node, which is out of reach.
    Write {
        round: u64,
        key: SmolStr,
        object: Object,
        home: Option<NodeId>,
    },
    /// It is safe on disk.
    WriteAck {
        round: u64,
    },
    /// Carry this through in my stead.
    Forward(Request),
    ForwardAck {
        op: OpId,
    },
    /// You may lack some of this; and tell me what I lack in these leaves.
    Repair {
        entries: Vec<(SmolStr, Object)>,
        leaves: Vec<u16>,
    },
    /// Are you there?
    Ping,
    PingReply,
    /// The sender stood in for you and kept this.
    Handoff {
        key: SmolStr,
        object: Object,
    },
    /// What has this digest is safe on disk.
    HandoffAck {
        key: SmolStr,
        digest: u64,
    },
    /// Hashes of one level of the sender's tree over the keys that both hold.
    TreeRequest {
        level: u8,
        branches: Vec<Branch>,
    },
    /// Which of them are another here.
    TreeReply {
        level: u8,
        places: Vec<u16>,
    },
}

impl Message for Rpc {
    fn kind(&self) -> &'static str {
        match self {
            Rpc::Read { .. } => "Read",
            Rpc::ReadReply { .. } => "ReadReply",
            Rpc::Write { .. } => "Write",
            Rpc::WriteAck { .. } => "WriteAck",
            Rpc::Forward(_) => "Forward",
            Rpc::ForwardAck { .. } => "ForwardAck",
            Rpc::Repair { .. } => "RepairWrite",
            Rpc::Ping => "Ping",
            Rpc::PingReply => "PingReply",
            Rpc::Handoff { .. } => "HandoffWrite",
            Rpc::HandoffAck { .. } => "HandoffAck",
            Rpc::TreeRequest { .. } => "TreeRequest",
            Rpc::TreeReply { .. } => "TreeReply",
        }
    }

    fn size(&self) -> u32 {
        let content = match self {
            Rpc::ReadReply { object, .. } => object.as_ref().map_or(0, Object::size),
            Rpc::Write { object, .. } | Rpc::Handoff { object, .. } => object.size(),
            Rpc::Repair { entries, .. } => entries.iter().map(|(_, object)| 8 + object.size()).sum(),
            Rpc::TreeRequest { branches, .. } => 10 * branches.len() as u32,
            Rpc::TreeReply { places, .. } => 2 * places.len() as u32,
            _ => 0,
        };
        48 + content
    }

    fn text(&self) -> String {
        match self {
            Rpc::Read { key, .. } => format!("what is {key}?"),
            Rpc::ReadReply { object: None, .. } => "holds nothing".to_owned(),
            Rpc::ReadReply { object: Some(object), .. } => object.to_string(),
            Rpc::Write { key, object, home: None, .. } => format!("{key} is {object}"),
            Rpc::Write { key, object, home: Some(home), .. } => {
                format!("{key} is {object}; keep it for {home}")
            }
            Rpc::WriteAck { .. } => "is on disk".to_owned(),
            Rpc::Forward(request) => format!("carry out: {request}"),
            Rpc::ForwardAck { .. } => "takes it on".to_owned(),
            Rpc::Repair { entries, leaves } => {
                let words: Vec<String> =
                    entries.iter().map(|(key, object)| format!("{key} is {object}")).collect();
                let told = if words.is_empty() { "holds nothing there".to_owned() } else { words.join("; ") };
                let asked = if leaves.is_empty() { "" } else { "; what have you?" };
                format!("{told}{asked}")
            }
            Rpc::Ping => "are you there?".to_owned(),
            Rpc::PingReply => "is here".to_owned(),
            Rpc::Handoff { key, object } => format!("kept for you: {key} is {object}"),
            Rpc::HandoffAck { key, .. } => format!("has {key}, on disk"),
            Rpc::TreeRequest { level, branches } => format!("{} hashes of level {level}", branches.len()),
            Rpc::TreeReply { level, places } if places.is_empty() => format!("the same at level {level}"),
            Rpc::TreeReply { level, places } => format!("{} others at level {level}", places.len()),
        }
    }
}
