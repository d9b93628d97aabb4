//! What a replica keeps under a key. Of any two copies there is one that both become: where clocks decide, where
//! siblings are kept, and where types merge, it is the same `merge`.

use std::cmp::Ordering;
use std::fmt;

use smol_str::SmolStr;

use super::clock::Stamp;
use crate::protocol::crdt::{Context, Dot, LwwRegister, Merged, MvRegister, OrSet, PnCounter};
use crate::sim::{Held, Token, Value, Version};

type Latest = LwwRegister<Stamp, Value>;

/// One copy. If two kinds were made under one key at the same time, the later in this list stays: coordinators refuse
/// to make a second kind where they know of a first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Object {
    /// Of two writes the one with the later stamp stays.
    Latest(Latest),
    /// Of two writes that did not know of each other both stay.
    Siblings(MvRegister<Value>),
    Counter(PnCounter),
    Set(OrSet<i64>),
}

impl Object {
    /// Becomes what both copies together are.
    pub fn merge(&mut self, other: &Object) -> Merged<Value> {
        let later = other.rank() > self.rank();
        match (&mut *self, other) {
            (Object::Latest(mine), Object::Latest(theirs)) => merge_latest(mine, theirs),
            (Object::Siblings(mine), Object::Siblings(theirs)) => mine.merge(theirs),
            (Object::Counter(mine), Object::Counter(theirs)) => {
                let before = mine.clone();
                mine.merge(theirs);
                Merged { changed: *mine != before, let_go: Vec::new() }
            }
            (Object::Set(mine), Object::Set(theirs)) => {
                let Merged { changed, let_go } = mine.merge(theirs);
                Merged {
                    changed,
                    let_go: let_go.into_iter().map(|(dot, value)| (dot, value.into())).collect(),
                }
            }
            (mine, theirs) if later => {
                let let_go = std::mem::replace(mine, theirs.clone()).versions();
                Merged { changed: true, let_go }
            }
            (_, theirs) => Merged { changed: false, let_go: theirs.versions() },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Object::Latest(_) => 0,
            Object::Siblings(_) => 1,
            Object::Counter(_) => 2,
            Object::Set(_) => 3,
        }
    }

    /// The values that stand, and the writes they are from. A counter is from all its writes.
    pub fn versions(&self) -> Vec<(Dot, Value)> {
        match self {
            Object::Latest(register) => vec![(register.stamp().dot, register.value().clone())],
            Object::Siblings(register) => {
                register.versions().map(|(dot, value)| (dot, value.clone())).collect()
            }
            Object::Counter(_) => Vec::new(),
            Object::Set(set) => {
                set.iter().flat_map(|(value, dots)| dots.iter().map(|dot| (*dot, (*value).into()))).collect()
            }
        }
    }

    /// How many values contradict each other; 0 or 1 if none do.
    pub fn siblings(&self) -> usize {
        match self {
            Object::Siblings(register) => register.versions().count(),
            _ => 0,
        }
    }

    /// What a client is told: siblings side by side. Siblings that are sets are told as their union, as a shop does with
    /// two versions of a cart (Dynamo, section 4.4): nothing that was added is missing, and what was removed from one
    /// of them is back.
    pub fn value(&self) -> Value {
        match self {
            Object::Latest(register) => register.value().clone(),
            Object::Siblings(register) => together(register.versions().map(|(_, value)| value)),
            Object::Counter(counter) => counter.value().into(),
            Object::Set(set) => Value::Many(set.iter().map(|(value, _)| *value).collect()),
        }
    }

    /// What a client carries away of it.
    pub fn token(&self) -> Token {
        match self {
            Object::Latest(register) => register.stamp().token(),
            Object::Siblings(register) => register.seen().token(),
            Object::Counter(_) | Object::Set(_) => Token::default(),
        }
    }

    /// The writes that a client has seen that was told of it.
    pub fn seen(&self) -> Context {
        match self {
            Object::Latest(register) => [register.stamp().dot].into_iter().collect(),
            Object::Siblings(register) => register.seen().clone(),
            Object::Counter(_) => Context::default(),
            Object::Set(set) => set.seen().clone(),
        }
    }

    /// Bytes on the wire, about.
    pub fn size(&self) -> u32 {
        let value = |value: &Value| match value {
            Value::Nothing => 1,
            Value::Int(_) => 8,
            Value::Many(elements) => 8 * elements.len(),
        };
        let bytes = match self {
            Object::Latest(register) => 24 + value(register.value()),
            Object::Siblings(register) => {
                12 * register.seen().len() + register.versions().map(|(_, it)| 12 + value(it)).sum::<usize>()
            }
            Object::Counter(counter) => {
                12 * (counter.parts().0.iter().count() + counter.parts().1.iter().count())
            }
            Object::Set(set) => {
                12 * set.seen().len() + set.iter().map(|(_, dots)| 8 + 12 * dots.len()).sum::<usize>()
            }
        };
        bytes as u32
    }

    /// For pictures.
    pub fn held(&self, key: &SmolStr) -> Held {
        let version = |value: Value, stamp: String| Version { value, stamp };
        let versions = match self {
            Object::Latest(register) => vec![version(register.value().clone(), register.stamp().to_string())],
            Object::Siblings(register) => {
                register.versions().map(|(dot, value)| version(value.clone(), dot.to_string())).collect()
            }
            Object::Counter(counter) => vec![version(self.value(), parts(counter))],
            Object::Set(_) => vec![version(self.value(), String::new())],
        };
        Held { key: key.clone(), versions }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = self.held(&SmolStr::default()).versions;
        let word = |Version { value, stamp }: &Version| match stamp.as_str() {
            "" => value.to_string(),
            stamp => format!("{value} ({stamp})"),
        };
        f.write_str(&versions.iter().map(word).collect::<Vec<_>>().join(" | "))
    }
}

fn merge_latest(mine: &mut Latest, theirs: &Latest) -> Merged<Value> {
    let version = |register: &Latest| (register.stamp().dot, register.value().clone());
    let let_go = match theirs.stamp().cmp(mine.stamp()) {
        Ordering::Greater => vec![version(mine)],
        Ordering::Equal => Vec::new(),
        Ordering::Less => vec![version(theirs)],
    };
    let before = *mine.stamp();
    mine.merge(theirs);
    Merged { changed: *mine.stamp() != before, let_go }
}

/// Values that contradict each other, as one.
fn together<'a>(values: impl Iterator<Item = &'a Value>) -> Value {
    let values: Vec<&Value> = values.collect();
    if let [one] = values[..] {
        return one.clone();
    }
    let mut all: Vec<i64> = Vec::new();
    for value in values {
        match value {
            Value::Nothing => {}
            Value::Int(value) => all.push(*value),
            Value::Many(elements) => all.extend(elements),
        }
    }
    all.sort_unstable();
    all.dedup();
    Value::Many(all)
}

fn parts(counter: &PnCounter) -> String {
    let (added, taken) = counter.parts();
    let words = added.iter().map(|(node, count)| format!("{node} +{count}"));
    let words = words.chain(taken.iter().map(|(node, count)| format!("{node} −{count}")));
    words.collect::<Vec<_>>().join(", ")
}
