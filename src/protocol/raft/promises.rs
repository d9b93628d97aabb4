//! Every promise of Raft, as one type.

use super::Raft;
use super::liveness::{Progress, StableLeader};
use super::safety::{ElectionSafety, LeaderAppendOnly, LeaderCompleteness, LogMatching, StateMachineSafety};
use crate::check::{Claim, Evidence, Property, View};
use crate::sim::{OpId, Time};

#[derive(Clone, Debug)]
pub enum Promise {
    ElectionSafety(ElectionSafety),
    LeaderAppendOnly(LeaderAppendOnly),
    LogMatching(LogMatching),
    LeaderCompleteness(LeaderCompleteness),
    StateMachineSafety(StateMachineSafety),
    StableLeader(StableLeader),
    Progress(Progress),
}

pub const CLAIMS: &[Claim] = &[
    ElectionSafety::CLAIM,
    LeaderAppendOnly::CLAIM,
    LogMatching::CLAIM,
    LeaderCompleteness::CLAIM,
    StateMachineSafety::CLAIM,
    StableLeader::CLAIM,
    Progress::CLAIM,
];

/// A judge for each of [`CLAIMS`].
pub fn all(cluster: u16) -> Vec<Promise> {
    vec![
        Promise::ElectionSafety(ElectionSafety::default()),
        Promise::LeaderAppendOnly(LeaderAppendOnly::new(cluster)),
        Promise::LogMatching(LogMatching::new(cluster)),
        Promise::LeaderCompleteness(LeaderCompleteness::new(cluster)),
        Promise::StateMachineSafety(StateMachineSafety::new(cluster)),
        Promise::StableLeader(StableLeader::default()),
        Promise::Progress(Progress::default()),
    ]
}

impl Property<Raft> for Promise {
    fn claim(&self) -> &'static Claim {
        match self {
            Promise::ElectionSafety(_) => &ElectionSafety::CLAIM,
            Promise::LeaderAppendOnly(_) => &LeaderAppendOnly::CLAIM,
            Promise::LogMatching(_) => &LogMatching::CLAIM,
            Promise::LeaderCompleteness(_) => &LeaderCompleteness::CLAIM,
            Promise::StateMachineSafety(_) => &StateMachineSafety::CLAIM,
            Promise::StableLeader(_) => &StableLeader::CLAIM,
            Promise::Progress(_) => &Progress::CLAIM,
        }
    }

    fn watch(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        match self {
            Promise::ElectionSafety(judge) => judge.watch(view),
            Promise::LeaderAppendOnly(judge) => judge.watch(view),
            Promise::LogMatching(judge) => judge.watch(view),
            Promise::LeaderCompleteness(judge) => judge.watch(view),
            Promise::StateMachineSafety(judge) => judge.watch(view),
            Promise::StableLeader(judge) => judge.watch(view),
            Promise::Progress(judge) => judge.watch(view),
        }
    }

    fn conclude(&mut self, view: &View<'_, Raft>) -> Option<Evidence> {
        match self {
            Promise::Progress(judge) => judge.overdue(view),
            Promise::StableLeader(judge) => judge.conclude(view),
            _ => None,
        }
    }

    fn settles(&mut self, at: Time) {
        if let Promise::StableLeader(judge) = self {
            judge.settles(at);
        }
    }

    fn asked(&mut self, op: OpId, at: Time) {
        if let Promise::Progress(judge) = self {
            judge.asked(op, at);
        }
    }

    fn ended(&mut self, op: OpId, answered: bool, at: Time) {
        if let Promise::Progress(judge) = self {
            judge.ended(op, answered, at);
        }
    }

    fn concerned(&self) -> bool {
        match self {
            Promise::ElectionSafety(judge) => judge.concerned(),
            Promise::LeaderAppendOnly(judge) => judge.concerned(),
            Promise::LogMatching(judge) => judge.concerned(),
            Promise::LeaderCompleteness(judge) => judge.concerned(),
            Promise::StateMachineSafety(judge) => judge.concerned(),
            Promise::StableLeader(judge) => judge.concerned(),
            Promise::Progress(judge) => judge.concerned(),
        }
    }
}
