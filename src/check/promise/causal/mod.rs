//! Causal consistency: is there an order of causes, with each client's own order in it, in which every read finds a
//! write that no other write of the key comes between? By the bad patterns of Bouajjani, Enea, Guerraoui and Hamza
//! ("On Verifying Causal Consistency", POPL 2017, table 2): CyclicCO, ThinAirRead, WriteCOInitRead and WriteCORead.
//! It is the weakest of the three kinds that they tell apart. Causal convergence (CCv, what COPS calls causal+) asks for
//! more: writes of one key that do not know of each other are settled in one order everywhere. Its bad patterns are
//! those of causal consistency and CyclicCF.
//!
//! What a read found must be known: a value that was written twice tells nothing, and neither does a key that is
//! changed by anything but writes. Leaving a read out of a history makes no other one wrong.

mod circle;
mod conflicts;
mod words;

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use conflicts::{Conflict, Conflicts, Settled};

use super::chains::{Beginning, Chains, Clock, Spot};
use super::{AN_ANSWER, News, Says, Watch, happened, heard, keys, only, record};
use crate::check::budget::{Budget, Spent};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// The promise in one sentence.
pub const SAYS: Says = (
    "No read misses a write that it must know of, by any way from read to write to read (CC).",
    "Bouajjani et al. 2017, section 3.2",
);

/// The promise of a store that converges, in one sentence.
pub const CONVERGENT: Says = (
    "No read misses a write that it must know of, and all reads settle conflicting writes in one order (CCv).",
    "Bouajjani et al. 2017, section 3.3",
);

/// Watches the order of causes grow.
#[derive(Clone, Debug, Default)]
pub struct Causal {
    initial: Initial,
    chains: Chains,
    /// By place in the record.
    nodes: Vec<Option<Rc<Node>>>,
    keys: LiteMap<SmolStr, Rc<Key>>,
    /// Where causal convergence is watched: what reads settled.
    conflicts: Option<Conflicts>,
    /// Reads that told nothing.
    untold: u64,
    /// Logical bytes of all pasts.
    bytes: u64,
}

/// An operation among its causes.
#[derive(Clone, Debug)]
struct Node {
    spot: Spot,
    /// Everything that came before it.
    past: Clock,
    /// What its client heard last before it asked.
    session: Option<usize>,
    /// The write that it found.
    source: Option<usize>,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Who writes this value; `None` where several do.
    writers: LiteMap<Value, Option<usize>>,
    /// The writes of each chain.
    writes: LiteMap<u32, Vec<(u32, usize)>>,
    /// The first read of each write that was found.
    found: LiteMap<usize, usize>,
    /// Something else changes it.
    muddied: bool,
}

/// Where the value of a read is from.
enum Origin {
    Write(usize),
    /// It was there from the start.
    Start,
    Nobody,
    /// Nobody can tell.
    Untold,
}

/// Judges a whole history by causal consistency (CC). There is no time in it but the order of each client.
///
/// # Errors
/// Operations that are no reads and writes.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    judge_with(Causal::default(), history, terms)
}

/// The same by causal convergence (CCv).
///
/// # Errors
/// Operations that are no reads and writes.
pub fn judge_convergence(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    judge_with(Causal::convergent(), history, terms)
}

fn judge_with(causal: Causal, history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Write], "the judge of causal consistency")?;
    let record = record(history);
    let mut causal = Causal { initial: terms.initial.clone(), ..causal };
    let chosen = (0..record.len()).filter(|place| happened(&record[*place]));
    chosen.for_each(|place| causal.announce(&record, place));
    let mut gave_up = false;
    let found = match circle::in_causal_order(&record, |read| causal.found_by(&record, read)) {
        Err(circle) => Some(words::circle(&record, &circle)),
        Ok(tips) => {
            let sessions = circle::Sessions::of(&record);
            let mut found = None;
            for (steps, tip) in (1..).zip(tips) {
                let mut spent = Spent { steps, bytes: 0 };
                if !spent.allows(causal.bytes, Budget { steps: u64::MAX, ..terms.budget }) {
                    let judgement = Judgement::counted(Ruling::Unknown, keys(history), Vec::new());
                    return Ok(Judgement { spent, ..judgement });
                }
                if tip.returns {
                    match causal.ended(&record, tip.place) {
                        News::Fine => {}
                        News::Broken(blame) => {
                            found = Some(blame);
                            break;
                        }
                        News::Spent => gave_up = true,
                    }
                } else if let Some(beginning) =
                    sessions.beginning(tip.place, |other| causal.with_its_past(other))
                {
                    causal.enter(&record, tip.place, beginning);
                }
            }
            found
        }
    };
    let ruling = match found {
        Some(blame) => Ruling::Illegal(blame),
        None if gave_up || causal.untold > 0 => Ruling::Unknown,
        None => Ruling::Legal,
    };
    Ok(Judgement::counted(ruling, keys(history), vec![("ambiguous reads", causal.untold)]))
}

