//! Replicated logs side by side: one row a node, one column an index; what is committed is solid, what is applied is
//! underlined, and what conflicts with the leader's log is notched.

use super::Look;
use super::rows::{self, MARGIN, NAMES};
use super::theme::Theme;
use crate::paint::{Baseline, Point, Rect, Scene, Size};
use crate::run::Frame;
use crate::run::frame::{Life, NodeFrame};
use crate::sim::{LogView, Role};

const TOP: f32 = 34.0;

/// The indices that are shown, and how large a cell is.
struct Grid {
    first: u64,
    columns: u64,
    cell: Size,
}

/// Draws the logs of one instant.
pub fn logs(frame: &Frame, look: &Look, scene: &mut Scene) {
    let theme = look.theme();
    scene.clear();
    scene.size = look.size;
    scene.background = theme.ground;
    let rows: Vec<&NodeFrame> = frame.nodes.iter().filter(|node| node.inspect.log.is_some()).collect();
    scene.describe("The logs", words(&rows));
    let Some(grid) = grid(&rows, look.size) else {
        scene
            .text(look.size.rect().center(), "No node of this protocol keeps a log.")
            .size(14.0)
            .middle()
            .fill(theme.muted);
        return;
    };
    head(&grid, theme, scene);
    for (row, node) in rows.iter().enumerate() {
        let top = TOP + row as f32 * (grid.cell.height + 14.0);
        if top + grid.cell.height > look.size.height {
            break;
        }
        rows::head(node, top, grid.cell.height, look, scene);
        let log = node.inspect.log.as_ref().expect("rows have logs");
        for column in 0..grid.columns {
            let index = grid.first + column;
            cell(node, log, &rows, index, grid.place(column, top), theme, scene);
        }
        points(log, top, &grid, theme, scene);
    }
}

impl Grid {
    fn place(&self, column: u64, top: f32) -> Rect {
        let left = NAMES + column as f32 * self.cell.width;
        Rect::new(left, top, self.cell.width - 2.0, self.cell.height)
    }
}

/// As many of the last indices as fit, in cells as large as they can be read well.
fn grid(rows: &[&NodeFrame], size: Size) -> Option<Grid> {
    let logs = || rows.iter().filter_map(|node| node.inspect.log.as_ref());
    let last = logs().map(|log| log.first + log.entries.len() as u64).max()?.saturating_sub(1).max(8);
    let oldest = logs().map(|log| log.first).min()?;
    let width = if size.width < 500.0 { 38.0 } else { 68.0 };
    let room = ((size.width - NAMES - MARGIN) / width).max(1.0) as u64;
    let first = last.saturating_sub(room - 1).max(oldest).max(1);
    let height = ((size.height - TOP - MARGIN) / rows.len() as f32 - 14.0).clamp(18.0, 44.0);
    Some(Grid { first, columns: room, cell: Size::new(width, height) })
}

fn head(grid: &Grid, theme: &Theme, scene: &mut Scene) {
    scene
        .text(Point::new(MARGIN, TOP - 14.0), "index")
        .size(11.0)
        .baseline(Baseline::Middle)
        .fill(theme.muted);
    for column in 0..grid.columns {
        let at = Point::new(grid.place(column, 0.0).center().x, TOP - 14.0);
        scene.text(at, grid.first + column).size(11.0).middle().fill(theme.muted);
    }
}

fn cell(
    node: &NodeFrame,
    log: &LogView,
    rows: &[&NodeFrame],
    index: u64,
    place: Rect,
    theme: &Theme,
    scene: &mut Scene,
) {
    let Some((epoch, content)) = entry(log, index) else {
        scene.round_rect(place, 3.0).stroke(theme.hairline, 1.0);
        return;
    };
    let committed = index <= log.commit;
    let opacity = if node.life == Life::Down { 0.55 } else { 1.0 };
    let disputed = standard(rows, index).is_some_and(|standard| standard != epoch);
    let fill = if committed { theme.epoch(epoch) } else { theme.ground };
    let pen = scene.round_rect(place, 3.0).fill(fill).opacity(opacity);
    match (disputed, committed) {
        (true, _) => pen.stroke(theme.candidate, 2.0),
        (false, true) => pen.stroke(theme.muted, 1.0),
        (false, false) => pen.stroke(theme.muted, 1.0).dash(3.0, 2.5),
    };
    let wide = place.width > 50.0 && place.height > 26.0;
    let middle = place.center();
    let rise = if wide { place.height * 0.17 } else { 0.0 };
    scene
        .text(Point::new(middle.x, middle.y - rise), epoch)
        .size(12.0)
        .bold()
        .middle()
        .fill(theme.text)
        .opacity(opacity);
    if wide {
        let below = Point::new(middle.x, middle.y + place.height * 0.24);
        scene
            .text(below, content)
            .size(10.0)
            .middle()
            .max_width(place.width - 6.0)
            .fill(theme.muted)
            .opacity(opacity);
    }
    if disputed {
        // Not by colour alone: a notch in the corner.
        let corner = Point::new(place.x + place.width, place.y);
        scene
            .polygon([corner, Point::new(corner.x - 7.0, corner.y), Point::new(corner.x, corner.y + 7.0)])
            .fill(theme.candidate);
    }
}

/// Where the log is committed and applied up to.
fn points(log: &LogView, top: f32, grid: &Grid, theme: &Theme, scene: &mut Scene) {
    let under = top + grid.cell.height + 4.0;
    let shown = |index: u64| index.checked_sub(grid.first).filter(|column| *column < grid.columns);
    if log.applied >= grid.first {
        let end =
            shown(log.applied).map_or(grid.place(grid.columns - 1, top), |column| grid.place(column, top));
        let (from, to) = (Point::new(NAMES, under), Point::new(end.x + end.width, under));
        scene.line(from, to).stroke(theme.client, 2.0).round();
    }
    if let Some(column) = shown(log.commit) {
        let x = grid.place(column, top).x + grid.cell.width - 1.0;
        scene.line(Point::new(x, top - 4.0), Point::new(x, under + 3.0)).stroke(theme.text, 2.0);
    }
}

/// The epoch that an index has to have: what the leader of the newest epoch holds there, or else what is committed
/// there anywhere. An entry of another epoch is in conflict with it.
fn standard(rows: &[&NodeFrame], index: u64) -> Option<u64> {
    let at = |node: &&NodeFrame| {
        node.inspect.log.as_ref().and_then(|log| entry(log, index)).map(|(epoch, _)| epoch)
    };
    let leaders = rows.iter().filter(|node| node.inspect.role == Role::Leader && node.life == Life::Up);
    let leader = leaders.max_by_key(|node| node.inspect.epoch.map(|epoch| epoch.number));
    let committed = || {
        rows.iter().find(|node| node.inspect.log.as_ref().is_some_and(|log| log.commit >= index)).and_then(at)
    };
    leader.and_then(at).or_else(committed)
}

fn entry(log: &LogView, index: u64) -> Option<(u64, &str)> {
    let place = index.checked_sub(log.first)?;
    log.entries.get(place as usize).map(|(epoch, content)| (*epoch, content.as_str()))
}

fn words(rows: &[&NodeFrame]) -> String {
    let row = |node: &&NodeFrame| {
        let log = node.inspect.log.as_ref()?;
        let last = log.first + log.entries.len() as u64 - 1;
        Some(format!("{} holds entries up to {last}, committed up to {}", node.name, log.commit))
    };
    rows.iter().filter_map(row).collect::<Vec<_>>().join("; ")
}
