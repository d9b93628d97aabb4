//! Judges of both kinds under one roof: a protocol's own, and those of what its clients see.

use crate::check::clients::{self, Clients, Heard};
use crate::check::convergence::{self, Convergence};
use crate::check::history::{Action, History, Operation, Outcome, Value, Verb};
use crate::check::losses::{self, Losses};
use crate::check::objective::{self, Goal, Objective};
use crate::check::{Claim, Due, Evidence, Mode, Property, View};
use crate::protocol::Protocol;
use crate::scenario::plan::Recovery;
use crate::scenario::{Objectives, Plan};
use crate::sim::{self, Call, Dealing, EventId, Level, Node, NodeId, Time, Trace, What};
use crate::workload::Happening;

/// A promise of a protocol, or of any that serves clients.
#[derive(Clone)]
pub enum Promise<P: Protocol> {
    Own(P::Property),
    Clients(Clients),
    Objective(Objective),
    Convergence(Convergence),
    Losses(Losses),
}

impl<P: Protocol> Promise<P> {
    /// Every promise that a run of this plan is judged by.
    pub fn all(plan: &Plan) -> Vec<Promise<P>> {
        let named = |claim: &Claim| plan.expect.names().any(|name| name == claim.name);
        let own = P::properties(plan.machines.len() as u16, &plan.knobs).into_iter();
        let own = own.filter(|own| own.claim().mode == Mode::Always || named(own.claim()));
        let own = own.map(|mut own| {
            own.settles(plan.objectives.settled);
            Promise::Own(own)
        });
        let served = |claim: &&Claim| named(claim) || P::SERVES.contains(&claim.name);
        let clients = clients::claims().filter(served);
        let clients = clients.filter_map(|claim| Clients::named(claim.name));
        let clients = clients
            .map(|judge| if P::own_copy(&plan.knobs) { judge } else { judge.of_servers_that_ask_others() });
        let clients = clients.map(Promise::Clients);
        let objectives = objective::CLAIMS.iter().filter(|claim| named(claim));
        let objectives = objectives.filter_map(|claim| objective(claim, plan)).map(Promise::Objective);
        let converges = named(&convergence::CLAIM).then(|| {
            Promise::Convergence(Convergence::new(plan.objectives.recovery.map(|recovery| recovery.within)))
        });
        let loses = named(&losses::CLAIM).then(|| Promise::Losses(Losses::new(plan.until)));
        own.chain(clients).chain(loses).chain(objectives).chain(converges).collect()
    }

    /// Tells a judge what a client did or heard just now; places from `places` on are of operations by hand.
    pub fn hear(&mut self, news: &Happening, at: Time, places: u16) -> Heard {
        let judge = match self {
            Promise::Own(own) => {
                match news {
                    // Who asks by hand waits for nothing.
                    Happening::Invoked { client, .. } if client.0 >= places => {}
                    Happening::Invoked { op, .. } => own.asked(*op, at),
                    Happening::Ended { op, outcome, .. } => own.ended(*op, outcome.is_some(), at),
                }
                return Heard::Fine;
            }
            Promise::Objective(judge) => return weigh(judge, news, at),
            Promise::Convergence(judge) => {
                match news {
                    Happening::Invoked { op, call, event, .. } => judge.invoked(op.0, call, at, *event),
                    Happening::Ended { op, event, .. } => judge.ended(op.0, at, *event),
                }
                return Heard::Fine;
            }
            Promise::Losses(judge) => {
                match news {
                    Happening::Invoked { op, client, call, event, .. } => {
                        judge.invoked(*op, *client, call, *event);
                    }
                    Happening::Ended { op, outcome, event, .. } => judge.ended(*op, outcome.as_ref(), *event),
                }
                return Heard::Fine;
            }
            Promise::Clients(judge) => judge,
        };
        match news {
            Happening::Invoked { op, client, call, level, event } => {
                if !call.reads_only() || *level == Level::Set || *level >= judge.level() {
                    judge.invoked(op.0, begun(*client, call, *event));
                } else {
                    judge.left_out();
                }
                Heard::Fine
            }
            Happening::Ended { op, outcome, from, event } => {
                judge.ended(op.0, |operation| finish(operation, outcome.as_ref(), *from, *event))
            }
        }
    }

