//! Forms, without colour.

use super::color::Color;
use super::curve::{Cubic, Quad};
use super::point::{Point, Rect};

/// A stretch of the scene's own store of words or path steps; read by [`Scene`](super::Scene) alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    Circle {
        center: Point,
        radius: f32,
    },
    /// Part of a circle's rim. A fill covers what lies between it and its chord.
    Arc {
        center: Point,
        radius: f32,
        /// Where it begins: radians, clockwise from the x axis.
        start: f32,
        /// How far it goes: radians, clockwise; negative goes the other way, 2π or more is a ring.
        sweep: f32,
    },
    Line {
        from: Point,
        to: Point,
    },
    Quad(Quad),
    Cubic(Cubic),
    /// [`Scene::steps`](super::Scene::steps).
    Path(Span),
    RoundRect {
        rect: Rect,
        /// Of the corners, at most half the shorter side.
        radius: f32,
    },
    Text(Text),
}

/// One step of a path. A fill covers what the path winds round (the nonzero rule), open ends joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Move(Point),
    Line(Point),
    Quad { control: Point, to: Point },
    Cubic { first: Point, second: Point, to: Point },
    Close,
}

/// Where along the text its point lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

/// Where in the text's height its point lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Baseline {
    /// On the line that letters stand on.
    #[default]
    Foot,
    /// Half-way up a capital.
    Middle,
    /// On top of a capital.
    Head,
}

/// The two typefaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Family {
    #[default]
    Sans,
    Mono,
}

/// How heavy the letters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    #[default]
    Regular,
    Bold,
}

/// One line of text. Its fill is the ink's fill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Text {
    /// [`Scene::words`](super::Scene::words).
    pub words: Span,
    pub at: Point,
    pub anchor: Anchor,
    pub baseline: Baseline,
    /// Of the letters, in pixels.
    pub size: f32,
    pub weight: Weight,
    pub family: Family,
    /// Drawn round the letters first, so that they can be read over anything.
    pub halo: Option<Color>,
    /// Longer text ends in an ellipsis.
    pub max_width: Option<f32>,
}
