//! What every replica holds: one row a node, one column a key. The same content has the same tint; versions that
//! contradict each other stand side by side; how far a replica lags is a bar at the end of its row.

use super::rows::{self, MARGIN, NAMES};
use super::theme::Theme;
use super::trees::{self, Pair};
use super::values::{self, Contents};
use super::{Look, Target};
use crate::paint::{Baseline, Point, Rect, Scene, Size};
use crate::run::Frame;
use crate::run::frame::{Life, NodeFrame};

const TOP: f32 = 54.0;
/// Room for the bar of a lag.
const LAG: f32 = 84.0;
/// A lag of so many updates fills the bar.
const FULL: u64 = 20;

/// Where things are.
struct Grid {
    columns: usize,
    cell: Size,
    /// Whether anybody tells how far it lags.
    lags: bool,
    right: f32,
}

/// Draws what the replicas of one instant hold.
pub fn replicas(frame: &Frame, look: &Look, scene: &mut Scene) {
    let theme = look.theme();
    scene.clear();
    scene.size = look.size;
    scene.background = theme.ground;
    let keys = values::keys(frame);
    if keys.is_empty() {
        scene.describe("What replicas hold", "Nothing yet");
        let middle = look.size.rect().center();
        let nothing = "No replica holds anything yet.";
        scene.text(middle, nothing).size(14.0).middle().fill(theme.muted);
        return;
    }
    let pair = chosen(frame, look);
    let compared = pair.as_ref().map(|pair| format!(". {}", pair.words())).unwrap_or_default();
    scene.describe("What replicas hold", words(frame, &keys) + &compared);
    let floor = foot(frame, pair.as_ref(), look, scene);
    let grid = grid(frame, &keys, Size::new(look.size.width, floor));
    let contents: Vec<Contents<'_>> =
        keys.iter().take(grid.columns).map(|key| Contents::of(frame, key)).collect();
    head(&keys, &contents, &grid, theme, scene);
    for (row, node) in frame.nodes.iter().enumerate() {
        let top = TOP + row as f32 * (grid.cell.height + 10.0);
        if top + grid.cell.height > floor {
            break;
        }
        rows::head(node, top, grid.cell.height, look, scene);
        for (column, (key, contents)) in keys.iter().zip(&contents).enumerate() {
            let versions = values::find(&node.inspect.holds, key).map_or(&[][..], |held| &held.versions);
            contents.cell(versions, "", grid.place(column, top), theme, scene);
        }
        if node.life == Life::Down {
            let row = Rect::new(NAMES, top, grid.right - NAMES, grid.cell.height);
            scene.rect(row).fill(theme.ground.with_alpha(0.45));
        }
        lag(frame.lag(node), top, &grid, theme, scene);
    }
}

/// The hash trees of the two nodes that are chosen, if there are two and they keep any.
fn chosen<'a>(frame: &'a Frame, look: &Look) -> Option<Pair<'a>> {
    let nodes: Vec<&NodeFrame> = look.selected.iter().filter_map(|target| node_of(*target, frame)).collect();
    match nodes[..] {
        [one, other] => Pair::of(one, other),
        _ => None,
    }
}

/// Draws what stands below the rows; says where that begins.
fn foot(frame: &Frame, pair: Option<&Pair<'_>>, look: &Look, scene: &mut Scene) -> f32 {
    let Size { width, height } = look.size;
    if let Some(pair) = pair {
        let floor = height - trees::HEIGHT;
        let room = Rect::new(MARGIN, floor, width - 2.0 * MARGIN, trees::HEIGHT - MARGIN);
        pair.draw(room, look.theme(), scene);
        return floor;
    }
    if !trees::any(frame) {
        return height;
    }
    let at = Point::new(MARGIN, height - 16.0);
    let hint = "Choose two nodes to compare their hash trees.";
    scene.text(at, hint).size(11.0).baseline(Baseline::Middle).fill(look.theme().muted);
    height - 24.0
}

