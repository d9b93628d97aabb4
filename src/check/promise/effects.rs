//! At most once and exactly once: an effect that is seen twice was carried out twice, and one that was acknowledged
//! must be seen. It takes effects that can be told apart: elements of lists, sets, queues and stacks with values of
//! their own, or sums, which are larger than all that was asked for if something was added twice.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::counter::Bounds;
use super::{News, Says, Watch, before, elements, failed_change, keys, only, ruling, told, unfold};
use crate::check::history::{Action, History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// At most once, in one sentence.
pub const AT_MOST_ONCE: Says = (
    "Nothing is seen to be done more often than it was asked for, and nothing is seen that failed.",
    "Birrell and Nelson 1984",
);

/// Exactly once, in one sentence.
pub const EXACTLY_ONCE: Says =
    ("Nothing is seen to be done twice, and nothing that was acknowledged is missed.", "Spector 1982");

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
    /// Is the whole history known, with all that was ever asked for?
    whole: bool,
    initial: Initial,
    sums: Bounds,
    /// The keys at which what is added is an element, and no number.
    sets: BTreeSet<SmolStr>,
    keys: LiteMap<SmolStr, Rc<Key>>,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Who asked for an element.
    asked: LiteMap<Value, Vec<usize>>,
    /// Who was told that it is in, and nobody was told that it is out, in this order.
    done: Vec<usize>,
    /// Who took one out, and how many of these before anybody was told that it is in.
    taken: LiteMap<Value, Taken>,
    /// Who takes one out and has not heard what, or all of it.
    takers: Vec<usize>,
    /// Who found it empty last.
    emptied: Option<usize>,
    /// Elements may be gone although nobody was told.
    muddied: bool,
    /// Somebody takes elements out.
    shrinks: bool,
}

#[derive(Clone, Debug, Default)]
struct Taken {
    by: Vec<usize>,
    early: usize,
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
    judge(history, terms, true)
}

