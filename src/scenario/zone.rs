//! Zones: nodes that stand together, and go dark together.

use super::people::People;
use super::script::Script;
use super::slip::Slip;
use crate::sim::NodeId;

/// A zone and the nodes in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    pub name: String,
    pub nodes: Vec<NodeId>,
}

impl Script {
    /// The zones, each node in one of them at most.
    pub(super) fn zones(&self, people: &People<'_>) -> Result<Vec<Zone>, Slip> {
        let mut zones: Vec<Zone> = Vec::new();
        for (name, members) in &self.zones.0 {
            people.check_name("zone", name)?;
            if people.anybody(name).is_ok() || zones.iter().any(|zone| zone.name == *name.get()) {
                let what = format!("somebody else is called {:?}", name.get());
                return Err(name.slip(people.text, what, "Choose another name."));
            }
            if members.is_empty() {
                let what = format!("the zone {:?} is empty", name.get());
                return Err(name.slip(people.text, what, "Name the nodes in it: [\"n1\", \"n2\"]."));
            }
            let mut nodes = Vec::new();
            for member in members {
                let node = people.node(member)?;
                if nodes.contains(&node) || zones.iter().any(|zone| zone.nodes.contains(&node)) {
                    let what = format!("{:?} stands in two places", member.get());
                    return Err(member.slip(people.text, what, "Name every node once."));
                }
                nodes.push(node);
            }
            zones.push(Zone { name: name.get().clone(), nodes });
        }
        Ok(zones)
    }
}
