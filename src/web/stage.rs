//! The picture of a session: frame, look, scene, canvas, kept from frame to frame.

use web_sys::CanvasRenderingContext2d;

use super::gaze::Gaze;
use crate::paint::{Canvas, Color, Labels, Point, Scene, Size};
use crate::run::thread::Thread;
use crate::run::{Frame, Run};
use crate::sim::{Micros, Time};
use crate::view::history::Memory;
use crate::view::spacetime::axis::Axis;
use crate::view::{self, Look, Target, Window};

/// What the stage shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Cluster,
    Logs,
    Replicas,
    Spacetime,
    History,
}

impl View {
    /// The view that the page calls so; the cluster, if it is none.
    pub fn named(name: &str) -> View {
        match name {
            "logs" => View::Logs,
            "replicas" => View::Replicas,
            "spacetime" => View::Spacetime,
            "history" => View::History,
            _ => View::Cluster,
        }
    }
}

pub struct Stage {
    pub view: View,
    pub frame: Frame,
    pub look: Look,
    /// Into space and time, and into what clients heard.
    pub gazes: [Gaze; 2],
    memory: Memory,
    /// What is followed through every view.
    pub thread: Option<Thread>,
    scene: Scene,
    labels: Labels,
    canvas: Canvas,
}

/// How long a lost message stays visible on screen.
const FADE_SECONDS: f64 = 1.4;

impl Stage {
    pub fn new() -> Stage {
        let look = Look::default();
        Stage {
            view: View::default(),
            frame: Frame::default(),
            gazes: <[Gaze; 2]>::default(),
            memory: Memory::default(),
            thread: None,
            scene: Scene::new(look.size, Color::WHITE),
            look,
            labels: Labels::default(),
            canvas: Canvas::default(),
        }
    }

    /// Looks at the run where it is now; `speed` is simulated seconds a second.
    pub fn take(&mut self, run: &dyn Run, speed: f64) {
        let micros = (FADE_SECONDS * speed.clamp(1e-4, 100.0) * 1e6) as u64;
        self.look.fade = Micros(micros.clamp(200, 3_000_000));
        run.frame(self.look.fade, &mut self.frame);
        self.look.thread = self.thread.as_ref().map(|thread| thread.events(run.trace()));
    }

    /// Sees as another does: the same view of the same time, everybody in the same place.
    pub fn look_as(&mut self, other: &Stage) {
        self.view = other.view;
        self.thread.clone_from(&other.thread);
        self.gazes.clone_from(&other.gazes);
        self.look.dark = other.look.dark;
        self.look.still = other.look.still;
        self.look.moved.clone_from(&other.look.moved);
    }

    /// The gaze of the view that is shown.
    pub fn gaze(&mut self) -> &mut Gaze {
        &mut self.gazes[usize::from(self.view == View::History)]
    }

    /// The time that is in sight.
    pub fn window(&mut self, run: &dyn Run) -> Window {
        let span = self.span(run);
        self.gaze().window(run, span)
    }

    /// How much time is in sight as long as nobody has zoomed.
    pub fn span(&self, run: &dyn Run) -> Micros {
        match self.view {
            View::History => view::history::span(run, self.look.size),
            _ => Micros::from_millis(400),
        }
    }

    /// Where time stands in the picture.
    pub fn axis(&mut self, run: &dyn Run) -> Axis {
        let window = self.window(run);
        match self.view {
            View::History => view::history::axis(&(window.from.0..window.to.0), self.look.size),
            _ => view::spacetime::axis(run, &window, self.look.size),
        }
    }

    fn paint(&mut self, run: &dyn Run, size: Size) {
        self.look.size = size;
        match self.view {
            View::Spacetime => {
                let window = self.window(run);
                view::spacetime(run, &window, &self.look, &mut self.labels, &mut self.scene);
            }
            View::History => {
                let window = self.window(run);
                view::history(run, &window, &self.look, &mut self.memory, &mut self.scene);
            }
            View::Cluster => view::cluster(&self.frame, &self.look, &mut self.labels, &mut self.scene),
            View::Logs => view::logs(&self.frame, &self.look, &mut self.scene),
            View::Replicas => view::replicas(&self.frame, &self.look, &mut self.scene),
        }
    }

    pub fn draw(&mut self, run: &dyn Run, context: &CanvasRenderingContext2d, size: Size, ratio: f64) {
        self.paint(run, size);
        self.canvas.draw(context, &self.scene, ratio);
    }

    /// Draws the line of time of a run.
    pub fn line(
        &mut self,
        run: &dyn Run,
        own: &[Time],
        context: &CanvasRenderingContext2d,
        size: Size,
        ratio: f64,
    ) {
        view::line(run, own, self.look.dark, size, &mut self.scene);
        self.canvas.draw(context, &self.scene, ratio);
    }

    /// The picture as SVG, at a size of its own.
    pub fn figure(&mut self, run: &dyn Run, size: Size) -> String {
        let before = (self.look.size, std::mem::take(&mut self.look.selected), self.look.hover.take());
        self.paint(run, size);
        let svg = self.scene.to_svg();
        (self.look.size, self.look.selected, self.look.hover) = before;
        svg
    }

    /// The last picture in words.
    pub fn in_words(&self) -> String {
        format!("{}. {}", self.scene.title(), self.scene.description())
    }

    pub fn hit(&self, at: Point, slack: f32) -> Option<Target> {
        Target::from_tag(self.scene.hit(at, slack)?)
    }
}
