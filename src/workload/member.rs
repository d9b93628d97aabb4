//! One client of a run: what it has under way, and what it knows.

use std::collections::VecDeque;
use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::arrivals::Progress;
use super::client::{Client, Route};
use super::pace::Pace;
use crate::sim::{Call, Dice, EventId, Level, Micros, NodeId, OpId, Outcome, Request, Time, Token};

/// A client, and all that changes of it in a run.
#[derive(Clone, Debug)]
pub struct Member {
    pub(super) client: Rc<Client>,
    /// Which of its asks comes next.
    turn: usize,
    /// The node it believes in.
    pub(super) node: NodeId,
    /// The node that an operation went to last which may go anywhere.
    wandered: NodeId,
    /// In the order in which they were asked.
    waits: VecDeque<Waiting>,
    heard: Option<(Time, Option<(Call, Outcome)>)>,
    /// The newest state it has seen.
    token: Token,
    /// The version of each key that it has seen last.
    contexts: LiteMap<SmolStr, Token>,
    arrived: Progress,
    /// Its own streams of chance, so that how one thing goes does not reshuffle another.
    gaps: Dice,
    choices: Dice,
    pauses: Dice,
}

/// An operation under way.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) op: OpId,
    pub(super) call: Call,
    pub(super) level: Level,
    pub(super) invoked: EventId,
    /// The node that was asked, or that will be.
    pub(super) node: NodeId,
    /// It will be asked for again, at this time or later; `None` while somebody may answer.
    pub(super) again: Option<Time>,
    /// Attempts so far, when the last one has waited long enough, and the last pause; only with a policy.
    pub(super) attempts: u32,
    pub(super) attempt_until: Time,
    /// Some attempt was given up without an answer: that one may still take effect.
    pub(super) unanswered: bool,
    pub(super) pause: Option<Micros>,
}

impl Waiting {
    /// A node failed an attempt at a write: may another attempt still take effect? A service that says "the value is
    /// another" has looked, and means the operation.
    pub(super) fn may_last_after(&self, outcome: &Outcome) -> bool {
        let fails = matches!(outcome, Outcome::Failed(_)) && !matches!(self.call, Call::Cas { .. });
        fails && self.unanswered && !self.call.reads_only()
    }
}

