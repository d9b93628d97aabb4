//! Mutual exclusion: no two clients surely hold a lock at once. A client surely holds it from the answer to its
//! `acquire` until it asks to `release`; not at all if a `release` of its own may take effect after that `acquire`:
//! one that was asked for before the answer came, or that nobody has answered yet.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{News, Says, Watch, before, keys, only, ruling, told, unfold};
use crate::check::history::{History, Operation, Outcome, Verb};
use crate::check::judgement::{Blame, Judgement, Terms};
use crate::check::linearizable::Foreign;

/// The promise in one sentence.
pub const SAYS: Says = ("No two clients surely hold a lock at once.", "Dijkstra 1965");

/// Watches who holds what.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// By lock and client.
    locks: LiteMap<SmolStr, LiteMap<u32, Claimant>>,
}

/// A client that has to do with a lock.
#[derive(Clone, Debug, Default)]
struct Claimant {
    /// The `acquire` since whose answer it surely holds the lock.
    acquire: Option<usize>,
    /// Each `release` that was not answered.
    open: Vec<usize>,
    /// The `release` that was answered last.
    released: Option<usize>,
}

/// Judges a whole history.
///
/// # Errors
/// Operations other than `acquire` and `release`.
pub fn judge(history: &History, _terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Acquire, Verb::Release], "the judge of mutual exclusion")?;
    let found = unfold(&mut Holders::default(), history);
    let counts = vec![("overlaps", found.len() as u64)];
    Ok(Judgement::counted(ruling(found), keys(history), counts))
}

impl Watch for Holders {
    fn speaks_of(&self, operation: &Operation) -> bool {
        operation.action.verb == Verb::Acquire
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { client, action, .. } = &*record[place];
        if action.verb == Verb::Release {
            let claimant = self.locks.entry(action.key.clone()).or_default().entry(*client).or_default();
            claimant.acquire = None;
            claimant.open.push(place);
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let Operation { client, action, outcome, .. } = &*record[place];
        let claimants = self.locks.entry(action.key.clone()).or_default();
        let other = claimants.iter().find_map(|(other, it)| it.acquire.filter(|_| other != client));
        let claimant = claimants.entry(*client).or_default();
        match (action.verb, outcome) {
            (Verb::Release, Outcome::Ok(_) | Outcome::Failed) => {
                claimant.open.retain(|open| *open != place);
                claimant.released = Some(place).filter(|_| *outcome != Outcome::Failed).or(claimant.released);
                return News::Fine;
            }
            (Verb::Acquire, Outcome::Ok(_)) => {}
            _ => return News::Fine,
        }
        let over = |release: &usize| before(&record[*release], &record[place]);
        if !claimant.open.is_empty() || !claimant.released.iter().all(over) {
            return News::Fine;
        }
        claimant.acquire = Some(place);
        let Some(other) = other else { return News::Fine };
        let text = format!(
            "{} was answered while another client held it: after {} it had not asked to release it.",
            told(&record[place]),
            told(&record[other])
        );
        News::Broken(Blame::new(text, [place, other]).about(&record[place]))
    }
}