    /// Tells a judge that a server started anew.
    pub fn started(&mut self, server: NodeId) {
        if let Promise::Clients(judge) = self {
            judge.started(server.0.into());
        }
    }

    /// Tells a judge what a node just had to do with clients.
    pub fn dealt(&mut self, dealing: Dealing) {
        if let Promise::Clients(judge) = self {
            judge.dealt(dealing);
        }
    }

    /// Tells a judge that something was done to the world just now.
    pub fn disturbed(&mut self, at: Time) {
        match self {
            Promise::Own(_) | Promise::Clients(_) | Promise::Losses(_) => {}
            Promise::Objective(judge) => judge.disturbed(at),
            Promise::Convergence(judge) => judge.disturbed(at),
        }
    }
}

/// The judge of a claim by the objectives of a plan; `None` if they say nothing of it.
fn objective(claim: &Claim, plan: &Plan) -> Option<Objective> {
    let Objectives { availability, latency, recovery, window, from, until, settled: _ } = plan.objectives;
    match claim.name {
        "clients get answers" => {
            availability.map(|least| Objective::availability(least, window, from, until))
        }
        "latency objective" => latency.map(|goal| Objective::latency(goal, window, from, until)),
        _ => recovery.map(|Recovery { within, share }| {
            Objective::recovery(Goal { within, share }, window, plan.until)
        }),
    }
}

/// How late it is when a run is over: as late as it can be, unless a limit ended it.
fn end<N: Node>(view: &View<'_, N>) -> Time {
    if view.cluster.world().halted().is_some() { view.now() } else { Time::NEVER }
}

fn weigh(judge: &mut Objective, news: &Happening, at: Time) -> Heard {
    let evidence = match news {
        Happening::Invoked { op, call, event, .. } => {
            judge.invoked(op.0, call, at, *event);
            None
        }
        Happening::Ended { op, outcome, event, .. } => judge.ended(op.0, outcome.as_ref(), at, *event),
    };
    evidence.map_or(Heard::Fine, Heard::Broken)
}

impl<P: Protocol> Property<P> for Promise<P> {
    fn claim(&self) -> &'static Claim {
        match self {
            Promise::Own(own) => own.claim(),
            Promise::Clients(clients) => clients.claim(),
            Promise::Objective(objective) => objective.claim(),
            Promise::Convergence(_) => &convergence::CLAIM,
            Promise::Losses(_) => &losses::CLAIM,
        }
    }

    fn watch(&mut self, view: &View<'_, P>) -> Option<Evidence> {
        match self {
            Promise::Own(own) => own.watch(view),
            Promise::Clients(clients) => {
                let world = view.cluster.world();
                clients.spare(|node| !world.processor(node).is_up() || world.processor(node).is_paused());
                None
            }
            Promise::Objective(objective) => objective.pass(view.now(), || view.is_whole()),
            Promise::Convergence(convergence) => convergence.watch(view),
            Promise::Losses(losses) => losses.watch(view),
        }
    }

    #[inline]
    fn left(&mut self, view: &View<'_, P>) -> Option<Evidence> {
        if let Promise::Own(own) = self { own.left(view) } else { None }
    }

    fn conclude(&mut self, view: &View<'_, P>) -> Option<Evidence> {
        match self {
            Promise::Own(own) => own.conclude(view),
            Promise::Clients(_) => None,
            // Whatever is still wrong stays so.
            Promise::Objective(objective) => objective.pass(end(view), || true),
            Promise::Convergence(convergence) => convergence.compare(view),
            Promise::Losses(losses) => losses.conclude(view),
        }
    }

    fn concerned(&self) -> bool {
        match self {
            Promise::Own(own) => own.concerned(),
            Promise::Clients(clients) => clients.concerned(),
            Promise::Objective(objective) => objective.concerned(),
            Promise::Convergence(convergence) => convergence.concerned(),
            Promise::Losses(losses) => losses.concerned(),
        }
    }

    fn unsure(&self) -> Option<&'static str> {
        match self {
            Promise::Own(own) => own.unsure(),
            Promise::Losses(losses) => losses.unsure(),
            Promise::Clients(_) | Promise::Objective(_) | Promise::Convergence(_) => None,
        }
    }

    fn remark(&self) -> Option<String> {
        match self {
            Promise::Own(own) => own.remark(),
            Promise::Clients(clients) => clients.remark(),
            Promise::Losses(losses) => losses.remark(),
            Promise::Objective(_) | Promise::Convergence(_) => None,
        }
    }

    fn due(&self, view: &View<'_, P>) -> Due {
        match self {
            Promise::Own(own) => own.due(view),
            Promise::Clients(_) | Promise::Losses(_) => Due::Clear,
            Promise::Objective(objective) => objective.due(),
            Promise::Convergence(convergence) => convergence.due(),
        }
    }
}