impl Member {
    /// The `index`th client of a run, before it did anything.
    pub(super) fn new(client: &Client, seed: u64, index: usize) -> Member {
        let dice = |name: &str| Dice::named(seed, name, index as u64);
        Member {
            node: client.node,
            wandered: client.node,
            client: Rc::new(client.clone()),
            turn: 0,
            waits: VecDeque::new(),
            heard: None,
            token: Token::default(),
            contexts: LiteMap::new(),
            arrived: Progress::default(),
            gaps: dice("client arrivals"),
            choices: dice("client asks"),
            pauses: dice("client retries"),
        }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The operations under way, in the order in which they were asked.
    pub fn under_way(&self) -> impl ExactSizeIterator<Item = &Call> + DoubleEndedIterator {
        self.waits.iter().map(|waiting| &waiting.call)
    }

    /// What it heard last, of what, and when; `None` if there was no answer in time.
    pub fn heard(&self) -> Option<(Time, Option<&(Call, Outcome)>)> {
        self.heard.as_ref().map(|(at, heard)| (*at, heard.as_ref()))
    }

    /// When it asks for the first time.
    pub(super) fn first(&mut self) -> Option<Time> {
        let from = self.client.from;
        match &self.client.pace {
            Pace::Every(_) | Pace::Think(_) => Some(from),
            Pace::Open(arrivals) => {
                let first = arrivals.first(&mut self.arrived, &mut self.gaps);
                first.map(|first| from + first).filter(|at| *at <= self.client.to)
            }
        }
    }

    /// When it asks next if it is about to ask now, as far as that is known already.
    pub(super) fn next(&mut self, now: Time) -> Option<Time> {
        let next = match &self.client.pace {
            Pace::Every(every) => Some(now + *every),
            Pace::Think(_) => None,
            Pace::Open(arrivals) => {
                arrivals.next(&mut self.arrived, &mut self.gaps).map(|next| self.client.from + next)
            }
        };
        next.filter(|at| *at <= self.client.to)
    }

    /// When it asks next if an operation ends now, as far as that depends on it.
    pub(super) fn after(&mut self, now: Time) -> Option<Time> {
        let Pace::Think(think) = &self.client.pace else { return None };
        Some(now + think.draw(self.gaps.source())).filter(|at| *at <= self.client.to)
    }

    /// Does it wait for an answer before it asks for anything else?
    pub(super) fn is_busy(&self) -> bool {
        !self.waits.is_empty() && !self.client.pace.is_open()
    }

    /// What it asks for now; `fresh` counts the numbers given out. `None` if it never asks for anything.
    pub(super) fn choose(&mut self, me: NodeId, fresh: &mut i64) -> Option<(Call, Level)> {
        let Client { asks, mix, keys, .. } = &*self.client;
        let ask = if mix.is_empty() {
            asks.get(self.turn % asks.len().max(1))?
        } else {
            let mut left = self.choices.below(mix.iter().map(|weight| u64::from(*weight)).sum());
            let drawn = mix.iter().position(|weight| match left.checked_sub((*weight).into()) {
                Some(rest) => {
                    left = rest;
                    false
                }
                None => true,
            });
            asks.get(drawn?)?
        };
        self.turn += 1;
        let mut call = ask.call(me, fresh);
        if ask.family().is_some() {
            *call.key_mut() = ask.key(keys.draw(&mut self.choices));
        }
        Some((call, ask.level))
    }

    /// The node that an operation goes to first.
    pub(super) fn whom(&mut self, call: &Call) -> NodeId {
        match self.client.route(call.reads_only()) {
            Route::Believed => self.node,
            Route::To(node) => node,
            Route::Anywhere(nodes) => {
                self.wandered = another(self.wandered, nodes);
                self.wandered
            }
        }
    }

    /// Nobody answers at `node`: if it believed in it, it does so no more.
    pub(super) fn lose_faith(&mut self, node: NodeId, nodes: u16) {
        if node == self.node {
            self.node = another(self.node, nodes);
        }
    }

    pub(super) fn wait(&mut self, waiting: Waiting) {
        self.waits.push_back(waiting);
    }

    /// The operation, if it is under way.
    pub(super) fn waiting(&mut self, op: OpId) -> Option<&mut Waiting> {
        let place = self.place(op)?;
        self.waits.get_mut(place)
    }

    /// The operation is over.
    pub(super) fn end(&mut self, op: OpId) -> Option<Waiting> {
        let place = self.place(op)?;
        self.waits.remove(place)
    }

    fn place(&self, op: OpId) -> Option<usize> {
        self.waits.binary_search_by_key(&op, |waiting| waiting.op).ok()
    }

    /// The operation to be asked for again now that `op` was to be. If that is over, it is another that was refused
    /// meanwhile: the client lost patience, not the operation.
    pub(super) fn refused(&self, op: OpId, now: Time) -> Option<OpId> {
        let due = |waiting: &&Waiting| waiting.again.is_some_and(|again| again <= now);
        match self.place(op) {
            Some(place) => self.waits.get(place).filter(due).map(|waiting| waiting.op),
            None => self.waits.front().filter(due).map(|waiting| waiting.op),
        }
    }

    /// An attempt failed: the pause before the next one; `None` if there is none left.
    pub(super) fn pause(&mut self, op: OpId, now: Time) -> Option<Micros> {
        let retry = self.client.retry?;
        let place = self.place(op)?;
        let waiting = self.waits.get_mut(place).filter(|waiting| waiting.attempts < retry.attempts())?;
        let pause = retry.pause(waiting.attempts, waiting.pause, &mut self.pauses);
        (waiting.pause, waiting.again) = (Some(pause), Some(now + pause));
        Some(pause)
    }

    /// The request for an operation under way, with all that the client knows.
    pub(super) fn request(&self, op: OpId) -> Option<(&Waiting, Request)> {
        let waiting = self.waits.get(self.place(op)?)?;
        let context = self.contexts.get(waiting.call.key()).cloned().unwrap_or_default();
        let token = self.token.clone();
        let level = if waiting.level == Level::Set { self.client.level } else { waiting.level };
        Some((waiting, Request { op, call: waiting.call.clone(), level, token, context }))
    }

    /// What it takes home from an answer. A failure shows no version, and makes it forget none.
    pub(super) fn learn(&mut self, now: Time, outcome: Outcome, token: Token, call: &Call) {
        let key = call.key();
        self.token.merge(&token);
        match (&outcome, token.numbers()) {
            (Outcome::Failed(_) | Outcome::Redirect(_), _) => {}
            (Outcome::Ok(_), []) => drop(self.contexts.remove(key)),
            (Outcome::Ok(_), _) => drop(self.contexts.insert(key.clone(), token)),
        }
        self.heard = Some((now, Some((call.clone(), outcome))));
    }

    /// It gave up.
    pub(super) fn hear_nothing(&mut self, now: Time) {
        self.heard = Some((now, None));
    }
}

/// The node behind this one, round and round.
pub(super) fn another(node: NodeId, nodes: u16) -> NodeId {
    NodeId((node.0 + 1) % nodes.max(1))
}
