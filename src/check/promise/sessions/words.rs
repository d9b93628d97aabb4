//! What a read missed, in words.

use std::rc::Rc;

use super::super::{before, told};
use super::Seen;
use super::floor::Floor;
use crate::check::history::Operation;
use crate::check::judgement::Blame;
use crate::sim::NodeId;

/// A read saw something older than a floor.
pub(super) fn missed(record: &[Rc<Operation>], read: usize, seen: &Seen, floor: &Floor) -> Blame {
    let named = |place: usize| told(&record[place]);
    let newer = named(floor.write);
    let who = match record[read].server.and_then(|server| u16::try_from(server).ok()) {
        Some(server) if floor.through.is_some() => format!("{} had answered", NodeId(server)),
        _ => "the same client had heard".to_owned(),
    };
    let known = match (floor.through, floor.read) {
        (Some((later, heard)), None) => {
            let heard = named(heard);
            format!("{who} {heard} before, and {} was written after {newer} by one client", named(later))
        }
        (Some((later, heard)), Some(read)) => format!(
            "{who} {} before, and {} was written by one who had heard {}",
            named(heard),
            named(later),
            named(read)
        ),
        (None, Some(earlier)) => format!("{who} {} before", named(earlier)),
        (None, None) if record[floor.write].client == record[read].client => {
            format!("the same client had been told that {newer} is done")
        }
        (None, None) => format!("{newer} had been acknowledged before it began"),
    };
    let (age, seen) = match seen {
        Seen::Write(seen) if *seen == floor.write => (String::new(), None),
        Seen::Write(seen) if floor.through.is_none() || before(&record[*seen], &record[floor.write]) => {
            (format!(", and {} was over before {newer} was asked for", named(*seen)), Some(*seen))
        }
        Seen::Write(seen) => (String::new(), Some(*seen)),
        Seen::Start => (String::new(), None),
    };
    let through = floor.through.map(|(later, heard)| [later, heard]);
    let operations = [Some(read), seen, Some(floor.write), floor.read].into_iter().flatten();
    let text = format!("{}, although {known}{age}.", named(read));
    Blame::new(text, operations.chain(through.into_iter().flatten())).about(&record[read])
}
