//! Clients as a script writes them.

use super::ask::{read_ask, read_level};
use super::at::At;
use super::fields::{Fields, Read, Reads};
use super::length::Length;
use super::people::People;
use super::slip::Slip;
use super::tree::Item;
use crate::sim::{Level, Micros, NodeId, Time};
use crate::workload::{Ask, Client, Route};

/// A client and what it does all day.
#[derive(Clone, Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ClientText {
    pub name: At<String>,
    /// Asked in turn, over and over: "write x" (the next number), "write x 5", "read x", "cas x 1 2", "add x 1".
    pub asks: Vec<At<String>>,
    /// From one request to the next, 1 ms at least.
    pub every: At<Length>,
    /// How long it waits for an answer.
    pub timeout: Option<Length>,
    /// When it begins.
    pub from: Option<Length>,
    /// When it has had enough.
    pub until: Option<Length>,
    /// The node it asks first.
    pub node: Option<At<String>>,
    /// Where its reads go: a node, or "any" for each in turn; without it, where its writes go.
    pub reads: Option<At<String>>,
    /// The level of all its asks that name none: "eventual", "causal", "sequential" or "linearizable".
    pub level: Option<At<String>>,
}

impl ClientText {
    pub(super) const KEYS: &'static [&'static str] =
        &["name", "asks", "every", "timeout", "from", "until", "node", "reads", "level"];
}

impl Reads for ClientText {
    fn read(item: &Item) -> Read<ClientText> {
        let fields = Fields::of(item, ClientText::KEYS)?;
        Ok(ClientText {
            name: fields.need("name")?,
            asks: fields.need("asks")?,
            every: fields.need("every")?,
            timeout: fields.get("timeout")?,
            from: fields.get("from")?,
            until: fields.get("until")?,
            node: fields.get("node")?,
            reads: fields.get("reads")?,
            level: fields.get("level")?,
        })
    }
}

impl ClientText {
    /// What it means; the `index`th client begins a little later than the one before and asks another node first.
    pub fn mean(&self, index: usize, people: &People<'_>) -> Result<Client, Slip> {
        if self.every.get().0 < Micros(1_000) {
            return Err(self.every.slip(people.text, "no client asks that often", "Write \"1ms\" or more."));
        }
        if self.asks.is_empty() {
            let hint = "Write something like asks = [\"write x\", \"read x\"].";
            return Err(self.name.slip(people.text, "this client asks nothing", hint));
        }
        let level = self.level.as_ref().map_or(Ok(Level::Set), |name| read_level(name, people.text))?;
        let at_level = |ask: Ask| if ask.level == Level::Set { Ask { level, ..ask } } else { ask };
        let asks = self.asks.iter().map(|op| read_ask(op, people.text).map(at_level));
        let asks = asks.collect::<Result<_, _>>()?;
        let node = match &self.node {
            Some(name) => people.node(name)?,
            None => NodeId(index as u16 % people.nodes),
        };
        let reads = match &self.reads {
            None => Route::AsWrites,
            Some(any) if any.get() == "any" => Route::Anywhere(people.nodes),
            Some(name) => Route::To(people.node(name)?),
        };
        Ok(Client {
            name: self.name.get().clone(),
            asks,
            every: self.every.get().0,
            from: self.from.map_or(Time(500_000 + 70_000 * index as u64), |Length(from)| Time(from.0)),
            to: self.until.map_or(Time::NEVER, |Length(until)| Time(until.0)),
            timeout: self.timeout.map_or(Micros::from_secs(1), |Length(timeout)| timeout),
            node,
            reads,
            level: Level::Set,
        })
    }
}
