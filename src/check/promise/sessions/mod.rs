//! The session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994), by what can
//! be told for sure from what clients heard.
//!
//! In the paper a server answers a read from the set of writes that it holds, the last of them in one order of writes
//! that all servers agree on. Which order that is no client knows: a store may settle it by time, by clocks that are
//! wrong, or by chance. So nothing is taken from the time of two writes, and a guarantee is a set of demands on the
//! order of each key's writes: the one that a read found comes after every other one that must be in the set. It is
//! broken where no order meets all demands, a circle, or where a read that must find a write finds what was there from
//! the start. Several guarantees are kept together only if one order meets the demands of all: each may be met by an
//! order of its own, and all of them by none. Every sequentially consistent history meets the first two together: its
//! one order does.
//!
//! The first two guarantees say what must be in the set by what the client did. The other two are about the sets
//! themselves: a server that holds a write holds what its client had written or read before. A client can refute
//! them only if it knows what a server holds: where each server answers from a copy of its own, from which nothing is
//! lost between two starts ([`Servers::Keep`]), what an answer showed is there when it answers again. Where that is not
//! known they are refused, see [`judge`]. They order writes of different keys, too: where they are judged, one order of
//! all writes must meet all demands.

mod guarantee;
mod words;
mod write_order;

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use guarantee::Demands;
pub use guarantee::Guarantee;
use words::Words;
use write_order::{Edge, Found, Holder, Learnt, List, Moment, Prefix, WriteOrder};

use super::{AN_ANSWER, News, Watch, heard, keys, only, unfold_as_far};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Initial, Judgement, Ruling, Servers, Terms};
use crate::check::linearizable::Foreign;

/// Why the guarantees of servers are refused.
pub const UNKNOWN_SERVERS: &str = "what servers hold is not known, so this guarantee cannot be judged. If each server \
                                   answers from a copy of its own that loses nothing, say --servers-keep";

