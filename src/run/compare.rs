//! Two runs beside each other: where they part.

use super::erased::Run;
use super::happened;
use crate::sim::words::counted;
use crate::sim::{EventId, Time, What};

/// The first event that is not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    pub event: EventId,
    pub at: Time,
}

impl Difference {
    /// What each of the two does there.
    pub fn told(&self, one: &dyn Run, other: &dyn Run) -> [String; 2] {
        let mut said = [self.of(one), self.of(other)];
        if said[0] == said[1] {
            // The same words for two things: what is sent is another.
            for (words, run) in said.iter_mut().zip([one, other]) {
                if let Some(What::Sent { bytes, .. }) = run.trace().get(self.event).map(|event| event.what) {
                    words.push_str(&format!(", {}", counted(bytes, "byte")));
                }
            }
            said[1].push_str(if said[0] == said[1] { ", with another content" } else { "" });
        }
        said
    }

    fn of(&self, run: &dyn Run) -> String {
        match run.trace().get(self.event) {
            None => "nothing more".to_owned(),
            Some(found) if found.at > self.at => format!("nothing until {}", found.at),
            Some(_) => happened::sentence(run, self.event).unwrap_or_default(),
        }
    }
}

/// Where two runs part, as far as both have been run; `None` while they are the same.
pub fn difference(one: &dyn Run, other: &dyn Run) -> Option<Difference> {
    let (a, b) = (&one.trace().events, &other.trace().events);
    let both = a.len().min(b.len());
    let place = (0..both).find(|place| !alike(one, other, *place))?;
    Some(Difference { event: EventId(place as u32), at: a[place].at.min(b[place].at) })
}

/// Acts are numbered on each way by itself: what counts is what they do.
fn alike(one: &dyn Run, other: &dyn Run, place: usize) -> bool {
    let (a, b) = (&one.trace().events[place], &other.trace().events[place]);
    match (a.what, b.what) {
        (What::Acted { act: first }, What::Acted { act: second }) => {
            a.at == b.at && one.acts().get(first as usize) == other.acts().get(second as usize)
        }
        _ => a == b,
    }
}
