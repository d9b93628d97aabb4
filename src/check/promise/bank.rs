//! A bank: money moves and the total stays (Jepsen's `bank` checker). A read hears a list of balances or of
//! `[account balance]`; a transaction of reads counts, too. The total is the initial value if one is given, and
//! otherwise what the first read of all accounts finds. Reads of some accounts only tell nothing.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::transaction::{name, parts};
use super::{heard, keys, only, ruling, told};
use crate::check::history::{History, Operation, Value, Verb};
use crate::check::judgement::{Blame, Initial, Judgement, Ruling, Terms};
use crate::check::linearizable::Foreign;

type Balances = BTreeMap<SmolStr, i64>;

/// Judges a whole history, and counts negative balances, which some banks allow.
///
/// # Errors
/// Operations that are no transfers, reads and transactions, and balances that are no whole numbers.
pub fn judge(history: &History, terms: &Terms) -> Result<Judgement, Foreign> {
    only(history, &[Verb::Read, Verb::Transfer, Verb::Transact], "the judge of a bank")?;
    let mut reads = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        if let Some(balances) = balances(place, operation)? {
            reads.push((place, balances));
        }
    }
    reads.sort_by_key(|(place, _)| history.operations[*place].invoked);
    let accounts = reads.iter().map(|(_, balances)| balances.len()).max().unwrap_or(0);
    let whole: Vec<(usize, i128)> = reads
        .iter()
        .filter(|(_, balances)| balances.len() == accounts)
        .map(|(place, balances)| (*place, balances.values().map(|balance| i128::from(*balance)).sum()))
        .collect();
    let (total, because) = match (&terms.initial, whole.first()) {
        (Initial::Value(Value::Int(total)), _) => (i128::from(*total), None),
        (_, Some((first, total))) => (*total, Some(*first)),
        (_, None) => (0, None),
    };
    let wrong = whole.iter().filter(|(_, sum)| *sum != total).map(|(place, sum)| {
        let read = &history.operations[*place];
        let why = match because {
            Some(first) => format!("{} found {total}", told(&history.operations[first])),
            None => format!("the total is {total}"),
        };
        Blame::new(
            format!("{} finds {sum} in all, but {why}.", told(read)),
            [*place].into_iter().chain(because),
        )
    });
    let wrong: Vec<Blame> = wrong.collect();
    let negative = reads.iter().filter(|(_, balances)| balances.values().any(|balance| *balance < 0));
    let counts = vec![
        ("reads", reads.len() as u64),
        ("partial", (reads.len() - whole.len()) as u64),
        ("wrong totals", wrong.len() as u64),
        ("negative", negative.count() as u64),
    ];
    let ruling = match ruling(wrong) {
        Ruling::Legal if whole.is_empty() && !history.operations.is_empty() => Ruling::Unknown,
        ruling => ruling,
    };
    Ok(Judgement::counted(ruling, keys(history), counts))
}

/// What an operation heard of all that it read; `None` if it was not answered, or wrote.
fn balances(place: usize, operation: &Operation) -> Result<Option<Balances>, Foreign> {
    let Some(heard) = heard(operation) else { return Ok(None) };
    let foreign = |value: &Value| Foreign { operation: place, why: format!("{value} is no balance") };
    let number = |value: &Value| if let Value::Int(value) = value { Ok(*value) } else { Err(foreign(value)) };
    match (operation.action.verb, heard) {
        (Verb::Read, Value::List(all)) => {
            let one = |(account, balance): (usize, &Value)| match balance {
                Value::List(pair) => match pair.as_slice() {
                    [account, balance] => Ok((name(account), number(balance)?)),
                    _ => Err(foreign(balance)),
                },
                balance => Ok((SmolStr::new(account.to_string()), number(balance)?)),
            };
            all.iter().enumerate().map(one).collect::<Result<_, _>>().map(Some)
        }
        (Verb::Transact, _) => {
            let parts = parts(place, operation)?;
            if parts.iter().any(|part| part.writes) {
                return Ok(None);
            }
            let one = |part: &super::transaction::Part<'_>| Ok((part.key.clone(), number(part.value)?));
            parts.iter().map(one).collect::<Result<_, _>>().map(Some)
        }
        (Verb::Read, other) => Err(foreign(other)),
        _ => Ok(None),
    }
}
