//! What clients knew when they wrote: their own acknowledged writes and what they had read, and what the writers of that
//! had known. It is less than replicas may know, and never more.

use litemap::LiteMap;
use smol_str::SmolStr;

use super::Asked;
use crate::sim::{Call, NodeId, Outcome, Value};

/// Of each client how many acknowledged writes, from its first on.
type Past = LiteMap<NodeId, u32>;

/// What the writer of each operation knew when it asked.
pub struct Knowledge {
    /// By the operation's place.
    pasts: Vec<Past>,
    /// The place of each write among the acknowledged ones of its client, from 1 on; 0 if it was not acknowledged.
    numbers: Vec<u32>,
}

impl Knowledge {
    /// Reads off what clients asked and heard. It goes by the order of events.
    pub fn of<A: AsRef<Asked>>(asked: &[A]) -> Knowledge {
        let mut ends: Vec<(u32, bool, usize)> = Vec::with_capacity(asked.len() * 2);
        for (place, one) in asked.iter().enumerate() {
            let one = one.as_ref();
            ends.push((one.invoked.0, false, place));
            ends.extend(one.heard.as_ref().map(|(event, _)| (event.0, true, place)));
        }
        ends.sort_unstable();
        let (mut knows, mut counts) = (LiteMap::<NodeId, Past>::new(), LiteMap::<NodeId, u32>::new());
        let mut known = Knowledge { pasts: vec![Past::new(); asked.len()], numbers: vec![0; asked.len()] };
        // The writer of each value, as long as only one write of it was asked for.
        let mut writers: LiteMap<(SmolStr, i64), Option<usize>> = LiteMap::new();
        for (_, ends, place) in ends {
            let one = asked[place].as_ref();
            let mine = knows.entry(one.client).or_default();
            if !ends {
                known.pasts[place] = mine.clone();
                if let Some(value) = written(&one.call) {
                    let writer = writers.entry((one.call.key().clone(), value)).or_insert(Some(place));
                    *writer = writer.filter(|other| *other == place);
                }
            } else if one.is_acknowledged() {
                let count = counts.entry(one.client).or_default();
                *count += 1;
                known.numbers[place] = *count;
                mine.insert(one.client, *count);
            } else if let Some((_, Outcome::Ok(value))) = &one.heard {
                let values: &[i64] = match value {
                    Value::Nothing => &[],
                    Value::Int(value) => std::slice::from_ref(value),
                    Value::Many(values) => values,
                };
                for value in values {
                    let Some(Some(writer)) = writers.get(&(one.call.key().clone(), *value)) else { continue };
                    let (author, number) = (asked[*writer].as_ref().client, known.numbers[*writer]);
                    let past = known.pasts[*writer].iter().map(|(client, count)| (*client, *count));
                    for (client, count) in past.chain([(author, number)]) {
                        let count = count.max(mine.get(&client).copied().unwrap_or(0));
                        mine.insert(client, count);
                    }
                }
            }
        }
        known
    }

    /// Did the writer of one know of another, acknowledged one, when it asked?
    pub fn has<A: AsRef<Asked>>(&self, asked: &[A], one: usize, other: usize) -> bool {
        let number = self.numbers[other];
        let known = self.pasts[one].get(&asked[other].as_ref().client).copied().unwrap_or(0);
        number > 0 && known >= number
    }
}

/// The value that a register has after this, where it is told.
pub fn written(call: &Call) -> Option<i64> {
    match call {
        Call::Write { value, .. } => Some(*value),
        Call::Cas { new, .. } => Some(*new),
        _ => None,
    }
}
