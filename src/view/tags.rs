//! Tags at a node's rim: what it holds under the first keys, and what it keeps for others.

use super::Brush;
use super::layout::{Detail, Layout, TAGGED};
use super::values::Contents;
use crate::paint::{Point, Rect, Scene, Size};
use crate::run::Frame;
use crate::run::frame::NodeFrame;
use crate::sim::{Held, Version};

/// The keys that nodes show on the stage, with their contents: looked through once for all nodes.
pub(super) struct Board<'a> {
    keys: Vec<(&'a str, Contents<'a>)>,
}

impl<'a> Board<'a> {
    pub fn of(frame: &'a Frame, layout: &Layout) -> Board<'a> {
        let most = most(layout);
        let mut keys: Vec<(&str, Contents<'_>)> = Vec::new();
        for held in frame.nodes.iter().flat_map(|node| shown(node, most)) {
            if let Err(place) = keys.binary_search_by_key(&&*held.key, |(key, _)| key) {
                keys.insert(place, (&held.key, Contents::of(frame, &held.key)));
            }
        }
        Board { keys }
    }

    pub fn get(&self, key: &str) -> Option<&Contents<'a>> {
        let place = self.keys.binary_search_by_key(&key, |(key, _)| key).ok()?;
        Some(&self.keys[place].1)
    }
}

/// What a node shows on the stage: what it holds under the first keys, then what it keeps for others.
fn shown(node: &NodeFrame, most: usize) -> impl Iterator<Item = &Held> {
    let all = node.inspect.holds.iter().chain(&node.inspect.keeps);
    all.filter(|held| !held.versions.is_empty()).take(most)
}

/// How many tags there is room for.
fn most(layout: &Layout) -> usize {
    match layout.radius {
        radius if layout.detail == Detail::Dots || radius < TAGGED => 0,
        radius if radius < 16.0 => 1,
        _ => 2,
    }
}

pub(super) fn tags(brush: &mut Brush<'_>, node: &NodeFrame, at: Point, scene: &mut Scene) {
    let held: Vec<(&Held, Size)> =
        shown(node, most(brush.layout)).map(|held| (held, size(held, brush.board.get(&held.key)))).collect();
    let width = held.iter().map(|(_, size)| size.width + 4.0).sum::<f32>() - 4.0;
    // What stands at the rim of the stage has its tags on the stage.
    let rightmost = (brush.layout.size.width - width - 2.0).max(2.0);
    let mut left = (at.x - width / 2.0).clamp(2.0, rightmost);
    // A small disc is full of its name; below a large one hangs a log.
    let top = match (brush.layout.detail, brush.layout.radius) {
        (Detail::Full, radius) if radius >= 30.0 => at.y + radius - 9.0,
        (Detail::Full, radius) => at.y + radius - 5.0,
        (_, radius) => at.y + radius + 2.0,
    };
    for (held, size) in held {
        let place = Rect::new(left, top, size.width, size.height);
        scene.round_rect(place.grown(1.5), 4.0).fill(brush.theme.ground);
        if let Some(contents) = brush.board.get(&held.key) {
            contents.cell(&held.versions, &held.key, place, brush.theme, scene);
        }
        brush.labels.block(place);
        left += size.width + 4.0;
    }
}

/// Letters of a value that all replicas hold alike, and of one in which they differ.
const ALIKE: usize = 9;
const DIFFERING: usize = 26;

/// How large a tag with these versions has to be.
fn size(held: &Held, contents: Option<&Contents<'_>>) -> Size {
    let Held { key, versions } = held;
    // What differs is shown whole, as far as there is room; what is the same everywhere, only in short.
    let most = if contents.is_some_and(|contents| !contents.agree()) { DIFFERING } else { ALIKE };
    let words = |version: &Version| match contents {
        Some(contents) => contents.words(&version.value, most),
        None => version.value.to_string(),
    };
    let letters = |version: &Version| words(version).chars().count().clamp(1, most);
    // Siblings have cells of one width; the first of them names the key, too.
    let named = |(place, version)| letters(version) + if place == 0 { key.len() + 1 } else { 0 };
    let widest = versions.iter().enumerate().map(named).max().unwrap_or(key.len() + 2);
    let cells = versions.len().max(1) as f32;
    Size::new(cells * (widest as f32 * 7.0 + 12.0) + (cells - 1.0) * 4.0, 16.0)
}
