//! A world with people in it: nodes of one protocol, their disks, and the letters they write.

use super::digest::digest;
use super::disk::Disk;
use super::envelope::Post;
use super::fault::Fault;
use super::letters::Letters;
use super::nature::Nature;
use super::node::{Ctx, Effect, Input, Message, Node, NodeId};
use super::outcome::Outcome;
use super::request::{OpId, Request, Token};
use super::rng::Dice;
use super::time::Micros;
use super::trace::{EventId, Trace, What};
use super::world::{Happened, World};

/// A node, and what belongs to it alone.
#[derive(Clone, Debug)]
pub struct Seat<N: Node> {
    /// The running process; `None` while it is down.
    pub node: Option<N>,
    /// The process as it was when it died; nothing but pictures may look at it.
    pub ghost: Option<N>,
    pub disk: Disk<N::Record>,
    /// The process as it is before its first step, for restarts.
    blank: N,
    dice: Dice,
    timers: Vec<N::Timer>,
    /// Effects of a step whose work is not done.
    pub(super) outbox: Vec<Effect<N>>,
    pub(super) outbox_cause: EventId,
}

/// What is in an envelope.
#[derive(Clone, Debug, Hash)]
pub enum Letter<M> {
    Peer(M),
    Ask(Request),
    Answer { op: OpId, outcome: Outcome, token: Token },
}

/// What one step of the cluster was, for what watches it: judges, clients, the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A node took an input in: its state may have changed.
    Node { node: NodeId, event: EventId },
    /// A client heard back.
    Answer { client: NodeId, from: NodeId, op: OpId, outcome: Outcome, token: Token, event: EventId },
    /// The stage's own alarm.
    Call { tag: u64 },
    /// What an earlier step wanted done left its node, from this event on.
    Left { node: NodeId, since: EventId },
    /// Nothing that shows in a node.
    Quiet,
}

/// The world, the nodes in it, and their letters. A clone of it is a keyframe.
#[derive(Clone, Debug)]
pub struct Cluster<N: Node> {
    world: World,
    seats: Vec<Seat<N>>,
    letters: Letters<Letter<N::Message>>,
    scratch: Vec<Effect<N>>,
    dealings: Vec<Dealing>,
    seed: u64,
}

/// What a node had to do with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dealing {
    /// It took a request in.
    Received { op: OpId, node: NodeId },
    /// Its answer left. `done`: it says that the operation took effect, or what a read found.
    Answered { op: OpId, node: NodeId, done: bool },
}

/// A node to be seated: its process before the first step, and what its disk holds already.
pub struct Newcomer<N: Node> {
    pub node: N,
    pub disk: Vec<N::Record>,
}

impl<N: Node> Cluster<N> {
    /// Seats the nodes and starts them, in order.
    pub fn new(nature: Nature, newcomers: Vec<Newcomer<N>>, trace: &mut Trace) -> Cluster<N> {
        let seed = nature.seed;
        let seats = newcomers.into_iter().enumerate().map(|(i, newcomer)| Seat {
            node: None,
            ghost: None,
            disk: Disk::holding(newcomer.disk),
            blank: newcomer.node,
            dice: Dice::named(seed, "node", i as u64),
            timers: Vec::new(),
            outbox: Vec::new(),
            outbox_cause: EventId::NONE,
        });
        let seats: Vec<_> = seats.collect();
        let mut cluster = Cluster {
            world: World::new(nature),
            seats,
            letters: Letters::default(),
            scratch: Vec::new(),
            dealings: Vec::new(),
            seed,
        };
        for node in 0..cluster.seats.len() as u16 {
            cluster.start(NodeId(node), EventId::NONE, trace);
        }
        cluster
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    pub fn seats(&self) -> &[Seat<N>] {
        &self.seats
    }

    /// A running node; `None` while it is down.
    pub fn node(&self, node: NodeId) -> Option<&N> {
        self.seats.get(node.index())?.node.as_ref()
    }

    /// Every running node, in order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &N)> {
        self.seats.iter().zip(0..).filter_map(|(seat, id)| Some((NodeId(id), seat.node.as_ref()?)))
    }

    /// What nodes had to do with clients in the last step, in order.
    pub fn dealings(&self) -> &[Dealing] {
        &self.dealings
    }

