//! Where everybody stands.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::Look;
use crate::paint::{Point, Rect, Size};
use crate::run::Frame;
use crate::sim::NodeId;

/// Places for nodes and clients on a stage of some size; a function of the numbers alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub size: Size,
    /// Nodes, then clients.
    pub places: Vec<Point>,
    pub nodes: usize,
    /// Of a node's disc.
    pub radius: f32,
    /// Room for logs, words and rings; otherwise nodes are discs, or dots.
    pub detail: Detail,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Dots coloured by role.
    Dots,
    /// Discs with names.
    Discs,
    /// Everything.
    Full,
}

/// The radius from which a disc has room for a tag below it.
pub const TAGGED: f32 = 11.0;

/// Half the width of a client's square.
pub const CLIENT: f32 = 11.0;

impl Layout {
    /// The layout of a frame as a person looks at it.
    pub fn of(look: &Look, frame: &Frame) -> Layout {
        let mut layout = Layout::new(look.size, frame.nodes.len(), frame.clients.len());
        for (place, at) in &look.moved {
            if let Some(stands) = layout.places.get_mut(place.index()) {
                *stands = Point::new(at.x * look.size.width, at.y * look.size.height);
            }
        }
        layout
    }

    pub fn new(size: Size, nodes: usize, clients: usize) -> Layout {
        let (width, height) = (size.width.max(1.0), size.height.max(1.0));
        let band = if clients == 0 { 0.0 } else { 56.0_f32.min(height * 0.2) };
        let floor = Rect::new(0.0, 0.0, width, height - band);
        let (radius, detail) = disc(floor, nodes);
        // A log or tags hang below each node; a name and rings stand round it.
        let below = match detail {
            Detail::Full => 18.0 + radius * 0.6,
            Detail::Discs if radius >= TAGGED => 20.0,
            _ => 8.0,
        };
        let side = if detail == Detail::Full { radius * 1.9 } else { radius + 10.0 };
        let rx = (width / 2.0 - side.max(radius + 14.0)).clamp(0.0, height * 0.75);
        let top = radius + 20.0;
        let ry = ((floor.height - top - radius - below) / 2.0).max(0.0);
        let center = Point::new(width / 2.0, top + ry);
        let mut places: Vec<Point> = match detail {
            Detail::Dots => (0..nodes).map(|i| spiral(center, rx, ry, i, nodes)).collect(),
            _ => (0..nodes).map(|i| on_ellipse(center, rx, ry, i, nodes)).collect(),
        };
        let gap = width / (clients as f32 + 1.0);
        places.extend((0..clients).map(|i| Point::new(gap * (i as f32 + 1.0), height - band / 2.0 - 8.0)));
        Layout { size, places, nodes, radius, detail }
    }

    pub fn at(&self, place: NodeId) -> Point {
        self.places.get(place.index()).copied().unwrap_or_else(|| self.hand())
    }

    /// Where operations by hand come from: below the stage.
    fn hand(&self) -> Point {
        Point::new(self.size.width / 2.0, self.size.height + 20.0)
    }

    /// How much room a place takes round its middle.
    pub fn reach(&self, place: NodeId) -> f32 {
        if place.index() < self.nodes { self.radius } else { CLIENT }
    }
}

/// The radius of a disc, and how much can be told with it.
fn disc(floor: Rect, nodes: usize) -> (f32, Detail) {
    let least = floor.width.min(floor.height);
    let rim = 2.2 * (floor.width + floor.height) / 2.0;
    let room = rim / nodes.max(1) as f32;
    if nodes > 60 || room < 14.0 {
        let area = floor.width * floor.height / nodes.max(1) as f32;
        return ((area.sqrt() * 0.28).clamp(1.5, 9.0), Detail::Dots);
    }
    let radius = (room * 0.3).min(least * 0.1).min(24.0 + least * 0.018).clamp(6.0, 46.0);
    let detail = if radius >= 20.0 && room > 110.0 { Detail::Full } else { Detail::Discs };
    (radius, detail)
}

/// Evenly round an ellipse, the first at the top, clockwise.
fn on_ellipse(center: Point, rx: f32, ry: f32, i: usize, nodes: usize) -> Point {
    if nodes == 1 {
        return center;
    }
    let turn = if nodes == 2 { 0.5 } else { 0.0 };
    let way = Point::at_angle(TAU * (i as f32 + turn) / nodes as f32 - FRAC_PI_2);
    Point::new(center.x + rx * way.x, center.y + ry * way.y)
}

/// A sunflower's seeds, stretched to an ellipse: even density for any number.
fn spiral(center: Point, rx: f32, ry: f32, i: usize, nodes: usize) -> Point {
    const GOLDEN: f32 = 2.399_963_1;
    let out = ((i as f32 + 0.5) / nodes as f32).sqrt();
    let way = Point::at_angle(GOLDEN * i as f32);
    Point::new(center.x + rx * out * way.x, center.y + ry * out * way.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_stand_apart_and_on_the_stage() {
        for (width, height) in [(390.0, 360.0), (640.0, 480.0), (1280.0, 700.0), (2000.0, 1100.0)] {
            for nodes in 1..=50 {
                let layout = Layout::new(Size::new(width, height), nodes, 2);
                let stage = Rect::new(0.0, 0.0, width, height);
                for (i, place) in layout.places[..nodes].iter().enumerate() {
                    assert!(stage.contains(*place), "{nodes} on {width}×{height}: {place:?}");
                    for other in &layout.places[..i] {
                        let apart = place.distance(*other);
                        assert!(apart > 2.0 * layout.radius, "{nodes} on {width}×{height}: {apart}");
                    }
                }
            }
        }
    }
}
