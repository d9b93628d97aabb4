//! The messages of Raft (figure 2), and those of pre-vote (dissertation, section 9.6).

use super::log::Entry;
use crate::sim::Message;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rpc {
    RequestVote(Ballot),
    RequestVoteReply {
        term: u64,
        granted: bool,
    },
    /// Would you vote for me in `Ballot::term`? Binds no voter.
    PreVote(Ballot),
    PreVoteReply {
        term: u64,
        asked: u64,
        granted: bool,
    },
    AppendEntries {
        term: u64,
        prev_index: u64,
        prev_term: u64,
        entries: Vec<Entry>,
        commit: u64,
        round: Round,
    },
    AppendEntriesReply {
        term: u64,
        result: AppendResult,
        heartbeat: bool,
        /// That of the request.
        round: Round,
    },
}

/// Which round of heartbeats a message belongs to, so that an answer can be told from a late one (dissertation 6.4);
/// 0 where reads need none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round(pub u64);

impl Round {
    pub fn next(self) -> Round {
        Round(self.0 + 1)
    }
}

impl std::hash::Hash for Round {
    /// A message without a round has the digest of a Raft that knows no rounds: links carry fingerprints.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        if self.0 != 0 {
            state.write_u64(self.0);
        }
    }
}

/// What a candidate shows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ballot {
    pub term: u64,
    pub last_index: u64,
    pub last_term: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppendResult {
    /// The logs agree up to this index.
    Match(u64),
    /// They do not agree at `prev_index`. For fast back-up (end of section 5.3): the term of the conflicting entry
    /// and the first index it has in that term, or no term and the index after the last.
    Conflict { term: Option<u64>, index: u64 },
}

impl Message for Rpc {
    fn kind(&self) -> &'static str {
        match self {
            Rpc::RequestVote(_) => "RequestVote",
            Rpc::RequestVoteReply { .. } => "RequestVoteReply",
            Rpc::PreVote(_) => "PreVote",
            Rpc::PreVoteReply { .. } => "PreVoteReply",
            Rpc::AppendEntries { entries, .. } if entries.is_empty() => "Heartbeat",
            Rpc::AppendEntries { .. } => "AppendEntries",
            Rpc::AppendEntriesReply { heartbeat: true, .. } => "HeartbeatReply",
            Rpc::AppendEntriesReply { .. } => "AppendEntriesReply",
        }
    }

    fn size(&self) -> u32 {
        match self {
            Rpc::AppendEntries { entries, .. } => 48 + 40 * entries.len() as u32,
            _ => 40,
        }
    }

    fn text(&self) -> String {
        match self {
            Rpc::RequestVote(ballot) => format!("asks for a vote in {ballot}"),
            Rpc::PreVote(ballot) => format!("would ask for a vote in {ballot}"),
            Rpc::RequestVoteReply { term, granted } | Rpc::PreVoteReply { term, granted, .. } => {
                format!("vote {}, term {term}", if *granted { "granted" } else { "refused" })
            }
            Rpc::AppendEntries { term, prev_index, prev_term, entries, commit, .. } => {
                let entries = match entries.len() as u64 {
                    0 => "no entries".to_owned(),
                    1 => format!("entry {}", prev_index + 1),
                    n => format!("entries {} to {}", prev_index + 1, prev_index + n),
                };
                format!("{entries} after {prev_index} (term {prev_term}), commit {commit}, term {term}")
            }
            Rpc::AppendEntriesReply { term, result, .. } => format!("{result}, term {term}"),
        }
    }
}

impl std::fmt::Display for Ballot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "term {}, last entry {} of term {}", self.term, self.last_index, self.last_term)
    }
}

impl std::fmt::Display for AppendResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AppendResult::Match(index) => write!(f, "matches up to {index}"),
            AppendResult::Conflict { term: Some(term), index } => {
                write!(f, "conflict: its term {term} begins at {index}")
            }
            AppendResult::Conflict { term: None, index } => write!(f, "its log ends before {index}"),
        }
    }
}
