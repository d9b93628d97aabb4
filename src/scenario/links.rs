//! Sets of links as a script writes them: `"all"`, `[["n1"], ["n2", "n3"]]`, `{ from = ["n1"], to = ["n2"] }`, or
//! `{ each = [["n1", "n2"], ["n3", "n1"]] }`.

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
    Each(Each),
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

/// Directed links, each from the first to the second.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Each {
    each: Vec<[At<String>; 2]>,
}

impl LinksText {
    pub fn read(&self, people: &People<'_>) -> Result<Links, Slip> {
        match self {
            LinksText::All(All::All) => Ok(Links::All),
            LinksText::Between(groups) => people.between(groups),
            LinksText::OneWay(OneWay { from, to }) => {
                Ok(Links::OneWay { from: people.all(from)?, to: people.all(to)? })
            }
            LinksText::Each(Each { each }) => {
                let ends = |[from, to]: &[At<String>; 2]| Ok((people.anybody(from)?, people.anybody(to)?));
                each.iter().map(ends).collect::<Result<_, _>>().map(Links::Each)
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

impl Each {
    pub(super) const KEYS: &'static [&'static str] = &["each"];
}

impl Reads for Each {
    fn read(item: &Item) -> Read<Each> {
        Ok(Each { each: Fields::of(item, Each::KEYS)?.need("each")? })
    }
}

impl Reads for LinksText {
    fn read(item: &Item) -> Read<LinksText> {
        const HINT: &str = "Write \"all\", [[\"n1\"], [\"n2\"]], { from = [\"n1\"], to = [\"n2\"] }, or { each = [[\"n1\", \"n2\"]] }.";
        match item.get() {
            Value::Text(text) if text == "all" => Ok(LinksText::All(All::All)),
            Value::List(_) => Reads::read(item).map(LinksText::Between),
            Value::Table(table) if table.iter().any(|(key, _)| key == "each") => {
                Reads::read(item).map(LinksText::Each)
            }
            Value::Table(_) => Reads::read(item).map(LinksText::OneWay),
            _ => unfit(item, "a set of links", HINT),
        }
    }
}
