//! Everything that a whole history can be held against, by name: the one list for the terminal and the docs.

pub use super::allows::Allows;
use super::answers;
pub use super::begins::Begins;
use super::concern::{self, Concern};
use super::history::History;
pub use super::judgement::{Blame, Initial, Judgement, Refusal, Ruling, Servers, Terms};
use super::linearizable::{self, Answer, Foreign, Report};
use super::model::{Collection, Counter, KeyValue, Kind, Model, MultiRegister, Mutex, Register, Versioned};
use super::promise::sessions::{self, Guarantee};
use super::promise::{
    Says, bank, causal, causal_reverse, counter, effects, freshness, holders, ids, long_fork, pn_counter,
    queue, sequential, set,
};

/// One way to judge a history.
#[derive(Clone, Copy)]
pub struct Standard {
    /// As `--model` names it.
    pub name: &'static str,
    /// What a history that meets it promises, in one sentence for people.
    pub sentence: &'static str,
    /// Where it is from.
    pub source: &'static str,
    /// What it can be told of how objects began.
    pub begins: Begins,
    /// What it can be told besides.
    pub allows: Allows,
    concern: Concern,
    decide: Judge,
}

/// Every standard.
pub const STANDARDS: &[Standard] = &[
    linearizable("register", "Reads and writes of each key take effect one at a time.", |history, terms| {
        in_order(terms.initial.of(Register::plain()), history, terms)
    })
    .about(concern::READ)
    .beginning(Begins::ValueOrUnknown),
    linearizable(
        "cas-register",
        "Reads, writes, compare-and-sets and additions to each key take effect one at a time.",
        |history, terms| in_order(terms.initial.of(Register::comparing()), history, terms),
    )
    .about(concern::REGISTER)
    .beginning(Begins::ValueOrUnknown),
    linearizable(
        "versioned-register",
        "Reads, writes and compare-and-sets of each key take effect one at a time, each write at the next version.",
        |history, terms| in_order(versioned(&terms.initial), history, terms),
    )
    .about(concern::VERSIONED)
    .beginning(Begins::Version),
    linearizable(
        "multi-register",
        "Transactions over several registers take effect one at a time.",
        |history, terms| in_order(terms.initial.of_each(MultiRegister::default()), history, terms),
    )
    .about(concern::TRANSACTION)
    .beginning(Begins::ValueOrUnknown),
    linearizable(
        "key-value",
        "Gets, puts and appends of each key take effect one at a time.",
        |history, terms| {
            let store = KeyValue::default();
            let store = match &terms.initial {
                Initial::Value(value) => store.starting_with(value),
                Initial::Nothing | Initial::Unknown => store,
            };
            in_order(store, history, terms)
        },
    )
    .about(concern::ELEMENTS)
    .beginning(Begins::Value),
    linearizable("fifo-queue", "What is enqueued first is dequeued first.", |history, terms| {
        in_order(Collection::new(Kind::Queue).starting_with(terms.initial.elements()), history, terms)
    })
    .about(concern::QUEUE)
    .beginning(Begins::Value),
    linearizable("stack", "What is pushed last is popped first.", |history, terms| {
        in_order(Collection::new(Kind::Stack).starting_with(terms.initial.elements()), history, terms)
    })
    .about(concern::STACK)
    .beginning(Begins::Value),
    linearizable(
        "linearizable-set",
        "An element is there from when it is added until it is removed.",
        |history, terms| {
            in_order(Collection::new(Kind::Set).starting_with(terms.initial.elements()), history, terms)
        },
    )
    .about(concern::SET)
    .beginning(Begins::Value),
    linearizable("linearizable-counter", "Every read is the exact sum at one instant.", |history, terms| {
        in_order(Counter { start: terms.initial.number() }, history, terms)
    })
    .about(concern::SUM)
    .beginning(Begins::Number),
    linearizable("mutex", "Only one client at a time holds the lock.", |history, terms| {
        in_order(Mutex, history, terms)
    })
    .about(concern::LOCK),
    said("sequential", sequential::SAYS, sequential::judge)
        .about(concern::IN_SESSION)
        .beginning(Begins::ValueOrUnknown),
    said("causal", causal::SAYS, causal::judge).about(concern::CAUSE).beginning(Begins::ValueOrUnknown),
    said("causal-convergence", causal::CONVERGENT, causal::judge_convergence)
        .about(concern::CAUSE)
        .beginning(Begins::ValueOrUnknown),
    other(
        "session",
        "One order of writes serves all four session guarantees below: those of servers only where it is known what these hold.",
        "Terry et al. 1994",
        |history, terms| sessions::judge(history, terms, &SESSION),
    ).about(concern::SESSION)
    .beginning(Begins::ValueOrUnknown),
    said("read-your-writes", SESSION[0].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[..1])
    })
    .about(concern::READ_YOUR_WRITES)
    .beginning(Begins::ValueOrUnknown),
    said("monotonic-reads", SESSION[1].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[1..2])
    })
    .about(concern::MONOTONIC_READS)
    .beginning(Begins::ValueOrUnknown),
    said("monotonic-writes", SESSION[2].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[2..3])
    })
    .allowing(Allows::KNOWN_SERVERS).about(concern::MONOTONIC_WRITES)
    .beginning(Begins::ValueOrUnknown),
    said("writes-follow-reads", SESSION[3].says(), |history, terms| {
        sessions::judge(history, terms, &SESSION[3..])
    })
    .allowing(Allows::KNOWN_SERVERS).about(concern::WRITES_FOLLOW_READS)
    .beginning(Begins::ValueOrUnknown),
    said("no-stale-reads", freshness::SAYS, freshness::judge)
        .about(concern::READ_AFTER_WRITE)
        .beginning(Begins::ValueOrUnknown),
    said("at-most-once", effects::AT_MOST_ONCE, effects::at_most_once)
        .about(concern::EFFECT)
        .beginning(Begins::ValueOrUnknown),
    said("exactly-once", effects::EXACTLY_ONCE, effects::exactly_once)
        .about(concern::EFFECT)
        .beginning(Begins::ValueOrUnknown),
    other("unique-ids", "No identifier is given twice.", "Jepsen", ids::judge).about(concern::IDENTIFIER),
    other("set", "What was added is there in the end, once, and nothing else.", "Jepsen", set::judge)
        .about(concern::ELEMENTS)
        .beginning(Begins::ValueOrUnknown),
    other("queue", "What goes in comes out, in any order, once, and nothing else.", "Jepsen", queue::judge)
        .allowing(Allows::DUPLICATES).about(concern::TAKEN)
        .beginning(Begins::ValueOrUnknown),
    said("counter", counter::SAYS, counter::judge).about(concern::SUM).beginning(Begins::NumberOrUnknown),
    other(
        "pn-counter",
        "Every final read is a sum of all acknowledged additions and some of those nobody answered.",
        "Jepsen",
        pn_counter::judge,
    )
    .about(concern::FINAL)
    .beginning(Begins::NumberOrUnknown),
    other("bank", "Money moves, the total stays, and no account is overdrawn.", "Jepsen", bank::judge)
        .allowing(Allows::NEGATIVE).about(concern::BALANCES)
        .beginning(Begins::NumberOrUnknown),
    other(
        "long-fork",
        "No two reads see two writes in opposite orders.",
        "Sovran et al. 2011",
        long_fork::judge,
    )
    .about(concern::FORK)
    .beginning(Begins::ValueOrUnknown),
    other(
        "causal-reverse",
        "No read sees a write and misses another that was acknowledged before it began.",
        "Jepsen",
        causal_reverse::judge,
    )
    .about(concern::REVERSE)
    .beginning(Begins::ValueOrUnknown),
    said("mutual-exclusion", holders::SAYS, holders::judge).about(concern::HOLDER),
];

