//! The promises about what clients see: of any protocol that serves them, judged while the run unfolds.

use litemap::LiteMap;

use super::history::{History, Operation, Outcome, Verb};
use super::linearizable::unfolding::{News, Unfolding};
use super::model::Register;
use super::property::{Claim, Evidence, Mode};
use super::sessions::Sessions;

/// Steps that the search may take for one answer.
const BUDGET: u64 = 200_000;

/// Every promise of this kind.
pub const CLAIMS: &[Claim] = &[
    claim(
        "linearizable",
        "Every operation takes effect at one instant between its call and its answer.",
        "Herlihy and Wing 1990",
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
        "no acknowledged write lost",
        "No read misses a write that was acknowledged before it.",
        "folklore",
    ),
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
    /// There are too many ways to explain the answers.
    Spent,
}

/// A judge of one of [`CLAIMS`]. A clone of it is part of a keyframe.
#[derive(Clone, Debug)]
pub struct Clients {
    claim: &'static Claim,
    /// Operations under way, by their number.
    open: LiteMap<u32, Operation>,
    judge: Judge,
    /// Something ended, and there is still something to say.
    concerned: bool,
}

#[derive(Clone, Debug)]
enum Judge {
    Linearizable(Box<Unfolding<Register>>),
    Sessions(Sessions),
    Available,
}

impl Clients {
    /// The judge of the promise of this name.
    pub fn named(name: &str) -> Option<Clients> {
        let claim = CLAIMS.iter().find(|claim| claim.name == name)?;
        let judge = match Sessions::named(name) {
            Some(sessions) => Judge::Sessions(sessions),
            None if name == "available" => Judge::Available,
            None => Judge::Linearizable(Box::new(Unfolding::new(Register::comparing()))),
        };
        Some(Clients { claim, open: LiteMap::new(), judge, concerned: false })
    }

    pub fn claim(&self) -> &'static Claim {
        self.claim
    }

    /// Has anything ended yet, and is there still an answer?
    pub fn concerned(&self) -> bool {
        self.concerned
    }

    /// A client begins operation number `number`.
    pub fn invoked(&mut self, number: u32, operation: Operation) {
        match &mut self.judge {
            Judge::Linearizable(judge) => judge.invoked(operation.clone()),
            Judge::Sessions(judge) => judge.invoked(&operation),
            Judge::Available => {}
        }
        self.open.insert(number, operation);
    }

    /// Operation number `number` ended. A second answer to it tells nothing.
    pub fn ended(&mut self, number: u32, finish: impl FnOnce(&mut Operation)) -> Heard {
        let Some(mut operation) = self.open.remove(&number) else { return Heard::Fine };
        finish(&mut operation);
        self.concerned |= matches!(operation.outcome, Outcome::Ok(_));
        match &mut self.judge {
            Judge::Sessions(sessions) => sessions.ended(operation).map_or(Heard::Fine, Heard::Broken),
            Judge::Available => unanswered(&operation).map_or(Heard::Fine, Heard::Broken),
            Judge::Linearizable(judge) => match judge.ended(&operation, BUDGET) {
                News::Legal => Heard::Fine,
                News::Spent => {
                    self.concerned = false;
                    Heard::Spent
                }
                News::Illegal { operations, proof } => {
                    let history = History { operations };
                    let blamed = proof.blame().into_iter().chain(proof.prefix.last().copied());
                    let events = blamed.flat_map(|place| history.operations[place].events);
                    let text = proof.text(&history);
                    Heard::Broken(Evidence::new(text).proved_by(events.filter(|event| event.0 != u32::MAX)))
                }
            },
        }
    }
}

/// Did it end without an answer? "The value is another" is one.
fn unanswered(operation: &Operation) -> Option<Evidence> {
    let what = match operation.outcome {
        Outcome::Ok(_) => return None,
        Outcome::Failed if operation.action.verb == Verb::Cas => return None,
        Outcome::Failed => "was refused",
        Outcome::Unknown => "got no answer in time",
    };
    Some(Evidence::new(format!("{} {what}.", operation.action)).proved_by(operation.events))
}
