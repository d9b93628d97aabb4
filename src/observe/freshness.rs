//! How fresh reads are, by how long before they began the newest write of their key was acknowledged: t-visibility
//! (Bailis et al., "Probabilistically Bounded Staleness for Practical Partial Quorums", VLDB 2012, section 3.3).

use super::staleness::staleness;
use crate::run::{Run, judging};
use crate::sim::{EventId, Micros};

/// Reads in bins of one width by the age of the newest acknowledged write; those of several runs can be counted
/// together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    width: Micros,
    bins: Vec<Bin>,
}

/// The reads of one age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    pub reads: u64,
    /// Those that did not miss the write.
    pub fresh: u64,
}

impl Bin {
    /// The part of the reads that were fresh; `None` if there were none.
    pub fn share(self) -> Option<f64> {
        (self.reads > 0).then(|| self.fresh as f64 / self.reads as f64)
    }
}

impl Freshness {
    /// So many bins of a width, the first from age zero on. Older writes are not looked at.
    pub fn new(width: Micros, bins: usize) -> Freshness {
        Freshness { width: width.max(Micros(1)), bins: vec![Bin::default(); bins] }
    }

    /// Counts the reads of a run, as far as it has been run. Only reads of registers whose values tell who wrote them
    /// count, as in [`staleness`].
    pub fn count(&mut self, run: &dyn Run) {
        let trace = run.trace();
        let history = judging::history(trace, run.events());
        let found = staleness(&history);
        let at = |event: u64| trace.get(EventId(event as u32)).map(|event| event.at);
        for (place, acknowledged) in &found.after {
            let Some((began, known)) = at(history.operations[*place].invoked).zip(at(*acknowledged)) else {
                continue;
            };
            let age = began.since(known);
            if let Some(bin) = self.bins.get_mut((age.0 / self.width.0) as usize) {
                bin.reads += 1;
                bin.fresh += u64::from(found.stale.binary_search(place).is_err());
            }
        }
    }

    /// Each bin with the ages it covers.
    pub fn bins(&self) -> impl Iterator<Item = ((Micros, Micros), Bin)> {
        let from = |place: usize| Micros(self.width.0 * place as u64);
        self.bins.iter().enumerate().map(move |(place, bin)| ((from(place), from(place + 1)), *bin))
    }
}
