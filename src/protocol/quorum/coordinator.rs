//! The coordinator of an operation: takes it on or sends it on, asks, insists, gives up (Dynamo, sections 4.5 and 4.6).

use smol_str::SmolStr;

use super::answers::Answer;
use super::config::{Coordinator, Terms};
use super::message::Rpc;
use super::round::{Round, Step, Target};
use super::storage::{Record, Then};
use super::{Alarm, Forwarded, Replica};
use crate::sim::{Call, Ctx, NodeId, OpId, Outcome, Request};

const TOO_FEW: Outcome = Outcome::Failed("too few replicas are in reach");

impl Replica {
    pub(super) fn receive_request(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        let op = request.op;
        match request.call {
            Call::Read { .. } | Call::Write { .. } | Call::Add { .. } => {}
            Call::Insert { .. } | Call::Remove { .. } => {}
            Call::Cas { .. } | Call::Acquire { .. } | Call::Release { .. } => {
                return ctx.reply(op, Outcome::Failed("this store cannot compare and set"));
            }
            Call::Append { .. } | Call::Enqueue { .. } | Call::Dequeue { .. } => {
                return ctx.reply(op, Outcome::Failed("this store keeps no order"));
            }
        }
        if let Some(outcome) = self.config.too_much(&request.call, request.level) {
            return ctx.reply(op, outcome);
        }
        if !self.begins(&request, ctx) {
            return self.repeat(request, ctx);
        }
        match self.elsewhere(request.call.key()) {
            Some(to) => {
                if !request.call.reads_only() {
                    self.answers.keep(op, Answer::SentOn(to));
                }
                self.once_safe(Then::Forward { to, request }, ctx);
            }
            None => self.coordinate(request, ctx),
        }
    }

    /// A request that comes again gets the same response again, once there is one. What is sent on goes to a node nearer to the head of the preference list, and so never round in a circle.
    fn repeat(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        match self.answers.of(request.op).cloned() {
            None => {}
            Some(Answer::Ended(outcome, token)) => ctx.reply_as_of(request.op, outcome, token),
            Some(Answer::SentOn(to)) => self.once_safe(Then::Forward { to, request }, ctx),
        }
    }

    /// Takes an operation on; false if it did already. A write is on record before anything is done about it, so that
    /// a second copy of the request takes no effect even after a crash.
    fn begins(&mut self, request: &Request, ctx: &mut Ctx<'_, Self>) -> bool {
        if request.call.reads_only() {
            return !self.rounds.iter().any(|round| round.request.op == request.op);
        }
        let new = self.begun.insert(request.op);
        if new {
            self.write(Record::Begun(request.op), ctx);
        }
        new
    }

    /// The node that is to coordinate instead.
    fn elsewhere(&self, key: &SmolStr) -> Option<NodeId> {
        let first = self.ring.homes(key).find(|home| !self.suspects.contains(home));
        match self.config.coordinator {
            Coordinator::Asked => None,
            Coordinator::AnyReplica if self.ring.holds(self.me, key) => None,
            Coordinator::AnyReplica | Coordinator::Owner => first.filter(|first| *first != self.me),
        }
    }

    /// Sends an operation on to its coordinator.
    pub(super) fn hand_on(&mut self, to: NodeId, request: Request, ctx: &mut Ctx<'_, Self>) {
        let until = ctx.now() + self.config.patience;
        self.forwarded.push(Forwarded { op: request.op, to, until });
        ctx.send(to, Rpc::Forward(request));
        self.rearm(ctx);
    }

    pub(super) fn receive_forward(&mut self, from: NodeId, request: Request, ctx: &mut Ctx<'_, Self>) {
        ctx.send(from, Rpc::ForwardAck { op: request.op });
        match self.begins(&request, ctx) {
            true => self.coordinate(request, ctx),
            false => self.repeat(request, ctx),
        }
    }

    pub(super) fn forget_forwarded(&mut self, op: OpId) {
        self.forwarded.retain(|forwarded| forwarded.op != op);
    }

    fn coordinate(&mut self, request: Request, ctx: &mut Ctx<'_, Self>) {
        let terms = self.config.terms(request.level);
        let gathers = self.gathers_first(&request.call, terms);
        let targets = self.targets(request.call.key(), terms);
        let stores = !request.call.reads_only() || terms.write_back;
        let needed = usize::max(if gathers { terms.read } else { 0 }, if stores { terms.write } else { 0 });
        let reach = targets.iter().filter(|target| !self.suspects.contains(&target.node)).count();
        if !terms.sloppy && reach < needed {
            ctx.note(|| format!("refuses {}: {reach} of the {needed} it needs are in reach", request.call));
            return self.refuse(&request, TOO_FEW, ctx);
        }
        let number = self.next_round;
        self.next_round += 1;
        let (again, until) = (ctx.now() + self.config.patience, ctx.now() + self.config.timeout);
        self.heed_client(&request);
        self.rounds.push(Round {
            number,
            request,
            terms,
            step: Step::Gather,
            targets,
            found: None,
            written: None,
            answered: false,
            again,
            until,
        });
        if gathers {
            self.ask_all(number, ctx)
        } else {
            self.issue(number, ctx)
        }
        self.rearm(ctx);
    }

    /// The nodes that are asked: the replicas, or, with a sloppy quorum, the first healthy nodes from the first replica
    /// onwards.
    pub(super) fn targets(&self, key: &SmolStr, terms: Terms) -> Vec<Target> {
        let homes: Vec<NodeId> = self.ring.homes(key).collect();
        if !terms.sloppy {
            return homes.into_iter().map(|home| Target::new(home, None)).collect();
        }
        let mut others = self.ring.walk(key).skip(homes.len()).filter(|node| !self.suspects.contains(node));
        let mut target = |home: NodeId| {
            let other = self.suspects.contains(&home).then(|| others.next()).flatten();
            other.map_or(Target::new(home, None), |other| Target::new(other, Some(home)))
        };
        homes.into_iter().map(&mut target).collect()
    }

