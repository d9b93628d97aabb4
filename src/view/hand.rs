//! What a hand does on the stage: the line it cuts along, the band it chooses with, the thing it carries.

use super::link::way;
use super::tear::split;
use super::{Brush, Layout, Look, Target};
use crate::paint::point::crossing;
use crate::paint::{Point, Rect, Scene};
use crate::run::Frame;
use crate::sim::{EventId, Links, NodeId};

/// What a hand is about to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Hand {
    #[default]
    Free,
    /// A line across the stage, which will cut like this.
    Cuts { line: Vec<Point>, how: Cut },
    /// A band round what will be chosen, from corner to corner.
    Chooses(Point, Point),
    /// A message is carried to this part of its way, `0.0..=1.0`.
    Moves(EventId, f32),
    /// A node is carried onto another, whose group it will join.
    Joins(NodeId, NodeId),
}

/// How a line cuts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Only one way: from the smaller side to the larger, or from the line's left to its right.
    pub one_way: bool,
    /// Only the links that the line crosses, not all between the two sides of it.
    pub crossed: bool,
}

/// The links that a line across the stage cuts; `None` if it cuts none.
pub fn cut(line: &[Point], how: Cut, frame: &Frame, look: &Look) -> Option<Links> {
    let layout = Layout::of(look, frame);
    if how.crossed { crossed(line, how.one_way, &layout) } else { sides(line, how.one_way, &layout) }
}

/// Everything between the two sides of the line.
fn sides(line: &[Point], one_way: bool, layout: &Layout) -> Option<Links> {
    let side = split(line, &layout.places, layout.size);
    let mut groups = [Vec::new(), Vec::new()];
    for (id, far) in side.iter().enumerate() {
        groups[usize::from(*far)].push(NodeId(id as u16));
    }
    let has_node = |group: &[NodeId]| group.iter().any(|id| id.index() < layout.nodes);
    if !groups.iter().all(|group| has_node(group)) {
        return None;
    }
    groups.sort_by_key(Vec::len);
    let [few, many] = groups;
    Some(match one_way {
        true => Links::OneWay { from: few, to: many },
        false => Links::Between(vec![few, many]),
    })
}

/// The links that the line itself crosses.
fn crossed(line: &[Point], one_way: bool, layout: &Layout) -> Option<Links> {
    let mut ends = Vec::new();
    for a in 0..layout.nodes as u16 {
        for b in a + 1..layout.nodes as u16 {
            let (from, to) = (layout.at(NodeId(a)), layout.at(NodeId(b)));
            let Some(piece) = line.windows(2).find(|p| crossing(from, to, p[0], p[1]).is_some()) else {
                continue;
            };
            let rightward = (piece[1] - piece[0]).cross(to - from) > 0.0;
            let (a, b) = (NodeId(a), NodeId(b));
            ends.extend((!one_way || rightward).then_some((a, b)));
            ends.extend((!one_way || !rightward).then_some((b, a)));
        }
    }
    (!ends.is_empty()).then_some(Links::Each(ends))
}

/// What lies within a band from corner to corner.
pub fn within(a: Point, b: Point, frame: &Frame, look: &Look) -> Vec<Target> {
    let layout = Layout::of(look, frame);
    let band = Rect::around(a, b);
    let place = |i: usize| match i < layout.nodes {
        true => Target::Node(NodeId(i as u16)),
        false => Target::Client(NodeId(i as u16)),
    };
    let inside = layout.places.iter().enumerate().filter(|(_, at)| band.contains(**at));
    inside.map(|(i, _)| place(i)).collect()
}

/// The part of its way (`0.0..=1.0`) at which a message is nearest to a point.
pub fn along(message: EventId, at: Point, frame: &Frame, look: &Look) -> Option<f32> {
    const STEPS: u32 = 200;
    let message = frame.messages.iter().find(|other| other.message == message)?;
    let way = way(&Layout::of(look, frame), message.from, message.to);
    let part = |step: u32| step as f32 / STEPS as f32;
    let far = |step: &u32| way.at(part(*step)).distance(at);
    let nearest = (0..=STEPS).min_by(|one, other| far(one).total_cmp(&far(other)))?;
    Some(part(nearest))
}

/// Where a thing stands.
pub fn place(target: Target, frame: &Frame, look: &Look) -> Option<Point> {
    let layout = Layout::of(look, frame);
    match target {
        Target::Node(id) | Target::Client(id) => layout.places.get(id.index()).copied(),
        Target::Link(a, b) => Some(layout.at(a).lerp(layout.at(b), 0.5)),
        Target::Message(id) => {
            let message = frame.messages.iter().find(|message| message.message == id)?;
            Some(way(&layout, message.from, message.to).at(message.along(frame.at)))
        }
        Target::Event(_) => None,
    }
}

