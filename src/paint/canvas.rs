//! Scenes on the browser's canvas.

use std::f32::consts::TAU;
use std::hash::Hash;

use rustc_hash::FxHashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CanvasRenderingContext2d;

use super::color::Color;
use super::context::Context;
use super::ink::{Cap, Stroke};
use super::mark::Mark;
use super::point::{Point, Rect};
use super::scene::Scene;
use super::shape::{Anchor, Family, Shape, Step, Text, Weight};
use super::text::HALO_WIDTH;

/// How many values of a kind are kept ready before those that are out of use are dropped.
const KEPT: usize = 2048;

/// Draws scenes on a canvas, and keeps from frame to frame what it once handed over to JavaScript:
/// colours, fonts, words. One per canvas or one for many, as you like.
#[derive(Debug, Default)]
pub struct Canvas {
    colors: Shelf<Color>,
    fonts: Shelf<(u32, Weight, Family)>,
    dashes: Shelf<Option<[u32; 2]>>,
    words: Shelf<String>,
    constants: Constants,
    /// What was handed over in this frame, and holds until it is changed.
    set: Set,
    scratch: String,
}

/// What the context was last told. At the start of a frame nothing is known of it: others draw there
/// too, and a canvas that changes its size forgets everything.
#[derive(Debug, Default)]
struct Set {
    fill: Option<Color>,
    stroke: Option<Color>,
    width: Option<f32>,
    cap: Option<Cap>,
    dash: Option<Option<[u32; 2]>>,
    opacity: Option<f32>,
    font: Option<(u32, Weight, Family)>,
    anchor: Option<Anchor>,
}

impl Canvas {
    /// Draws the scene over whatever the canvas shows; `ratio` is how many of the canvas's pixels make
    /// a CSS pixel.
    pub fn draw(&mut self, context: &CanvasRenderingContext2d, scene: &Scene, ratio: f64) {
        let context: &Context = context.unchecked_ref();
        self.begin(context, scene, ratio);
        for mark in scene.marks() {
            match mark.shape {
                Shape::Text(text) => self.letters(context, scene, mark, &text),
                _ => self.shape(context, scene, mark),
            }
        }
        self.colors.tidy();
        self.fonts.tidy();
        self.dashes.tidy();
        self.words.tidy();
    }

    fn begin(&mut self, context: &Context, scene: &Scene, ratio: f64) {
        self.set = Set::default();
        context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        context.set_join(&self.constants.round);
        context.set_baseline(&self.constants.alphabetic);
        self.opacity(context, 1.0);
        let (width, height) = (scene.size.width, scene.size.height);
        if scene.background.alpha < 255 {
            context.clear_rect(0.0, 0.0, width, height);
        }
        if scene.background.alpha > 0 {
            self.fill(context, scene.background);
            context.fill_rect(0.0, 0.0, width, height);
        }
    }

    fn shape(&mut self, context: &Context, scene: &Scene, mark: &Mark) {
        let stroke = mark.ink.stroke.filter(|stroke| stroke.width > 0.0 && stroke.color.alpha > 0);
        let fill = mark.ink.fill.filter(|fill| fill.alpha > 0);
        if mark.ink.opacity <= 0.0 || (fill.is_none() && stroke.is_none()) {
            return;
        }
        self.opacity(context, mark.ink.opacity);
        context.begin_path();
        trace(context, scene, mark.shape);
        if let Some(fill) = fill {
            self.fill(context, fill);
            context.fill();
        }
        if let Some(stroke) = stroke {
            self.stroke(context, stroke);
            context.stroke();
        }
    }

    fn letters(&mut self, context: &Context, scene: &Scene, mark: &Mark, text: &Text) {
        let (shown, cut) = text.shown(scene.words(text.words));
        let visible = mark.ink.opacity > 0.0 && (cut || !shown.is_empty());
        let Some(fill) = mark.ink.fill.filter(|_| visible) else { return };
        self.opacity(context, mark.ink.opacity);
        self.font(context, (text.size.to_bits(), text.weight, text.family));
        self.anchor(context, text.anchor);
        let Point { x, y } = text.at + Point::new(0.0, text.drop());
        if let Some(color) = text.halo {
            self.stroke(context, Stroke::new(color, HALO_WIDTH));
        }
        self.fill(context, fill);
        self.scratch.clear();
        self.scratch.push_str(shown);
        if cut {
            self.scratch.push('…');
        }
        let words = self.words.get(&self.scratch, |words| JsValue::from_str(words));
        if text.halo.is_some() {
            context.stroke_text(words, x, y);
        }
        context.fill_text(words, x, y);
    }

    fn opacity(&mut self, context: &Context, opacity: f32) {
        if self.set.opacity.replace(opacity) != Some(opacity) {
            context.set_opacity(opacity.clamp(0.0, 1.0));
        }
    }

    fn fill(&mut self, context: &Context, color: Color) {
        if self.set.fill.replace(color) != Some(color) {
            context.set_fill(self.colors.get(&color, css));
        }
    }

