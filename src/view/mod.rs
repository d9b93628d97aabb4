//! THE PICTURES. From a frame to a scene, by pure functions, one file each; `theme` alone knows colours.

pub mod chart;
pub mod cluster;
mod cut;
pub mod glyph;
pub mod hand;
pub mod history;
pub mod layout;
pub mod line;
mod link;
pub mod logs;
mod message;
mod node;
pub mod replicas;
mod rows;
pub mod spacetime;
mod tags;
mod target;
mod tear;
pub mod theme;
mod trees;
mod values;
mod zone;

use crate::paint::{Labels, Point, Size};
use crate::run::event_set::EventSet;
use crate::sim::{EventId, Micros, NodeId};

pub use chart::chart;
pub use cluster::cluster;
pub use hand::Hand;
pub use history::history;
pub use layout::Layout;
pub use line::line;
pub use logs::logs;
pub use replicas::replicas;
pub use spacetime::{Window, spacetime};
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
    /// The events of a red thread that is followed; everything else is fainter.
    pub thread: Option<EventSet>,
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
            thread: None,
            fade: Micros::from_millis(60),
            still: false,
        }
    }
}

impl Look {
    pub fn theme(&self) -> &'static Theme {
        Theme::of(self.dark)
    }

    /// How strongly something is drawn that hangs on an event, as far as the red thread goes.
    pub fn strength(&self, event: EventId) -> f32 {
        match &self.thread {
            Some(thread) if !thread.has(event) => 0.2,
            _ => 1.0,
        }
    }

    /// Is it on the thread that is followed?
    pub fn is_followed(&self, event: EventId) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.has(event))
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
    /// The highest epoch that any node is in.
    newest: Option<u64>,
    /// What nodes hold under the keys that they show.
    board: &'a tags::Board<'a>,
    labels: &'a mut Labels,
}
