//! Who became what, and when: the changes of roles and epochs over a run, for marks on the line of time.

use super::frame::Life;
use super::stage::Stage;
use crate::protocol::Protocol;
use crate::sim::{Epoch, EventId, NodeId, Role, Time, Trace, What};

/// From this event on a node plays this part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub at: Time,
    pub event: EventId,
    pub node: NodeId,
    pub role: Role,
    pub epoch: Option<Epoch>,
}

/// From this event on a process lives, stands still, or is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    pub at: Time,
    pub event: EventId,
    pub node: NodeId,
    pub life: Life,
}

/// At this event a node began to lead while another still led an older epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub at: Time,
    pub event: EventId,
    pub new: NodeId,
    pub old: NodeId,
    /// The old one's.
    pub epoch: Option<Epoch>,
    /// The nodes that run and exchange messages with the old one, in both directions.
    pub with: Vec<NodeId>,
}

/// Every turn and spell so far, in order of event. Like the trace it is written once, however often a stretch is run again.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    list: Vec<Turn>,
    spells: Vec<Spell>,
    pairs: Vec<Pair>,
    /// Events that were looked at.
    told: u32,
}

impl Turns {
    pub fn list(&self) -> &[Turn] {
        &self.list
    }

    pub fn spells(&self) -> &[Spell] {
        &self.spells
    }

    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Looks at the nodes to which something new happened.
    pub fn watch<P: Protocol>(&mut self, stage: &Stage<P>, trace: &Trace) {
        let events = stage.events();
        if events <= self.told {
            return;
        }
        let new = self.told as usize..trace.events.len().min(events as usize);
        self.told = events;
        for (event, id) in trace.events[new.clone()].iter().zip(new.start as u32..) {
            let life = match event.what {
                What::Started | What::Resumed => Some(Life::Up),
                What::Paused => Some(Life::Paused),
                What::Crashed { .. } => Some(Life::Down),
                _ => None,
            };
            self.spells.extend(life.map(|life| Spell {
                at: event.at,
                event: EventId(id),
                node: event.node,
                life,
            }));
            // A process that died plays no part; when it starts again, it begins one.
            if matches!(event.what, What::Crashed { .. }) {
                continue;
            }
            let Some(node) = stage.cluster().node(event.node) else { continue };
            let (role, epoch) = (node.role(), node.epoch());
            let started = matches!(event.what, What::Started);
            let last = self.list.iter().rev().find(|turn| turn.node == event.node);
            if started || last.is_none_or(|last| (last.role, last.epoch) != (role, epoch)) {
                let turn = Turn { at: event.at, event: EventId(id), node: event.node, role, epoch };
                if role == Role::Leader && last.is_none_or(|last| last.role != role) {
                    self.pairs.extend(rivals(stage, &turn));
                }
                self.list.push(turn);
            }
        }
    }

    /// Forgets everything from event `from` on.
    pub fn truncate(&mut self, from: u32) {
        self.list.truncate(self.list.partition_point(|turn| turn.event.0 < from));
        self.spells.truncate(self.spells.partition_point(|spell| spell.event.0 < from));
        self.pairs.truncate(self.pairs.partition_point(|pair| pair.event.0 < from));
        self.told = self.told.min(from);
    }
}

/// Who else leads when a node begins to, each with those it can still work with.
fn rivals<P: Protocol>(stage: &Stage<P>, turn: &Turn) -> Vec<Pair> {
    let (cluster, world) = (stage.cluster(), stage.cluster().world());
    let nodes = (0..stage.nodes()).map(NodeId);
    let runs = |node: NodeId| world.processor(node).is_up() && !world.processor(node).is_paused();
    let leads = |node: &NodeId| {
        *node != turn.node
            && runs(*node)
            && cluster.node(*node).is_some_and(|node| node.role() == Role::Leader)
    };
    let severed = |from, to| world.network().is_cut(from, to) || world.network().is_held(from, to);
    let old = nodes.clone().filter(leads);
    old.map(|old| {
        let meets =
            |node: &NodeId| *node != old && runs(*node) && !severed(old, *node) && !severed(*node, old);
        let with = nodes.clone().filter(meets).collect();
        let epoch = cluster.node(old).and_then(|node| node.epoch());
        Pair { at: turn.at, event: turn.event, new: turn.node, old, epoch, with }
    })
    .collect()
}