    /// The timers of a node, by the index that [`super::processor::Alarm`] gives.
    pub fn timer(&self, node: NodeId, index: usize) -> Option<N::Timer> {
        self.seats.get(node.index())?.timers.get(index).copied()
    }

    /// The letter in an envelope in flight.
    pub fn letter(&self, place: u32) -> Option<&Letter<N::Message>> {
        self.letters.peek(place)
    }

    /// Lets the next thing happen; `None` when nothing ever will again, or a limit is reached.
    #[inline]
    pub fn step(&mut self, trace: &mut Trace) -> Option<Step> {
        self.dealings.clear();
        let mut happened = self.world.next(trace)?;
        if let Happened::Flushed { node, through, cause } = happened {
            self.sync_again(node, through);
            happened = self.world.hear_of_sync(trace, node, through, cause);
        }
        let (node, input, event) = match happened {
            Happened::Message { from, to, letter, event } => match self.letters.take(letter) {
                Letter::Peer(message) => (to, Input::Message { from, message }, event),
                Letter::Ask(request) => {
                    self.dealings.push(Dealing::Received { op: request.op, node: to });
                    (to, Input::Request(request), event)
                }
                Letter::Answer { op, outcome, token } => {
                    return Some(Step::Answer { client: to, from, op, outcome, token, event });
                }
            },
            Happened::Timer { node, timer, event } => {
                (node, Input::Timer(self.seats[node.index()].timers[timer as usize]), event)
            }
            Happened::Synced { node, through, event } => (node, Input::Synced { through }, event),
            Happened::Left { node } => {
                let since = EventId(self.world.events());
                self.let_go(node, trace);
                return Some(Step::Left { node, since });
            }
            Happened::Lost { letter } => {
                self.letters.forget(letter);
                return Some(Step::Quiet);
            }
            Happened::Call { tag } => return Some(Step::Call { tag }),
            Happened::Flushed { .. } | Happened::Nothing => return Some(Step::Quiet),
        };
        Some(self.input(node, Some(input), event, trace))
    }

    /// A sync is over, and the next one begins if it is wanted.
    fn sync_again(&mut self, node: NodeId, through: u64) {
        if let Some((through, cause)) = self.seats[node.index()].disk.finish(through) {
            self.world.sync(node, through, cause, self.seed);
        }
    }

    /// The work of a step is done: its effects leave.
    fn let_go(&mut self, node: NodeId, trace: &mut Trace) {
        let seat = &mut self.seats[node.index()];
        let mut effects = std::mem::take(&mut seat.outbox);
        let cause = seat.outbox_cause;
        self.carry_out(node, &mut effects, cause, trace);
        self.seats[node.index()].outbox = effects;
    }

    /// One step of one node (its first, if there is no input), and what it wants done.
    #[inline]
    fn input(
        &mut self,
        id: NodeId,
        input: Option<Input<'static, N>>,
        event: EventId,
        trace: &mut Trace,
    ) -> Step {
        let seat = &mut self.seats[id.index()];
        let Some(node) = seat.node.as_mut() else { return Step::Quiet };
        let mut effects = std::mem::take(&mut self.scratch);
        let mut ctx = Ctx {
            me: id,
            cluster: self.world.size(),
            now: self.world.processor(id).clock().read(self.world.now()),
            // Whether the line will be new is known when it leaves the node, and not before.
            listening: !trace.is_off(),
            dice: &mut seat.dice,
            effects: &mut effects,
            work: Micros::ZERO,
        };
        node.step(input.unwrap_or_else(|| Input::Start { disk: seat.disk.records() }), &mut ctx);
        let work = ctx.work;
        self.settle(id, effects, work, event, trace);
        Step::Node { node: id, event }
    }

    /// Effects leave at once, or when the work that the step was is done.
    #[inline]
    fn settle(
        &mut self,
        id: NodeId,
        mut effects: Vec<Effect<N>>,
        work: Micros,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let work = work + self.world.processor(id).machine().service;
        if self.world.occupy(id, work) && !effects.is_empty() {
            self.world.leave_later(id);
            let seat = &mut self.seats[id.index()];
            self.scratch = std::mem::replace(&mut seat.outbox, effects);
            seat.outbox_cause = cause;
            return;
        }
        self.carry_out(id, &mut effects, cause, trace);
        self.scratch = effects;
    }

