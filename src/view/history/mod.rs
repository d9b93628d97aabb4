//! What clients asked and heard: a lane for each client, a bar for each operation from call to answer, open where nobody
//! answered, a tick where it may have taken effect. What proves a broken promise is lit.

mod bars;

use std::ops::Range;

use super::spacetime::axis::Axis;
use super::theme::Theme;
use super::{Look, Target, Window};
use crate::paint::{Anchor, Baseline, Color, Point, Rect, Scene, Size};
use crate::run::Run;
use crate::sim::words::counted;
use crate::sim::{Micros, Time};

pub use bars::{Bar, Bars, Memory};

const NAMES: f32 = 92.0;
const TOP: f32 = 40.0;
const MARGIN: f32 = 14.0;
/// Between two lanes.
const GAP: f32 = 10.0;
/// Below the lanes, where a complaint stands.
const FOOT: f32 = 34.0;
/// A letter of 11 pixels is about so wide.
const LETTER: f32 = 6.1;
/// An operation that can be read well is about so wide, with its words.
const WIDTH: f32 = 90.0;

/// Draws the history of a run up to the present moment, within a window of time.
pub fn history(run: &dyn Run, window: &Window, look: &Look, memory: &mut Memory, scene: &mut Scene) {
    draw(memory.of(run), window.from.0..window.to.0, look, scene);
}

/// How much time a reader wants to see first: a few operations of each client, as long as those of this run take.
pub fn span(run: &dyn Run, size: Size) -> Micros {
    let lanes = run.names().clients.len().max(1);
    let fit = ((size.width - NAMES) / WIDTH).max(2.0) as u64 * lanes as u64;
    let apart = run.end().0 / (run.trace().ops.len().max(1) as u64);
    let steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
    let step = steps.into_iter().map(Micros::from_millis).find(|step| step.0 >= apart * fit);
    Micros(step.unwrap_or(Micros::from_millis(100_000)).0.min(run.plan().until.0))
}

/// The size at which a history can be read whole: so wide, and as high as its clients need.
pub fn size(bars: &Bars, width: f32) -> Size {
    let depths: usize = depths(bars, &rows(bars)).iter().sum();
    Size::new(width, TOP + depths as f32 * 30.0 + bars.lanes.len() as f32 * GAP + FOOT)
}

/// Where time stands in the picture.
pub fn axis(window: &Range<u64>, size: Size) -> Axis {
    Axis::plain(Time(window.start), Time(window.end), NAMES, (size.width - MARGIN).max(NAMES + 1.0))
}

/// Where things are.
struct Grid<'a> {
    bars: &'a Bars,
    axis: Axis,
    size: Size,
    /// The top of each lane, the end of the last one, and the height of a row.
    lanes: Vec<f32>,
    floor: f32,
    row: f32,
    theme: &'static Theme,
}

/// Draws a history, whoever recorded it.
pub fn draw(bars: &Bars, window: Range<u64>, look: &Look, scene: &mut Scene) {
    let theme = look.theme();
    scene.clear();
    scene.size = look.size;
    scene.background = theme.ground;
    scene.describe("What clients asked and heard", words(bars));
    if bars.bars.is_empty() {
        let middle = look.size.rect().center();
        scene.text(middle, "No client has asked anything yet.").size(14.0).middle().fill(theme.muted);
        return;
    }
    let rows = rows(bars);
    let depths = depths(bars, &rows);
    let foot = if bars.timed { MARGIN } else { FOOT };
    let all = depths.iter().sum::<usize>() as f32;
    let row = ((look.size.height - TOP - foot - GAP * depths.len() as f32) / all).clamp(15.0, 40.0);
    let mut top = TOP;
    let lanes = depths.iter().map(|depth| {
        let lane = top;
        top += *depth as f32 * row + GAP;
        lane
    });
    let lanes: Vec<f32> = lanes.collect();
    let grid = Grid { bars, axis: axis(&window, look.size), size: look.size, lanes, floor: top, row, theme };
    grid.ticks(scene);
    grid.light(scene);
    for (lane, name) in bars.lanes.iter().enumerate() {
        grid.lane(lane, name, depths[lane], scene);
    }
    grid.present(scene);
    // Each bar knows where the next one of its row begins: what does not fit into it may stand behind it.
    let mut next = vec![[grid.right(); 4]; bars.lanes.len()];
    for (bar, row) in bars.bars.iter().zip(&rows).rev() {
        let next = &mut next[bar.lane][(*row).min(3)];
        grid.bar(bar, (*row).min(3), *next, look, scene);
        *next = grid.x(bar.from);
    }
    // Round the stage of a run it is said already.
    if let Some(complaint) = bars.complaint.as_ref().filter(|_| !bars.timed) {
        let at = Point::new(MARGIN, look.size.height - 14.0);
        scene
            .text(at, complaint)
            .size(12.0)
            .baseline(Baseline::Middle)
            .max_width(look.size.width - 2.0 * MARGIN)
            .fill(theme.violation);
    }
}