impl Causal {
    /// The judge of causal convergence.
    pub fn convergent() -> Causal {
        Causal { conflicts: Some(Conflicts::default()), ..Causal::default() }
    }

    /// A value that is written twice will tell nothing, whatever becomes of the second.
    fn announce(&mut self, record: &[Rc<Operation>], place: usize) {
        let action = &record[place].action;
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match action.verb {
            Verb::Read => {}
            Verb::Write => {
                let writer = if key.writers.contains_key(&action.value) { None } else { Some(place) };
                key.writers.insert(action.value.clone(), writer);
            }
            _ => key.muddied = true,
        }
    }

    /// It begins, and comes after all this.
    fn enter(&mut self, record: &[Rc<Operation>], place: usize, beginning: Beginning) {
        let operation = &record[place];
        let Beginning { spot, past, last } = beginning;
        self.bytes += past.bytes();
        if self.nodes.len() <= place {
            self.nodes.resize(place + 1, None);
        }
        self.nodes[place] = Some(Rc::new(Node { spot, past, session: last, source: None }));
        if operation.action.verb == Verb::Write {
            let key = Rc::make_mut(self.keys.entry(operation.action.key.clone()).or_default());
            key.writes.entry(spot.chain).or_default().push((spot.at, place));
        }
    }

    /// Everything up to an operation, itself among it.
    fn with_its_past(&self, place: usize) -> Clock {
        let Some(Some(node)) = self.nodes.get(place) else { return Clock::default() };
        let mut past = node.past.clone();
        past.add(node.spot);
        past
    }

    /// The write whose value an answered read found, if there is exactly one.
    fn found_by(&self, record: &[Rc<Operation>], read: usize) -> Option<usize> {
        let operation = &record[read];
        let value = heard(operation).filter(|_| operation.action.verb == Verb::Read)?;
        match self.origin(self.keys.get(&operation.action.key)?, value) {
            Origin::Write(place) => Some(place),
            Origin::Start | Origin::Nobody | Origin::Untold => None,
        }
    }

    fn origin(&self, key: &Key, value: &Value) -> Origin {
        let from_start = self.initial.is(value);
        match key.writers.get(value) {
            _ if key.muddied => Origin::Untold,
            Some(Some(place)) if !from_start => Origin::Write(*place),
            Some(_) => Origin::Untold,
            None if from_start => Origin::Start,
            None if self.initial == Initial::Unknown => Origin::Untold,
            None => Origin::Nobody,
        }
    }

    fn read(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let operation = &record[place];
        let (Some(Some(node)), Some(key)) = (self.nodes.get(place), self.keys.get(&operation.action.key))
        else {
            return News::Fine;
        };
        let (mut node, key) = (Node::clone(node), key.clone());
        let news = match self.origin(&key, value) {
            Origin::Untold => {
                self.untold += 1;
                News::Fine
            }
            Origin::Nobody => News::Broken(words::thin_air(record, place)),
            Origin::Start => {
                let newer = self.overwritten(&key, &node.past, None);
                newer.map_or(News::Fine, |newer| self.broken(record, place, newer, None))
            }
            Origin::Write(source) => {
                if let Some(Some(write)) = self.nodes.get(source) {
                    node.past.join(&write.past);
                    node.past.add(write.spot);
                    node.source = Some(source);
                }
                match self.overwritten(&key, &node.past, Some(source)) {
                    Some(newer) => self.broken(record, place, newer, Some(source)),
                    None => self.settle(record, &key, &node.past, (source, place)),
                }
            }
        };
        drop(key);
        if let (Some(source), Some(key)) = (node.source, self.keys.get_mut(&operation.action.key))
            && !key.found.contains_key(&source)
        {
            Rc::make_mut(key).found.insert(source, place);
        }
        self.chains.end(operation.client, place, node.spot, &node.past);
        self.nodes[place] = Some(Rc::new(node));
        news
    }

