//! Nodes and clients.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::layout::{CLIENT, Detail};
use super::{Brush, Target, tags};
use crate::paint::{Color, Point, Rect, Scene, Size};
use crate::run::Frame;
use crate::run::frame::{ClientFrame, Life, NodeFrame};
use crate::sim::{LogView, Micros, Role};

pub(super) fn node(brush: &mut Brush<'_>, frame: &Frame, node: &NodeFrame, scene: &mut Scene) {
    let at = brush.layout.at(node.id);
    let color = color(brush, node);
    let radius = brush.layout.radius;
    let target = Target::Node(node.id);
    if brush.layout.detail == Detail::Dots {
        let pen = scene.circle(at, radius).tag(target.tag());
        // Hollow: it is down, or does not know the newest there is.
        if node.life == Life::Down || !is_informed(brush, node) {
            pen.stroke(color, 1.0)
        } else {
            pen.fill(color)
        };
        return;
    }
    if brush.look.marks(target) {
        scene
            .circle(at, radius + 9.0)
            .fill(brush.theme.selected.with_alpha(0.10))
            .stroke(brush.theme.selected, 2.0);
    }
    let accused = frame.accused.contains(&node.id);
    if accused {
        scene.circle(at, radius + 11.0).stroke(brush.theme.violation, 2.5);
    }
    timer(brush, frame, node, at, color, scene);
    face(brush, node, at, color, scene);
    words(brush, node, at, scene);
    if accused {
        accusation(brush, at, scene);
    }
    if brush.layout.detail == Detail::Full {
        burdens(brush, frame, node, at, scene);
        if let Some(log) = node.inspect.log.as_ref().filter(|log| !log.entries.is_empty()) {
            strip(brush, log, Point::new(at.x, at.y + radius + 12.0), node.life == Life::Down, scene);
        }
    }
    tags::tags(brush, node, at, scene);
    brush.labels.block_disc(at, radius + 6.0);
}

/// Does it know the newest that any node knows? While there is nothing to know, no node does; where there are no epochs,
/// there is nothing to lack.
fn is_informed(brush: &Brush<'_>, node: &NodeFrame) -> bool {
    let nothing_yet = node.inspect.role == Role::Peer && brush.newest == Some(0);
    node.inspect.epoch.map(|epoch| epoch.number) >= brush.newest && !nothing_yet
}

fn color(brush: &Brush<'_>, node: &NodeFrame) -> Color {
    let theme = brush.theme;
    match (node.life, node.inspect.role) {
        (Life::Down, _) => theme.down,
        (Life::Paused, _) => theme.paused,
        (_, Role::Leader) => theme.leader,
        (_, Role::Candidate) => theme.candidate,
        (_, Role::Follower | Role::Peer) => theme.follower,
    }
}

/// The disc and its ring: solid and crowned for a leader, dashed for a candidate, hollow and struck through when
/// down, two bars when paused.
fn face(brush: &Brush<'_>, node: &NodeFrame, at: Point, color: Color, scene: &mut Scene) {
    let (theme, radius) = (brush.theme, brush.layout.radius);
    let tag = Target::Node(node.id).tag();
    // Where nobody leads, what a node knows is what tells it from others.
    let informed =
        node.inspect.role == Role::Peer && node.inspect.epoch.is_some() && is_informed(brush, node);
    let tint = match node.life {
        Life::Up if informed => 0.6,
        Life::Up => 0.10,
        _ => 0.0,
    };
    let ground = theme.surface.mix(color, tint);
    match (node.life, node.inspect.role) {
        (Life::Down, _) => {
            scene.circle(at, radius).fill(theme.ground).stroke(color, 1.5).dash(2.0, 4.0).tag(tag);
            // Struck through at the rim only: the name in the middle stays legible.
            let arm = Point::new(radius, -radius) * 0.707;
            scene.line(at + arm * 0.6, at + arm * 1.25).stroke(color, 2.0);
            scene.line(at - arm * 0.6, at - arm * 1.25).stroke(color, 2.0);
        }
        (_, Role::Leader) => {
            crown(brush, at, color, scene);
            scene.circle(at, radius).fill(ground).stroke(color, 4.0).tag(tag);
        }
        (_, Role::Candidate) => {
            scene.circle(at, radius).fill(ground).stroke(color, 2.5).dash(6.0, 4.0).tag(tag);
        }
        _ => {
            scene.circle(at, radius).fill(ground).stroke(color, 1.8).tag(tag);
        }
    }
    if node.life == Life::Paused {
        let sign = at + Point::new(radius, -radius) * 0.78;
        for x in [-3.5_f32, 3.5] {
            scene
                .rect(Rect::centered(sign + Point::new(x, 0.0), Size::new(4.5, 13.0)))
                .fill(theme.text)
                .stroke(theme.ground, 1.0);
        }
    }
}

