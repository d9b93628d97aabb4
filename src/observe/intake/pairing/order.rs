//! The order of events: as the file tells them, or by their times.

use super::Event;
use crate::observe::intake::Order;
use crate::observe::intake::unreadable::Unreadable;

/// Puts events in order, and says what a person should know of it.
///
/// # Errors
/// An event without a time, where times are to count.
pub fn put(text: &str, events: &mut [Event], order: Order) -> Result<Option<String>, Unreadable> {
    if order == Order::Time {
        for event in events.iter() {
            let (at, what) = match event.time {
                Some((_, Some(_))) => continue,
                Some((at, None)) => (at, "a :time by which events are ordered is a whole number"),
                None => (event.at, "this event has no :time, by which events are to be ordered"),
            };
            return Err(Unreadable::at(
                text,
                at,
                what,
                "Leave out --order time to take the order of the file.",
            ));
        }
        events.sort_by_key(time);
        return Ok(None);
    }
    let times: Vec<i128> = events.iter().filter_map(time).collect();
    let mut latest = i128::MIN;
    let mut back = 0;
    for time in times {
        back += usize::from(time < latest);
        latest = latest.max(time);
    }
    Ok(match back {
        0 => None,
        1 => Some(format!("1 event goes back in time. {HINT}")),
        back => Some(format!("{back} events go back in time. {HINT}")),
    })
}

const HINT: &str = "The order of the file counts; --order time takes that of :time.";

fn time(event: &Event) -> Option<i128> {
    event.time.and_then(|(_, time)| time)
}
