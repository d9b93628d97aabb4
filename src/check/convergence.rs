//! Replicas that come to agree (eventual consistency: Vogels, "Eventually Consistent", 2009).

use std::collections::BTreeSet;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::property::{Claim, Due, Evidence, Mode, View};
use crate::sim::{Call, EventId, Held, Micros, Node, NodeId, Time, Version};

/// Of any protocol whose nodes show what they hold.
pub const CLAIM: Claim = Claim {
    name: "replicas converge",
    sentence: "When nobody writes any more and nothing is wrong, all running nodes come to hold the same of each key \
               that they keep.",
    source: "Vogels 2009",
    mode: Mode::Eventually,
};

/// Compares what the running nodes hold: at the end of the run; and before that, if it is known how long convergence
/// may take, whenever so long nobody wrote and nothing was done to the world.
#[derive(Clone, Debug)]
pub struct Convergence {
    within: Option<Micros>,
    /// Since when nobody wrote and nothing was done.
    quiet: Time,
    /// Writes under way, with their keys.
    open: LiteMap<u32, SmolStr>,
    /// What was last asked for or heard of each key.
    last: LiteMap<SmolStr, EventId>,
    /// What there is was compared already.
    compared: bool,
    concerned: bool,
}

impl Convergence {
    /// A judge that knows, or does not, how long convergence may take.
    pub fn new(within: Option<Micros>) -> Convergence {
        Convergence {
            within,
            quiet: Time::ZERO,
            open: LiteMap::new(),
            last: LiteMap::new(),
            compared: true,
            concerned: false,
        }
    }

    /// A client begins an operation.
    pub fn invoked(&mut self, number: u32, call: &Call, at: Time, event: EventId) {
        if !call.reads_only() {
            self.open.insert(number, call.key().clone());
            self.last.insert(call.key().clone(), event);
            self.disturbed(at);
        }
    }

    /// An operation ended, however it did.
    pub fn ended(&mut self, number: u32, at: Time, event: EventId) {
        if let Some(key) = self.open.remove(&number) {
            self.last.insert(key, event);
            self.disturbed(at);
        }
    }

    /// Something was done to the world.
    pub fn disturbed(&mut self, at: Time) {
        (self.quiet, self.compared) = (at, false);
    }

    /// Compares if it was quiet for long enough.
    pub fn watch<N: Node>(&mut self, view: &View<'_, N>) -> Option<Evidence> {
        let within = self.within?;
        if self.compared || !self.open.is_empty() || view.now() <= self.quiet + within || !view.is_whole() {
            return None;
        }
        self.compare(view)
    }

    /// Compares now, unless somebody writes.
    pub fn compare<N: Node>(&mut self, view: &View<'_, N>) -> Option<Evidence> {
        if !self.open.is_empty() {
            return None;
        }
        self.compared = true;
        let nodes: Vec<(NodeId, Vec<Held>)> =
            view.cluster.nodes().map(|(id, node)| (id, settled(node.inspect().holds))).collect();
        let keys: BTreeSet<&SmolStr> =
            nodes.iter().flat_map(|(_, holds)| holds).map(|held| &held.key).collect();
        self.concerned |= !keys.is_empty();
        let (key, camps) = keys.into_iter().find_map(|key| {
            let keeps = |id: NodeId| view.cluster.node(id).is_some_and(|node| node.keeps(key));
            let camps = camps(nodes.iter().filter(|(id, _)| keeps(*id)), key);
            (camps.len() > 1).then_some((key, camps))
        })?;
        let (text, dissent) = words(self.quiet, &camps, key);
        Some(Evidence::new(text).about(dissent).proved_by(self.last.get(key).copied()))
    }

    pub fn concerned(&self) -> bool {
        self.concerned
    }

    /// Something is to come while a write is under way, or what there is has not been compared.
    pub fn due(&self) -> Due {
        if self.open.is_empty() && self.compared { Due::Done } else { Due::Open }
    }
}

