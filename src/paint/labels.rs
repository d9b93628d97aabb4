//! Labels that keep out of each other's way.

use std::fmt::{Display, Write};

use super::color::Color;
use super::mark::Tag;
use super::point::{Point, Rect};
use super::scene::Scene;
use super::shape::{Anchor, Baseline, Family, Span, Text, Weight};
use super::text::MIN_SIZE;

/// The least room between two labels, in pixels.
const APART: f32 = 2.0;

/// Places text so that none overlaps: first come those of highest priority, each at the first of its
/// spots that is free; one that finds none is not drawn.
///
/// Like the scene it is made to be kept from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    bounds: Rect,
    boxes: Vec<Rect>,
    discs: Vec<(Point, f32)>,
    asked: Vec<Label>,
    spots: Vec<Spot>,
    words: String,
    /// Highest priority first, then as asked: packed into one number each.
    order: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Label {
    priority: i32,
    text: Text,
    fill: Color,
    opacity: f32,
    tag: Option<Tag>,
    /// Its stretch of the store of spots.
    spots: (usize, usize),
}

#[derive(Clone, Copy, Debug)]
struct Spot {
    at: Point,
    anchor: Anchor,
    baseline: Baseline,
}

impl Labels {
    /// Forgets everything; labels will stay within `bounds`.
    pub fn begin(&mut self, bounds: Rect) {
        self.bounds = bounds;
        self.boxes.clear();
        self.discs.clear();
        self.asked.clear();
        self.spots.clear();
        self.words.clear();
    }

    /// No label may lie on this box.
    pub fn block(&mut self, rect: Rect) {
        self.boxes.push(rect);
    }

    /// No label may lie on this disc.
    pub fn block_disc(&mut self, center: Point, radius: f32) {
        self.discs.push((center, radius));
    }

    /// Asks for a label; the higher its priority, the earlier it is served (first asked first among
    /// equals). It is drawn by [`place`](Labels::place), once it has been told where it may stand.
    pub fn ask(&mut self, priority: i32, words: impl Display, fill: Color) -> LabelPen<'_> {
        let start = self.words.len() as u32;
        // A `Display` that fails says nothing: a picture is no place to report it.
        let _ = write!(self.words, "{words}");
        let text = Text {
            words: Span { start, end: self.words.len() as u32 },
            at: Point::ZERO,
            anchor: Anchor::Start,
            baseline: Baseline::Middle,
            size: 12.0,
            weight: Weight::Regular,
            family: Family::Sans,
            halo: None,
            max_width: None,
        };
        let spots = (self.spots.len(), self.spots.len());
        let index = self.asked.len();
        self.asked.push(Label { priority, text, fill, opacity: 1.0, tag: None, spots });
        LabelPen { labels: self, index }
    }

    /// Draws every label that finds a free spot; says how many did not.
    pub fn place(&mut self, scene: &mut Scene) -> usize {
        self.order.clear();
        let asked = self.asked.iter().zip(0u64..);
        self.order.extend(asked.map(|(label, index)| {
            ((i64::from(i32::MAX) - i64::from(label.priority)) as u64 * (1 << 32)) | index
        }));
        self.order.sort_unstable();
        let mut hidden = 0;
        for i in 0..self.order.len() {
            let label = self.asked[self.order[i] as u32 as usize];
            let words = &self.words[label.text.words.start as usize..label.text.words.end as usize];
            let found = self.spots[label.spots.0..label.spots.1].iter().find_map(|spot| {
                let text = Text { at: spot.at, anchor: spot.anchor, baseline: spot.baseline, ..label.text };
                let bounds = text.bounds(words);
                self.is_free(bounds).then_some((text, bounds))
            });
            let Some((text, bounds)) = found else {
                hidden += 1;
                continue;
            };
            scene.letter(text, words).fill(label.fill).opacity(label.opacity).tag(label.tag);
            self.boxes.push(bounds);
        }
        self.asked.clear();
        hidden
    }

    fn is_free(&self, rect: Rect) -> bool {
        let apart = rect.grown(APART);
        self.bounds.contains_rect(rect)
            && !self.boxes.iter().any(|other| other.overlaps(apart))
            && !self.discs.iter().any(|(center, radius)| apart.distance(*center) < *radius)
    }
}

/// Says how a label looks and where it may stand, best spot first.
#[derive(Debug)]
pub struct LabelPen<'a> {
    labels: &'a mut Labels,
    index: usize,
}