/// Watches one guarantee, or several together. Values that are written twice tell nothing, and neither do keys that are
/// changed by anything but writes.
#[derive(Clone, Debug)]
pub struct Sessions {
    demands: Demands,
    initial: Initial,
    keys: LiteMap<SmolStr, Rc<Key>>,
    /// The order of each key's writes, by the key's number; under `None` that of all writes, where servers are bound:
    /// they hold the writes of all keys in one order.
    orders: LiteMap<Option<u32>, Rc<WriteOrder>>,
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
    number: u32,
    /// Every write that was asked for, by its value.
    asked: LiteMap<Value, Asked>,
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

/// Judges a whole history by some of the guarantees, each by itself and all together, and counts what breaks them.
///
/// # Errors
/// Operations that are no reads and writes; only guarantees of servers, where nothing is known of what these hold.
pub fn judge(history: &History, terms: &Terms, guarantees: &[Guarantee]) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Write], "the judge of sessions")?;
    // Where others are judged, those of servers are not if no answer tells by which server it is.
    let mut reads =
        history.operations.iter().filter(|op| op.action.verb == Verb::Read && heard(op).is_some());
    let alone = guarantees.iter().all(|guarantee| guarantee.is_of_servers());
    let told = alone || reads.clone().next().is_none() || reads.any(|op| op.server.is_some());
    let keep = terms.servers == Servers::Keep && told;
    let is_known = |guarantee: &&Guarantee| !guarantee.is_of_servers() || keep;
    let known: Vec<Guarantee> = guarantees.iter().filter(is_known).copied().collect();
    if known.is_empty() {
        return Err(Foreign { operation: 0, why: UNKNOWN_SERVERS.to_owned() });
    }
    let (mut counts, mut first, mut untold, mut spent) = (Vec::new(), None, 0, false);
    let each = known.iter().map(|guarantee| (guarantee.name(), std::slice::from_ref(guarantee)));
    let together = Some(("together", &known[..])).filter(|_| known.len() > 1);
    for (name, guarantees) in each.chain(together) {
        let mut sessions = Sessions { initial: terms.initial.clone(), ..Sessions::of(guarantees) };
        let (found, gave_up) = unfold_as_far(&mut sessions, history);
        counts.push((name, found.len() as u64));
        untold = sessions.untold;
        spent |= gave_up;
        first = first.or_else(|| found.into_iter().next());
    }
    counts.push(("ambiguous reads", untold));
    let refused = (guarantees.len() - known.len()) as u64;
    counts.extend((refused > 0).then_some(("guarantees not judged", refused)));
    let ruling = match first {
        Some(blame) => Ruling::Illegal(blame),
        None if spent || untold + refused > 0 => Ruling::Unknown,
        None => Ruling::Legal,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

impl Sessions {
    /// The judge of one guarantee, of both of clients, or of all four. For those of servers it must be known that each
    /// answers from its own copy.
    pub fn of(guarantees: &[Guarantee]) -> Sessions {
        Sessions {
            demands: Demands::of(guarantees),
            initial: Initial::Nothing,
            keys: LiteMap::new(),
            orders: LiteMap::new(),
            sessions: LiteMap::new(),
            servers: LiteMap::new(),
            now: 0,
            began: Vec::new(),
            untold: 0,
            judged: 0,
        }
    }

    /// Is it about what servers hold?
    pub fn is_of_servers(&self) -> bool {
        self.demands.of_servers
    }

    fn key(&mut self, name: &SmolStr) -> &mut Key {
        let number = self.keys.len() as u32;
        Rc::make_mut(
            self.keys.entry(name.clone()).or_insert_with(|| Rc::new(Key { number, ..Key::default() })),
        )
    }

    /// The order that the writes of a key are in.
    fn order(&mut self, key: u32) -> &mut WriteOrder {
        let key = Some(key).filter(|_| !self.demands.of_servers);
        Rc::make_mut(self.orders.entry(key).or_default())
    }

    /// A server that answers, if anything is known of it.
    fn server(&self, operation: &Operation, began: Moment) -> Option<Holder> {
        let server = operation.server.filter(|_| self.demands.of_servers)?;
        let known = self.servers.get(&server);
        // An answer to what was asked before a start may be older than the start.
        known
            .is_none_or(|known| known.since <= began)
            .then(|| Holder::Server { server, life: known.map_or(0, |known| known.life) })
    }

    fn read(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let read = &record[place];
        self.key(&read.action.key);
        let Some(key) = self.keys.get(&read.action.key) else { return News::Fine };
        let number = key.number;
        let Some(seen) = self.seen(key, value) else {
            self.untold += 1;
            return News::Fine;
        };
        let (words, began) = (Words { record }, self.began[place]);
        let client = Some(Holder::Client(read.client)).filter(|_| self.demands.of_clients);
        let mut news = News::Fine;
        for holder in client.into_iter().chain(self.server(read, began)) {
            let order = self.order(number);
            let prefix = order.known(List { holder, key: Some(number) }, began);
            if news == News::Fine {
                news = judge_read(order, &words, place, &seen, prefix);
            }
            self.judged += u64::from(prefix.count > 0);
        }
        if let Seen::Write(write) = seen {
            self.found(record, place, write);
        }
        news
    }

    /// A read found a write: its client knows it from now on, and the server holds it and what must be with it.
    fn found(&mut self, record: &[Rc<Operation>], read: usize, write: usize) {
        if self.demands.reads {
            self.bind(record, read, write);
        }
        if self.demands.of_servers {
            self.shown(record, read, write);
        }
    }

    /// A write binds what the client of an operation does from now on.
    fn bind(&mut self, record: &[Rc<Operation>], by: usize, write: usize) {
        let (client, now) = (record[by].client, self.now);
        let holder = Holder::Client(client);
        self.learn(record, holder, write, by);
        if self.demands.of_servers {
            let learnt = Learnt { write, by, since: now };
            self.order(0).learn(List { holder, key: None }, learnt);
            self.sessions.entry(client).or_default().push((write, now));
        }
    }

    /// An operation told a holder of a write.
    fn learn(&mut self, record: &[Rc<Operation>], holder: Holder, write: usize, by: usize) {
        let since = self.now;
        let key = self.key(&record[write].action.key).number;
        self.order(key).learn(List { holder, key: Some(key) }, Learnt { write, by, since });
    }

    /// A server answered with a write, so it holds that, all that its client had in its session before, and so on.
    fn shown(&mut self, record: &[Rc<Operation>], read: usize, write: usize) {
        let Some(holder) = self.server(&record[read], self.began[read]) else { return };
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

    /// A client asks for a write: the guarantees of servers put it behind what was in its session, whatever the keys.
    fn asked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { client, action, .. } = &*record[place];
        let key = self.key(&action.key);
        let times = key.asked.get(&action.value).map_or(0, |asked| asked.times) + 1;
        key.asked.insert(action.value.clone(), Asked { times, write: place });
        if self.demands.of_servers {
            let (now, list) = (self.now, List { holder: Holder::Client(*client), key: None });
            let order = self.order(0);
            let prefix = order.known(list, now);
            // No circle comes of this: nothing comes behind a write that begins only now.
            let found = order.demand(prefix, Edge { to: place, by: place }, AN_ANSWER.steps);
            debug_assert_eq!(found, Found::Order);
        }
    }
}

/// Every write in the prefix is older than what was seen, or is it.
fn judge_read(order: &mut WriteOrder, words: &Words<'_>, by: usize, seen: &Seen, prefix: Prefix) -> News {
    let to = match (seen, order.last(prefix)) {
        (Seen::Write(write), _) => *write,
        (Seen::Start, None) => return News::Fine,
        (Seen::Start, Some(missed)) => {
            return News::Broken(words.missed(by, missed, prefix.list.holder));
        }
    };
    match order.demand(prefix, Edge { to, by }, AN_ANSWER.steps) {
        Found::Order => News::Fine,
        Found::Circle(hops) => News::Broken(words.circle(&hops)),
        Found::Spent => News::Spent,
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
        let operation = &record[place];
        match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => return self.read(record, place, value),
            (Verb::Write, Outcome::Ok(_)) if self.demands.writes => self.bind(record, place, place),
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
