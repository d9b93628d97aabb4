//! Sets of links as a script writes them: `"all"`, `[["n1"], ["n2", "n3"]]`, `{ from = ["n1"], to = ["n2"] }`, or
//! `{ each = [["n1", "n2"], ["n3", "n1"]] }`.

use super::at::At;
use super::fields::{Fields, Read, Reads, unfit};
use super::people::People;
use super::slip::Slip;
use super::tree::{Item, Value};
use crate::sim::{Links, NodeId};

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(untagged))]
pub enum LinksText {
    All(All),
    /// Both ways between each two of the groups.
    Between(At<Vec<Vec<At<String>>>>),
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
    from: At<Vec<At<String>>>,
    to: At<Vec<At<String>>>,
}

/// Directed links, each from the first to the second.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Each {
    each: At<Vec<[At<String>; 2]>>,
}

impl LinksText {
    pub fn read(&self, people: &People<'_>) -> Result<Links, Slip> {
        match self {
            LinksText::All(All::All) => Ok(Links::All),
            LinksText::Between(groups) => people.between(groups),
            LinksText::OneWay(OneWay { from, to }) => people.one_way(from, to),
            LinksText::Each(Each { each }) => Each::links(each, people).map(Links::Each),
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

    fn links(each: &At<Vec<[At<String>; 2]>>, people: &People<'_>) -> Result<Vec<(NodeId, NodeId)>, Slip> {
        if each.get().is_empty() {
            let hint = "Write at least one: { each = [[\"n1\", \"n2\"]] }.";
            return Err(each.slip(people.text, "no link is named here", hint));
        }
        let ends = |[from, to]: &[At<String>; 2]| {
            let ends = (people.anybody(from)?, people.anybody(to)?);
            if ends.0 == ends.1 {
                let what = "there is no link from a place to itself";
                return Err(to.slip(people.text, what, "Name two that are not the same."));
            }
            Ok(ends)
        };
        each.get().iter().map(ends).collect()
    }
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
