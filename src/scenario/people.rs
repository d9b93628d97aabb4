//! Who there is: nodes and clients by name.

use super::at::At;
use super::slip::Slip;
use super::zone::Zone;
use crate::sim::{Links, NodeId};

/// The names of a script, and the text that uses them.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    pub text: &'a str,
    pub nodes: u16,
    pub clients: &'a [String],
    pub zones: &'a [Zone],
}

impl People<'_> {
    /// A node: `n1`, `n2` and so on.
    pub fn node(&self, name: &At<String>) -> Result<NodeId, Slip> {
        match self.find(name.get()) {
            Some(id) if id.0 < self.nodes => Ok(id),
            Some(_) => Err(name.slip(
                self.text,
                format!("{:?} is a client", name.get()),
                "This is done to nodes only.",
            )),
            None => Err(self.nobody(name)),
        }
    }

    /// What a client or a zone cannot be called: nothing, a node's name, `you`, or what is too long to be shown.
    pub fn check_name(&self, kind: &str, name: &At<String>) -> Result<(), Slip> {
        let word = name.get();
        let like_a_node = word.strip_prefix('n').is_some_and(|rest| rest.parse::<u32>().is_ok());
        if word.is_empty() || word.len() > 24 || like_a_node || word == "you" {
            let what = format!("a {kind} cannot be called {word:?}");
            return Err(name.slip(self.text, what, "Choose a short name that is not a node's."));
        }
        Ok(())
    }

    /// A node or a client.
    pub fn anybody(&self, name: &At<String>) -> Result<NodeId, Slip> {
        self.find(name.get()).ok_or_else(|| self.nobody(name))
    }

    /// All of them; a zone stands for its nodes.
    pub fn all(&self, names: &[At<String>]) -> Result<Vec<NodeId>, Slip> {
        let mut all = Vec::with_capacity(names.len());
        for name in names {
            match self.zone(name) {
                Some(zone) => all.extend(&zone.nodes),
                None => all.push(self.anybody(name)?),
            }
        }
        Ok(all)
    }

    /// A node, or all nodes of a zone.
    pub fn nodes(&self, name: &At<String>) -> Result<Vec<NodeId>, Slip> {
        match self.zone(name) {
            Some(zone) => Ok(zone.nodes.clone()),
            None => self.node(name).map(|node| vec![node]),
        }
    }

    fn zone(&self, name: &At<String>) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.name == *name.get())
    }

    /// Two groups or more, nobody in two of them.
    pub fn between(&self, groups: &[Vec<At<String>>]) -> Result<Links, Slip> {
        let mut seen = Vec::new();
        for name in groups.iter().flatten() {
            for id in self.all(std::slice::from_ref(name))? {
                if seen.contains(&id) {
                    let what = format!("{:?} is named twice", name.get());
                    return Err(name.slip(self.text, what, "Name everybody once."));
                }
                seen.push(id);
            }
        }
        if let [lone] = groups
            && let Some(name) = lone.first()
        {
            let hint = "Name those on the other side too: [[\"n1\"], [\"n2\", \"n3\"]].";
            return Err(name.slip(self.text, "one group alone has nobody to be parted from", hint));
        }
        let groups: Vec<Vec<NodeId>> =
            groups.iter().map(|group| self.all(group)).collect::<Result<_, _>>()?;
        Ok(Links::Between(groups))
    }

    fn find(&self, name: &str) -> Option<NodeId> {
        let node = name.strip_prefix('n').and_then(|number| number.parse::<u16>().ok());
        if let Some(number) = node.filter(|number| (1..=self.nodes).contains(number)) {
            return Some(NodeId(number - 1));
        }
        let client = self.clients.iter().position(|client| client == name)?;
        Some(NodeId(self.nodes + client as u16))
    }

    fn nobody(&self, name: &At<String>) -> Slip {
        let nodes = if self.nodes == 1 { "n1".to_owned() } else { format!("n1 to n{}", self.nodes) };
        let others = self.clients.iter().chain(self.zones.iter().map(|zone| &zone.name));
        let clients = others.map(|other| format!(", {other}")).collect::<String>();
        name.slip(
            self.text,
            format!("nobody is called {:?}", name.get()),
            format!("There is: {nodes}{clients}."),
        )
    }
}
