//! Things on the stage: pointed at, described, parted.

use serde::Serialize;

use crate::run::Run;
use crate::run::describe::Description;
use crate::scenario::fields::{Fields, Read, Reads, misread};
use crate::scenario::tree::Item;
use crate::sim::EventId;
use crate::view::Target;

/// A thing on the stage, by the names that scripts use.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TargetModel {
    Node { id: String },
    Client { id: String },
    Message { id: u32 },
    Link { from: String, to: String },
    Event { id: u32 },
}

impl TargetModel {
    pub fn of(target: Target, run: &dyn Run) -> TargetModel {
        let name = |id| run.names().of(id);
        match target {
            Target::Node(id) => TargetModel::Node { id: name(id) },
            Target::Client(id) => TargetModel::Client { id: name(id) },
            Target::Message(EventId(id)) => TargetModel::Message { id },
            Target::Event(EventId(id)) => TargetModel::Event { id },
            Target::Link(a, b) => TargetModel::Link { from: name(a), to: name(b) },
        }
    }

    pub fn target(&self, run: &dyn Run) -> Option<Target> {
        let place = |name: &str| run.names().find(name);
        Some(match self {
            TargetModel::Node { id } => Target::Node(place(id)?),
            TargetModel::Client { id } => Target::Client(place(id)?),
            TargetModel::Message { id } => Target::Message(EventId(*id)),
            TargetModel::Event { id } => Target::Event(EventId(*id)),
            TargetModel::Link { from, to } => Target::Link(place(from)?, place(to)?),
        })
    }
}

impl Reads for TargetModel {
    fn read(item: &Item) -> Read<TargetModel> {
        let fields = Fields::of(item, &["kind", "id", "from", "to"])?;
        let kind: String = fields.need("kind")?;
        Ok(match kind.as_str() {
            "node" => TargetModel::Node { id: fields.need("id")? },
            "client" => TargetModel::Client { id: fields.need("id")? },
            "message" => TargetModel::Message { id: fields.need("id")? },
            "event" => TargetModel::Event { id: fields.need("id")? },
            "link" => TargetModel::Link { from: fields.need("from")?, to: fields.need("to")? },
            _ => return misread(item, "a target is a node, a client, a message, a link or an event", ""),
        })
    }
}

#[derive(Serialize)]
pub struct DescriptionModel {
    title: String,
    subtitle: String,
    facts: Vec<(String, String)>,
}

impl From<Description> for DescriptionModel {
    fn from(said: Description) -> DescriptionModel {
        DescriptionModel { title: said.title, subtitle: said.subtitle, facts: said.facts }
    }
}

#[derive(Serialize)]
pub struct ActLine {
    pub at: f64,
    pub text: String,
    pub by_hand: bool,
    pub index: usize,
}

#[derive(Serialize)]
pub struct Share {
    pub link: String,
    pub length: usize,
    pub warning: Option<String>,
}
