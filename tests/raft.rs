//! Raft's rules, one server at a time, from `tests/raft/*.txt`: an input, dashes, what the server does about it.
//! `REWRITE=1 cargo test --test all raft::` writes the answers anew; then read the diff beside the paper.
//!
//! `node` puts a server on the bench (its disk below it, in the notation of scenarios). A message is its name, who
//! sent it and its fields. `fire` lets an alarm go off, `pass` moves the clock, `synced` makes what was written safe,
//! `crash` loses what is not and starts the server again, `ask` is a client, `state` looks inside.

use datadriven::{DataDrivenError, TestCase, walk};
use faultline::protocol::Protocol;
use faultline::protocol::raft::log::{Command, Entry};
use faultline::protocol::raft::message::{AppendResult, Ballot, Round, Rpc};
use faultline::protocol::raft::storage::Record;
use faultline::protocol::raft::{Alarm, Raft};
use faultline::sim::{
    Bench, Call, Dial, Effect, Input, Knobs, Level, Message, Micros, Node, NodeId, OpId, Request, Setting,
    Token,
};

type Read<T> = Result<T, DataDrivenError>;

#[test]
fn raft_keeps_its_rules() {
    walk("tests/raft", |file| {
        let mut bench = None;
        file.run(|case| -> Read<String> {
            let mut case = case.clone();
            let said = obey(&mut bench, &mut case)?;
            case.expect_empty()?;
            Ok(said)
        });
    });
}

fn obey(bench: &mut Option<Bench<Raft>>, case: &mut TestCase) -> Read<String> {
    if case.directive == "node" {
        let mut fresh = place(case)?;
        let said = told(fresh.start());
        *bench = Some(fresh);
        return Ok(said);
    }
    let bench = bench.as_mut().expect("a file begins with `node`");
    Ok(match case.directive.as_str() {
        "fire" => told(bench.step(Input::Timer(alarm(case)?))),
        "pass" => {
            bench.now = bench.now + Micros::from_millis(case.take_arg("ms")?);
            String::new()
        }
        "synced" => {
            let through = case.try_take_arg("through")?.unwrap_or(bench.disk().written());
            told(bench.synced(through))
        }
        "crash" => format!("loses {} records\n{}", bench.crash(), told(bench.start())),
        "ask" => told(bench.step(Input::Request(Request {
            op: OpId(case.take_arg("op")?),
            call: call(case)?,
            level: level(case)?,
            token: Token::at(case.try_take_arg("seen")?.unwrap_or(0)),
            context: Token::default(),
        }))),
        "state" => state(bench),
        _ => {
            let from = node(case, "from")?;
            told(bench.step(Input::Message { from, message: message(case)? }))
        }
    })
}

/// `node me=1 of=5 pre-vote=true …`
fn place(case: &mut TestCase) -> Read<Bench<Raft>> {
    let (me, cluster) = (node(case, "me")?, case.take_arg("of")?);
    let mut knobs = Knobs::defaults(Raft::KNOBS);
    for knob in Raft::KNOBS {
        let Some(text) = case.try_take_arg::<String>(&knob.name.replace(' ', "-"))? else { continue };
        let setting = match knob.dial {
            Dial::Switch { .. } => Setting::Switch(text == "true"),
            Dial::Number { .. } => Setting::Number(text.parse().expect("a number")),
            Dial::Duration { .. } => Setting::Duration(Micros::from_millis(text.parse().expect("in ms"))),
            Dial::Choice { .. } => Setting::Choice(text.replace('-', " ")),
        };
        assert!(knob.dial.allows(&setting), "{} cannot be {text}", knob.name);
        knobs.set(knob.name, setting);
    }
    let disk =
        if case.input.trim().is_empty() { Vec::new() } else { Raft::disk(&case.input).expect("a disk") };
    Ok(Bench::new(me, cluster, Raft::new(me, cluster, &knobs), disk))
}

fn node(case: &mut TestCase, name: &str) -> Read<NodeId> {
    Ok(NodeId(case.take_arg::<u16>(name)? - 1))
}

fn alarm(case: &mut TestCase) -> Read<Alarm> {
    Ok(match case.take_arg::<String>("alarm")?.as_str() {
        "election" => Alarm::Election,
        "heartbeat" => Alarm::Heartbeat,
        "quorum" => Alarm::Quorum,
        other => panic!("{other} is no alarm"),
    })
}

/// `level=sequential seen=3`
fn level(case: &mut TestCase) -> Read<Level> {
    let Some(asked) = case.try_take_arg::<String>("level")? else { return Ok(Level::Set) };
    let (level, _) = Level::NAMES.iter().find(|(_, name)| *name == asked).expect("a level");
    Ok(*level)
}