impl LabelPen<'_> {
    fn with(self, change: impl FnOnce(&mut Label)) -> Self {
        change(&mut self.labels.asked[self.index]);
        self
    }

    /// One more spot it may take.
    pub fn at(self, at: Point, anchor: Anchor, baseline: Baseline) -> Self {
        self.labels.spots.push(Spot { at, anchor, baseline });
        let end = self.labels.spots.len();
        self.with(|label| label.spots.1 = end)
    }

    /// The four sides of a disc with a gap between, right, left, below, above.
    pub fn beside(self, center: Point, gap: f32) -> Self {
        let Point { x, y } = center;
        self.at(Point::new(x + gap, y), Anchor::Start, Baseline::Middle)
            .at(Point::new(x - gap, y), Anchor::End, Baseline::Middle)
            .below(center, gap)
            .above(center, gap)
    }

    /// Centred under a point.
    pub fn below(self, point: Point, gap: f32) -> Self {
        self.at(Point::new(point.x, point.y + gap), Anchor::Middle, Baseline::Head)
    }

    /// Centred over a point.
    pub fn above(self, point: Point, gap: f32) -> Self {
        self.at(Point::new(point.x, point.y - gap), Anchor::Middle, Baseline::Foot)
    }

    /// Of the letters, in pixels; never below [`MIN_SIZE`].
    pub fn size(self, pixels: f32) -> Self {
        self.with(|label| label.text.size = pixels.max(MIN_SIZE))
    }

    pub fn bold(self) -> Self {
        self.with(|label| label.text.weight = Weight::Bold)
    }

    pub fn mono(self) -> Self {
        self.with(|label| label.text.family = Family::Mono)
    }

    /// A rim in the ground's colour round the letters, so that they can be read over lines.
    pub fn halo(self, color: Color) -> Self {
        self.with(|label| label.text.halo = Some(color))
    }

    /// Longer text ends in an ellipsis.
    pub fn max_width(self, pixels: impl Into<Option<f32>>) -> Self {
        self.with(|label| label.text.max_width = pixels.into())
    }

    /// 0 to 1.
    pub fn opacity(self, opacity: f32) -> Self {
        self.with(|label| label.opacity = opacity)
    }

    pub fn tag(self, tag: impl Into<Option<Tag>>) -> Self {
        self.with(|label| label.tag = tag.into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::point::Size;
    use super::super::shape::Shape;
    use super::*;

    const STAGE: Rect = Rect::new(0.0, 0.0, 200.0, 100.0);

    fn placed(labels: &mut Labels) -> (Vec<(String, Rect)>, usize) {
        let mut scene = Scene::new(Size::new(200.0, 100.0), Color::WHITE);
        let hidden = labels.place(&mut scene);
        let texts = scene.marks().iter().map(|mark| {
            let Shape::Text(text) = mark.shape else { panic!("only text") };
            let words = scene.words(text.words);
            (words.to_owned(), text.bounds(words))
        });
        (texts.collect(), hidden)
    }

    #[test]
    fn the_important_one_stays_and_the_other_moves() {
        let mut labels = Labels::default();
        labels.begin(STAGE);
        let at = Point::new(100.0, 50.0);
        labels.ask(1, "later", Color::BLACK).beside(at, 10.0);
        labels.ask(2, "first", Color::BLACK).beside(at, 10.0);
        let (texts, hidden) = placed(&mut labels);
        assert_eq!((texts[0].0.as_str(), texts[1].0.as_str(), hidden), ("first", "later", 0));
        assert!(texts[0].1.x > 100.0 && texts[1].1.right() < 100.0);
    }

    #[test]
    fn one_without_room_is_hidden() {
        let mut labels = Labels::default();
        labels.begin(STAGE);
        labels.block_disc(Point::new(100.0, 50.0), 30.0);
        labels.ask(1, "on the disc", Color::BLACK).at(
            Point::new(75.0, 50.0),
            Anchor::Start,
            Baseline::Middle,
        );
        labels.ask(1, "off the edge", Color::BLACK).at(
            Point::new(190.0, 90.0),
            Anchor::Start,
            Baseline::Foot,
        );
        labels.ask(1, "nowhere", Color::BLACK);
        assert_eq!(placed(&mut labels), (vec![], 3));
    }

    #[test]
    fn a_crowd_never_overlaps() {
        let mut labels = Labels::default();
        labels.begin(STAGE);
        for i in 0..60u8 {
            let at = Point::new(f32::from(i % 10) * 20.0, f32::from(i / 10) * 17.0);
            labels.ask(i32::from(i % 7), format_args!("label {i}"), Color::BLACK).size(4.0).beside(at, 3.0);
        }
        let (texts, hidden) = placed(&mut labels);
        assert!(texts.len() + hidden == 60 && texts.len() > 8, "{}", texts.len());
        for (i, (_, a)) in texts.iter().enumerate() {
            assert!(STAGE.contains_rect(*a) && a.height > 10.0);
            assert!(texts[..i].iter().all(|(_, b)| !a.overlaps(*b)));
        }
    }
}
