//! Partitions: the tear between the groups.

use super::Brush;
use crate::paint::{Point, Scene};
use crate::run::Frame;
use crate::sim::NodeId;

/// The groups of nodes that a clean partition leaves; one group where there is none.
pub(super) fn parts(frame: &Frame) -> Vec<Vec<NodeId>> {
    let nodes = frame.nodes.len() as u16;
    let cut =
        |a: NodeId, b: NodeId| frame.links.iter().any(|link| link.cut && link.from == a && link.to == b);
    if nodes > 64 || !frame.links.iter().any(|link| link.cut) {
        return Vec::new();
    }
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for node in (0..nodes).map(NodeId) {
        let joined = |group: &Vec<NodeId>| group.iter().any(|other| !cut(node, *other) || !cut(*other, node));
        let home = groups.iter().position(joined);
        match home {
            Some(home) if groups.iter().skip(home + 1).all(|group| !joined(group)) => groups[home].push(node),
            // It ties two groups together: not a clean partition.
            Some(_) => return Vec::new(),
            None => groups.push(vec![node]),
        }
    }
    groups
}

/// A faint ground behind the nodes of each group but the largest.
pub(super) fn sides(brush: &mut Brush<'_>, parts: &[Vec<NodeId>], scene: &mut Scene) {
    let Some(largest) = parts.iter().map(Vec::len).max() else { return };
    let main = parts.iter().position(|part| part.len() == largest);
    for (i, part) in parts.iter().enumerate() {
        if Some(i) == main || parts.len() < 2 {
            continue;
        }
        for node in part {
            let at = brush.layout.at(*node);
            scene.circle(at, brush.layout.radius * 2.0).fill(brush.theme.side.with_alpha(0.10));
        }
    }
}

/// The torn line between two groups: where a person drew it, if it still parts them, or where it falls between.
pub(super) fn tear(brush: &mut Brush<'_>, parts: &[Vec<NodeId>], scene: &mut Scene) {
    let [one, other] = parts else { return };
    let drawn = &brush.look.tear;
    let size = brush.look.size;
    let parted = |line: &[Point]| {
        let places: Vec<Point> = brush.layout.places[..brush.layout.nodes].to_vec();
        let side = super::tear::split(line, &places, size);
        let of = |node: &NodeId| side[node.index()];
        one.iter().all(|node| of(node) == of(&one[0])) && other.iter().all(|node| of(node) != of(&one[0]))
    };
    let line = if drawn.len() >= 2 && parted(drawn) { drawn.clone() } else { between(brush, one) };
    if line.len() < 2 || !parted(&line) {
        return;
    }
    let jagged = jag(&line);
    scene.polyline(jagged.iter().copied()).stroke(brush.theme.ground, 11.0).round();
    scene.polyline(jagged.iter().copied()).stroke(brush.theme.cut, 2.2).round();
}

/// A line between the nodes of one group and the rest, if they stand together on the rim; empty if not.
fn between(brush: &Brush<'_>, one: &[NodeId]) -> Vec<Point> {
    let nodes = brush.layout.nodes;
    let inside = |i: usize| one.contains(&NodeId((i % nodes) as u16));
    let borders: Vec<usize> = (0..nodes).filter(|i| inside(*i) != inside(i + 1)).collect();
    let [first, second] = borders[..] else { return Vec::new() };
    let gap = |i: usize| brush.layout.places[i].lerp(brush.layout.places[(i + 1) % nodes], 0.5);
    let (a, b) = (gap(first), gap(second));
    let out = (b - a).unit() * (brush.layout.radius * 1.4);
    vec![a - out, b + out]
}

/// The same line, torn.
fn jag(line: &[Point]) -> Vec<Point> {
    const STEP: f32 = 13.0;
    let mut torn = Vec::new();
    let mut nth = 0u32;
    for pair in line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance(b);
        let side = (b - a).unit().perpendicular();
        let steps = (length / STEP).ceil().clamp(1.0, 400.0) as u32;
        for step in 0..steps {
            // Uneven, as paper tears, and the same each time.
            let amount = [4.5, -3.0, 5.5, -5.0, 2.5, -4.0][nth as usize % 6];
            torn.push(a.lerp(b, step as f32 / steps as f32) + side * if nth == 0 { 0.0 } else { amount });
            nth += 1;
        }
    }
    torn.extend(line.last());
    torn
}
