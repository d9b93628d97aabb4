//! All objects of a history, searched in rounds: each for a short time first, then those that are left for longer and
//! longer. One that is hard does not keep another from being found illegal.

use smol_str::SmolStr;

use super::foresight::Foresight;
use super::object::{Object, Plain};
use super::search::{End, Search};
use super::sheet::Sheet;
use super::{Answer, Method, Proof, named, proof, sources, thin_air};
use crate::check::budget::{Budget, Spent};
use crate::check::history::Operation;
use crate::check::model::Model;

/// A round is so many times longer than the one before: all of them are not much longer than the last one.
const LONGER: u64 = 8;

/// One object on its way to an answer.
pub struct Case<O> {
    pub key: Option<SmolStr>,
    pub sheet: Sheet<O>,
    /// An order that explains it, if one was found.
    pub order: Option<Vec<usize>>,
}

/// All objects share one budget of steps. Memory is given back after each search.
pub struct Rounds<'a, M: Model> {
    model: &'a M,
    operations: &'a [Operation],
    budget: Budget,
    pub spent: Spent,
}

/// What came of a case.
enum Fate {
    /// By this order.
    Legal(Vec<usize>),
    Illegal(Proof),
    /// With more steps there may be an answer.
    TooLong,
    TooLarge,
}

impl<'a, M: Model> Rounds<'a, M> {
    pub fn new(model: &'a M, operations: &'a [Operation], budget: Budget) -> Rounds<'a, M> {
        Rounds { model, operations, budget, spent: Spent::default() }
    }

    /// Judges all of them, or until one is illegal.
    pub fn judge(&mut self, method: Method, cases: &mut [Case<M::Op>]) -> Answer {
        match self.all_rounds(method, cases) {
            Err(proof) => Answer::Illegal(proof),
            Ok(()) => {
                let orders: Option<Vec<_>> = cases.iter_mut().map(|case| case.order.take()).collect();
                orders.map_or(Answer::Unknown, Answer::Linearizable)
            }
        }
    }

    fn all_rounds(&mut self, method: Method, cases: &mut [Case<M::Op>]) -> Result<(), Proof> {
        if method != Method::Foresight {
            let most = |size: u64| if method == Method::Plain { u64::MAX } else { 1_000 + 16 * size };
            for case in &mut *cases {
                let object = Plain::new(self.model, &case.sheet);
                match self.search(object, case, most(case.sheet.ops.len() as u64)) {
                    Fate::Legal(order) => case.order = Some(order),
                    Fate::Illegal(proof) => return Err(proof),
                    Fate::TooLong | Fate::TooLarge => {}
                }
            }
        }
        if method == Method::Plain {
            return Ok(());
        }
        let mut rest: Vec<&mut Case<M::Op>> = cases.iter_mut().filter(|case| case.order.is_none()).collect();
        for case in &rest {
            if let Some(op) = sources::out_of_thin_air(self.model, &case.sheet) {
                return Err(thin_air(self.model, &case.sheet, case.key.clone(), op));
            }
        }
        rest.sort_by_key(|case| case.sheet.ops.len());
        let mut steps = 64;
        while !rest.is_empty() && self.spent.steps < self.budget.steps {
            let mut longer = Vec::with_capacity(rest.len());
            // The only one need not begin anew.
            let only = rest.len() == 1;
            for case in rest {
                let size = 64 + case.sheet.ops.len() as u64;
                let object = Foresight::new(self.model, &case.sheet);
                match self.search(object, case, if only { u64::MAX } else { steps * size }) {
                    Fate::Legal(order) => case.order = Some(order),
                    Fate::Illegal(proof) => return Err(proof),
                    Fate::TooLong => longer.push(case),
                    Fate::TooLarge => {}
                }
            }
            rest = longer;
            steps = steps.saturating_mul(LONGER);
        }
        Ok(())
    }

    /// One search of so many steps at most.
    fn search<O: Object<Model = M>>(&mut self, object: O, case: &Case<M::Op>, steps: u64) -> Fate {
        let steps = self.spent.steps.saturating_add(steps).min(self.budget.steps);
        let mut search = Search::new(object, &self.model.start(), &case.sheet);
        match search.go(&mut self.spent, Budget { steps, ..self.budget }) {
            End::Found => Fate::Legal(named(&case.sheet, &search.order())),
            End::Spent if search.bytes() > self.budget.bytes => Fate::TooLarge,
            End::Spent => Fate::TooLong,
            End::Exhausted => match search.into_deadlock() {
                Some(deadlock) => {
                    let key = case.key.clone();
                    Fate::Illegal(proof(self.model, self.operations, &case.sheet, key, deadlock))
                }
                None => Fate::TooLarge,
            },
        }
    }
}
