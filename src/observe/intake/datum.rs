//! Something written in EDN or JSON, and what it is to a judge.

use smol_str::SmolStr;

use crate::check::history::Value;

/// One thing as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// Where it begins, in bytes from the beginning of its text.
    pub at: usize,
    pub form: Form,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Nil,
    Bool(bool),
    Int(i64),
    /// A number that is no [`Form::Int`], in one spelling of it.
    Number(SmolStr),
    /// A string or a character.
    Text(SmolStr),
    /// A keyword without its colon, or a symbol.
    Word(SmolStr),
    /// A vector or a list.
    List(Vec<Datum>),
    Set(Vec<Datum>),
    Map(Vec<(Datum, Datum)>),
    /// A tag, and what it stands in front of. In a box, for it is the rarest and would be the largest.
    Tagged(Box<(SmolStr, Datum)>),
}

impl Datum {
    pub fn nil(at: usize) -> Datum {
        Datum { at, form: Form::Nil }
    }

    /// What stands behind a key, if this is a map.
    pub fn get(&self, key: &str) -> Option<&Datum> {
        match &self.form {
            Form::Map(entries) => {
                entries.iter().find(|(other, _)| other.word() == Some(key)).map(|(_, value)| value)
            }
            Form::Tagged(tagged) => tagged.1.get(key),
            _ => None,
        }
    }

    /// The same, taken out of it.
    pub fn take(&mut self, key: &str) -> Option<Datum> {
        match &mut self.form {
            Form::Map(entries) => {
                let place = entries.iter().position(|(other, _)| other.word() == Some(key))?;
                Some(entries.swap_remove(place).1)
            }
            Form::Tagged(tagged) => tagged.1.take(key),
            _ => None,
        }
    }

    /// A name: a keyword, a symbol, or a string, for JSON has no keywords. A string may have kept its colon.
    pub fn word(&self) -> Option<&str> {
        match &self.form {
            Form::Word(word) => Some(word),
            Form::Text(text) => Some(text.strip_prefix(':').unwrap_or(text)),
            _ => None,
        }
    }

    /// Is it the same thing, wherever it stands?
    pub fn is(&self, other: &Datum) -> bool {
        match (&self.form, &other.form) {
            (Form::Text(one) | Form::Word(one), Form::Text(other) | Form::Word(other)) => one == other,
            _ => self.value() == other.value(),
        }
    }

    /// The two of a list of two.
    pub fn pair(&self) -> Option<(&Datum, &Datum)> {
        match &self.form {
            Form::List(items) => match items.as_slice() {
                [one, other] => Some((one, other)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Has it no parts?
    pub fn is_plain(&self) -> bool {
        !matches!(self.form, Form::List(_) | Form::Set(_) | Form::Map(_) | Form::Tagged(..))
    }

    /// A value that can be compared: a set is a list in order, a map a list of its pairs in order. A keyword is the
    /// text of its name, which is all that JSON leaves of it.
    pub fn value(&self) -> Value {
        match &self.form {
            Form::Nil => Value::Nil,
            Form::Bool(yes) => Value::Bool(*yes),
            Form::Int(int) => Value::Int(*int),
            Form::Number(spelled) => Value::Number(spelled.clone()),
            Form::Text(text) | Form::Word(text) => Value::Text(text.clone()),
            Form::List(items) => Value::List(items.iter().map(Datum::value).collect()),
            Form::Set(items) => sorted(items.iter().map(Datum::value)),
            Form::Map(entries) => {
                sorted(entries.iter().map(|(key, value)| Value::List(vec![key.value(), value.value()])))
            }
            Form::Tagged(tagged) => tagged.1.value(),
        }
    }

    /// The name of an object that goes by this value. The number 1 and the text "1" name the same one: keys of maps
    /// are texts in JSON, whatever they were.
    pub fn name(&self) -> SmolStr {
        match self.value() {
            Value::Text(text) => text,
            value => SmolStr::new(value.to_string()),
        }
    }
}

fn sorted(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    values.sort_unstable();
    Value::List(values)
}
