//! Bézier curves: quadratic and cubic.

use super::point::{Point, crossing};

/// How far a flattened curve may stray from the true one, in pixels.
pub const FLATNESS: f32 = 0.1;

/// A quadratic Bézier curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quad {
    pub from: Point,
    pub control: Point,
    pub to: Point,
}

impl Quad {
    pub const fn new(from: Point, control: Point, to: Point) -> Quad {
        Quad { from, control, to }
    }

    /// A gentle bow whose middle stands `rise` pixels off the straight line, to the right of one who
    /// walks from `from` to `to`. The bow back, with the same rise, lies on the other side.
    pub fn bow(from: Point, to: Point, rise: f32) -> Quad {
        let across = (to - from).unit().perpendicular();
        Quad::new(from, from.lerp(to, 0.5) + across * (2.0 * rise), to)
    }

    /// The point at `t`, 0 to 1.
    pub fn at(self, t: f32) -> Point {
        self.from.lerp(self.control, t).lerp(self.control.lerp(self.to, t), t)
    }

    /// The direction of travel at `t`, as a unit vector.
    pub fn heading(self, t: f32) -> Point {
        let way = (self.control - self.from).lerp(self.to - self.control, t);
        if way == Point::ZERO { (self.to - self.from).unit() } else { way.unit() }
    }

    /// The piece between two values of `t`, as a curve of its own.
    pub fn part(self, start: f32, end: f32) -> Quad {
        let control = self.from.lerp(self.control, start).lerp(self.control.lerp(self.to, start), end);
        Quad::new(self.at(start), control, self.at(end))
    }

    /// Its length, within a tenth of a pixel for each straight piece it is measured by.
    pub fn length(self) -> f32 {
        self.pieces().map(|(a, b)| a.distance(b)).sum()
    }

    /// Straight pieces that stay within [`FLATNESS`] of the curve, in order.
    pub fn pieces(self) -> impl Iterator<Item = (Point, Point)> {
        let bend = (self.from - self.control * 2.0 + self.to).length();
        pieces(count(bend / 4.0), move |t| self.at(t))
    }

    /// Where (at which `t`) the straight piece from `a` to `b` first crosses the curve.
    pub fn crossing(self, a: Point, b: Point) -> Option<f32> {
        let bend = (self.from - self.control * 2.0 + self.to).length();
        let total = count(bend / 4.0) as f32;
        let pieces = self.pieces().enumerate();
        pieces.filter_map(|(i, (p, q))| Some((i as f32 + crossing(p, q, a, b)?) / total)).next()
    }
}

/// A cubic Bézier curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cubic {
    pub from: Point,
    pub first: Point,
    pub second: Point,
    pub to: Point,
}

impl Cubic {
    pub const fn new(from: Point, first: Point, second: Point, to: Point) -> Cubic {
        Cubic { from, first, second, to }
    }

    /// The point at `t`, 0 to 1.
    pub fn at(self, t: f32) -> Point {
        let lead = Quad::new(self.from, self.first, self.second);
        let trail = Quad::new(self.first, self.second, self.to);
        lead.at(t).lerp(trail.at(t), t)
    }

    /// The direction of travel at `t`, as a unit vector.
    pub fn heading(self, t: f32) -> Point {
        let lead = (self.first - self.from).lerp(self.second - self.first, t);
        let trail = (self.second - self.first).lerp(self.to - self.second, t);
        let way = lead.lerp(trail, t);
        if way == Point::ZERO { (self.to - self.from).unit() } else { way.unit() }
    }

    /// Its length, within a tenth of a pixel for each straight piece it is measured by.
    pub fn length(self) -> f32 {
        self.pieces().map(|(a, b)| a.distance(b)).sum()
    }

    /// Straight pieces that stay within [`FLATNESS`] of the curve, in order.
    pub fn pieces(self) -> impl Iterator<Item = (Point, Point)> {
        let one = (self.from - self.first * 2.0 + self.second).length();
        let two = (self.first - self.second * 2.0 + self.to).length();
        pieces(count(one.max(two) * 0.75), move |t| self.at(t))
    }
}

/// How many pieces keep a curve flat whose chord errs by `error` pixels in one piece
/// (the error falls with the square of the count: Wang's formula).
fn count(error: f32) -> u16 {
    let count = (error / FLATNESS).sqrt().ceil();
    if count.is_finite() { count.clamp(1.0, 256.0) as u16 } else { 1 }
}

fn pieces(count: u16, at: impl Fn(f32) -> Point) -> impl Iterator<Item = (Point, Point)> {
    let point = move |i: u16| at(f32::from(i) / f32::from(count));
    (0..count).map(move |i| (point(i), point(i + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: Point = Point::new(0.0, 0.0);
    const TO: Point = Point::new(100.0, 0.0);

    #[test]
    fn both_bows_keep_to_their_own_side() {
        let (there, back) = (Quad::bow(FROM, TO, 10.0), Quad::bow(TO, FROM, 10.0));
        assert_eq!(there.at(0.5), Point::new(50.0, 10.0));
        assert_eq!(back.at(0.5), Point::new(50.0, -10.0));
        assert_eq!(there.heading(0.5), Point::new(1.0, 0.0));
        assert_eq!(Quad::bow(FROM, FROM, 10.0).at(0.3), FROM);
    }

    #[test]
    fn a_part_lies_on_the_whole() {
        let whole = Quad::bow(FROM, TO, 20.0);
        let part = whole.part(0.2, 0.7);
        assert!(part.at(0.5).distance(whole.at(0.45)) < 1e-4);
        assert_eq!(part.to, whole.at(0.7));
    }

    #[test]
    fn a_straight_curve_is_as_long_as_its_line() {
        assert!((Quad::bow(FROM, TO, 0.0).length() - 100.0).abs() < 1e-3);
        let cubic = Cubic::new(FROM, Point::new(30.0, 0.0), Point::new(70.0, 0.0), TO);
        assert!((cubic.length() - 100.0).abs() < 1e-3);
    }

    #[test]
    fn flattened_curves_stay_close() {
        let quad = Quad::new(FROM, Point::new(40.0, 300.0), TO);
        let cubic = Cubic::new(FROM, Point::new(200.0, 300.0), Point::new(-200.0, 300.0), TO);
        let stray = |at: &dyn Fn(f32) -> Point, pieces: Vec<(Point, Point)>| {
            let off = |p: Point| {
                pieces.iter().map(|(a, b)| p.distance_to_segment(*a, *b)).fold(f32::INFINITY, f32::min)
            };
            (0..=1000u16).map(|i| off(at(f32::from(i) / 1000.0))).fold(0.0, f32::max)
        };
        assert!(stray(&|t| quad.at(t), quad.pieces().collect()) <= FLATNESS);
        assert!(stray(&|t| cubic.at(t), cubic.pieces().collect()) <= FLATNESS);
    }

    #[test]
    fn a_cut_across_a_bow() {
        let bow = Quad::bow(FROM, TO, 10.0);
        let t = bow.crossing(Point::new(25.0, -50.0), Point::new(25.0, 50.0)).unwrap();
        assert!((bow.at(t).x - 25.0).abs() < 0.2);
        assert_eq!(bow.crossing(Point::new(25.0, -50.0), Point::new(25.0, -1.0)), None);
    }
}
