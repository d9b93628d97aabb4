//! The same judgement while the history unfolds: at each answer, without beginning anew each time.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::object::Plain;
use super::search::{End, Place, Search};
use super::sheet::Sheet;
use super::{Proof, proof};
use crate::check::budget::{Budget, Spent};
use crate::check::history::{Operation, Outcome};
use crate::check::model::Model;

/// More ways than this to explain what came before are not remembered: what came before stays instead.
const MOST_PLACES: usize = 64;

/// What an answer made of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It is linearizable so far.
    Legal,
    /// It is not, since this answer; places in the proof are those of `operations`.
    Illegal { operations: Vec<Operation>, proof: Proof },
    /// What one answer may take was spent.
    Spent,
    /// The model cannot read what happened.
    Foreign,
}

/// A judge that follows a run. A clone of it is part of a keyframe; objects that did not change are shared.
#[derive(Clone, Debug)]
pub struct Unfolding<M: Model> {
    model: M,
    objects: LiteMap<Option<SmolStr>, Rc<Object<M::State>>>,
    spent: Spent,
}

/// One object: where its history may have led up to a quiet moment, and everything since.
#[derive(Clone, Debug)]
struct Object<S> {
    /// The unanswered operations first, in the order of [`Place::used`], then those since the quiet moment.
    operations: Vec<Operation>,
    places: Vec<Place<S>>,
    /// How many are neither answered nor given up.
    pending: usize,
    /// What made the state of the quiet moment, for the proof.
    maker: Option<Operation>,
    /// A quiet moment with fewer operations than this passes: the last attempt to use one came to nothing, and a new
    /// one has to be worth its steps.
    patience: usize,
}

impl<M: Model + Clone> Unfolding<M> {
    pub fn new(model: M) -> Unfolding<M> {
        Unfolding { model, objects: LiteMap::new(), spent: Spent::default() }
    }

    /// Steps of the search so far, and the most that it held.
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// A client asked. The operation has no answer yet.
    pub fn invoked(&mut self, operation: Operation) {
        let key = self.model.partition(&operation);
        let start = Place { state: self.model.start(), used: Vec::new() };
        let fresh = || Rc::new(Object::new(start));
        if !self.objects.contains_key(&key) {
            self.objects.insert(key.clone(), fresh());
        }
        let Some(object) = self.objects.get_mut(&key) else { return };
        let object = Rc::make_mut(object);
        object.pending += 1;
        object.operations.push(operation);
    }

    /// The client's operation that began at `invoked` ended: with an answer, or without.
    pub fn ended(&mut self, operation: &Operation, budget: Budget) -> News {
        let key = self.model.partition(operation);
        let Some(object) = self.objects.get_mut(&key) else { return News::Legal };
        let object = Rc::make_mut(object);
        let same = |other: &Operation| other.invoked == operation.invoked && other.client == operation.client;
        let Some(place) = object.operations.iter().rposition(same) else { return News::Legal };
        object.pending -= 1;
        match operation.outcome {
            Outcome::Ok(_) => object.operations[place] = operation.clone(),
            // Somebody may have seen its effect while nobody knew: the history may be illegal without it.
            Outcome::Failed => drop(object.operations.remove(place)),
            // Silence tells nothing new; what nobody heard and changes nothing is forgotten.
            Outcome::Unknown => {
                let Ok(op) = self.model.prepare(operation) else { return News::Foreign };
                match self.model.reads_only(&op) {
                    true => drop(object.operations.remove(place)),
                    false => object.operations[place] = operation.clone(),
                }
                return News::Legal;
            }
        }
        let budget = Budget { steps: self.spent.steps.saturating_add(budget.steps), ..budget };
        let news = object.judge(&mut self.model, &key, &mut self.spent, budget);
        if news == News::Legal && object.pending == 0 && object.operations.len() >= object.patience {
            let settled = object.settle(&mut self.model, &mut self.spent, budget);
            object.patience = if settled { 0 } else { 2 * object.operations.len() };
        }
        news
    }
}

impl<S: Clone + Eq> Object<S> {
    fn new(start: Place<S>) -> Object<S> {
        Object { operations: Vec::new(), places: vec![start], pending: 0, maker: None, patience: 0 }
    }

    /// Looks for one order of everything since the quiet moment, from any place that it may have led to.
    fn judge<M: Model<State = S>>(
        &self,
        model: &mut M,
        key: &Option<SmolStr>,
        spent: &mut Spent,
        budget: Budget,
    ) -> News {
        let mut sheet = match Sheet::of_part(model, &self.operations) {
            Ok(sheet) => sheet,
            // What is under way may still be refused: all is judged when that is known.
            Err((misfit, _)) if self.operations[misfit].outcome == Outcome::Unknown => return News::Legal,
            Err(_) => return News::Foreign,
        };
        sheet.find_the_idle(model);
        let mut search = Search::new(Plain::new(model, &sheet), &model.start(), &sheet);
        for place in &self.places {
            search.begin(place);
            match search.go(spent, budget) {
                End::Found => return News::Legal,
                End::Spent => return News::Spent,
                End::Exhausted => {}
            }
        }
        let Some(deadlock) = search.into_deadlock() else { return News::Legal };
        let mut proof = proof(model, &self.operations, &sheet, key.clone(), deadlock);
        let mut operations = self.operations.clone();
        if let Some(maker) = self.maker.as_ref().filter(|_| self.places.len() == 1) {
            proof.prefix.insert(0, operations.len());
            operations.push(maker.clone());
        }
        News::Illegal { operations, proof }
    }

    /// A quiet moment: everything answered may be forgotten once it is known where it may have led. False if that
    /// takes too many steps, or if it is too many places.
    fn settle<M: Model<State = S>>(&mut self, model: &mut M, spent: &mut Spent, budget: Budget) -> bool {
        let Ok(sheet) = Sheet::of_part(model, &self.operations) else { return false };
        let mut search = Search::new(Plain::new(model, &sheet), &model.start(), &sheet);
        let mut places: Vec<Place<S>> = Vec::new();
        let mut maker = None;
        for place in &self.places {
            search.begin(place);
            loop {
                match search.go(spent, budget) {
                    End::Found => {
                        let changes = |op: &&u32| !model.reads_only(&sheet.ops[**op as usize]);
                        maker = maker.or_else(|| search.order().iter().rev().find(changes).copied());
                        keep(&mut places, search.here());
                        if places.len() > MOST_PLACES {
                            return false;
                        }
                    }
                    End::Exhausted => break,
                    End::Spent => return false,
                }
            }
        }
        if let Some(maker) = maker {
            self.maker = Some(self.operations[sheet.origin[maker as usize]].clone());
        }
        let kept = sheet.origin[sheet.answered..].iter().map(|place| self.operations[*place].clone());
        self.operations = kept.collect();
        self.places = places;
        true
    }
}

/// Adds a place, unless another leads to the same state with less used up: whatever goes on from there does so here.
fn keep<S: Eq>(places: &mut Vec<Place<S>>, here: Place<S>) {
    let within = |one: &Place<S>, other: &Place<S>| {
        one.state == other.state && one.used.iter().zip(&other.used).all(|(one, other)| one & !other == 0)
    };
    if !places.iter().any(|place| within(place, &here)) {
        places.retain(|place| !within(&here, place));
        places.push(here);
    }
}
