//! A row for each node, with its name and its part at the beginning: how logs and replicas are laid out.

use super::{Look, Target};
use crate::paint::{Anchor, Baseline, Point, Rect, Scene};
use crate::run::frame::{Life, NodeFrame};
use crate::sim::Role;

/// Room for the names.
pub(super) const NAMES: f32 = 92.0;
pub(super) const MARGIN: f32 = 14.0;

/// The head of a node's row.
pub(super) fn head(node: &NodeFrame, top: f32, height: f32, look: &Look, scene: &mut Scene) {
    let theme = look.theme();
    let target = Target::Node(node.id);
    let middle = top + height / 2.0;
    if look.marks(target) {
        let row = Rect::new(4.0, top - 4.0, look.size.width - 8.0, height + 8.0);
        scene.round_rect(row, 5.0).fill(theme.selected.with_alpha(0.10));
    }
    let (color, word) = match (node.life, node.inspect.role) {
        (Life::Down, _) => (theme.down, "down"),
        (Life::Paused, Role::Leader) => (theme.leader, "paused"),
        (Life::Paused, Role::Candidate) => (theme.candidate, "paused"),
        (Life::Paused, _) => (theme.text, "paused"),
        (_, Role::Leader) => (theme.leader, "leads"),
        (_, Role::Candidate) => (theme.candidate, "stands"),
        _ => (theme.text, ""),
    };
    let hand = Rect::new(4.0, top, NAMES - 8.0, height);
    scene.rect(hand).fill(theme.ground.with_alpha(0.01)).tag(target.tag());
    let at = Point::new(MARGIN, middle);
    scene.text(at, &node.name).size(14.0).bold().baseline(Baseline::Middle).fill(color);
    scene
        .text(Point::new(NAMES - 10.0, middle), word)
        .size(11.0)
        .anchor(Anchor::End)
        .baseline(Baseline::Middle)
        .fill(theme.muted);
}
