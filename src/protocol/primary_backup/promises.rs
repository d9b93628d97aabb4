//! What primary–backup replication promises.

use super::Server;
use super::log::Entry;
use crate::check::{Claim, Evidence, Mode, Property, View};
use crate::sim::{NodeId, OpId, Time};

#[derive(Clone, Debug)]
pub enum Promise {
    OnePrimary(OnePrimary),
    Kept(Kept),
}

pub const CLAIMS: &[Claim] = &[OnePrimary::CLAIM, Kept::CLAIM];

pub fn all() -> Vec<Promise> {
    vec![Promise::OnePrimary(OnePrimary::default()), Promise::Kept(Kept::default())]
}

impl Property<Server> for Promise {
    fn claim(&self) -> &'static Claim {
        match self {
            Promise::OnePrimary(_) => &OnePrimary::CLAIM,
            Promise::Kept(_) => &Kept::CLAIM,
        }
    }

    fn watch(&mut self, view: &View<'_, Server>) -> Option<Evidence> {
        match self {
            Promise::OnePrimary(judge) => judge.watch(view),
            Promise::Kept(judge) => judge.watch(view),
        }
    }

    fn left(&mut self, view: &View<'_, Server>) -> Option<Evidence> {
        if let Promise::Kept(judge) = self {
            judge.left(view);
        }
        None
    }

    fn concerned(&self) -> bool {
        match self {
            Promise::OnePrimary(judge) => judge.seen,
            Promise::Kept(judge) => !judge.done.is_empty(),
        }
    }
}

/// No two servers take writes in one view while both count themselves its primary; without views, none at all. To count
/// itself primary is no breach: one that is paused takes nothing, and one that is cut off hears of nothing to take.
#[derive(Clone, Debug, Default)]
pub struct OnePrimary {
    reigns: Vec<Option<Reign>>,
    seen: bool,
}

/// A server as primary.
#[derive(Clone, Copy, Debug)]
struct Reign {
    view: u64,
    since: Time,
    /// How long its log was, when it was last looked at.
    entries: u64,
    /// When it last took a write into its log.
    took: Option<Time>,
}

impl OnePrimary {
    const CLAIM: Claim = Claim {
        name: "one primary at a time",
        sentence: "No two servers take writes at once in the same view.",
        source: "Viewstamped Replication Revisited, section 4",
        mode: Mode::Always,
    };

    fn watch(&mut self, view: &View<'_, Server>) -> Option<Evidence> {
        let changed = view.changed?;
        self.reigns.resize(view.cluster.seats().len(), None);
        let took = self.follow(changed, view)?;
        let mine = self.reigns[changed.index()]?;
        self.seen = true;
        let at_once = |(_, other): &(NodeId, Reign)| {
            other.view == mine.view && other.took.is_some_and(|took| took > mine.since)
        };
        let reigns = self.reigns.iter().zip(0..).filter_map(|(reign, id)| Some((NodeId(id), (*reign)?)));
        let others = reigns.filter(|(id, _)| *id != changed && view.cluster.node(*id).is_some());
        let (other, reign) = others.into_iter().find(at_once)?;
        let before = reign.took.unwrap_or(took);
        let text = format!(
            "{changed} and {other} both think themselves primary and take writes: {other} at {before}, {changed} at \
             {took}."
        );
        Some(Evidence::new(text).about([changed, other]))
    }

    /// Follows what a server does as primary; says when it took a write, if it did now.
    fn follow(&mut self, changed: NodeId, view: &View<'_, Server>) -> Option<Time> {
        let (now, server) = (view.now(), view.cluster.node(changed));
        let reign = &mut self.reigns[changed.index()];
        let Some(server) = server.filter(|server| server.is_primary()) else {
            *reign = None;
            return None;
        };
        let entries = server.log.last();
        let was = reign.filter(|reign| reign.view == server.view);
        let Reign { since, entries: before, took, .. } =
            was.unwrap_or(Reign { view: server.view, since: now, entries, took: None });
        let takes = entries > before;
        *reign =
            Some(Reign { view: server.view, since, entries, took: if takes { Some(now) } else { took } });
        takes.then_some(now)
    }
}

/// Every write that was acknowledged is in the log of a server that is primary later.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    done: Vec<Done>,
    /// Of each server whether it was primary, and how many entries it had, when it was last looked at.
    last: Vec<(bool, u64)>,
}

/// A write that was acknowledged.
#[derive(Clone, Debug)]
struct Done {
    op: OpId,
    /// In which view.
    view: u64,
    words: String,
}

impl Kept {
    const CLAIM: Claim = Claim {
        name: "failover keeps acknowledged writes",
        sentence: "A write that was acknowledged is known to the primaries that come after.",
        source: "Viewstamped Replication Revisited, section 8.1",
        mode: Mode::Always,
    };

    /// A response left: from now on its write is acknowledged.
    fn left(&mut self, view: &View<'_, Server>) {
        let Some(server) = view.changed.and_then(|node| view.cluster.node(node)) else { return };
        let told = |entry: &Entry| Done { op: entry.op, view: server.view, words: entry.to_string() };
        self.done.extend(server.done_now.iter().map(told));
    }

    fn watch(&mut self, view: &View<'_, Server>) -> Option<Evidence> {
        let changed = view.changed?;
        let server = view.cluster.node(changed)?;
        if self.last.len() <= changed.index() {
            self.last.resize(changed.index() + 1, (false, 0));
        }
        let now = (server.is_primary(), server.log.last());
        let was = std::mem::replace(&mut self.last[changed.index()], now);
        // A server took over, gave way, or threw entries away: is everything still there?
        if now.0 == was.0 && now.1 >= was.1 {
            return None;
        }
        let primaries: Vec<(NodeId, &Server)> =
            view.cluster.nodes().filter(|(_, server)| server.is_primary()).collect();
        let newest = primaries.iter().map(|(_, server)| server.view).max()?;
        let current = primaries.iter().filter(|(_, server)| server.view == newest);
        // A primary of an older view, cut off, need not know what was acknowledged after it.
        let lost =
            |done: &&Done| done.view <= newest && !current.clone().any(|(_, server)| server.log.has(done.op));
        let call = &self.done.iter().find(lost)?.words;
        let (primary, _) = current.clone().next()?;
        let text = format!("“{call}” was acknowledged, and {primary}, primary now, knows nothing of it.");
        Some(Evidence::new(text).about([*primary]))
    }
}
