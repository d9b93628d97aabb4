//! What lies under a finger.

use std::f32::consts::TAU;

use super::ink::Ink;
use super::mark::{Mark, Tag};
use super::point::Point;
use super::scene::Scene;
use super::shape::{Shape, Step};

impl Scene {
    /// The tagged mark under a point: the topmost whose ink the point touches, or, where it touches
    /// none, the nearest within `slack` pixels (the topmost of equals). A finger wants more slack
    /// than a mouse.
    ///
    /// Ink counts even where it is transparent; a mark with neither fill nor stroke is not there.
    /// Dashes count as solid, text as its estimated box, curves within a tenth of a pixel.
    pub fn hit(&self, point: Point, slack: f32) -> Option<Tag> {
        let mut nearest = None;
        for (mark, tag) in self.marks().iter().rev().filter_map(|mark| Some((mark, mark.tag?))) {
            let gap = self.gap(mark, point);
            if gap <= 0.0 {
                return Some(tag);
            }
            if gap <= slack && nearest.is_none_or(|(least, _)| gap < least) {
                nearest = Some((gap, tag));
            }
        }
        nearest.map(|(_, tag)| tag)
    }

    /// The distance from a point to the mark's ink, 0 on it, infinite where it has none.
    fn gap(&self, mark: &Mark, point: Point) -> f32 {
        let ink = &mark.ink;
        match mark.shape {
            Shape::Circle { center, radius } => solid(point.distance(center) - radius, ink),
            Shape::Arc { center, radius, start, sweep } => arc(point, center, radius, start, sweep, ink),
            Shape::Line { from, to } => outline([(from, to)], point, ink),
            Shape::Quad(quad) => outline(quad.pieces(), point, ink),
            Shape::Cubic(cubic) => outline(cubic.pieces(), point, ink),
            Shape::Path(span) => path(self.steps(span), point, ink),
            Shape::RoundRect { rect, radius } => {
                let radius = rect.corner(radius);
                let off = point - rect.center();
                let (x, y) =
                    (off.x.abs() - rect.width / 2.0 + radius, off.y.abs() - rect.height / 2.0 + radius);
                let beyond = Point::new(x.max(0.0), y.max(0.0)).length() + x.max(y).min(0.0);
                solid(beyond - radius, ink)
            }
            Shape::Text(text) if ink.fill.is_some() => text.bounds(self.words(text.words)).distance(point),
            Shape::Text(_) => f32::INFINITY,
        }
    }
}

/// The gap to a closed form whose outline is `beyond` pixels away, negative inside.
fn solid(beyond: f32, ink: &Ink) -> f32 {
    let fill = if ink.fill.is_some() { beyond.max(0.0) } else { f32::INFINITY };
    fill.min(rim(beyond.abs(), ink))
}

/// The gap to the stroke of an outline that is `away` pixels away.
fn rim(away: f32, ink: &Ink) -> f32 {
    ink.stroke.map_or(f32::INFINITY, |stroke| (away - stroke.width / 2.0).max(0.0))
}

fn arc(point: Point, center: Point, radius: f32, start: f32, sweep: f32, ink: &Ink) -> f32 {
    let (start, sweep) = if sweep < 0.0 { (start + sweep, -sweep) } else { (start, sweep) };
    if sweep >= TAU {
        return solid(point.distance(center) - radius, ink);
    }
    let (a, b) = (center.around(radius, start), center.around(radius, start + sweep));
    let off = point - center;
    let away = if (off.angle() - start).rem_euclid(TAU) <= sweep {
        (off.length() - radius).abs()
    } else {
        point.distance(a).min(point.distance(b))
    };
    let inside = off.length() <= radius && (b - a).cross(point - a) <= 0.0;
    let beyond = if inside { -away } else { away.min(point.distance_to_segment(a, b)) };
    let fill = if ink.fill.is_some() { beyond.max(0.0) } else { f32::INFINITY };
    fill.min(rim(away, ink))
}

/// The gap to an open line, whose fill lies between it and the straight way back.
fn outline(pieces: impl IntoIterator<Item = (Point, Point)>, point: Point, ink: &Ink) -> f32 {
    let mut ground = Ground::new(point);
    let mut ends = None;
    for (a, b) in pieces {
        ground.pass(a, b, true);
        ends = Some((ends.map_or(a, |(first, _)| first), b));
    }
    if let Some((first, last)) = ends {
        ground.pass(last, first, false);
    }
    ground.gap(ink)
}

fn path(steps: &[Step], point: Point, ink: &Ink) -> f32 {
    let mut ground = Ground::new(point);
    let (mut first, mut here) = (Point::ZERO, Point::ZERO);
    for step in steps {
        let next = match *step {
            Step::Move(to) => {
                ground.pass(here, first, false);
                first = to;
                to
            }
            Step::Line(to) => {
                ground.pass(here, to, true);
                to
            }
            Step::Quad { control, to } => {
                let pieces = super::Quad::new(here, control, to).pieces();
                pieces.for_each(|(a, b)| ground.pass(a, b, true));
                to
            }
            Step::Cubic { first, second, to } => {
                let pieces = super::Cubic::new(here, first, second, to).pieces();
                pieces.for_each(|(a, b)| ground.pass(a, b, true));
                to
            }
            Step::Close => {
                ground.pass(here, first, true);
                first
            }
        };
        here = next;
    }
    ground.pass(here, first, false);
    ground.gap(ink)
}

