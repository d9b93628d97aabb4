//! What the servers say to each other.

use super::freshness::Fresh;
use super::log::Entry;
use super::recovery::State;
use crate::sim::Message;
use crate::sim::words::counted;

#[derive(Clone, Debug, Hash)]
pub enum Rpc {
    /// New entries, or none: the primary lives. `prev` is the digest of its log up to `index`, after which the entries
    /// come.
    Replicate {
        view: u64,
        index: u64,
        prev: u64,
        entries: Vec<Entry>,
        commit: u64,
        /// The answer carries it back.
        beat: u64,
        fresh: Option<Fresh>,
    },
    /// The backup holds everything up to here, safe on disk, and its log has this digest there.
    ReplicateAck {
        view: u64,
        upto: u64,
        chain: u64,
        beat: u64,
    },
    /// The backup has something else there, or nothing: go back to here.
    Mismatch {
        view: u64,
        len: u64,
    },
    /// It missed how this view began.
    GetState {
        view: u64,
    },
    /// There is a newer view.
    Stale {
        view: u64,
    },
    /// Viewstamped Replication: let us move to this view.
    StartViewChange {
        view: u64,
    },
    /// To the primary of the new view: what this server has, and the last view in which it was normal.
    DoViewChange {
        view: u64,
        normal: u64,
        log: Vec<Entry>,
        commit: u64,
    },
    /// From the primary of the new view: this is where we are.
    StartView {
        view: u64,
        log: Vec<Entry>,
        commit: u64,
    },
    /// Is the sender still the primary of this view?
    Confirm {
        view: u64,
        round: u64,
    },
    ConfirmReply {
        view: u64,
        round: u64,
    },
    /// The sender has forgotten all but, perhaps, that it had left for this view: where are we?
    Recovery {
        view: u64,
        nonce: u64,
    },
    /// Here, says a server at work; the primary of the view adds what it has.
    RecoveryResponse {
        view: u64,
        nonce: u64,
        state: Option<State>,
    },
}

impl Message for Rpc {
    fn kind(&self) -> &'static str {
        match self {
            Rpc::Replicate { entries, .. } if entries.is_empty() => "Heartbeat",
            Rpc::Replicate { .. } => "Replicate",
            Rpc::ReplicateAck { .. } => "ReplicateAck",
            Rpc::Mismatch { .. } => "MismatchReply",
            Rpc::GetState { .. } => "GetState",
            Rpc::Stale { .. } => "StaleReply",
            Rpc::Confirm { .. } => "Confirm",
            Rpc::ConfirmReply { .. } => "ConfirmReply",
            Rpc::StartViewChange { .. } => "StartViewChange",
            Rpc::DoViewChange { .. } => "DoViewChange",
            Rpc::StartView { .. } => "StartView",
            Rpc::Recovery { .. } => "Recovery",
            Rpc::RecoveryResponse { .. } => "RecoveryResponse",
        }
    }

    fn size(&self) -> u32 {
        let entries = |entries: &[Entry]| 32 * entries.len() as u32;
        match self {
            Rpc::Replicate { entries: new, .. } => 64 + entries(new),
            Rpc::DoViewChange { log, .. } | Rpc::StartView { log, .. } => 64 + entries(log),
            Rpc::RecoveryResponse { state: Some(state), .. } => 64 + entries(&state.log),
            _ => 64,
        }
    }

    fn text(&self) -> String {
        match self {
            Rpc::Replicate { view, index, entries, commit, .. } => {
                let list: Vec<String> = entries.iter().map(|e| e.to_string()).collect();
                let what = if list.is_empty() { "nothing new".to_owned() } else { list.join(", ") };
                format!("{what} after {index}, done up to {commit}, view {view}")
            }
            Rpc::ReplicateAck { view, upto, .. } => format!("has everything up to {upto}, view {view}"),
            Rpc::Mismatch { view, len } => format!("does not fit: go back to {len}, view {view}"),
            Rpc::GetState { view } => format!("missed how view {view} began"),
            Rpc::Stale { view } => format!("view {view} has begun"),
            Rpc::Confirm { view, .. } => format!("am I still the primary of view {view}?"),
            Rpc::ConfirmReply { view, .. } => format!("you are the primary of view {view}"),
            Rpc::StartViewChange { view } => format!("let us begin view {view}"),
            Rpc::DoViewChange { view, normal, log, .. } => {
                format!("view {view}: has {}, last in view {normal}", counted(log.len() as u64, "entry"))
            }
            Rpc::StartView { view, log, .. } => {
                format!("view {view} begins with {}", counted(log.len() as u64, "entry"))
            }
            Rpc::Recovery { .. } => "has forgotten everything: where are we?".to_owned(),
            Rpc::RecoveryResponse { view, state: None, .. } => format!("we are in view {view}"),
            Rpc::RecoveryResponse { view, state: Some(state), .. } => {
                let entries = counted(state.log.len() as u64, "entry");
                format!("we are in view {view}, of which it is the primary, with {entries}")
            }
        }
    }
}
