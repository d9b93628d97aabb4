//! Acts without effect: what is done to a node, a link or a message that is in no state for it.

use super::envelope::Flight;
use super::fault::{Fault, Links, Weather};
use super::network::Quality;
use super::node::NodeId;
use super::processor::Processor;
use super::world::{Due, World};

/// Why a fault changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Futile {
    /// The node is down.
    Down(NodeId),
    /// The node is up.
    Up(NodeId),
    /// The node is paused already.
    Paused(NodeId),
    /// The node is not paused.
    NotPaused(NodeId),
    /// The node has set no timer.
    NoTimer(NodeId),
    /// What would be set is set already.
    Already,
    /// The set of links is empty.
    NoLink,
    /// Every link of the set is cut already.
    CutAlready,
    /// Every link of the set is held already.
    HeldAlready,
    /// No link of the set is cut or held, and no message on it is held.
    Whole,
    /// The message is on no link: it was never sent, has arrived, or is lost.
    NotInFlight,
    /// The message has come to its receiver and waits there.
    AtReceiver,
    /// The network loses the message anyway.
    Doomed,
    /// The message is held already.
    MessageHeld,
    /// The message is not held.
    MessageNotHeld,
}

impl World {
    /// Why this fault would change nothing, done now; `None` if it has an effect. Changes nothing itself.
    pub fn futile(&self, fault: &Fault) -> Option<Futile> {
        match fault {
            Fault::Crash(node) => self.unless(*node, Processor::is_up, Futile::Down),
            Fault::Restart(node) => self.unless(*node, |body| !body.is_up(), Futile::Up),
            Fault::Pause(node) => self
                .unless(*node, Processor::is_up, Futile::Down)
                .or_else(|| self.unless(*node, |body| !body.is_paused(), Futile::Paused)),
            Fault::Resume(node) => self
                .unless(*node, Processor::is_up, Futile::Down)
                .or_else(|| self.unless(*node, Processor::is_paused, Futile::NotPaused)),
            Fault::Fire(node) => self
                .unless(*node, Processor::is_up, Futile::Down)
                .or_else(|| self.unless(*node, |body| body.alarms().next().is_some(), Futile::NoTimer)),
            Fault::Slow { node, times } => same(self.processor(*node).slowness() == times.clamp(0.0, 1e6)),
            Fault::Jump { by, .. } => same(*by == 0),
            Fault::Drift { node, ppm } => same(self.processor(*node).clock().drift_ppm() == *ppm),
            Fault::Disk { node, sync } => same(self.processor(*node).machine().sync == *sync),
            Fault::Cut(links) => self
                .all_are(links, |network, ends| network.is_cut(ends.0, ends.1))
                .map(|empty| if empty { Futile::NoLink } else { Futile::CutAlready }),
            Fault::Hold(links) => self
                .all_are(links, |network, ends| network.is_held(ends.0, ends.1))
                .map(|empty| if empty { Futile::NoLink } else { Futile::HeldAlready }),
            Fault::Heal(links) => self.nothing_to_heal(links),
            Fault::Weather { links, change } => self.same_weather(links, change),
            Fault::Drop(_)
            | Fault::Duplicate(_)
            | Fault::Delay { .. }
            | Fault::Keep(_)
            | Fault::Release(_)
            | Fault::Deliver(_) => self.out_of_reach(fault),
        }
    }

    fn unless(&self, node: NodeId, fit: fn(&Processor) -> bool, why: fn(NodeId) -> Futile) -> Option<Futile> {
        (!fit(self.processor(node))).then(|| why(node))
    }

    /// Are all links of this set in such a state? `None` if some are not; otherwise whether there is none at all.
    fn all_are(
        &self,
        links: &Links,
        such: fn(&super::network::Network, (NodeId, NodeId)) -> bool,
    ) -> Option<bool> {
        let network = self.network();
        let directed = links.directed(network.places());
        directed.iter().all(|ends| such(network, *ends)).then_some(directed.is_empty())
    }

    fn nothing_to_heal(&self, links: &Links) -> Option<Futile> {
        let marked = self.network().marked().filter(|(_, link)| link.cut || link.held).map(|(ends, _)| ends);
        let held = self.in_flight().filter(|envelope| matches!(envelope.flight, Flight::Held { .. }));
        let mut broken = marked.chain(held.map(|envelope| (envelope.from, envelope.to))).peekable();
        if let Links::All = links {
            return broken.peek().is_none().then_some(Futile::Whole);
        }
        let directed = links.directed(self.network().places());
        if directed.is_empty() {
            return Some(Futile::NoLink);
        }
        (!broken.any(|ends| directed.binary_search(&ends).is_ok())).then_some(Futile::Whole)
    }

    fn same_weather(&self, links: &Links, change: &Weather) -> Option<Futile> {
        let network = self.network();
        if let Links::All = links {
            let own = network.marked().filter_map(|(_, link)| link.quality.as_ref());
            return same(own.chain([network.base()]).all(|quality| is_so(quality, change)));
        }
        let directed = links.directed(network.places());
        if directed.is_empty() {
            return Some(Futile::NoLink);
        }
        same(directed.iter().all(|(from, to)| is_so(network.quality(*from, *to), change)))
    }

    /// Is a message in no state for what is done to it?
    fn out_of_reach(&self, fault: &Fault) -> Option<Futile> {
        let message = fault.message()?;
        let flying = self.queue.iter().find_map(|(_, due)| match due {
            Due::Message(envelope) if envelope.message == message && envelope.flight != Flight::Gone => {
                Some(envelope)
            }
            _ => None,
        });
        let Some(envelope) = flying else { return Some(Futile::NotInFlight) };
        match (envelope.flight, fault) {
            (Flight::Gone, _) => Some(Futile::NotInFlight),
            (Flight::Waiting, _) => Some(Futile::AtReceiver),
            (Flight::Doomed { .. }, _) => Some(Futile::Doomed),
            (Flight::Held { .. }, Fault::Keep(_)) => Some(Futile::MessageHeld),
            (Flight::Flying, Fault::Release(_)) => Some(Futile::MessageNotHeld),
            (Flight::Held { .. }, Fault::Delay { by, .. }) => {
                let due = envelope.due.0.saturating_add_signed(*by).max(envelope.sent_at.0);
                same(due == envelope.due.0)
            }
            (Flight::Flying, Fault::Delay { by, .. }) => {
                same(envelope.due.0.saturating_add_signed(*by).max(self.now().0) == envelope.due.0)
            }
            _ => None,
        }
    }
}

fn same(so: bool) -> Option<Futile> {
    so.then_some(Futile::Already)
}

/// Does a change of the weather leave this quality as it is?
fn is_so(quality: &Quality, change: &Weather) -> bool {
    let Weather { latency, loss, duplicate, fifo, bandwidth } = change;
    latency.is_none_or(|latency| latency == quality.latency)
        && loss.is_none_or(|loss| loss == quality.loss)
        && duplicate.is_none_or(|duplicate| duplicate == quality.duplicate)
        && fifo.is_none_or(|fifo| fifo == quality.fifo)
        && bandwidth.is_none_or(|bandwidth| bandwidth == quality.bandwidth)
}
