//! Sets of links as a script writes them: `"all"`, `[["n1"], ["n2", "n3"]]`, or `{ from = ["n1"], to = ["n2"] }`.

use super::at::At;
use super::fields::{Fields, Read, Reads, unfit};
use super::people::People;
use super::slip::Slip;
use super::tree::{Item, Value};
use crate::sim::Links;

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(untagged))]
pub enum LinksText {
    All(All),
    /// Both ways between each two of the groups.
    Between(Vec<Vec<At<String>>>),
    OneWay(OneWay),
}

#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum All {
    All,
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct OneWay {
    from: Vec<At<String>>,
    to: Vec<At<String>>,
}

impl LinksText {
    pub fn read(&self, people: &People<'_>) -> Result<Links, Slip> {
        match self {
            LinksText::All(All::All) => Ok(Links::All),
            LinksText::Between(groups) => people.between(groups),
            LinksText::OneWay(OneWay { from, to }) => {
                Ok(Links::OneWay { from: people.all(from)?, to: people.all(to)? })
            }
        }
    }
}

impl OneWay {
    pub(super) const KEYS: &'static [&'static str] = &["from", "to"];
}

impl Reads for OneWay {
    fn read(item: &Item) -> Read<OneWay> {
        let fields = Fields::of(item, OneWay::KEYS)?;
        Ok(OneWay { from: fields.need("from")?, to: fields.need("to")? })
    }
}

impl Reads for LinksText {
    fn read(item: &Item) -> Read<LinksText> {
        const HINT: &str = "Write \"all\", [[\"n1\"], [\"n2\"]], or { from = [\"n1\"], to = [\"n2\"] }.";
        match item.get() {
            Value::Text(text) if text == "all" => Ok(LinksText::All(All::All)),
            Value::List(_) => Reads::read(item).map(LinksText::Between),
            Value::Table(_) => Reads::read(item).map(LinksText::OneWay),
            _ => unfit(item, "a set of links", HINT),
        }
    }
}
