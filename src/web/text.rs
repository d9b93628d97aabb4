//! The player's door to the scenario as a text.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::player::{Player, cold, slip};
use crate::observe::lines;
use crate::run::constants::{self, Constant};
use crate::run::{CAST, Session};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Slip | undefined")]
    pub type SlipJs;
    #[wasm_bindgen(typescript_type = "Part[]")]
    pub type PartsJs;
    #[wasm_bindgen(typescript_type = "Constant[]")]
    pub type ConstantsJs;
}

#[derive(Serialize)]
struct ConstantModel {
    of: String,
    name: String,
    value: String,
    set: &'static str,
}

/// A protocol, and the words that scenarios use about it.
#[derive(Serialize)]
struct PartModel {
    name: &'static str,
    about: &'static str,
    knobs: Vec<(&'static str, &'static str)>,
    promises: Vec<(&'static str, &'static str)>,
}

#[wasm_bindgen]
impl Player {
    /// What is wrong with a scenario's text; `undefined` if nothing is.
    pub fn check(text: &str) -> SlipJs {
        match Session::check(text) {
            Ok(_) => JsValue::UNDEFINED.unchecked_into(),
            Err(found) => slip(found).unchecked_into(),
        }
    }

    /// Puts another text in place of the scenario and stays at the moment. Throws a `Slip`, and then nothing changed.
    pub fn rewrite(&mut self, text: &str) -> Result<(), JsValue> {
        self.session.rewrite(text).map_err(slip)?;
        self.look_again();
        Ok(())
    }

    /// Every constant in force, and where it is set.
    pub fn constants(&self) -> ConstantsJs {
        let constant = |constant: Constant| ConstantModel {
            of: constant.of,
            name: constant.name,
            value: constant.value,
            set: constant.set.words(),
        };
        cold(&constants::in_force(&self.session).into_iter().map(constant).collect::<Vec<_>>())
    }

    /// The trace until now as JSON lines.
    pub fn trace(&self) -> String {
        lines::trace(self.session.run())
    }

    /// Every protocol, with its knobs and promises.
    pub fn cast() -> PartsJs {
        let part = |part: &crate::run::Part| PartModel {
            name: part.name,
            about: part.about,
            knobs: part.knobs.iter().map(|knob| (knob.name, knob.about)).collect(),
            promises: part.claims.iter().map(|claim| (claim.name, claim.sentence)).collect(),
        };
        cold(&CAST.iter().map(part).collect::<Vec<_>>())
    }
}
