//! What can be asked of each model, and what may be heard.

use faultline::check::history::{Action, Value, Verb};
use faultline::check::model::{Collection, Counter, KeyValue, Kind, Model, MultiRegister, Mutex, Register};
use faultline::sim::Dice;

fn int(value: u64) -> Value {
    Value::Int(value as i64)
}

/// A model, what may be asked of it, and what may be heard.
pub trait Game {
    type Model: Model + Clone;
    fn model() -> Self::Model;
    fn ask(dice: &mut Dice) -> Action;
    fn answers(action: &Action) -> Vec<Value>;
}

fn few() -> Vec<Value> {
    vec![Value::Nil, int(1), int(2), int(3)]
}

fn one(dice: &mut Dice, verbs: &[Verb]) -> Action {
    let verb = *dice.pick(verbs).expect("some");
    let value = 1 + dice.below(3);
    match verb {
        Verb::Cas => Action::cas("x", int(1 + dice.below(3)), int(value)),
        Verb::Read | Verb::Dequeue | Verb::Pop | Verb::Acquire | Verb::Release => {
            Action::new(verb, "x", Value::Nil)
        }
        _ => Action::new(verb, "x", int(value)),
    }
}

pub struct Registers;
impl Game for Registers {
    type Model = Register;
    fn model() -> Register {
        Register::plain()
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Read, Verb::Write])
    }
    fn answers(action: &Action) -> Vec<Value> {
        if action.verb == Verb::Read { few() } else { vec![Value::Nil] }
    }
}

pub struct Comparing;
impl Game for Comparing {
    type Model = Register;
    fn model() -> Register {
        Register::comparing()
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Read, Verb::Read, Verb::Write, Verb::Cas, Verb::Add])
    }
    fn answers(action: &Action) -> Vec<Value> {
        if matches!(action.verb, Verb::Read | Verb::Add) { few() } else { vec![Value::Nil] }
    }
}

pub struct Foundlings;
impl Game for Foundlings {
    type Model = Register;
    fn model() -> Register {
        Register::comparing().of_unknown_start()
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Read, Verb::Write, Verb::Cas])
    }
    fn answers(action: &Action) -> Vec<Value> {
        if action.verb == Verb::Read { few() } else { vec![Value::Nil] }
    }
}

pub struct Stores;
impl Game for Stores {
    type Model = KeyValue;
    fn model() -> KeyValue {
        KeyValue::default()
    }
    fn ask(dice: &mut Dice) -> Action {
        let mut action = one(dice, &[Verb::Read, Verb::Read, Verb::Write, Verb::Append, Verb::Append]);
        if action.verb != Verb::Read {
            action.value = Value::Text(["a", "b", "ab"][dice.below(3) as usize].into());
        }
        action
    }
    fn answers(action: &Action) -> Vec<Value> {
        let texts = ["", "a", "b", "ab", "ba", "aa", "aab", "aba"];
        if action.verb == Verb::Read {
            texts.map(|text| Value::Text(text.into())).to_vec()
        } else {
            vec![Value::Nil]
        }
    }
}

pub struct Transactions;
impl Game for Transactions {
    type Model = MultiRegister;
    fn model() -> MultiRegister {
        MultiRegister::default()
    }
    fn ask(dice: &mut Dice) -> Action {
        let verb = if dice.below(2) == 0 { "r" } else { "w" };
        let piece = |key: &str, value: Value| {
            Value::List(vec![Value::Text(verb.into()), Value::Text(key.into()), value])
        };
        let value = |dice: &mut Dice| if verb == "r" { Value::Nil } else { int(1 + dice.below(2)) };
        let pieces = vec![piece("x", value(dice)), piece("y", value(dice))];
        Action::new(Verb::Transact, "", Value::List(pieces))
    }
    fn answers(action: &Action) -> Vec<Value> {
        let read = |key: &str, value: &Value| {
            Value::List(vec![Value::Text("r".into()), Value::Text(key.into()), value.clone()])
        };
        let values = [Value::Nil, int(1), int(2)];
        let both = |x: &Value| {
            values
                .clone()
                .map(|y| Value::List(vec![read("x", x), read("y", &y)]))
                .into_iter()
                .collect::<Vec<_>>()
        };
        if action.value.to_string().contains("\"w\"") {
            return vec![action.value.clone()];
        }
        values.iter().flat_map(both).collect()
    }
}

pub struct Queues;
impl Game for Queues {
    type Model = Collection;
    fn model() -> Collection {
        Collection::new(Kind::Queue)
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Enqueue, Verb::Dequeue])
    }
    fn answers(action: &Action) -> Vec<Value> {
        if action.verb == Verb::Dequeue { few() } else { vec![Value::Nil] }
    }
}

pub struct Stacks;
impl Game for Stacks {
    type Model = Collection;
    fn model() -> Collection {
        Collection::new(Kind::Stack)
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Push, Verb::Pop])
    }
    fn answers(action: &Action) -> Vec<Value> {
        if action.verb == Verb::Pop { few() } else { vec![Value::Nil] }
    }
}

pub struct Sets;
impl Game for Sets {
    type Model = Collection;
    fn model() -> Collection {
        Collection::new(Kind::Set)
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Insert, Verb::Remove, Verb::Contains, Verb::Read])
    }
    fn answers(action: &Action) -> Vec<Value> {
        match action.verb {
            Verb::Insert => vec![Value::Nil],
            Verb::Read => {
                let subset = |bits: u64| (1..4).filter(|i| bits >> i & 1 == 1).map(int).collect();
                (0..16).step_by(2).map(|bits| Value::List(subset(bits))).collect()
            }
            _ => vec![Value::Bool(false), Value::Bool(true)],
        }
    }
}

pub struct Counters;
impl Game for Counters {
    type Model = Counter;
    fn model() -> Counter {
        Counter::default()
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Add, Verb::Read])
    }
    fn answers(action: &Action) -> Vec<Value> {
        if action.verb == Verb::Read { (0..8).map(int).collect() } else { vec![Value::Nil] }
    }
}

pub struct Locks;
impl Game for Locks {
    type Model = Mutex;
    fn model() -> Mutex {
        Mutex
    }
    fn ask(dice: &mut Dice) -> Action {
        one(dice, &[Verb::Acquire, Verb::Release])
    }
    fn answers(_action: &Action) -> Vec<Value> {
        vec![Value::Nil]
    }
}