impl Grid {
    fn place(&self, column: usize, top: f32) -> Rect {
        let left = NAMES + column as f32 * (self.cell.width + 6.0);
        Rect::new(left, top, self.cell.width, self.cell.height)
    }
}

fn node_of(target: Target, frame: &Frame) -> Option<&NodeFrame> {
    match target {
        Target::Node(id) => frame.node(id),
        _ => None,
    }
}

fn grid(frame: &Frame, keys: &[&str], size: Size) -> Grid {
    let lags = frame.nodes.iter().any(|node| frame.lag(node).is_some());
    let right = size.width - MARGIN - if lags { LAG } else { 0.0 };
    let least = if size.width < 500.0 { 64.0 } else { 96.0 };
    let columns = (((right - NAMES) / least).max(1.0) as usize).min(keys.len());
    let width = ((right - NAMES) / columns as f32 - 6.0).min(280.0);
    let rows = frame.nodes.len().max(1) as f32;
    let height = ((size.height - TOP - MARGIN) / rows - 10.0).clamp(18.0, 64.0);
    Grid { columns, cell: Size::new(width, height), lags, right }
}

fn head(keys: &[&str], contents: &[Contents<'_>], grid: &Grid, theme: &Theme, scene: &mut Scene) {
    for (column, (key, contents)) in keys.iter().zip(contents).enumerate() {
        let at = Point::new(grid.place(column, 0.0).center().x, TOP - 32.0);
        scene.text(at, key).size(14.0).bold().middle().fill(theme.text);
        let (said, color) = match contents.agree() {
            true => ("all agree".to_owned(), theme.muted),
            false => (format!("{} differ", contents.count()), theme.candidate),
        };
        scene.text(at + Point::new(0.0, 16.0), said).size(11.0).middle().fill(color);
    }
    if grid.lags {
        let at = Point::new(grid.right + 8.0, TOP - 32.0);
        scene.text(at, "lag").size(11.0).baseline(Baseline::Middle).fill(theme.muted);
    }
    let hidden = keys.len() - contents.len();
    if hidden > 0 {
        let at = Point::new(MARGIN, TOP - 32.0);
        let said = format!("{hidden} more keys");
        scene.text(at, said).size(11.0).baseline(Baseline::Middle).fill(theme.muted);
    }
}

/// How many updates a replica lacks that another has.
fn lag(lag: Option<u64>, top: f32, grid: &Grid, theme: &Theme, scene: &mut Scene) {
    let Some(lag) = lag else { return };
    let (left, room) = (grid.right + 8.0, LAG - 34.0);
    let middle = top + grid.cell.height / 2.0;
    let track = Rect::new(left, middle - 4.0, room, 8.0);
    scene.round_rect(track, 3.0).stroke(theme.hairline, 1.0);
    let part = lag.min(FULL) as f32 / FULL as f32;
    if lag > 0 {
        scene.round_rect(Rect::new(left, middle - 4.0, room * part, 8.0), 3.0).fill(theme.held);
    }
    let at = Point::new(left + room + 6.0, middle);
    scene.text(at, lag).size(11.0).baseline(Baseline::Middle).fill(theme.text);
}

fn words(frame: &Frame, keys: &[&str]) -> String {
    let told = |key: &&str| match Contents::of(frame, key) {
        contents if contents.agree() => {
            let held = frame.nodes.iter().find_map(|node| values::find(&node.inspect.holds, key));
            format!("all agree that {}", held.map(ToString::to_string).unwrap_or_default())
        }
        _ => {
            let each = frame.nodes.iter().filter(|node| node.life != Life::Down).map(|node| {
                let held = values::find(&node.inspect.holds, key)?;
                Some(format!("{} has {held}", node.name))
            });
            each.flatten().collect::<Vec<_>>().join(", ")
        }
    };
    if keys.is_empty() {
        "Nothing yet".to_owned()
    } else {
        keys.iter().map(told).collect::<Vec<_>>().join("; ")
    }
}
