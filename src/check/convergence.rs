//! Replicas that come to agree (eventual consistency: Vogels, "Eventually Consistent", 2009).

use litemap::LiteMap;
use smol_str::SmolStr;

use super::property::{Claim, Evidence, Mode, View};
use crate::sim::{Call, EventId, Held, Micros, Node, NodeId, Time, Version};

/// Of any protocol whose nodes show what they hold.
pub const CLAIM: Claim = Claim {
    name: "replicas converge",
    sentence: "When nobody writes any more and nothing is wrong, all running nodes come to hold the same.",
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

    /// Compares now, whatever goes on.
    pub fn compare<N: Node>(&mut self, view: &View<'_, N>) -> Option<Evidence> {
        self.compared = true;
        let nodes: Vec<(NodeId, Vec<Held>)> =
            view.cluster.nodes().map(|(id, node)| (id, settled(node.inspect().holds))).collect();
        self.concerned |= nodes.iter().any(|(_, holds)| !holds.is_empty());
        let (_, first) = nodes.first()?;
        let key = nodes.iter().filter_map(|(_, holds)| difference(first, holds)).min()?;
        let (text, dissent) = words(&nodes, key);
        Some(Evidence::new(text).about(dissent).proved_by(self.last.get(key).copied()))
    }

    pub fn concerned(&self) -> bool {
        self.concerned
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

/// The first key of which two nodes hold different things.
fn difference<'a>(one: &'a [Held], other: &'a [Held]) -> Option<&'a SmolStr> {
    let keys = one.iter().chain(other).map(|held| &held.key);
    keys.filter(|key| versions(one, key) != versions(other, key)).min()
}

/// Who holds what of a key, and those who do not hold what the first node holds.
fn words(nodes: &[(NodeId, Vec<Held>)], key: &SmolStr) -> (String, Vec<NodeId>) {
    let mut camps: Vec<(&[Version], Vec<NodeId>)> = Vec::new();
    for (id, holds) in nodes {
        let mine = versions(holds, key);
        match camps.iter_mut().find(|(versions, _)| *versions == mine) {
            Some((_, camp)) => camp.push(*id),
            None => camps.push((mine, vec![*id])),
        }
    }
    let told: Vec<String> = camps
        .iter()
        .map(|(versions, camp)| {
            let who: Vec<String> = camp.iter().map(ToString::to_string).collect();
            let what: Vec<String> = versions.iter().map(version).collect();
            let what = if what.is_empty() { "nothing".to_owned() } else { what.join(" | ") };
            format!("{what} at {}", who.join(", "))
        })
        .collect();
    let dissent = camps.into_iter().skip(1).flat_map(|(_, camp)| camp).collect();
    (format!("Nobody writes any more, and {key} is {}.", told.join("; ")), dissent)
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
        assert_eq!(difference(&one, &other), None);
    }

    #[test]
    fn stamps_make_a_difference() {
        let nodes = [
            (NodeId(0), settled(vec![held("x", &[(1, "a")]), held("y", &[(5, "")])])),
            (NodeId(1), settled(vec![held("x", &[(1, "b")]), held("y", &[(5, "")])])),
            (NodeId(2), settled(vec![held("y", &[(5, "")])])),
            (NodeId(3), settled(vec![held("x", &[(1, "a")]), held("y", &[(5, "")])])),
        ];
        let key = difference(&nodes[0].1, &nodes[2].1).expect("x is missing");
        let (text, dissent) = words(&nodes, key);
        assert_eq!(text, "Nobody writes any more, and x is 1 (a) at n1, n4; 1 (b) at n2; nothing at n3.");
        assert_eq!(dissent, [NodeId(1), NodeId(2)]);
    }
}
