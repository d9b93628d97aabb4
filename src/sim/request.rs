//! How clients ask: what for, at which level, and knowing what.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::call::Call;

/// One operation of one client, numbered through the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

/// How new the state is that a client has seen: what it carries from answer to request so that no server shows it an older
/// one. A number for each place, zero where it is left out; what they count is the protocol's own business. Empty is
/// "nothing yet".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token(Vec<u64>);

impl Token {
    /// A token of one number.
    pub fn at(number: u64) -> Token {
        Token(if number == 0 { Vec::new() } else { vec![number] })
    }

    /// A token of several numbers.
    pub fn of(numbers: impl IntoIterator<Item = u64>) -> Token {
        let mut numbers: Vec<u64> = numbers.into_iter().collect();
        numbers.truncate(numbers.iter().rposition(|number| *number != 0).map_or(0, |last| last + 1));
        Token(numbers)
    }

    /// The number at a place.
    pub fn get(&self, place: usize) -> u64 {
        self.0.get(place).copied().unwrap_or(0)
    }

    /// The numbers, without trailing zeros.
    pub fn numbers(&self) -> &[u64] {
        &self.0
    }

    /// Now covers what the other one covers.
    pub fn merge(&mut self, other: &Token) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine = (*mine).max(*theirs));
    }
}

impl Hash for Token {
    /// A letter without a token has the digest it had before there were tokens: links carry fingerprints.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|number| state.write_u64(*number));
    }
}

/// How much an operation demands of what it sees. A protocol that cannot serve a level serves a stronger one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Whatever the protocol's knobs say.
    #[default]
    Set,
    /// Anything that was ever there.
    Eventual,
    /// Nothing older than what the client has seen, or what that depends on.
    Causal,
    /// What one order of all operations allows, in which each client's are in its own order.
    Sequential,
    Linearizable,
}

/// What a client asks of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub op: OpId,
    pub call: Call,
    pub level: Level,
    /// The newest state that the client has seen.
    pub token: Token,
    /// The version of this very key that it has seen last.
    pub context: Token,
}

impl Hash for Request {
    /// The context is part of what answers said before, and these are in the digest.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.op.hash(state);
        self.call.hash(state);
        self.token.hash(state);
        if self.level != Level::Set {
            self.level.hash(state);
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.call, self.level)
    }
}

impl Level {
    /// Every level that can be asked for, weakest first, with its name in scripts.
    pub const NAMES: &'static [(Level, &'static str)] = &[
        (Level::Eventual, "eventual"),
        (Level::Causal, "causal"),
        (Level::Sequential, "sequential"),
        (Level::Linearizable, "linearizable"),
    ];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Level::NAMES.iter().find(|(level, _)| level == self);
        name.map_or(Ok(()), |(_, name)| write!(f, " @{name}"))
    }
}
