//! The hand that has just drawn a mark, and still may say how it looks.

use std::fmt::Display;
use std::marker::PhantomData;

use super::color::Color;
use super::ink::{Cap, Stroke};
use super::mark::{Mark, Tag};
use super::point::Point;
use super::scene::Scene;
use super::shape::{Anchor, Baseline, Family, Shape, Step, Text, Weight};
use super::text::MIN_SIZE;

/// A pen on a shape that is complete.
#[derive(Debug)]
pub struct Plain;
/// A pen that walks an outline.
#[derive(Debug)]
pub struct Outline;
/// A pen that writes.
#[derive(Debug)]
pub struct Lettering;

/// Says how the mark drawn last looks and what it stands for.
#[derive(Debug)]
pub struct Pen<'a, K = Plain> {
    scene: &'a mut Scene,
    kind: PhantomData<K>,
}

impl<'a, K> Pen<'a, K> {
    pub(super) fn new(scene: &'a mut Scene) -> Pen<'a, K> {
        Pen { scene, kind: PhantomData }
    }

    fn with(self, change: impl FnOnce(&mut Mark)) -> Self {
        self.scene.last().map(change);
        self
    }

    fn with_stroke(self, change: impl FnOnce(&mut Stroke)) -> Self {
        self.with(|mark| {
            mark.ink.stroke.as_mut().map(change);
        })
    }

    pub fn fill(self, color: impl Into<Option<Color>>) -> Self {
        self.with(|mark| mark.ink.fill = color.into())
    }

    /// A solid line along the outline, `width` pixels wide.
    pub fn stroke(self, color: Color, width: f32) -> Self {
        self.with(|mark| mark.ink.stroke = Some(Stroke::new(color, width)))
    }

    /// Breaks the stroke, which must have been given, into dashes.
    pub fn dash(self, dash: f32, gap: f32) -> Self {
        self.with_stroke(|stroke| stroke.dash = Some([dash, gap]))
    }

    /// Rounds the ends of the stroke, which must have been given.
    pub fn round(self) -> Self {
        self.with_stroke(|stroke| stroke.cap = Cap::Round)
    }

    /// Of fill and stroke, 0 to 1.
    pub fn opacity(self, opacity: f32) -> Self {
        self.with(|mark| mark.ink.opacity = opacity)
    }

    /// What the mark stands for; marks without a tag are never hit.
    pub fn tag(self, tag: impl Into<Option<Tag>>) -> Self {
        self.with(|mark| mark.tag = tag.into())
    }

    /// Words that appear when a pointer rests on the mark, where the backend can.
    pub fn title(self, words: impl Display) -> Self {
        let words = self.scene.say(words);
        self.with(|mark| mark.title = Some(words))
    }
}

impl Pen<'_, Outline> {
    fn step(self, step: Step) -> Self {
        self.scene.step(step);
        self
    }

    /// Lifts the pen and sets it down.
    pub fn start(self, at: Point) -> Self {
        self.step(Step::Move(at))
    }

    pub fn line(self, to: Point) -> Self {
        self.step(Step::Line(to))
    }

    pub fn quad(self, control: Point, to: Point) -> Self {
        self.step(Step::Quad { control, to })
    }

    pub fn cubic(self, first: Point, second: Point, to: Point) -> Self {
        self.step(Step::Cubic { first, second, to })
    }

    /// Straight back to where the pen was last set down.
    pub fn close(self) -> Self {
        self.step(Step::Close)
    }

    /// Sets the pen down on the first point and goes straight through the others.
    pub fn lines(self, points: impl IntoIterator<Item = Point>) -> Self {
        let mut points = points.into_iter();
        let Some(first) = points.next() else { return self };
        points.fold(self.start(first), Self::line)
    }
}

impl Pen<'_, Lettering> {
    fn with_text(self, change: impl FnOnce(&mut Text)) -> Self {
        self.with(|mark| {
            if let Shape::Text(text) = &mut mark.shape {
                change(text);
            }
        })
    }

    /// Of the letters, in pixels; never below [`MIN_SIZE`].
    pub fn size(self, pixels: f32) -> Self {
        self.with_text(|text| text.size = pixels.max(MIN_SIZE))
    }

    pub fn bold(self) -> Self {
        self.weight(Weight::Bold)
    }

    pub fn weight(self, weight: Weight) -> Self {
        self.with_text(|text| text.weight = weight)
    }

    pub fn mono(self) -> Self {
        self.family(Family::Mono)
    }

    pub fn family(self, family: Family) -> Self {
        self.with_text(|text| text.family = family)
    }

    /// Centres the text on its point, both ways.
    pub fn middle(self) -> Self {
        self.anchor(Anchor::Middle).baseline(Baseline::Middle)
    }

    pub fn anchor(self, anchor: Anchor) -> Self {
        self.with_text(|text| text.anchor = anchor)
    }

    pub fn baseline(self, baseline: Baseline) -> Self {
        self.with_text(|text| text.baseline = baseline)
    }

    /// A rim in the ground's colour round the letters, so that they can be read over anything.
    pub fn halo(self, color: impl Into<Option<Color>>) -> Self {
        self.with_text(|text| text.halo = color.into())
    }

    /// Longer text ends in an ellipsis.
    pub fn max_width(self, pixels: impl Into<Option<f32>>) -> Self {
        self.with_text(|text| text.max_width = pixels.into())
    }
}
