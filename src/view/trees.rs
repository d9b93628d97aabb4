//! Two hash trees compared: where they differ, from the root down to the leaves, and what is the same is passed over.

use super::theme::Theme;
use crate::paint::{Baseline, Point, Rect, Scene, Size};
use crate::run::Frame;
use crate::run::frame::NodeFrame;
use crate::sim::HashTree;

/// How much room a comparison takes.
pub(super) const HEIGHT: f32 = 142.0;

/// Two nodes, and the trees over what both hold.
pub(super) struct Pair<'a> {
    nodes: [&'a NodeFrame; 2],
    trees: [&'a HashTree; 2],
}

impl<'a> Pair<'a> {
    /// The trees of two nodes, if they keep any about each other.
    pub fn of(one: &'a NodeFrame, other: &'a NodeFrame) -> Option<Pair<'a>> {
        let tree =
            |of: &'a NodeFrame, with: &NodeFrame| of.inspect.trees.iter().find(|tree| tree.with == with.id);
        Some(Pair { nodes: [one, other], trees: [tree(one, other)?, tree(other, one)?] })
    }

    fn levels(&self) -> usize {
        self.trees[0].levels.len()
    }

    fn differ(&self, level: usize, place: usize) -> bool {
        let hash = |tree: &HashTree| tree.levels.get(level).and_then(|hashes| hashes.get(place)).copied();
        hash(self.trees[0]) != hash(self.trees[1])
    }

    fn differing(&self, level: usize) -> usize {
        let places = self.trees[0].levels.get(level).map_or(0, Vec::len);
        (0..places).filter(|place| self.differ(level, *place)).count()
    }

    /// What the comparison comes to, in words.
    pub fn words(&self) -> String {
        let [one, other] = self.nodes;
        let (leaves, last) = (self.differing(self.levels() - 1), self.levels() - 1);
        let all = self.trees[0].levels[last].len();
        if leaves == 0 {
            return format!(
                "{} and {} have equal roots: nothing more has to be compared",
                one.name, other.name
            );
        }
        let asked: usize = (0..self.levels()).map(|level| self.asked(level)).sum();
        format!(
            "{} and {} differ in {leaves} of {all} leaves, found by comparing {asked} hashes",
            one.name, other.name
        )
    }

    /// How many hashes of a level are told: the children of those that differ above.
    fn asked(&self, level: usize) -> usize {
        match level.checked_sub(1) {
            None => 1,
            Some(above) => {
                let (wide, narrow) = (self.trees[0].levels[level].len(), self.trees[0].levels[above].len());
                self.differing(above) * (wide / narrow.max(1))
            }
        }
    }

    /// Draws both as one tree, in a box.
    pub fn draw(&self, room: Rect, theme: &Theme, scene: &mut Scene) {
        let words = Point::new(room.x, room.y + 10.0);
        scene
            .text(words, self.words())
            .size(12.0)
            .baseline(Baseline::Middle)
            .max_width(room.width)
            .fill(theme.text);
        let step = (room.height - 40.0) / (self.levels() - 1).max(1) as f32;
        let at = |level: usize, place: usize| {
            let wide = self.trees[0].levels[level].len() as f32;
            let x = room.x + room.width * (place as f32 + 0.5) / wide;
            Point::new(x, room.y + 32.0 + step * level as f32)
        };
        for level in 0..self.levels() {
            let wide = self.trees[0].levels[level].len();
            for place in 0..wide {
                if let Some(above) = level.checked_sub(1) {
                    let parent = place * self.trees[0].levels[above].len() / wide;
                    let line = scene.line(at(above, parent), at(level, place));
                    match self.differ(level, place) {
                        true => line.stroke(theme.candidate, 2.0),
                        false => line.stroke(theme.hairline, 1.0),
                    };
                }
            }
        }
        for level in 0..self.levels() {
            let wide = self.trees[0].levels[level].len();
            let side = (room.width / wide as f32 * 0.55).clamp(3.0, 11.0);
            for place in 0..wide {
                let middle = at(level, place);
                // What differs is a diamond, what is the same a small square: not told by colour alone.
                if self.differ(level, place) {
                    let tips = [(0.0, -0.8), (0.8, 0.0), (0.0, 0.8), (-0.8, 0.0)];
                    let tips = tips.map(|(x, y)| middle + Point::new(x, y) * side.max(6.0));
                    scene.polygon(tips).fill(theme.candidate);
                } else {
                    let square = Rect::centered(middle, Size::new(side * 0.7, side * 0.7));
                    scene.rect(square).fill(theme.ground).stroke(theme.muted, 1.0);
                }
            }
        }
    }
}

/// Does any node keep a hash tree?
pub(super) fn any(frame: &Frame) -> bool {
    frame.nodes.iter().any(|node| !node.inspect.trees.is_empty())
}
