//! Whatever was first made of a key: a register, a list, a queue, a set or a lock. What services that keep objects of
//! several kinds are held against.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{
    Code, Collection, KeyValue, Kind, Model, Mutex, Register, collection, keyvalue, mutex, register,
};
use crate::check::history::{Operation, Outcome, Value, Verb};

/// An object of any kind for each key. The first answer to what may change it tells the kind; whatever is refused
/// because an object is of another kind did not happen.
#[derive(Clone, Debug)]
pub struct Various {
    register: Register,
    list: KeyValue,
    queue: Collection,
    set: Collection,
    lock: Mutex,
    kinds: LiteMap<SmolStr, Verb>,
}

/// An operation of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Register(register::Op),
    List(keyvalue::Op),
    Queue(collection::Op),
    Set(collection::Op),
    Lock(mutex::Op),
    /// What it hears of any kind; of a lock, who holds it.
    Read(Box<Heard>),
}

/// What a read hears, as each kind tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heard {
    /// Nothing, or nobody heard it.
    nothing: bool,
    number: register::Op,
    list: keyvalue::Op,
    queue: Option<collection::Op>,
    set: Option<collection::Op>,
    holder: Option<Value>,
}

/// What is under a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Untouched,
    Register(Code),
    List(<KeyValue as Model>::State),
    Queue(<Collection as Model>::State),
    Set(<Collection as Model>::State),
    Lock(Option<u32>),
}

impl Default for Various {
    fn default() -> Various {
        Various {
            register: Register::comparing(),
            list: KeyValue::default(),
            queue: Collection::new(Kind::Queue),
            set: Collection::new(Kind::Set),
            lock: Mutex,
            kinds: LiteMap::new(),
        }
    }
}

/// One verb for all that are of the same kind.
fn kind(verb: Verb) -> Verb {
    match verb {
        Verb::Write | Verb::Cas | Verb::Add => Verb::Write,
        Verb::Enqueue | Verb::Dequeue => Verb::Enqueue,
        Verb::Insert | Verb::Remove => Verb::Insert,
        Verb::Acquire | Verb::Release => Verb::Acquire,
        other => other,
    }
}

impl Various {
    fn heard(&mut self, operation: &Operation) -> Result<Op, String> {
        let heard = match &operation.outcome {
            Outcome::Ok(value) => Some(value.clone()),
            Outcome::Failed | Outcome::Unknown => None,
        };
        let empty = |value: &Value| *value == Value::Nil || *value == Value::List(Vec::new());
        Ok(Op::Read(Box::new(Heard {
            nothing: heard.as_ref().is_none_or(empty),
            number: self.register.prepare(operation)?,
            list: self.list.prepare(operation)?,
            queue: self.queue.prepare(operation).ok(),
            set: self.set.prepare(operation).ok(),
            holder: heard,
        })))
    }

    fn shows(&self, state: &State, heard: &Heard) -> bool {
        let of = |collection: &Collection, state, op: &Option<collection::Op>| {
            op.as_ref().is_some_and(|op| collection.step(state, op).is_some())
        };
        match state {
            State::Untouched => heard.nothing,
            State::Register(state) => self.register.step(state, &heard.number).is_some(),
            State::List(state) => self.list.step(state, &heard.list).is_some(),
            State::Queue(state) => of(&self.queue, state, &heard.queue),
            State::Set(state) => of(&self.set, state, &heard.set),
            State::Lock(holder) => match &heard.holder {
                None => true,
                Some(Value::Int(heard)) => holder.is_some_and(|holder| i64::from(holder) == *heard),
                Some(_) => heard.nothing && holder.is_none(),
            },
        }
    }
}

impl Model for Various {
    type State = State;
    type Op = Op;