/// A point, and how the straight pieces that passed lie round it.
struct Ground {
    point: Point,
    /// How often the pieces wind round the point.
    winding: i32,
    /// To the nearest piece that is drawn.
    drawn: f32,
    /// To the nearest piece, drawn or only the edge of a fill.
    edge: f32,
}

impl Ground {
    fn new(point: Point) -> Ground {
        Ground { point, winding: 0, drawn: f32::INFINITY, edge: f32::INFINITY }
    }

    fn pass(&mut self, a: Point, b: Point, drawn: bool) {
        let away = self.point.distance_to_segment(a, b);
        if drawn {
            self.drawn = self.drawn.min(away);
        } else if a == b {
            return;
        }
        self.edge = self.edge.min(away);
        let side = (b - a).cross(self.point - a);
        if a.y <= self.point.y && b.y > self.point.y && side > 0.0 {
            self.winding += 1;
        } else if b.y <= self.point.y && a.y > self.point.y && side < 0.0 {
            self.winding -= 1;
        }
    }

    fn gap(&self, ink: &Ink) -> f32 {
        let fill = match ink.fill {
            None => f32::INFINITY,
            Some(_) if self.winding != 0 => 0.0,
            Some(_) => self.edge,
        };
        fill.min(rim(self.drawn, ink))
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::{FRAC_PI_2, PI};

    use super::super::{Color, Cubic, Quad, Rect, Size};
    use super::*;

    const INK: Color = Color::BLACK;

    fn p(x: f32, y: f32) -> Point {
        Point::new(x, y)
    }

    /// Whether a point touches the one mark of a scene, and whether it is within 3 pixels.
    fn touches(draw: impl Fn(&mut Scene), point: Point) -> (bool, bool) {
        let mut scene = Scene::new(Size::new(100.0, 100.0), Color::WHITE);
        draw(&mut scene);
        (scene.hit(point, 0.0).is_some(), scene.hit(point, 3.0).is_some())
    }

    const ON: (bool, bool) = (true, true);
    const NEAR: (bool, bool) = (false, true);
    const OFF: (bool, bool) = (false, false);

    #[test]
    fn circles() {
        let disc = |s: &mut Scene| {
            s.circle(p(50.0, 50.0), 10.0).fill(INK).tag(Tag(1));
        };
        let ring = |s: &mut Scene| {
            s.circle(p(50.0, 50.0), 10.0).stroke(INK, 2.0).tag(Tag(1));
        };
        assert_eq!([50.0, 60.0, 62.5, 64.0].map(|x| touches(disc, p(x, 50.0))), [ON, ON, NEAR, OFF]);
        assert_eq!([50.0, 57.0, 59.0, 61.0].map(|x| touches(ring, p(x, 50.0))), [OFF, NEAR, ON, ON]);
        assert_eq!(
            touches(
                |s| {
                    s.circle(p(50.0, 50.0), 10.0).tag(Tag(1));
                },
                p(50.0, 50.0)
            ),
            OFF
        );
        assert_eq!(
            touches(
                |s| {
                    s.circle(p(50.0, 50.0), 10.0).fill(INK);
                },
                p(50.0, 50.0)
            ),
            OFF
        );
    }

    #[test]
    fn arcs() {
        let c = p(50.0, 50.0);
        let arc = |start, sweep| {
            move |s: &mut Scene| {
                s.arc(c, 20.0, start, sweep).stroke(INK, 2.0).tag(Tag(1));
            }
        };
        let on = |start, sweep, angle| touches(arc(start, sweep), c.around(20.0, angle));
        assert_eq!([0.1, 1.5, PI, -1.0].map(|a| on(0.0, FRAC_PI_2, a)), [ON, ON, OFF, OFF]);
        assert_eq!([-0.1, -1.5, PI, 1.0].map(|a| on(0.0, -FRAC_PI_2, a)), [ON, ON, OFF, OFF]);
        assert_eq!([3.0, -3.0, 0.0].map(|a| on(3.0, 1.0, a)), [ON, ON, OFF]);
        assert_eq!(on(1.0, 7.0, 0.9), ON, "more than a turn is a ring");
        assert_eq!(touches(arc(0.0, FRAC_PI_2), p(73.0, 48.0)), NEAR);
        let bowl = |s: &mut Scene| {
            s.arc(c, 20.0, 0.0, PI).fill(INK).tag(Tag(1));
        };
        assert_eq!([49.0, 51.0, 69.0, 72.0].map(|y| touches(bowl, p(50.0, y))), [NEAR, ON, ON, NEAR]);
        let pie = |s: &mut Scene| {
            s.arc(c, 20.0, 0.0, PI * 1.5).fill(INK).tag(Tag(1));
        };
        assert_eq!([touches(pie, c), touches(pie, p(66.0, 34.0))], [ON, OFF]);
    }

    #[test]
    fn lines_and_curves() {
        let line = |s: &mut Scene| {
            s.line(p(10.0, 10.0), p(90.0, 10.0)).stroke(INK, 4.0).tag(Tag(1));
        };
        assert_eq!([11.9, 14.0, 16.0].map(|y| touches(line, p(50.0, y))), [ON, NEAR, OFF]);
        assert_eq!(touches(line, p(97.0, 10.0)), OFF);
        let quad = Quad::bow(p(10.0, 50.0), p(90.0, 50.0), 20.0);
        let bow = |s: &mut Scene| {
            s.quad(quad).stroke(INK, 2.0).tag(Tag(1));
        };
        assert_eq!([70.9, 73.0, 50.0].map(|y| touches(bow, p(50.0, y))), [ON, NEAR, OFF]);
        let cubic = Cubic::new(p(10.0, 50.0), p(10.0, 90.0), p(90.0, 90.0), p(90.0, 50.0));
        let cup = |s: &mut Scene| {
            s.cubic(cubic).fill(INK).tag(Tag(1));
        };
        assert_eq!([48.0, 60.0, 79.9, 82.0].map(|y| touches(cup, p(50.0, y))), [NEAR, ON, ON, NEAR]);
    }

    #[test]
    fn boxes() {
        let r = Rect::new(20.0, 20.0, 40.0, 20.0);
        let full = |s: &mut Scene| {
            s.round_rect(r, 8.0).fill(INK).tag(Tag(1));
        };
        assert_eq!([p(40.0, 30.0), p(20.5, 20.5), p(20.0, 30.0)].map(|at| touches(full, at)), [ON, NEAR, ON]);
        let frame = |s: &mut Scene| {
            s.rect(r).stroke(INK, 2.0).tag(Tag(1));
        };
        assert_eq!([p(40.0, 30.0), p(40.0, 20.5), p(20.5, 20.5)].map(|at| touches(frame, at)), [OFF, ON, ON]);
    }

    #[test]
    fn paths() {
        let square = [p(20.0, 20.0), p(60.0, 20.0), p(60.0, 60.0), p(20.0, 60.0)];
        let open = |s: &mut Scene| {
            s.polyline(square).stroke(INK, 2.0).tag(Tag(1));
        };
        assert_eq!([p(40.0, 20.0), p(40.0, 40.0), p(20.0, 40.0)].map(|at| touches(open, at)), [ON, OFF, OFF]);
        let closed = |s: &mut Scene| {
            s.polygon(square).stroke(INK, 2.0).tag(Tag(1));
        };
        assert_eq!(touches(closed, p(20.0, 40.0)), ON);
        let full = |s: &mut Scene| {
            s.polyline(square).fill(INK).tag(Tag(1));
        };
        assert_eq!([p(40.0, 40.0), p(18.0, 40.0)].map(|at| touches(full, at)), [ON, NEAR]);
        // Two squares wound opposite ways leave a hole; wound alike they do not.
        let inner = [p(30.0, 30.0), p(30.0, 50.0), p(50.0, 50.0), p(50.0, 30.0)];
        let hole = |s: &mut Scene| {
            s.polygon(square).lines(inner).close().fill(INK).tag(Tag(1));
        };
        assert_eq!([p(40.0, 40.0), p(25.0, 40.0)].map(|at| touches(hole, at)), [OFF, ON]);
        let drop_shape = |s: &mut Scene| {
            let pen = s.path().start(p(50.0, 10.0)).quad(p(90.0, 50.0), p(50.0, 50.0));
            {
                pen.cubic(p(40.0, 50.0), p(30.0, 40.0), p(50.0, 10.0)).fill(INK).tag(Tag(1));
            };
        };
        assert_eq!(
            [p(60.0, 40.0), p(44.0, 40.0), p(90.0, 50.0)].map(|at| touches(drop_shape, at)),
            [ON, ON, OFF]
        );
    }

    #[test]
    fn text_is_its_box() {
        let name = |s: &mut Scene| {
            s.text(p(50.0, 50.0), "node").middle().fill(INK).tag(Tag(1));
        };
        assert_eq!([50.0, 58.0, 64.0].map(|y| touches(name, p(50.0, y))), [ON, NEAR, OFF]);
    }

    #[test]
    fn what_is_touched_beats_what_is_near_and_the_top_beats_the_rest() {
        let mut scene = Scene::new(Size::new(100.0, 100.0), Color::WHITE);
        scene.circle(p(50.0, 50.0), 20.0).fill(INK).tag(Tag(1));
        scene.circle(p(50.0, 50.0), 5.0).fill(INK).tag(Tag(2));
        scene.text(p(50.0, 50.0), "untagged").middle().fill(INK);
        assert_eq!(scene.hit(p(52.0, 50.0), 8.0), Some(Tag(2)));
        assert_eq!(scene.hit(p(58.0, 50.0), 8.0), Some(Tag(1)));
        assert_eq!(scene.hit(p(75.0, 50.0), 8.0), Some(Tag(1)));
        assert_eq!(scene.hit(p(90.0, 50.0), 8.0), None);
    }
}
