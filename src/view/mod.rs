//! THE PICTURES. From a frame to a scene, by pure functions, one file each; `theme` alone knows colours.

pub mod cluster;
mod cut;
pub mod glyph;
pub mod hand;
pub mod layout;
pub mod line;
mod link;
pub mod logs;
mod message;
mod node;
mod target;
mod tear;
pub mod theme;

use crate::paint::{Labels, Point, Size};
use crate::sim::{Micros, NodeId};

pub use cluster::cluster;
pub use hand::Hand;
pub use layout::Layout;
pub use line::line;
pub use logs::logs;
pub use target::Target;
pub use theme::Theme;

/// How a person looks at the stage.
#[derive(Clone, Debug)]
pub struct Look {
    pub size: Size,
    pub dark: bool,
    pub hover: Option<Target>,
    pub selected: Vec<Target>,
    /// What a hand is about to do.
    pub hand: Hand,
    /// Nodes and clients that were put somewhere else than where they would stand, in parts of the stage's size.
    pub moved: Vec<(NodeId, Point)>,
    /// The line along which the network was cut last.
    pub tear: Vec<Point>,
    /// How long a lost message stays visible, in the run's time.
    pub fade: Micros,
    /// Nothing fades or moves between events.
    pub still: bool,
}

impl Default for Look {
    fn default() -> Self {
        Look {
            size: Size::new(800.0, 560.0),
            dark: false,
            hover: None,
            selected: Vec::new(),
            hand: Hand::Free,
            moved: Vec::new(),
            tear: Vec::new(),
            fade: Micros::from_millis(60),
            still: false,
        }
    }
}

impl Look {
    pub fn theme(&self) -> &'static Theme {
        Theme::of(self.dark)
    }

    /// Is it pointed at or chosen?
    pub fn marks(&self, target: Target) -> bool {
        self.hover == Some(target) || self.selected.contains(&target)
    }
}

/// What the parts of a picture draw with.
struct Brush<'a> {
    look: &'a Look,
    theme: &'static Theme,
    layout: &'a Layout,
    labels: &'a mut Labels,
}
