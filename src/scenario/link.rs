//! A run as a link: whoever opens it sees exactly the same.
//!
//! Two spellings of the part behind the `#`. A run that nobody touched is readable:
//! `raft-election?variant=plain&seed=7&t=1.2s`. Any other is packed: `1.` and the base64url of a deflated TOML text
//! in the grammar of scenario files, where 1 is the version of that text. A version is never given a new meaning:
//! what is read today is read for ever.

use litemap::LiteMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::at::At;
use super::fields::{Fields, Read, misread, placed};
use super::length;
use super::script::{LONGEST, Named};
use super::slip::Slip;
use super::tree::{self, Item, Table, Value};
use crate::sim::Time;
use crate::sim::engine::{ENGINE, told_of};

/// Everything that makes a run what it is, and the place to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The name of a scenario; with [`Link::text`], only what it is called.
    pub scenario: String,
    /// The scenario itself, if it is not the one that is kept under its name.
    pub text: Option<String>,
    pub variant: Option<String>,
    pub seed: Option<u64>,
    /// Knobs that were turned, with their settings.
    pub knobs: LiteMap<String, String>,
    /// The variants that stand beside this one, if they are others than those that the script puts there.
    pub beside: Option<Vec<String>>,
    /// What the way is called that the run has taken; nothing where there is only one.
    pub branch: Option<String>,
    /// Acts by hand, as a script would write them.
    pub acts: Vec<Table>,
    /// The moment.
    pub at: Option<Time>,
    pub view: Option<String>,
    /// What the sender saw: the digest of the run up to the moment.
    pub fingerprint: Option<String>,
    /// The engine that made it ([`ENGINE`]).
    pub engine: u32,
}

/// A link that says nothing of its engine was made by the first one, or by hand.
const FIRST_ENGINE: u32 = 1;

impl Default for Link {
    fn default() -> Self {
        Link {
            scenario: String::new(),
            text: None,
            variant: None,
            seed: None,
            knobs: LiteMap::new(),
            beside: None,
            branch: None,
            acts: Vec::new(),
            at: None,
            view: None,
            fingerprint: None,
            engine: ENGINE,
        }
    }
}

/// The keys of the text inside a packed link, version 1.
const KEYS: &[&str] = &[
    "scenario",
    "text",
    "variant",
    "seed",
    "t",
    "view",
    "fingerprint",
    "engine",
    "branch",
    "knobs",
    "act",
    "beside",
];

const VERSION: u32 = 1;
/// A longer link is not read.
pub const LONGEST_LINK: usize = 8_000;
/// A longer one is cut short by some mail programs and chats.
pub const LONG_LINK: usize = 2_000;
const MOST_ACTS: usize = 2_000;

impl Link {
    /// The link, without the `#`.
    ///
    /// # Errors
    /// When it would be longer than [`LONGEST_LINK`].
    pub fn write(&self) -> Result<String, Slip> {
        let link = if self.text.is_none() && self.acts.is_empty() { self.readable() } else { self.packed() };
        if link.len() <= LONGEST_LINK {
            return Ok(link);
        }
        let what = format!("the link would be {} characters long, more than {LONGEST_LINK}", link.len());
        Err(Slip::new(what, "Save the scenario as a file instead, or remove some acts."))
    }

    fn readable(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(variant) = &self.variant {
            query.append_pair("variant", variant);
        }
        if let Some(seed) = self.seed {
            query.append_pair("seed", &seed.to_string());
        }
        for (knob, setting) in &self.knobs {
            query.append_pair(&format!("knob.{knob}"), setting);
        }
        if let Some(beside) = &self.beside {
            // Nothing beside it has to be said as well.
            let names = beside.iter().map(String::as_str);
            query.extend_pairs(names.chain(beside.is_empty().then_some("")).map(|name| ("beside", name)));
        }
        if let Some(at) = self.at {
            query.append_pair("t", &write_time(at));
        }
        if let Some(view) = &self.view {
            query.append_pair("view", view);
        }
        if let Some(fingerprint) = &self.fingerprint {
            query.append_pair("fingerprint", fingerprint);
        }
        if self.shows_a_run() {
            query.append_pair("engine", &self.engine.to_string());
        }
        let query = query.finish();
        if query.is_empty() { self.scenario.clone() } else { format!("{}?{query}", self.scenario) }
    }

    fn packed(&self) -> String {
        let text = self.to_toml();
        format!("{VERSION}.{}", Base64UrlUnpadded::encode_string(&compress_to_vec(text.as_bytes(), 10)))
    }