/// Operations of one client that overlap, by hand or because the client gave up on one, stand below each other.
fn rows(bars: &Bars) -> Vec<usize> {
    let mut busy: Vec<Vec<u64>> = vec![Vec::new(); bars.lanes.len()];
    let place = |bar: &Bar| {
        let lane = &mut busy[bar.lane];
        let free = lane.iter().position(|until| *until <= bar.from);
        let row = free.unwrap_or(lane.len());
        let until = bar.to.unwrap_or(u64::MAX);
        match lane.get_mut(row) {
            Some(taken) => *taken = until,
            None => lane.push(until),
        }
        row
    };
    bars.bars.iter().map(place).collect()
}

/// How many rows each lane has.
fn depths(bars: &Bars, rows: &[usize]) -> Vec<usize> {
    let mut depths = vec![1; bars.lanes.len()];
    for (bar, row) in bars.bars.iter().zip(rows) {
        depths[bar.lane] = depths[bar.lane].max(row + 1).min(4);
    }
    depths
}

impl Grid<'_> {
    fn x(&self, at: u64) -> f32 {
        self.axis.x(Time(at))
    }

    /// Times along the top, a round number apart.
    fn ticks(&self, scene: &mut Scene) {
        for tick in self.axis.ticks(84.0) {
            let x = self.axis.x(tick);
            let (top, floor) = (Point::new(x, TOP - 10.0), Point::new(x, self.floor));
            scene.line(top, floor).stroke(self.theme.hairline, 1.0);
            let pen = scene.text(Point::new(x, TOP - 20.0), self.moment(tick.0));
            pen.size(11.0).middle().fill(self.theme.muted);
        }
    }

    /// Where the run is in time: nobody has heard anything yet of what lies behind it.
    fn present(&self, scene: &mut Scene) {
        let x = self.x(self.bars.now);
        if self.bars.timed && (NAMES..=self.right()).contains(&x) {
            let (top, floor) = (Point::new(x, TOP - 10.0), Point::new(x, self.floor));
            scene.line(top, floor).stroke(self.theme.selected, 1.5);
            let head = [(0.0, 0.0), (5.0, -8.0), (-5.0, -8.0)];
            let head = head.map(|(dx, dy)| Point::new(x + dx, TOP - 8.0 + dy));
            scene.polygon(head).fill(self.theme.selected);
        }
    }

    fn moment(&self, at: u64) -> String {
        if self.bars.timed { Micros(at).to_string() } else { at.to_string() }
    }

    /// The stretch in which the operations to blame lie.
    fn light(&self, scene: &mut Scene) {
        let blamed = || self.bars.bars.iter().filter(|bar| bar.blamed);
        let Some(from) = blamed().map(|bar| bar.from).min() else { return };
        let to = blamed().map(|bar| bar.to.unwrap_or(self.bars.now)).max().unwrap_or(from);
        let (left, right) = (self.x(from).max(NAMES), self.x(to).min(self.size.width - MARGIN));
        if right > left {
            let region = Rect::new(left, TOP - 8.0, right - left, self.floor - TOP + 8.0);
            scene.rect(region).fill(self.theme.violation.with_alpha(0.07));
        }
    }

    fn lane(&self, lane: usize, name: &str, depth: usize, scene: &mut Scene) {
        let middle = self.lanes[lane] + self.row * depth as f32 / 2.0;
        scene
            .text(Point::new(MARGIN, middle), name)
            .size(13.0)
            .bold()
            .baseline(Baseline::Middle)
            .max_width(NAMES - MARGIN - 6.0)
            .fill(self.theme.text);
        let y = self.lanes[lane] + self.row * depth as f32 + 5.0;
        let ends = [Point::new(MARGIN, y), Point::new(self.size.width - MARGIN, y)];
        scene.line(ends[0], ends[1]).stroke(self.theme.hairline, 1.0);
    }

    fn ink(&self, bar: &Bar) -> Color {
        match (bar.blamed, bar.is_unknown() || bar.failed(), bar.reads()) {
            (true, ..) => self.theme.violation,
            (_, true, _) => self.theme.muted,
            (_, _, true) => self.theme.follower,
            _ => self.theme.client,
        }
    }

    fn right(&self) -> f32 {
        self.size.width - MARGIN
    }

    fn bar(&self, bar: &Bar, row: usize, next: f32, look: &Look, scene: &mut Scene) {
        let until = bar.to.unwrap_or(self.bars.now);
        if self.x(until) < NAMES || self.x(bar.from) > self.right() {
            return;
        }
        let top = self.lanes[bar.lane] + row as f32 * self.row + 1.5;
        let left = self.x(bar.from).max(NAMES);
        let right = self.x(until).min(self.right()).max(left + 3.0);
        let place = Rect::new(left, top, right - left, self.row - 3.0);
        let target = bar.event().map(Target::Event);
        let tag = target.map(Target::tag);
        let ink = self.ink(bar);
        let fill = if bar.failed() { self.theme.ground } else { ink.with_alpha(0.16) };
        if target.is_some_and(|target| look.marks(target)) {
            let halo = Rect::new(place.x - 2.0, place.y - 2.0, place.width + 4.0, place.height + 4.0);
            scene.round_rect(halo, 5.0).fill(self.theme.selected.with_alpha(0.35));
        }
        let width = if bar.blamed { 2.0 } else { 1.0 };
        if bar.is_unknown() {
            scene.rect(place).fill(fill).tag(tag).title(self.told(bar));
            self.open_end(place, next, (ink, width), scene);
        } else {
            scene.round_rect(place, 4.0).fill(fill).stroke(ink, width).tag(tag).title(self.told(bar));
        }
        self.label(bar, place, next, scene);
        if let Some(point) = bar.point {
            self.tick(self.x(point), place, scene);
        }
    }

    /// Nobody knows where it ends: the outline has no right side, and goes on in dots.
    fn open_end(&self, place: Rect, next: f32, (ink, width): (Color, f32), scene: &mut Scene) {
        let (right, floor) = (place.x + place.width, place.y + place.height);
        let corners = [(right, place.y), (place.x, place.y), (place.x, floor), (right, floor)];
        scene.polyline(corners.map(|(x, y)| Point::new(x, y))).stroke(ink, width).dash(4.0, 2.5);
        let room = (next - right).min(18.0);
        if room > 4.0 {
            let middle = place.y + place.height / 2.0;
            scene
                .line(Point::new(right + 2.0, middle), Point::new(right + room, middle))
                .stroke(ink, 2.0)
                .dash(2.0, 3.0);
        }
    }

    /// The instant of an operation: a line through its bar with a dot on it, kept inside the picture.
    fn tick(&self, x: f32, place: Rect, scene: &mut Scene) {
        if x < NAMES || x > self.right() {
            return;
        }
        let ink = self.theme.text;
        let (top, floor) = (place.y - 1.0, place.y + place.height + 1.0);
        scene.line(Point::new(x, top), Point::new(x, floor)).stroke(ink, 1.5);
        scene.circle(Point::new(x, floor - 1.0), 2.2).fill(ink);
    }

    /// All of it, or what was heard or written, in the bar or behind it, as there is room.
    fn label(&self, bar: &Bar, place: Rect, next: f32, scene: &mut Scene) {
        if place.height < 12.0 {
            return;
        }
        let whole = bar.operation.to_string();
        let whole = whole.strip_suffix(" (unknown)").unwrap_or(&whole);
        let short = whole.rsplit_once(" → ").or(whole.rsplit_once(' ')).map_or(whole, |(_, short)| short);
        let width = |words: &str| words.chars().count() as f32 * LETTER + 10.0;
        let behind = place.x + place.width + if bar.is_unknown() { 20.0 } else { 0.0 };
        let places =
            [(whole, place.x, place.width), (whole, behind, next - behind), (short, place.x, place.width)];
        let places = places.into_iter().chain([(short, behind, next - behind)]);
        let Some((words, left, _)) = places.into_iter().find(|(words, _, room)| width(words) <= *room) else {
            return;
        };
        let ink = if bar.blamed { self.theme.violation } else { self.theme.text };
        let pen = scene
            .text(Point::new(left + 5.0, place.y + place.height / 2.0), words)
            .size(11.0)
            .anchor(Anchor::Start)
            .baseline(Baseline::Middle)
            .halo(self.theme.ground)
            .fill(ink);
        if bar.blamed {
            pen.bold();
        }
    }

    fn told(&self, bar: &Bar) -> String {
        let end = match bar.to {
            _ if bar.is_unknown() => {
                "nobody answered: it may take effect at any later time, or never".to_owned()
            }
            Some(to) => format!("answered at {}", self.moment(to)),
            None => "not answered yet".to_owned(),
        };
        let lane = &self.bars.lanes[bar.lane];
        format!("{lane}: {}, asked at {}, {end}", bar.operation, self.moment(bar.from))
    }
}

fn words(bars: &Bars) -> String {
    let unknown = bars.bars.iter().filter(|bar| bar.is_unknown()).count();
    let blamed: Vec<String> =
        bars.bars.iter().filter(|bar| bar.blamed).map(|bar| bar.operation.to_string()).collect();
    let mut words = format!(
        "{} of {}, {unknown} of them unknown.",
        counted(bars.bars.len() as u64, "operation"),
        counted(bars.lanes.len() as u64, "client")
    );
    if let Some(complaint) = &bars.complaint {
        words.push_str(&format!(" {complaint} To blame: {}.", blamed.join("; ")));
    }
    words
}
