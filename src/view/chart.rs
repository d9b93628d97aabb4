//! A chart: what was measured, and beside it what others say.

use super::Look;
use super::theme::Theme;
use crate::observe::figures::Unit;
use crate::paint::{Anchor, Baseline, Color, Point, Rect, Scene, Size};

/// Shares or numbers over something that is turned or waited for.
#[derive(Clone, Debug)]
pub struct Chart {
    pub title: String,
    /// What it shows, for those who do not see it.
    pub about: String,
    pub across: Axis,
    pub up: Axis,
    pub curves: Vec<Curve>,
}

/// One direction of a chart, and what it covers.
#[derive(Clone, Debug)]
pub struct Axis {
    pub name: String,
    pub unit: Unit,
    pub from: f64,
    pub to: f64,
}

/// Points that belong together.
#[derive(Clone, Debug)]
pub struct Curve {
    pub name: String,
    pub form: Form,
    /// Curves of one family have one colour; families are numbered.
    pub family: usize,
    pub points: Vec<(f64, f64)>,
}

/// How the points of a curve are drawn: no two families are told apart by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Line,
    Dots,
    Squares,
    Triangles,
    Diamonds,
    /// What is published.
    Rings,
}

const LEFT: f32 = 64.0;
const RIGHT: f32 = 22.0;
const TOP: f32 = 44.0;
const BOTTOM: f32 = 46.0;
const ROW: f32 = 20.0;

/// Draws a chart.
pub fn chart(chart: &Chart, look: &Look, scene: &mut Scene) {
    let theme = look.theme();
    scene.clear();
    scene.size = look.size;
    scene.background = theme.ground;
    scene.describe(&chart.title, &chart.about);
    let title = scene.text(Point::new(LEFT, 26.0), &chart.title).size(15.0).bold();
    title.max_width(look.size.width - LEFT - RIGHT).fill(theme.text);
    let top = legend(chart, look.size, theme, scene);
    let (width, height) = (look.size.width - LEFT - RIGHT, look.size.height - top - BOTTOM);
    let plot = Rect::new(LEFT, top, width.max(1.0), height.max(1.0));
    grid(chart, plot, theme, scene);
    for curve in &chart.curves {
        let shown = curve.points.iter().filter(|(x, y)| chart.across.covers(*x) && chart.up.covers(*y));
        let points = shown.map(|(x, y)| {
            let (right, rise) = (chart.across.part(*x), chart.up.part(*y));
            Point::new(plot.x + right * plot.width, plot.bottom() - rise * plot.height)
        });
        draw(curve, points, theme, scene);
    }
}

impl Axis {
    fn covers(&self, value: f64) -> bool {
        (self.from..=self.to).contains(&value)
    }

    /// How far along a value stands, 0 to 1.
    fn part(&self, value: f64) -> f32 {
        ((value - self.from) / (self.to - self.from).max(f64::MIN_POSITIVE)) as f32
    }

    /// Round values, about six of them.
    fn ticks(&self) -> Vec<f64> {
        let rough = ((self.to - self.from) / 6.0).max(f64::MIN_POSITIVE);
        let digits = libm::floor(libm::log10(rough));
        // 6 / 10 is 0.6, and 6 · 0.1 is not.
        let (ten, tenth) = (libm::pow(10.0, digits.max(0.0)), libm::pow(10.0, -digits.min(0.0)));
        let step = [1.0, 2.0, 5.0].iter().map(|times| times * ten).find(|step| step / tenth >= rough);
        let step = step.unwrap_or(10.0 * ten);
        let first = libm::ceil(self.from * tenth / step - 1e-9);
        let values = (0..20).map(|i| (first + f64::from(i)) * step / tenth);
        values.take_while(|value| *value <= self.to + step / tenth * 1e-9).collect()
    }
}

