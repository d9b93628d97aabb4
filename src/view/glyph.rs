//! The signs of messages: one shape a family of kinds, hollow for replies.

use super::theme::Theme;
use crate::paint::{Color, Point, Scene, Tag};

/// A small closed set, chosen by the words in the kind: no protocol's name is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Vote,
    Append,
    Heartbeat,
    Client,
    Other,
}

/// A message's sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    pub family: Family,
    /// Answers are hollow.
    pub reply: bool,
}

impl Glyph {
    /// The sign for a kind of message.
    pub fn of(kind: &str) -> Glyph {
        let family = if kind == "request" || kind == "reply" {
            Family::Client
        } else if kind.contains("Vote") {
            Family::Vote
        } else if kind.contains("Heartbeat") || kind.contains("Ping") {
            Family::Heartbeat
        } else if kind.contains("Append") || kind.contains("Write") || kind.contains("Replicate") {
            Family::Append
        } else {
            Family::Other
        };
        Glyph { family, reply: kind.ends_with("eply") || kind.ends_with("Ack") }
    }

    pub fn color(self, theme: &Theme) -> Color {
        match self.family {
            Family::Vote => theme.vote,
            Family::Append => theme.append,
            Family::Heartbeat => theme.heartbeat,
            Family::Client => theme.client,
            Family::Other => theme.other,
        }
    }

    /// Draws it at a point, headed somewhere, `scale` times its size.
    pub fn draw(self, scene: &mut Scene, at: Point, heading: Point, look: Stamp<'_>) {
        let Stamp { theme, scale, opacity, tag } = look;
        let color = self.color(theme);
        let fill = if self.reply { theme.ground } else { color };
        let side = heading.perpendicular();
        let size = scale * if self.family == Family::Heartbeat { 3.4 } else { 5.2 };
        if look.theme.ground != color {
            let tail = at - heading * (size + 9.0 * scale);
            scene.line(tail, at - heading * size).stroke(color, 1.5 * scale).opacity(opacity * 0.45).round();
        }
        let corners: [Point; 4] = match self.family {
            Family::Vote => [heading * 1.35, side * 1.1, heading * -1.35, side * -1.1],
            Family::Append => [
                heading + side * 0.85,
                heading * -1.0 + side * 0.85,
                heading * -1.0 - side * 0.85,
                heading - side * 0.85,
            ],
            Family::Client => {
                [heading * 1.4, side * 1.1 - heading * 0.9, side * -1.1 - heading * 0.9, heading * 1.4]
            }
            Family::Heartbeat | Family::Other => {
                scene.circle(at, size).fill(fill).stroke(color, 1.6 * scale).opacity(opacity).tag(tag);
                return;
            }
        };
        let outline = corners.map(|corner| at + corner * size);
        scene.polygon(outline).fill(fill).stroke(color, 1.6 * scale).opacity(opacity).tag(tag);
    }
}

/// How a glyph is drawn this time.
#[derive(Clone, Copy)]
pub struct Stamp<'a> {
    pub theme: &'a Theme,
    pub scale: f32,
    pub opacity: f32,
    pub tag: Option<Tag>,
}
