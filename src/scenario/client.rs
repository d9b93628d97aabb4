//! Clients as a script writes them.

use super::ask::{read_ask, read_level};
use super::at::At;
use super::fields::{Fields, Read, Reads, choice};
use super::length::Length;
use super::load::{ArrivalsText, KeysText};
use super::people::People;
use super::retry::RetryText;
use super::script::Named;
use super::slip::Slip;
use super::tree::Item;
use super::vocabulary::Role;
use super::weather::Latency;
use crate::sim::{Level, Micros, NodeId, Time};
use crate::workload::{Ask, Client, Keys, Pace, Route};

/// Operations of all clients together.
const MOST_UNDER_WAY: u64 = 10_000;

/// A client and what it does all day: what it asks, by `asks` or `mix`, and when, by `every`, `think` or `arrivals`.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(schemars::JsonSchema),
    schemars(deny_unknown_fields, extend("allOf" = schema::one_of_each()))
)]
pub struct ClientText {
    pub name: At<String>,
    /// Asked in turn, over and over: "write x" (the next number), "write x 5", "read x", "cas x 1 2", "add x 1". A
    /// key with a star, as in "read k*", stands for those of `keys`.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub asks: Vec<At<String>>,
    /// Asked at random, with these weights: { "read k*" = 9, "write k*" = 1 }.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub mix: Named<u16>,
    /// The keys behind a star, and how popular each is.
    pub keys: Option<At<KeysText>>,
    /// From one request to the next, 1 ms at least; it asks for nothing while it waits.
    pub every: Option<At<Length>>,
    /// From an answer to the next request: "20ms", or a distribution as in `latency`.
    pub think: Option<Latency>,
    /// Requests come whatever became of those before.
    pub arrivals: Option<At<ArrivalsText>>,
    /// How long it waits for an answer.
    pub timeout: Option<Length>,
    /// How it asks again for what nobody answers.
    pub retry: Option<RetryText>,
    /// When it begins.
    pub from: Option<Length>,
    /// When it has had enough.
    pub until: Option<Length>,
    /// The node it asks first.
    pub node: Option<At<String>>,
    /// Does it stay with its node whatever happens, or go to each in turn?
    pub session: Option<SessionText>,
    /// Where its reads go: a node, or "any" for each in turn; without it, where its writes go.
    pub reads: Option<At<String>>,
    /// The level of all its asks that name none: "eventual", "causal", "sequential" or "linearizable".
    pub level: Option<At<String>>,
}

/// Where the operations of a client go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum SessionText {
    /// To one node, whatever happens.
    Sticks,
    /// To each in turn.
    Wanders,
}

impl ClientText {
    pub(super) const KEYS: &'static [&'static str] = &[
        "name", "asks", "mix", "keys", "every", "think", "arrivals", "timeout", "retry", "from", "until",
        "node", "session", "reads", "level",
    ];
    /// Of each of these sets one key has to be there.
    const ONE_OF: [&'static [&'static str]; 2] = [&["asks", "mix"], &["every", "think", "arrivals"]];
}

impl Reads for ClientText {
    fn read(item: &Item) -> Read<ClientText> {
        let fields = Fields::of(item, ClientText::KEYS)?;
        let name = fields.need("name")?;
        ClientText::ONE_OF.iter().try_for_each(|keys| fields.one_of(keys))?;
        Ok(ClientText {
            name,
            asks: fields.or_default("asks")?,
            mix: fields.or_default("mix")?,
            keys: fields.get("keys")?,
            every: fields.get("every")?,
            think: fields.get("think")?,
            arrivals: fields.get("arrivals")?,
            timeout: fields.get("timeout")?,
            retry: fields.get("retry")?,
            from: fields.get("from")?,
            until: fields.get("until")?,
            node: fields.get("node")?,
            session: fields.get("session")?,
            reads: fields.get("reads")?,
            level: fields.get("level")?,
        })
    }
}

impl Reads for SessionText {
    fn read(item: &Item) -> Read<SessionText> {
        Ok([SessionText::Sticks, SessionText::Wanders][choice(item, &["sticks", "wanders"])?])
    }
}

impl ClientText {
    /// What it means; the `index`th client begins a little later than the one before and asks another node first.
    pub fn mean(&self, index: usize, people: &People<'_>) -> Result<Client, Slip> {
        let (asks, mix) = self.asks(people)?;
        self.check_uses(&asks, people)?;
        let node = match &self.node {
            Some(name) => people.node(name)?,
            None => NodeId(index as u16 % people.nodes),
        };
        let session = match self.session {
            None => Route::Believed,
            Some(SessionText::Sticks) => Route::To(node),
            Some(SessionText::Wanders) => Route::Anywhere(people.nodes),
        };
        let reads = match &self.reads {
            None => None,
            Some(any) if any.get() == "any" => Some(Route::Anywhere(people.nodes)),
            Some(name) => Some(Route::To(people.node(name)?)),
        };
        Ok(Client {
            name: self.name.get().clone(),
            keys: self.keys(&asks, people)?,
            asks,
            mix,
            pace: self.pace(people)?,
            from: self.from.map_or(Time(500_000 + 70_000 * index as u64), |Length(from)| Time(from.0)),
            to: self.until.map_or(Time::NEVER, |Length(until)| Time(until.0)),
            timeout: self.timeout.map_or(Micros::from_secs(1), |Length(timeout)| timeout),
            retry: self.retry.map(|RetryText(retry)| retry),
            node,
            session,
            reads,
            level: Level::Set,
        })
    }

