//! Mutual exclusion: no two clients surely hold a lock at once. A client surely holds it from the answer to its
//! `acquire` until it asks to `release`.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{News, Watch, keys, only, ruling, told, unfold};
use crate::check::history::{History, Operation, Outcome, Verb};
use crate::check::judgement::{Blame, Judgement, Terms};
use crate::check::linearizable::Foreign;

/// Watches who holds what.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// The `acquire` of each client that holds a lock.
    locks: LiteMap<SmolStr, LiteMap<u32, usize>>,
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
    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { client, action, .. } = &*record[place];
        if let Some(holders) = self.locks.get_mut(&action.key).filter(|_| action.verb == Verb::Release) {
            holders.remove(client);
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let Operation { client, action, outcome, .. } = &*record[place];
        if action.verb != Verb::Acquire || !matches!(outcome, Outcome::Ok(_)) {
            return News::Fine;
        }
        let holders = self.locks.entry(action.key.clone()).or_default();
        let other = holders.iter().find(|(holder, _)| *holder != client).map(|(_, acquire)| *acquire);
        holders.insert(*client, place);
        let Some(other) = other else { return News::Fine };
        let text = format!(
            "{} was answered while another client held it: after {} it had not asked to release it.",
            told(&record[place]),
            told(&record[other])
        );
        News::Broken(Blame::new(text, [place, other]).about(&record[place]))
    }
}
