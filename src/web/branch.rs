//! The player's door to the ways a run has taken.

use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::beside::Beside;
use super::model::{BranchLine, Parted};
use super::player::{Player, cold, slip};
use crate::paint::Size;
use crate::run::compare::difference;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "BranchLine[]")]
    pub type BranchesJs;
    #[wasm_bindgen(typescript_type = "Parted | undefined")]
    pub type PartedJs;
}

#[wasm_bindgen]
impl Player {
    pub fn branches(&self) -> BranchesJs {
        let branches = self.session.branches();
        let line = |(index, branch): (usize, &crate::run::branches::Branch)| BranchLine {
            name: branch.name.clone(),
            index,
            current: index == branches.current(),
            parent: branch.from.map(|(parent, _)| parent),
            at: branch.from.map(|(_, at)| at.0 as f64),
            acts: branch.acts.len(),
        };
        cold(&branches.list().iter().enumerate().map(line).collect::<Vec<_>>())
    }

    /// Plays another branch and stays at the moment.
    #[wasm_bindgen(js_name = switchBranch)]
    pub fn switch_branch(&mut self, index: usize) {
        self.session.switch(index);
        self.look_again();
    }

    #[wasm_bindgen(js_name = renameBranch)]
    pub fn rename_branch(&mut self, index: usize, name: &str) {
        self.session.rename(index, name);
    }

    /// Gives a branch up; the one that is played stays.
    #[wasm_bindgen(js_name = removeBranch)]
    pub fn remove_branch(&mut self, index: usize) {
        self.beside = None;
        self.session.prune(index);
        self.look_again();
    }

    /// Shows another branch beside this one, at the same moment; without one, none. Throws a `Slip`.
    #[wasm_bindgen(js_name = showBeside)]
    pub fn show_beside(&mut self, index: Option<usize>) -> Result<(), JsValue> {
        self.beside = match index {
            Some(index) => Some(Beside::new(self.session.other(index).map_err(slip)?, index)),
            None => None,
        };
        self.look_again();
        Ok(())
    }

    /// Which branch is shown beside this one.
    pub fn beside(&self) -> Option<usize> {
        self.beside.as_ref().map(|beside| beside.branch)
    }

    /// Draws the branch beside; sizes in CSS pixels.
    #[wasm_bindgen(js_name = drawBeside)]
    pub fn draw_beside(&mut self, context: &CanvasRenderingContext2d, width: f32, height: f32, ratio: f64) {
        if let Some(beside) = &mut self.beside {
            beside.stage.draw(&*beside.run, context, Size::new(width, height), ratio);
        }
    }

    /// Where this branch and the one beside it part; both are run to the end to know.
    pub fn parted(&mut self) -> PartedJs {
        let Some(beside) = &mut self.beside else { return cold(&None::<Parted>) };
        let now = self.session.run().now();
        let until = self.session.run().plan().until;
        self.session.run_mut().seek(until, u32::MAX);
        beside.run.seek(until, u32::MAX);
        let parted = difference(self.session.run(), &*beside.run).map(|parted| Parted {
            at: parted.at.0 as f64,
            here: parted.told(self.session.run()),
            there: parted.told(&*beside.run),
        });
        self.session.run_mut().seek(now, u32::MAX);
        self.look_again();
        cold(&parted)
    }
}
