//! The space-time diagram: a line of life for each node and client, time to the right, messages as slanted lines.
//!
//! What never arrived ends in a cross, what still waits in an open arrow, a copy forks from where it was made.
//! Selecting an event lights what it may have been caused by and what it may have caused.

pub mod axis;
pub mod flights;
mod lives;
mod messages;
mod tear;

use self::axis::Axis;
use self::flights::{Flight, flights};
use super::{Look, Target, Theme};
use crate::check::Verdict;
use crate::paint::{Anchor, Baseline, Labels, Point, Rect, Scene, Size};
use crate::run::order::{Cone, Order, Relation};
use crate::run::{Run, happened};
use crate::sim::words::counted;
use crate::sim::{EventId, Micros, NodeId, Time, What};

/// What part of a run is shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    pub from: Time,
    pub to: Time,
    /// Kinds of messages that are left out.
    pub hidden: Vec<String>,
    /// The nodes and clients that are shown; empty: all.
    pub places: Vec<NodeId>,
    /// Stretches in which nothing happens take no room.
    pub folded: bool,
}

impl Default for Window {
    fn default() -> Window {
        Window {
            from: Time::ZERO,
            to: Time(1_000_000),
            hidden: Vec::new(),
            places: Vec::new(),
            folded: false,
        }
    }
}

impl Window {
    pub fn shows(&self, place: NodeId) -> bool {
        self.places.is_empty() || self.places.contains(&place)
    }

    pub fn hides(&self, kind: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == kind)
    }
}

/// Room at the left for names, at the top for what was done, at the bottom for time.
const NAMES: f32 = 56.0;
const RIGHT: f32 = 16.0;
const TOP: f32 = 40.0;
const FOOT: f32 = 30.0;
/// With more messages than this in sight, only how many there are is drawn.
const MOST: usize = 1_500;

/// What the parts of the diagram draw with.
struct Sheet<'a> {
    run: &'a dyn Run,
    look: &'a Look,
    theme: &'static Theme,
    window: &'a Window,
    axis: Axis,
    /// The places that have a line, from the top.
    rows: Vec<NodeId>,
    now: Time,
    cone: Option<Cone>,
}

/// The axis of a window on a stage of some size.
pub fn axis(run: &dyn Run, window: &Window, size: Size) -> Axis {
    let (left, right) = (NAMES, (size.width - RIGHT).max(NAMES + 1.0));
    if !window.folded {
        return Axis::plain(window.from, window.to, left, right);
    }
    let flights = flights(run, window);
    Axis::folded(window.from, window.to, left, right, &busy(run, window, &flights))
}

/// When anything happens that is shown.
fn busy(run: &dyn Run, window: &Window, flights: &[Flight]) -> Vec<(Time, Time)> {
    let mut busy: Vec<(Time, Time)> =
        flights.iter().map(|flight| (flight.sent, flight.ended().unwrap_or(flight.sent))).collect();
    let inside = |at: &Time| (window.from..window.to).contains(at);
    busy.extend(run.acts().iter().map(|act| act.at).filter(inside).map(|at| (at, at)));
    busy.extend(run.spells().iter().map(|spell| spell.at).filter(inside).map(|at| (at, at)));
    let mut order: Vec<u64> = (0..).zip(&busy).map(|(i, (from, _))| from.0 << 20 | i).collect();
    order.sort_unstable();
    order.into_iter().map(|word| busy[(word & 0xf_ffff) as usize]).collect()
}

/// Draws a window of a run.
pub fn spacetime(run: &dyn Run, window: &Window, look: &Look, labels: &mut Labels, scene: &mut Scene) {
    let theme = look.theme();
    scene.clear();
    scene.size = look.size;
    scene.background = theme.ground;
    labels.begin(look.size.rect());
    let flights = flights(run, window);
    scene.describe("Space and time", words(run, window, &flights));
    let names = run.names();
    let places = (0..names.nodes + names.clients.len() as u16).map(NodeId);
    let sheet = Sheet {
        run,
        look,
        theme,
        window,
        axis: axis(run, window, look.size),
        rows: places.filter(|place| window.shows(*place)).collect(),
        now: run.now(),
        cone: cone(run, window, look),
    };
    // The names have their column to themselves.
    labels.block(Rect::new(0.0, TOP, NAMES - 4.0, sheet.floor() - TOP));
    sheet.folds(labels, scene);
    sheet.ticks(labels, scene);
    sheet.acts(labels, scene);
    lives::draw(&sheet, labels, scene);
    if flights.len() > MOST {
        messages::densities(&sheet, &flights, scene);
    } else {
        messages::draw(&sheet, &flights, labels, scene);
        lives::events(&sheet, scene);
    }
    lives::names(&sheet, scene);
    sheet.breaches(scene);
    sheet.present(scene);
    sheet.relation(scene);
    labels.place(scene);
}

