//! The session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994), by what can
//! be told for sure from what clients heard.
//!
//! In the paper a server answers a read from the set of writes that it holds, the last of them in one order of writes
//! that all servers agree on. Which order that is no client knows: a store may settle it by time, by clocks that are
//! wrong, or by chance. So nothing is taken from the time of two writes, and a guarantee is a set of demands on the
//! order of each key's writes: the one that a read found comes after every other one that must be in the set. It is
//! broken where no order meets all demands, a circle, or where a read that must find a write finds what was there from
//! the start. Every sequentially consistent history meets the first two: its one order does.
//!
//! The first two guarantees say what must be in the set by what the client did. The other two are about the sets
//! themselves: a server that holds a write holds what its client had written or read before. A client can refute
//! them only if it knows what a server holds: where each server answers from a copy of its own, from which nothing is
//! lost between two starts ([`Servers::Keep`]), what an answer showed is there when it answers again. Where that is not
//! known they are refused, see [`judge`].

mod guarantee;
mod words;
mod write_order;

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

pub use guarantee::Guarantee;
use words::Words;
use write_order::{Edge, Found, Holder, Learnt, Moment, Prefix, WriteOrder};

use super::{AN_ANSWER, News, Watch, keys, only, unfold};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Initial, Judgement, Ruling, Servers, Terms};
use crate::check::linearizable::Foreign;

/// Why the guarantees of servers are refused.
pub const UNKNOWN_SERVERS: &str = "what servers hold is not known, so this guarantee cannot be judged. If each server \
                                   answers from a copy of its own that loses nothing, say --servers-keep";

/// Watches one guarantee. Values that are written twice tell nothing, and neither do keys that are changed by anything
/// but writes.
#[derive(Clone, Debug)]
pub struct Sessions {
    guarantee: Guarantee,
    initial: Initial,
    keys: LiteMap<SmolStr, Rc<Key>>,
    /// What each client wrote, or read, of any key, and since when.
    sessions: LiteMap<u32, Vec<(usize, Moment)>>,
    servers: LiteMap<u32, Server>,
    now: Moment,
    /// When each operation began, by its place in the record.
    began: Vec<Moment>,
    /// Reads that told nothing, and reads that had to meet a demand.
    untold: u64,
    judged: u64,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Every write that was asked for, by its value.
    asked: LiteMap<Value, Asked>,
    order: WriteOrder,
    /// Something else changed it.
    muddied: bool,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    times: u32,
    write: usize,
}

/// What is known of a server.
#[derive(Clone, Debug, Default)]
struct Server {
    /// Counts its starts, and when the last one was.
    life: u32,
    since: Moment,
    /// How much of each client's session it holds.
    holds: LiteMap<u32, usize>,
}

/// What a read saw.
enum Seen {
    Write(usize),
    /// What was there from the start: older than every write.
    Start,
}

