//! THE BRUSHES. A [`Scene`] is a list of marks in paint order; any backend can draw it.
//!
//! [`Scene::to_svg`] writes it as text, `Canvas` (in the browser) draws it, [`Scene::hit`] says what lies
//! under a finger. Nothing here knows what the marks stand for: a [`Tag`] is the caller's word.
//!
//! Lengths are CSS pixels, y points down. Angles are radians, clockwise from the x axis.
//!
//! ```
//! use faultline::paint::{Color, Point, Scene, Size, Tag};
//!
//! let mut scene = Scene::new(Size::new(200.0, 100.0), Color::WHITE);
//! let here = Point::new(100.0, 50.0);
//! scene.circle(here, 24.0).fill(Color::hex(0xffd166)).stroke(Color::BLACK, 1.5).tag(Tag(7));
//! scene.text(here, "n1").middle().bold().size(14.0).fill(Color::BLACK);
//! assert_eq!(scene.hit(Point::new(90.0, 50.0), 0.0), Some(Tag(7)));
//! ```

#[cfg(target_arch = "wasm32")]
mod canvas;
pub mod color;
#[cfg(target_arch = "wasm32")]
mod context;
pub mod curve;
mod hit;
pub mod ink;
pub mod labels;
pub mod mark;
pub mod pen;
pub mod point;
pub mod scene;
pub mod shape;
mod svg;
pub mod text;

#[cfg(target_arch = "wasm32")]
pub use canvas::Canvas;
pub use color::Color;
pub use curve::{Cubic, Quad};
pub use ink::{Cap, Ink, Stroke};
pub use labels::Labels;
pub use mark::{Mark, Tag};
pub use pen::Pen;
pub use point::{Point, Rect, Size};
pub use scene::Scene;
pub use shape::{Anchor, Baseline, Family, Shape, Step, Text, Weight};