    fn to_toml(&self) -> String {
        let mut table = Table::new();
        let mut texts = |key, text: &Option<String>| {
            if let Some(text) = text {
                table.insert(key, text.as_str());
            }
        };
        texts("scenario", &Some(self.scenario.clone()));
        texts("text", &self.text);
        texts("variant", &self.variant);
        texts("t", &self.at.map(write_time));
        texts("view", &self.view);
        texts("fingerprint", &self.fingerprint);
        texts("branch", &self.branch);
        if let Some(seed) = self.seed {
            table.insert("seed", seed as i64);
        }
        table.insert("engine", i64::from(self.engine));
        let mut knobs = Table::new();
        self.knobs.iter().for_each(|(knob, setting)| knobs.insert(knob, setting.as_str()));
        if !knobs.is_empty() {
            table.insert("knobs", knobs);
        }
        if let Some(beside) = &self.beside {
            table.insert("beside", beside.iter().map(|name| Value::from(name.as_str())).collect::<Vec<_>>());
        }
        if !self.acts.is_empty() {
            table.insert("act", self.acts.iter().cloned().map(Value::from).collect::<Vec<_>>());
        }
        table.to_toml()
    }

    /// Does it say what its sender saw or did? Another only names a scenario and where to look.
    fn shows_a_run(&self) -> bool {
        self.fingerprint.is_some() || !self.acts.is_empty()
    }

    /// What is different here if another engine made it, in sentences; nothing if this one did, or if the link shows
    /// nothing that an engine could change.
    pub fn other_engine(&self) -> Option<String> {
        if self.engine == ENGINE || !self.shows_a_run() {
            return None;
        }
        Some(told_of(self.engine))
    }

    /// Reads a link, with or without the `#`.
    ///
    /// # Errors
    /// What is wrong with it. Nothing that a stranger can write takes long or much memory.
    pub fn read(link: &str) -> Result<Link, Slip> {
        let link = link.trim();
        let link = link.strip_prefix('#').unwrap_or(link);
        if link.len() > LONGEST_LINK {
            let what = format!("the link is {} characters long", link.len());
            return Err(Slip::new(what, format!("At most {LONGEST_LINK} are read.")));
        }
        match link.split_once('.') {
            Some((version, payload))
                if version.bytes().all(|b| b.is_ascii_digit()) && !version.is_empty() =>
            {
                unpack(version, payload)
            }
            _ => read_readable(link),
        }
    }
}

fn write_time(at: Time) -> String {
    length::write(crate::sim::Micros(at.0))
}

fn read_time(text: &str) -> Result<Time, Slip> {
    length::read(text).map(|length| Time(length.0))
}

const DAMAGED: &str =
    "It may have been cut short on its way. Ask for it again, or open the scenario from the menu.";

fn unpack(version: &str, payload: &str) -> Result<Link, Slip> {
    match version.parse() {
        Ok(VERSION) => {}
        Ok(newer) if newer > VERSION => {
            return Err(Slip::new("the link was made by a newer Faultline", "Reload the page to get it."));
        }
        _ => return Err(Slip::new("the link is of a version that never was", DAMAGED)),
    }
    let damaged = || Slip::new("the link is damaged", DAMAGED);
    let bytes = Base64UrlUnpadded::decode_vec(payload).map_err(|_| damaged())?;
    let text = decompress_to_vec_with_limit(&bytes, LONGEST).map_err(|_| damaged())?;
    let text = String::from_utf8(text).map_err(|_| damaged())?;
    let link = tree::parse(&text).and_then(|item| of_toml(&item).map_err(|slip| slip.unplaced()));
    link.map_err(|slip| Slip {
        what: format!("the link says something that has no meaning: {}", slip.what),
        hint: DAMAGED.to_owned(),
        place: None,
    })
}

fn of_toml(item: &Item) -> Read<Link> {
    let fields = Fields::of(item, KEYS)?;
    let scenario = fields.need::<At<String>>("scenario")?;
    let at = fields.get::<At<String>>("t")?;
    let at = at.map(|at| read_time(at.get()).map_err(|slip| placed(slip, at.offset())));
    let acts: Vec<Table> = fields.or_default("act")?;
    if acts.len() > MOST_ACTS {
        return misread(item, format!("it holds {} acts, more than {MOST_ACTS}", acts.len()), "");
    }
    Ok(Link {
        scenario: name(scenario.get()).map_err(|slip| placed(slip, scenario.offset()))?,
        text: fields.get("text")?,
        variant: fields.get("variant")?,
        seed: fields.get("seed")?,
        knobs: fields.or_default::<Named<String>>("knobs")?.texts(),
        acts,
        at: at.transpose()?,
        view: fields.get("view")?,
        fingerprint: fields.get("fingerprint")?,
        engine: fields.get("engine")?.unwrap_or(FIRST_ENGINE),
        branch: fields.get("branch")?,
        beside: fields.get("beside")?,
    })
}

