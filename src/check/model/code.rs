//! Values as small numbers, so that a step of the search compares words and not texts.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::check::history::Value;

/// A value as one word: numbers are themselves (doubled), everything else has a number (odd).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u64);

/// The places of [`Code::NIL`], [`Code::ANY`] and [`Code::NUMBER`] come before those of values.
const RESERVED: u64 = 3;

impl Code {
    pub const NIL: Code = Code(1);
    /// A value that nobody knows yet: what a register of unknown start holds.
    pub const ANY: Code = Code(3);
    /// A whole number that nobody knows yet: the same register after an addition.
    pub const NUMBER: Code = Code(5);

    /// The number it is, if it is one and not one of the very largest.
    pub fn int(self) -> Option<i64> {
        (self.0 & 1 == 0).then_some(self.0 as i64 >> 1)
    }

    /// All there is to it, for a hash.
    pub(super) fn word(self) -> u64 {
        self.0
    }

    /// The code of a number, if it has one of its own: all but the very largest do.
    pub fn of_int(int: i64) -> Option<Code> {
        let doubled = (int as u64) << 1;
        (doubled as i64 >> 1 == int).then_some(Code(doubled))
    }
}

/// The values that are no numbers or very large ones, in the order in which they were met. Sums are met while an order
/// is looked for, when nothing else may change: hence the cell. Which place a value has tells nothing.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    table: RefCell<Table>,
}

#[derive(Clone, Debug, Default)]
struct Table {
    places: FxHashMap<Value, u64>,
    values: Vec<Value>,
}

impl Table {
    fn code(&mut self, value: &Value) -> Code {
        if let Some(place) = self.places.get(value) {
            return Code(*place);
        }
        let place = (self.values.len() as u64 + RESERVED) << 1 | 1;
        self.places.insert(value.clone(), place);
        self.values.push(value.clone());
        Code(place)
    }
}

impl Codes {
    pub fn code(&mut self, value: &Value) -> Code {
        match value {
            Value::Nil => Code::NIL,
            Value::Int(int) => Code::of_int(*int).unwrap_or_else(|| self.table.get_mut().code(value)),
            _ => self.table.get_mut().code(value),
        }
    }

    /// The code of a whole number, however large it is.
    pub fn code_of(&self, number: i128) -> Code {
        let small = i64::try_from(number).ok().and_then(Code::of_int);
        small.unwrap_or_else(|| self.table.borrow_mut().code(&Value::of_whole(number)))
    }

    /// The number that a code stands for, if it stands for one.
    pub fn int(&self, code: Code) -> Option<i128> {
        match code {
            Code::NIL | Code::ANY | Code::NUMBER => None,
            code => code.int().map_or_else(|| self.value(code).whole(), |int| Some(i128::from(int))),
        }
    }

    pub fn value(&self, code: Code) -> Value {
        match (code, code.int()) {
            (_, Some(int)) => Value::Int(int),
            (Code::NIL, _) => Value::Nil,
            (Code::ANY | Code::NUMBER, _) => Value::Text(self.describe(code).into()),
            (Code(place), _) => {
                let place = ((place >> 1) - RESERVED) as usize;
                self.table.borrow().values.get(place).cloned().unwrap_or_default()
            }
        }
    }

    /// A value in words.
    pub fn describe(&self, code: Code) -> String {
        match code {
            Code::ANY => "anything".to_owned(),
            Code::NUMBER => "a number nobody knows".to_owned(),
            code => self.value(code).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_value() {
        let mut codes = Codes::default();
        let text = |text: &str| Value::Text(text.into());
        let values = [
            Value::Nil,
            Value::Int(0),
            Value::Int(-7),
            Value::Int(i64::MAX),
            Value::Int(i64::MIN),
            Value::Int(1),
            Value::Number("9223372036854775808".into()),
            Value::Number("0.1".into()),
            text("0.1"),
            Value::Bool(true),
            text("a"),
            text("b"),
            Value::List(vec![Value::Int(1)]),
        ];
        for (i, value) in values.iter().enumerate() {
            let code = codes.code(value);
            assert_eq!(codes.value(code), *value);
            for other in &values[..i] {
                assert_ne!(codes.code(other), code, "{other} and {value}");
            }
        }
    }
}