/// Names the curves above the plot; says where the plot begins.
fn legend(chart: &Chart, size: Size, theme: &Theme, scene: &mut Scene) -> f32 {
    let mut at = Point::new(LEFT + 8.0, TOP + 4.0);
    for curve in &chart.curves {
        let room = crate::paint::text::width(&curve.name, 12.0, Default::default(), Default::default());
        if at.x + 14.0 + room > size.width - RIGHT && at.x > LEFT + 8.0 {
            at = Point::new(LEFT + 8.0, at.y + ROW);
        }
        let sample = match curve.form {
            Form::Line => vec![at - Point::new(8.0, 0.0), at + Point::new(8.0, 0.0)],
            _ => vec![at],
        };
        draw(curve, sample, theme, scene);
        let words = scene.text(at + Point::new(14.0, 0.0), &curve.name).size(12.0);
        words.baseline(Baseline::Middle).fill(theme.text);
        at.x += 14.0 + room + 28.0;
    }
    at.y + ROW
}

fn grid(chart: &Chart, plot: Rect, theme: &Theme, scene: &mut Scene) {
    for value in chart.up.ticks() {
        let y = plot.bottom() - chart.up.part(value) * plot.height;
        scene.line(Point::new(plot.x, y), Point::new(plot.right(), y)).stroke(theme.hairline, 1.0);
        let words = scene.text(Point::new(plot.x - 8.0, y), chart.up.unit.show(value)).size(11.0);
        words.anchor(Anchor::End).baseline(Baseline::Middle).fill(theme.muted);
    }
    for value in chart.across.ticks() {
        let x = plot.x + chart.across.part(value) * plot.width;
        let foot = Point::new(x, plot.bottom());
        scene.line(foot, foot + Point::new(0.0, 5.0)).stroke(theme.muted, 1.0);
        let words = scene.text(foot + Point::new(0.0, 15.0), chart.across.unit.show(value)).size(11.0);
        words.middle().fill(theme.muted);
    }
    let corner = Point::new(plot.x, plot.bottom());
    scene.line(corner, Point::new(plot.right(), corner.y)).stroke(theme.muted, 1.0);
    let below = Point::new(plot.center().x, plot.bottom() + 34.0);
    scene.text(below, &chart.across.name).size(12.0).middle().max_width(plot.width).fill(theme.text);
    let above = Point::new(plot.right(), 26.0);
    scene.text(above, &chart.up.name).size(12.0).anchor(Anchor::End).fill(theme.muted);
}

fn draw(curve: &Curve, points: impl IntoIterator<Item = Point>, theme: &Theme, scene: &mut Scene) {
    let ink = ink(curve, theme);
    if curve.form == Form::Line {
        scene.polyline(points).stroke(ink, 1.5);
        return;
    }
    for at in points {
        let shape = |around: [(f32, f32); 4]| around.map(|(x, y)| at + Point::new(x, y));
        match curve.form {
            Form::Line | Form::Dots => {
                scene.circle(at, 3.0).fill(ink);
            }
            Form::Squares => {
                scene.rect(Rect::centered(at, Size::new(5.5, 5.5))).fill(ink);
            }
            Form::Triangles => {
                let corners = [(0.0, -4.0), (3.8, 2.8), (-3.8, 2.8)];
                scene.polygon(corners.map(|(x, y)| at + Point::new(x, y))).fill(ink);
            }
            Form::Diamonds => {
                scene.polygon(shape([(0.0, -4.2), (4.2, 0.0), (0.0, 4.2), (-4.2, 0.0)])).fill(ink);
            }
            Form::Rings => {
                scene.circle(at, 6.0).stroke(ink, 2.0);
            }
        }
    }
}

/// What is published is written in the ink of words.
fn ink(curve: &Curve, theme: &Theme) -> Color {
    let families = [theme.append, theme.leader, theme.client, theme.candidate];
    if curve.form == Form::Rings { theme.text } else { families[curve.family % families.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_axis() {
        let axis = |from, to| Axis { name: String::new(), unit: Unit::Count, from, to };
        assert_eq!(axis(0.0, 70.0).ticks(), [0.0, 20.0, 40.0, 60.0]);
        assert_eq!(axis(1.0, 5.0).ticks(), [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(axis(0.4, 1.0).ticks(), [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        assert!(axis(3.0, 3.0).ticks().len() <= 20);
    }
}
