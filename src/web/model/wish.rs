//! What the page hands in beside acts and targets.

use litemap::LiteMap;

use crate::scenario::fields::{Fields, Read, Reads};
use crate::scenario::script;
use crate::scenario::tree::Item;

pub struct LookModel {
    pub dark: bool,
    pub reduced_motion: bool,
    pub speed: f64,
}

impl Reads for LookModel {
    fn read(item: &Item) -> Read<LookModel> {
        let fields = Fields::of(item, &["dark", "reduced_motion", "speed"])?;
        Ok(LookModel {
            dark: fields.need("dark")?,
            reduced_motion: fields.need("reduced_motion")?,
            speed: fields.need("speed")?,
        })
    }
}

pub struct ChangeModel {
    pub variant: Option<String>,
    pub knobs: Option<LiteMap<String, String>>,
    pub seed: Option<u64>,
}

impl Reads for ChangeModel {
    fn read(item: &Item) -> Read<ChangeModel> {
        let fields = Fields::of(item, &["variant", "knobs", "seed"])?;
        let knobs = fields.get::<script::Named<String>>("knobs")?;
        Ok(ChangeModel {
            variant: fields.get("variant")?,
            knobs: knobs.map(script::Named::texts),
            seed: fields.get("seed")?,
        })
    }
}
