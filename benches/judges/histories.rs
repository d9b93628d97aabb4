//! Histories as a correct service would leave them: operations overlap, some clients crash, and now and then an answer
//! is made up.

use faultline::check::history::{Action, History, Operation, Outcome, Value, Verb};
use faultline::check::model::{KeyValue, Model, Register};
use faultline::sim::Dice;

/// What a history is like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub clients: u32,
    pub operations: usize,
    pub keys: u64,
    /// One in so many operations is never answered, and its client never heard of again; 0 for none.
    pub crash: u64,
    /// One in so many operations takes forty times as long as the others; 0 for none.
    pub slow: u64,
    /// Some read hears what nobody wrote.
    pub illegal: bool,
}

/// A register for each key with read, write and compare-and-set of small numbers.
pub fn registers(seed: u64, shape: Shape) -> History {
    history(seed, shape, &mut Register::comparing(), |dice, key, _| {
        let value = |dice: &mut Dice| Value::Int(dice.below(5) as i64);
        match dice.below(3) {
            0 => Action::new(Verb::Read, key, Value::Nil),
            1 => Action::new(Verb::Write, key, value(dice)),
            _ => Action::cas(key, value(dice), value(dice)),
        }
    })
}

/// A text for each key with get, put and append, as in the histories that Porcupine ships.
pub fn texts(seed: u64, shape: Shape) -> History {
    history(seed, shape, &mut KeyValue::default(), |dice, key, number| {
        let piece = Value::Text(format!("x {number} y").into());
        match dice.below(10) {
            0..5 => Action::new(Verb::Read, key, Value::Nil),
            5..9 => Action::new(Verb::Append, key, piece),
            _ => Action::new(Verb::Write, key, piece),
        }
    })
}

/// An operation on its way: when it takes effect, and when it is answered.
struct Planned {
    operation: Operation,
    effect: u64,
}

fn history<M: Model>(
    seed: u64,
    shape: Shape,
    model: &mut M,
    mut ask: impl FnMut(&mut Dice, String, usize) -> Action,
) -> History {
    let mut dice = Dice::named(seed, "history", 0);
    let mut planned: Vec<Planned> = Vec::with_capacity(shape.operations);
    let mut free: Vec<(u32, u64)> = (0..shape.clients).map(|client| (client, dice.below(20))).collect();
    let mut fresh = shape.clients;
    for number in 0..shape.operations {
        let place = (0..free.len()).min_by_key(|place| free[*place].1).unwrap_or(0);
        let (client, from) = free[place];
        let invoked = from + 1 + dice.below(20);
        let most = if shape.slow > 0 && dice.below(shape.slow) == 0 { 2_400 } else { 60 };
        let effect = invoked + 1 + dice.below(most);
        let returned = effect + 1 + dice.below(most);
        let key = dice.below(shape.keys).to_string();
        let action = ask(&mut dice, key, number);
        let crashes = shape.crash > 0 && dice.below(shape.crash) == 0;
        let operation = if crashes {
            Operation::open(client, action, invoked)
        } else {
            Operation::new(client, action, Outcome::Ok(Value::Nil), invoked, returned)
        };
        let effect = if crashes && dice.below(2) == 0 { u64::MAX } else { effect };
        planned.push(Planned { operation, effect });
        free[place] = if crashes { (fresh, returned) } else { (client, returned) };
        fresh += u32::from(crashes);
    }
    answer(&mut planned, model);
    let mut operations: Vec<Operation> = planned.into_iter().map(|planned| planned.operation).collect();
    operations.retain(|operation| operation.outcome != Outcome::Failed);
    if shape.illegal {
        make_up(&mut operations, &mut dice);
    }
    operations.sort_by_key(|operation| operation.invoked);
    History { operations }
}

/// Gives every operation the answer it gets if effects come one after the other.
fn answer<M: Model>(planned: &mut [Planned], model: &mut M) {
    let mut order: Vec<usize> = (0..planned.len()).filter(|i| planned[*i].effect != u64::MAX).collect();
    order.sort_by_key(|i| planned[*i].effect);
    let mut states: Vec<(Option<smol_str::SmolStr>, M::State)> = Vec::new();
    for i in order {
        let operation = &mut planned[i].operation;
        let key = model.partition(operation);
        let place = states.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            states.push((key, model.start()));
            states.len() - 1
        });
        if operation.action.verb == Verb::Read && operation.outcome != Outcome::Unknown {
            let heard = model.describe(&states[place].1);
            operation.outcome = Outcome::Ok(match heard.parse() {
                Ok(number) => Value::Int(number),
                Err(_) if heard == "nothing" => Value::Nil,
                Err(_) => Value::Text(heard.into()),
            });
        }
        let op = model.prepare(operation).expect("an operation of this model");
        match model.step(&states[place].1, &op) {
            Some(then) => states[place].1 = then,
            // The compare-and-set was refused.
            None if operation.outcome != Outcome::Unknown => operation.outcome = Outcome::Failed,
            None => {}
        }
    }
}

/// A read in the second half hears what an earlier one heard.
fn make_up(operations: &mut [Operation], dice: &mut Dice) {
    let heard = |operation: &Operation| match &operation.outcome {
        Outcome::Ok(value) if operation.action.verb == Verb::Read => Some(value.clone()),
        _ => None,
    };
    let reads: Vec<usize> = (0..operations.len()).filter(|i| heard(&operations[*i]).is_some()).collect();
    let late = &reads[reads.len() / 2..];
    for _ in 0..100 {
        let (Some(early), Some(late)) = (dice.pick(&reads[..reads.len() / 4]), dice.pick(late)) else {
            return;
        };
        let (early, late) = (*early, *late);
        let same = operations[early].action.key == operations[late].action.key;
        if same && heard(&operations[early]) != heard(&operations[late]) {
            operations[late].outcome = operations[early].outcome.clone();
            return;
        }
    }
}
