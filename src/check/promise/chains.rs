//! What each client did, as chains: of two operations in one chain, the first was over before the second was asked
//! for. What nobody answered ends its chain, because nothing waits for it: the client goes on in a new one.

use std::rc::Rc;

use litemap::LiteMap;

/// A place in a chain; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub chain: u32,
    pub at: u32,
}

/// What came before: of each chain, how many operations. Shared where it is the same (Fidge 1988, Mattern 1989).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock(Rc<Vec<u32>>);

/// The chains so far.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    clients: LiteMap<u32, Tail>,
    count: u32,
}

#[derive(Clone, Debug, Default)]
struct Tail {
    /// The ends of its chains that wait for nothing: the client may go on in any of them.
    free: Vec<Spot>,
    /// All that was answered, and all that came before.
    known: Clock,
    last: Option<usize>,
}

/// What an operation begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    pub spot: Spot,
    /// All that its client had heard of.
    pub past: Clock,
    /// What its client heard last.
    pub last: Option<usize>,
}

impl Clock {
    pub fn get(&self, chain: u32) -> u32 {
        self.0.get(chain as usize).copied().unwrap_or(0)
    }

    pub fn has(&self, spot: Spot) -> bool {
        self.get(spot.chain) >= spot.at
    }

    /// Logical bytes: 8 for each chain that it counts.
    pub fn bytes(&self) -> u64 {
        8 * self.0.len() as u64
    }

    /// Now covers this operation, and those in front of it in its chain.
    pub fn add(&mut self, spot: Spot) {
        if self.has(spot) {
            return;
        }
        let counts = Rc::make_mut(&mut self.0);
        let length = counts.len().max(spot.chain as usize + 1);
        counts.resize(length, 0);
        counts[spot.chain as usize] = spot.at;
    }

    /// Now covers what the other one covers.
    pub fn join(&mut self, other: &Clock) {
        if other.within(self) {
            return;
        }
        if self.within(other) {
            self.clone_from(other);
            return;
        }
        let counts = Rc::make_mut(&mut self.0);
        counts.resize(counts.len().max(other.0.len()), 0);
        counts.iter_mut().zip(other.0.iter()).for_each(|(mine, theirs)| *mine = (*mine).max(*theirs));
    }

    fn within(&self, other: &Clock) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.spots().all(|spot| other.has(spot))
    }

    /// The last operation of each chain that it covers.
    pub fn spots(&self) -> impl Iterator<Item = Spot> {
        (0..).zip(self.0.iter()).filter(|(_, at)| **at > 0).map(|(chain, at)| Spot { chain, at: *at })
    }
}

impl Chains {
    /// A client asks. Only if all its chains end in what is under way, or in silence, it begins another one.
    pub fn begin(&mut self, client: u32) -> Beginning {
        let tail = self.clients.entry(client).or_default();
        let mut spot = tail.free.pop().unwrap_or_else(|| {
            self.count += 1;
            Spot { chain: self.count - 1, at: 0 }
        });
        spot.at += 1;
        Beginning { spot, past: tail.known.clone(), last: tail.last }
    }

    /// It was answered: what the client asks for from now on comes after it, and after all that it came after.
    pub fn end(&mut self, client: u32, place: usize, spot: Spot, past: &Clock) {
        let Some(tail) = self.clients.get_mut(&client) else { return };
        tail.known.join(past);
        tail.known.add(spot);
        tail.last = Some(place);
        tail.free.push(spot);
    }

    /// It did not happen, or it does not matter.
    pub fn forget(&mut self, client: u32, spot: Spot) {
        if let Some(tail) = self.clients.get_mut(&client) {
            tail.free.push(Spot { at: spot.at - 1, ..spot });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_waited_for_and_silence_is_not() {
        let mut chains = Chains::default();
        let first = chains.begin(7);
        chains.end(7, 0, first.spot, &first.past);
        let silent = chains.begin(7);
        assert_eq!((silent.spot.chain, silent.spot.at, silent.last), (0, 2, Some(0)));
        let third = chains.begin(7);
        assert_eq!((third.spot.chain, third.spot.at), (1, 1));
        assert!(third.past.has(first.spot) && !third.past.has(silent.spot));
        chains.forget(7, third.spot);
        assert_eq!(chains.begin(7).spot, third.spot);
    }

    #[test]
    fn calls_that_overlap_share_few_chains() {
        let mut chains = Chains::default();
        for round in 0..100 {
            let calls = [chains.begin(7), chains.begin(7)];
            assert_ne!(calls[0].spot.chain, calls[1].spot.chain);
            for (place, call) in calls.iter().enumerate() {
                assert!(call.spot.chain < 2, "round {round}");
                chains.end(7, 2 * round + place, call.spot, &call.past);
            }
        }
    }

    #[test]
    fn clocks_cover_what_they_joined() {
        let (mut one, mut other) = (Clock::default(), Clock::default());
        one.add(Spot { chain: 0, at: 3 });
        other.add(Spot { chain: 2, at: 1 });
        one.join(&other);
        assert_eq!([one.get(0), one.get(1), one.get(2)], [3, 0, 1]);
        other.join(&one);
        assert_eq!(one, other);
    }
}
