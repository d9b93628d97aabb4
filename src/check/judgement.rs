//! What a judge of a whole history is told, and what it answers.

use smol_str::SmolStr;

use super::budget::{Budget, Spent};
use super::history::{Operation, Value};
use super::linearizable::{BUDGET, Foreign};
use super::model::{MultiRegister, Register};

/// What a judge is told besides the history.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What a search may take.
    pub budget: Budget,
    /// What objects held before anybody touched them.
    pub initial: Initial,
    /// What is known of the servers that answered.
    pub servers: Servers,
    /// Is a negative balance of a bank well?
    pub negative: bool,
    /// May a queue deliver twice what went in once?
    pub duplicates: bool,
}

/// What is known of what a server holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Servers {
    /// Nothing: it may ask others before it answers, and forget.
    #[default]
    Unknown,
    /// It answers from a copy of its own, and what was in it once stays.
    Keep,
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

/// Why a history cannot be held against a standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The operation that it is about, if it is about one.
    pub operation: Option<usize>,
    /// One sentence without its full stop.
    pub why: String,
}

impl From<Foreign> for Refusal {
    fn from(Foreign { operation, why }: Foreign) -> Refusal {
        Refusal { operation: Some(operation), why }
    }
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            budget: BUDGET,
            initial: Initial::Nothing,
            servers: Servers::Unknown,
            negative: false,
            duplicates: false,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub ruling: Ruling,
    /// Objects in the history.
    pub keys: usize,
    /// What a search took; nothing where nothing is searched.
    pub spent: Spent,
    /// What was counted on the way, by name: `("lost", 3)`.
    pub counts: Vec<(&'static str, u64)>,
}

/// The four answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    Legal,
    Illegal(Blame),
    /// The budget was spent before there was an answer, or what clients heard does not tell.
    Unknown,
    /// No client heard an answer that could have been wrong; what would have been one.
    Nothing(&'static str),
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

impl Initial {
    /// Is this what an object held?
    pub fn is(&self, value: &Value) -> bool {
        match self {
            Initial::Nothing => *value == Value::Nil,
            Initial::Value(start) => value == start,
            Initial::Unknown => false,
        }
    }

    /// The number that a counter held: 0, unless it is known to be another.
    pub fn number(&self) -> i128 {
        if let Initial::Value(start) = self { start.whole().unwrap_or(0) } else { 0 }
    }

    /// A multi-register, each of whose registers began so.
    pub fn of_each(&self, registers: MultiRegister) -> MultiRegister {
        match self {
            Initial::Nothing => registers,
            Initial::Value(value) => registers.starting_with(value),
            Initial::Unknown => registers.of_unknown_start(),
        }
    }

    /// The elements that a collection is known to have held.
    pub fn elements(&self) -> &[Value] {
        match self {
            Initial::Nothing | Initial::Unknown | Initial::Value(Value::Nil) => &[],
            Initial::Value(value) => value.items().unwrap_or(std::slice::from_ref(value)),
        }
    }

    /// How many of this element a collection is known to have held.
    pub fn holds(&self, element: &Value) -> usize {
        self.elements().iter().filter(|one| *one == element).count()
    }

    /// A register that began so.
    pub fn of(&self, register: Register) -> Register {
        match self {
            Initial::Nothing => register,
            Initial::Value(value) => register.starting_with(value),
            Initial::Unknown => register.of_unknown_start(),
        }
    }
}

impl Judgement {
    /// What came of a judgement that searched for nothing.
    pub fn counted(ruling: Ruling, keys: usize, counts: Vec<(&'static str, u64)>) -> Judgement {
        Judgement { ruling, keys, spent: Spent::default(), counts }
    }
}

impl Blame {
    /// Blame in words, and for these operations.
    pub fn new(text: impl Into<String>, operations: impl IntoIterator<Item = usize>) -> Blame {
        Blame { text: text.into(), operations: operations.into_iter().collect(), ..Blame::default() }
    }

    /// The same, about the object of this operation.
    pub fn about(self, operation: &Operation) -> Blame {
        Blame { key: Some(operation.action.key.clone()).filter(|key| !key.is_empty()), ..self }
    }
}
