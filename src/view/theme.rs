//! Every colour, named by meaning. Meaning is never told by colour alone: shape, position or word say it too.

use crate::paint::Color;

/// The inks of one appearance, light or dark. The hues are those of Okabe and Ito, told apart by colour-blind eyes;
/// the warm red belongs to broken promises alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    pub ground: Color,
    /// The face of a node.
    pub surface: Color,
    pub text: Color,
    pub muted: Color,
    pub hairline: Color,
    pub leader: Color,
    pub candidate: Color,
    pub follower: Color,
    pub down: Color,
    pub paused: Color,
    pub client: Color,
    pub vote: Color,
    pub append: Color,
    pub heartbeat: Color,
    pub other: Color,
    pub lost: Color,
    pub cut: Color,
    pub held: Color,
    pub selected: Color,
    pub violation: Color,
    /// Behind the nodes of one side of a partition.
    pub side: Color,
    /// Cells of a log, by epoch, in turn.
    pub epochs: [Color; 6],
}

/// Ink on paper.
pub const LIGHT: Theme = Theme {
    ground: Color::hex(0xfbfaf7),
    surface: Color::hex(0xffffff),
    text: Color::hex(0x1d2126),
    muted: Color::hex(0x5c646d),
    hairline: Color::hex(0xd9d8d2),
    leader: Color::hex(0xa87400),
    candidate: Color::hex(0x7a4fb5),
    follower: Color::hex(0x3f7396),
    down: Color::hex(0x7b828a),
    paused: Color::hex(0x6d737b),
    client: Color::hex(0x0b7a5e),
    vote: Color::hex(0x7a4fb5),
    append: Color::hex(0x0067a5),
    heartbeat: Color::hex(0x6f7a85),
    other: Color::hex(0x55606b),
    lost: Color::hex(0x6b6f75),
    cut: Color::hex(0x2a2f35),
    held: Color::hex(0x8a6200),
    selected: Color::hex(0x0067a5),
    violation: Color::hex(0xc8321e),
    side: Color::hex(0x3f7396),
    epochs: [
        Color::hex(0xdbe9f4),
        Color::hex(0xf6e6c4),
        Color::hex(0xd5ecdf),
        Color::hex(0xead9ee),
        Color::hex(0xd3eef0),
        Color::hex(0xe8e4dc),
    ],
};

/// Light on night.
pub const DARK: Theme = Theme {
    ground: Color::hex(0x12161b),
    surface: Color::hex(0x1b2128),
    text: Color::hex(0xeceff2),
    muted: Color::hex(0x9aa5b0),
    hairline: Color::hex(0x2c343d),
    leader: Color::hex(0xe8b339),
    candidate: Color::hex(0xb797e6),
    follower: Color::hex(0x7db3d6),
    down: Color::hex(0x77818c),
    paused: Color::hex(0x98a2ac),
    client: Color::hex(0x4bc3a0),
    vote: Color::hex(0xb797e6),
    append: Color::hex(0x5db4ef),
    heartbeat: Color::hex(0x8793a0),
    other: Color::hex(0xa7b2bd),
    lost: Color::hex(0x929ca6),
    cut: Color::hex(0xdfe5ea),
    held: Color::hex(0xe0b450),
    selected: Color::hex(0x5db4ef),
    violation: Color::hex(0xff7058),
    side: Color::hex(0x7db3d6),
    epochs: [
        Color::hex(0x24394b),
        Color::hex(0x4a3b1a),
        Color::hex(0x1f4034),
        Color::hex(0x41304c),
        Color::hex(0x1d4246),
        Color::hex(0x3b3a35),
    ],
};

impl Theme {
    pub fn of(dark: bool) -> &'static Theme {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colour of a log's cell of this epoch.
    pub fn epoch(&self, epoch: u64) -> Color {
        self.epochs[(epoch % self.epochs.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_marks_can_be_seen() {
        for theme in [LIGHT, DARK] {
            for ground in [theme.ground, theme.surface] {
                for text in [theme.text, theme.muted, theme.violation] {
                    assert!(text.contrast(ground) >= 4.5, "{text} on {ground}: {}", text.contrast(ground));
                }
                let Theme {
                    leader,
                    candidate,
                    follower,
                    down,
                    paused,
                    client,
                    vote,
                    append,
                    heartbeat,
                    other,
                    ..
                } = theme;
                let Theme { lost, cut, held, selected, violation, .. } = theme;
                let marks = [
                    leader, candidate, follower, down, paused, client, vote, append, heartbeat, other, lost,
                    cut, held, selected, violation,
                ];
                for mark in marks {
                    assert!(mark.contrast(ground) >= 3.0, "{mark} on {ground}: {}", mark.contrast(ground));
                }
            }
            for cell in theme.epochs {
                assert!(theme.text.contrast(cell) >= 4.5, "{} on {cell}", theme.text);
            }
        }
    }
}
