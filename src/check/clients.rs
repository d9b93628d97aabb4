//! The promises about what clients see: of any protocol that serves them, judged while the run unfolds.

use std::rc::Rc;

use litemap::LiteMap;

use super::history::{History, Operation, Outcome, Verb};
use super::judgement::Blame;
use super::linearizable::unfolding::{self, Unfolding};
use super::model::Various;
use super::promise::availability::{self, Available, answers_no};
use super::promise::causal::{self, Causal};
use super::promise::counter::{self, Bounds};
use super::promise::effects::{self, Effects};
use super::promise::freshness::{self, Freshness};
use super::promise::holders::{self, Holders};
use super::promise::sequential::{self, Sequential};
use super::promise::sessions::{Guarantee, Sessions};
use super::promise::{AN_ANSWER, News, Says, Watch};
use super::property::{Claim, Evidence, Mode};
use crate::sim::{Dealing, Level, NodeId};

/// Why a judge gives up that has spent its budget.
const SPENT: &str = "too many orders could explain the answers";

/// Why a promise about servers' sets is not judged.
const BLIND: &str = "what each server holds is not known by what it showed";

/// A promise of this kind.
#[derive(Debug)]
struct Promised {
    claim: Claim,
    /// The weakest read level that this promise covers; weaker reads are not checked.
    level: Level,
    /// Its judge before anything happened.
    judge: fn() -> Judge,
}

/// Every promise of this kind.
const PROMISES: &[Promised] =
    &[
        promised(
            "linearizable",
            (
                "Every operation takes effect at one instant between its call and its answer.",
                "Herlihy and Wing 1990",
            ),
            Level::Linearizable,
            || Judge::Linearizable(Box::new(Unfolding::new(Various::default()))),
        ),
        promised("sequentially consistent", sequential::SAYS, Level::Sequential, || {
            Judge::Sequential(Box::default())
        }),
        promised("causally consistent", causal::SAYS, Level::Causal, || Judge::Causal(Causal::default())),
        promised("causally convergent", causal::CONVERGENT, Level::Causal, || {
            Judge::Causal(Causal::convergent())
        }),
        promised("read your writes", Guarantee::ReadYourWrites.says(), Level::Causal, || {
            Judge::Sessions(Sessions::of(&[Guarantee::ReadYourWrites]))
        }),
        promised("monotonic reads", Guarantee::MonotonicReads.says(), Level::Causal, || {
            Judge::Sessions(Sessions::of(&[Guarantee::MonotonicReads]))
        }),
        promised("monotonic writes", Guarantee::MonotonicWrites.says(), Level::Causal, || {
            Judge::Sessions(Sessions::of(&[Guarantee::MonotonicWrites]))
        }),
        promised("writes follow reads", Guarantee::WritesFollowReads.says(), Level::Causal, || {
            Judge::Sessions(Sessions::of(&[Guarantee::WritesFollowReads]))
        }),
        promised("no stale read", freshness::SAYS, Level::Linearizable, || {
            Judge::Freshness(Freshness::default())
        }),
        promised("at-most-once effect", effects::AT_MOST_ONCE, Level::Causal, || {
            Judge::Effects(Effects::new(false))
        }),
        promised("exactly-once effect", effects::EXACTLY_ONCE, Level::Linearizable, || {
            Judge::Effects(Effects::new(true))
        }),
        promised("counter bounds", counter::SAYS, Level::Linearizable, || {
            Judge::Bounds(Bounds::new(0, true))
        }),
        promised("mutual exclusion", holders::SAYS, Level::Causal, || Judge::Holders(Holders::default())),
        promised("available", availability::SAYS, Level::Eventual, || Judge::Available(Available::default())),
    ];

const fn promised(name: &'static str, says: Says, level: Level, judge: fn() -> Judge) -> Promised {
    let (sentence, source) = says;
    Promised { claim: Claim { name, sentence, source, mode: Mode::Always }, level, judge }
}

/// The claim of every promise of this kind.
pub fn claims() -> impl Iterator<Item = &'static Claim> {
    PROMISES.iter().map(|promised| &promised.claim)
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

