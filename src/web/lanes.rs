//! The player's door to what stands beside the run: lanes, where they part, and the figures of all.

use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::model::{FigureLine, LaneLine, Parted, SeriesModel, waits};
use super::player::{Player, cold, slip};
use super::stage::Stage;
use crate::observe::figures;
use crate::observe::measure::Measured;
use crate::observe::series::Series;
use crate::paint::Size;
use crate::run::lanes::Against;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "LaneLine[]")]
    pub type LanesJs;
    #[wasm_bindgen(typescript_type = "Parted | undefined")]
    pub type PartedJs;
    #[wasm_bindgen(typescript_type = "FigureLine[]")]
    pub type FiguresJs;
    #[wasm_bindgen(typescript_type = "Series")]
    pub type SeriesJs;
}

#[wasm_bindgen]
impl Player {
    /// What stands beside the run.
    pub fn lanes(&self) -> LanesJs {
        let waiting = |place: usize| self.stages.get(place).is_some_and(|stage| waits(&stage.frame));
        let lanes = self.session.lanes().iter().enumerate();
        cold(&lanes.map(|(i, lane)| LaneLine::of(lane, &self.session, waiting(i))).collect::<Vec<_>>())
    }

    /// Puts these variants beside the one that is played, in place of what stood there. Throws a `Slip`.
    pub fn compare(&mut self, variants: Vec<String>) -> Result<(), JsValue> {
        self.put_beside(variants.into_iter().map(Against::Variant).collect())
    }

    /// Shows another branch beside this one, at the same moment; without one, none. Throws a `Slip`.
    #[wasm_bindgen(js_name = showBeside)]
    pub fn show_beside(&mut self, index: Option<usize>) -> Result<(), JsValue> {
        self.put_beside(index.into_iter().map(Against::Branch).collect())
    }

    /// Draws what stands beside in this place; sizes in CSS pixels.
    #[wasm_bindgen(js_name = drawLane)]
    pub fn draw_lane(
        &mut self,
        place: usize,
        context: &CanvasRenderingContext2d,
        width: f32,
        height: f32,
        ratio: f64,
    ) {
        if let (Some(stage), Some(lane)) = (self.stages.get_mut(place), self.session.lanes().get(place)) {
            stage.draw(&*lane.run, context, Size::new(width, height), ratio);
        }
    }

    /// The picture of what stands beside in this place, in words.
    #[wasm_bindgen(js_name = laneInWords)]
    pub fn lane_in_words(&self, place: usize) -> String {
        self.stages.get(place).map_or_else(String::new, Stage::in_words)
    }

    /// Where the run, as far as it has been run, and what stands beside it in this place part. Nothing where they do not
    /// part, or play two protocols, which are two runs from the beginning.
    pub fn parted(&mut self, place: usize) -> PartedJs {
        let parted = self.session.parted(place);
        cold(&parted.map(|(at, [here, there])| Parted { at: at.0 as f64, here, there }))
    }

    /// The figures up to now of the run and of all that stands beside it.
    pub fn figures(&self) -> FiguresJs {
        let lanes = self.session.lanes().iter().map(|lane| &*lane.run);
        let measured: Vec<Measured> =
            std::iter::once(self.session.run()).chain(lanes).map(Measured::so_far).collect();
        let rows = figures::table(&measured);
        let lines = rows.iter().filter(|row| row.says_something()).map(FigureLine::of);
        cold(&lines.collect::<Vec<_>>())
    }

    /// What these figures leave out, where clients wait for answers.
    pub fn omitted(&self) -> Option<String> {
        let lanes = self.session.lanes().iter().map(|lane| &*lane.run);
        figures::omitted(&std::iter::once(self.session.run()).chain(lanes).collect::<Vec<_>>())
    }
}

#[wasm_bindgen]
impl Player {
    /// What was measured over time of the run, as far as it has been run, or of what stands beside it: 0 is the run.
    pub fn series(&self, place: usize) -> SeriesJs {
        let beside = || self.session.lanes().get(place.checked_sub(1)?).map(|lane| &*lane.run);
        let run = self.session.run();
        // What stands beside may have been run further, to see where the two part.
        cold(&SeriesModel::from(Series::of(beside().unwrap_or(run), run.end())))
    }
}

impl Player {
    fn put_beside(&mut self, wanted: Vec<Against>) -> Result<(), JsValue> {
        self.session.put_beside(wanted).map_err(slip)?;
        self.look_again();
        Ok(())
    }

    /// All that stands beside is looked at as the run is.
    pub(super) fn look_beside(&mut self, speed: f64) {
        self.session.follow_beside();
        self.stages.resize_with(self.session.lanes().len(), Stage::new);
        for (stage, lane) in self.stages.iter_mut().zip(self.session.lanes()) {
            stage.look_as(&self.stage);
            stage.take(&*lane.run, speed);
        }
    }
}