    /// Nothing is written that this client has no use for.
    fn check_uses(&self, asks: &[Ask], people: &People<'_>) -> Result<(), Slip> {
        if let Some(reads) = self.reads.as_ref().filter(|_| !asks.iter().any(|ask| ask.call.reads_only())) {
            let hint = "It says where reads go, and this client asks for none: take it out, or let it read.";
            return Err(reads.slip(people.text, "this client has no use for `reads`", hint));
        }
        if let Some(level) = &self.level {
            let mut written = self.asks.iter().chain(self.mix.0.iter().map(|(ask, _)| ask));
            if written.all(|ask| ask.get().contains('@')) {
                let hint = "Each of its asks names a level of its own.";
                return Err(level.slip(people.text, "this client has no use for `level`", hint));
            }
        }
        let until = self.until.map_or(Micros::MAX, |Length(until)| until);
        if let Some(Length(from)) = self.from.filter(|Length(from)| *from >= until) {
            let what = format!("this client begins at {from} and has had enough at {until}");
            return Err(self.name.slip(people.text, what, "Make `from` earlier than `until`."));
        }
        if self.timeout.is_some_and(|Length(timeout)| timeout < Micros(1_000)) {
            let hint = "Make `timeout` \"1ms\" or more.";
            return Err(self.name.slip(people.text, "this client waits for no answer", hint));
        }
        Ok(())
    }

    /// What it asks for, and the weights if it does so at random.
    fn asks(&self, people: &People<'_>) -> Result<(Vec<Ask>, Vec<u32>), Slip> {
        let (drawn, weights): (Vec<_>, Vec<u32>) =
            self.mix.0.iter().map(|(ask, weight)| (ask, u32::from(*weight))).unzip();
        let level = self.level.as_ref().map_or(Ok(Level::Set), |name| read_level(name, people.text))?;
        let at_level = |ask: Ask| if ask.level == Level::Set { Ask { level, ..ask } } else { ask };
        let asks = self.asks.iter().chain(drawn).map(|ask| read_ask(ask, people.text).map(at_level));
        let asks: Vec<Ask> = asks.collect::<Result<_, _>>()?;
        if asks.is_empty() || (self.asks.is_empty() && weights.iter().all(|weight| *weight == 0)) {
            let hint = "Write something like asks = [\"write x\", \"read x\"].";
            return Err(self.name.slip(people.text, "this client asks nothing", hint));
        }
        Ok((asks, weights))
    }

    /// Refuses an operation at a level that the protocol does not serve.
    pub fn check_levels(&self, client: &Client, role: &Role, text: &str) -> Result<(), Slip> {
        let written = self.asks.iter().chain(self.mix.0.iter().map(|(ask, _)| ask));
        written.zip(&client.asks).try_for_each(|(written, ask)| {
            let own = written.get().contains('@');
            let place = self.level.as_ref().filter(|_| !own).unwrap_or(written);
            role.serve(ask.level).map_err(|slip| slip.at(text, place.offset()))
        })
    }

    fn pace(&self, people: &People<'_>) -> Result<Pace, Slip> {
        match (&self.every, self.think, &self.arrivals) {
            (Some(every), ..) if every.get().0 < Micros(1_000) => {
                Err(every.slip(people.text, "no client asks that often", "Write \"1ms\" or more."))
            }
            (Some(every), ..) => Ok(Pace::Every(every.get().0)),
            (None, Some(Latency(think)), _) => Ok(Pace::Think(think)),
            (None, None, Some(arrivals)) => Ok(Pace::Open(arrivals.get().0)),
            (None, None, None) => {
                let hint = "Write something like every = \"100ms\".";
                Err(self.name.slip(people.text, "nobody knows when this client asks", hint))
            }
        }
    }

    /// The keys that a star stands for: written where there is one, and only there.
    fn keys(&self, asks: &[Ask], people: &People<'_>) -> Result<Keys, Slip> {
        let families = || asks.iter().any(|ask| ask.family().is_some());
        match &self.keys {
            Some(keys) if families() => Ok(keys.get().0),
            Some(keys) => {
                let hint = "Write a star behind a key: \"read k*\".";
                Err(keys.slip(people.text, "this client has no use for `keys`", hint))
            }
            None if families() => {
                let hint = "Add something like keys = { count = 100 }.";
                Err(self.name.slip(people.text, "nobody knows which keys the star stands for", hint))
            }
            None => Ok(Keys::default()),
        }
    }
}

/// Clients that would have too many operations under way at once are refused.
pub fn check_load(texts: &[ClientText], clients: &[Client], text: &str) -> Result<(), Slip> {
    let mut all = 0;
    for (written, client) in texts.iter().zip(clients) {
        all += client.most_under_way();
        if all > MOST_UNDER_WAY {
            let what = format!("up to {all} operations would be under way at once");
            let hint = format!("At most {MOST_UNDER_WAY} are possible: lower the rate or the timeout.");
            return Err(written.name.slip(text, what, hint));
        }
    }
    Ok(())
}

#[cfg(not(target_arch = "wasm32"))]
mod schema {
    use serde_json::{Value, json};

    /// One key of each set is required, and excludes the others.
    pub(super) fn one_of_each() -> Value {
        let required = |key: &&str| json!({ "required": [key] });
        let one_of = |keys: &&[&str]| json!({ "oneOf": keys.iter().map(required).collect::<Vec<_>>() });
        super::ClientText::ONE_OF.iter().map(one_of).collect::<Vec<_>>().into()
    }
}
