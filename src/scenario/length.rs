//! Lengths of time as people write them: `"12s"`, `"1.5 ms"`, `"-200ms"`.

use super::fields::{Read, Reads, misread, placed, unfit};
use super::slip::Slip;
use super::tree::{Item, Value};
use crate::sim::Micros;

/// A length of time, written as a number and a unit (us, ms, s, min, h).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length(pub Micros);

/// A length with a sign, in µs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignedLength(pub i64);

const HINT: &str = "Write a number and a unit, such as \"150ms\", \"1.5s\", \"20us\" or \"2min\".";

/// Reads a length of time.
///
/// # Errors
/// What is wrong with the text, and how lengths are written.
pub fn read(text: &str) -> Result<Micros, Slip> {
    let trimmed = text.trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let unit = match unit.trim() {
        "us" | "µs" | "μs" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        "h" => 3_600_000_000,
        _ => return Err(Slip::new(format!("{text:?} is not a length of time"), HINT)),
    };
    micros(number, unit).ok_or_else(|| Slip::new(format!("{text:?} is not a length of time"), HINT))
}

/// An exact decimal times a unit, rounded down to whole microseconds; `None` if malformed or too long.
fn micros(number: &str, unit: u64) -> Option<Micros> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = if whole.is_empty() && !part.is_empty() { 0 } else { whole.parse().ok()? };
    let mut micros = whole.checked_mul(unit)?;
    let mut place = unit;
    for digit in part.chars() {
        place /= 10;
        micros = micros.checked_add(u64::from(digit.to_digit(10)?) * place)?;
    }
    (micros <= Micros::MAX.0).then_some(Micros(micros))
}

/// The shortest way to write a length exactly.
pub fn write(length: Micros) -> String {
    match length.0 {
        us if us % 1_000_000 == 0 => format!("{}s", us / 1_000_000),
        us if us % 1_000 == 0 => format!("{}ms", us / 1_000),
        us => format!("{us}us"),
    }
}

/// The same with a sign.
pub fn write_signed(us: i64) -> String {
    let sign = if us < 0 { "-" } else { "" };
    format!("{sign}{}", write(Micros(us.unsigned_abs())))
}

/// The text of a length, if it is one.
fn written(item: &Item) -> Read<&str> {
    match item.get() {
        Value::Text(text) => Ok(text),
        Value::Whole(_) | Value::Number(_) => {
            misread(item, format!("{} has no unit", item.get().said()), HINT)
        }
        _ => unfit(item, "a length of time", HINT),
    }
}

impl Reads for Length {
    fn read(item: &Item) -> Read<Length> {
        read(written(item)?).map(Length).map_err(|slip| placed(slip, item.offset()))
    }
}

impl Reads for SignedLength {
    fn read(item: &Item) -> Read<SignedLength> {
        let text = written(item)?.trim();
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let length = read(rest).map_err(|slip| placed(slip, item.offset()))?;
        Ok(SignedLength(sign * length.0 as i64))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for super::Length {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Length".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "type": "string",
                "description": "A length of time: a number and a unit (us, ms, s, min, h).",
                "pattern": r"^\s*[0-9]*\.?[0-9]+\s*(us|µs|ms|s|min|h)\s*$",
            })
        }
    }

    impl JsonSchema for super::SignedLength {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "SignedLength".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "type": "string",
                "description": "A length of time with a sign: \"-200ms\".",
                "pattern": r"^\s*[+-]?[0-9]*\.?[0-9]+\s*(us|µs|ms|s|min|h)\s*$",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_write() {
        for (text, us) in
            [("12s", 12_000_000), ("1.5 ms", 1_500), ("20us", 20), (" 2min ", 120_000_000), (".5s", 500_000)]
        {
            assert_eq!(read(text), Ok(Micros(us)), "{text}");
        }
        for text in ["", "12", "s", "1e3s", "-1s", "1.2.3s", "99999999999999999999s", "1 hour", "１s"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_is_the_identity(us in 0..Micros::MAX.0) {
            prop_assert_eq!(read(&write(Micros(us))), Ok(Micros(us)));
        }
    }
}