fn crown(brush: &Brush<'_>, at: Point, color: Color, scene: &mut Scene) {
    let top = Point::new(at.x, at.y - brush.layout.radius - 2.0);
    let p = |x: f32, y: f32| top + Point::new(x, y);
    scene
        .polygon([
            p(-9.0, 0.0),
            p(-10.0, -9.0),
            p(-5.0, -5.0),
            p(0.0, -11.0),
            p(5.0, -5.0),
            p(10.0, -9.0),
            p(9.0, 0.0),
        ])
        .fill(color);
}

/// The earliest alarm as an arc that shortens round the rim.
fn timer(brush: &Brush<'_>, frame: &Frame, node: &NodeFrame, at: Point, color: Color, scene: &mut Scene) {
    if node.life == Life::Down {
        return;
    }
    let Some(alarm) = node.alarms.iter().max_by_key(|alarm| (alarm.due - alarm.set_at, alarm.due)) else {
        return;
    };
    let left = alarm.left(frame.at).clamp(0.0, 1.0);
    let radius = brush.layout.radius + 5.5;
    scene.circle(at, radius).stroke(brush.theme.hairline, 2.0);
    if left > 0.0 {
        scene.arc(at, radius, -FRAC_PI_2, TAU * left).stroke(color, 2.5).round().opacity(0.75);
    }
}

/// Its name, and its epoch below it.
fn words(brush: &mut Brush<'_>, node: &NodeFrame, at: Point, scene: &mut Scene) {
    let theme = brush.theme;
    let radius = brush.layout.radius;
    let color = if node.life == Life::Down { theme.muted } else { theme.text };
    if radius < 11.0 {
        brush.labels.ask(5, &node.name, color).size(11.0).halo(theme.ground).beside(at, radius + 4.0);
        return;
    }
    let epoch = node.inspect.epoch.filter(|_| radius >= 20.0);
    let rise = if epoch.is_some() { radius * 0.24 } else { 0.0 };
    scene
        .text(at - Point::new(0.0, rise), &node.name)
        .size((radius * 0.47).clamp(11.0, 20.0))
        .bold()
        .middle()
        .fill(color);
    if let Some(epoch) = epoch {
        let below = at + Point::new(0.0, radius * 0.36);
        // A small disc has room for the number only, with the letter that tells it from a count.
        let name = if radius < 28.0 { epoch.name.get(..1).unwrap_or_default() } else { epoch.name };
        let gap = if radius < 28.0 { "" } else { " " };
        scene.text(below, format_args!("{name}{gap}{}", epoch.number)).size(11.0).middle().fill(theme.muted);
    }
}

/// What weighs on it: a queue, slowness, an unsynced disk, a wrong clock.
fn burdens(brush: &mut Brush<'_>, frame: &Frame, node: &NodeFrame, at: Point, scene: &mut Scene) {
    let (theme, radius) = (brush.theme, brush.layout.radius);
    let right = at.x + radius + 12.0;
    if node.waiting > 0 {
        for tick in 0..node.waiting.min(8) {
            let x = right + tick as f32 * 4.0;
            scene.line(Point::new(x, at.y - 5.0), Point::new(x, at.y + 5.0)).stroke(theme.other, 2.0);
        }
        let words = if node.waiting == 1 { "1 waits".to_owned() } else { format!("{} wait", node.waiting) };
        brush.labels.ask(30, words, theme.muted).size(11.0).halo(theme.ground).beside(at, radius + 48.0);
    }
    if node.slowness > 1.0 && node.life == Life::Up {
        for dot in 0..4 {
            let away = Point::new(-radius - 12.0 - dot as f32 * 6.0, radius * 0.55);
            scene.circle(at + away, 2.4 - dot as f32 * 0.45).fill(theme.held).opacity(1.0 - dot as f32 * 0.2);
        }
        let words = format!("{}× slower", node.slowness);
        brush.labels.ask(31, words, theme.muted).size(11.0).halo(theme.ground).beside(at, radius + 12.0);
    }
    if node.durable < node.written && node.life != Life::Down {
        disk(brush, Point::new(right + 2.0, at.y - radius * 0.7), frame, scene);
    }
    if node.clock_offset.abs() >= 1_000 || node.drift_ppm != 0 {
        let sign = if node.clock_offset < 0 { "−" } else { "+" };
        let words = format!("clock {sign}{}", Micros(node.clock_offset.unsigned_abs() / 1_000 * 1_000));
        let hand = at.around(radius - 4.0, -FRAC_PI_2 + TAU * node.clock_offset as f32 / 60_000_000.0);
        scene.line(at.lerp(hand, 0.8), hand).stroke(theme.held, 2.0).round();
        brush.labels.ask(32, words, theme.muted).size(11.0).halo(theme.ground).beside(at, radius + 12.0);
    }
}

