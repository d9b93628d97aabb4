//! The session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994) and lost
//! writes, by what can be told for sure from what clients heard: of two writes of one key, the one that was answered
//! before the other was asked for is the older. A judge that knows no more never blames the innocent.
//!
//! All four guarantees say that a client never reads a key older than some write of it, its floor. They differ in what
//! raises the floor: what the client wrote, what it read, and, once it has seen a write of somebody, what that one had
//! written, or read, before. The last two are about servers in the paper; a client sees them by reading on.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::{News, Watch, before, keys, only, told, unfold};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// Watches one guarantee. Values that are written twice tell nothing, and neither do keys that are changed by anything
/// but writes.
#[derive(Clone, Debug)]
pub struct Sessions {
    guarantee: Guarantee,
    initial: Initial,
    keys: LiteMap<SmolStr, Rc<Key>>,
    clients: LiteMap<u32, Client>,
    /// Reads that told nothing.
    untold: u64,
}

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
    /// No read misses a write that was acknowledged before it, whoever wrote.
    NoneLost,
}

/// For each key, what must not be missed.
type Floors = Rc<LiteMap<SmolStr, Floor>>;

#[derive(Clone, Debug)]
struct Floor {
    write: usize,
    /// The read in which its client saw that write, if it is not its own.
    read: Option<usize>,
    /// The later write of the same client by way of which a reader came to know, and that reader's read.
    through: Option<(usize, usize)>,
}

#[derive(Clone, Debug, Default)]
struct Client {
    /// What it wrote, or read.
    knows: Floors,
    /// What others had written, or read, whose writes it saw.
    learnt: Floors,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Acknowledged writes.
    writes: Vec<usize>,
    /// Every write that was asked for, by its value.
    asked: LiteMap<Value, Asked>,
    /// Something else changed it.
    muddied: bool,
}

#[derive(Clone, Debug)]
struct Asked {
    times: u32,
    write: usize,
    /// What its client knew when it asked.
    after: Floors,
}

/// What a read saw.
enum Seen {
    Write(usize),
    /// What was there from the start: older than every write.
    Start,
}

/// Judges a whole history by some of the guarantees, and counts what breaks each.
///
/// # Errors
/// Operations that are no reads and writes.
pub fn judge(history: &History, terms: &Terms, guarantees: &[Guarantee]) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Write], "the judge of sessions")?;
    let (mut counts, mut first, mut untold) = (Vec::new(), None, 0);
    for guarantee in guarantees {
        let mut sessions = Sessions { initial: terms.initial.clone(), ..Sessions::of(*guarantee) };
        let found = unfold(&mut sessions, history);
        counts.push((guarantee.name(), found.len() as u64));
        untold = sessions.untold;
        first = first.or_else(|| found.into_iter().next());
    }
    counts.push(("ambiguous reads", untold));
    let ruling = match first {
        Some(blame) => Ruling::Illegal(blame),
        None if untold > 0 => Ruling::Unknown,
        None => Ruling::Legal,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

impl Guarantee {
    /// Its name in the paper.
    pub fn name(self) -> &'static str {
        match self {
            Guarantee::ReadYourWrites => "read your writes",
            Guarantee::MonotonicReads => "monotonic reads",
            Guarantee::MonotonicWrites => "monotonic writes",
            Guarantee::WritesFollowReads => "writes follow reads",
            Guarantee::NoneLost => "no acknowledged write lost",
        }
    }

    /// Is a client's floor raised by what is written, and not by what is read?
    fn is_of_writes(self) -> bool {
        matches!(self, Guarantee::ReadYourWrites | Guarantee::MonotonicWrites)
    }

    /// Does a client learn it from others?
    fn is_learnt(self) -> bool {
        matches!(self, Guarantee::MonotonicWrites | Guarantee::WritesFollowReads)
    }
}

impl Sessions {
    /// The judge of a guarantee.
    pub fn of(guarantee: Guarantee) -> Sessions {
        let initial = Initial::Nothing;
        Sessions { guarantee, initial, keys: LiteMap::new(), clients: LiteMap::new(), untold: 0 }
    }

