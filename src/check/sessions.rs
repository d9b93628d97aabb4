//! The session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994) and lost
//! writes, by what can be told for sure from what clients heard: of two writes of one key, the one that was answered
//! before the other was asked for is the older. A judge that knows no more never blames the innocent.

use std::rc::Rc;

use litemap::LiteMap;
use smol_str::SmolStr;

use super::history::{Operation, Outcome, Value, Verb};
use super::property::Evidence;

/// Watches one guarantee. Values that are written twice tell nothing, and neither do keys that are changed by anything
/// but writes.
#[derive(Clone, Debug)]
pub struct Sessions {
    guarantee: Guarantee,
    keys: LiteMap<SmolStr, Rc<Key>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guarantee {
    ReadYourWrites,
    MonotonicReads,
    NoneLost,
}

#[derive(Clone, Debug, Default)]
struct Key {
    /// Acknowledged writes.
    writes: Vec<Operation>,
    /// How many writes of each value were asked for, whatever became of them.
    asked: LiteMap<Value, u32>,
    /// Each client's newest read so far: the read, and the write that it saw.
    reads: LiteMap<u32, (Operation, Operation)>,
    /// Something else changed it.
    muddied: bool,
}

impl Sessions {
    /// The judge of the guarantee of this name.
    pub fn named(name: &str) -> Option<Sessions> {
        let guarantee = match name {
            "read your writes" => Guarantee::ReadYourWrites,
            "monotonic reads" => Guarantee::MonotonicReads,
            "no acknowledged write lost" => Guarantee::NoneLost,
            _ => return None,
        };
        Some(Sessions { guarantee, keys: LiteMap::new() })
    }

    /// A client asks. A value that is written twice will tell nothing, whatever becomes of the second.
    pub fn invoked(&mut self, operation: &Operation) {
        if operation.action.verb == Verb::Write {
            let asked = Rc::make_mut(self.key(&operation.action.key));
            let before = asked.asked.get(&operation.action.value).copied().unwrap_or(0);
            asked.asked.insert(operation.action.value.clone(), before + 1);
        }
    }

    fn key(&mut self, name: &SmolStr) -> &mut Rc<Key> {
        self.keys.entry(name.clone()).or_default()
    }

    /// An operation ended: what does it prove?
    pub fn ended(&mut self, operation: Operation) -> Option<Evidence> {
        let guarantee = self.guarantee;
        let key = Rc::make_mut(self.key(&operation.action.key));
        match (operation.action.verb, &operation.outcome) {
            (Verb::Read, Outcome::Ok(value)) => key.read(guarantee, &operation, value),
            (Verb::Write, Outcome::Ok(_)) => {
                key.writes.push(operation);
                None
            }
            (Verb::Read, _) | (_, Outcome::Failed) | (Verb::Write, Outcome::Unknown) => None,
            _ => {
                key.muddied = true;
                None
            }
        }
    }
}

impl Key {
    fn read(&mut self, guarantee: Guarantee, read: &Operation, value: &Value) -> Option<Evidence> {
        if self.muddied || self.asked.get(value).is_some_and(|times| *times > 1) {
            return None;
        }
        let seen = self.writes.iter().filter(|write| write.action.value == *value).collect::<Vec<_>>();
        let seen = match seen.as_slice() {
            [one] => Some((*one).clone()),
            // Nothing was written when it was read: older than every write.
            [] if *value == Value::Nil => None,
            _ => return None,
        };
        let last = self.reads.get(&read.client).cloned();
        if let Some(seen) = &seen {
            let newer = last.as_ref().is_none_or(|(_, write)| before(write, seen));
            if newer {
                self.reads.insert(read.client, (read.clone(), seen.clone()));
            }
        }
        let older = |write: &&Operation| seen.as_ref().is_none_or(|seen| before(seen, write));
        let proof = match guarantee {
            Guarantee::MonotonicReads => {
                let (earlier, write) = last.filter(|(earlier, _)| before(earlier, read))?;
                older(&&write).then_some((write, Some(earlier)))?
            }
            Guarantee::ReadYourWrites => {
                let own = |write: &&Operation| write.client == read.client && before(write, read);
                (self.writes.iter().rev().filter(own).find(older)?.clone(), None)
            }
            Guarantee::NoneLost => {
                let known = |write: &&Operation| before(write, read);
                (self.writes.iter().rev().filter(known).find(older)?.clone(), None)
            }
        };
        Some(evidence(read, seen.as_ref(), &proof.0, proof.1.as_ref()))
    }
}

/// Did one end before the other began?
fn before(one: &Operation, other: &Operation) -> bool {
    one.returned.is_some_and(|returned| returned < other.invoked)
}

fn evidence(
    read: &Operation,
    seen: Option<&Operation>,
    newer: &Operation,
    earlier: Option<&Operation>,
) -> Evidence {
    let known = match earlier {
        Some(earlier) => format!("the same client had heard {earlier} before"),
        None if newer.client == read.client => format!("the same client had been told that {newer} is done"),
        None => format!("{newer} had been acknowledged before it began"),
    };
    let age = match seen {
        Some(seen) => format!(", and {seen} was over before {newer} was asked for"),
        None => String::new(),
    };
    let events = [Some(read), seen, Some(newer), earlier].into_iter().flatten().flat_map(|op| op.events);
    Evidence::new(format!("{read}, although {known}{age}."))
        .proved_by(events.filter(|event| event.0 != u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::history::Action;

    fn write(client: u32, value: i64, at: u64) -> Operation {
        let action = Action::new(Verb::Write, "x", Value::Int(value));
        Operation::new(client, action, Outcome::Ok(Value::Nil), at, at + 5)
    }

    fn read(client: u32, value: Value, at: u64) -> Operation {
        Operation::new(client, Action::new(Verb::Read, "x", Value::Nil), Outcome::Ok(value), at, at + 5)
    }

    fn breaks(name: &str, operations: Vec<Operation>) -> bool {
        let mut judge = Sessions::named(name).expect("known");
        operations.iter().for_each(|operation| judge.invoked(operation));
        operations.into_iter().any(|operation| judge.ended(operation).is_some())
    }

    #[test]
    fn a_client_misses_its_own_write() {
        let own = vec![write(1, 1, 0), write(2, 2, 10), read(2, Value::Int(1), 20)];
        assert!(breaks("read your writes", own.clone()));
        assert!(breaks("no acknowledged write lost", own.clone()));
        assert!(!breaks("monotonic reads", own));
        assert!(breaks("read your writes", vec![write(1, 1, 0), read(1, Value::Nil, 10)]));
    }

    #[test]
    fn a_client_reads_backwards() {
        let back =
            vec![write(1, 1, 0), write(1, 2, 10), read(2, Value::Int(2), 20), read(2, Value::Int(1), 30)];
        assert!(breaks("monotonic reads", back.clone()));
        assert!(!breaks("read your writes", back));
    }

    #[test]
    fn a_value_written_twice_tells_nothing() {
        assert!(!breaks(
            "read your writes",
            vec![write(1, 1, 0), write(2, 2, 10), write(1, 1, 11), read(2, Value::Int(1), 20)]
        ));
    }

    #[test]
    fn what_is_concurrent_is_in_no_order() {
        let mut late = write(1, 1, 0);
        late.returned = Some(15);
        let either = vec![late, write(2, 2, 10), read(2, Value::Int(1), 20)];
        assert!(!breaks("read your writes", either));
    }
}
