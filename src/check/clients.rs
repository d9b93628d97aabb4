//! The promises about what clients see: of any protocol that serves them, judged while the run unfolds.

use std::rc::Rc;

use litemap::LiteMap;

use super::history::{History, Operation, Outcome};
use super::judgement::Blame;
use super::linearizable::unfolding::{self, Unfolding};
use super::model::Various;
use super::promise::availability::Available;
use super::promise::causal::Causal;
use super::promise::counter::Bounds;
use super::promise::effects::Effects;
use super::promise::holders::Holders;
use super::promise::sequential::Sequential;
use super::promise::sessions::{Guarantee, Sessions};
use super::promise::{News, Watch};
use super::property::{Claim, Evidence, Mode};

/// Steps that the search may take for one answer.
const BUDGET: u64 = 200_000;

/// Why a judge gives up who has spent them.
const SPENT: &str = "too many orders could explain the answers";

/// Every promise of this kind.
pub const CLAIMS: &[Claim] = &[
    claim(
        "linearizable",
        "Every operation takes effect at one instant between its call and its answer.",
        "Herlihy and Wing 1990",
    ),
    claim(
        "sequentially consistent",
        "All operations take effect in one order that keeps every client's own.",
        "Lamport 1979",
    ),
    claim(
        "causally consistent",
        "No read misses a write that it must know of, by any way from read to write to read.",
        "Bouajjani et al. 2017",
    ),
    claim(
        "read your writes",
        "A client never reads a value older than what it wrote itself.",
        "Terry et al. 1994",
    ),
    claim(
        "monotonic reads",
        "A client never reads a value older than one it read before.",
        "Terry et al. 1994",
    ),
    claim(
        "monotonic writes",
        "A server that has shown a write never lacks what its client had written before.",
        "Terry et al. 1994",
    ),
    claim(
        "writes follow reads",
        "A server that has shown a write never lacks what its client had read before.",
        "Terry et al. 1994",
    ),
    claim(
        "no acknowledged write lost",
        "No read misses a write that was acknowledged before it.",
        "folklore",
    ),
    claim("at-most-once effect", "Nothing that was asked for once is seen to be done twice.", "folklore"),
    claim(
        "exactly-once effect",
        "Nothing is seen to be done twice, and nothing that was acknowledged is missed.",
        "folklore",
    ),
    claim(
        "counter bounds",
        "Every read lies between what was surely added and what may have been.",
        "Jepsen",
    ),
    claim("mutual exclusion", "No two clients surely hold a lock at once.", "Dijkstra 1965"),
    claim(
        "available",
        "Every operation is answered, and not with a refusal, before its client gives up.",
        "Gilbert and Lynch 2002",
    ),
];

const fn claim(name: &'static str, sentence: &'static str, source: &'static str) -> Claim {
    Claim { name, sentence, source, mode: Mode::Always }
}

/// What an event of a client made of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It holds so far.
    Fine,
    Broken(Evidence),
    /// The judge cannot tell, from now on, and this is why.
    Unknown(&'static str),
}

/// A judge of one of [`CLAIMS`]. A clone of it is part of a keyframe: operations are shared.
#[derive(Clone, Debug)]
pub struct Clients {
    claim: &'static Claim,
    /// Everything asked so far.
    record: Vec<Rc<Operation>>,
    /// Where in the record operations under way are, by their number.
    open: LiteMap<u32, usize>,
    judge: Judge,
    /// Something ended that the promise speaks of, and there is still something to say.
    concerned: bool,
}

#[derive(Clone, Debug)]
enum Judge {
    Linearizable(Box<Unfolding<Various>>),
    Sequential(Box<Sequential>),
    Causal(Causal),
    Sessions(Sessions),
    Effects(Effects),
    Bounds(Bounds),
    Holders(Holders),
    Available(Available),
}