    /// A write in this past that comes after what was found. In each chain the last one knows most.
    fn overwritten(&self, key: &Key, past: &Clock, source: Option<usize>) -> Option<usize> {
        let source = source.and_then(|source| self.nodes[source].as_ref());
        key.writes.iter().find_map(|(chain, writes)| {
            let known = writes.partition_point(|(at, _)| *at <= past.get(*chain));
            let (_, last) = writes[..known].last()?;
            let node = self.nodes[*last].as_ref()?;
            source.is_none_or(|source| node.past.has(source.spot)).then_some(*last)
        })
    }

    /// A read settles every conflict between what it found and what else it knew of. In each chain the last write
    /// speaks for those before it.
    fn settle(
        &mut self,
        record: &[Rc<Operation>],
        key: &Key,
        past: &Clock,
        (later, read): (usize, usize),
    ) -> News {
        let (Some(conflicts), Some(Some(found))) = (&mut self.conflicts, self.nodes.get(later)) else {
            return News::Fine;
        };
        for (chain, writes) in &key.writes {
            let known = writes.partition_point(|(at, _)| *at <= past.get(*chain));
            let Some((at, earlier)) = writes[..known].last().copied() else { continue };
            if earlier == later || found.past.has(Spot { chain: *chain, at }) {
                continue;
            }
            let conflict = Conflict { earlier, later, read };
            match conflicts.settle(&self.nodes, conflict, AN_ANSWER.steps) {
                Settled::Order => {}
                Settled::Circle(circle) => return News::Broken(words::unsettled(record, &circle)),
                Settled::Spent => return News::Spent,
            }
        }
        News::Fine
    }

    /// It did not happen after all. Somebody may have seen it while nobody knew.
    fn failed(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let operation = &record[place];
        let Some(Some(node)) = self.nodes.get(place).cloned() else { return News::Fine };
        self.chains.forget(operation.client, node.spot);
        if operation.action.verb != Verb::Write {
            return News::Fine;
        }
        let key = Rc::make_mut(self.keys.entry(operation.action.key.clone()).or_default());
        if key.writers.get(&operation.action.value) == Some(&Some(place)) {
            key.writers.remove(&operation.action.value);
        }
        if let Some(writes) = key.writes.get_mut(&node.spot.chain) {
            writes.retain(|(_, write)| *write != place);
        }
        key.found.get(&place).map_or(News::Fine, |read| News::Broken(words::undone(record, *read, place)))
    }

    fn broken(&self, record: &[Rc<Operation>], read: usize, newer: usize, source: Option<usize>) -> News {
        let after = source.map(|source| self.way(source, newer));
        News::Broken(words::overwritten(record, &self.way(newer, read), after.as_deref()))
    }

    /// How one operation led to another: each knew of the one before.
    fn way(&self, from: usize, to: usize) -> Vec<usize> {
        let mut way = vec![to];
        let mut at = to;
        while let (true, Some(Some(node))) = (at != from, self.nodes.get(at)) {
            let leads = |place: &usize| {
                let spot = |place: usize| self.nodes[place].as_ref().map(|node| node.spot);
                let past = self.nodes[*place].as_ref().map(|node| &node.past);
                *place == from || spot(from).is_some_and(|spot| past.is_some_and(|past| past.has(spot)))
            };
            let Some(next) = node.session.filter(leads).or(node.source.filter(leads)) else { break };
            way.push(next);
            at = next;
        }
        way.reverse();
        way
    }
}

impl Watch for Causal {
    fn speaks_of(&self, operation: &Operation) -> bool {
        let key = self.keys.get(&operation.action.key);
        operation.action.verb == Verb::Read && key.is_some_and(|key| !key.muddied && !key.writers.is_empty())
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        self.announce(record, place);
        let beginning = self.chains.begin(record[place].client);
        self.enter(record, place, beginning);
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let operation = &record[place];
        match (operation.action.verb, &operation.outcome) {
            (_, Outcome::Failed) => self.failed(record, place),
            (Verb::Read, Outcome::Ok(value)) => self.read(record, place, value),
            (verb, outcome) => {
                if let Some(Some(node)) = self.nodes.get(place) {
                    match outcome {
                        Outcome::Ok(_) => self.chains.end(operation.client, place, node.spot, &node.past),
                        // Silence about a read matters to nobody.
                        _ if verb == Verb::Read => self.chains.forget(operation.client, node.spot),
                        _ => {}
                    }
                }
                News::Fine
            }
        }
    }
}
