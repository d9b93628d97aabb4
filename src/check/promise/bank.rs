//! A bank: money moves and the total stays (Jepsen's `bank` checker). A read hears a map of balances or a list of
//! them; a transaction of reads counts, too. The total is the initial value if one is given, and otherwise what the
//! first read of all accounts finds. No balance is below zero, unless the bank allows it, and no account appears that
//! neither the first read nor any transfer knew. A read is of the whole bank, and what it leaves out is missing from
//! its total; a transaction may read some accounts only, and then tells nothing of the total.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{heard, keys, only, ruling, told};
use crate::check::history::{History, Operation, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Terms};
use crate::check::linearizable::Foreign;
use crate::check::transaction::{Part, parts};

/// What each account holds; `None` where it is there and holds no number.
type Balances = BTreeMap<SmolStr, Option<i128>>;

/// An answered read of some accounts.
struct Read {
    place: usize,
    balances: Balances,
}

impl Read {
    fn total(&self) -> i128 {
        self.balances.values().flatten().sum()
    }
}

/// Judges a whole history.
///
/// # Errors
/// Operations that are no transfers, reads and transactions, and balances that are no whole numbers.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Transfer, Verb::Transact], "the judge of a bank")?;
    let mut reads = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        reads.extend(balances(place, operation)?.map(|balances| Read { place, balances }));
    }
    reads.sort_by_key(|read| history.operations[read.place].invoked);
    let accounts = reads.iter().map(|read| read.balances.len()).max().unwrap_or(0);
    let is_whole = |read: &&Read| {
        history.operations[read.place].action.verb == Verb::Read || read.balances.len() == accounts
    };
    let whole: Vec<&Read> = reads.iter().filter(is_whole).collect();
    let strange = strange(history, &whole);
    let totals = totals(history, terms, &whole);
    let negative: Vec<Blame> = reads.iter().filter_map(|read| below_zero(history, read)).collect();
    let counts = vec![
        ("reads", reads.len() as u64),
        ("partial", (reads.len() - whole.len()) as u64),
        ("wrong totals", totals.len() as u64),
        ("unexpected accounts", strange.len() as u64),
        ("negative", negative.len() as u64),
    ];
    let empty = reads.iter().filter_map(|read| without_balance(history, read));
    let mut found: Vec<Blame> = empty.chain(strange).chain(totals).collect();
    if !terms.negative {
        found.extend(negative);
    }
    Ok(Judgement::counted(ruling(found), keys(history), counts))
}

/// Accounts that only a later read knows.
fn strange(history: &History, whole: &[&Read]) -> Vec<Blame> {
    let Some((first, later)) = whole.split_first() else { return Vec::new() };
    let mut known: BTreeSet<SmolStr> = first.balances.keys().cloned().collect();
    for operation in &history.operations {
        if let (Verb::Transfer, Value::List(parts)) = (operation.action.verb, &operation.action.value) {
            // Where balances are told as a map in JSON, accounts are texts there, and perhaps numbers here.
            let as_text = |account: &Value| Value::Text(account.to_string().into()).name();
            known.extend(parts.iter().take(2).flat_map(|account| [account.name(), as_text(account)]));
        }
    }
    let appears = |read: &&&Read| read.balances.keys().find(|account| !known.contains(*account)).cloned();
    let blame = |read: &&Read| {
        let account = appears(&read)?;
        let (read_told, first_told) =
            (told(&history.operations[read.place]), told(&history.operations[first.place]));
        let text = format!("{read_told} has an account {account}, which {first_told} had not.");
        Some(Blame::new(text, [read.place, first.place]))
    };
    later.iter().filter_map(blame).collect()
}

/// Reads of the whole bank that find another total.
fn totals(history: &History, terms: &Terms, whole: &[&Read]) -> Vec<Blame> {
    let (total, because) = match (&terms.initial, whole.first()) {
        (Initial::Value(total), _) => (total.whole().unwrap_or(0), None),
        (_, Some(first)) => (first.total(), Some(first.place)),
        (_, None) => return Vec::new(),
    };
    let blame = |read: &&Read| {
        let why = match because {
            Some(first) => format!("{} found {total}", told(&history.operations[first])),
            None => format!("the total is {total}"),
        };
        let (read_told, sum) = (told(&history.operations[read.place]), read.total());
        let operations = [read.place].into_iter().chain(because);
        Blame::new(format!("{read_told} finds {sum} in all, but {why}."), operations)
    };
    whole.iter().filter(|read| read.total() != total).map(blame).collect()
}

fn below_zero(history: &History, read: &Read) -> Option<Blame> {
    let below = |(account, balance): (&SmolStr, &Option<i128>)| {
        balance.filter(|balance| *balance < 0).map(|balance| (account.clone(), balance))
    };
    let (account, balance) = read.balances.iter().find_map(below)?;
    let read_told = told(&history.operations[read.place]);
    let text = format!("{read_told} finds {balance} in account {account}, which is below zero.");
    Some(Blame::new(text, [read.place]))
}

fn without_balance(history: &History, read: &Read) -> Option<Blame> {
    let (account, _) = read.balances.iter().find(|(_, balance)| balance.is_none())?;
    let text = format!("{} finds no balance in account {account}.", told(&history.operations[read.place]));
    Some(Blame::new(text, [read.place]))
}

/// What an operation heard of all that it read; `None` if it was not answered, or wrote.
fn balances(place: usize, operation: &Operation) -> Result<Option<Balances>, Foreign> {
    let Some(heard) = heard(operation) else { return Ok(None) };
    let foreign = |value: &Value| Foreign { operation: place, why: format!("{value} is no balance") };
    let number = |value: &Value| match (value, value.whole()) {
        (Value::Nil, _) => Ok(None),
        (_, Some(balance)) => Ok(Some(balance)),
        _ => Err(foreign(value)),
    };
    match (operation.action.verb, heard) {
        (Verb::Read, Value::Map(all)) => {
            let one = |(account, balance): &(Value, Value)| Ok((account.name(), number(balance)?));
            all.iter().map(one).collect::<Result<_, _>>().map(Some)
        }
        (Verb::Read, Value::List(all)) => {
            let one = |(account, balance): (usize, &Value)| match balance {
                Value::List(pair) => match pair.as_slice() {
                    [account, balance] => Ok((account.name(), number(balance)?)),
                    _ => Err(foreign(balance)),
                },
                balance => Ok((SmolStr::new(account.to_string()), number(balance)?)),
            };
            let mut balances = Balances::new();
            for (account, balance) in all.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()? {
                if balances.insert(account.clone(), balance).is_some() {
                    let why = format!("account {account} is told twice in one read: leave one of them out");
                    return Err(Foreign { operation: place, why });
                }
            }
            Ok(Some(balances))
        }
        (Verb::Transact, _) => {
            let parts = parts(operation).map_err(|why| Foreign { operation: place, why })?;
            if parts.iter().any(|part| part.writes || part.value.is_none()) {
                return Ok(None);
            }
            let one = |part: &Part<'_>| Ok((part.key.clone(), part.value.map_or(Ok(None), number)?));
            parts.iter().map(one).collect::<Result<_, _>>().map(Some)
        }
        // Nothing was told: neither a balance nor that there is none.
        (Verb::Read, Value::Nil) => Ok(None),
        (Verb::Read, other) => Err(foreign(other)),
        _ => Ok(None),
    }
}