/// The other node that a carried node would be put on.
pub fn beneath(carried: NodeId, at: Point, frame: &Frame, look: &Look) -> Option<NodeId> {
    let layout = Layout::of(look, frame);
    let nodes = (0..layout.nodes as u16).map(NodeId).filter(|id| *id != carried);
    nodes.into_iter().find(|id| layout.at(*id).distance(at) < layout.radius * 1.5)
}

/// The hand's doing, above everything else.
pub(super) fn hand(brush: &mut Brush<'_>, frame: &Frame, scene: &mut Scene) {
    match &brush.look.hand {
        Hand::Free => {}
        Hand::Cuts { line, how } => scissors(brush, line, *how, frame, scene),
        Hand::Chooses(a, b) => {
            let color = brush.theme.selected;
            scene.rect(Rect::around(*a, *b)).fill(color.with_alpha(0.08)).stroke(color, 1.2).dash(5.0, 4.0);
        }
        Hand::Moves(message, along) => {
            if let Some(moved) = frame.messages.iter().find(|other| other.message == *message) {
                let way = way(brush.layout, moved.from, moved.to);
                let color = brush.theme.selected;
                scene.quad(way).stroke(color, 1.5).dash(4.0, 4.0);
                scene.circle(way.at(*along), 9.0).fill(color.with_alpha(0.2)).stroke(color, 2.0);
            }
        }
        Hand::Joins(_, over) => {
            let at = brush.layout.at(*over);
            scene.circle(at, brush.layout.radius + 14.0).stroke(brush.theme.selected, 2.5).dash(6.0, 5.0);
        }
    }
}

/// The line under the finger, and a bar across every link that it would cut.
fn scissors(brush: &mut Brush<'_>, line: &[Point], how: Cut, frame: &Frame, scene: &mut Scene) {
    const PREVIEWED: usize = 400;
    if line.len() < 2 {
        return;
    }
    let color = brush.theme.cut;
    let links =
        cut(line, how, frame, brush.look).map(|links| links.directed(brush.layout.places.len() as u16));
    let nodes = |id: &NodeId| id.index() < brush.layout.nodes;
    for (from, to) in links.iter().flatten().filter(|(a, b)| nodes(a) && nodes(b)).take(PREVIEWED) {
        scene.quad(way(brush.layout, *from, *to)).stroke(color, 1.4).dash(3.0, 3.0).opacity(0.55);
    }
    scene.polyline(line.iter().copied()).stroke(brush.theme.ground, 7.0).round();
    scene.polyline(line.iter().copied()).stroke(color, 2.2).dash(7.0, 5.0).round();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::Size;

    /// n1 at the top, n2 at the lower right, n3 at the lower left.
    fn layout() -> Layout {
        Layout::new(Size::new(600.0, 600.0), 3, 0)
    }

    fn below(layout: &Layout) -> [Point; 2] {
        let y = layout.at(NodeId(0)).y + 100.0;
        [Point::new(50.0, y), Point::new(550.0, y)]
    }

    #[test]
    fn a_line_parts_its_two_sides() {
        let layout = layout();
        let line = below(&layout);
        let (n1, n2, n3) = (NodeId(0), NodeId(1), NodeId(2));
        assert_eq!(sides(&line, false, &layout), Some(Links::Between(vec![vec![n1], vec![n2, n3]])));
        assert_eq!(sides(&line, true, &layout), Some(Links::OneWay { from: vec![n1], to: vec![n2, n3] }));
        let outside = [Point::new(0.0, 1.0), Point::new(600.0, 1.0)];
        assert_eq!(sides(&outside, false, &layout), None);
    }

    #[test]
    fn a_line_that_cuts_what_it_crosses_leaves_the_rest() {
        let layout = layout();
        let [left, right] = below(&layout);
        let middle = left.lerp(right, 0.5);
        let (n1, n2) = (NodeId(0), NodeId(1));
        assert_eq!(crossed(&[middle, right], false, &layout), Some(Links::Each(vec![(n1, n2), (n2, n1)])));
        // Drawn to the right, what is above lies to its left.
        assert_eq!(crossed(&[middle, right], true, &layout), Some(Links::Each(vec![(n1, n2)])));
        assert_eq!(crossed(&[right, middle], true, &layout), Some(Links::Each(vec![(n2, n1)])));
        assert_eq!(crossed(&[middle, middle], false, &layout), None);
    }
}
