//! The player's door to the ways a run has taken.

use wasm_bindgen::prelude::*;

use super::model::BranchLine;
use super::player::{Player, cold};
use crate::run::branches::Branch;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "BranchLine[]")]
    pub type BranchesJs;
}

#[wasm_bindgen]
impl Player {
    pub fn branches(&self) -> BranchesJs {
        let branches = self.session.branches();
        let line = |(index, branch): (usize, &Branch)| BranchLine {
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
        self.session.prune(index);
        self.look_again();
    }
}
