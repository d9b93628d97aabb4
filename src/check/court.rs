//! Everything that a whole history can be held against, by name: the one list for the terminal and the docs.

use smol_str::SmolStr;

use super::history::{History, Value};
use super::linearizable::{self, Answer, BUDGET, Foreign, Report};
use super::model::{Collection, Counter, KeyValue, Kind, Model, MultiRegister, Mutex, Register};

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

/// What a judge is told besides the history.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Steps of a search at most.
    pub budget: u64,
    /// What objects held before anybody touched them.
    pub initial: Initial,
}

/// How objects began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Initial {
    /// With nothing, or empty.
    #[default]
    Nothing,
    Value(Value),
    /// Nobody knows: a read of nothing tells nothing.
    Unknown,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { budget: BUDGET, initial: Initial::Nothing }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub ruling: Ruling,
    /// Objects in the history.
    pub keys: usize,
    /// Steps of a search; 0 where nothing is searched.
    pub steps: u64,
    /// What was counted on the way, by name: `("lost", 3)`.
    pub counts: Vec<(&'static str, u64)>,
}

/// The three answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    Legal,
    Illegal(Blame),
    /// The budget was spent before there was an answer.
    Unknown,
}

/// Why a history is illegal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blame {
    /// The object, where there are several.
    pub key: Option<SmolStr>,
    /// One or two sentences that name operations and values.
    pub text: String,
    /// The operations to blame, the worst first, as places in the history.
    pub operations: Vec<usize>,
    /// The longest legal order, where one was looked for.
    pub order: Vec<usize>,
    /// What more there is to say of single operations: why none of them can come next, for example.
    pub details: Vec<(usize, String)>,
}

/// Every standard.
pub const STANDARDS: &[Standard] = &[
    linearizable("register", "Reads and writes of each key take effect one at a time.", |history, terms| {
        in_order(begun(Register::plain(), terms), history, terms)
    }),
    linearizable(
        "cas-register",
        "Reads, writes, compare-and-sets and additions to each key take effect one at a time.",
        |history, terms| in_order(begun(Register::comparing(), terms), history, terms),
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
];

type Judge = fn(&History, &Terms) -> Result<Judgement, Foreign>;

const fn linearizable(name: &'static str, sentence: &'static str, judge: Judge) -> Standard {
    Standard { name, sentence, source: "Herlihy and Wing 1990", judge }
}

impl Standard {
    /// The standard of this name.
    pub fn named(name: &str) -> Option<&'static Standard> {
        STANDARDS.iter().find(|standard| standard.name == name)
    }
}

fn begun(register: Register, terms: &Terms) -> Register {
    match &terms.initial {
        Initial::Nothing => register,
        Initial::Value(value) => register.starting_with(value),
        Initial::Unknown => register.of_unknown_start(),
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
