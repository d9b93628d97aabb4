//! Captions as a script writes them.

use serde::Deserialize;

use super::at::At;
use super::length::Length;
use super::people::People;
use super::plan::{Caption, When};
use super::slip::Slip;
use crate::sim::{Role, Time};

/// A sentence that appears when something first becomes true.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CaptionText {
    when: WhenText,
    pub say: String,
}

/// Every part that is given must be true at once.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct WhenText {
    /// Not before this time.
    after: Option<Length>,
    /// The node that the other parts speak of; any node without it.
    node: Option<At<String>>,
    /// The node plays this part.
    role: Option<RoleText>,
    /// Its term is at least this.
    epoch: Option<u64>,
    /// Its commit index is at least this.
    commit: Option<u64>,
    /// It wrote a line of the story that contains this.
    note: Option<String>,
    /// A message of this kind was lost ("any" for every kind).
    lost: Option<String>,
    /// This promise is broken.
    broken: Option<At<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum RoleText {
    Follower,
    Candidate,
    Leader,
}

impl CaptionText {
    pub fn read(
        &self,
        people: &People<'_>,
        promise: impl Fn(&str) -> Result<(), Slip>,
    ) -> Result<Caption, Slip> {
        let when = &self.when;
        if let Some(name) = &when.broken {
            promise(name.get()).map_err(|slip| slip.at(people.text, name.span()))?;
        }
        Ok(Caption {
            when: When {
                after: when.after.map(|Length(after)| Time(after.0)),
                node: when.node.as_ref().map(|name| people.node(name)).transpose()?,
                role: when.role.map(|role| match role {
                    RoleText::Follower => Role::Follower,
                    RoleText::Candidate => Role::Candidate,
                    RoleText::Leader => Role::Leader,
                }),
                epoch: when.epoch,
                commit: when.commit,
                note: when.note.clone(),
                lost: when.lost.clone(),
                broken: when.broken.as_ref().map(|name| name.get().clone()),
            },
            say: self.say.clone(),
        })
    }
}