fn judge(history: &History, terms: &Terms, exactly: bool) -> Result<Judgement, Foreign> {
    only(history, VERBS, "the judge of effects")?;
    let of_elements = elements::of_elements(history)?;
    let mut effects = Effects {
        initial: terms.initial.clone(),
        whole: true,
        sums: Bounds::new(terms.initial.number(), exactly),
        sets: of_elements,
        ..Effects::new(exactly)
    };
    let found = unfold(&mut effects, history);
    let counts = vec![("breaches", found.len() as u64)];
    // What a remove took out nothing tells, so that what is missed there cannot be judged.
    let removes = exactly && effects.keys.values().any(|key| key.muddied);
    let ruling = match ruling(found) {
        Ruling::Legal if removes => Ruling::Unknown,
        Ruling::Legal if terms.initial == Initial::Unknown && !history.operations.is_empty() => {
            Ruling::Unknown
        }
        ruling => ruling,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

impl Effects {
    /// `exactly`: is one that was acknowledged and is missed a breach, too?
    pub fn new(exactly: bool) -> Effects {
        let (sums, initial) = (Bounds::new(0, exactly), Initial::Nothing);
        Effects { exactly, whole: false, initial, sums, sets: BTreeSet::new(), keys: LiteMap::new() }
    }

    /// Does it put an element in?
    fn puts(&self, action: &Action) -> bool {
        match action.verb {
            Verb::Append | Verb::Insert | Verb::Enqueue | Verb::Push => true,
            Verb::Add => self.sets.contains(&action.key),
            _ => false,
        }
    }

    /// How often an element can be there at once; `None` if nobody knows. A set holds it once, however often it was
    /// asked for.
    fn most(&self, record: &[Rc<Operation>], asked: &[usize], value: &Value) -> Option<usize> {
        let into_set = |put: &&usize| matches!(record[**put].action.verb, Verb::Insert | Verb::Add);
        let inserted = usize::from(asked.iter().any(|put| into_set(&put)));
        match asked.len() - asked.iter().filter(into_set).count() {
            0 if inserted > 0 => Some(1),
            _ if self.initial == Initial::Unknown => None,
            others => Some(others + inserted + self.initial.holds(value)),
        }
    }

    fn read(&self, record: &[Rc<Operation>], place: usize, values: &[Value]) -> News {
        let Some(key) = self.keys.get(&record[place].action.key) else { return News::Fine };
        let mut times: BTreeMap<&Value, usize> = BTreeMap::new();
        values.iter().for_each(|value| *times.entry(value).or_default() += 1);
        let read = told(&record[place]);
        for (value, times) in &times {
            let asked = key.asked.get(*value).map_or(&[][..], Vec::as_slice);
            let most = self.most(record, asked, value).filter(|most| most < times);
            let Some(most) = most.filter(|most| *most > 0 || self.whole) else { continue };
            if most == 0 {
                let key = &record[place].action.key;
                let (why, failed) = nowhere(record, key, value, "asked for");
                let operations = std::iter::once(place).chain(failed);
                return News::Broken(
                    Blame::new(format!("{read} finds {value}, {why}."), operations).about(&record[place]),
                );
            }
            let times = count(*times);
            let text = match asked {
                [first, ..] if asked.len() == most => {
                    let first = told(&record[*first]);
                    format!(
                        "{read} finds {value} {times}, but it was asked for {} only: {first}.",
                        count(most)
                    )
                }
                _ => format!("{read} finds {value} {times}, but it can be there {} only.", count(most)),
            };
            let operations = std::iter::once(place).chain(asked.iter().copied());
            return News::Broken(Blame::new(text, operations).about(&record[place]));
        }
        // A set holds an element once, a list as often as it was put in.
        let mut due: BTreeMap<&Value, usize> = BTreeMap::new();
        let mut missed = |add: &&usize| {
            let action = &record[**add].action;
            if !before(&record[**add], &record[place]) {
                return false;
            }
            let due = due.entry(&action.value).or_default();
            *due = if matches!(action.verb, Verb::Insert | Verb::Add) { 1 } else { *due + 1 };
            times.get(&action.value).copied().unwrap_or(0) < *due
        };
        let judged = self.exactly && !key.shrinks && !key.muddied;
        match key.done.iter().find(&mut missed).filter(|_| judged) {
            None => News::Fine,
            Some(add) => {
                let add_told = told(&record[*add]);
                let text = format!("{read} does not find what {add_told} had been acknowledged for before.");
                News::Broken(Blame::new(text, [place, *add]).about(&record[place]))
            }
        }
    }

    /// Somebody was told that an element is in.
    fn put(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let action = &record[place].action;
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match key.taken.get_mut(&action.value).filter(|taken| taken.early > 0) {
            Some(taken) => taken.early -= 1,
            None => key.done.push(place),
        }
        News::Fine
    }

    /// Somebody was told what came out.
    fn took(&mut self, record: &[Rc<Operation>], place: usize, heard: &Value) -> News {
        let Action { verb, key, .. } = &record[place].action;
        let values = match heard {
            Value::Nil => &[],
            value if *verb == Verb::Drain => value.items().unwrap_or(std::slice::from_ref(value)),
            value => std::slice::from_ref(value),
        };
        let key = Rc::make_mut(self.keys.entry(key.clone()).or_default());
        key.takers.retain(|taker| *taker != place);
        let empty = values.is_empty() || *verb == Verb::Drain;
        if empty && key.emptied.is_none_or(|old| record[old].invoked <= record[place].invoked) {
            key.emptied = Some(place);
        }
        let news: Vec<News> = values.iter().map(|value| self.take(record, place, value)).collect();
        let broken = news.into_iter().find(|news| *news != News::Fine);
        broken.unwrap_or_else(|| self.lost(record, place))
    }

    fn take(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let Some(key) = self.keys.get_mut(&record[place].action.key) else { return News::Fine };
        let key = Rc::make_mut(key);
        let (taken, first) = (key.taken.entry(value.clone()).or_default(), self.initial.holds(value));
        taken.by.push(place);
        match key.done.iter().position(|put| record[*put].action.value == *value) {
            Some(put) => drop(key.done.remove(put)),
            None => taken.early += usize::from(taken.by.len() > first),
        }
        let asked = key.asked.get(value).map_or(&[][..], Vec::as_slice);
        let most = asked.len() + first;
        if taken.by.len() <= most || self.initial == Initial::Unknown {
            return News::Fine;
        }
        let takers: Vec<String> = taken.by.iter().map(|taker| told(&record[*taker])).collect();
        let (text, failed) = match most {
            0 => {
                let (why, failed) = nowhere(record, &record[place].action.key, value, "put in");
                (format!("{value} came out, {why}: {}.", takers.join(", ")), failed)
            }
            most => {
                let (times, most) = (count(taken.by.len()), count(most));
                (format!("{value} came out {times}, but went in {most} only: {}.", takers.join(", ")), None)
            }
        };
        let operations = taken.by.iter().rev().chain(asked).copied().chain(failed);
        News::Broken(Blame::new(text, operations).about(&record[place]))
    }

    /// It did not happen after all. Its element may be out already.
    fn failed(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let action = &record[place].action;
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        key.takers.retain(|taker| *taker != place);
        let Some(asked) = key.asked.get_mut(&action.value).filter(|asked| asked.contains(&place)) else {
            return News::Fine;
        };
        asked.retain(|other| *other != place);
        let most = asked.len() + self.initial.holds(&action.value);
        let Some(taken) = key.taken.get(&action.value).filter(|taken| taken.by.len() > most) else {
            return News::Fine;
        };
        let takers: Vec<String> = taken.by.iter().map(|taker| told(&record[*taker])).collect();
        let text = format!("{}, but it came out: {}.", told(&record[place]), takers.join(", "));
        let operations = std::iter::once(place).chain(taken.by.iter().rev().copied());
        News::Broken(Blame::new(text, operations).about(&record[place]))
    }

    /// It was found empty, and more is missing of what was in before than can have gone with answers that nobody heard.
    fn lost(&self, record: &[Rc<Operation>], place: usize) -> News {
        let Some(key) = self.keys.get(&record[place].action.key) else { return News::Fine };
        let Some(emptied) = key.emptied.filter(|_| self.exactly && !key.muddied) else { return News::Fine };
        let puts = key.done.iter().copied();
        let missing: Vec<usize> = puts.filter(|put| before(&record[*put], &record[emptied])).collect();
        let drains = key.takers.iter().any(|taker| record[*taker].action.verb == Verb::Drain);
        if missing.len() <= key.takers.len() || drains {
            return News::Fine;
        }
        let (found, first) = (told(&record[emptied]), told(&record[missing[0]]));
        let text = match key.takers.len() {
            0 => format!("{found} leaves nothing, but what {first} had put in never came out."),
            unheard => format!(
                "{found} leaves nothing, but {} that had been put in never came out, {first} for one, and only \
                 {unheard} can have gone with answers that nobody heard.",
                missing.len()
            ),
        };
        let operations = std::iter::once(emptied).chain(missing);
        News::Broken(Blame::new(text, operations).about(&record[place]))
    }
}

impl Watch for Effects {
    fn speaks_of(&self, operation: &Operation) -> bool {
        self.puts(&operation.action) || self.sums.speaks_of(operation)
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let action = &record[place].action;
        let puts = self.puts(action);
        if !puts {
            self.sums.invoked(record, place);
        }
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match action.verb {
            _ if puts => key.asked.entry(action.value.clone()).or_default().push(place),
            Verb::Read | Verb::Add => {}
            Verb::Dequeue | Verb::Pop | Verb::Drain => {
                key.takers.push(place);
                key.shrinks = true;
            }
            _ => key.muddied = true,
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let Operation { action, outcome, .. } = &*record[place];
        let puts = self.puts(action);
        let sums = if puts { News::Fine } else { self.sums.ended(record, place) };
        if sums != News::Fine && self.initial != Initial::Unknown {
            return sums;
        }
        match (action.verb, outcome) {
            (_, Outcome::Ok(_)) if puts => self.put(record, place),
            // An empty list may be read as nothing.
            (Verb::Read, Outcome::Ok(Value::Nil)) => self.read(record, place, &[]),
            (Verb::Read, Outcome::Ok(heard)) => {
                heard.items().map_or(News::Fine, |values| self.read(record, place, values))
            }
            (Verb::Dequeue | Verb::Pop | Verb::Drain, Outcome::Ok(heard)) => self.took(record, place, heard),
            (_, Outcome::Failed) => self.failed(record, place),
            _ => News::Fine,
        }
    }
}

/// Why an element that is seen should not be there, and the operation that failed to put it there, if there is one.
fn nowhere(record: &[Rc<Operation>], key: &str, value: &Value, never: &str) -> (String, Option<usize>) {
    match failed_change(record.iter().map(Rc::as_ref), key, value) {
        None => (format!("which was never {never}"), None),
        Some(place) => (format!("but {}", told(&record[place])), Some(place)),
    }
}

fn count(times: usize) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    }
}
