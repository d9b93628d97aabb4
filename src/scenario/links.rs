//! Sets of links as a script writes them: `"all"`, `[["n1"], ["n2", "n3"]]`, or `{ from = ["n1"], to = ["n2"] }`.

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::at::At;
use super::people::People;
use super::slip::{Slip, custom};
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

#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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

impl<'de> Deserialize<'de> for LinksText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = LinksText;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "\"all\", groups of nodes, or {{ from, to }}")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<LinksText, E> {
                if text == "all" {
                    return Ok(LinksText::All(All::All));
                }
                Err(custom(
                    format!("{text:?} is no set of links"),
                    "Write \"all\", [[\"n1\"], [\"n2\"]], or { from = [\"n1\"], to = [\"n2\"] }.",
                ))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<LinksText, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(LinksText::Between)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LinksText, A::Error> {
                OneWay::deserialize(MapAccessDeserializer::new(map)).map(LinksText::OneWay)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
