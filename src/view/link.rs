//! Links: faint lines, stubs where they are cut, an hourglass where they are held.

use super::{Brush, Layout, Target, layout::Detail};
use crate::paint::{Point, Quad, Scene};
use crate::run::Frame;
use crate::sim::NodeId;

/// More nodes than this, and a line between each two would hide everything else.
const MESH: usize = 12;

/// How far each way of a link bows to its side, as a part of its length.
const BOW: f32 = 0.04;

/// The way of messages from one place to another: bowed to the right, so that both ways are told apart.
pub(super) fn way(layout: &Layout, from: NodeId, to: NodeId) -> Quad {
    let (a, b) = (layout.at(from), layout.at(to));
    let length = a.distance(b).max(1.0);
    let whole = Quad::bow(a, b, length * BOW);
    let start = ((layout.reach(from) + 9.0) / length).min(0.45);
    let end = 1.0 - ((layout.reach(to) + 9.0) / length).min(0.45);
    whole.part(start, end)
}

pub(super) fn links(brush: &mut Brush<'_>, frame: &Frame, scene: &mut Scene) {
    let nodes = frame.nodes.len();
    if nodes <= MESH && brush.layout.detail != Detail::Dots {
        for a in 0..nodes as u16 {
            for b in a + 1..nodes as u16 {
                mesh_line(brush, frame, NodeId(a), NodeId(b), scene);
            }
        }
    }
    for marked in &frame.links {
        if marked.from.index() >= brush.layout.places.len() || marked.to.index() >= brush.layout.places.len()
        {
            continue;
        }
        let way = way(brush.layout, marked.from, marked.to);
        if marked.cut {
            let back = frame.links.iter().any(|l| l.cut && l.from == marked.to && l.to == marked.from);
            if !back {
                one_way(brush, way, scene);
            }
        } else if marked.held {
            hourglass(brush, way.at(0.12), scene);
        }
    }
}

/// One line for both ways, with stubs if both are cut.
fn mesh_line(brush: &mut Brush<'_>, frame: &Frame, a: NodeId, b: NodeId, scene: &mut Scene) {
    let state = |from, to| frame.links.iter().find(|link| link.from == from && link.to == to);
    let (there, back) = (state(a, b), state(b, a));
    let cut = there.is_some_and(|link| link.cut) && back.is_some_and(|link| link.cut);
    let different = [there, back].into_iter().flatten().any(|link| link.different);
    let target = Target::Link(a, b);
    let marked = brush.look.marks(target);
    let (from, to) = (brush.layout.at(a), brush.layout.at(b));
    let color = if marked { brush.theme.selected } else { brush.theme.hairline };
    let width = if marked { 2.0 } else { 1.0 };
    if cut {
        let along = (to - from).unit();
        let stub = (from.distance(to) * 0.25).min(brush.layout.radius + 26.0);
        for (end, way) in [(from, along), (to, along * -1.0)] {
            let tip = end + way * stub;
            scene.line(end, tip).stroke(color, width);
            let bar = way.perpendicular() * 4.0;
            scene.line(tip - bar, tip + bar).stroke(brush.theme.muted, 1.5).round();
        }
    } else {
        let line = scene.line(from, to).stroke(color, width);
        if different {
            line.dash(6.0, 4.0)
        } else {
            line
        };
    }
    // Wide enough for a finger.
    scene.line(from, to).stroke(brush.theme.ground.with_alpha(0.0), 10.0).tag(target.tag());
}

/// Only this way is cut: half a tear, with the arrow it stops.
fn one_way(brush: &mut Brush<'_>, way: Quad, scene: &mut Scene) {
    let color = brush.theme.cut;
    let (tip, heading) = (way.at(0.46), way.heading(0.46));
    let side = heading.perpendicular();
    scene.quad(way.part(0.0, 0.44)).stroke(color, 1.2).dash(3.0, 3.0).opacity(0.6);
    scene.polygon([tip, tip - heading * 8.0 + side * 4.5, tip - heading * 8.0 - side * 4.5]).fill(color);
    let wall = tip + heading * 4.0;
    let jag = [-9.0, -3.0, 3.0, 9.0]
        .map(|y: f32| wall + side * y + heading * if y.abs() < 5.0 { 3.0 * y.signum() } else { 0.0 });
    scene.polyline(jag).stroke(color, 2.0).round();
}

/// Something waits here.
pub(super) fn hourglass(brush: &Brush<'_>, at: Point, scene: &mut Scene) {
    let color = brush.theme.held;
    let corner = |x: f32, y: f32| at + Point::new(x, y);
    scene
        .polygon([corner(-4.0, -5.5), corner(4.0, -5.5), corner(-4.0, 5.5), corner(4.0, 5.5)])
        .fill(brush.theme.ground)
        .stroke(color, 1.5);
}
