//! What a write is made of: where clocks decide a stamp, where siblings are kept what its writer had seen, and for
//! counters and sets the part that changes.

use smol_str::SmolStr;

use super::Replica;
use super::clock::{Reading, Stamp, later_than};
use super::config::{Resolve, Terms};
use super::object::Object;
use crate::protocol::crdt::{Context, Dot, LwwRegister, MvRegister, OrSet};
use crate::protocol::store::{OTHER, on_object};
use crate::sim::{Call, LocalTime, NodeId, Outcome, Request, Token, Value};

/// A write before it is sent to any node.
pub(super) struct Draft {
    pub object: Object,
    /// Its name; a removal, and an addition to a counter, have none.
    pub dot: Option<Dot>,
    /// The writes that it knows of and means to overwrite.
    pub seen: Context,
    /// What its client hears.
    pub heard: Value,
}

const CONTRADICTS: Outcome = Outcome::Failed("its versions contradict each other: read them, and write");

const UNCOUNTABLE: Outcome = Outcome::Failed("it is more than this node can count");

impl Replica {
    /// Makes a write from what was asked for and what was found.
    ///
    /// # Errors
    /// The outcome of a call that changes nothing.
    pub(super) fn draft(
        &mut self,
        request: &Request,
        found: Option<&Object>,
        terms: Terms,
        now: LocalTime,
    ) -> Result<Draft, Outcome> {
        match (self.config.resolve, &request.call) {
            (Resolve::WallClock | Resolve::HybridClock, _) => self.draft_latest(request, found, terms, now),
            (Resolve::Crdt, Call::Add { key, by }) => self.draft_addition(key, *by),
            (Resolve::Crdt, Call::Insert { key, value }) => self.draft_insertion(key, *value),
            (Resolve::Crdt, Call::Remove { value, .. }) => draft_removal(*value, found),
            (Resolve::Crdt, call)
                if !matches!(self.table.get(call.key()), None | Some(Object::Siblings(_))) =>
            {
                Err(OTHER)
            }
            _ => self.draft_sibling(request, found),
        }
    }

    /// The next name under a key. It is on disk before it is sent.
    fn next_dot(&mut self, key: &SmolStr) -> Dot {
        let own = self.own.entry(key.clone()).or_default();
        own.count += 1;
        Dot { node: self.me, count: own.count }
    }

    fn draft_latest(
        &mut self,
        request: &Request,
        found: Option<&Object>,
        terms: Terms,
        now: LocalTime,
    ) -> Result<Draft, Outcome> {
        let blind = matches!(request.call, Call::Write { .. });
        let base = found.filter(|_| !blind).map(Object::value).unwrap_or_default();
        let (value, heard) = on_object(&request.call, base)?;
        let mut reading = self.clock.read(now);
        if let (true, Some(Object::Latest(newest))) = (terms.write_back, found) {
            reading = reading.max(later_than(newest.stamp().reading, now));
            self.clock.hear(reading);
        }
        let dot = self.next_dot(request.call.key());
        let seen = match found {
            Some(found) if !blind => found.seen(),
            _ => told(&request.context).into_iter().collect(),
        };
        let object = Object::Latest(LwwRegister::new(Stamp { reading, dot }, value));
        Ok(Draft { object, dot: Some(dot), seen, heard })
    }

    /// A write overwrites what its client has seen; a change to a set or a number what its coordinator has.
    fn draft_sibling(&mut self, request: &Request, found: Option<&Object>) -> Result<Draft, Outcome> {
        let blind = matches!(request.call, Call::Write { .. });
        let contradicts = |found: &Object| {
            let number = |(_, value): &(Dot, Value)| matches!(value, Value::Int(_));
            found.siblings() > 1 && found.versions().iter().any(number)
        };
        if !blind && found.is_some_and(contradicts) {
            return Err(CONTRADICTS);
        }
        let base = found.filter(|_| !blind).map(Object::value).unwrap_or_default();
        let (value, heard) = on_object(&request.call, base)?;
        let seen = if blind {
            Context::from_token(&request.context)
        } else {
            found.map(Object::seen).unwrap_or_default()
        };
        let dot = self.next_dot(request.call.key());
        let object = Object::Siblings(MvRegister::written(dot, value, seen.clone()));
        Ok(Draft { object, dot: Some(dot), seen, heard })
    }

    /// A node counts what it adds itself, and that is all it tells: it asks no other node for the sum.
    fn draft_addition(&mut self, key: &SmolStr, by: i64) -> Result<Draft, Outcome> {
        if !matches!(self.table.get(key), None | Some(Object::Counter(_))) {
            return Err(OTHER);
        }
        let own = self.own.entry(key.clone()).or_default();
        let part = own.added.add(self.me, by).ok_or(UNCOUNTABLE)?;
        let seen = Context::default();
        Ok(Draft { object: Object::Counter(part), dot: None, seen, heard: Value::Nothing })
    }

    fn draft_insertion(&mut self, key: &SmolStr, value: i64) -> Result<Draft, Outcome> {
        let seen = additions(self.table.get(key), value)?;
        let dot = self.next_dot(key);
        let object = Object::Set(OrSet::inserted(value, dot, seen.clone()));
        Ok(Draft { object, dot: Some(dot), seen, heard: Value::Nothing })
    }

    /// The newest that a client has seen is older than whatever it makes now, if the clock is a hybrid one.
    pub(super) fn heed_client(&mut self, request: &Request) {
        if self.config.resolve == Resolve::HybridClock {
            self.clock.hear(Reading::of_token(&request.token));
        }
    }
}

fn draft_removal(value: i64, found: Option<&Object>) -> Result<Draft, Outcome> {
    let seen = additions(found, value)?;
    let object = Object::Set(OrSet::removed(seen.clone()));
    Ok(Draft { object, dot: None, seen, heard: Value::Nothing })
}

/// The additions of an element that stand in a set.
fn additions(set: Option<&Object>, value: i64) -> Result<Context, Outcome> {
    match set {
        None => Ok(Context::default()),
        Some(Object::Set(set)) => Ok(set.dots(&value).iter().copied().collect()),
        Some(_) => Err(OTHER),
    }
}

/// The write that a client was told of last, where clocks decide: see [`Stamp::token`].
fn told(context: &Token) -> Option<Dot> {
    let dot = Dot { node: NodeId(context.get(2) as u16), count: context.get(3) };
    (dot.count > 0).then_some(dot)
}
