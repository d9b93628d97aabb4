//! The state machine that the log drives: a map from keys to numbers.

use litemap::LiteMap;

use smol_str::SmolStr;

use crate::sim::{Call, Outcome};

/// Numbers by key; the same on every server that applied the same entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValue(LiteMap<SmolStr, i64>);

impl KeyValue {
    /// Carries a call out; deterministic, as a state machine has to be (section 2).
    pub fn apply(&mut self, call: &Call) -> Outcome {
        let now = self.0.get(call.key()).copied();
        let value = match call {
            Call::Read { .. } => return Outcome::Ok(now),
            Call::Cas { old, .. } if now != Some(*old) => return Outcome::Failed("the value is another"),
            Call::Write { value, .. } => *value,
            Call::Cas { new, .. } => *new,
            Call::Add { by, .. } => now.unwrap_or(0).wrapping_add(*by),
        };
        self.0.insert(call.key().clone(), value);
        Outcome::Ok(Some(value))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, i64)> {
        self.0.iter().map(|(key, value)| (key, *value))
    }
}
