//! What replicas hold under a key, and which of them agree.

use super::theme::Theme;
use crate::paint::{Color, Pen, Point, Rect, Scene};
use crate::run::Frame;
use crate::run::frame::Life;
use crate::sim::{Held, Value, Version};

/// The different contents of one key, in the order of the nodes.
pub(super) struct Contents<'a> {
    kinds: Vec<&'a [Version]>,
    /// Where contents differ: the elements that all of them have.
    shared: Vec<i64>,
}

impl<'a> Contents<'a> {
    pub fn of(frame: &'a Frame, key: &str) -> Contents<'a> {
        let mut kinds: Vec<&[Version]> = Vec::new();
        for node in frame.nodes.iter().filter(|node| node.life != Life::Down) {
            // Who holds nothing under a key may be none of its replicas.
            let Some(held) = find(&node.inspect.holds, key) else { continue };
            if !kinds.contains(&&*held.versions) {
                kinds.push(&held.versions);
            }
        }
        let shared = if kinds.len() > 1 { shared(&kinds) } else { Vec::new() };
        Contents { kinds, shared }
    }

    /// A value in at most `most` letters, if it can be: what all replicas have alike is only counted, so that what they
    /// differ in is seen.
    pub fn words(&self, value: &Value, most: usize) -> String {
        let whole = value.to_string();
        let Value::Many(values) = value else { return whole };
        if whole.chars().count() <= most || self.shared.is_empty() {
            return whole;
        }
        let own = values.iter().filter(|value| !self.shared.contains(value));
        let own: String = own.map(|value| format!(", {value}")).collect();
        format!("[{} alike{own}]", self.shared.len())
    }

    /// Do all that are up hold the same?
    pub fn agree(&self) -> bool {
        self.kinds.len() < 2
    }

    /// How many different contents there are.
    pub fn count(&self) -> usize {
        self.kinds.len()
    }

    /// Replicas with the same content have the same colour; what it is stands there as well.
    fn color(&self, versions: &[Version], theme: &Theme) -> Color {
        let kind = self.kinds.iter().position(|kind| *kind == versions);
        theme.epoch(kind.unwrap_or(0) as u64)
    }

    /// Draws what a replica holds: one cell, or a cell for each of the versions that contradict each other.
    pub fn cell(&self, versions: &[Version], name: &str, place: Rect, theme: &Theme, scene: &mut Scene) {
        let parts = versions.len().max(1) as f32;
        let color = self.color(versions, theme);
        let width = (place.width - 4.0 * (parts - 1.0)) / parts;
        for part in 0..versions.len().max(1) {
            let left = place.x + (width + 4.0) * part as f32;
            let cell = Rect::new(left, place.y, width, place.height);
            let pen = scene.round_rect(cell, 3.0).fill(color);
            edge(pen, versions.len(), theme);
            let version = versions.get(part);
            // A letter takes about seven units of 11, and nine of 14.
            let letter = if place.height > 24.0 { 9.0 } else { 7.0 };
            let most = ((width - 4.0) / letter) as usize;
            let most = if name.is_empty() || part > 0 { most } else { most.saturating_sub(name.len() + 1) };
            let value = version.map_or("–".to_owned(), |version| self.words(&version.value, most));
            let value = if name.is_empty() || part > 0 { value } else { format!("{name} {value}") };
            let tall = place.height > 30.0 && version.is_some_and(|version| !version.stamp.is_empty());
            let rise = if tall { place.height * 0.16 } else { 0.0 };
            let middle = cell.center() - Point::new(0.0, rise);
            let room = width - 4.0;
            let size = if place.height > 24.0 { 14.0 } else { 11.0 };
            scene.text(middle, value).size(size).bold().middle().max_width(room).fill(theme.text);
            if let Some(version) = version.filter(|_| tall) {
                let below = Point::new(middle.x, cell.y + place.height * 0.76);
                scene.text(below, &version.stamp).size(11.0).middle().max_width(room).fill(theme.muted);
            }
            if part > 0 {
                unequal(Point::new(left - 2.0, cell.center().y), theme, scene);
            }
        }
    }
}

/// The elements that every version of every content has.
fn shared(kinds: &[&[Version]]) -> Vec<i64> {
    let mut versions = kinds.iter().flat_map(|kind| kind.iter());
    let elements = |version: &Version| match &version.value {
        Value::Many(values) => values.clone(),
        _ => Vec::new(),
    };
    let Some(first) = versions.next() else { return Vec::new() };
    let mut shared = elements(first);
    for version in versions {
        let other = elements(version);
        shared.retain(|value| other.contains(value));
    }
    shared
}

/// Versions that contradict each other have a firmer edge.
fn edge(pen: Pen<'_>, versions: usize, theme: &Theme) {
    match versions {
        0 => pen.stroke(theme.muted, 1.0).dash(2.0, 2.0),
        1 => pen.stroke(theme.muted, 1.0),
        _ => pen.stroke(theme.candidate, 2.0),
    };
}

/// Between two versions: they cannot both be.
fn unequal(at: Point, theme: &Theme, scene: &mut Scene) {
    scene.circle(at, 6.5).fill(theme.ground).stroke(theme.candidate, 1.0);
    scene.text(at, "≠").size(11.0).bold().middle().fill(theme.candidate);
}

/// What a node holds under a key.
pub(super) fn find<'a>(holds: &'a [Held], key: &str) -> Option<&'a Held> {
    holds.iter().find(|held| held.key == key)
}

/// The keys that any node holds something under, in order.
pub(super) fn keys(frame: &Frame) -> Vec<&str> {
    let mut keys: Vec<&str> = Vec::new();
    for held in frame.nodes.iter().flat_map(|node| &node.inspect.holds) {
        if let Err(place) = keys.binary_search(&&*held.key) {
            keys.insert(place, &held.key);
        }
    }
    keys
}
