//! Captions: sentences bound to what happens, never to wall time.

use std::rc::Rc;

use crate::check::{Property, Verdict, View};
use crate::protocol::Protocol;
use crate::scenario::{Caption, When};
use crate::sim::{Cluster, EventId, NodeId, Time, Trace, What};

use super::snapshot::sent;
use super::stage::Judge;
use super::words::Names;

/// A caption whose moment came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub at: Time,
    pub event: EventId,
    /// Which caption of the plan.
    pub caption: usize,
    /// The node that did what was waited for, and the number of its epoch then.
    pub node: Option<NodeId>,
    pub epoch: Option<u64>,
}

impl Said {
    /// The sentence, with the names of what did it.
    pub fn sentence(&self, say: &str, names: &Names) -> String {
        let node = self.node.map(|node| names.of(node)).unwrap_or_default();
        let epoch = self.epoch.map(|epoch| epoch.to_string()).unwrap_or_default();
        say.replace("{node}", &node).replace("{epoch}", &epoch)
    }
}

/// Waits for the moment of each caption. A clone is part of a keyframe.
#[derive(Clone, Debug)]
pub struct Prompter {
    captions: Rc<[Caption]>,
    said: Vec<Said>,
    waiting: Vec<usize>,
}

impl Prompter {
    pub fn new(captions: &[Caption]) -> Prompter {
        Prompter { captions: captions.into(), said: Vec::new(), waiting: (0..captions.len()).collect() }
    }

    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// Looks at what just happened. Where no trace is kept nobody reads captions.
    pub fn watch<P: Protocol>(&mut self, view: &View<'_, P>, judges: &[Judge<P>]) {
        if self.waiting.is_empty() || view.trace.is_off() {
            return;
        }
        let mut came = None;
        self.waiting.retain(|index| {
            let when = &self.captions[*index].when;
            let now = came.is_none() && comes_true(when, view, judges);
            if now {
                came = Some(*index);
            }
            !now
        });
        if let Some(caption) = came {
            let event = EventId(view.cluster.world().events().saturating_sub(1));
            let node = view.changed.filter(|_| speaks_of_node(&self.captions[caption].when));
            let inspect = node.and_then(|node| view.cluster.node(node)).map(|node| node.inspect());
            let epoch = inspect.and_then(|inspect| inspect.epoch).map(|epoch| epoch.number);
            self.said.push(Said { at: view.now(), event, caption, node, epoch });
        }
    }

    /// Something happened to no node: a message may have been lost.
    pub fn lost<P: Protocol>(&mut self, cluster: &Cluster<P>, trace: &Trace) {
        if self.waiting.is_empty() || trace.is_off() {
            return;
        }
        let Some(event) = cluster.world().events().checked_sub(1) else { return };
        let Some(kind) = lost_at(trace, EventId(event)) else { return };
        let came = self.waiting.iter().position(|index| {
            let when = &self.captions[*index].when;
            let after = when.after.is_none_or(|after| cluster.world().now() >= after);
            after && when.lost.as_deref().is_some_and(|wanted| wanted == kind || wanted == "any")
        });
        if let Some(place) = came {
            let caption = self.waiting.remove(place);
            let at = cluster.world().now();
            self.said.push(Said { at, event: EventId(event), caption, node: None, epoch: None });
        }
    }
}

/// The kind of the message that an event lost.
fn lost_at(trace: &Trace, event: EventId) -> Option<&'static str> {
    let What::Lost { message, .. } = trace.get(event)?.what else { return None };
    sent(trace, message).map(|(_, _, kind)| kind)
}

fn comes_true<P: Protocol>(when: &When, view: &View<'_, P>, judges: &[Judge<P>]) -> bool {
    if when.lost.is_some() || when.after.is_some_and(|after| view.now() < after) {
        return false;
    }
    let is_broken = |name: &String| {
        let judge = judges.iter().find(|judge| judge.property.claim().name == name)?;
        Some(matches!(judge.verdict, Verdict::Broken(_)))
    };
    let wanted = [(&when.broken, true), (&when.holds, false)];
    let is_met = |(name, broken): &(&Option<String>, bool)| {
        name.as_ref().is_none_or(|name| is_broken(name) == Some(*broken))
    };
    if !wanted.iter().all(is_met) {
        return false;
    }
    if !speaks_of_node(when) {
        return true;
    }
    let Some(changed) = view.changed else { return false };
    if when.node.is_some_and(|node| node != changed) {
        return false;
    }
    noted(when, view, changed) && shows(when, view, changed)
}

fn speaks_of_node(when: &When) -> bool {
    when.role.is_some() || when.epoch.is_some() || when.commit.is_some() || when.note.is_some()
}

/// Did the step that just happened write the line that is waited for?
fn noted<P: Protocol>(when: &When, view: &View<'_, P>, node: NodeId) -> bool {
    let Some(wanted) = &when.note else { return true };
    let since = view.event.0 as usize;
    let until = (view.cluster.world().events() as usize).min(view.trace.events.len());
    view.trace.events[since.min(until)..until].iter().any(|event| match event.what {
        What::Noted { note } if event.node == node => {
            view.trace.notes.get(note as usize).is_some_and(|line| line.contains(wanted.as_str()))
        }
        _ => false,
    })
}

fn shows<P: Protocol>(when: &When, view: &View<'_, P>, node: NodeId) -> bool {
    if when.role.is_none() && when.epoch.is_none() && when.commit.is_none() {
        return true;
    }
    let Some(inspect) = view.cluster.node(node).map(|node| node.inspect()) else { return false };
    when.role.is_none_or(|role| inspect.role == role)
        && when.epoch.is_none_or(|epoch| inspect.epoch.is_some_and(|now| now.number >= epoch))
        && when.commit.is_none_or(|commit| inspect.log.is_some_and(|log| log.commit >= commit))
}
