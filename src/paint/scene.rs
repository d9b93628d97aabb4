//! A picture, before anybody draws it.

use std::fmt::{Display, Write};

use super::color::Color;
use super::curve::{Cubic, Quad};
use super::ink::Ink;
use super::mark::Mark;
use super::pen::{Lettering, Outline, Pen};
use super::point::{Point, Rect, Size};
use super::shape::{Anchor, Baseline, Family, Shape, Span, Step, Text, Weight};

/// Marks in paint order on a background.
///
/// It is made to be kept: [`clear`](Scene::clear) forgets the marks and keeps the memory, so that a
/// scene drawn sixty times a second allocates nothing once it has found its size.
#[derive(Clone, Debug)]
pub struct Scene {
    pub size: Size,
    pub background: Color,
    title: String,
    description: String,
    marks: Vec<Mark>,
    steps: Vec<Step>,
    words: String,
}

impl Scene {
    pub fn new(size: Size, background: Color) -> Scene {
        Scene {
            size,
            background,
            title: String::new(),
            description: String::new(),
            marks: Vec::new(),
            steps: Vec::new(),
            words: String::new(),
        }
    }

    /// Forgets every mark and what was said of the picture; size and background stay.
    pub fn clear(&mut self) {
        self.title.clear();
        self.description.clear();
        self.marks.clear();
        self.steps.clear();
        self.words.clear();
    }

    /// Says in words what the picture shows, for those who do not see it.
    pub fn describe(&mut self, title: impl Display, description: impl Display) {
        self.title.clear();
        self.description.clear();
        write(&mut self.title, title);
        write(&mut self.description, description);
    }

    /// The picture's name.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What the picture shows.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Every mark, the lowest first.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The letters of a text or title of this scene.
    pub fn words(&self, span: Span) -> &str {
        &self.words[span.start as usize..span.end as usize]
    }

    /// The steps of a path of this scene.
    pub fn steps(&self, span: Span) -> &[Step] {
        &self.steps[span.start as usize..span.end as usize]
    }

    pub fn circle(&mut self, center: Point, radius: f32) -> Pen<'_> {
        self.draw(Shape::Circle { center, radius })
    }

    /// Part of a circle's rim; see [`Shape::Arc`] for the angles.
    pub fn arc(&mut self, center: Point, radius: f32, start: f32, sweep: f32) -> Pen<'_> {
        self.draw(Shape::Arc { center, radius, start, sweep })
    }

    pub fn line(&mut self, from: Point, to: Point) -> Pen<'_> {
        self.draw(Shape::Line { from, to })
    }

    pub fn quad(&mut self, quad: Quad) -> Pen<'_> {
        self.draw(Shape::Quad(quad))
    }

    pub fn cubic(&mut self, cubic: Cubic) -> Pen<'_> {
        self.draw(Shape::Cubic(cubic))
    }

    /// A box with sharp corners.
    pub fn rect(&mut self, rect: Rect) -> Pen<'_> {
        self.round_rect(rect, 0.0)
    }

    pub fn round_rect(&mut self, rect: Rect, radius: f32) -> Pen<'_> {
        self.draw(Shape::RoundRect { rect, radius })
    }

    /// An outline to be walked with the pen: `scene.path().start(a).line(b).close().fill(c)`.
    pub fn path(&mut self) -> Pen<'_, Outline> {
        let end = self.steps.len() as u32;
        self.draw(Shape::Path(Span { start: end, end }))
    }

    /// Straight pieces through the points, left open.
    pub fn polyline(&mut self, points: impl IntoIterator<Item = Point>) -> Pen<'_, Outline> {
        self.path().lines(points)
    }

    /// Straight pieces through the points and back to the first.
    pub fn polygon(&mut self, points: impl IntoIterator<Item = Point>) -> Pen<'_, Outline> {
        self.path().lines(points).close()
    }

    /// One line of text; it shows once it has a [`fill`](Pen::fill).
    pub fn text(&mut self, at: Point, words: impl Display) -> Pen<'_, Lettering> {
        let text = Text {
            words: Span { start: 0, end: 0 },
            at,
            anchor: Anchor::Start,
            baseline: Baseline::Foot,
            size: 12.0,
            weight: Weight::Regular,
            family: Family::Sans,
            halo: None,
            max_width: None,
        };
        self.letter(text, words)
    }

    /// Text whose form is known already, with these words in it.
    pub(super) fn letter(&mut self, text: Text, words: impl Display) -> Pen<'_, Lettering> {
        let words = self.say(words);
        self.draw(Shape::Text(Text { words, ..text }))
    }

    fn draw<K>(&mut self, shape: Shape) -> Pen<'_, K> {
        self.marks.push(Mark { shape, ink: Ink::NONE, tag: None, title: None });
        Pen::new(self)
    }

    /// Keeps words for as long as the marks live.
    pub(super) fn say(&mut self, words: impl Display) -> Span {
        let start = self.words.len() as u32;
        write(&mut self.words, words);
        Span { start, end: self.words.len() as u32 }
    }

    /// Lengthens the path that was begun last. A path begins where its pen is set down, so one that
    /// does not say so begins at its first point.
    pub(super) fn step(&mut self, step: Step) {
        let Some(Mark { shape: Shape::Path(span), .. }) = self.marks.last_mut() else { return };
        if span.start == span.end {
            match step {
                Step::Move(_) => {}
                Step::Line(at) | Step::Quad { control: at, .. } | Step::Cubic { first: at, .. } => {
                    self.steps.push(Step::Move(at));
                }
                Step::Close => return,
            }
        }
        self.steps.push(step);
        span.end = self.steps.len() as u32;
    }

    pub(super) fn last(&mut self) -> Option<&mut Mark> {
        self.marks.last_mut()
    }
}