    fn stroke(&mut self, context: &Context, stroke: Stroke) {
        if self.set.stroke.replace(stroke.color) != Some(stroke.color) {
            context.set_stroke(self.colors.get(&stroke.color, css));
        }
        if self.set.width.replace(stroke.width) != Some(stroke.width) {
            context.set_width(stroke.width);
        }
        if self.set.cap.replace(stroke.cap) != Some(stroke.cap) {
            context.set_cap(match stroke.cap {
                Cap::Butt => &self.constants.butt,
                Cap::Round => &self.constants.round,
            });
        }
        let dash = stroke.dash.map(|dash| dash.map(f32::to_bits));
        if self.set.dash.replace(dash) != Some(dash) {
            context.set_dash(self.dashes.get(&dash, |dash| {
                let lengths = dash.iter().flatten().map(|bits| JsValue::from(f32::from_bits(*bits)));
                lengths.collect::<js_sys::Array>().into()
            }));
        }
    }

    fn font(&mut self, context: &Context, font: (u32, Weight, Family)) {
        if self.set.font.replace(font) != Some(font) {
            context.set_font(self.fonts.get(&font, |(size, weight, family)| {
                format!("{} {}px {}", weight.css(), f32::from_bits(*size), family.css()).into()
            }));
        }
    }

    fn anchor(&mut self, context: &Context, anchor: Anchor) {
        if self.set.anchor.replace(anchor) != Some(anchor) {
            context.set_align(match anchor {
                Anchor::Start => &self.constants.left,
                Anchor::Middle => &self.constants.center,
                Anchor::End => &self.constants.right,
            });
        }
    }
}

fn css(color: &Color) -> JsValue {
    color.to_string().into()
}

/// Walks the outline of a shape. The canvas throws at negative radii and ignores what is not finite.
fn trace(context: &Context, scene: &Scene, shape: Shape) {
    match shape {
        Shape::Circle { center, radius } => context.arc(center.x, center.y, radius.max(0.0), 0.0, TAU, false),
        Shape::Arc { center, radius, start, sweep } => {
            context.arc(center.x, center.y, radius.max(0.0), start, start + sweep, sweep < 0.0);
        }
        Shape::Line { from, to } => {
            context.move_to(from.x, from.y);
            context.line_to(to.x, to.y);
        }
        Shape::Quad(quad) => {
            step(context, Step::Move(quad.from));
            step(context, Step::Quad { control: quad.control, to: quad.to });
        }
        Shape::Cubic(cubic) => {
            step(context, Step::Move(cubic.from));
            step(context, Step::Cubic { first: cubic.first, second: cubic.second, to: cubic.to });
        }
        Shape::Path(span) => scene.steps(span).iter().for_each(|one| step(context, *one)),
        Shape::RoundRect { rect, radius } => round_rect(context, rect, rect.corner(radius)),
        Shape::Text(_) => {}
    }
}

fn step(context: &Context, step: Step) {
    match step {
        Step::Move(to) => context.move_to(to.x, to.y),
        Step::Line(to) => context.line_to(to.x, to.y),
        Step::Quad { control, to } => context.quad_to(control.x, control.y, to.x, to.y),
        Step::Cubic { first, second, to } => {
            context.cubic_to(first.x, first.y, second.x, second.y, to.x, to.y);
        }
        Step::Close => context.close_path(),
    }
}

fn round_rect(context: &Context, rect: Rect, radius: f32) {
    let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    if radius <= 0.0 {
        return context.rect(x, y, rect.width, rect.height);
    }
    context.move_to(x + radius, y);
    context.arc_to(right, y, right, bottom, radius);
    context.arc_to(right, bottom, x, bottom, radius);
    context.arc_to(x, bottom, x, y, radius);
    context.arc_to(x, y, right, y, radius);
    context.close_path();
}

/// JavaScript values that were made once and are kept ready, by what they were made from.
#[derive(Debug)]
struct Shelf<K> {
    kept: FxHashMap<K, Kept>,
    frame: u32,
}

#[derive(Debug)]
struct Kept {
    value: JsValue,
    /// The last frame that used it.
    used: u32,
}

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Shelf { kept: FxHashMap::default(), frame: 0 }
    }
}

impl<K: Hash + Eq + Clone> Shelf<K> {
    fn get(&mut self, key: &K, make: impl FnOnce(&K) -> JsValue) -> &JsValue {
        if !self.kept.contains_key(key) {
            self.kept.insert(key.clone(), Kept { value: make(key), used: self.frame });
        }
        let kept = self.kept.get_mut(key).expect("it was put there above");
        kept.used = self.frame;
        &kept.value
    }

    /// Ends a frame; drops what it did not use once there is too much.
    fn tidy(&mut self) {
        if self.kept.len() > KEPT {
            let frame = self.frame;
            self.kept.retain(|_, kept| kept.used == frame);
        }
        self.frame = self.frame.wrapping_add(1);
    }
}

/// The words that the context's own settings are made of.
#[derive(Debug)]
struct Constants {
    butt: JsValue,
    round: JsValue,
    left: JsValue,
    center: JsValue,
    right: JsValue,
    alphabetic: JsValue,
}

impl Default for Constants {
    fn default() -> Self {
        Constants {
            butt: "butt".into(),
            round: "round".into(),
            left: "left".into(),
            center: "center".into(),
            right: "right".into(),
            alphabetic: "alphabetic".into(),
        }
    }
}
