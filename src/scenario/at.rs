//! A value, and where it was written.

use super::slip::Slip;

/// A value with its place in the text, for errors that are found after reading. What was not written has place 0.
/// Two are equal if they say the same, wherever they stand.
#[derive(Clone, Copy, Debug, Default)]
pub struct At<T> {
    value: T,
    offset: u32,
}

impl<T> At<T> {
    /// A value written `offset` bytes into the text.
    pub fn new(value: T, offset: usize) -> At<T> {
        At { value, offset: offset as u32 }
    }

    /// Another value from this one, at the same place.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> At<U> {
        At { value: to(self.value), offset: self.offset }
    }

    pub fn get(&self) -> &T {
        &self.value
    }

    /// In bytes from the beginning of the text.
    pub fn offset(&self) -> usize {
        self.offset as usize
    }

    /// A slip about this value.
    pub fn slip(&self, text: &str, what: impl Into<String>, hint: impl Into<String>) -> Slip {
        Slip::new(what, hint).at(text, self.offset())
    }
}

impl At<Slip> {
    /// The slip, with its line and column in this text.
    pub fn in_text(self, text: &str) -> Slip {
        let offset = self.offset();
        self.value.at(text, offset)
    }

    /// The slip, about something that was not written in a file.
    pub fn unplaced(self) -> Slip {
        self.value
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &At<T>) -> bool {
        self.value == other.value
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<T: schemars::JsonSchema> schemars::JsonSchema for At<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}
