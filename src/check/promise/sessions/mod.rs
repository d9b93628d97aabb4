//! The session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994) and lost
//! writes, by what can be told for sure from what clients heard: of two writes of one key, the one that was answered
//! before the other was asked for is the older. A judge that knows no more never blames the innocent.
//!
//! All four guarantees say that nobody reads a key older than some write of it, the floor. The first two are about a
//! client, and what it wrote or read raises its floor. The other two are about servers: one that has a write has what
//! its client had written before, or read, and in this order. A client alone can never refute them: let each of its
//! reads be answered by another server, one that holds what was found and all that must be there with it, and
//! everything is explained. So what was found raises the floor of the server that answered, for whoever reads there
//! later; where nobody knows the server, a client is taken to stay with one. Which of two writes is the older is told
//! by the guarantee there, and not by time, because a server may settle what is concurrent to it as it likes.
//!
//! A server in this sense answers from a copy of its own and forgets nothing: one that asks others first, as in a
//! quorum, may be blamed for what they lack, and so may one that lost its memory in a crash.

mod floor;
mod guarantee;
mod words;

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use floor::{Floor, Floors, Replica, raise};
pub use guarantee::Guarantee;

use super::{News, Watch, before, keys, only, unfold};
use crate::check::history::{History, Operation, Outcome, Value, Verb};
use crate::check::judgement::{Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

/// Watches one guarantee. Values that are written twice tell nothing, and neither do keys that are changed by anything
/// but writes.
#[derive(Clone, Debug)]
pub struct Sessions {
    guarantee: Guarantee,
    initial: Initial,
    keys: LiteMap<SmolStr, Rc<Key>>,
    /// What each client wrote, or read.
    knows: LiteMap<u32, Floors>,
    /// What came before the writes that each replica has shown.
    shown: LiteMap<Replica, Floors>,
    /// Reads that told nothing.
    untold: u64,
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

impl Sessions {
    /// The judge of a guarantee.
    pub fn of(guarantee: Guarantee) -> Sessions {
        let (keys, knows, shown) = (LiteMap::new(), LiteMap::new(), LiteMap::new());
        Sessions { guarantee, initial: Initial::Nothing, keys, knows, shown, untold: 0 }
    }

    fn read(&mut self, record: &[Rc<Operation>], place: usize, value: &Value) -> News {
        let read = &record[place];
        let key = self.keys.entry(read.action.key.clone()).or_default().clone();
        let Some(seen) = self.seen(&key, value) else {
            self.untold += 1;
            return News::Fine;
        };
        let missed = match self.guarantee {
            Guarantee::NoStale => {
                let lost = |write: &&usize| {
                    before(&record[**write], read) && seen.is_older_than(&record[**write], record)
                };
                let lost = key.writes.iter().rev().find(lost);
                lost.map(|write| Floor { write: *write, read: None, through: None })
            }
            guarantee => {
                let floors = match guarantee.is_of_servers() {
                    true => self.shown.get(&Replica::behind(read)),
                    false => self.knows.get(&read.client),
                };
                let floor = floors.and_then(|floors| floors.get(&read.action.key));
                floor.filter(|floor| self.is_missed(floor, record, read, &seen)).cloned()
            }
        };
        if let Seen::Write(write) = seen {
            if matches!(self.guarantee, Guarantee::MonotonicReads | Guarantee::WritesFollowReads) {
                let floor = Floor { write, read: Some(place), through: None };
                raise(self.knows.entry(read.client).or_default(), record, floor);
            }
            if let Some(asked) = key.asked.get(value).filter(|_| self.guarantee.is_of_servers()) {
                let shown = self.shown.entry(Replica::behind(read)).or_default();
                for floor in asked.after.values() {
                    raise(shown, record, Floor { through: Some((write, place)), ..floor.clone() });
                }
            }
        }
        missed.map_or(News::Fine, |floor| News::Broken(words::missed(record, place, &seen, &floor)))
    }

    /// Is what a read saw surely older than a floor that was known before it began?
    fn is_missed(&self, floor: &Floor, record: &[Rc<Operation>], read: &Operation, seen: &Seen) -> bool {
        let known = match (floor.through, floor.read) {
            (Some((_, known)), _) | (None, Some(known)) => known,
            (None, None) => floor.write,
        };
        let write = &record[floor.write];
        let older = match (seen, floor.through) {
            (Seen::Start, _) => true,
            (Seen::Write(_), None) => seen.is_older_than(write, record),
            // Where a later write of the same key is, even this one must not be seen.
            (Seen::Write(seen), Some((later, _))) if *seen == floor.write => {
                record[later].action.key == read.action.key
            }
            (Seen::Write(seen), Some(_)) => self.is_ordered(record, *seen, floor.write),
        };
        older && before(&record[known], read)
    }

    /// Does the guarantee itself put one write of a key before another?
    fn is_ordered(&self, record: &[Rc<Operation>], one: usize, other: usize) -> bool {
        let (key, value) = (&record[other].action.key, &record[other].action.value);
        match self.guarantee {
            Guarantee::MonotonicWrites => {
                record[one].client == record[other].client && before(&record[one], &record[other])
            }
            _ => {
                let asked = self.keys.get(key).and_then(|key| key.asked.get(value));
                let asked = asked.filter(|asked| asked.write == other);
                asked.and_then(|asked| asked.after.get(key)).is_some_and(|floor| floor.write == one)
            }
        }
    }

    /// What a value tells, if it does.
    fn seen(&self, key: &Key, value: &Value) -> Option<Seen> {
        let from_start = self.initial.is(value);
        match key.asked.get(value) {
            _ if key.muddied => None,
            Some(Asked { times: 1, write, .. }) if !from_start => Some(Seen::Write(*write)),
            None if from_start => Some(Seen::Start),
            _ => None,
        }
    }
}

impl Watch for Sessions {
    fn speaks_of(&self, operation: &Operation) -> bool {
        let key = self.keys.get(&operation.action.key);
        operation.action.verb == Verb::Read && key.is_some_and(|key| !key.muddied && !key.asked.is_empty())
    }

    fn invoked(&mut self, record: &[Rc<Operation>], place: usize) {
        let Operation { client, action, .. } = &*record[place];
        let key = Rc::make_mut(self.keys.entry(action.key.clone()).or_default());
        match action.verb {
            Verb::Read => {}
            // A value that is written twice will tell nothing, whatever becomes of the second.
            Verb::Write => {
                let times = key.asked.get(&action.value).map_or(0, |asked| asked.times) + 1;
                let after = self.knows.get(client).cloned().unwrap_or_default();
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
                    let floor = Floor { write: place, read: None, through: None };
                    raise(self.knows.entry(operation.client).or_default(), record, floor);
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
        assert!(breaks(Guarantee::NoStale, &own));
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

    fn at(server: u32, operation: Operation) -> Operation {
        Operation { server: Some(server), ..operation }
    }

    #[test]
    fn a_server_has_what_was_written_before_and_another_need_not() {
        let text = |servers: [u32; 2]| {
            [
                write(1, "x", 1, 0),
                write(1, "y", 2, 10),
                at(servers[0], read(2, "y", Value::Int(2), 20)),
                at(servers[1], read(3, "x", Value::Nil, 30)),
            ]
        };
        assert!(breaks(Guarantee::MonotonicWrites, &text([7, 7])));
        assert!(!breaks(Guarantee::MonotonicWrites, &text([7, 8])));
        let back = |servers: [u32; 2]| {
            [
                write(1, "x", 1, 0),
                write(1, "x", 2, 10),
                at(servers[0], read(2, "x", Value::Int(2), 20)),
                at(servers[1], read(2, "x", Value::Int(1), 30)),
            ]
        };
        assert!(breaks(Guarantee::MonotonicWrites, &back([7, 7])));
        assert!(!breaks(Guarantee::MonotonicWrites, &back([7, 8])));
        assert!(breaks(Guarantee::MonotonicReads, &back([7, 8])));
    }

    #[test]
    fn a_server_has_what_was_read_before_and_another_need_not() {
        let forum = |servers: [u32; 2]| {
            [
                write(1, "question", 1, 0),
                at(6, read(2, "question", Value::Int(1), 10)),
                write(2, "answer", 2, 20),
                at(servers[0], read(3, "answer", Value::Int(2), 30)),
                at(servers[1], read(3, "question", Value::Nil, 40)),
            ]
        };
        assert!(breaks(Guarantee::WritesFollowReads, &forum([7, 7])));
        assert!(!breaks(Guarantee::WritesFollowReads, &forum([7, 8])));
    }

    #[test]
    fn a_server_may_settle_what_is_concurrent_to_it_as_it_likes() {
        let settled = [
            write(4, "x", 9, 0),
            write(1, "x", 1, 10),
            write(1, "y", 2, 20),
            at(7, read(2, "y", Value::Int(2), 30)),
            at(7, read(2, "x", Value::Int(9), 40)),
        ];
        assert!(!breaks(Guarantee::MonotonicWrites, &settled));
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