fn call(case: &mut TestCase) -> Read<Call> {
    let key = |key: &str| key.into();
    Ok(match case.input.split_whitespace().collect::<Vec<_>>()[..] {
        ["read", k] => Call::Read { key: key(k) },
        ["write", k, value] => Call::Write { key: key(k), value: value.parse().expect("a number") },
        _ => panic!("{:?} is no operation", case.input),
    })
}

fn message(case: &mut TestCase) -> Read<Rpc> {
    let term = case.take_arg("term")?;
    Ok(match case.directive.as_str() {
        "RequestVote" => Rpc::RequestVote(ballot(term, case)?),
        "PreVote" => Rpc::PreVote(ballot(term, case)?),
        "RequestVoteReply" => Rpc::RequestVoteReply { term, granted: case.take_arg("granted")? },
        "PreVoteReply" => {
            Rpc::PreVoteReply { term, asked: case.take_arg("asked")?, granted: case.take_arg("granted")? }
        }
        "AppendEntries" => append_entries(term, case)?,
        "AppendEntriesReply" => {
            let result = match case.try_take_arg("match")? {
                Some(index) => AppendResult::Match(index),
                None => AppendResult::Conflict {
                    term: case.try_take_arg("conflict-term")?,
                    index: case.take_arg("conflict")?,
                },
            };
            Rpc::AppendEntriesReply { term, result, heartbeat: false, round: round(case)? }
        }
        other => panic!("{other} is neither a message nor a command"),
    })
}

/// `last=(4,2)`: the last entry is entry 4, of term 2.
fn ballot(term: u64, case: &mut TestCase) -> Read<Ballot> {
    let (last_index, last_term) = pair(case, "last")?;
    Ok(Ballot { term, last_index, last_term })
}

/// `prev=(4,2) entries=(2,3)`: after entry 4 of term 2, one of term 2 and one of term 3.
fn append_entries(term: u64, case: &mut TestCase) -> Read<Rpc> {
    let (prev_index, prev_term) = pair(case, "prev")?;
    let terms: Vec<u64> = case.try_take_args("entries")?.unwrap_or_default();
    let entry = |(term, index): (&u64, u64)| Entry { term: *term, command: Command::Preset(index) };
    let entries = terms.iter().zip(prev_index + 1..).map(entry).collect();
    let commit = case.try_take_arg("commit")?.unwrap_or(0);
    Ok(Rpc::AppendEntries { term, prev_index, prev_term, entries, commit, round: round(case)? })
}

fn round(case: &mut TestCase) -> Read<Round> {
    Ok(Round(case.try_take_arg("round")?.unwrap_or(0)))
}

fn pair(case: &mut TestCase, name: &str) -> Read<(u64, u64)> {
    let [index, term] = case.take_args(name)?[..] else { panic!("{name} is (index,term)") };
    Ok((index, term))
}

/// What a server wants done, a line for each.
fn told(effects: Vec<Effect<Raft>>) -> String {
    effects.iter().filter_map(line).map(|line| line + "\n").collect()
}

fn line(effect: &Effect<Raft>) -> Option<String> {
    Some(match effect {
        Effect::Send { to, message } => format!("to {to}: {}: {}", message.kind(), message.text()),
        Effect::SetTimer { timer: Alarm::Election, .. } => "sets its election timer".to_owned(),
        Effect::SetTimer { timer, after } => format!("sets {timer:?} to {after}"),
        Effect::Cancel(timer) => format!("cancels {timer:?}"),
        Effect::Append(Record::Vote { term, voted_for }) => {
            format!(
                "writes term {term}, {}",
                voted_for.map_or("no vote".to_owned(), |node| format!("vote for {node}"))
            )
        }
        Effect::Append(Record::Entry(entry)) => {
            format!("writes an entry of term {}: {}", entry.term, entry.command)
        }
        Effect::Append(Record::Truncate { from }) => format!("removes entries from {from} on"),
        Effect::Sync => "syncs".to_owned(),
        Effect::Reply { op, outcome, token } => match token.get(0) {
            0 => format!("answers {}: {outcome}", op.0),
            seen => format!("answers {}: {outcome}, as of entry {seen}", op.0),
        },
        Effect::Note(_) => return None,
    })
}

fn state(bench: &Bench<Raft>) -> String {
    let (server, disk) = (bench.node(), bench.disk());
    let shown = server.inspect();
    let log: Vec<_> =
        shown.log.iter().flat_map(|log| &log.entries).map(|(term, _)| term.to_string()).collect();
    let fact = |name: &str| {
        let known = shown.facts.iter().find(|(fact, _)| *fact == name);
        known.map(|(name, value)| format!("{name} {value}\n")).unwrap_or_default()
    };
    let mut said = format!("{}, term {}\nlog {}\n", shown.role.name(), server.term(), log.join(" "));
    for name in ["voted for", "leader known", "commit index", "last applied", "next index", "match index"] {
        said += &fact(name);
    }
    said + &format!("{} of {} records safe\n", disk.durable(), disk.written())
}