    fn read(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let read = &record[place];
        let key = self.keys.entry(read.action.key.clone()).or_default().clone();
        let Some(seen) = self.seen(&key, value) else {
            self.untold += 1;
            return News::Fine;
        };
        let client = self.clients.entry(read.client).or_default();
        let floors = if self.guarantee.is_learnt() { &client.learnt } else { &client.knows };
        let missed = match self.guarantee {
            Guarantee::NoneLost => {
                let lost = |write: &&usize| {
                    before(&record[**write], read) && seen.is_older_than(&record[**write], record)
                };
                let lost = key.writes.iter().rev().find(lost);
                lost.map(|write| Floor { write: *write, read: None, through: None })
            }
            _ => floors.get(&read.action.key).filter(|floor| floor.is_missed(record, read, &seen)).cloned(),
        };
        if let Seen::Write(write) = seen {
            if matches!(self.guarantee, Guarantee::MonotonicReads | Guarantee::WritesFollowReads) {
                let floor = Floor { write, read: Some(place), through: None };
                raise(&mut client.knows, record, floor);
            }
            if let Some(asked) = key.asked.get(value).filter(|_| self.guarantee.is_learnt()) {
                for floor in asked.after.values() {
                    let through = Some((write, place));
                    raise(&mut client.learnt, record, Floor { through, ..floor.clone() });
                }
            }
        }
        missed.map_or(News::Fine, |floor| News::Broken(blame(record, place, &seen, &floor)))
    }

    /// What a value tells, if it does.
    fn seen(&self, key: &Key, value: &Value) -> Option<Seen> {
        let from_start = match &self.initial {
            Initial::Nothing => *value == Value::Nil,
            Initial::Value(start) => value == start,
            Initial::Unknown => false,
        };
        match key.asked.get(value) {
            _ if key.muddied => None,
            Some(Asked { times: 1, write, .. }) if !from_start => Some(Seen::Write(*write)),
            None if from_start => Some(Seen::Start),
            _ => None,
        }
    }
}

impl Watch for Sessions {
    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { client, action, .. } = &*record[place];
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match action.verb {
            Verb::Read => {}
            // A value that is written twice will tell nothing, whatever becomes of the second.
            Verb::Write => {
                let times = key.asked.get(&action.value).map_or(0, |asked| asked.times) + 1;
                let after = self.clients.entry(*client).or_default().knows.clone();
                key.asked.insert(action.value.clone(), Asked { times, write: place, after });
            }
            _ => key.muddied = true,
        }
    }

    fn ended(&mut self, record: &[Rc<Operation>], place: usize) -> News {
        let operation = &record[place];
        match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => return self.read(record, place, value),
            (Verb::Write, Outcome::Ok(_)) => {
                let key = Rc::make_mut(self.keys.entry(operation.action.key.clone()).or_default());
                key.writes.push(place);
                if self.guarantee.is_of_writes() {
                    let client = self.clients.entry(operation.client).or_default();
                    let floor = Floor { write: place, read: None, through: None };
                    raise(&mut client.knows, record, floor);
                }
            }
            _ => {}
        }
        News::Fine
    }
}

impl Seen {
    fn is_older_than(&self, write: &Operation, record: &[Rc<Operation>]) -> bool {
        match self {
            Seen::Start => true,
            Seen::Write(seen) => before(&record[*seen], write),
        }
    }
}

impl Floor {
    fn is_missed(&self, record: &[Rc<Operation>], read: &Operation, seen: &Seen) -> bool {
        let known = match (self.through, self.read) {
            (Some((_, known)), _) | (None, Some(known)) => known,
            (None, None) => self.write,
        };
        // Who saw a later write of the same key must not even see this one.
        let itself = matches!(seen, Seen::Write(write) if *write == self.write)
            && self.through.is_some_and(|(later, _)| record[later].action.key == read.action.key);
        before(&record[known], read) && (itself || seen.is_older_than(&record[self.write], record))
    }
}

/// Raises a floor, if this one is surely higher: also by a later write of the same key, see [`Floor::is_missed`].
fn raise(floors: &mut Floors, record: &[Rc<Operation>], floor: Floor) {
    let key = &record[floor.write].action.key;
    let same_key = floor.through.is_some_and(|(later, _)| record[later].action.key == *key);
    let higher = |old: &Floor| {
        before(&record[old.write], &record[floor.write]) || old.write == floor.write && same_key
    };
    if floors.get(key).is_none_or(higher) {
        Rc::make_mut(floors).insert(key.clone(), floor);
    }
}

