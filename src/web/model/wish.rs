//! What the page hands in beside acts and targets.

use litemap::LiteMap;

use crate::run::wanted::Sign;
use crate::scenario::fields::{Fields, Read, Reads, misread};
use crate::scenario::script;
use crate::scenario::tree::Item;
use crate::sim::Role;

pub struct LookModel {
    pub dark: bool,
    pub reduced_motion: bool,
    pub speed: f64,
    pub view: String,
}

impl Reads for LookModel {
    fn read(item: &Item) -> Read<LookModel> {
        let fields = Fields::of(item, &["dark", "reduced_motion", "speed", "view"])?;
        Ok(LookModel {
            dark: fields.need("dark")?,
            reduced_motion: fields.need("reduced_motion")?,
            speed: fields.need("speed")?,
            view: fields.need("view")?,
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

/// Something to look for, before its place is known to exist.
pub struct WantedModel {
    pub sign: Sign,
    pub node: Option<String>,
}

impl Reads for WantedModel {
    fn read(item: &Item) -> Read<WantedModel> {
        let fields = Fields::of(item, &["sign", "value", "node"])?;
        let sign: String = fields.need("sign")?;
        let value: Option<String> = fields.get("value")?;
        let words = || value.clone().unwrap_or_default();
        let sign = match sign.as_str() {
            "election" => Sign::Role(Role::Candidate),
            "leader" => Sign::Role(Role::Leader),
            "broken" => Sign::Broken(value.filter(|name| !name.is_empty())),
            "arrives" => Sign::Arrives(words()),
            "lost" => Sign::Lost,
            "act" => Sign::Acted,
            "crash" => Sign::Crashed,
            "told" => Sign::Told(words()),
            _ => return misread(item, format!("there is nothing called {sign:?} to look for"), ""),
        };
        Ok(WantedModel { sign, node: fields.get("node")? })
    }
}
