//! Where a reader looks in space and time.

use wasm_bindgen::prelude::*;

use super::player::{Player, cold};
use crate::paint::Size;
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
#[derive(Clone, Debug)]
pub struct Gaze {
    span: Micros,
    /// The beginning, once the reader has moved it.
    from: Option<Time>,
    /// What is left out; its times are not used.
    sieve: Window,
}

const SHORTEST: Micros = Micros(500);

impl Gaze {
    pub fn new() -> Gaze {
        Gaze { span: Micros::from_millis(400), from: None, sieve: Window::default() }
    }

    pub fn window(&self, run: &dyn Run) -> Window {
        let until = run.plan().until;
        let (from, to) = match self.from {
            Some(from) => (from, from + self.span),
            None => spacetime::around(run.now(), self.span, until),
        };
        Window { from, to, ..self.sieve.clone() }
    }

    /// Shows `factor` times as much time, with the moment at `x` staying there.
    fn zoom(&mut self, run: &dyn Run, size: Size, factor: f64, x: f32) {
        let window = self.window(run);
        let longest = run.plan().until.0.max(SHORTEST.0) as f64;
        let span = (self.span.0 as f64 * factor).clamp(SHORTEST.0 as f64, longest);
        let at = spacetime::axis(run, &window, size).at(x);
        let part = (at - window.from).0 as f64 / self.span.0.max(1) as f64;
        self.span = Micros(span as u64);
        if self.from.is_some() {
            self.from = Some(Time(at.0.saturating_sub((part * span) as u64)));
        }
    }

    /// Moves by so many pixels; the window no longer follows the present.
    fn pan(&mut self, run: &dyn Run, size: Size, by: f32) {
        let window = self.window(run);
        let room = f64::from(size.width.max(1.0));
        let away = (f64::from(by) / room * self.span.0 as f64) as i64;
        let last = run.plan().until.0.saturating_sub(self.span.0 / 4);
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
        let size = self.stage.look.size;
        self.stage.gaze.zoom(self.session.run(), size, factor, x);
    }

    /// Moves what is shown by so many pixels to the right.
    pub fn pan(&mut self, by: f32) {
        let size = self.stage.look.size;
        self.stage.gaze.pan(self.session.run(), size, by);
    }

    /// The window follows the present again.
    pub fn follow(&mut self) {
        self.stage.gaze.from = None;
    }

    /// The moment at `x` pixels, in µs.
    #[wasm_bindgen(js_name = momentAt)]
    pub fn moment_at(&self, x: f32) -> f64 {
        let run = self.session.run();
        let window = self.stage.gaze.window(run);
        spacetime::axis(run, &window, self.stage.look.size).at(x).0 as f64
    }

    /// Leaves kinds of messages, lines of life and silence out. Throws a `Slip`.
    pub fn sieve(&mut self, sieve: SievedJs) -> Result<(), JsValue> {
        let sieve: Sieve = super::read::read(&sieve).map_err(super::player::slip)?;
        let names = self.session.run().names();
        let places = sieve.places.iter().filter_map(|name| names.find(name)).collect();
        self.stage.gaze.sieve =
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
