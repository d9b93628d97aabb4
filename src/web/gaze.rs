//! Where a reader looks in space and time.

use wasm_bindgen::prelude::*;

use super::player::{Player, cold};
use crate::run::Run;
use crate::scenario::fields::{Fields, Read, Reads};
use crate::scenario::tree::Item;
use crate::sim::{Micros, Time, What};
use crate::view::Window;
use crate::view::spacetime;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "string[]")]
    pub type KindsJs;
    #[wasm_bindgen(typescript_type = "{ folded: boolean; hidden: string[]; places: string[] }")]
    pub type SievedJs;
}

/// How much time is in sight, and whether it follows the present.
#[derive(Clone, Debug, Default)]
pub struct Gaze {
    /// Once the reader has zoomed.
    span: Option<Micros>,
    /// The beginning, once the reader has moved it.
    from: Option<Time>,
    /// What is left out; its times are not used.
    sieve: Window,
}

const SHORTEST: Micros = Micros(500);

impl Gaze {
    /// What is in sight, with the span that the view has by itself.
    pub fn window(&self, run: &dyn Run, span: Micros) -> Window {
        let span = self.span.unwrap_or(span);
        let (from, to) = match self.from {
            Some(from) => (from, from + span),
            None => spacetime::around(run.now(), span, run.plan().until),
        };
        Window { from, to, ..self.sieve.clone() }
    }

    /// Shows `factor` times as much time, with the moment `at` staying where it is.
    fn zoom(&mut self, window: &Window, longest: Micros, factor: f64, at: Time) {
        let before = (window.to - window.from).0.max(1) as f64;
        let span = (before * factor).clamp(SHORTEST.0 as f64, longest.0.max(SHORTEST.0) as f64);
        let part = (at - window.from).0 as f64 / before;
        self.span = Some(Micros(span as u64));
        if self.from.is_some() {
            self.from = Some(Time(at.0.saturating_sub((part * span) as u64)));
        }
    }

    /// Moves by so many pixels of `room`; the window no longer follows the present.
    fn pan(&mut self, window: &Window, until: Time, by: f32, room: f32) {
        let span = (window.to - window.from).0;
        let away = (f64::from(by) / f64::from(room.max(1.0)) * span as f64) as i64;
        let last = until.0.saturating_sub(span / 4);
        self.from = Some(Time(window.from.0.saturating_add_signed(-away).min(last)));
    }
}

/// What the page leaves out.
struct Sieve {
    folded: bool,
    hidden: Vec<String>,
    places: Vec<String>,
}

impl Reads for Sieve {
    fn read(item: &Item) -> Read<Sieve> {
        let fields = Fields::of(item, &["folded", "hidden", "places"])?;
        Ok(Sieve {
            folded: fields.need("folded")?,
            hidden: fields.need("hidden")?,
            places: fields.need("places")?,
        })
    }
}

#[wasm_bindgen]
impl Player {
    /// Shows `factor` times as much time, round the moment at `x` pixels.
    pub fn zoom(&mut self, factor: f64, x: f32) {
        let run = self.session.run();
        let (window, at) = (self.stage.window(run), self.stage.axis(run).at(x));
        self.stage.gaze().zoom(&window, Micros(run.plan().until.0), factor, at);
    }

    /// Moves what is shown by so many pixels to the right.
    pub fn pan(&mut self, by: f32) {
        let run = self.session.run();
        let (window, room) = (self.stage.window(run), self.stage.look.size.width);
        self.stage.gaze().pan(&window, run.plan().until, by, room);
    }

    /// The window follows the present again.
    pub fn follow(&mut self) {
        self.stage.gaze().from = None;
    }

    /// The moment at `x` pixels, in µs.
    #[wasm_bindgen(js_name = momentAt)]
    pub fn moment_at(&mut self, x: f32) -> f64 {
        self.stage.axis(self.session.run()).at(x).0 as f64
    }

    /// Leaves kinds of messages, lines of life and silence out. Throws a `Slip`.
    pub fn sieve(&mut self, sieve: SievedJs) -> Result<(), JsValue> {
        let sieve: Sieve = super::read::read(&sieve).map_err(super::player::slip)?;
        let names = self.session.run().names();
        let places = sieve.places.iter().filter_map(|name| names.find(name)).collect();
        self.stage.gaze().sieve =
            Window { folded: sieve.folded, hidden: sieve.hidden, places, ..Window::default() };
        Ok(())
    }

    /// Every kind of message that was sent so far.
    pub fn kinds(&self) -> KindsJs {
        let mut kinds: Vec<&str> = Vec::new();
        for event in &self.session.run().trace().events {
            if let What::Sent { kind, .. } = event.what
                && !kinds.contains(&kind)
            {
                kinds.push(kind);
            }
        }
        kinds.sort_unstable();
        cold(&kinds)
    }
}
