//! What somebody asks for, as a script writes it: `"write x"`, `"read x @eventual"`.

use smol_str::SmolStr;

use super::at::At;
use super::plan::Ask;
use super::slip::Slip;
use crate::sim::{Call, Level, NodeId};

/// Longer words are none.
const LONGEST: usize = 24;

/// Reads an operation: a verb, a key, and the values that belong to it; then, if anything, a level. A value left out is
/// the next number that nobody used yet.
pub fn read_ask(op: &At<String>, text: &str) -> Result<Ask, Slip> {
    let mut words: Vec<&str> = op.get().split_whitespace().collect();
    let level = match words.last().and_then(|word| word.strip_prefix('@')) {
        None => Level::Set,
        Some(name) => {
            words.pop();
            level(name).ok_or_else(|| no_level(op, name, "@", text))?
        }
    };
    let call = Some(&*words).filter(|words| words.iter().all(|word| word.len() <= LONGEST)).and_then(call);
    let (call, fresh) = call.ok_or_else(|| {
        let hint = "Write \"read x\", \"write x\" (the next number), \"write x 5\", \"cas x 1 2\", \"add x 1\", \
                    \"append x\", \"insert x\", \"remove x 1\", \"enqueue x\", \"dequeue x\", \"acquire x\" or \
                    \"release x\"; a level may follow: \"read x @eventual\".";
        op.slip(text, format!("{:?} is not an operation", op.get()), hint)
    })?;
    Ok(Ask { call, fresh, level })
}

/// Reads the name of a level by itself.
pub fn read_level(name: &At<String>, text: &str) -> Result<Level, Slip> {
    level(name.get()).ok_or_else(|| no_level(name, name.get(), "", text))
}

fn no_level(at: &At<String>, name: &str, sign: &str, text: &str) -> Slip {
    let known: Vec<String> = Level::NAMES.iter().map(|(_, name)| format!("{sign}{name}")).collect();
    at.slip(text, format!("{name:?} is no level"), format!("There is: {}.", known.join(", ")))
}

/// Reads an operation about one key.
pub fn read_one(op: &At<String>, text: &str) -> Result<Ask, Slip> {
    match read_ask(op, text)? {
        family if family.family().is_some() => Err(op.slip(
            text,
            format!("{:?} names many keys", op.get()),
            "Name one of them, without the star.",
        )),
        one => Ok(one),
    }
}

fn level(name: &str) -> Option<Level> {
    Level::NAMES.iter().find(|(_, known)| *known == name).map(|(level, _)| *level)
}

fn call(words: &[&str]) -> Option<(Call, bool)> {
    let (&[verb, key], values) = words.split_first_chunk()?;
    let key = SmolStr::new(key);
    let values: Vec<i64> = values.iter().map(|word| word.parse().ok()).collect::<Option<_>>()?;
    // Who asks is known when they do.
    let by = NodeId::default();
    let call = match (verb, &*values) {
        ("read", []) => Call::Read { key },
        ("cas", &[old, new]) => Call::Cas { key, old, new },
        ("add", &[by]) => Call::Add { key, by },
        ("remove", &[value]) => Call::Remove { key, value },
        ("dequeue", []) => Call::Dequeue { key },
        ("acquire", []) => Call::Acquire { key, by },
        ("release", []) => Call::Release { key, by },
        (_, []) => return bringing(verb, key, 0).map(|call| (call, true)),
        (_, &[value]) => bringing(verb, key, value)?,
        _ => return None,
    };
    Some((call, false))
}

/// The calls that bring a value along.
fn bringing(verb: &str, key: SmolStr, value: i64) -> Option<Call> {
    match verb {
        "write" => Some(Call::Write { key, value }),
        "append" => Some(Call::Append { key, value }),
        "insert" => Some(Call::Insert { key, value }),
        "enqueue" => Some(Call::Enqueue { key, value }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ask_is_written_as_it_is_read() {
        for words in [
            "read x",
            "write x",
            "write x 5",
            "cas x 1 2",
            "add y -1",
            "append l",
            "append l 3",
            "insert s",
            "remove s 2",
            "enqueue q",
            "dequeue q",
            "acquire m",
            "release m",
            "read x @eventual",
            "write x @linearizable",
        ] {
            let ask = read_ask(&At::new(words.to_owned(), 0), "").unwrap_or_else(|slip| panic!("{slip}"));
            assert_eq!(ask.to_string(), words);
        }
    }

    #[test]
    fn what_is_no_operation_is_told() {
        for words in ["", "read", "read x 1", "write x y", "cas x 1", "jump x", "read x @soon", "write x 1 2"]
        {
            assert!(read_ask(&At::new(words.to_owned(), 0), "").is_err(), "{words}");
        }
    }
}
