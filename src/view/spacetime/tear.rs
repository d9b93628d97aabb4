//! Where links were cut: a jagged line in a light band, between the lines of life that it parts.

use super::Sheet;
use crate::paint::{Point, Scene};
use crate::sim::Links;

/// The height of a tooth and how far it stands out, in pixels.
const TOOTH: (f32, f32) = (6.0, 3.0);
/// Clear of the lines of life.
const GAP: f32 = 4.0;

pub fn draw(sheet: &Sheet<'_>, links: &Links, x: f32, opacity: f32, scene: &mut Scene) {
    let ends = links.directed(sheet.run.network().places());
    let spans: Vec<(f32, f32)> = ends
        .iter()
        .filter_map(|(a, b)| Some((sheet.y(*a)?, sheet.y(*b)?)))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    for rows in sheet.rows.windows(2) {
        let Some((top, bottom)) = sheet.y(rows[0]).zip(sheet.y(rows[1])) else { continue };
        let torn = spans.iter().any(|(a, b)| *a <= top && bottom <= *b);
        let (top, bottom) = (top + GAP, bottom - GAP);
        if !torn || bottom - top < TOOTH.0 {
            continue;
        }
        let mut band: Vec<Point> = jagged(x + 4.0, top, bottom).collect();
        band.reverse();
        band.extend(jagged(x - 4.0, top, bottom));
        // The line of the act does not show through.
        scene.polygon(band.iter().copied()).fill(sheet.theme.ground);
        scene.polygon(band).fill(sheet.theme.cut).opacity(0.14 * opacity);
        scene.polyline(jagged(x, top, bottom)).stroke(sheet.theme.cut, 1.4).opacity(opacity);
    }
}

fn jagged(x: f32, top: f32, bottom: f32) -> impl Iterator<Item = Point> {
    let teeth = ((bottom - top) / TOOTH.0).max(2.0) as u16;
    (0..=teeth).map(move |tooth| {
        let side = match tooth {
            0 => 0.0,
            last if last == teeth => 0.0,
            even if even % 2 == 0 => TOOTH.1,
            _ => -TOOTH.1,
        };
        Point::new(x + side, top + (bottom - top) * f32::from(tooth) / f32::from(teeth))
    })
}
