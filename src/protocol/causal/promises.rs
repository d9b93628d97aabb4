//! What a causal store promises, held against what its replicas do.

use super::Causal;
use crate::check::{Claim, Evidence, Mode, Property, View};
use crate::protocol::crdt::{Context, Dot};
use crate::sim::NodeId;

#[derive(Clone, Debug)]
pub enum Promise {
    Delivery(Delivery),
    Convergence(Convergence),
}

pub const CLAIMS: &[Claim] = &[Delivery::CLAIM, Convergence::CLAIM];

/// A judge for each of [`CLAIMS`].
pub fn all() -> Vec<Promise> {
    vec![Promise::Delivery(Delivery::default()), Promise::Convergence(Convergence::default())]
}

impl Property<Causal> for Promise {
    fn claim(&self) -> &'static Claim {
        match self {
            Promise::Delivery(_) => &Delivery::CLAIM,
            Promise::Convergence(_) => &Convergence::CLAIM,
        }
    }

    fn watch(&mut self, view: &View<'_, Causal>) -> Option<Evidence> {
        match self {
            Promise::Delivery(judge) => judge.watch(view),
            Promise::Convergence(judge) => judge.watch(view),
        }
    }

    fn concerned(&self) -> bool {
        match self {
            Promise::Delivery(judge) => judge.concerned,
            Promise::Convergence(judge) => judge.concerned,
        }
    }
}

/// No node applies an update before what it depends on. What each has applied is counted here anew.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    applied: Vec<Context>,
    concerned: bool,
}

impl Delivery {
    const CLAIM: Claim = Claim {
        name: "causal delivery",
        sentence: "No node applies an update before all that it depends on.",
        source: "Ahamad et al. 1995; COPS, section 4",
        mode: Mode::Always,
    };

    fn watch(&mut self, view: &View<'_, Causal>) -> Option<Evidence> {
        let changed = view.changed?;
        let node = view.cluster.node(changed)?;
        if self.applied.len() <= changed.index() {
            self.applied.resize(changed.index() + 1, Context::default());
        }
        let applied = &mut self.applied[changed.index()];
        if node.began_now {
            *applied = Context::default();
        }
        for update in &node.applied_now {
            self.concerned = true;
            if let Some(missing) = update.after.dots().find(|dot| !has_all(applied, *dot)) {
                let Dot { node: by, count } = missing;
                let text = format!(
                    "{changed} applies {update} of {}, which depends on update {count} of {by} and all before it, \
                     and has not applied these.",
                    update.dot.node
                );
                return Some(Evidence::new(text).about([changed, update.dot.node, by]));
            }
            applied.add(update.dot);
        }
        None
    }
}

/// Is it here, and everything before it?
fn has_all(seen: &Context, dot: Dot) -> bool {
    dot.count <= seen.of(dot.node)
}

/// Nodes that have applied the same updates hold the same values, in whatever order they came.
#[derive(Clone, Debug, Default)]
pub struct Convergence {
    concerned: bool,
}

impl Convergence {
    const CLAIM: Claim = Claim {
        name: "convergence",
        sentence: "Nodes that have applied the same updates hold the same values.",
        source: "Shapiro et al. 2011; COPS, section 3",
        mode: Mode::Always,
    };

    fn watch(&mut self, view: &View<'_, Causal>) -> Option<Evidence> {
        let changed = view.changed?;
        let node = view.cluster.node(changed)?;
        if node.applied_now.is_empty() || !node.replica.applied().is_whole() {
            return None;
        }
        let same = |(id, other): &(NodeId, &Causal)| {
            *id != changed && other.replica.applied() == node.replica.applied()
        };
        for (id, other) in view.cluster.nodes().filter(same) {
            self.concerned = true;
            let differs =
                |((_, here), (_, there)): &((_, &super::Update), (_, &super::Update))| here != there;
            let pairs = node.replica.values().zip(other.replica.values());
            if let Some(((_, here), (_, there))) = pairs.into_iter().find(differs) {
                let text = format!(
                    "{changed} and {id} have applied the same updates, and hold {here} of {} and {there} of {}.",
                    here.dot.node, there.dot.node
                );
                return Some(Evidence::new(text).about([changed, id]));
            }
        }
        None
    }
}