/// What a node holds, in an order that all nodes share; what was removed is not there.
fn settled(mut holds: Vec<Held>) -> Vec<Held> {
    holds.retain(|held| !held.versions.is_empty());
    holds.sort_by(|a, b| a.key.cmp(&b.key));
    for held in &mut holds {
        held.versions.sort_by(|a, b| (&a.value, &a.stamp).cmp(&(&b.value, &b.stamp)));
    }
    holds
}

fn versions<'a>(holds: &'a [Held], key: &SmolStr) -> &'a [Version] {
    let place = holds.binary_search_by(|held| held.key.cmp(key));
    place.map_or(&[], |place| &holds[place].versions)
}

/// Those who hold the same, and what.
type Camp<'a> = (&'a [Version], Vec<NodeId>);

/// Who holds what of a key.
fn camps<'a>(nodes: impl Iterator<Item = &'a (NodeId, Vec<Held>)>, key: &SmolStr) -> Vec<Camp<'a>> {
    let mut camps: Vec<Camp<'a>> = Vec::new();
    for (id, holds) in nodes {
        let mine = versions(holds, key);
        match camps.iter_mut().find(|(versions, _)| *versions == mine) {
            Some((_, camp)) => camp.push(*id),
            None => camps.push((mine, vec![*id])),
        }
    }
    camps
}

/// Who holds what, and those who do not hold what the first node holds.
fn words(quiet: Time, camps: &[Camp<'_>], key: &SmolStr) -> (String, Vec<NodeId>) {
    let told: Vec<String> = camps
        .iter()
        .map(|(versions, camp)| {
            let who: Vec<String> = camp.iter().map(ToString::to_string).collect();
            let what: Vec<String> = versions.iter().map(version).collect();
            let what = if what.is_empty() { "nothing".to_owned() } else { what.join(" | ") };
            format!("{what} at {}", who.join(", "))
        })
        .collect();
    let dissent = camps.iter().skip(1).flat_map(|(_, camp)| camp).copied().collect();
    (format!("Nobody has written since {quiet}, and {key} is {}.", told.join("; ")), dissent)
}

fn version(version: &Version) -> String {
    match version.stamp.as_str() {
        "" => version.value.to_string(),
        stamp => format!("{} ({stamp})", version.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Value;

    fn held(key: &str, versions: &[(i64, &str)]) -> Held {
        let version =
            |(value, stamp): &(i64, &str)| Version { value: Value::Int(*value), stamp: (*stamp).to_owned() };
        Held { key: key.into(), versions: versions.iter().map(version).collect() }
    }

    #[test]
    fn the_order_of_versions_and_what_was_removed_make_no_difference() {
        let one = settled(vec![held("x", &[(1, "a"), (2, "b")]), held("z", &[])]);
        let other = settled(vec![held("y", &[]), held("x", &[(2, "b"), (1, "a")])]);
        let nodes = [(NodeId(0), one), (NodeId(1), other)];
        assert!(["x", "y", "z"].iter().all(|key| camps(nodes.iter(), &(*key).into()).len() == 1));
    }

    #[test]
    fn stamps_make_a_difference() {
        let nodes = [
            (NodeId(0), settled(vec![held("x", &[(1, "a")]), held("y", &[(5, "")])])),
            (NodeId(1), settled(vec![held("x", &[(1, "b")]), held("y", &[(5, "")])])),
            (NodeId(2), settled(vec![held("y", &[(5, "")])])),
            (NodeId(3), settled(vec![held("x", &[(1, "a")]), held("y", &[(5, "")])])),
        ];
        assert_eq!(camps(nodes.iter(), &"y".into()).len(), 1);
        let (text, dissent) = words(Time(1_500_000), &camps(nodes.iter(), &"x".into()), &"x".into());
        assert_eq!(
            text,
            "Nobody has written since 1.500 s, and x is 1 (a) at n1, n4; 1 (b) at n2; nothing at n3."
        );
        assert_eq!(dissent, [NodeId(1), NodeId(2)]);
    }
}
