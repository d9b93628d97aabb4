//! What TOML says, before anybody asks what it means: values in tables, each with its place.

use std::fmt::Write as _;

use toml::de::{DeString, DeTable, DeValue};
use toml_writer::TomlWrite as _;

use super::at::At;
use super::slip::{self, Slip};

/// A value with its place.
pub type Item = At<Value>;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Whole(i64),
    Number(f64),
    Truth(bool),
    List(Vec<Item>),
    Table(Table),
}

/// Keys and their values, each key once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table(Vec<(At<String>, Item)>);

/// A TOML document as an item.
///
/// # Errors
/// Those of [`Table::parse`].
pub fn parse(text: &str) -> Result<Item, Slip> {
    Table::parse(text).map(|table| At::new(Value::Table(table), 0))
}

fn table(pairs: &DeTable<'_>) -> Result<Table, At<Slip>> {
    let pair = |(key, value): (&toml::Spanned<DeString<'_>>, &toml::Spanned<DeValue<'_>>)| {
        Ok((At::new(key.get_ref().to_string(), key.span().start), item(value)?))
    };
    pairs.iter().map(pair).collect::<Result<_, _>>().map(Table)
}

fn item(written: &toml::Spanned<DeValue<'_>>) -> Result<Item, At<Slip>> {
    let at = written.span().start;
    let value = match written.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Whole(number),
            Err(_) => return Err(At::new(Slip::new("this number is too large for anything", ""), at)),
        },
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Datetime(_) => {
            return Err(At::new(
                Slip::new("no date has a meaning here", "Put it in quotes if it is a text."),
                at,
            ));
        }
        DeValue::Array(list) => Value::List(list.iter().map(item).collect::<Result<_, _>>()?),
        DeValue::Table(pairs) => Value::Table(table(pairs)?),
    };
    Ok(At::new(value, at))
}

impl Value {
    /// The value in a few words, for errors.
    pub fn said(&self) -> String {
        match self {
            Value::Text(text) if text.chars().count() > 40 => "a long text".to_owned(),
            Value::Text(text) => format!("{text:?}"),
            Value::Whole(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Truth(truth) => truth.to_string(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
        }
    }

    fn write(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Value::Text(text) => out.value(text.as_str()),
            Value::Whole(number) => write!(out, "{number}"),
            Value::Number(number) if number.is_nan() => write!(out, "nan"),
            Value::Number(number) => write!(out, "{number:?}"),
            Value::Truth(truth) => write!(out, "{truth}"),
            Value::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { ", " });
                    item.get().write(out);
                }
                write!(out, "]")
            }
            Value::Table(table) => {
                out.push_str("{ ");
                for (i, (key, value)) in table.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { ", " });
                    write_pair(key, value, out);
                }
                write!(out, " }}")
            }
        };
    }
}

fn write_pair(key: &str, value: &Value, out: &mut String) {
    let _ = out.key(key);
    out.push_str(" = ");
    value.write(out);
}

impl Table {
    pub fn new() -> Table {
        Table::default()
    }

    /// Reads a TOML document.
    ///
    /// # Errors
    /// The first thing in it that is not TOML, or that no scenario can use.
    pub fn parse(text: &str) -> Result<Table, Slip> {
        let document = DeTable::parse(text).map_err(|error| slip::of_toml(text, &error))?;
        table(document.get_ref()).map_err(|slip| slip.in_text(text))
    }

    /// Sets a key.
    pub fn insert(&mut self, key: &str, value: impl Into<Value>) {
        self.put(key, value.into());
    }

    fn put(&mut self, key: &str, value: Value) {
        let item = At::new(value, 0);
        match self.0.iter_mut().find(|(known, _)| known.get() == key) {
            Some((_, old)) => *old = item,
            None => self.0.push((At::new(key.to_owned(), 0), item)),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, item)| (key.get().as_str(), item.get()))
    }

    /// Keys and values with their places.
    pub fn items(&self) -> &[(At<String>, Item)] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The table as lines of TOML, tables inside it in braces.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        for (key, value) in self.iter() {
            write_pair(key, value, &mut out);
            out.push('\n');
        }
        out
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Whole(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Truth(truth)
    }
}

impl From<Vec<Value>> for Value {
    fn from(values: Vec<Value>) -> Value {
        Value::List(values.into_iter().map(|value| At::new(value, 0)).collect())
    }
}

impl From<Table> for Value {
    fn from(table: Table) -> Value {
        Value::Table(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            ".*".prop_map(Value::Text),
            any::<i64>().prop_map(Value::Whole),
            any::<f64>().prop_filter("equal to itself", |n| !n.is_nan()).prop_map(Value::Number),
            any::<bool>().prop_map(Value::Truth),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(".{0,8}", inner, 0..4).prop_map(|pairs| {
                    let mut table = Table::new();
                    pairs.into_iter().for_each(|(key, value)| table.insert(&key, value));
                    table.into()
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_it_was(value in value(), key in ".{0,8}") {
            let mut table = Table::new();
            table.insert(&key, value);
            prop_assert_eq!(Table::parse(&table.to_toml()).unwrap(), table);
        }
    }

    #[test]
    fn no_depth_is_deep_enough_to_fall_into() {
        for (open, close) in [("[", "]"), ("{a=", "}"), ("a.", "b=1"), ("[a.", "]")] {
            let deep = format!("{}{}", open.repeat(60_000), close);
            let _ = parse(&deep);
            let _ = parse(&format!("a = {deep}"));
            let _ = parse(&format!("[{}a]", "a.".repeat(60_000)));
        }
    }
}
