//! The stage: nodes, links, messages, cuts.

use super::tags::Board;
use super::{Brush, Layout, Look, cut, hand, link, message, node, zone};
use crate::paint::{Labels, Scene};
use crate::run::Frame;
use crate::run::frame::Life;
use crate::sim::words::counted;
use crate::sim::{NodeId, Role};

/// Draws the cluster at one instant. `labels` keeps its memory from frame to frame.
pub fn cluster(frame: &Frame, look: &Look, labels: &mut Labels, scene: &mut Scene) {
    let layout = Layout::of(look, frame);
    let theme = look.theme();
    scene.clear();
    scene.size = look.size;
    scene.background = theme.ground;
    scene.describe("The cluster", words(frame));
    labels.begin(look.size.rect());
    let newest = frame.nodes.iter().filter_map(|node| Some(node.inspect.epoch?.number)).max();
    let board = Board::of(frame, &layout);
    let mut brush = Brush { look, theme, layout: &layout, newest, board: &board, labels };
    zone::zones(&mut brush, frame, scene);
    let parted = cut::parts(frame);
    cut::sides(&mut brush, &parted, scene);
    link::links(&mut brush, frame, scene);
    cut::tear(&mut brush, &parted, scene);
    for node in &frame.nodes {
        node::node(&mut brush, frame, node, scene);
    }
    for client in &frame.clients {
        node::client(&mut brush, frame, client, scene);
    }
    message::messages(&mut brush, frame, scene);
    hand::hand(&mut brush, frame, scene);
    labels.place(scene);
}

/// The picture in one sentence.
fn words(frame: &Frame) -> String {
    let count = |life: Life| frame.nodes.iter().filter(|node| node.life == life).count();
    let mut parts = vec![format!("At {}, {}", frame.at, counted(frame.nodes.len() as u64, "node"))];
    for node in frame.nodes.iter().filter(|node| node.inspect.role == Role::Leader && node.life != Life::Down)
    {
        let epoch = node.inspect.epoch.map(|epoch| format!(" in {} {}", epoch.name, epoch.number));
        parts.push(format!("{} leads{}", node.name, epoch.unwrap_or_default()));
    }
    for (life, word) in [(Life::Down, "down"), (Life::Paused, "paused")] {
        if count(life) > 0 {
            parts.push(format!("{} {word}", count(life)));
        }
    }
    for zone in &frame.zones {
        let dark = |node: &NodeId| frame.node(*node).is_none_or(|node| node.life == Life::Down);
        if zone.nodes.iter().all(dark) {
            parts.push(format!("{} is dark", zone.name));
        }
    }
    parts.push(format!("{} in flight", counted(frame.messages.len() as u64, "message")));
    let cuts = frame.links.iter().filter(|link| link.cut).count();
    if cuts > 0 {
        parts.push(format!("{cuts} directed links cut"));
    }
    parts.join(", ")
}
