//! Reading a tree: every type says what it takes, and what is wrong with anything else.

use super::at::At;
use super::slip::{Slip, nearest};
use super::tree::{Item, Table, Value};

/// Something read, or the slip and its place.
pub type Read<T> = Result<T, Box<At<Slip>>>;

/// What can be read from a value of a script.
pub trait Reads: Sized {
    /// # Errors
    /// What is wrong with the value, at its place or that of a part of it.
    fn read(item: &Item) -> Read<Self>;
}

/// A slip at the place of an item.
pub fn misread<T>(item: &Item, what: impl Into<String>, hint: impl Into<String>) -> Read<T> {
    Err(placed(Slip::new(what, hint), item.offset()))
}

/// A slip at a place.
pub fn placed(slip: Slip, offset: usize) -> Box<At<Slip>> {
    Box::new(At::new(slip, offset))
}

/// The item is not what is wanted.
pub fn unfit<T>(item: &Item, wanted: &str, hint: &str) -> Read<T> {
    misread(item, format!("{} is not {wanted}", item.get().said()), hint)
}

/// A table whose keys are known.
#[derive(Debug)]
pub struct Fields<'a> {
    table: &'a Table,
    known: &'static [&'static str],
    offset: usize,
}

impl<'a> Fields<'a> {
    /// The item as a table of these keys.
    ///
    /// # Errors
    /// If it is no table, or has any other key.
    pub fn of(item: &'a Item, known: &'static [&'static str]) -> Read<Fields<'a>> {
        let table = table(item)?;
        for (key, _) in table.items() {
            if !known.contains(&key.get().as_str()) {
                let what = format!("unknown key {:?}", key.get());
                return Err(placed(Slip::new(what, nearest(key.get(), known)), key.offset()));
            }
        }
        Ok(Fields { table, known, offset: item.offset() })
    }

    /// The value of a key, if it is there.
    pub fn item(&self, key: &str) -> Option<&'a Item> {
        debug_assert!(self.known.contains(&key), "{key} is not in the list of keys");
        self.table.items().iter().find(|(other, _)| other.get() == key).map(|(_, item)| item)
    }

    pub fn get<T: Reads>(&self, key: &str) -> Read<Option<T>> {
        self.item(key).map(T::read).transpose()
    }

    /// The value of a key that has to be there.
    pub fn need<T: Reads>(&self, key: &str) -> Read<T> {
        match self.item(key) {
            Some(item) => T::read(item),
            None => Err(self.missing(key)),
        }
    }

    /// A whole number within bounds, with its place.
    pub fn within(&self, key: &str, least: i64, most: i64) -> Read<Option<At<i64>>> {
        let number = |item: &Item| Ok(At::new(whole(item, least, most)?, item.offset()));
        self.item(key).map(number).transpose()
    }

    /// A whole number within bounds that has to be there.
    pub fn need_within(&self, key: &str, least: i64, most: i64) -> Read<At<i64>> {
        self.within(key, least, most)?.ok_or_else(|| self.missing(key))
    }

    /// One of these keys has to be there, and excludes the others.
    pub fn one_of(&self, keys: &[&str]) -> Read<()> {
        let mut there = self.table.items().iter().filter(|(key, _)| keys.contains(&key.get().as_str()));
        match (there.next(), there.next()) {
            (Some(_), None) => Ok(()),
            (Some((one, _)), Some((other, _))) => {
                let (first, last) = if one.offset() < other.offset() { (one, other) } else { (other, one) };
                let what = format!("{:?} and {:?} exclude each other", first.get(), last.get());
                Err(placed(Slip::new(what, "Keep one of them."), last.offset()))
            }
            (None, _) => {
                let named: Vec<String> = keys.iter().map(|key| format!("`{key} = …`")).collect();
                let what = format!("the key {:?} is missing", keys.first().copied().unwrap_or_default());
                Err(placed(Slip::new(what, format!("Add {}.", named.join(" or "))), self.offset))
            }
        }
    }

    fn missing(&self, key: &str) -> Box<At<Slip>> {
        let slip = Slip::new(format!("the key {key:?} is missing"), format!("Add `{key} = …`."));
        placed(slip, self.offset)
    }

    /// The value of a key, or nothing in its place.
    pub fn or_default<T: Reads + Default>(&self, key: &str) -> Read<T> {
        Ok(self.get(key)?.unwrap_or_default())
    }
}

/// The item as a table of any keys.
pub fn table(item: &Item) -> Read<&Table> {
    match item.get() {
        Value::Table(table) => Ok(table),
        _ => unfit(item, "a table", "Write { key = value, … }, or a [section]."),
    }
}

/// The item as a list.
pub fn list(item: &Item) -> Read<&[Item]> {
    match item.get() {
        Value::List(items) => Ok(items),
        _ => unfit(item, "a list", "Write it in brackets: [ … ]."),
    }
}

/// The item as a text.
pub fn text(item: &Item) -> Read<&str> {
    match item.get() {
        Value::Text(text) => Ok(text),
        _ => unfit(item, "a text", "Write it in quotes."),
    }
}

/// One of these words, by its place among them.
pub fn choice(item: &Item, words: &[&str]) -> Read<usize> {
    let word = text(item)?;
    match words.iter().position(|other| *other == word) {
        Some(place) => Ok(place),
        None => misread(item, format!("{word:?} is not one of the choices"), nearest(word, words)),
    }
}

/// A whole number within bounds.
pub fn whole(item: &Item, least: i64, most: i64) -> Read<i64> {
    match item.get() {
        Value::Whole(number) if (least..=most).contains(number) => Ok(*number),
        Value::Whole(number) => {
            misread(item, format!("{number} is out of range"), format!("Write {least} to {most}."))
        }
        _ => unfit(item, "a whole number", "Write digits only."),
    }
}

impl<T: Reads> Reads for At<T> {
    fn read(item: &Item) -> Read<At<T>> {
        Ok(At::new(T::read(item)?, item.offset()))
    }
}

impl<T: Reads> Reads for Vec<T> {
    fn read(item: &Item) -> Read<Vec<T>> {
        list(item)?.iter().map(T::read).collect()
    }
}

/// Two of a kind, in brackets.
impl<T: Reads> Reads for [T; 2] {
    fn read(item: &Item) -> Read<[T; 2]> {
        match list(item)? {
            [one, other] => Ok([T::read(one)?, T::read(other)?]),
            _ => misread(item, "this is not a pair", "Write two in brackets: [ …, … ]."),
        }
    }
}

impl Reads for Table {
    fn read(item: &Item) -> Read<Table> {
        table(item).cloned()
    }
}

impl Reads for String {
    fn read(item: &Item) -> Read<String> {
        text(item).map(str::to_owned)
    }
}

impl Reads for bool {
    fn read(item: &Item) -> Read<bool> {
        match item.get() {
            Value::Truth(truth) => Ok(*truth),
            _ => unfit(item, "true or false", "Write one of them, without quotes."),
        }
    }
}

impl Reads for u16 {
    fn read(item: &Item) -> Read<u16> {
        whole(item, 0, u16::MAX.into()).map(|number| number as u16)
    }
}

impl Reads for u32 {
    fn read(item: &Item) -> Read<u32> {
        whole(item, 0, u32::MAX.into()).map(|number| number as u32)
    }
}

impl Reads for i32 {
    fn read(item: &Item) -> Read<i32> {
        whole(item, i32::MIN.into(), i32::MAX.into()).map(|number| number as i32)
    }
}

impl Reads for u64 {
    fn read(item: &Item) -> Read<u64> {
        whole(item, 0, i64::MAX).map(|number| number as u64)
    }
}

impl Reads for f64 {
    fn read(item: &Item) -> Read<f64> {
        match item.get() {
            Value::Number(number) => Ok(*number),
            Value::Whole(number) => Ok(*number as f64),
            _ => unfit(item, "a number", "Write something like 0.5."),
        }
    }
}
