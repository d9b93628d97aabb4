//! What is for some variants only.

use super::at::At;
use super::fields::{Read, Reads, text, unfit};
use super::script::VariantText;
use super::slip::Slip;
use super::tree::{Item, Value};

/// The variants that an act or a caption is for; empty: all.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(untagged))]
pub enum Only {
    #[default]
    All,
    One(At<String>),
    Some(Vec<At<String>>),
}

impl Only {
    fn names(&self) -> &[At<String>] {
        match self {
            Only::All => &[],
            Only::One(name) => std::slice::from_ref(name),
            Only::Some(names) => names,
        }
    }

    /// Whether this variant is among them.
    pub fn is_for(&self, variant: Option<&VariantText>) -> bool {
        let is_it = |name: &At<String>| variant.is_some_and(|variant| variant.name.get() == name.get());
        self.names().is_empty() || self.names().iter().any(is_it)
    }

    /// Whether there are such variants.
    ///
    /// # Errors
    /// The first name that no variant has.
    pub fn check(&self, text: &str, variants: &[VariantText]) -> Result<(), Slip> {
        let known: Vec<&str> = variants.iter().map(|variant| variant.name.get().as_str()).collect();
        match self.names().iter().find(|name| !known.contains(&name.get().as_str())) {
            Some(name) => Err(Slip::unknown("variant", name.get(), &known).at(text, name.offset())),
            None => Ok(()),
        }
    }
}

impl Reads for Only {
    fn read(item: &Item) -> Read<Only> {
        match item.get() {
            Value::Text(_) => Ok(Only::One(At::new(text(item)?.to_owned(), item.offset()))),
            Value::List(_) => <Vec<At<String>> as Reads>::read(item).map(Only::Some),
            _ => unfit(item, "a variant's name", "Write it in quotes, or several in brackets."),
        }
    }
}
