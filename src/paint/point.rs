//! Points, sizes and boxes, in CSS pixels.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A place, or the way from one place to another. y points down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub const ZERO: Point = Point::new(0.0, 0.0);

    pub const fn new(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    /// The unit vector at an angle (radians, clockwise from the x axis).
    pub fn at_angle(angle: f32) -> Point {
        Point::new(libm::cosf(angle), libm::sinf(angle))
    }

    /// The point of a circle round `self` at an angle.
    pub fn around(self, radius: f32, angle: f32) -> Point {
        self + Point::at_angle(angle) * radius
    }

    pub fn dot(self, other: Point) -> f32 {
        self.x * other.x + self.y * other.y
    }

    /// Twice the signed area between two vectors: positive when `other` lies clockwise of `self` on screen.
    pub fn cross(self, other: Point) -> f32 {
        self.x * other.y - self.y * other.x
    }

    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    pub fn distance(self, other: Point) -> f32 {
        (other - self).length()
    }

    /// The same direction at length 1; zero stays zero.
    pub fn unit(self) -> Point {
        let length = self.length();
        if length > 0.0 { self / length } else { Point::ZERO }
    }

    /// Turned a quarter clockwise on screen, length kept.
    pub fn perpendicular(self) -> Point {
        Point::new(-self.y, self.x)
    }

    /// The vector's angle (radians, clockwise from the x axis), in -π..=π.
    pub fn angle(self) -> f32 {
        libm::atan2f(self.y, self.x)
    }

    /// Turned clockwise by an angle.
    pub fn rotated(self, angle: f32) -> Point {
        let u = Point::at_angle(angle);
        Point::new(self.x * u.x - self.y * u.y, self.x * u.y + self.y * u.x)
    }

    /// Part of the way (`t` from 0 to 1, beyond on either side) to another point.
    pub fn lerp(self, other: Point, t: f32) -> Point {
        self + (other - self) * t
    }

    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }

    /// The distance from here to the straight piece from `a` to `b`.
    pub fn distance_to_segment(self, a: Point, b: Point) -> f32 {
        let along = b - a;
        let square = along.dot(along);
        let t = if square > 0.0 { ((self - a).dot(along) / square).clamp(0.0, 1.0) } else { 0.0 };
        self.distance(a.lerp(b, t))
    }
}

/// The straight pieces `a`..`b` and `c`..`d`: how far along `a`..`b` (0 to 1) they cross, if they do.
pub fn crossing(a: Point, b: Point, c: Point, d: Point) -> Option<f32> {
    let (along, across) = (b - a, d - c);
    let area = along.cross(across);
    if area == 0.0 {
        return None;
    }
    let t = (c - a).cross(across) / area;
    let u = (c - a).cross(along) / area;
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some(t)
}

impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Point;
    fn mul(self, factor: f32) -> Point {
        Point::new(self.x * factor, self.y * factor)
    }
}

impl Div<f32> for Point {
    type Output = Point;
    fn div(self, divisor: f32) -> Point {
        Point::new(self.x / divisor, self.y / divisor)
    }
}

impl Neg for Point {
    type Output = Point;
    fn neg(self) -> Point {
        Point::new(-self.x, -self.y)
    }
}

/// Width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width: f32,
    pub height: f32,
}

impl Size {
    pub const fn new(width: f32, height: f32) -> Size {
        Size { width, height }
    }

    pub fn center(self) -> Point {
        Point::new(self.width / 2.0, self.height / 2.0)
    }

    /// The box of this size at the origin.
    pub fn rect(self) -> Rect {
        Rect::new(0.0, 0.0, self.width, self.height)
    }
}

/// An upright box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Rect {
        Rect { x, y, width, height }
    }

    pub fn centered(center: Point, size: Size) -> Rect {
        Rect::new(center.x - size.width / 2.0, center.y - size.height / 2.0, size.width, size.height)
    }

    /// The smallest box round two points.
    pub fn around(a: Point, b: Point) -> Rect {
        Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }

    pub fn right(self) -> f32 {
        self.x + self.width
    }

    pub fn bottom(self) -> f32 {
        self.y + self.height
    }

    pub fn center(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Wider by `by` on every side; narrower where it is negative.
    pub fn grown(self, by: f32) -> Rect {
        let (width, height) = ((self.width + 2.0 * by).max(0.0), (self.height + 2.0 * by).max(0.0));
        Rect::centered(self.center(), Size::new(width, height))
    }

    /// A radius that this box's corners can have: at most half the shorter side.
    pub fn corner(self, radius: f32) -> f32 {
        radius.min(self.width.min(self.height) / 2.0).max(0.0)
    }

    /// The smallest box that holds both.
    pub fn union(self, other: Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Rect::new(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }

    pub fn contains(self, point: Point) -> bool {
        (self.x..=self.right()).contains(&point.x) && (self.y..=self.bottom()).contains(&point.y)
    }

    pub fn contains_rect(self, other: Rect) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(self, other: Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The distance from the box to a point, 0 inside.
    pub fn distance(self, point: Point) -> f32 {
        let beyond = |low: f32, high: f32, v: f32| (low - v).max(v - high).max(0.0);
        let out = Point::new(beyond(self.x, self.right(), point.x), beyond(self.y, self.bottom(), point.y));
        out.length()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_is_clockwise_on_screen() {
        let east = Point::new(2.0, 0.0);
        assert_eq!(east.perpendicular(), Point::new(0.0, 2.0));
        assert!(east.cross(east.perpendicular()) > 0.0);
        assert!(east.rotated(std::f32::consts::FRAC_PI_2).distance(east.perpendicular()) < 1e-6);
    }

    #[test]
    fn pieces_cross_or_miss() {
        let p = Point::new;
        assert_eq!(crossing(p(0.0, 0.0), p(4.0, 0.0), p(1.0, -1.0), p(1.0, 1.0)), Some(0.25));
        assert_eq!(crossing(p(0.0, 0.0), p(4.0, 0.0), p(5.0, -1.0), p(5.0, 1.0)), None);
        assert_eq!(crossing(p(0.0, 0.0), p(4.0, 0.0), p(0.0, 1.0), p(4.0, 1.0)), None);
    }

    #[test]
    fn boxes() {
        let r = Rect::new(0.0, 0.0, 10.0, 4.0);
        assert_eq!(r.distance(Point::new(13.0, 8.0)), 5.0);
        assert!(!r.overlaps(Rect::new(10.0, 0.0, 1.0, 1.0)), "an edge in common is no overlap");
        assert_eq!(r.grown(-3.0).height, 0.0);
        assert_eq!(Rect::around(Point::new(3.0, 1.0), Point::new(1.0, 2.0)), Rect::new(1.0, 1.0, 2.0, 1.0));
    }
}
