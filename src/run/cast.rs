//! The one list of protocols.

use crate::check::Claim;
use crate::check::{clients, convergence, losses, objective};
use crate::protocol::Protocol;
use crate::protocol::causal::Causal;
use crate::protocol::echo::Echo;
use crate::protocol::gossip::Gossip;
use crate::protocol::primary_backup::Server;
use crate::protocol::quorum::Replica;
use crate::protocol::raft::Raft;
use crate::scenario::{Plan, Role};
use crate::sim::{Fit, Knob, Level};

use super::erased::{Play, Run};
use super::timeline::Timeline;

/// One protocol, with its type forgotten.
pub struct Part {
    pub name: &'static str,
    pub about: &'static str,
    pub knobs: &'static [Knob],
    pub claims: &'static [Claim],
    /// The strongest level that it serves.
    pub strongest: Level,
    /// A written knob that cannot stand where it stands, with so many nodes.
    pub misfit: Fit,
    /// Can the protocol read this as the content of a disk?
    pub disk: fn(&str) -> Result<(), String>,
    /// Puts a plan on, with a trace.
    pub play: fn(Plan) -> Box<dyn Run>,
    /// Runs a plan to its end without a trace, for searching many.
    pub blind: fn(Plan) -> Box<dyn Run>,
}

/// Every protocol that can be put on.
pub const CAST: &[Part] = &[
    part::<Echo>(),
    part::<Gossip>(),
    part::<Server>(),
    part::<Replica>(),
    part::<Causal>(),
    part::<Raft>(),
];

const fn part<P: Protocol>() -> Part {
    Part {
        name: P::NAME,
        about: P::ABOUT,
        knobs: P::KNOBS,
        claims: P::CLAIMS,
        strongest: P::STRONGEST,
        misfit: P::misfit,
        disk: |text| P::disk(text).map(drop),
        play: |plan| Box::new(Play::new(Timeline::<P>::new(plan))),
        blind: |plan| Box::new(Play::new(Timeline::<P>::blind(plan))),
    }
}

impl Part {
    /// The protocol that scenario files call so.
    pub fn named(name: &str) -> Option<&'static Part> {
        CAST.iter().find(|part| part.name == name)
    }
}

/// Puts a plan on; `None` if its protocol is not in the cast.
pub fn play(plan: Plan) -> Option<Box<dyn Run>> {
    Part::named(&plan.protocol).map(|part| (part.play)(plan))
}

/// Puts a plan on that nobody will look at: no trace, no way back. `None` if its protocol is not in the cast.
pub fn blind(plan: Plan) -> Option<Box<dyn Run>> {
    Part::named(&plan.protocol).map(|part| (part.blind)(plan))
}

/// What any protocol can be held to.
pub fn common_claims() -> impl Iterator<Item = &'static Claim> {
    clients::claims().chain([&losses::CLAIM]).chain(objective::CLAIMS).chain([&convergence::CLAIM])
}

/// The words that scripts may use about this cast.
pub fn roles() -> Vec<Role> {
    let role = |part: &Part| Role {
        name: part.name,
        about: part.about,
        knobs: part.knobs,
        promises: part.claims.iter().chain(common_claims()).map(|claim| claim.name).collect(),
        objectives: objective::KEYS,
        strongest: part.strongest,
        misfit: part.misfit,
        disk: part.disk,
    };
    CAST.iter().map(role).collect()
}