fn read_readable(link: &str) -> Result<Link, Slip> {
    let (scenario, query) = link.split_once('?').unwrap_or((link, ""));
    let mut read = Link { scenario: name(scenario)?, engine: FIRST_ENGINE, ..Link::default() };
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = value.into_owned();
        match &*key {
            "variant" => read.variant = Some(value),
            "seed" => {
                let wrong = || Slip::new(format!("{value:?} is not a seed"), "A whole number is.");
                read.seed = Some(value.parse().map_err(|_| wrong())?);
            }
            "t" => read.at = Some(read_time(&value)?),
            "beside" => read.beside.get_or_insert_default().extend((!value.is_empty()).then_some(value)),
            "view" => read.view = Some(value),
            "fingerprint" => read.fingerprint = Some(value),
            "engine" => {
                let wrong = || Slip::new(format!("{value:?} is no engine"), "A whole number is.");
                read.engine = value.parse().map_err(|_| wrong())?;
            }
            other => match other.strip_prefix("knob.") {
                Some(knob) => drop(read.knobs.insert(knob.to_owned(), value)),
                None => {
                    return Err(Slip::unknown(
                        "part of a link",
                        other,
                        &["variant", "seed", "beside", "t", "view", "fingerprint", "engine"],
                    ));
                }
            },
        }
    }
    Ok(read)
}

/// The name of a scenario: a file's name without its ending, and nothing that could lead elsewhere.
fn name(name: &str) -> Result<String, Slip> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.len() <= 64 && name.chars().all(plain) {
        return Ok(name.to_owned());
    }
    Err(Slip::new("the link names no scenario", DAMAGED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn acts() -> impl Strategy<Value = Vec<Table>> {
        let node = || (1..6u8).prop_map(|n| format!("n{n}"));
        let act = (0..12_000_000u64, node(), node(), 0..4u8).prop_map(|(at, a, b, kind)| {
            let deed = match kind {
                0 => format!("crash = \"{a}\""),
                1 => format!("cut = [[\"{a}\"], [\"{b}\"]]"),
                2 => format!("slow = {{ node = \"{a}\", times = 10.0 }}"),
                _ => format!("ask = {{ node = \"{b}\", op = \"write x 5\" }}"),
            };
            Table::parse(&format!("at = \"{at}us\"\n{deed}")).unwrap()
        });
        prop::collection::vec(act, 0..20)
    }

    proptest! {
        #[test]
        fn a_link_comes_back_as_it_was(
            seed in prop::option::of(0..super::super::LARGEST_SEED), variant in prop::option::of(".*"),
            knobs in prop::collection::btree_map("[a-z -]{1,12}", "[ -~]{0,12}", 0..4), acts in acts(),
            at in prop::option::of(0..3_600_000_000u64), beside in prop::option::of(prop::collection::vec(".+", 0..4)),
            text in prop::option::of("[ -~\n]{0,200}"), engine in 1..9u32,
        ) {
            let link = Link {
                scenario: "raft-election".to_owned(), text, variant, seed, acts,
                knobs: knobs.into_iter().collect(),
                branch: None, beside, at: at.map(Time), view: None, fingerprint: Some("00ff".to_owned()), engine,
            };
            let written = link.write().unwrap();
            prop_assert_eq!(Link::read(&written).unwrap(), link.clone());
            prop_assert_eq!(Link::read(&format!("#{written}")).unwrap(), link);
        }

        #[test]
        fn no_link_brings_the_reader_down(link in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Link::read(&link);
            let _ = Link::read(&format!("1.{}", Base64UrlUnpadded::encode_string(&bytes)));
            let _ = Link::read(&format!("1.{}", Base64UrlUnpadded::encode_string(&compress_to_vec(&bytes, 6))));
        }
    }

    #[test]
    fn a_link_without_a_number_is_of_the_first_engine() {
        let read = |link: &str| Link::read(link).unwrap();
        let old = read("raft?t=1s&fingerprint=00ff");
        assert_eq!(old.engine, 1);
        let said = old.other_engine().unwrap();
        assert!(said.contains("engine 1") && said.contains("share the next one"), "{said}");
        assert_eq!(read("raft?variant=plain&t=1s").other_engine(), None, "nothing in it could be another");
        assert_eq!(read(&format!("raft?fingerprint=00ff&engine={ENGINE}")).other_engine(), None);
        let newer = read(&format!("raft?fingerprint=00ff&engine={}", ENGINE + 1)).other_engine().unwrap();
        assert!(newer.contains("Reload"), "{newer}");
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = compress_to_vec(&vec![b' '; 50_000_000], 10);
        let link = format!("1.{}", Base64UrlUnpadded::encode_string(&bomb[..bomb.len().min(5_000)]));
        assert!(Link::read(&link).unwrap_err().what.contains("damaged"));
    }

    #[test]
    fn what_cannot_be_read_is_explained() {
        for (link, what) in [
            ("", "names no scenario"),
            ("<script>alert(1)</script>", "names no scenario"),
            ("../secret", "names no scenario"),
            ("raft?seed=-1", "not a seed"),
            ("raft?t=soon", "not a length"),
            ("raft?engine=old", "no engine"),
            ("raft?speed=3", "no part of a link"),
            ("2.abc", "newer"),
            ("1.abc", "damaged"),
            ("0.abc", "never was"),
        ] {
            let slip = Link::read(link).unwrap_err();
            assert!(slip.what.contains(what), "{link}: {slip}");
        }
    }
}
