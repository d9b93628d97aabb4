//! Everything that a whole history can be held against, by name: the one list for the terminal and the docs.

use super::history::History;
pub use super::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use super::linearizable::{self, Answer, Foreign, Report};
use super::model::{Collection, Counter, KeyValue, Kind, Model, MultiRegister, Mutex, Register};
use super::promise::sessions::{self, Guarantee};
use super::promise::{Says, bank, causal, counter, effects, holders, ids, long_fork, queue, sequential, set};

/// One way to judge a history.
#[derive(Clone, Copy)]
pub struct Standard {
    /// As `--model` names it.
    pub name: &'static str,
    /// What a history that meets it promises, in one sentence for people.
    pub sentence: &'static str,
    /// Where it is from.
    pub source: &'static str,
    /// Judges a whole history.
    pub judge: fn(&History, &Terms) -> Result<Judgement, Foreign>,
}

/// Every standard.
pub const STANDARDS: &[Standard] = &[
    linearizable("register", "Reads and writes of each key take effect one at a time.", |history, terms| {
        in_order(terms.initial.of(Register::plain()), history, terms)
    }),
    linearizable(
        "cas-register",
        "Reads, writes, compare-and-sets and additions to each key take effect one at a time.",
        |history, terms| in_order(terms.initial.of(Register::comparing()), history, terms),
    ),
    linearizable(
        "multi-register",
        "Transactions over several registers take effect one at a time.",
        |history, terms| in_order(MultiRegister::default(), history, terms),
    ),
    linearizable(
        "key-value",
        "Gets, puts and appends of each key take effect one at a time.",
        |history, terms| in_order(KeyValue::default(), history, terms),
    ),
    linearizable("fifo-queue", "What is enqueued first is dequeued first.", |history, terms| {
        in_order(Collection::new(Kind::Queue), history, terms)
    }),
    linearizable("stack", "What is pushed last is popped first.", |history, terms| {
        in_order(Collection::new(Kind::Stack), history, terms)
    }),
    linearizable(
        "linearizable-set",
        "An element is there from when it is added until it is removed.",
        |history, terms| in_order(Collection::new(Kind::Set), history, terms),
    ),
    linearizable("linearizable-counter", "Every read is the exact sum at one instant.", |history, terms| {
        in_order(Counter, history, terms)
    }),
    linearizable("mutex", "Only one client at a time holds the lock.", |history, terms| {
        in_order(Mutex, history, terms)
    }),
    said("sequential", sequential::SAYS, sequential::judge),
    said("causal", causal::SAYS, causal::judge),
    other("session", "All four session guarantees below.", "Terry et al. 1994", |history, terms| {
        sessions::judge(history, terms, &SESSION)
    }),
    said("read-your-writes", SESSION[0].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[..1])
    }),
    said("monotonic-reads", SESSION[1].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[1..2])
    }),
    said("monotonic-writes", SESSION[2].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[2..3])
    }),
    said("writes-follow-reads", SESSION[3].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[3..])
    }),
    said("no-stale-reads", Guarantee::NoStale.says(), |history, terms| {
        sessions::judge(history, terms, &[Guarantee::NoStale])
    }),
    said("at-most-once", effects::AT_MOST_ONCE, effects::at_most_once),
    said("exactly-once", effects::EXACTLY_ONCE, effects::exactly_once),
    other("unique-ids", "No identifier is given twice.", "Jepsen", ids::judge),
    other("set", "What was added is there in the end, once, and nothing else.", "Jepsen", set::judge),
    other("queue", "What goes in comes out, in any order, and nothing else.", "Jepsen", queue::judge),
    said("counter", counter::SAYS, counter::judge),
    other("bank", "Money moves, and the total stays.", "Jepsen", bank::judge),
    other(
        "long-fork",
        "No two reads see two writes in opposite orders.",
        "Sovran et al. 2011",
        long_fork::judge,
    ),
    said("mutual-exclusion", holders::SAYS, holders::judge),
];

/// The session guarantees, in the order of the paper.
const SESSION: [Guarantee; 4] = [
    Guarantee::ReadYourWrites,
    Guarantee::MonotonicReads,
    Guarantee::MonotonicWrites,
    Guarantee::WritesFollowReads,
];

type Judge = fn(&History, &Terms) -> Result<Judgement, Foreign>;

const fn linearizable(name: &'static str, sentence: &'static str, judge: Judge) -> Standard {
    other(name, sentence, "Herlihy and Wing 1990", judge)
}

const fn said(name: &'static str, (sentence, source): Says, judge: Judge) -> Standard {
    other(name, sentence, source, judge)
}

const fn other(name: &'static str, sentence: &'static str, source: &'static str, judge: Judge) -> Standard {
    Standard { name, sentence, source, judge }
}

impl Standard {
    /// The standard of this name.
    pub fn named(name: &str) -> Option<&'static Standard> {
        STANDARDS.iter().find(|standard| standard.name == name)
    }
}

fn in_order<M: Model>(mut model: M, history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    let Report { answer, keys, steps } = linearizable::check(&mut model, history, terms.budget)?;
    let ruling = match answer {
        Answer::Linearizable(_) => Ruling::Legal,
        Answer::Unknown => Ruling::Unknown,
        Answer::Illegal(proof) => Ruling::Illegal(Blame {
            text: proof.text(history),
            operations: proof.blame(),
            key: proof.key,
            order: proof.prefix,
            details: proof.candidates,
        }),
    };
    Ok(Judgement { ruling, keys, steps, counts: Vec::new() })
}
