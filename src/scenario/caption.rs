//! Captions as a script writes them.

use super::at::At;
use super::fields::{Fields, Read, Reads, choice};
use super::length::Length;
use super::only::Only;
use super::people::People;
use super::plan::{Caption, When};
use super::slip::Slip;
use super::tree::Item;
use crate::sim::{Role, Time};

/// A sentence that appears when something first becomes true.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CaptionText {
    when: At<WhenText>,
    /// The sentence. `{node}` is the node that did it, `{epoch}` the number of its term or view.
    pub say: At<String>,
    /// It is said in these variants only.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub variant: Only,
}

/// Every part that is given must be true at once.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
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
    /// This promise is judged, and not broken so far.
    holds: Option<At<String>>,
}

#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
enum RoleText {
    Follower,
    Candidate,
    Leader,
}

impl CaptionText {
    pub(super) const KEYS: &'static [&'static str] = &["when", "say", "variant"];
}

impl Reads for CaptionText {
    fn read(item: &Item) -> Read<CaptionText> {
        let fields = Fields::of(item, CaptionText::KEYS)?;
        Ok(CaptionText {
            when: fields.need("when")?,
            say: fields.need("say")?,
            variant: fields.or_default("variant")?,
        })
    }
}

impl WhenText {
    pub(super) const KEYS: &'static [&'static str] =
        &["after", "node", "role", "epoch", "commit", "note", "lost", "broken", "holds"];
}

impl WhenText {
    fn speaks_of_a_node(&self) -> bool {
        self.role.is_some() || self.epoch.is_some() || self.commit.is_some() || self.note.is_some()
    }

    fn stands_with_lost(&self) -> bool {
        !self.speaks_of_a_node() && self.node.is_none() && self.broken.is_none() && self.holds.is_none()
    }

    fn is_empty(&self) -> bool {
        let WhenText { after, node, role, epoch, commit, note, lost, broken, holds } = self;
        after.is_none()
            && role.is_none()
            && (epoch.is_none() && commit.is_none())
            && (note.is_none() && lost.is_none())
            && (node.is_none() && broken.is_none() && holds.is_none())
    }
}

impl Reads for WhenText {
    fn read(item: &Item) -> Read<WhenText> {
        let fields = Fields::of(item, WhenText::KEYS)?;
        Ok(WhenText {
            after: fields.get("after")?,
            node: fields.get("node")?,
            role: fields.get("role")?,
            epoch: fields.get("epoch")?,
            commit: fields.get("commit")?,
            note: fields.get("note")?,
            lost: fields.get("lost")?,
            broken: fields.get("broken")?,
            holds: fields.get("holds")?,
        })
    }
}

impl Reads for RoleText {
    fn read(item: &Item) -> Read<RoleText> {
        let roles = [RoleText::Follower, RoleText::Candidate, RoleText::Leader];
        Ok(roles[choice(item, &["follower", "candidate", "leader"])?])
    }
}

impl CaptionText {
    pub fn mean(
        &self,
        people: &People<'_>,
        promise: impl Fn(&str) -> Result<(), Slip>,
    ) -> Result<Caption, Slip> {
        let when = self.when.get();
        if when.is_empty() {
            let hint = format!("Name at least one of {}.", WhenText::KEYS.join(", "));
            return Err(self.when.slip(people.text, "nothing is waited for", hint));
        }
        if when.lost.is_some() && !when.stands_with_lost() {
            let hint = "`lost` goes together with `after` only: write another caption for the rest.";
            return Err(self.when.slip(people.text, "this can never be true", hint));
        }
        if when.node.is_some() && !when.speaks_of_a_node() {
            let hint = "Say what is true of it, with role, epoch, commit or note.";
            return Err(self.when.slip(people.text, "`node` alone says nothing", hint));
        }
        for name in [&when.broken, &when.holds].into_iter().flatten() {
            promise(name.get()).map_err(|slip| slip.at(people.text, name.offset()))?;
        }
        self.check_names(people.text)?;
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
                holds: when.holds.as_ref().map(|name| name.get().clone()),
            },
            say: self.say.get().clone(),
        })
    }

    /// A sentence can name only what it waited for.
    fn check_names(&self, text: &str) -> Result<(), Slip> {
        let when = self.when.get();
        let mut rest = self.say.get().as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let name = after.split_once('}').map_or(after, |(name, _)| name);
            if !["node", "epoch"].contains(&name) {
                let what = format!("nothing stands for {{{name}}}");
                return Err(self.say.slip(text, what, "A sentence can name {node} and {epoch}."));
            }
            if !when.speaks_of_a_node() {
                let hint = "Wait for what a node does, with role, epoch, commit or note.";
                return Err(self.say.slip(
                    text,
                    format!("this waits for no node to name as {{{name}}}"),
                    hint,
                ));
            }
            rest = after;
        }
        Ok(())
    }
}
