//! Which of its acts have an effect, by what a nemesis did before: one that would change nothing is none.

use std::collections::BTreeSet;

use crate::scenario::plan::{Act, Deed};
use crate::sim::{Delay, Fault, NodeId, Weather};

/// Leaves out, of acts in order of time, those that change nothing: a pause of a node that is down, the end of a pause
/// that a crash has ended, a cut of links that are cut.
pub(super) fn effective(acts: &mut Vec<Act>, nodes: u16) {
    let mut world = World {
        bodies: vec![Body::default(); nodes.into()],
        cut: BTreeSet::new(),
        rough: (Some(0.0), Some(0.0)),
        nodes,
    };
    acts.retain(|act| match &act.deed {
        Some(Deed::Fault(fault)) => world.feels(fault),
        _ => true,
    });
}

/// What the acts so far have made of a world that began in order.
struct World {
    bodies: Vec<Body>,
    cut: BTreeSet<(NodeId, NodeId)>,
    /// Loss and duplication, everywhere.
    rough: (Option<f64>, Option<f64>),
    nodes: u16,
}

#[derive(Clone, PartialEq)]
struct Body {
    down: bool,
    paused: bool,
    slow: f64,
    drift: i32,
    /// How long a sync takes, if an act said so.
    sync: Option<Delay>,
}

impl Default for Body {
    fn default() -> Body {
        Body { down: false, paused: false, slow: 1.0, drift: 0, sync: None }
    }
}

impl World {
    /// Carries a fault out; says whether that changes anything.
    fn feels(&mut self, fault: &Fault) -> bool {
        match fault {
            Fault::Crash(node) => self.change(*node, |body| {
                (body.down, body.paused) = (true, false);
            }),
            Fault::Restart(node) => self.change(*node, |body| body.down = false),
            Fault::Pause(node) => self.change(*node, |body| body.paused |= !body.down),
            Fault::Resume(node) => self.change(*node, |body| body.paused = false),
            Fault::Slow { node, times } => self.change(*node, |body| body.slow = *times),
            Fault::Drift { node, ppm } => self.change(*node, |body| body.drift = *ppm),
            Fault::Disk { node, sync } => self.change(*node, |body| body.sync = Some(*sync)),
            Fault::Jump { by, .. } => *by != 0,
            Fault::Cut(links) => {
                let before = self.cut.len();
                self.cut.extend(links.directed(self.nodes));
                self.cut.len() > before
            }
            Fault::Heal(links) => {
                let links = links.directed(self.nodes);
                links.iter().filter(|link| self.cut.remove(link)).count() > 0
            }
            Fault::Weather { change: Weather { loss, duplicate, .. }, .. } => {
                let new = (*loss, *duplicate);
                std::mem::replace(&mut self.rough, new) != new
            }
            _ => true,
        }
    }

    fn change(&mut self, node: NodeId, change: impl FnOnce(&mut Body)) -> bool {
        let body = &mut self.bodies[node.index()];
        let before = body.clone();
        change(body);
        *body != before
    }
}
