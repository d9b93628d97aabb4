//! Who did something: a client by its number or by its name, or the nemesis.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use smol_str::SmolStr;

use super::datum::{Datum, Form};
use super::unreadable::Unreadable;

/// The process of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Process {
    Client(Client),
    /// What Jepsen calls whoever breaks things. It asks nothing of the service.
    Nemesis,
}

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    Number(u32),
    Named(SmolStr),
}

/// The names of clients that have one, by the number that stands for them.
pub type Names = BTreeMap<u32, SmolStr>;

/// What a client may be.
pub const HINT: &str = "A client is a whole number from 0 to 4294967295, or a word: 3, :p1, \"alice\".";

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Client::Number(number) => write!(f, "{number}"),
            Client::Named(name) => f.write_str(name),
        }
    }
}

impl Client {
    fn number(&self) -> Option<u32> {
        match self {
            Client::Number(number) => Some(*number),
            Client::Named(_) => None,
        }
    }
}

impl Process {
    /// Reads a process, as a value in EDN or JSON.
    ///
    /// # Errors
    /// What is no process.
    pub fn read(text: &str, datum: &Datum) -> Result<Process, Unreadable> {
        let slip = |what: String, hint: &str| Err(Unreadable::at(text, datum.at, what, hint));
        if let Form::Int(number) = datum.form
            && let Ok(number) = u32::try_from(number)
        {
            return Ok(Process::Client(Client::Number(number)));
        }
        match datum.word().map(str::trim) {
            Some(word) if is_nemesis(word) => Ok(Process::Nemesis),
            Some(word) if word.parse::<f64>().is_ok_and(f64::is_finite) => slip(
                format!("the process {word} is written as a text"),
                "Write the number without quotes, so that 3 and \"3\" are not two clients.",
            ),
            Some(word) if !word.is_empty() => Ok(Process::Client(Client::Named(word.into()))),
            _ => slip(format!("there is no process {}", datum.value()), HINT),
        }
    }
}

/// Is it what breaks things? Where there are several, they are numbered: `nemesis-1`.
pub fn is_nemesis(word: &str) -> bool {
    let rest = word.strip_prefix("nemesis");
    rest.is_some_and(|rest| rest.chars().all(|c| c == '-' || c.is_ascii_digit()))
}

/// Gives each client a number: its own, or for a name the smallest that no other has, in the order of names.
pub fn numbered<'a>(clients: impl Iterator<Item = &'a Client> + Clone) -> (BTreeMap<Client, u32>, Names) {
    let taken: BTreeSet<u32> = clients.clone().filter_map(Client::number).collect();
    let mut free = (0..=u32::MAX).filter(|number| !taken.contains(number));
    let mut numbers: BTreeMap<Client, u32> =
        taken.iter().map(|number| (Client::Number(*number), *number)).collect();
    let mut names = Names::new();
    let named: BTreeSet<&Client> = clients.filter(|client| client.number().is_none()).collect();
    for client in named {
        // There are fewer clients than numbers.
        let Some(number) = free.next() else { break };
        numbers.insert(client.clone(), number);
        if let Client::Named(name) = client {
            names.insert(number, name.clone());
        }
    }
    (numbers, names)
}