    pub(super) fn round(&mut self, number: u64) -> Option<&mut Round> {
        self.rounds.iter_mut().find(|round| round.number == number)
    }

    pub(super) fn end(&mut self, number: u64) -> Option<Round> {
        let place = self.rounds.iter().position(|round| round.number == number)?;
        Some(self.rounds.remove(place))
    }

    /// Puts the question of a round to one of its targets.
    fn ask(&mut self, number: u64, target: &Target, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        let key = round.key().clone();
        match (round.step.clone(), target.node == self.me) {
            (Step::Gather, true) => {
                let copy = self.copy(&key);
                self.count_read(self.me, number, copy, ctx);
            }
            (Step::Gather, false) => ctx.send(target.node, Rpc::Read { round: number, key }),
            (Step::Store(object), true) => {
                self.keep(&key, &object, target.home, ctx);
                self.once_safe(Then::Count { round: number }, ctx);
            }
            (Step::Store(object), false) => {
                ctx.send(target.node, Rpc::Write { round: number, key, object, home: target.home });
            }
        }
    }

    /// Puts the question of a round to all its targets; the coordinator itself may answer at once, so it comes last.
    pub(super) fn ask_all(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.round(number) else { return };
        let targets = round.targets.clone();
        let (own, others): (Vec<_>, Vec<_>) = targets.into_iter().partition(|target| target.node == self.me);
        others.iter().chain(&own).for_each(|target| self.ask(number, target, ctx));
    }

    /// Some rounds are due.
    pub(super) fn look_at_rounds(&mut self, ctx: &mut Ctx<'_, Self>) {
        let now = ctx.now();
        let due: Vec<u64> =
            self.rounds.iter().filter(|round| round.due() <= now).map(|round| round.number).collect();
        due.into_iter().for_each(|number| self.insist(number, ctx));
        let (silent, waiting) = std::mem::take(&mut self.forwarded)
            .into_iter()
            .partition::<Vec<_>, _>(|forwarded| forwarded.until <= now);
        self.forwarded = waiting;
        silent.into_iter().for_each(|forwarded| self.suspect(forwarded.to, ctx));
        self.rearm(ctx);
    }

    /// Targets are silent: they count as out of reach, others may stand in for them, and those that have not answered
    /// are asked again.
    fn insist(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let (me, now) = (self.me, ctx.now());
        let again = now + self.config.patience;
        let Some(round) = self.round(number) else { return };
        if !round.answered && round.until <= now {
            return self.give_up(number, ctx);
        }
        round.again = again;
        let (answered, sloppy) = (round.answered, round.terms.sloppy);
        let silent: Vec<Target> =
            round.targets.iter().filter(|target| !target.heard && target.node != me).cloned().collect();
        silent.iter().for_each(|target| self.suspect(target.node, ctx));
        if !answered {
            silent.iter().for_each(|target| self.ask(number, target, ctx));
        }
        if sloppy {
            silent
                .iter()
                .filter(|target| !target.replaced)
                .for_each(|target| self.replace(number, target, ctx));
        }
        if answered {
            self.end(number);
        }
    }

    /// The next healthy node stands in for one that is silent.
    fn replace(&mut self, number: u64, silent: &Target, ctx: &mut Ctx<'_, Self>) {
        let (ring, suspects) = (self.ring, self.suspects.clone());
        let Some(round) = self.round(number) else { return };
        let free = |node: &NodeId| {
            !suspects.contains(node) && !round.targets.iter().any(|target| target.node == *node)
        };
        let Some(other) = ring.walk(round.key()).find(free) else { return };
        let replaced = round.targets.iter_mut().find(|target| target.node == silent.node);
        replaced.into_iter().for_each(|target| target.replaced = true);
        let target = Target::new(other, Some(silent.home.unwrap_or(silent.node)));
        round.targets.push(target.clone());
        self.ask(number, &target, ctx);
    }

    /// Too few answered in time. What was begun to be stored may stay or not: the client is told nothing.
    fn give_up(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(round) = self.end(number) else { return };
        let (heard, needed) = round.score();
        let call = round.request.call.clone();
        if matches!(round.step, Step::Gather) || round.reads() {
            ctx.note(|| format!("refuses {call}: only {heard} of {needed} answered"));
            self.refuse(&round.request, TOO_FEW, ctx);
        } else {
            ctx.note(|| format!("gives up on {call}: {heard} of {needed} hold it, and it may stay"));
        }
    }

    /// Tells a client that nothing was done; of a write only once it is sure that nothing ever will be.
    pub(super) fn refuse(&mut self, request: &Request, outcome: Outcome, ctx: &mut Ctx<'_, Self>) {
        if request.call.reads_only() {
            return ctx.reply(request.op, outcome);
        }
        self.once_safe(Then::Refuse { op: request.op, outcome }, ctx);
    }

    /// Wakes when the next round is due.
    pub(super) fn rearm(&mut self, ctx: &mut Ctx<'_, Self>) {
        let rounds = self.rounds.iter().map(Round::due);
        match rounds.chain(self.forwarded.iter().map(|forwarded| forwarded.until)).min() {
            Some(due) => ctx.set_timer(Alarm::Deadline, due - ctx.now()),
            None => ctx.cancel(Alarm::Deadline),
        }
    }
}
