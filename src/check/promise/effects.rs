//! At most once and exactly once: an effect that is seen twice was carried out twice, and one that was acknowledged
//! must be seen. It takes effects that can be told apart: elements of lists, sets and queues with values of their own,
//! or sums, which are larger than all that was asked for if something was added twice.

use std::collections::BTreeMap;
use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::counter::Bounds;
use super::{News, Watch, keys, only, queue, ruling, told, unfold};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// What can be told apart once it took effect, and how it is seen.
const VERBS: &[Verb] = &[
    Verb::Add,
    Verb::Read,
    Verb::Append,
    Verb::Insert,
    Verb::Remove,
    Verb::Enqueue,
    Verb::Dequeue,
    Verb::Push,
    Verb::Pop,
    Verb::Drain,
];

/// Watches what becomes of every effect.
#[derive(Clone, Debug)]
pub struct Effects {
    /// Must every acknowledged one be seen?
    exactly: bool,
    sums: Bounds,
    keys: LiteMap<SmolStr, Rc<Key>>,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Who asked for an element.
    asked: LiteMap<Value, Vec<usize>>,
    /// Who was told that it is done, in this order.
    done: Vec<usize>,
    /// Who took one out.
    taken: LiteMap<Value, Vec<usize>>,
    /// How many were done when each read under way began.
    began: LiteMap<usize, usize>,
    /// Elements may be gone for a reason.
    shrinks: bool,
}

/// Judges a whole history: no effect is seen twice.
///
/// # Errors
/// Operations whose effects cannot be told apart.
pub fn at_most_once(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    judge(history, terms, false)
}

/// Judges a whole history: no effect is seen twice, and none that was acknowledged is missed.
///
/// # Errors
/// Operations whose effects cannot be told apart.
pub fn exactly_once(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    let judgement = judge(history, terms, true)?;
    let queues =
        |operation: &Operation| matches!(operation.action.verb, Verb::Enqueue | Verb::Dequeue | Verb::Drain);
    if judgement.ruling != Ruling::Legal || !history.operations.iter().any(queues) {
        return Ok(judgement);
    }
    // What a queue still holds is seen by nobody: only who empties it knows that something is missing.
    let lost = queue::judge(history, terms)?;
    Ok(Judgement { ruling: lost.ruling, ..judgement })
}

fn judge(history: &History, terms: &Terms, exactly: bool) -> Result<Judgement, Foreign> {
    only(history, VERBS, "the judge of effects")?;
    let start = match &terms.initial {
        Initial::Value(Value::Int(start)) => *start,
        Initial::Nothing | Initial::Value(_) | Initial::Unknown => 0,
    };
    let mut effects = Effects { sums: Bounds::new(start, exactly), ..Effects::new(exactly) };
    let found = unfold(&mut effects, history);
    let counts = vec![("breaches", found.len() as u64)];
    let adds = history.operations.iter().any(|operation| operation.action.verb == Verb::Add);
    let ruling = match ruling(found) {
        Ruling::Illegal(blame) => Ruling::Illegal(blame),
        _ if adds && terms.initial == Initial::Unknown => Ruling::Unknown,
        other => other,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

impl Effects {
    /// `exactly`: is one that was acknowledged and is missed a breach, too?
    pub fn new(exactly: bool) -> Effects {
        Effects { exactly, sums: Bounds::new(0, exactly), keys: LiteMap::new() }
    }

    fn read(&self, record: &[Rc<Operation>], place: usize, done: usize, values: &[Value]) -> News {
        let Some(key) = self.keys.get(&record[place].action.key) else { return News::Fine };
        let mut times: BTreeMap<&Value, usize> = BTreeMap::new();
        values.iter().for_each(|value| *times.entry(value).or_default() += 1);
        let twice = times.iter().find_map(|(value, times)| {
            let asked = key.asked.get(*value)?;
            (asked.len() < *times).then_some((*value, *times, asked))
        });
        if let Some((value, times, asked)) = twice {
            let text = format!(
                "{} finds {value} {}, but it was asked for {} only: {}.",
                told(&record[place]),
                count(times),
                count(asked.len()),
                told(&record[asked[0]])
            );
            let operations = std::iter::once(place).chain(asked.iter().copied());
            return News::Broken(Blame::new(text, operations).about(&record[place]));
        }
        let missed = key.done[..done].iter().find(|add| !times.contains_key(&record[**add].action.value));
        match missed.filter(|_| self.exactly && !key.shrinks) {
            None => News::Fine,
            Some(add) => {
                let (read, add_told) = (told(&record[place]), told(&record[*add]));
                let text = format!("{read} does not find what {add_told} had been acknowledged for before.");
                News::Broken(Blame::new(text, [place, *add]).about(&record[place]))
            }
        }
    }

    fn take(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let Some(key) = self.keys.get_mut(&record[place].action.key) else { return News::Fine };
        let key = Rc::make_mut(key);
        let taken = key.taken.entry(value.clone()).or_default();
        taken.push(place);
        match key.asked.get(value) {
            Some(asked) if !asked.is_empty() && asked.len() < taken.len() => {
                let takers: Vec<String> = taken.iter().map(|taker| told(&record[*taker])).collect();
                let text = format!(
                    "{value} came out {}, but went in {} only: {}.",
                    count(taken.len()),
                    count(asked.len()),
                    takers.join(", ")
                );
                let operations = taken.iter().rev().chain(asked).copied();
                News::Broken(Blame::new(text, operations).about(&record[place]))
            }
            _ => News::Fine,
        }
    }
}

impl Watch for Effects {
    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let action = &record[place].action;
        self.sums.invoked(record, place);
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match action.verb {
            Verb::Append | Verb::Insert | Verb::Enqueue | Verb::Push => {
                key.asked.entry(action.value.clone()).or_default().push(place);
            }
            Verb::Read => drop(key.began.insert(place, key.done.len())),
            Verb::Add => {}
            _ => key.shrinks = true,
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let Operation { action, outcome, .. } = &*record[place];
        let sums = self.sums.ended(record, place);
        if sums != News::Fine {
            return sums;
        }
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        let began = key.began.remove(&place).unwrap_or(0);
        match (action.verb, outcome) {
            (Verb::Append | Verb::Insert, Outcome::Ok(_)) => key.done.push(place),
            (Verb::Append | Verb::Insert | Verb::Enqueue | Verb::Push, Outcome::Failed) => {
                if let Some(asked) = key.asked.get_mut(&action.value) {
                    asked.retain(|other| *other != place);
                }
            }
            (Verb::Read, Outcome::Ok(Value::List(values))) => return self.read(record, place, began, values),
            // An empty list may be read as nothing.
            (Verb::Read, Outcome::Ok(Value::Nil)) => return self.read(record, place, began, &[]),
            (Verb::Drain, Outcome::Ok(Value::List(values))) => {
                let news = values.iter().map(|value| self.take(record, place, value));
                return news
                    .reduce(|one, other| if one == News::Fine { other } else { one })
                    .unwrap_or(News::Fine);
            }
            (Verb::Dequeue | Verb::Pop, Outcome::Ok(value)) if *value != Value::Nil => {
                return self.take(record, place, value);
            }
            _ => {}
        }
        News::Fine
    }
}

fn count(times: usize) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    }
}