const SESSION: [Guarantee; 4] = Guarantee::ALL;

type Judge = fn(&History, &Terms) -> Result<Judgement, Foreign>;

const fn linearizable(name: &'static str, sentence: &'static str, judge: Judge) -> Standard {
    other(name, sentence, "Herlihy and Wing 1990", judge)
}

const fn said(name: &'static str, (sentence, source): Says, judge: Judge) -> Standard {
    other(name, sentence, source, judge)
}

const fn other(name: &'static str, sentence: &'static str, source: &'static str, decide: Judge) -> Standard {
    Standard {
        name,
        sentence,
        source,
        begins: Begins::Empty,
        allows: Allows::NOTHING,
        concern: concern::READ,
        decide,
    }
}

impl Standard {
    const fn about(self, concern: Concern) -> Standard {
        Standard { concern, ..self }
    }

    const fn allowing(self, allows: Allows) -> Standard {
        Standard { allows, ..self }
    }

    const fn beginning(self, begins: Begins) -> Standard {
        Standard { begins, ..self }
    }

    /// The standard of this name.
    pub fn named(name: &str) -> Option<&'static Standard> {
        STANDARDS.iter().find(|standard| standard.name == name)
    }

    /// Judges a whole history. It is legal only if some client heard an answer that could have been wrong.
    ///
    /// # Errors
    /// Operations and answers that it does not know, and a beginning that it cannot be told.
    pub fn judge(&self, history: &History, terms: &Terms) -> Result<Judgement, Refusal> {
        self.begins.check(self.name, &terms.initial)?;
        self.allows.check(terms)?;
        if self.begins != Begins::Version {
            answers::check(history, terms)?;
        }
        let mut judgement = (self.decide)(history, terms)?;
        let is_open = matches!(judgement.ruling, Ruling::Legal | Ruling::Unknown);
        if is_open && !(self.concern.is_met)(history, terms) {
            judgement.ruling = Ruling::Nothing(self.concern.needs(terms));
        }
        Ok(judgement)
    }
}

/// A versioned register that began so. What is no version was refused before.
fn versioned(initial: &Initial) -> Versioned {
    match initial {
        Initial::Value(value) => Versioned::default().starting_with(value).unwrap_or_default(),
        Initial::Nothing | Initial::Unknown => Versioned::default(),
    }
}

fn in_order<M: Model>(mut model: M, history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    let Report { answer, keys, spent } = linearizable::check(&mut model, history, terms.budget)?;
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
    Ok(Judgement { ruling, keys, spent, counts: Vec::new() })
}
