//! Something written in EDN or JSON, and what it is to a judge.

use std::collections::BTreeSet;

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
    Text(SmolStr),
    /// A keyword `:a`, a symbol `'a` or a character `\a`, spelled so.
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
            Form::Word(word) => word.strip_prefix([':', '\'']),
            Form::Text(text) => Some(text.strip_prefix(':').unwrap_or(text)),
            _ => None,
        }
    }

    /// The second of two keys by which [`Datum::get`] would find a value, if this is a map that has such.
    pub fn named_twice(&self) -> Option<&Datum> {
        let Form::Map(entries) = &self.form else {
            return if let Form::Tagged(tagged) = &self.form { tagged.1.named_twice() } else { None };
        };
        let word = |place: usize| entries[place].0.word();
        // Nearly all maps are short.
        let again = if entries.len() <= SHORT {
            (1..entries.len())
                .find(|place| word(*place).is_some() && (0..*place).any(|it| word(it) == word(*place)))
        } else {
            let mut seen = BTreeSet::new();
            (0..entries.len()).find(|place| word(*place).is_some_and(|word| !seen.insert(word)))
        };
        again.map(|place| &entries[place].0)
    }

    /// Is it the same thing, wherever it stands?
    pub fn is(&self, other: &Datum) -> bool {
        match (&self.form, &other.form) {
            (Form::Text(one), Form::Text(other)) | (Form::Word(one), Form::Word(other)) => one == other,
            (Form::Text(_) | Form::Word(_), _) | (_, Form::Text(_) | Form::Word(_)) => false,
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

    /// A value that can be compared: what EDN keeps apart is not equal, but a list is equal to a vector.
    pub fn value(&self) -> Value {
        match &self.form {
            Form::Nil => Value::Nil,
            Form::Bool(yes) => Value::Bool(*yes),
            Form::Int(int) => Value::Int(*int),
            Form::Number(spelled) => Value::Number(spelled.clone()),
            Form::Text(text) => Value::Text(text.clone()),
            Form::Word(word) => Value::Word(word.clone()),
            Form::List(items) => Value::List(items.iter().map(Datum::value).collect()),
            Form::Set(items) => Value::Set(sorted(items.iter().map(Datum::value))),
            Form::Map(entries) => {
                Value::Map(sorted(entries.iter().map(|(key, value)| (key.value(), value.value()))))
            }
            Form::Tagged(tagged) => Value::Tagged(Box::new((tagged.0.clone(), tagged.1.value()))),
        }
    }

    /// The name of an object that goes by this value.
    pub fn name(&self) -> SmolStr {
        self.value().name()
    }
}

/// Up to this many keys are held against each other one by one.
pub const SHORT: usize = 16;

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values
}
