//! Retries as a script writes them.

use super::fields::{Fields, Read, Reads, choice, misread};
use super::length::Length;
use super::tree::Item;
use crate::sim::Micros;
use crate::workload::{Policy, Retry};

const MOST_ATTEMPTS: i64 = 100;

/// How a client asks again.
#[derive(Clone, Copy, Debug)]
pub struct RetryText(pub Retry);

/// The policy, and its measures.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
struct RetryTable {
    policy: PolicyText,
    /// The first pause, or the shortest, 1 ms at least.
    base: Option<Length>,
    /// The longest pause.
    cap: Option<Length>,
    /// How often it asks in all, 1 to 100.
    attempts: Option<u8>,
    /// How long it waits for an answer to one attempt, 1 ms at least.
    attempt: Option<Length>,
}

/// How long the pauses are.
#[derive(Clone, Copy, Debug)]
struct PolicyText(Policy);

impl RetryTable {
    const KEYS: &'static [&'static str] = &["policy", "base", "cap", "attempts", "attempt"];

    /// What it means, with what is not written filled in.
    fn retry(&self) -> Retry {
        let base = self.base.map_or(Micros::from_millis(50), |Length(base)| base);
        Retry {
            policy: self.policy.0,
            base,
            cap: self.cap.map_or(Micros::from_secs(2).max(base), |Length(cap)| cap),
            attempts: self.attempts.unwrap_or(5).into(),
            attempt: self.attempt.map_or(Micros::from_millis(200), |Length(attempt)| attempt),
        }
    }
}

impl Reads for RetryText {
    fn read(item: &Item) -> Read<RetryText> {
        let fields = Fields::of(item, RetryTable::KEYS)?;
        let attempts = fields.within("attempts", 1, MOST_ATTEMPTS)?;
        let table = RetryTable {
            policy: fields.need("policy")?,
            base: fields.get("base")?,
            cap: fields.get("cap")?,
            attempts: attempts.map(|attempts| *attempts.get() as u8),
            attempt: fields.get("attempt")?,
        };
        let retry = table.retry();
        if retry.base.min(retry.attempt) < Micros(1_000) {
            return misread(
                item,
                "nobody asks again that fast",
                "Make `base` and `attempt` \"1ms\" or more.",
            );
        }
        if retry.cap < retry.base {
            return misread(
                item,
                "the longest pause is shorter than the first",
                "Make `cap` longer than `base`.",
            );
        }
        Ok(RetryText(retry))
    }
}

impl Reads for PolicyText {
    fn read(item: &Item) -> Read<PolicyText> {
        let names = Policy::NAMES.map(|(_, name)| name);
        Ok(PolicyText(Policy::NAMES[choice(item, &names)?].0))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for super::RetryText {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Retry".into()
        }
        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            super::RetryTable::json_schema(generator)
        }
    }

    impl JsonSchema for super::PolicyText {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Policy".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let names = super::Policy::NAMES.map(|(_, name)| name);
            json_schema!({ "description": "How long the pauses are.", "enum": names })
        }
    }
}
