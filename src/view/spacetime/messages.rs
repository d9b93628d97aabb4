//! Messages as slanted lines from who sent them to who got them.

use super::Sheet;
use super::flights::{End, Flight};
use crate::paint::{Color, Labels, Point, Rect, Scene};
use crate::sim::Time;
use crate::view::Target;
use crate::view::glyph::{Family, Glyph};

/// With more messages in sight than this, none is named.
const NAMED: usize = 60;
/// Bars of a density that are drawn at most.
const BARS: f32 = 4_000.0;
/// With more lost ones than this, their crosses have to say it.
const REASONS: usize = 10;

pub fn draw(sheet: &Sheet<'_>, flights: &[Flight], labels: &mut Labels, scene: &mut Scene) {
    let tight = sheet.is_tight();
    let deaths = flights.iter().filter(|flight| matches!(flight.end, End::Died(..))).count();
    let named = Named { kinds: flights.len() <= NAMED && !tight, reasons: deaths <= REASONS && !tight };
    for flight in flights {
        if let Some(way) = way(sheet, flight, flights) {
            one(sheet, flight, &way, named, labels, scene);
        }
    }
}

/// What there is room to write.
#[derive(Clone, Copy)]
struct Named {
    kinds: bool,
    reasons: bool,
}

/// The corners of a message's line, and its last point.
struct Way {
    points: Vec<Point>,
    tip: Point,
}

/// A copy begins where its original was when it was made.
fn fork(sheet: &Sheet<'_>, copy: &Flight, flights: &[Flight]) -> Option<Point> {
    let original = copy.copy_of.filter(|original| *original < copy.message)?;
    let place = flights.binary_search_by_key(&original, |flight| flight.message).ok()?;
    let way = way(sheet, &flights[place], flights)?;
    let x = sheet.axis.x(copy.sent);
    let pieces = way.points.windows(2).map(|ends| (ends[0], ends[1]));
    let (a, b) = pieces.filter(|(a, b)| a.x < b.x).find(|(a, b)| (a.x..=b.x).contains(&x))?;
    Some(a.lerp(b, (x - a.x) / (b.x - a.x)))
}

fn way(sheet: &Sheet<'_>, flight: &Flight, flights: &[Flight]) -> Option<Way> {
    let (from, to) = (sheet.y(flight.from)?, sheet.y(flight.to)?);
    let x = |at: Time| sheet.axis.x(at);
    let height = |along: f32| from + (to - from) * along;
    let (end, along) = match flight.end {
        End::Arrived(at, _) => (at, 1.0),
        End::Died(at, _, along) => (at, f32::from(along) / 1000.0),
        End::Open => (sheet.run.end().max(flight.sent), 0.5),
    };
    let start = fork(sheet, flight, flights).unwrap_or(Point::new(x(flight.sent), from));
    let mut points = vec![start];
    let mut tip = along;
    if let Some((since, until)) = flight.held {
        // What it had come is to what was left as the times it took.
        let (before, after) = (since - flight.sent, until.map_or(end - since, |until| end - until));
        let share = before.0 as f32 / (before.0 + after.0).max(1) as f32;
        let stop = if until.is_some() { share * along } else { 0.0 };
        points.push(Point::new(x(since), height(stop)));
        points.push(Point::new(x(until.unwrap_or(end)), height(stop)));
        tip = if until.is_some() { along } else { stop };
    }
    let tip = Point::new(x(end), height(tip));
    points.push(tip);
    Some(Way { points, tip })
}

