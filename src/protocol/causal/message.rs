//! What replicas say to each other.

use super::update::Update;
use crate::sim::Message;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rpc {
    /// Updates that the sender took, in its order.
    Replicate(Vec<Update>),
    /// The receiver's updates up to this one are here, safe on disk.
    ReplicateAck { upto: u64 },
}

impl Message for Rpc {
    fn kind(&self) -> &'static str {
        match self {
            Rpc::Replicate(_) => "Replicate",
            Rpc::ReplicateAck { .. } => "ReplicateAck",
        }
    }

    fn size(&self) -> u32 {
        let size = |update: &Update| 40 + 8 * update.after.dots().count() as u32;
        match self {
            Rpc::Replicate(updates) => 48 + updates.iter().map(size).sum::<u32>(),
            Rpc::ReplicateAck { .. } => 48,
        }
    }

    fn text(&self) -> String {
        let told = |update: &Update| format!("{update} after {}", update.after);
        match self {
            Rpc::Replicate(updates) => updates.iter().map(told).collect::<Vec<_>>().join("; "),
            Rpc::ReplicateAck { upto } => format!("has your updates up to {upto}"),
        }
    }
}