/// What the clients of a run asked and heard before event `until`, in the order in which they asked. Times are the
/// numbers of events: no two things happen at once.
pub fn history(trace: &Trace, until: u32) -> History {
    let begun_by = trace.ops.iter().filter(|op| op.invoked.0 < until);
    let told = begun_by.map(|op| {
        let mut operation = begun(op.client, &op.call, op.invoked);
        if let Some((event, outcome)) = op.ended.as_ref().filter(|(event, _)| event.0 < until) {
            finish(&mut operation, Some(outcome), sender(trace, *event), *event);
        }
        operation
    });
    let mut history = History { operations: told.collect() };
    // Who gave up is in the trace alone.
    for (id, event) in (0..).zip(trace.events.iter().take(until as usize)) {
        if let What::TimedOut { op } = event.what
            && let Some(operation) = history.operations.get_mut(op.0 as usize)
        {
            operation.events[1] = EventId(id);
        }
    }
    history
}

/// Who sent the answer that a client took in.
fn sender(trace: &Trace, completed: EventId) -> Option<NodeId> {
    match trace.get(trace.get(completed)?.cause)?.what {
        What::Delivered { message } => trace.get(message).map(|sent| sent.node),
        _ => None,
    }
}

fn begun(client: NodeId, call: &Call, event: EventId) -> Operation {
    let key = call.key().clone();
    let action = match call {
        Call::Read { .. } => Action::new(Verb::Read, key, Value::Nil),
        Call::Write { value, .. } => Action::new(Verb::Write, key, Value::Int(*value)),
        Call::Cas { old, new, .. } => Action::cas(key, Value::Int(*old), Value::Int(*new)),
        Call::Add { by, .. } => Action::new(Verb::Add, key, Value::Int(*by)),
        Call::Append { value, .. } => Action::new(Verb::Append, key, Value::Int(*value)),
        Call::Insert { value, .. } => Action::new(Verb::Insert, key, Value::Int(*value)),
        Call::Remove { value, .. } => Action::new(Verb::Remove, key, Value::Int(*value)),
        Call::Enqueue { value, .. } => Action::new(Verb::Enqueue, key, Value::Int(*value)),
        Call::Dequeue { .. } => Action::new(Verb::Dequeue, key, Value::Nil),
        Call::Acquire { .. } => Action::new(Verb::Acquire, key, Value::Nil),
        Call::Release { .. } => Action::new(Verb::Release, key, Value::Nil),
    };
    let mut operation = Operation::open(client.0.into(), action, event.0.into());
    operation.events[0] = event;
    operation
}

/// A value as a client hears it.
fn told(value: &sim::Value) -> Value {
    match value {
        sim::Value::Nothing => Value::Nil,
        sim::Value::Int(value) => Value::Int(*value),
        sim::Value::Many(values) => Value::List(values.iter().copied().map(Value::Int).collect()),
    }
}

/// A refusal by the node asked is no proof that another copy of the request took no effect: nobody knows.
fn finish(operation: &mut Operation, outcome: Option<&sim::Outcome>, from: Option<NodeId>, event: EventId) {
    operation.events[1] = event;
    operation.server = from.map(|from| from.0.into());
    operation.outcome = match outcome {
        Some(sim::Outcome::Ok(value)) => {
            let heard = matches!(operation.action.verb, Verb::Read | Verb::Add | Verb::Dequeue);
            Outcome::Ok(if heard { told(value) } else { Value::Nil })
        }
        Some(sim::Outcome::Failed(_)) => Outcome::Failed,
        Some(sim::Outcome::Redirect(_)) | None => Outcome::Unknown,
    };
    if operation.outcome != Outcome::Unknown {
        operation.returned = Some(event.0.into());
    }
}
