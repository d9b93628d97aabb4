//! The promise of gossip: a rumour reaches every node.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{Gossip, Rumour};
use crate::check::{Claim, Due, Evidence, Mode, Property, View};
use crate::sim::{Micros, NodeId, Time};

/// A rumour that no newer one overtakes is known to every node within [`Spread::GRACE`], counted from when the node is
/// up and not paused.
#[derive(Clone, Default)]
pub struct Spread {
    /// The newest rumour about each key, since when, and the nodes that know it.
    newest: LiteMap<SmolStr, News>,
}

#[derive(Clone)]
struct News {
    rumour: Rumour,
    since: Time,
    known: Vec<bool>,
    ignorant: usize,
}

impl Spread {
    /// More than enough: a rumour that is told for ever reaches 1,000 nodes in about 17 rounds (Pittel 1987).
    pub const GRACE: Micros = Micros::from_secs(5);
    pub const CLAIM: Claim = Claim {
        name: "rumours reach everybody",
        sentence: "What a client wrote, and no newer write overtakes, is known to every node within five seconds of its being up.",
        source: "Demers et al. 1987, section 1",
        mode: Mode::Eventually,
    };

    fn overdue(&mut self, view: &View<'_, Gossip>) -> Option<Evidence> {
        let now = view.now();
        for (key, news) in self.newest.iter_mut() {
            if news.ignorant == 0 || now.since(news.since) <= Spread::GRACE {
                continue;
            }
            let world = view.cluster.world();
            let up = |id: &NodeId| {
                let processor = world.processor(*id);
                let runs = processor.is_up() && !processor.is_paused();
                runs && now.since(processor.since()) > Spread::GRACE
            };
            let ignorant = (0..).map(NodeId).zip(&news.known).filter(|(_, known)| !**known).map(|(id, _)| id);
            let missed: Vec<NodeId> = ignorant.filter(up).collect();
            let Some(first) = missed.first() else { continue };
            let who =
                if missed.len() == 1 { format!("{first}, has") } else { format!("{first} among them, have") };
            let text = format!(
                "{} of {} nodes, {who} not heard that {key} is {}, {} after {} wrote it.",
                missed.len(),
                news.known.len(),
                news.rumour.value,
                Spread::GRACE,
                news.rumour.stamp.by
            );
            return Some(Evidence::new(text).about(missed));
        }
        None
    }
}

impl Property<Gossip> for Spread {
    fn claim(&self) -> &'static Claim {
        &Spread::CLAIM
    }

    fn watch(&mut self, view: &View<'_, Gossip>) -> Option<Evidence> {
        let node = view.changed?;
        let knows = &view.cluster.node(node)?.known;
        // One that came back without its disk has forgotten.
        for (key, news) in self.newest.iter_mut().filter(|(_, news)| news.known[node.index()]) {
            if knows.get(key).is_none_or(|heard| heard.rumour < news.rumour) {
                news.known[node.index()] = false;
                news.ignorant += 1;
            }
        }
        for (key, heard) in knows {
            let nodes = usize::from(view.cluster.world().size());
            let overtaken = self.newest.get(key).is_none_or(|news| heard.rumour > news.rumour);
            if overtaken {
                let news = News {
                    rumour: heard.rumour,
                    since: view.now(),
                    known: vec![false; nodes],
                    ignorant: nodes,
                };
                self.newest.insert(key.clone(), news);
            }
            if let Some(news) = self.newest.get_mut(key)
                && news.rumour == heard.rumour
                && !std::mem::replace(&mut news.known[node.index()], true)
            {
                news.ignorant -= 1;
            }
        }
        self.overdue(view)
    }

    fn conclude(&mut self, view: &View<'_, Gossip>) -> Option<Evidence> {
        self.overdue(view)
    }

    fn concerned(&self) -> bool {
        !self.newest.is_empty()
    }

    fn due(&self, view: &View<'_, Gossip>) -> Due {
        let up = |id: u16| view.cluster.node(NodeId(id)).is_some();
        let missing =
            |news: &News| news.ignorant > 0 && (0..).zip(&news.known).any(|(id, known)| !known && up(id));
        if self.newest.values().any(missing) { Due::Open } else { Due::Done }
    }
}
