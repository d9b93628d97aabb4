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

    /// What a client or a zone cannot be called: nothing, a node's name, a word of scripts or stories, or what cannot be
    /// shown in a line.
    pub fn check_name(&self, kind: &str, name: &At<String>) -> Result<(), Slip> {
        let word = name.get();
        let like_a_node = word.strip_prefix('n').is_some_and(|rest| rest.parse::<u32>().is_ok());
        let what = || format!("a {kind} cannot be called {word:?}");
        if ["all", "any", "each"].contains(&word.as_str()) {
            return Err(name.slip(
                self.text,
                what(),
                "The word has another meaning in scripts: choose a name.",
            ));
        }
        if word.chars().any(unseen) || word.trim() != word {
            let hint =
                "Choose a name of one line, without spaces at its ends or characters that cannot be seen.";
            return Err(name.slip(self.text, what(), hint));
        }
        if word.is_empty() || word.len() > 24 || like_a_node || word == "you" {
            return Err(name.slip(self.text, what(), "Choose a short name that is not a node's."));
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

    /// One or several, each once; a zone stands for its nodes. `place` is where the list is written.
    pub fn some(&self, names: &[At<String>], place: usize) -> Result<Vec<NodeId>, Slip> {
        if names.is_empty() {
            let slip = Slip::new("nobody is named here", "Write at least one name: [\"n1\"].");
            return Err(slip.at(self.text, place));
        }
        let mut some: Vec<NodeId> = Vec::new();
        for name in names {
            for id in self.all(std::slice::from_ref(name))? {
                if some.contains(&id) {
                    return Err(self.twice(name));
                }
                some.push(id);
            }
        }
        Ok(some)
    }

    fn twice(&self, name: &At<String>) -> Slip {
        name.slip(self.text, format!("{:?} is named twice", name.get()), "Name everybody once.")
    }

    /// The links from some to others: there has to be one.
    pub fn one_way(&self, from: &At<Vec<At<String>>>, to: &At<Vec<At<String>>>) -> Result<Links, Slip> {
        let links = Links::OneWay {
            from: self.some(from.get(), from.offset())?,
            to: self.some(to.get(), to.offset())?,
        };
        if let Links::OneWay { from: ends, to: others } = &links
            && let ([one], [other]) = (&**ends, &**others)
            && one == other
        {
            let what = "there is no link from a place to itself";
            return Err(from.slip(self.text, what, "Name another in `to`."));
        }
        Ok(links)
    }

    /// Two groups or more, nobody in two of them.
    pub fn between(&self, groups: &At<Vec<Vec<At<String>>>>) -> Result<Links, Slip> {
        let (place, groups) = (groups.offset(), groups.get());
        let hint = "Write two groups or more: [[\"n1\"], [\"n2\", \"n3\"]].";
        if groups.is_empty() || groups.iter().any(Vec::is_empty) {
            let what = if groups.is_empty() { "there is no group here" } else { "a group is empty" };
            return Err(Slip::new(what, hint).at(self.text, place));
        }
        let mut seen = Vec::new();
        for name in groups.iter().flatten() {
            for id in self.all(std::slice::from_ref(name))? {
                if seen.contains(&id) {
                    return Err(self.twice(name));
                }
                seen.push(id);
            }
        }
        if let [lone] = &**groups
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

/// Characters that cannot be seen, or that change the line that they stand in.
fn unseen(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