/// A `Display` that fails says nothing: a picture is no place to report it.
fn write(to: &mut String, words: impl Display) {
    let _ = write!(to, "{words}");
}

#[cfg(test)]
mod tests {
    use super::super::mark::Tag;
    use super::*;

    fn paint(scene: &mut Scene) {
        scene.describe("A title", format_args!("{} marks", 3));
        scene.circle(Point::ZERO, 4.0).fill(Color::BLACK).tag(Tag(1)).title("a dot");
        scene.polyline([Point::ZERO, Point::new(1.0, 2.0)]).stroke(Color::BLACK, 1.0).dash(4.0, 2.0);
        scene.text(Point::ZERO, format_args!("term {}", 4)).size(14.0).middle().fill(Color::BLACK);
    }

    #[test]
    fn what_is_drawn_is_kept_in_order() {
        let mut scene = Scene::new(Size::new(10.0, 10.0), Color::WHITE);
        paint(&mut scene);
        let [dot, line, text] = scene.marks() else { panic!("three marks") };
        assert_eq!((dot.tag, scene.words(dot.title.unwrap())), (Some(Tag(1)), "a dot"));
        let Shape::Path(span) = line.shape else { panic!("a path") };
        assert_eq!(scene.steps(span), [Step::Move(Point::ZERO), Step::Line(Point::new(1.0, 2.0))]);
        assert_eq!(line.ink.stroke.unwrap().dash, Some([4.0, 2.0]));
        let Shape::Text(text) = text.shape else { panic!("a text") };
        assert_eq!((scene.words(text.words), text.size), ("term 4", 14.0));
        assert_eq!(scene.description(), "3 marks");
    }

    #[test]
    fn a_second_frame_takes_no_new_memory() {
        let mut scene = Scene::new(Size::new(10.0, 10.0), Color::WHITE);
        paint(&mut scene);
        let before = (scene.marks.as_ptr(), scene.steps.as_ptr(), scene.words.as_ptr());
        scene.clear();
        assert!(scene.marks().is_empty() && scene.title().is_empty());
        paint(&mut scene);
        assert_eq!((scene.marks.as_ptr(), scene.steps.as_ptr(), scene.words.as_ptr()), before);
    }
}