/// A judge of one of [`claims`]. A clone of it is part of a keyframe: operations are shared.
#[derive(Clone, Debug)]
pub struct Clients {
    promised: &'static Promised,
    /// Everything asked so far.
    record: Vec<Rc<Operation>>,
    /// Where in the record operations under way are, by their number.
    open: LiteMap<u32, usize>,
    judge: Judge,
    /// Something ended that the promise speaks of, and there is still something to say.
    concerned: bool,
    /// What it would have to know is not to be known.
    blind: bool,
    /// How many operations asked for less, and are not judged.
    left_out: u32,
}

#[derive(Clone, Debug)]
enum Judge {
    Linearizable(Box<Unfolding<Various>>),
    Sequential(Box<Sequential>),
    Causal(Causal),
    Sessions(Sessions),
    Freshness(Freshness),
    Effects(Effects),
    Bounds(Bounds),
    Holders(Holders),
    Available(Available),
}

impl Judge {
    /// Does an answer to this tell anything of the promise?
    fn speaks_of(&mut self, operation: &Operation) -> bool {
        // An answer that only says "done" is never wrong.
        let only_done = matches!(
            operation.action.verb,
            Verb::Write | Verb::Append | Verb::Insert | Verb::Remove | Verb::Enqueue | Verb::Push
        );
        self.as_watch().map_or(!only_done, |watch| watch.speaks_of(operation))
    }

    fn as_watch(&mut self) -> Option<&mut dyn Watch> {
        Some(match self {
            Judge::Linearizable(_) => return None,
            Judge::Sequential(judge) => judge.as_mut(),
            Judge::Causal(judge) => judge,
            Judge::Sessions(judge) => judge,
            Judge::Freshness(judge) => judge,
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
        let promised = PROMISES.iter().find(|promised| promised.claim.name == name)?;
        let (judge, open) = ((promised.judge)(), LiteMap::new());
        let (record, left_out) = (Vec::new(), 0);
        Some(Clients { promised, record, open, judge, concerned: false, blind: false, left_out })
    }

    pub fn claim(&self) -> &'static Claim {
        &self.promised.claim
    }

    /// The weakest read level that this promise covers.
    pub fn level(&self) -> Level {
        self.promised.level
    }

    /// It is about what servers hold, and they ask others before they answer: it will say that it cannot tell.
    #[must_use]
    pub fn of_servers_that_ask_others(mut self) -> Clients {
        if let Judge::Sessions(judge) = &self.judge {
            self.blind = judge.is_of_servers();
        }
        self
    }

    /// Has anything ended yet that it speaks of, and is there still an answer?
    pub fn concerned(&self) -> bool {
        self.concerned
    }

    /// A client begins an operation that asks for less than is promised here.
    pub fn left_out(&mut self) {
        self.left_out += 1;
    }

    /// How many operations it judges, if not all.
    pub fn remark(&self) -> Option<String> {
        let (judged, all) = (self.record.len(), self.record.len() + self.left_out as usize);
        (judged < all).then(|| format!("where asked for: {judged} of {all} operations"))
    }

    /// A node took in a request, or sent a response.
    pub fn dealt(&mut self, dealing: Dealing) {
        let Judge::Available(judge) = &mut self.judge else { return };
        let (Dealing::Received { op, node } | Dealing::Answered { op, node, .. }) = dealing;
        let Some(place) = self.open.get(&op.0).copied() else { return };
        let says_no = answers_no(self.record[place].action.verb);
        match dealing {
            Dealing::Received { .. } => judge.received(place, node),
            Dealing::Answered { done, .. } if done || says_no => judge.responded(place, node),
            Dealing::Answered { .. } => {}
        }
    }

    /// Spares the nodes that fail now.
    pub fn spare(&mut self, fails: impl Fn(NodeId) -> bool) {
        if let Judge::Available(judge) = &mut self.judge {
            judge.spare(fails);
        }
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

    /// A server starts anew.
    pub fn started(&mut self, server: u32) {
        self.judge.as_watch().into_iter().for_each(|judge| judge.started(server));
    }

    /// Operation number `number` ended. A second answer to it tells nothing.
    pub fn ended(&mut self, number: u32, finish: impl FnOnce(&mut Operation)) -> Heard {
        let Some(place) = self.open.remove(&number) else { return Heard::Fine };
        if self.blind {
            return Heard::Unknown(BLIND);
        }
        finish(Rc::make_mut(&mut self.record[place]));
        let operation = &*self.record[place];
        let heard = match &mut self.judge {
            Judge::Linearizable(judge) => of_unfolding(judge.ended(operation, AN_ANSWER)),
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
