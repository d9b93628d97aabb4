//! A whole history in an order in which nothing comes before its cause: CyclicCO is that there is none.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::chains::{Beginning, Chains, Clock};
use super::super::order::in_order;
use super::super::{Tip, heard, tips};
use crate::check::history::Operation;

/// Puts the ends of all operations in an order of causes, the earlier first where there is a choice. `found_by` is the
/// write that a read found.
///
/// # Errors
/// A circle of operations, each a cause of the next and the last of the first.
pub fn in_causal_order(
    record: &[Rc<Operation>],
    found_by: impl Fn(usize) -> Option<usize>,
) -> Result<Vec<Tip>, Vec<usize>> {
    let tips = tips(record);
    let causes = causes(record, &tips, found_by);
    let waits = match in_order(&causes, |cause| *cause) {
        Ok(order) => return Ok(order.into_iter().map(|tip| tips[tip]).collect()),
        Err(waits) => waits,
    };
    // Whatever waits, waits for something that waits: sooner or later for itself.
    let mut way: Vec<usize> = waits.iter().position(|waits| *waits).into_iter().collect();
    loop {
        let last = way[way.len() - 1];
        let Some(next) = causes[last].iter().copied().find(|cause| waits[*cause]) else {
            return Err(Vec::new());
        };
        if let Some(first) = way.iter().position(|tip| *tip == next) {
            let mut circle: Vec<usize> = way[first..].iter().rev().map(|tip| tips[*tip].place).collect();
            circle.dedup();
            if circle.len() > 1 && circle.first() == circle.last() {
                circle.pop();
            }
            return Err(circle);
        }
        way.push(next);
    }
}

/// What each end waits for: an invocation for all that its client had heard, an answer for its invocation, and that
/// of a read for the invocation of the write that it found.
fn causes(
    record: &[Rc<Operation>],
    tips: &[Tip],
    found_by: impl Fn(usize) -> Option<usize>,
) -> Vec<Vec<usize>> {
    let mut invocations = vec![None; record.len()];
    for (number, tip) in tips.iter().enumerate().filter(|(_, tip)| !tip.returns) {
        invocations[tip.place] = Some(number);
    }
    let mut causes: Vec<Vec<usize>> = vec![Vec::new(); tips.len()];
    // Of each client: its last invocation, and the answers since.
    let mut since: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, tip) in tips.iter().enumerate() {
        let since = since.entry(record[tip.place].client).or_default();
        if tip.returns {
            causes[number].extend(invocations[tip.place]);
            causes[number].extend(found_by(tip.place).and_then(|write| invocations[write]));
            since.extend(heard(&record[tip.place]).map(|_| number));
        } else {
            causes[number] = std::mem::replace(since, vec![number]);
        }
    }
    causes
}

/// What each client had heard of when it asked, by time: whatever the order of causes.
pub struct Sessions {
    /// By place in the record.
    beginnings: Vec<Option<Beginning>>,
    places: BTreeMap<(u32, u32), usize>,
}

impl Sessions {
    pub fn of(record: &[Rc<Operation>]) -> Sessions {
        let mut chains = Chains::default();
        let mut sessions = Sessions { beginnings: vec![None; record.len()], places: BTreeMap::new() };
        for Tip { place, returns } in tips(record) {
            let client = record[place].client;
            match &sessions.beginnings[place] {
                Some(beginning) if returns => chains.end(client, place, beginning.spot, &Clock::default()),
                _ => {
                    let beginning = chains.begin(client);
                    sessions.places.insert((beginning.spot.chain, beginning.spot.at), place);
                    sessions.beginnings[place] = Some(beginning);
                }
            }
        }
        sessions
    }

    /// How an operation begins: after everything up to those that its client had heard of.
    pub fn beginning(&self, place: usize, with_its_past: impl Fn(usize) -> Clock) -> Option<Beginning> {
        let beginning = self.beginnings[place].as_ref()?;
        let mut past = Clock::default();
        for spot in beginning.past.spots() {
            if let Some(other) = self.places.get(&(spot.chain, spot.at)) {
                past.join(&with_its_past(*other));
            }
        }
        Some(Beginning { past, ..beginning.clone() })
    }
}
