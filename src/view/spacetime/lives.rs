//! Lines of life: thick and warm while a node leads, dashed while it stands for election, broken while it is down.

use super::{NAMES, RIGHT, Sheet, TOP};
use crate::paint::{Baseline, Labels, Point, Rect, Scene};
use crate::run::frame::Life;
use crate::sim::{EventId, NodeId, Role, Time, What};
use crate::view::Target;

/// How a place was from one moment on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    at: Time,
    role: Role,
    life: Life,
}

pub fn draw(sheet: &Sheet<'_>, labels: &mut Labels, scene: &mut Scene) {
    for place in sheet.rows.iter().copied() {
        let Some(y) = sheet.y(place) else { continue };
        if place.0 >= sheet.run.names().nodes {
            client(sheet, y, scene);
            continue;
        }
        let states = states(sheet, place);
        let ends = states.iter().skip(1).map(|state| state.at).chain([sheet.window.to]);
        for (state, end) in states.iter().zip(ends) {
            stretch(sheet, *state, end.min(sheet.run.end()), y, scene);
        }
        epochs(sheet, place, y, labels);
    }
}

/// The names at the left edge, and clean margins: what reaches beyond the window ends there.
pub fn names(sheet: &Sheet<'_>, scene: &mut Scene) {
    let (height, theme) = (sheet.floor() - TOP + 14.0, sheet.theme);
    scene.rect(Rect::new(0.0, TOP - 12.0, NAMES - 1.0, height)).fill(theme.ground);
    scene.rect(Rect::new(sheet.right() + 1.0, TOP - 12.0, RIGHT - 1.0, height)).fill(theme.ground);
    for place in sheet.rows.iter().copied() {
        if let Some(y) = sheet.y(place) {
            name(sheet, place, y, scene);
        }
    }
}

fn name(sheet: &Sheet<'_>, place: NodeId, y: f32, scene: &mut Scene) {
    let (theme, names) = (sheet.theme, sheet.run.names());
    let node = place.0 < names.nodes;
    let target = if node { Target::Node(place) } else { Target::Client(place) };
    let color = if node { theme.text } else { theme.client };
    let color = if sheet.look.marks(target) { theme.selected } else { color };
    scene
        .rect(Rect::new(4.0, y - 9.0, NAMES - 12.0, 18.0))
        .fill(theme.ground.with_alpha(0.01))
        .tag(target.tag());
    let size = if sheet.is_tight() { 10.0 } else { 13.0 };
    let pen = scene.text(Point::new(10.0, y), names.of(place)).size(size).baseline(Baseline::Middle);
    let pen = if node { pen.bold() } else { pen };
    pen.max_width(NAMES - 14.0).fill(color).tag(target.tag());
}

fn client(sheet: &Sheet<'_>, y: f32, scene: &mut Scene) {
    let end = sheet.axis.x(sheet.window.to.min(sheet.run.end())).min(sheet.right());
    let (from, to) = (Point::new(NAMES, y), Point::new(end.max(NAMES), y));
    scene.line(from, to).stroke(sheet.theme.client, 1.0).opacity(0.5);
}

/// What a node was within the window, from its state at the beginning on.
fn states(sheet: &Sheet<'_>, node: NodeId) -> Vec<State> {
    let (from, to) = (sheet.window.from, sheet.window.to);
    let mut turns = sheet.run.turns().iter().filter(|turn| turn.node == node).peekable();
    let mut spells = sheet.run.spells().iter().filter(|spell| spell.node == node).peekable();
    // Both are in order of event; a process begins before it takes a part.
    let mut next = || match (turns.peek(), spells.peek()) {
        (Some(turn), Some(spell)) if turn.event < spell.event => {
            turns.next().map(|turn| (turn.at, Some(turn.role), None))
        }
        (_, Some(_)) => spells.next().map(|spell| (spell.at, None, Some(spell.life))),
        (turn, None) => {
            turn.is_some().then(|| turns.next()).flatten().map(|turn| (turn.at, Some(turn.role), None))
        }
    };
    let changes = std::iter::from_fn(&mut next);
    let mut states = vec![State { at: from, role: Role::Peer, life: Life::Up }];
    for (at, role, life) in changes.take_while(|(at, ..)| *at < to) {
        let last = states[states.len() - 1];
        let next =
            State { at: at.max(from), role: role.unwrap_or(last.role), life: life.unwrap_or(last.life) };
        if at <= from || last.at == next.at {
            states.pop();
        }
        states.push(next);
    }
    states
}

