//! What a standard can be told besides how objects began, and what it must be told. Whatever it cannot honour it
//! refuses.

use super::judgement::{Refusal, Servers, Terms};
use super::promise::sessions::UNKNOWN_SERVERS;

/// Which terms a standard knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allows {
    /// Balances below zero may be well.
    negative: bool,
    /// What went in once may come out twice.
    duplicates: bool,
    /// It judges nothing unless it is known what servers keep.
    needs_servers: bool,
}

impl Allows {
    pub const NOTHING: Allows = Allows { negative: false, duplicates: false, needs_servers: false };
    pub const NEGATIVE: Allows = Allows { negative: true, ..Allows::NOTHING };
    pub const DUPLICATES: Allows = Allows { duplicates: true, ..Allows::NOTHING };
    pub const KNOWN_SERVERS: Allows = Allows { needs_servers: true, ..Allows::NOTHING };

    /// The least that must be known of servers.
    pub fn servers(self) -> Servers {
        if self.needs_servers { Servers::Keep } else { Servers::Unknown }
    }

    /// Can the standard be told this?
    ///
    /// # Errors
    /// It cannot, or it must be told more.
    pub fn check(self, terms: &Terms) -> Result<(), Refusal> {
        if terms.negative && !self.negative {
            return Err(only("negative balances are", |allows| allows.negative));
        }
        if terms.duplicates && !self.duplicates {
            return Err(only("duplicates are", |allows| allows.duplicates));
        }
        if self.needs_servers && terms.servers == Servers::Unknown {
            return Err(Refusal { operation: None, why: UNKNOWN_SERVERS.to_owned() });
        }
        Ok(())
    }
}

/// Names the standards that know a term.
fn only(what: &str, allows: fn(Allows) -> bool) -> Refusal {
    let standards = super::court::STANDARDS.iter().filter(|standard| allows(standard.allows));
    let names: Vec<&str> = standards.map(|standard| standard.name).collect();
    let models = if names.len() == 1 { "model" } else { "models" };
    Refusal { operation: None, why: format!("{what} for the {models} {}", names.join(", ")) }
}
