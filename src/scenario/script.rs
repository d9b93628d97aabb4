//! The file as written.

use litemap::LiteMap;

use super::act::ActText;
use super::at::At;
use super::caption::CaptionText;
use super::client::ClientText;
use super::fields::{Fields, Read, Reads, table, unfit};
use super::length::Length;
use super::lesson::Lesson;
use super::nemesis::NemesisText;
use super::objectives::ObjectivesText;
use super::read::{LARGEST_SEED, MOST_NODES};
use super::slip::Slip;
use super::tree::{self, Item, Value};
use super::weather::{MachineText, WeatherText};

/// A scenario: one file, three lives. It is a lesson, a test and a bug report.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Script {
    /// A name for people.
    pub title: String,
    /// What is seen, in one or two sentences.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub about: String,
    /// The challenge it belongs to.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub teaches: String,
    /// Other words that people search for.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub aka: Vec<String>,
    /// The algorithm: "echo", "raft".
    pub protocol: At<String>,
    /// How many nodes, 1 to 1000. They are called n1, n2 and so on.
    pub nodes: At<u16>,
    /// Where all chance comes from, 0 to 2^53 − 1.
    pub seed: At<u64>,
    /// When it ends, one hour at most.
    pub until: At<Length>,
    /// What every link is like.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub network: WeatherText,
    /// What every node's machine is like.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub machine: MachineText,
    /// What single nodes' machines are like: `[node.n2]`.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub node: Named<MachineText>,
    /// Nodes that stand together: a name in place of theirs.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub zones: Named<Vec<At<String>>>,
    /// The protocol's knobs, in every variant.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub knobs: Named<At<KnobText>>,
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub client: Vec<ClientText>,
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub act: Vec<ActText>,
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub caption: Vec<CaptionText>,
    /// The same script with a knob turned; the first is shown first.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub variant: Vec<VariantText>,
    /// The variants that stand beside the first when the scenario is opened, three at most.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub beside: Vec<At<String>>,
    /// What the service has to be, in numbers.
    pub objectives: Option<ObjectivesText>,
    /// Acts at random, from the seed.
    pub nemesis: Option<NemesisText>,
    pub lesson: Option<Lesson>,
}

/// Things by name, in the order of their names.
#[derive(Clone, Debug)]
pub struct Named<T>(pub Vec<(At<String>, T)>);

impl Named<String> {
    /// The texts by name.
    pub fn texts(self) -> LiteMap<String, String> {
        let mut texts = LiteMap::new();
        for (name, text) in self.0 {
            texts.insert(name.get().clone(), text);
        }
        texts
    }
}

impl<T> Default for Named<T> {
    fn default() -> Named<T> {
        Named(Vec::new())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Named<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        std::collections::BTreeMap::<String, T>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, T>::json_schema(generator)
    }
}

/// What a knob is set to.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(untagged))]
pub enum KnobText {
    Switch(bool),
    Number(u64),
    Words(String),
}

impl KnobText {
    pub fn text(&self) -> String {
        match self {
            KnobText::Switch(on) => on.to_string(),
            KnobText::Number(number) => number.to_string(),
            KnobText::Words(words) => words.clone(),
        }
    }
}

#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct VariantText {
    pub name: At<String>,
    /// One sentence.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub about: String,
    /// Another protocol under the same script.
    pub protocol: Option<At<String>>,
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub knobs: Named<At<KnobText>>,
    /// The level at which every operation is served, whatever the clients ask for.
    pub level: Option<At<String>>,
    /// Promises that hold with every seed.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub holds: Vec<At<String>>,
    /// Promises that break.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub violates: Vec<At<String>>,
    /// The part of other seeds with which they break as well, 0.0 to 1.0.
    pub share: Option<super::weather::Ratio>,
}

impl Script {
    pub(super) const KEYS: &'static [&'static str] = &[
        "title",
        "about",
        "teaches",
        "aka",
        "protocol",
        "nodes",
        "seed",
        "until",
        "network",
        "machine",
        "node",
        "zones",
        "knobs",
        "client",
        "act",
        "caption",
        "variant",
        "beside",
        "objectives",
        "nemesis",
        "lesson",
    ];
}

impl Reads for Script {
    fn read(item: &Item) -> Read<Script> {
        let fields = Fields::of(item, Script::KEYS)?;
        Ok(Script {
            title: fields.need("title")?,
            about: fields.or_default("about")?,
            teaches: fields.or_default("teaches")?,
            aka: fields.or_default("aka")?,
            protocol: fields.need("protocol")?,
            nodes: fields.need_within("nodes", 1, MOST_NODES.into())?.map(|nodes| nodes as u16),
            seed: fields.need_within("seed", 0, LARGEST_SEED as i64)?.map(|seed| seed as u64),
            until: fields.need("until")?,
            network: fields.or_default("network")?,
            machine: fields.or_default("machine")?,
            node: fields.or_default("node")?,
            zones: fields.or_default("zones")?,
            knobs: fields.or_default("knobs")?,
            client: fields.or_default("client")?,
            act: fields.or_default("act")?,
            caption: fields.or_default("caption")?,
            variant: fields.or_default("variant")?,
            beside: fields.or_default("beside")?,
            objectives: fields.get("objectives")?,
            nemesis: fields.get("nemesis")?,
            lesson: fields.get("lesson")?,
        })
    }
}

impl VariantText {
    pub(super) const KEYS: &'static [&'static str] =
        &["name", "about", "protocol", "knobs", "level", "holds", "violates", "share"];
}

impl Reads for VariantText {
    fn read(item: &Item) -> Read<VariantText> {
        let fields = Fields::of(item, VariantText::KEYS)?;
        Ok(VariantText {
            name: fields.need("name")?,
            about: fields.or_default("about")?,
            protocol: fields.get("protocol")?,
            knobs: fields.or_default("knobs")?,
            level: fields.get("level")?,
            holds: fields.or_default("holds")?,
            violates: fields.or_default("violates")?,
            share: fields.get("share")?,
        })
    }
}

impl Reads for KnobText {
    fn read(item: &Item) -> Read<KnobText> {
        match item.get() {
            Value::Truth(on) => Ok(KnobText::Switch(*on)),
            Value::Whole(number) if *number >= 0 => Ok(KnobText::Number(*number as u64)),
            Value::Text(words) => Ok(KnobText::Words(words.clone())),
            _ => unfit(item, "a setting", "Write true, false, a whole number or a text."),
        }
    }
}

impl<T: Reads> Reads for Named<T> {
    fn read(item: &Item) -> Read<Named<T>> {
        let pair = |(name, item): &(At<String>, Item)| Ok((name.clone(), T::read(item)?));
        table(item)?.items().iter().map(pair).collect::<Read<_>>().map(Named)
    }
}

/// A longer file is refused unread.
pub const LONGEST: usize = 256 * 1024;

impl Script {
    /// Reads a file.
    ///
    /// # Errors
    /// The first slip: where, what, and what to do about it.
    pub fn read(text: &str) -> Result<Script, Slip> {
        if text.len() > LONGEST {
            let what = format!("the scenario is {} KB long", text.len() / 1024);
            return Err(Slip::new(what, format!("At most {} KB are read.", LONGEST / 1024)));
        }
        <Script as Reads>::read(&tree::parse(text)?).map_err(|slip| slip.in_text(text))
    }
}
