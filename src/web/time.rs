//! The player's door to time: what is where on the line, what comes next, how another moment looked.

use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::model::WantedModel;
use super::player::{Player, slip};
use super::read::read;
use crate::paint::Size;
use crate::run::wanted::Wanted;
use crate::scenario::Slip;
use crate::sim::{EventId, Time};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Wanted")]
    pub type WantedJs;
    #[wasm_bindgen(typescript_type = "Wanted[]")]
    pub type StopsJs;
}

#[wasm_bindgen]
impl Player {
    /// Draws the whole run as a line; sizes in CSS pixels, the reader's own marks in µs.
    #[wasm_bindgen(js_name = drawLine)]
    pub fn draw_line(
        &mut self,
        context: &CanvasRenderingContext2d,
        width: f32,
        height: f32,
        ratio: f64,
        own: &[f64],
    ) {
        let own: Vec<Time> = own.iter().take(200).map(|us| Time(us.max(0.0) as u64)).collect();
        self.sketch.look.dark = self.stage.look.dark;
        self.sketch.line(self.session.run(), &own, context, Size::new(width, height), ratio);
    }

    /// Draws another moment, small, without going there.
    #[wasm_bindgen(js_name = drawMoment)]
    pub fn draw_moment(
        &mut self,
        context: &CanvasRenderingContext2d,
        width: f32,
        height: f32,
        ratio: f64,
        us: f64,
    ) {
        self.sketch.look.dark = self.stage.look.dark;
        self.sketch.look.still = true;
        self.session.run_mut().glimpse(Time(us.max(0.0) as u64), &mut self.sketch.frame);
        self.sketch.draw(self.session.run(), context, Size::new(width, height), ratio);
    }

    /// Goes to the next such event, or the one before. Returns the moment, in µs; `undefined` if there is none, and
    /// then nothing moved.
    pub fn find(&mut self, wanted: WantedJs, forward: bool) -> Result<Option<f64>, JsValue> {
        let wanted = self.wanted(read(&wanted)).map_err(slip)?;
        let found = wanted.seek(self.session.run_mut(), forward);
        self.look_again();
        Ok(found.map(|at| at.0 as f64))
    }

    /// Where playing stops by itself, from now on.
    #[wasm_bindgen(js_name = setStops)]
    pub fn set_stops(&mut self, stops: StopsJs) -> Result<(), JsValue> {
        let stops: Vec<WantedModel> = read(&stops).map_err(slip)?;
        let stops = stops.into_iter().map(|stop| self.wanted(Ok(stop)));
        self.stops = stops.collect::<Result<_, _>>().map_err(slip)?;
        Ok(())
    }
}

impl Player {
    fn wanted(&self, model: Result<WantedModel, Slip>) -> Result<Wanted, Slip> {
        let model = model?;
        let names = self.session.run().names();
        let node = model
            .node
            .map(|name| names.find(&name).ok_or_else(|| Slip::new(format!("nobody is called {name:?}"), "")));
        Ok(Wanted { node: node.transpose()?, sign: model.sign })
    }

    /// The first event among these at which playing has to stop.
    pub(super) fn stop_among(&self, events: std::ops::Range<u32>) -> Option<EventId> {
        let run = self.session.run();
        self.stops.iter().filter_map(|stop| stop.among(run, events.clone())).min()
    }
}