/// The events that belong to what is chosen.
fn chosen(look: &Look) -> impl Iterator<Item = EventId> {
    look.selected.iter().filter_map(|target| match target {
        Target::Event(id) | Target::Message(id) => Some(*id),
        _ => None,
    })
}

/// What the event that is chosen may have been caused by, and may have caused, as far as it is in sight.
fn cone(run: &dyn Run, window: &Window, look: &Look) -> Option<Cone> {
    let event = chosen(look).next()?;
    let inside = run.trace().between(window.from, window.to);
    let from = (inside.start as u32).min(event.0);
    let to = (inside.end as u32).max(event.0 + 1);
    Some(Order::within(run.trace(), from..to).cone(event))
}

fn words(run: &dyn Run, window: &Window, flights: &[Flight]) -> String {
    let lost = flights.iter().filter(|flight| matches!(flight.end, flights::End::Died(..))).count();
    let places = run.names().nodes as usize + run.names().clients.len();
    let who = if window.places.is_empty() { places } else { window.places.len() };
    let (from, to) = (window.from, window.to);
    let (lines, messages) = (counted(who as u64, "line"), counted(flights.len() as u64, "message"));
    format!("From {from} to {to}: {lines} of life, {messages}, {lost} of them lost")
}

impl Sheet<'_> {
    /// The height of a place's line.
    fn y(&self, place: NodeId) -> Option<f32> {
        let row = self.rows.iter().position(|row| *row == place)?;
        let room = self.look.size.height - TOP - FOOT;
        let step = room / self.rows.len().max(1) as f32;
        Some(TOP + step * (row as f32 + 0.5))
    }

    /// Lines close to each other leave no room for words.
    fn is_tight(&self) -> bool {
        (self.look.size.height - TOP - FOOT) / (self.rows.len().max(1) as f32) < 26.0
    }

    fn right(&self) -> f32 {
        self.look.size.width - RIGHT
    }

    fn floor(&self) -> f32 {
        self.look.size.height - FOOT
    }

    /// What lies ahead is drawn fainter, and so is what a chosen event has nothing to do with.
    fn opacity(&self, at: Time, event: EventId) -> f32 {
        let ahead = if at > self.now { 0.4 } else { 1.0 };
        let ahead = ahead * self.look.strength(event);
        match &self.cone {
            Some(cone) if !cone.has(event) => 0.16,
            Some(_) => 1.0,
            None => ahead,
        }
    }

    fn ticks(&self, labels: &mut Labels, scene: &mut Scene) {
        let foot = self.floor() + 14.0;
        for tick in self.axis.ticks(84.0) {
            let x = self.axis.x(tick);
            scene
                .line(Point::new(x, TOP - 10.0), Point::new(x, self.floor()))
                .stroke(self.theme.hairline, 1.0);
            labels
                .ask(80, tick, self.theme.muted)
                .size(11.0)
                .at(Point::new(x, foot), Anchor::Middle, Baseline::Middle)
                .at(Point::new(self.look.size.width - 4.0, foot), Anchor::End, Baseline::Middle);
        }
    }

    fn folds(&self, labels: &mut Labels, scene: &mut Scene) {
        for (from, to, left, right) in self.axis.folds() {
            let band = Rect::new(left, TOP - 10.0, right - left, self.floor() - TOP + 10.0);
            scene.rect(band).fill(self.theme.hairline).opacity(0.35);
            let middle = Point::new(band.center().x, self.floor() + 14.0);
            let silence = Micros((to - from).0.div_ceil(1_000) * 1_000);
            labels
                .ask(70, format_args!("⋯ {silence}"), self.theme.muted)
                .size(10.0)
                .at(middle, Anchor::Middle, Baseline::Middle)
                .at(Point::new(middle.x, TOP - 20.0), Anchor::Middle, Baseline::Middle);
        }
    }

    /// What was done to the world: a line through everybody, and what it was.
    fn acts(&self, labels: &mut Labels, scene: &mut Scene) {
        let inside = self.run.trace().between(self.window.from, self.window.to);
        for id in inside {
            let event = &self.run.trace().events[id];
            let What::Acted { .. } = event.what else { continue };
            let id = EventId(id as u32);
            let x = self.axis.x(event.at);
            let opacity = self.opacity(event.at, id);
            scene
                .line(Point::new(x, TOP - 14.0), Point::new(x, self.floor()))
                .stroke(self.theme.cut, 1.2)
                .dash(2.0, 3.0)
                .opacity(opacity);
            if let Some(links) = happened::cut(self.run, id) {
                tear::draw(self, links, x, opacity, scene);
            }
            let flag =
                [(0.0, 0.0), (7.0, 3.5), (0.0, 7.0)].map(|(dx, dy)| Point::new(x + dx, TOP - 20.0 + dy));
            scene.polygon(flag).fill(self.theme.cut).opacity(opacity).tag(Target::Event(id).tag());
            let said = happened::sentence(self.run, id).unwrap_or_default();
            let short: String = said.chars().take(44).collect();
            let words = if short.len() < said.len() { format!("{short}…") } else { said };
            labels
                .ask(60, words, self.theme.text)
                .size(11.0)
                .halo(self.theme.ground)
                .opacity(opacity.max(0.4))
                .at(Point::new(x + 9.0, TOP - 16.0), Anchor::Start, Baseline::Middle)
                .at(Point::new(x + 9.0, TOP - 30.0), Anchor::Start, Baseline::Middle)
                .at(Point::new(x - 4.0, TOP - 30.0), Anchor::End, Baseline::Middle);
        }
    }

    /// Promises that broke: the sign at the moment, on the lines that it concerns.
    fn breaches(&self, scene: &mut Scene) {
        for (_, verdict) in self.run.verdicts() {
            let Verdict::Broken(violation) = verdict else { continue };
            if !(self.window.from..=self.window.to).contains(&violation.at) {
                continue;
            }
            let x = self.axis.x(violation.at);
            for y in violation.evidence.nodes.iter().filter_map(|node| self.y(*node)) {
                let sign = [(0.0, -9.0), (8.0, 5.0), (-8.0, 5.0)].map(|(dx, dy)| Point::new(x + dx, y + dy));
                scene
                    .polygon(sign)
                    .fill(self.theme.violation)
                    .stroke(self.theme.ground, 1.5)
                    .tag(Target::Event(violation.event).tag());
                scene.text(Point::new(x, y + 1.0), "!").size(10.0).bold().middle().fill(self.theme.ground);
            }
        }
    }

    /// Where the stage is in time.
    fn present(&self, scene: &mut Scene) {
        let x = self.axis.x(self.now);
        if (NAMES..=self.right()).contains(&x) {
            scene
                .line(Point::new(x, TOP - 10.0), Point::new(x, self.floor() + 4.0))
                .stroke(self.theme.selected, 1.5);
            let head = [(0.0, 0.0), (5.0, 8.0), (-5.0, 8.0)]
                .map(|(dx, dy)| Point::new(x + dx, self.floor() + 1.0 + dy));
            scene.polygon(head).fill(self.theme.selected);
        }
    }

    /// How the two that are chosen stand to each other.
    fn relation(&self, scene: &mut Scene) {
        let mut events = chosen(self.look);
        let (Some(a), Some(b)) = (events.next(), events.next()) else { return };
        let said = |id| happened::sentence(self.run, id).unwrap_or_default();
        let order = Order::within(self.run.trace(), a.0.min(b.0)..a.0.max(b.0) + 1);
        let how = match order.relation(a, b) {
            Some(Relation::Before) => "happened before",
            Some(Relation::After) => "happened after",
            Some(Relation::Concurrent) => "is concurrent with",
            _ => return,
        };
        scene
            .text(Point::new(self.right(), 12.0), format_args!("“{}” {how} “{}”", said(a), said(b)))
            .size(12.0)
            .anchor(Anchor::End)
            .baseline(Baseline::Middle)
            .max_width(self.look.size.width - 32.0)
            .halo(self.theme.ground)
            .fill(self.theme.selected);
    }
}

/// The window of this width round a moment: three quarters of it before.
pub fn around(now: Time, span: Micros, until: Time) -> (Time, Time) {
    let from = now.0.saturating_sub(span.0 * 3 / 4);
    let from = from.min(until.0.saturating_sub(span.0));
    (Time(from), Time(from + span.0))
}
