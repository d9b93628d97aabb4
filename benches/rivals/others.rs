//! Our histories in the words of other crates. What was never answered stands at the very end, where it may change
//! nothing any more; a read that nobody heard is left out.

use faultline::check::history::{History, Operation, Outcome, Value, Verb};
use porcupine_rs::{Model, check_operations};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History as Actions};
use todc_utils::specifications::etcd::{EtcdOperation, EtcdSpecification, EtcdStatus};

/// One operation as all of them understand it.
#[derive(Clone, Copy, Debug)]
struct Op {
    kind: Kind,
    answered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What was heard.
    Read(Option<i64>),
    Write(i64),
    Cas(i64, i64),
}

/// The value now, and what an operation makes of it; `None` if it cannot have been answered so.
fn step(now: Option<i64>, op: &Op) -> Option<Option<i64>> {
    match op.kind {
        Kind::Read(heard) => (now == heard).then_some(now),
        Kind::Write(value) => Some(Some(value)),
        Kind::Cas(old, new) if now == Some(old) => Some(Some(new)),
        Kind::Cas(..) => (!op.answered).then_some(now),
    }
}

fn int(value: &Value) -> Option<i64> {
    if let Value::Int(int) = value { Some(*int) } else { None }
}

fn told(operation: &Operation) -> Option<Op> {
    let answered = operation.outcome != Outcome::Unknown;
    let number = |value| int(value).unwrap_or_default();
    let kind = match (operation.action.verb, &operation.outcome) {
        (Verb::Read, Outcome::Ok(value)) => Kind::Read(int(value)),
        (Verb::Read, _) => return None,
        (Verb::Cas, _) => Kind::Cas(number(&operation.action.old), number(&operation.action.value)),
        _ => Kind::Write(number(&operation.action.value)),
    };
    Some(Op { kind, answered })
}

fn all(history: &History) -> impl Iterator<Item = (&Operation, Op)> {
    history.operations.iter().filter_map(|operation| Some((operation, told(operation)?)))
}

#[derive(Clone)]
struct Register;

impl Model for Register {
    type State = Option<i64>;
    type Op = Op;
    type Metadata = ();

    fn init() -> Option<i64> {
        None
    }

    fn step(state: &Option<i64>, op: &Op) -> (bool, Option<i64>) {
        step(*state, op).map_or((false, *state), |then| (true, then))
    }
}

pub fn porcupine(history: &History) -> bool {
    let operation = |(operation, op): (&Operation, Op)| porcupine_rs::Operation::<Register> {
        client_id: Some(operation.client),
        call_time: operation.invoked as i64,
        return_time: operation.returned.map_or(i64::MAX, |at| at as i64),
        op,
        metadata: None,
    };
    let operations: Vec<_> = all(history).map(operation).collect();
    check_operations(&operations)
}

pub fn todc(history: &History) -> bool {
    let small = |value: i64| value as u32;
    let said = |op: &Op, status| match op.kind {
        Kind::Read(heard) => EtcdOperation::Read(status, heard.map(small)),
        Kind::Write(value) => EtcdOperation::Write(status, small(value)),
        Kind::Cas(old, new) => EtcdOperation::CompareAndSwap(status, (small(old), small(new))),
    };
    let mut actions = Vec::new();
    for (operation, op) in all(history) {
        let client = operation.client as usize;
        let status = if op.answered { EtcdStatus::Okay } else { EtcdStatus::Unknown };
        actions.push((operation.invoked, false, client, Action::Call(said(&op, EtcdStatus::Invoke))));
        let end = operation.returned.unwrap_or(u64::MAX);
        actions.push((end, true, client, Action::Response(said(&op, status))));
    }
    actions.sort_by_key(|(at, ends, ..)| (*at, *ends));
    let actions = actions.into_iter().map(|(_, _, client, action)| (client, action)).collect();
    WGLChecker::<EtcdSpecification>::is_linearizable(Actions::from_actions(actions))
}

#[derive(Clone)]
struct Cell(Option<i64>);

impl SequentialSpec for Cell {
    type Op = Op;
    type Ret = Kind;

    fn invoke(&mut self, op: &Op) -> Kind {
        match step(self.0, op) {
            Some(then) => self.0 = then,
            None => return Kind::Read(None),
        }
        op.kind
    }

    fn is_valid_step(&mut self, op: &Op, ret: &Kind) -> bool {
        let then = step(self.0, op);
        self.0 = then.unwrap_or(self.0);
        then.is_some() && op.kind == *ret
    }
}

pub fn stateright(history: &History) -> bool {
    let mut ends: Vec<(u64, bool, u32, Op)> = Vec::new();
    for (operation, op) in all(history) {
        ends.push((operation.invoked, false, operation.client, op));
        ends.extend(operation.returned.map(|at| (at, true, operation.client, op)));
    }
    ends.sort_by_key(|(at, ends, ..)| (*at, *ends));
    let mut tester = LinearizabilityTester::new(Cell(None));
    for (_, ends, client, op) in ends {
        let told =
            if ends { tester.on_return(client, op.kind).err() } else { tester.on_invoke(client, op).err() };
        assert_eq!(told, None);
    }
    tester.is_consistent()
}