fn blame(record: &[Rc<Operation>], read: usize, seen: &Seen, floor: &Floor) -> Blame {
    let named = |place: usize| told(&record[place]);
    let newer = named(floor.write);
    let known = match (floor.through, floor.read) {
        (Some((later, heard)), None) => {
            let heard = named(heard);
            format!(
                "the same client had heard {heard} before, and {} was written after {newer} by one client",
                named(later)
            )
        }
        (Some((later, heard)), Some(read)) => format!(
            "the same client had heard {} before, and {} was written by one who had heard {}",
            named(heard),
            named(later),
            named(read)
        ),
        (None, Some(earlier)) => format!("the same client had heard {} before", named(earlier)),
        (None, None) if record[floor.write].client == record[read].client => {
            format!("the same client had been told that {newer} is done")
        }
        (None, None) => format!("{newer} had been acknowledged before it began"),
    };
    let (age, seen) = match seen {
        Seen::Write(seen) if *seen == floor.write => (String::new(), None),
        Seen::Write(seen) => {
            (format!(", and {} was over before {newer} was asked for", named(*seen)), Some(*seen))
        }
        Seen::Start => (String::new(), None),
    };
    let through = floor.through.map(|(later, heard)| [later, heard]);
    let operations = [Some(read), seen, Some(floor.write), floor.read].into_iter().flatten();
    let text = format!("{}, although {known}{age}.", named(read));
    Blame::new(text, operations.chain(through.into_iter().flatten())).about(&record[read])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::history::Action;

    fn write(client: u32, key: &str, value: i64, at: u64) -> Operation {
        let action = Action::new(Verb::Write, key, Value::Int(value));
        Operation::new(client, action, Outcome::Ok(Value::Nil), at, at + 5)
    }

    fn read(client: u32, key: &str, value: Value, at: u64) -> Operation {
        Operation::new(client, Action::new(Verb::Read, key, Value::Nil), Outcome::Ok(value), at, at + 5)
    }

    fn breaks(guarantee: Guarantee, operations: &[Operation]) -> bool {
        let history = History { operations: operations.to_vec() };
        let judgement = judge(&history, &Terms::default(), &[guarantee]).expect("reads and writes");
        matches!(judgement.ruling, Ruling::Illegal(_))
    }

    #[test]
    fn a_client_misses_its_own_write() {
        let own = [write(1, "x", 1, 0), write(2, "x", 2, 10), read(2, "x", Value::Int(1), 20)];
        assert!(breaks(Guarantee::ReadYourWrites, &own));
        assert!(breaks(Guarantee::NoneLost, &own));
        assert!(!breaks(Guarantee::MonotonicReads, &own));
        assert!(breaks(Guarantee::ReadYourWrites, &[write(1, "x", 1, 0), read(1, "x", Value::Nil, 10)]));
    }

    #[test]
    fn a_client_reads_backwards() {
        let back = [
            write(1, "x", 1, 0),
            write(2, "x", 2, 10),
            read(3, "x", Value::Int(2), 20),
            read(3, "x", Value::Int(1), 30),
        ];
        assert!(breaks(Guarantee::MonotonicReads, &back));
        assert!(!breaks(Guarantee::ReadYourWrites, &back));
        assert!(!breaks(Guarantee::MonotonicWrites, &back), "two clients wrote");
    }

    #[test]
    fn a_later_write_of_one_client_is_seen_without_the_earlier() {
        let other_key = [
            write(1, "x", 1, 0),
            write(1, "y", 2, 10),
            read(2, "y", Value::Int(2), 20),
            read(2, "x", Value::Nil, 30),
        ];
        assert!(breaks(Guarantee::MonotonicWrites, &other_key));
        assert!(!breaks(Guarantee::WritesFollowReads, &other_key));
        assert!(!breaks(Guarantee::MonotonicReads, &other_key));
        let same_key = [
            write(1, "x", 1, 0),
            write(1, "x", 2, 10),
            read(2, "x", Value::Int(2), 20),
            read(2, "x", Value::Int(1), 30),
        ];
        assert!(breaks(Guarantee::MonotonicWrites, &same_key));
    }

    #[test]
    fn an_answer_is_seen_without_its_question() {
        let forum = [
            write(1, "question", 1, 0),
            read(2, "question", Value::Int(1), 10),
            write(2, "answer", 2, 20),
            read(3, "answer", Value::Int(2), 30),
            read(3, "question", Value::Nil, 40),
        ];
        assert!(breaks(Guarantee::WritesFollowReads, &forum));
        assert!(!breaks(Guarantee::MonotonicWrites, &forum));
        assert!(!breaks(Guarantee::WritesFollowReads, &forum[..4]));
    }

    #[test]
    fn a_value_written_twice_tells_nothing() {
        let twice = [
            write(1, "x", 1, 0),
            write(2, "x", 2, 10),
            write(1, "x", 1, 11),
            read(2, "x", Value::Int(1), 20),
        ];
        assert!(!breaks(Guarantee::ReadYourWrites, &twice));
    }

    #[test]
    fn what_is_concurrent_is_in_no_order() {
        let mut late = write(1, "x", 1, 0);
        late.returned = Some(15);
        let either = [late, write(2, "x", 2, 10), read(2, "x", Value::Int(1), 20)];
        assert!(!breaks(Guarantee::ReadYourWrites, &either));
    }
}