/// Judges a whole history by some of the guarantees, and counts what breaks each.
///
/// # Errors
/// Operations that are no reads and writes; only guarantees of servers, where nothing is known of what these hold.
pub fn judge(history: &History, terms: &Terms, guarantees: &[Guarantee]) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Write], "the judge of sessions")?;
    let known = |guarantee: &&Guarantee| !guarantee.is_of_servers() || terms.servers == Servers::Keep;
    if !guarantees.iter().any(|guarantee| known(&guarantee)) {
        return Err(Foreign { operation: 0, why: UNKNOWN_SERVERS.to_owned() });
    }
    let (mut counts, mut first, mut untold) = (Vec::new(), None, 0);
    for guarantee in guarantees.iter().filter(known) {
        let mut sessions = Sessions { initial: terms.initial.clone(), ..Sessions::of(*guarantee) };
        let found = unfold(&mut sessions, history);
        counts.push((guarantee.name(), found.len() as u64));
        untold = sessions.untold;
        first = first.or_else(|| found.into_iter().next());
    }
    counts.push(("ambiguous reads", untold));
    let refused = guarantees.iter().filter(|guarantee| !known(guarantee)).count() as u64;
    counts.extend((refused > 0).then_some(("guarantees not judged", refused)));
    let ruling = match first {
        Some(blame) => Ruling::Illegal(blame),
        None if untold + refused > 0 => Ruling::Unknown,
        None => Ruling::Legal,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

impl Sessions {
    /// The judge of a guarantee. For those of servers it must be known that each answers from its own copy.
    pub fn of(guarantee: Guarantee) -> Sessions {
        Sessions {
            guarantee,
            initial: Initial::Nothing,
            keys: LiteMap::new(),
            sessions: LiteMap::new(),
            servers: LiteMap::new(),
            now: 0,
            began: Vec::new(),
            untold: 0,
            judged: 0,
        }
    }

    pub fn guarantee(&self) -> Guarantee {
        self.guarantee
    }

    fn key(&mut self, name: &SmolStr) -> &mut Key {
        Rc::make_mut(self.keys.entry(name.clone()).or_default())
    }

    /// Whose knowledge binds an answer; `None` if nothing is known of the server.
    fn holder(&self, operation: &Operation, began: Moment) -> Option<Holder> {
        if !self.guarantee.is_of_servers() {
            return Some(Holder::Client(operation.client));
        }
        let server = operation.server?;
        let known = self.servers.get(&server);
        // An answer to what was asked before a start may be older than the start.
        known
            .is_none_or(|known| known.since <= began)
            .then(|| Holder::Server { server, life: known.map_or(0, |known| known.life) })
    }

    fn read(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let read = &record[place];
        let key = self.keys.entry(read.action.key.clone()).or_default().clone();
        let Some(seen) = self.seen(&key, value) else {
            self.untold += 1;
            return News::Fine;
        };
        drop(key);
        let (words, began) = (Words { guarantee: self.guarantee, record }, self.began[place]);
        let news = match self.holder(read, began) {
            None => News::Fine,
            Some(holder) => {
                let key = self.key(&read.action.key);
                let prefix = key.order.known(holder, began);
                let news = key.judge(&words, place, &seen, prefix);
                self.judged += u64::from(prefix.count > 0);
                news
            }
        };
        if let Seen::Write(write) = seen {
            self.found(record, place, write);
        }
        news
    }

    /// A read found a write: its client knows it from now on, or the server holds it and what must be with it.
    fn found(&mut self, record: &[Rc<Operation>], read: usize, write: usize) {
        let (client, now) = (record[read].client, self.now);
        match self.guarantee {
            Guarantee::ReadYourWrites => {}
            Guarantee::MonotonicReads => self.learn(record, Holder::Client(client), write, read),
            Guarantee::WritesFollowReads => {
                self.learn(record, Holder::Client(client), write, read);
                self.sessions.entry(client).or_default().push((write, now));
                self.shown(record, read, write);
            }
            Guarantee::MonotonicWrites => self.shown(record, read, write),
        }
    }

    /// An operation told a holder of a write.
    fn learn(&mut self, record: &[Rc<Operation>], holder: Holder, write: usize, by: usize) {
        let since = self.now;
        self.key(&record[write].action.key).order.learn(holder, Learnt { write, by, since });
    }

    /// A server answered with a write, so it holds that, all that its client had in its session before, and so on.
    fn shown(&mut self, record: &[Rc<Operation>], read: usize, write: usize) {
        let Some(holder) = self.holder(&record[read], self.began[read]) else { return };
        let Holder::Server { server, .. } = holder else { return };
        let mut held = vec![write];
        while let Some(write) = held.pop() {
            self.learn(record, holder, write, read);
            let (client, asked) = (record[write].client, self.began[write]);
            let session = self.sessions.get(&client).map_or(&[][..], Vec::as_slice);
            let before = session.partition_point(|(_, since)| *since < asked);
            let server = self.servers.entry(server).or_default();
            let known = server.holds.entry(client).or_default();
            if before > *known {
                held.extend(session[*known..before].iter().map(|(write, _)| *write));
                *known = before;
            }
        }
    }

    /// What a value tells, if it does.
    fn seen(&self, key: &Key, value: &Value) -> Option<Seen> {
        let from_start = self.initial.is(value);
        match key.asked.get(value) {
            _ if key.muddied => None,
            Some(Asked { times: 1, write }) if !from_start => Some(Seen::Write(*write)),
            None if from_start => Some(Seen::Start),
            _ => None,
        }
    }

    /// A client asks for a write: the guarantees of servers put it behind what was in its session.
    fn asked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { client, action, .. } = &*record[place];
        let (now, ordered) = (self.now, self.guarantee.is_of_servers());
        let key = self.key(&action.key);
        let times = key.asked.get(&action.value).map_or(0, |asked| asked.times) + 1;
        key.asked.insert(action.value.clone(), Asked { times, write: place });
        if ordered {
            let prefix = key.order.known(Holder::Client(*client), now);
            // No circle comes of this: nothing comes behind a write that begins only now.
            let found = key.order.demand(prefix, Edge { to: place, by: place }, AN_ANSWER.steps);
            debug_assert_eq!(found, Found::Order);
        }
    }
}

impl Key {
    /// Every write in the prefix is older than what was seen, or is it.
    fn judge(&mut self, words: &Words<'_>, by: usize, seen: &Seen, prefix: Prefix) -> News {
        let to = match (seen, self.order.last(prefix)) {
            (Seen::Write(write), _) => *write,
            (Seen::Start, None) => return News::Fine,
            (Seen::Start, Some(missed)) => {
                return News::Broken(words.missed(by, missed, prefix.holder));
            }
        };
        match self.order.demand(prefix, Edge { to, by }, AN_ANSWER.steps) {
            Found::Order => News::Fine,
            Found::Circle(hops) => News::Broken(words.circle(&hops)),
            Found::Spent => News::Spent,
        }
    }
}

impl Watch for Sessions {
    fn speaks_of(&self, operation: &Operation) -> bool {
        let key = self.keys.get(&operation.action.key);
        operation.action.verb == Verb::Read && self.judged > 0 && key.is_some_and(|key| !key.muddied)
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        self.now += 1;
        let now = self.now;
        self.began.resize(self.began.len().max(place + 1), now);
        self.began[place] = now;
        match record[place].action.verb {
            Verb::Read => {}
            Verb::Write => self.asked(record, place),
            _ => self.key(&record[place].action.key).muddied = true,
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        self.now += 1;
        let (operation, now) = (&record[place], self.now);
        match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => return self.read(record, place, value),
            (Verb::Write, Outcome::Ok(_)) if self.guarantee.is_of_writes() => {
                self.learn(record, Holder::Client(operation.client), place, place);
                self.sessions.entry(operation.client).or_default().push((place, now));
            }
            _ => {}
        }
        News::Fine
    }

    fn started(&mut self, server: u32) {
        self.now += 1;
        let known = self.servers.entry(server).or_default();
        *known = Server { life: known.life + 1, since: self.now, holds: LiteMap::new() };
    }
}