    #[inline]
    fn carry_out(&mut self, id: NodeId, effects: &mut Vec<Effect<N>>, cause: EventId, trace: &mut Trace) {
        let mut sync = false;
        for effect in effects.drain(..) {
            match effect {
                Effect::Send { to, message } => {
                    let (kind, bytes) = (message.kind(), message.size());
                    self.post(id, to, kind, bytes, Letter::Peer(message), cause, trace);
                }
                Effect::SetTimer { timer, after } => {
                    let slot = self.timer_slot(id, timer);
                    self.world.set_timer(id, slot, after, cause);
                }
                Effect::Cancel(timer) => {
                    let slot = self.timer_slot(id, timer);
                    self.world.cancel_timer(id, slot);
                }
                Effect::Append(record) => {
                    let now = self.world.now();
                    self.seats[id.index()].disk.append(record, now);
                }
                // All that a step appends is there before its sync begins.
                Effect::Sync => sync = true,
                Effect::Reply { op, outcome, token } => {
                    let done = matches!(outcome, Outcome::Ok(_));
                    self.dealings.push(Dealing::Answered { op, node: id, done });
                    self.answer(id, Letter::Answer { op, outcome, token }, cause, trace)
                }
                Effect::Note(line) => self.world.note(trace, id, cause, line),
            }
        }
        if sync && let Some(through) = self.seats[id.index()].disk.ask(cause) {
            self.world.sync(id, through, cause, self.seed);
        }
    }

    /// The slot that belongs to a timer; few enough that looking through them beats a map.
    #[inline]
    fn timer_slot(&mut self, id: NodeId, timer: N::Timer) -> usize {
        let timers = &mut self.seats[id.index()].timers;
        timers.iter().position(|known| *known == timer).unwrap_or_else(|| {
            timers.push(timer);
            timers.len() - 1
        })
    }

    #[allow(clippy::too_many_arguments)]
    #[inline]
    fn post(
        &mut self,
        from: NodeId,
        to: NodeId,
        kind: &'static str,
        bytes: u32,
        letter: Letter<N::Message>,
        cause: EventId,
        trace: &mut Trace,
    ) {
        let digest = if trace.is_off() { 0 } else { digest(&letter) };
        let letter = self.letters.keep(letter);
        let copies = self.world.send(trace, Post { from, to, kind, bytes, digest, letter }, cause);
        if copies > 1 {
            self.letters.copied(letter, copies - 1);
        }
    }

    /// A client's request leaves for a node.
    pub fn ask(&mut self, ends: (NodeId, NodeId), request: Request, cause: EventId, trace: &mut Trace) {
        self.post(ends.0, ends.1, "request", 64, Letter::Ask(request), cause, trace);
    }

    fn answer(&mut self, node: NodeId, letter: Letter<N::Message>, cause: EventId, trace: &mut Trace) {
        let Letter::Answer { op, .. } = letter else { return };
        let Some(client) = self.world.client_of(op) else { return };
        self.post(node, client, "reply", 64, letter, cause, trace);
    }

    /// Carries a fault out.
    pub fn apply(&mut self, fault: &Fault, cause: EventId, trace: &mut Trace) {
        match fault {
            Fault::Crash(node) if self.world.processor(*node).is_up() => self.crash(*node, cause, trace),
            Fault::Restart(node) if !self.world.processor(*node).is_up() => self.start(*node, cause, trace),
            Fault::Crash(_) | Fault::Restart(_) => return,
            _ => {}
        }
        let after = self.world.apply(trace, fault, cause);
        after.copied.iter().for_each(|letter| self.letters.copied(*letter, 1));
        after.lost.iter().for_each(|letter| self.letters.forget(*letter));
    }

    fn crash(&mut self, node: NodeId, cause: EventId, trace: &mut Trace) {
        let seat = &mut self.seats[node.index()];
        seat.ghost = seat.node.take();
        seat.outbox.clear();
        let unsynced = seat.disk.crash();
        self.world.record(trace, node, cause, What::Crashed { unsynced });
    }

    fn start(&mut self, node: NodeId, cause: EventId, trace: &mut Trace) {
        self.world.start(node);
        let event = self.world.record(trace, node, cause, What::Started);
        let seat = &mut self.seats[node.index()];
        seat.node = Some(seat.blank.clone());
        self.input(node, None, event, trace);
    }
}