impl Judge {
    fn named(name: &str) -> Judge {
        match name {
            "sequentially consistent" => Judge::Sequential(Box::default()),
            "causally consistent" => Judge::Causal(Causal::default()),
            "read your writes" => Judge::Sessions(Sessions::of(Guarantee::ReadYourWrites)),
            "monotonic reads" => Judge::Sessions(Sessions::of(Guarantee::MonotonicReads)),
            "monotonic writes" => Judge::Sessions(Sessions::of(Guarantee::MonotonicWrites)),
            "writes follow reads" => Judge::Sessions(Sessions::of(Guarantee::WritesFollowReads)),
            "no acknowledged write lost" => Judge::Sessions(Sessions::of(Guarantee::NoneLost)),
            "at-most-once effect" => Judge::Effects(Effects::new(false)),
            "exactly-once effect" => Judge::Effects(Effects::new(true)),
            "counter bounds" => Judge::Bounds(Bounds::new(0, true)),
            "mutual exclusion" => Judge::Holders(Holders::default()),
            "available" => Judge::Available(Available),
            _ => Judge::Linearizable(Box::new(Unfolding::new(Various::default()))),
        }
    }

    /// Does an answer to this tell anything of the promise?
    fn speaks_of(&mut self, operation: &Operation) -> bool {
        self.as_watch().is_none_or(|watch| watch.speaks_of(operation))
    }

    fn as_watch(&mut self) -> Option<&mut dyn Watch> {
        Some(match self {
            Judge::Linearizable(_) => return None,
            Judge::Sequential(judge) => judge.as_mut(),
            Judge::Causal(judge) => judge,
            Judge::Sessions(judge) => judge,
            Judge::Effects(judge) => judge,
            Judge::Bounds(judge) => judge,
            Judge::Holders(judge) => judge,
            Judge::Available(judge) => judge,
        })
    }
}

impl Clients {
    /// The judge of the promise of this name.
    pub fn named(name: &str) -> Option<Clients> {
        let claim = CLAIMS.iter().find(|claim| claim.name == name)?;
        let (judge, open) = (Judge::named(name), LiteMap::new());
        Some(Clients { claim, record: Vec::new(), open, judge, concerned: false })
    }

    pub fn claim(&self) -> &'static Claim {
        self.claim
    }

    /// Has anything ended yet that it speaks of, and is there still an answer?
    pub fn concerned(&self) -> bool {
        self.concerned
    }

    /// A client begins operation number `number`.
    pub fn invoked(&mut self, number: u32, operation: Operation) {
        let place = self.record.len();
        self.open.insert(number, place);
        self.record.push(Rc::new(operation));
        match &mut self.judge {
            Judge::Linearizable(judge) => judge.invoked(Operation::clone(&self.record[place])),
            judge => judge.as_watch().into_iter().for_each(|judge| judge.invoked(&self.record, place)),
        }
    }

    /// Operation number `number` ended. A second answer to it tells nothing.
    pub fn ended(&mut self, number: u32, finish: impl FnOnce(&mut Operation)) -> Heard {
        let Some(place) = self.open.remove(&number) else { return Heard::Fine };
        finish(Rc::make_mut(&mut self.record[place]));
        let operation = &*self.record[place];
        let heard = match &mut self.judge {
            Judge::Linearizable(judge) => of_unfolding(judge.ended(operation, BUDGET)),
            judge => match judge.as_watch().map(|judge| judge.ended(&self.record, place)) {
                None | Some(News::Fine) => Heard::Fine,
                Some(News::Spent) => Heard::Unknown(SPENT),
                Some(News::Broken(blame)) => Heard::Broken(evidence(&blame, &self.record)),
            },
        };
        let operation = &*self.record[place];
        self.concerned |= matches!(operation.outcome, Outcome::Ok(_)) && self.judge.speaks_of(operation);
        self.concerned &= !matches!(heard, Heard::Unknown(_));
        heard
    }
}

fn of_unfolding(news: unfolding::News) -> Heard {
    match news {
        unfolding::News::Legal => Heard::Fine,
        unfolding::News::Spent => Heard::Unknown(SPENT),
        unfolding::News::Foreign => Heard::Unknown("an object is used as if it were of two kinds"),
        unfolding::News::Illegal { operations, proof } => {
            let history = History { operations };
            let blamed = proof.blame().into_iter().chain(proof.prefix.last().copied());
            let events = blamed.flat_map(|place| history.operations[place].events);
            let text = proof.text(&history);
            Heard::Broken(Evidence::new(text).proved_by(events.filter(|event| event.0 != u32::MAX)))
        }
    }
}

fn evidence(blame: &Blame, record: &[Rc<Operation>]) -> Evidence {
    let events = blame.operations.iter().flat_map(|place| record[*place].events);
    Evidence::new(blame.text.clone()).proved_by(events.filter(|event| event.0 != u32::MAX))
}