fn one(sheet: &Sheet<'_>, flight: &Flight, way: &Way, named: Named, labels: &mut Labels, scene: &mut Scene) {
    let glyph = Glyph::of(flight.kind);
    let target = Target::Message(flight.message);
    let marked = sheet.look.marks(target);
    let followed = sheet.look.is_followed(flight.message);
    let color = if marked || followed { sheet.theme.selected } else { glyph.color(sheet.theme) };
    let quiet = glyph.family == Family::Heartbeat;
    let width = if marked {
        2.4
    } else if quiet {
        0.9
    } else {
        1.4
    };
    let opacity = sheet.opacity(flight.sent, flight.message) * if quiet && !marked { 0.7 } else { 1.0 };
    let died = matches!(flight.end, End::Died(..));
    let line = scene.polyline(way.points.iter().copied());
    let line = match (died, flight.copy_of.is_some()) {
        (true, _) => line.stroke(sheet.theme.lost, width).dash(4.0, 3.0),
        (_, true) => line.stroke(color, width).dash(2.0, 3.0),
        _ => line.stroke(color, width),
    };
    line.opacity(opacity).tag(target.tag());
    let before = way.points[way.points.len() - 2];
    let heading = (way.tip - before).unit();
    match flight.end {
        End::Arrived(..) => arrow(way.tip, heading, color, glyph.reply, sheet, opacity, scene),
        End::Died(_, why, _) => {
            cross(way.tip, sheet.theme.lost, opacity, scene);
            if named.reasons || marked {
                labels
                    .ask(18, why.text(), sheet.theme.muted)
                    .size(10.0)
                    .halo(sheet.theme.ground)
                    .opacity(opacity)
                    .beside(way.tip, 8.0);
            }
        }
        End::Open => {
            let side = heading.perpendicular() * 4.0;
            let back = way.tip - heading * 7.0;
            scene.polyline([back + side, way.tip, back - side]).stroke(color, 1.4).opacity(opacity);
        }
    }
    if marked || (named.kinds && !quiet) {
        let middle = way.points[0].lerp(way.points[1], 0.4);
        let color = if marked { sheet.theme.text } else { sheet.theme.muted };
        let priority = if marked { 90 } else { 8 };
        labels
            .ask(priority, flight.kind, color)
            .size(10.0)
            .halo(sheet.theme.ground)
            .opacity(opacity)
            .beside(middle, 7.0);
    }
}

fn arrow(
    tip: Point,
    heading: Point,
    color: Color,
    hollow: bool,
    sheet: &Sheet<'_>,
    opacity: f32,
    scene: &mut Scene,
) {
    let side = heading.perpendicular() * 3.0;
    let back = tip - heading * 7.0;
    let fill = if hollow { sheet.theme.ground } else { color };
    scene.polygon([tip, back + side, back - side]).fill(fill).stroke(color, 1.0).opacity(opacity);
}

fn cross(at: Point, color: Color, opacity: f32, scene: &mut Scene) {
    for arm in [Point::new(3.6, 3.6), Point::new(3.6, -3.6)] {
        scene.line(at - arm, at + arm).stroke(color, 1.8).opacity(opacity).round();
    }
}

/// Too many for lines: how many each place sends, column by column.
pub fn densities(sheet: &Sheet<'_>, flights: &[Flight], scene: &mut Scene) {
    let width = sheet.right() - super::NAMES;
    // Two bars a column and line: with many lines the columns are wider.
    let column_width = (width * 2.0 * sheet.rows.len() as f32 / BARS).max(4.0);
    let columns = (width / column_width).max(1.0) as usize;
    let mut counts = vec![[0_u32; 2]; columns * sheet.rows.len()];
    for flight in flights {
        let Some(row) = sheet.rows.iter().position(|row| *row == flight.from) else { continue };
        let column = ((sheet.axis.x(flight.sent) - super::NAMES) / column_width).max(0.0) as usize;
        let lost = usize::from(matches!(flight.end, End::Died(..)));
        counts[row * columns + column.min(columns - 1)][lost] += 1;
    }
    let most = counts.iter().map(|[kept, lost]| kept + lost).max().unwrap_or(1).max(1) as f32;
    let step = (sheet.floor() - super::TOP) / sheet.rows.len().max(1) as f32;
    let tall = (step * 0.8).min(60.0);
    for (row, place) in sheet.rows.iter().enumerate() {
        let Some(y) = sheet.y(*place) else { continue };
        for column in 0..columns {
            let [kept, lost] = counts[row * columns + column];
            let x = super::NAMES + column as f32 * column_width;
            let height = |count: u32| libm::sqrtf(count as f32 / most) * tall / 2.0;
            let opacity = if sheet.axis.at(x) > sheet.now { 0.35 } else { 0.8 };
            if kept > 0 {
                let bar = Rect::new(x, y - height(kept), column_width - 1.0, height(kept));
                scene.rect(bar).fill(sheet.theme.append).opacity(opacity);
            }
            if lost > 0 {
                let bar = Rect::new(x, y, column_width - 1.0, height(lost));
                scene.rect(bar).fill(sheet.theme.lost).opacity(opacity);
            }
        }
    }
}
