//! Values as small numbers, so that a step of the search compares words and not texts.

use rustc_hash::FxHashMap;

use crate::check::history::Value;

/// A value as one word: numbers are themselves (doubled), everything else has a number (odd).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u64);

impl Code {
    pub const NIL: Code = Code(1);
    /// A value that nobody knows yet: what a register of unknown start holds.
    pub const ANY: Code = Code(3);

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

/// The values that are no numbers, in the order in which they were met.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    places: FxHashMap<Value, u64>,
    values: Vec<Value>,
}

impl Codes {
    pub fn code(&mut self, value: &Value) -> Code {
        match value {
            Value::Nil => return Code::NIL,
            Value::Int(int) => {
                if let Some(code) = Code::of_int(*int) {
                    return code;
                }
            }
            _ => {}
        }
        if let Some(place) = self.places.get(value) {
            return Code(*place);
        }
        let place = (self.values.len() as u64 + 2) << 1 | 1;
        self.places.insert(value.clone(), place);
        self.values.push(value.clone());
        Code(place)
    }

    /// The number that a code stands for, if it stands for one.
    pub fn int(&self, code: Code) -> Option<i64> {
        code.int().or_else(|| match (code, self.value(code)) {
            (Code::ANY, _) => None,
            (_, Value::Int(int)) => Some(int),
            _ => None,
        })
    }

    pub fn value(&self, code: Code) -> Value {
        match (code, code.int()) {
            (_, Some(int)) => Value::Int(int),
            (Code::NIL, _) => Value::Nil,
            (Code::ANY, _) => Value::Text("anything".into()),
            (Code(place), _) => self.values.get((place >> 1) as usize - 2).cloned().unwrap_or_default(),
        }
    }

    /// A value in words.
    pub fn describe(&self, code: Code) -> String {
        if code == Code::ANY { "anything".to_owned() } else { self.value(code).to_string() }
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
