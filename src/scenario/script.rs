//! The file as written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::act::ActText;
use super::at::At;
use super::caption::CaptionText;
use super::client::ClientText;
use super::length::Length;
use super::nemesis::NemesisText;
use super::slip::{self, Slip};
use super::weather::{MachineText, WeatherText};

/// A scenario: one file, three lives. It is a lesson, a test and a bug report.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// A name for people.
    pub title: String,
    /// What is seen, in one or two sentences.
    #[serde(default)]
    pub about: String,
    /// The challenge it belongs to.
    #[serde(default)]
    pub teaches: String,
    /// The algorithm: "echo", "raft".
    pub protocol: At<String>,
    /// How many nodes, 1 to 1000. They are called n1, n2 and so on.
    pub nodes: At<u16>,
    /// Where all chance comes from, 0 to 2^53 − 1.
    pub seed: At<u64>,
    /// When it ends, one hour at most.
    pub until: At<Length>,
    /// What every link is like.
    #[serde(default)]
    pub network: WeatherText,
    /// What every node's machine is like.
    #[serde(default)]
    pub machine: MachineText,
    /// What single nodes' machines are like: `[node.n2]`.
    #[serde(default)]
    pub node: BTreeMap<At<String>, MachineText>,
    /// The protocol's knobs, in every variant.
    #[serde(default)]
    pub knobs: BTreeMap<At<String>, At<KnobText>>,
    #[serde(default)]
    pub client: Vec<ClientText>,
    #[serde(default)]
    pub act: Vec<ActText>,
    #[serde(default)]
    pub caption: Vec<CaptionText>,
    /// The same script with a knob turned; the first is shown first.
    #[serde(default)]
    pub variant: Vec<VariantText>,
    /// Acts at random, from the seed.
    pub nemesis: Option<NemesisText>,
    pub lesson: Option<Lesson>,
}

/// What a knob is set to.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(untagged)]
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

#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VariantText {
    pub name: At<String>,
    /// One sentence.
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub knobs: BTreeMap<At<String>, At<KnobText>>,
    /// Promises that hold with every seed.
    #[serde(default)]
    pub holds: Vec<At<String>>,
    /// Promises that break.
    #[serde(default)]
    pub violates: Vec<At<String>>,
    /// The part of other seeds with which they break as well, 0.0 to 1.0.
    pub share: Option<super::weather::Ratio>,
}

/// What a reader takes home.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// To be answered before pressing play.
    pub question: Option<String>,
    #[serde(default)]
    pub choices: Vec<String>,
    pub answer: Option<String>,
    /// What to watch.
    pub watch: Option<String>,
    /// The knob to turn.
    pub remedy: Option<String>,
    /// What an interviewer asks next.
    pub follow_up: Option<String>,
    /// The limits of the model.
    pub leaves_out: Option<String>,
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
        toml::from_str(text).map_err(|error| slip::of_toml(text, &error))
    }
}
