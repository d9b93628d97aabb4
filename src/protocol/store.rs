//! A store of objects by key, as one copy keeps it: what a replicated state machine drives.

use litemap::LiteMap;
use smol_str::SmolStr;

use crate::sim::call::{HELD, NOT_YOURS};
use crate::sim::{Call, Held, Outcome, Value, Version};

/// Objects by key. What was first made of a key it stays: a number, a list, a set, a queue or a lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Store {
    objects: LiteMap<SmolStr, Value>,
}

pub(super) const OTHER: Outcome = Outcome::Failed("it is of another kind");

impl Store {
    /// Carries a call out; deterministic.
    pub fn apply(&mut self, call: &Call) -> Outcome {
        let now = self.objects.get(call.key()).cloned().unwrap_or_default();
        let (then, heard) = match on_object(call, now) {
            Ok(done) => done,
            Err(outcome) => return outcome,
        };
        self.objects.insert(call.key().clone(), then);
        Outcome::Ok(heard)
    }

    /// What is under a key; nothing, if there is nothing.
    pub fn get(&self, key: &SmolStr) -> Value {
        self.objects.get(key).cloned().unwrap_or_default()
    }

    /// Every object, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &Value)> {
        self.objects.iter()
    }

    /// The same for pictures.
    pub fn held(&self) -> Vec<Held> {
        let held = |(key, value): (&SmolStr, &Value)| Held {
            key: key.clone(),
            versions: vec![Version { value: value.clone(), stamp: String::new() }],
        };
        self.iter().map(held).collect()
    }
}

/// What a call makes of an object, and what its client hears.
///
/// # Errors
/// The outcome of a call that changes nothing.
pub(super) fn on_object(call: &Call, now: Value) -> Result<(Value, Value), Outcome> {
    match call {
        Call::Read { .. } => Err(Outcome::Ok(now)),
        Call::Write { .. } | Call::Cas { .. } | Call::Add { .. } => {
            let number = match now {
                Value::Nothing => None,
                Value::Int(number) => Some(number),
                Value::Many(_) => return Err(OTHER),
            };
            call.on_number(number).map(|then| (then.into(), then.into()))
        }
        Call::Acquire { by, .. } => match now {
            Value::Nothing => Ok((i64::from(by.0).into(), Value::Nothing)),
            _ => Err(Outcome::Failed(HELD)),
        },
        Call::Release { by, .. } => match now {
            Value::Int(holder) if holder == i64::from(by.0) => Ok((Value::Nothing, Value::Nothing)),
            _ => Err(Outcome::Failed(NOT_YOURS)),
        },
        Call::Append { .. }
        | Call::Insert { .. }
        | Call::Remove { .. }
        | Call::Enqueue { .. }
        | Call::Dequeue { .. } => {
            let mut elements = match now {
                Value::Nothing => Vec::new(),
                Value::Many(elements) => elements,
                Value::Int(_) => return Err(OTHER),
            };
            let heard = on_elements(call, &mut elements);
            Ok((Value::Many(elements), heard))
        }
    }
}

fn on_elements(call: &Call, elements: &mut Vec<i64>) -> Value {
    match call {
        Call::Append { value, .. } | Call::Enqueue { value, .. } => elements.push(*value),
        Call::Insert { value, .. } => {
            if let Err(place) = elements.binary_search(value) {
                elements.insert(place, *value);
            }
        }
        Call::Remove { value, .. } => {
            if let Ok(place) = elements.binary_search(value) {
                elements.remove(place);
            }
        }
        Call::Dequeue { .. } if !elements.is_empty() => return elements.remove(0).into(),
        _ => {}
    }
    Value::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::NodeId;

    fn key() -> SmolStr {
        SmolStr::new("x")
    }

    fn many(values: &[i64]) -> Outcome {
        Outcome::Ok(Value::Many(values.to_vec()))
    }

    #[test]
    fn a_queue_gives_back_what_came_first() {
        let mut store = Store::default();
        assert_eq!(store.apply(&Call::Dequeue { key: key() }), Outcome::Ok(Value::Nothing));
        for value in [3, 1, 2] {
            store.apply(&Call::Enqueue { key: key(), value });
        }
        assert_eq!(store.apply(&Call::Dequeue { key: key() }), Outcome::ok(3));
        assert_eq!(store.apply(&Call::Read { key: key() }), many(&[1, 2]));
    }

    #[test]
    fn a_set_holds_each_element_once() {
        let mut store = Store::default();
        for value in [3, 1, 3] {
            store.apply(&Call::Insert { key: key(), value });
        }
        store.apply(&Call::Remove { key: key(), value: 7 });
        assert_eq!(store.apply(&Call::Read { key: key() }), many(&[1, 3]));
        store.apply(&Call::Remove { key: key(), value: 1 });
        assert_eq!(store.apply(&Call::Read { key: key() }), many(&[3]));
        assert_eq!(store.apply(&Call::Add { key: key(), by: 1 }), OTHER);
    }

    #[test]
    fn a_lock_has_one_holder() {
        let mut store = Store::default();
        let (ana, ben) = (NodeId(5), NodeId(6));
        let done = Outcome::Ok(Value::Nothing);
        assert_eq!(store.apply(&Call::Acquire { key: key(), by: ana }), done);
        assert_ne!(store.apply(&Call::Acquire { key: key(), by: ben }), done);
        assert_ne!(store.apply(&Call::Release { key: key(), by: ben }), done);
        assert_eq!(store.apply(&Call::Release { key: key(), by: ana }), done);
        assert_eq!(store.apply(&Call::Acquire { key: key(), by: ben }), done);
    }
}
