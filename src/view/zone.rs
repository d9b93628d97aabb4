//! Zones: soft regions behind nodes that stand together. A zone of which nothing is up is dark.

use super::Brush;
use crate::paint::{Point, Scene};
use crate::run::Frame;
use crate::run::frame::Life;

pub(super) fn zones(brush: &mut Brush<'_>, frame: &Frame, scene: &mut Scene) {
    for zone in &frame.zones {
        let nodes = zone.nodes.iter().filter_map(|node| frame.node(*node));
        let dark = nodes.clone().all(|node| node.life == Life::Down);
        let places: Vec<Point> = nodes.map(|node| brush.layout.at(node.id)).collect();
        let Some(first) = places.first() else { continue };
        let width = brush.layout.radius * 3.4;
        let (ink, strength) = if dark { (brush.theme.cut, 0.22) } else { (brush.theme.side, 0.09) };
        // One region for all its nodes: a broad line through their places. A zone of one is a disc.
        if places.len() == 1 {
            scene.circle(*first, width / 2.0).fill(ink.with_alpha(strength));
        } else {
            scene.polyline(places.iter().copied()).stroke(ink.with_alpha(strength), width).round();
        }
        let name = if dark { format!("{}, dark", zone.name) } else { zone.name.clone() };
        let color = if dark { brush.theme.text } else { brush.theme.muted };
        // Between its nodes, or else at the rim of one of them.
        let sum = places.iter().fold(Point::new(0.0, 0.0), |sum, place| sum + *place);
        let middle = sum * (1.0 / places.len() as f32);
        let mut label = brush.labels.ask(80, name, color).size(12.0).halo(brush.theme.ground);
        label = label.beside(middle, 0.0);
        for place in &places {
            label = label.above(*place, brush.layout.radius + 16.0).below(*place, brush.layout.radius + 12.0);
        }
    }
}