    fn prepare(&mut self, operation: &Operation) -> Result<Op, String> {
        let (verb, key) = (operation.action.verb, &operation.action.key);
        match (verb, self.kinds.get(key)) {
            // Most objects are registers, and known to be.
            (Verb::Read, Some(Verb::Write)) => return self.register.prepare(operation).map(Op::Register),
            (Verb::Read, _) => return self.heard(operation),
            _ => {}
        }
        let first = match &operation.outcome {
            Outcome::Ok(_) => *self.kinds.entry(key.clone()).or_insert(kind(verb)),
            Outcome::Failed | Outcome::Unknown => self.kinds.get(key).copied().unwrap_or(kind(verb)),
        };
        let is_many = |verb: Verb| matches!(verb, Verb::Append | Verb::Enqueue | Verb::Insert);
        let may_fit = operation.outcome != Outcome::Unknown || is_many(first) && is_many(kind(verb));
        if first != kind(verb) && may_fit {
            return Err(format!("{key} is no object of one kind: {} and {}", first.name(), verb.name()));
        }
        match kind(verb) {
            Verb::Append => self.list.prepare(operation).map(Op::List),
            Verb::Enqueue => self.queue.prepare(operation).map(Op::Queue),
            Verb::Insert => self.set.prepare(operation).map(Op::Set),
            Verb::Acquire => self.lock.prepare(operation).map(Op::Lock),
            _ => self.register.prepare(operation).map(Op::Register),
        }
    }

    fn start(&self) -> State {
        State::Untouched
    }

    fn step(&self, state: &State, op: &Op) -> Option<State> {
        match (state, op) {
            (State::Untouched, Op::Register(op)) => {
                self.register.step(&self.register.start(), op).map(State::Register)
            }
            (State::Register(state), Op::Register(op)) => self.register.step(state, op).map(State::Register),
            (State::Untouched, Op::List(op)) => self.list.step(&self.list.start(), op).map(State::List),
            (State::List(state), Op::List(op)) => self.list.step(state, op).map(State::List),
            (State::Untouched, Op::Queue(op)) => self.queue.step(&self.queue.start(), op).map(State::Queue),
            (State::Queue(state), Op::Queue(op)) => self.queue.step(state, op).map(State::Queue),
            (State::Untouched, Op::Set(op)) => self.set.step(&self.set.start(), op).map(State::Set),
            (State::Set(state), Op::Set(op)) => self.set.step(state, op).map(State::Set),
            (State::Untouched, Op::Lock(op)) => self.lock.step(&None, op).map(State::Lock),
            (State::Lock(state), Op::Lock(op)) => self.lock.step(state, op).map(State::Lock),
            (state, Op::Read(heard)) => self.shows(state, heard).then(|| state.clone()),
            _ => None,
        }
    }

    fn reads_only(&self, op: &Op) -> bool {
        match op {
            Op::Register(op) => self.register.reads_only(op),
            Op::Read(_) => true,
            _ => false,
        }
    }

    fn matters(&self, op: &Op, other: &Op) -> bool {
        match (op, other) {
            (Op::Register(op), Op::Register(other)) => self.register.matters(op, other),
            (Op::Register(op), Op::Read(other)) => self.register.matters(op, &other.number),
            (Op::List(op), Op::Read(other)) => self.list.matters(op, &other.list),
            (Op::List(op), Op::List(other)) => self.list.matters(op, other),
            (Op::Queue(op), Op::Queue(other)) => self.queue.matters(op, other),
            (Op::Set(op), Op::Set(other)) => self.set.matters(op, other),
            (Op::Queue(op), Op::Read(other)) => {
                other.queue.as_ref().is_some_and(|other| self.queue.matters(op, other))
            }
            (Op::Set(op), Op::Read(other)) => {
                other.set.as_ref().is_some_and(|other| self.set.matters(op, other))
            }
            (Op::Lock(_), Op::Lock(_) | Op::Read(_)) => true,
            _ => false,
        }
    }

    fn weight(&self, state: &State) -> u64 {
        1 + match state {
            State::Untouched | State::Register(_) | State::Lock(_) => 1,
            State::List(state) => self.list.weight(state),
            State::Queue(state) => self.queue.weight(state),
            State::Set(state) => self.set.weight(state),
        }
    }

    fn describe(&self, state: &State) -> String {
        match state {
            State::Untouched => "nothing".to_owned(),
            State::Register(state) => self.register.describe(state),
            State::List(state) => self.list.describe(state),
            State::Queue(state) => self.queue.describe(state),
            State::Set(state) => self.set.describe(state),
            State::Lock(state) => self.lock.describe(state),
        }
    }
}
