//! Messages: on their way, waiting, and dying.

use litemap::LiteMap;

use super::glyph::{Family, Glyph, Stamp};
use super::layout::Detail;
use super::link::{hourglass, way};
use super::{Brush, Target};
use crate::paint::{Anchor, Baseline, Scene};
use crate::run::Frame;
use crate::run::frame::{LossFrame, MessageFrame};
use crate::sim::{Flight, NodeId};

/// More messages than this on one link are drawn as a stream with their number.
const STREAM: usize = 12;
/// With more in flight than this, only what is pointed at is named.
const NAMED: usize = 7;

pub(super) fn messages(brush: &mut Brush<'_>, frame: &Frame, scene: &mut Scene) {
    let mut crowd: LiteMap<(NodeId, NodeId), usize> = LiteMap::new();
    for message in &frame.messages {
        *crowd.entry((message.from, message.to)).or_default() += 1;
    }
    for ((from, to), count) in crowd.iter().filter(|(_, count)| **count > STREAM) {
        stream(brush, *from, *to, *count, scene);
    }
    let named =
        frame.messages.iter().filter(|m| Glyph::of(m.kind).family != Family::Heartbeat).count() <= NAMED;
    for message in &frame.messages {
        if crowd[&(message.from, message.to)] <= STREAM {
            one(brush, frame, message, named, scene);
        }
    }
    for loss in &frame.losses {
        lost(brush, frame, loss, scene);
    }
}

fn one(brush: &mut Brush<'_>, frame: &Frame, message: &MessageFrame, named: bool, scene: &mut Scene) {
    let way = way(brush.layout, message.from, message.to);
    let along = message.along(frame.at);
    let (at, heading) = (way.at(along), way.heading(along).unit());
    let glyph = Glyph::of(message.kind);
    let target = Target::Message(message.message);
    let marked = brush.look.marks(target);
    let scale = scale(brush);
    if let Flight::Held { .. } = message.flight {
        hourglass(brush, at - heading * 13.0, scene);
    }
    if marked {
        scene
            .circle(at, 12.0 * scale)
            .fill(brush.theme.selected.with_alpha(0.15))
            .stroke(brush.theme.selected, 1.5);
    }
    let followed = brush.look.is_followed(message.message);
    if followed {
        scene.circle(at, 10.0 * scale).stroke(brush.theme.selected, 1.2);
    }
    let opacity = brush.look.strength(message.message);
    let stamp = Stamp { theme: brush.theme, scale, opacity, tag: Some(target.tag()) };
    glyph.draw(scene, at, heading, stamp);
    if message.copy_of.is_some() {
        twin(brush, at, heading, scene);
    }
    // The names of heartbeats would be everywhere.
    if marked
        || followed
        || (named
            && opacity == 1.0
            && glyph.family != Family::Heartbeat
            && brush.layout.detail == Detail::Full)
    {
        let (color, priority) = if marked { (brush.theme.text, 90) } else { (brush.theme.muted, 10) };
        brush.labels.ask(priority, message.kind, color).size(11.0).halo(brush.theme.ground).beside(at, 12.0);
    }
}

fn scale(brush: &Brush<'_>) -> f32 {
    match brush.layout.detail {
        Detail::Full => 1.0,
        Detail::Discs => 0.8,
        Detail::Dots => 0.5,
    }
}

/// A second copy: the outline of its original follows it.
fn twin(brush: &mut Brush<'_>, at: crate::paint::Point, heading: crate::paint::Point, scene: &mut Scene) {
    let color = brush.theme.muted;
    scene.circle(at - heading * 9.0, 4.0).stroke(color, 1.0).dash(2.0, 2.0);
    brush.labels.ask(20, "×2", color).size(11.0).halo(brush.theme.ground).beside(at, 10.0);
}

fn stream(brush: &mut Brush<'_>, from: NodeId, to: NodeId, count: usize, scene: &mut Scene) {
    let way = way(brush.layout, from, to);
    let width = (1.5 + libm::log2f(count as f32) * 0.6).min(6.0);
    scene.quad(way).stroke(brush.theme.other, width).opacity(0.4).dash(8.0, 5.0).round();
    if brush.layout.detail >= Detail::Discs {
        let at = way.at(0.5);
        brush.labels.ask(40, count, brush.theme.text).size(11.0).halo(brush.theme.ground).at(
            at,
            Anchor::Middle,
            Baseline::Middle,
        );
    }
}

/// It stops where it died, breaks in two, fades, and leaves its reason for a moment.
fn lost(brush: &mut Brush<'_>, frame: &Frame, loss: &LossFrame, scene: &mut Scene) {
    let way = way(brush.layout, loss.from, loss.to);
    let along = f32::from(loss.along) / 1000.0;
    let (at, heading) = (way.at(along), way.heading(along).unit());
    let age = (frame.at - loss.at).0 as f32 / brush.look.fade.0.max(1) as f32;
    if age > 1.0 {
        return;
    }
    let opacity = if brush.look.still { 0.8 } else { 1.0 - age * age };
    let apart = if brush.look.still { 4.0 } else { 2.5 + 5.0 * age };
    let side = heading.perpendicular();
    let color = brush.theme.lost;
    let size = 5.0 * scale(brush);
    for half in [1.0_f32, -1.0] {
        let middle = at + side * (apart * half);
        scene
            .polygon([middle + heading * size, middle - heading * size, middle + side * (size * half * 0.9)])
            .fill(color)
            .opacity(opacity);
    }
    let cross = [(heading + side) * 3.2, (heading - side) * 3.2];
    for arm in cross {
        scene.line(at - arm, at + arm).stroke(color, 1.6).opacity(opacity).round();
    }
    if brush.layout.detail == Detail::Full {
        brush
            .labels
            .ask(15, loss.why.text(), brush.theme.muted)
            .size(11.0)
            .opacity(opacity)
            .halo(brush.theme.ground)
            .beside(at, 13.0);
    }
}
