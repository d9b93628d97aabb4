//! What the store promises, where it does.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{News, Replica};
use crate::check::{Claim, Evidence, Mode, Property, View};
use crate::protocol::crdt::{Context, Dot};
use crate::sim::{NodeId, Value};

#[derive(Clone, Debug)]
pub enum Promise {
    Kept(Kept),
    Home(Home),
}

pub const CLAIMS: &[Claim] = &[Kept::CLAIM, Home::CLAIM];

pub fn all() -> Vec<Promise> {
    vec![Promise::Kept(Kept::default()), Promise::Home(Home::default())]
}

impl Property<Replica> for Promise {
    fn claim(&self) -> &'static Claim {
        match self {
            Promise::Kept(_) => &Kept::CLAIM,
            Promise::Home(_) => &Home::CLAIM,
        }
    }

    fn watch(&mut self, view: &View<'_, Replica>) -> Option<Evidence> {
        match self {
            Promise::Kept(_) => None,
            Promise::Home(judge) => judge.watch(view),
        }
    }

    fn left(&mut self, view: &View<'_, Replica>) -> Option<Evidence> {
        if let Promise::Kept(judge) = self { judge.left(view) } else { None }
    }

    fn conclude(&mut self, view: &View<'_, Replica>) -> Option<Evidence> {
        match self {
            Promise::Kept(_) => None,
            Promise::Home(judge) => judge.conclude(view),
        }
    }

    fn concerned(&self) -> bool {
        match self {
            Promise::Kept(judge) => judge.concerned,
            Promise::Home(judge) => judge.seen,
        }
    }
}

/// An acknowledged write stays until a write replaces it whose writer had seen it. Where clocks decide, no store promises
/// that: it is judged where a script names it. What a crash takes back before another server, a client or the disk has
/// it neither acknowledges nor replaces anything.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    keys: LiteMap<SmolStr, Rc<Writes>>,
    concerned: bool,
}

#[derive(Clone, Debug, Default)]
struct Writes {
    acknowledged: LiteMap<Dot, ()>,
    /// Those that a replica had or was sent, and does not have any more; and that replica.
    let_go: LiteMap<Dot, (NodeId, Value)>,
    /// Those that some later write has seen.
    overwritten: Context,
}

impl Kept {
    const CLAIM: Claim = Claim {
        name: "no lost update",
        sentence: "An acknowledged write stays until a write replaces it whose writer had seen it.",
        source: "Dynamo, section 4.4",
        mode: Mode::Named,
    };

    fn left(&mut self, view: &View<'_, Replica>) -> Option<Evidence> {
        let changed = view.changed?;
        let news = &view.cluster.node(changed)?.news;
        news.iter().find_map(|news| {
            let (News::Issued { key, .. } | News::Acknowledged { key, .. } | News::LetGo { key, .. }) = news;
            self.concerned |= matches!(news, News::Acknowledged { .. });
            let writes = Rc::make_mut(self.keys.entry(key.clone()).or_default());
            let dot = writes.take(changed, news)?;
            let (node, value) = writes.lost(dot)?;
            let text = format!(
                "The write of {key} = {value} was acknowledged, and {node} gave it up for one whose writer did not \
                 know of it."
            );
            Some(Evidence::new(text).about([node]))
        })
    }
}

impl Writes {
    /// Remembers; names the write that it makes suspicious.
    fn take(&mut self, node: NodeId, news: &News) -> Option<Dot> {
        match news {
            News::Issued { seen, .. } => {
                self.overwritten.merge(seen);
                None
            }
            News::Acknowledged { dot, .. } => {
                self.acknowledged.insert(*dot, ());
                Some(*dot)
            }
            News::LetGo { dot, value, .. } => {
                if !self.let_go.contains_key(dot) {
                    self.let_go.insert(*dot, (node, value.clone()));
                }
                Some(*dot)
            }
        }
    }

    fn lost(&self, dot: Dot) -> Option<(NodeId, Value)> {
        let known = self.acknowledged.contains_key(&dot) && !self.overwritten.contains(dot);
        self.let_go.get(&dot).filter(|_| known).cloned()
    }
}

/// What was kept for another reaches it, if the world allows.
#[derive(Clone, Debug, Default)]
pub struct Home {
    seen: bool,
}

impl Home {
    const CLAIM: Claim = Claim {
        name: "hints reach home",
        sentence: "In the end no running node keeps a write for another that runs.",
        source: "Dynamo, section 4.6",
        mode: Mode::Eventually,
    };

    fn watch(&mut self, view: &View<'_, Replica>) -> Option<Evidence> {
        self.seen |=
            view.changed.and_then(|id| view.cluster.node(id)).is_some_and(|node| !node.hints.is_empty());
        None
    }

    fn conclude(&self, view: &View<'_, Replica>) -> Option<Evidence> {
        let kept = view.cluster.nodes().flat_map(|(id, node)| node.hints.iter().map(move |hint| (id, hint)));
        // One that is paused neither hands over nor takes.
        let runs =
            |id: NodeId| view.cluster.node(id).is_some() && !view.cluster.world().processor(id).is_paused();
        let (keeper, ((home, key), object)) =
            kept.into_iter().find(|(keeper, ((home, _), _))| runs(*keeper) && runs(*home))?;
        let text = format!("{keeper} still keeps {key} = {} for {home}, which is up.", object.value());
        Some(Evidence::new(text).about([keeper, *home]))
    }
}
