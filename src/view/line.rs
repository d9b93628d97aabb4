//! The line of time below the stage: how much happened when, who came to lead, what was done, what broke.

use super::theme::Theme;
use crate::check::Verdict;
use crate::paint::{Point, Rect, Scene, Size};
use crate::run::Run;
use crate::sim::{Role, Time, What};

/// Pixels a column of the density takes.
const COLUMN: f32 = 3.0;
/// Marks of one kind that are drawn at most; closer ones would only cover each other.
const MOST: usize = 400;

/// Draws the whole run from left to right. `own` are moments that the reader marked.
pub fn line(run: &dyn Run, own: &[Time], dark: bool, size: Size, scene: &mut Scene) {
    let theme = Theme::of(dark);
    scene.clear();
    scene.size = size;
    scene.background = theme.ground;
    let until = run.plan().until.0.max(1) as f32;
    let x = |at: Time| at.0 as f32 / until * size.width;
    density(run, size, theme, scene);
    let floor = size.height;
    for turn in run.turns().iter().filter(|turn| turn.role == Role::Leader).take(MOST) {
        let x = x(turn.at);
        scene.rect(Rect::new(x - 1.0, floor - 9.0, 2.0, 9.0)).fill(theme.leader);
        let crown =
            [(-4.0, 0.0), (-4.5, -4.5), (-1.8, -2.2), (0.0, -5.5), (1.8, -2.2), (4.5, -4.5), (4.0, 0.0)];
        scene.polygon(crown.map(|(dx, dy)| Point::new(x + dx, floor - 9.0 + dy))).fill(theme.leader);
    }
    for turn in run.turns().iter().filter(|turn| turn.role == Role::Candidate).take(MOST) {
        scene.rect(Rect::new(x(turn.at) - 0.75, floor - 6.0, 1.5, 6.0)).fill(theme.candidate);
    }
    for act in run.acts().iter().take(MOST) {
        scene.rect(Rect::new(x(act.at) - 1.0, 0.0, 2.0, 8.0)).fill(theme.cut);
    }
    for at in own {
        let x = x(*at);
        let flag = [(0.0, 0.0), (8.0, 3.5), (0.0, 7.0)].map(|(dx, dy)| Point::new(x + dx, 1.0 + dy));
        scene.line(Point::new(x, 0.0), Point::new(x, floor)).stroke(theme.selected, 1.0);
        scene.polygon(flag).fill(theme.selected);
    }
    for (_, verdict) in run.verdicts() {
        if let Verdict::Broken(violation) = verdict {
            let x = x(violation.at);
            let sign = [(0.0, -9.0), (6.0, 1.0), (-6.0, 1.0)];
            scene
                .polygon(sign.map(|(dx, dy)| Point::new(x + dx, floor - 2.0 + dy)))
                .fill(theme.violation)
                .stroke(theme.ground, 1.0);
        }
    }
}

/// How many messages were sent, column by column; a logarithm, so that the quiet can be told from the silent.
fn density(run: &dyn Run, size: Size, theme: &Theme, scene: &mut Scene) {
    let columns = (size.width / COLUMN).max(1.0) as usize;
    let until = run.plan().until.0.max(1);
    let mut counts = vec![0u32; columns];
    for event in run.trace().events.iter().filter(|event| matches!(event.what, What::Sent { .. })) {
        let column = (event.at.0.min(until - 1) as u128 * columns as u128 / u128::from(until)) as usize;
        counts[column.min(columns - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(8) as f32;
    let room = size.height - 14.0;
    for (column, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let height = (libm::logf(1.0 + *count as f32) / libm::logf(1.0 + most) * room).max(1.0);
        let bar = Rect::new(column as f32 * COLUMN, 9.0 + room - height, COLUMN - 1.0, height);
        scene.rect(bar).fill(theme.follower).opacity(0.35);
    }
}
