//! What a shape is drawn with.

use super::color::Color;

/// How the ends of a stroke look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cap {
    #[default]
    Butt,
    Round,
}

/// A line along a shape's outline. Corners are always round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub color: Color,
    /// In pixels, half of it on either side of the outline.
    pub width: f32,
    /// Lengths of dash and gap; none: solid.
    pub dash: Option<[f32; 2]>,
    pub cap: Cap,
}

impl Stroke {
    pub const fn new(color: Color, width: f32) -> Stroke {
        Stroke { color, width, dash: None, cap: Cap::Butt }
    }
}

/// Fill first, stroke over it, each as opaque as its colour's alpha times `opacity`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    pub fill: Option<Color>,
    pub stroke: Option<Stroke>,
    /// 0 to 1.
    pub opacity: f32,
}

impl Ink {
    pub const NONE: Ink = Ink { fill: None, stroke: None, opacity: 1.0 };
}