fn stretch(sheet: &Sheet<'_>, state: State, end: Time, y: f32, scene: &mut Scene) {
    let theme = sheet.theme;
    let (x0, x1) = (sheet.axis.x(state.at), sheet.axis.x(end).min(sheet.right()));
    if x1 <= x0 {
        return;
    }
    // The present parts the line: what lies ahead is fainter.
    let here = sheet.axis.x(sheet.now).clamp(x0, x1);
    for (a, b, opacity) in [(x0, here, 1.0), (here, x1, 0.4)] {
        if b - a < 0.1 {
            continue;
        }
        let line = scene.line(Point::new(a, y), Point::new(b, y));
        match (state.life, state.role) {
            (Life::Down, _) => line.stroke(theme.down, 1.2).dash(1.5, 5.0),
            (Life::Paused, _) => line.stroke(theme.paused, 6.0).dash(1.5, 4.0),
            (_, Role::Leader) => line.stroke(theme.leader, 4.0),
            (_, Role::Candidate) => line.stroke(theme.candidate, 2.5).dash(6.0, 3.0),
            (_, Role::Follower | Role::Peer) => line.stroke(theme.follower, 1.8),
        }
        .opacity(opacity);
    }
}

/// The epoch a node enters with a new part, named where there is room.
fn epochs(sheet: &Sheet<'_>, node: NodeId, y: f32, labels: &mut Labels) {
    if sheet.is_tight() {
        return;
    }
    let inside = |at: Time| (sheet.window.from..sheet.window.to).contains(&at);
    for turn in sheet.run.turns().iter().filter(|turn| turn.node == node && inside(turn.at)) {
        let Some(epoch) = turn.epoch else { continue };
        let (color, priority) = match turn.role {
            Role::Leader => (sheet.theme.leader, 50),
            Role::Candidate => (sheet.theme.candidate, 40),
            _ => (sheet.theme.muted, 12),
        };
        let word = match turn.role {
            Role::Leader => "leads, ",
            Role::Candidate => "stands, ",
            _ => "",
        };
        let x = sheet.axis.x(turn.at);
        labels
            .ask(priority, format_args!("{word}{} {}", epoch.name, epoch.number), color)
            .size(10.0)
            .halo(sheet.theme.ground)
            .opacity(sheet.opacity(turn.at, turn.event))
            .at(Point::new(x + 4.0, y - 9.0), crate::paint::Anchor::Start, Baseline::Middle)
            .at(Point::new(x + 4.0, y + 10.0), crate::paint::Anchor::Start, Baseline::Middle);
    }
}

/// What happens at a place without a message: dots, hollow for timers, square for what clients ask and hear.
pub fn events(sheet: &Sheet<'_>, scene: &mut Scene) {
    let theme = sheet.theme;
    let inside = sheet.run.trace().between(sheet.window.from, sheet.window.to);
    for id in inside {
        let event = &sheet.run.trace().events[id];
        let id = EventId(id as u32);
        let Some(y) = sheet.y(event.node) else { continue };
        let at = Point::new(sheet.axis.x(event.at), y);
        let opacity = sheet.opacity(event.at, id);
        let tag = Target::Event(id).tag();
        let pen = match event.what {
            What::TimerFired => scene.circle(at, 2.6).fill(theme.ground).stroke(theme.muted, 1.2),
            What::Noted { .. } => scene.circle(at, 2.2).fill(theme.text),
            What::Invoked { .. } | What::Completed { .. } => {
                scene.rect(Rect::new(at.x - 2.6, at.y - 2.6, 5.2, 5.2)).fill(theme.client)
            }
            What::TimedOut { .. } => scene
                .rect(Rect::new(at.x - 2.6, at.y - 2.6, 5.2, 5.2))
                .fill(theme.ground)
                .stroke(theme.client, 1.2),
            What::Crashed { .. } => {
                scene
                    .line(at + Point::new(-4.0, -4.0), at + Point::new(4.0, 4.0))
                    .stroke(theme.down, 2.0)
                    .tag(tag);
                scene.line(at + Point::new(-4.0, 4.0), at + Point::new(4.0, -4.0)).stroke(theme.down, 2.0)
            }
            What::Started | What::Resumed => scene.circle(at, 3.2).fill(theme.follower),
            _ => continue,
        };
        pen.opacity(opacity).tag(tag);
        if sheet.look.marks(Target::Event(id)) {
            scene.circle(at, 7.0).stroke(theme.selected, 2.0);
        }
    }
}