/// A small stack of platters; the uppermost, not synced yet, is only outlined.
fn disk(brush: &Brush<'_>, at: Point, _frame: &Frame, scene: &mut Scene) {
    let theme = brush.theme;
    for layer in 0..3 {
        let plate = Rect::new(at.x, at.y - layer as f32 * 4.0, 12.0, 3.0);
        if layer == 2 {
            scene.round_rect(plate, 1.5).stroke(theme.held, 1.0).dash(2.0, 1.5);
        } else {
            scene.round_rect(plate, 1.5).fill(theme.muted);
        }
    }
}

/// The last entries of a log: cells with their epochs; what is committed is solid, the rest only outlined.
fn strip(brush: &mut Brush<'_>, log: &LogView, top: Point, faint: bool, scene: &mut Scene) {
    let scale = (brush.layout.radius / 34.0).max(1.0);
    // Epochs grow along a log: cells are wide enough for the last.
    let digits = log.entries.last().and_then(|(epoch, _)| epoch.checked_ilog10()).unwrap_or(0);
    let cell = Size::new((14.0 + 5.0 * digits as f32) * scale, 15.0 * scale);
    let most = (brush.layout.radius * 3.6 / cell.width) as usize;
    let shown = &log.entries[log.entries.len().saturating_sub(most.clamp(3, 7))..];
    let first = log.first + (log.entries.len() - shown.len()) as u64;
    let width = cell.width * shown.len() as f32;
    let left = top.x - width / 2.0;
    let opacity = if faint { 0.5 } else { 1.0 };
    for (i, (epoch, _)) in shown.iter().enumerate() {
        let place = Rect::new(left + cell.width * i as f32, top.y, cell.width - 1.0, cell.height);
        let index = first + i as u64;
        let committed = index <= log.commit;
        let fill = if committed { brush.theme.epoch(*epoch) } else { brush.theme.ground };
        let pen = scene.round_rect(place, 2.0).fill(fill).stroke(brush.theme.muted, 1.0).opacity(opacity);
        if committed {
            pen
        } else {
            pen.dash(2.0, 2.0)
        };
        let color = if committed { brush.theme.text } else { brush.theme.muted };
        scene.text(place.center(), *epoch).size(11.0 * scale).middle().fill(color).opacity(opacity);
    }
    brush.labels.block(Rect::new(left, top.y, width, cell.height));
    let last = Point::new(left - 3.0, top.y + cell.height / 2.0);
    if first > 1 {
        scene
            .text(last, "…")
            .size(11.0)
            .anchor(crate::paint::Anchor::End)
            .baseline(crate::paint::Baseline::Middle)
            .fill(brush.theme.muted);
    }
}

/// A broken promise names this node: the only warm red on the stage.
fn accusation(brush: &Brush<'_>, at: Point, scene: &mut Scene) {
    let (theme, radius) = (brush.theme, brush.layout.radius);
    let sign = at + Point::new(-radius - 8.0, -radius - 5.0) * 0.75;
    scene
        .polygon([sign + Point::new(0.0, -11.0), sign + Point::new(10.5, 8.0), sign + Point::new(-10.5, 8.0)])
        .fill(theme.violation)
        .stroke(theme.ground, 2.0);
    scene.text(sign + Point::new(0.0, 1.5), "!").size(12.0).bold().middle().fill(theme.ground);
}

pub(super) fn client(brush: &mut Brush<'_>, _frame: &Frame, client: &ClientFrame, scene: &mut Scene) {
    let theme = brush.theme;
    let at = brush.layout.at(client.id);
    let target = Target::Client(client.id);
    let square = Rect::centered(at, Size::new(CLIENT * 2.0, CLIENT * 2.0));
    if brush.look.marks(target) {
        scene.round_rect(square.grown(5.0), 8.0).stroke(theme.selected, 2.0);
    }
    scene.round_rect(square, 6.0).fill(theme.surface).stroke(theme.client, 1.8).tag(target.tag());
    let head = at - Point::new(0.0, 3.0);
    scene.circle(head, 3.2).fill(theme.client);
    scene.arc(at + Point::new(0.0, 8.0), 6.0, -std::f32::consts::PI, std::f32::consts::PI).fill(theme.client);
    brush.labels.block(square);
    let words = match (&client.waits_for, &client.heard) {
        (Some(call), _) => format!("{} asks {call} …", client.name),
        (None, Some((_, outcome))) => format!("{} heard {outcome}", client.name),
        (None, None) => client.name.clone(),
    };
    brush
        .labels
        .ask(60, words, theme.text)
        .size(11.0)
        .halo(theme.ground)
        .max_width(150.0)
        .below(at, CLIENT + 5.0)
        .beside(at, CLIENT + 5.0);
}
