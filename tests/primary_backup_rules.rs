//! The rules of primary–backup replication, one server at a time.

use faultline::protocol::Protocol;
use faultline::protocol::primary_backup::log::{Entry, Log};
use faultline::protocol::primary_backup::message::Rpc;
use faultline::protocol::primary_backup::recovery::State;
use faultline::protocol::primary_backup::storage::Record;
use faultline::protocol::primary_backup::{Alarm, Server};
use faultline::sim::{
    Bench, Call, Effect, Input, Knobs, Level, Message, Node, NodeId, OpId, Outcome, Request, Setting, Token,
};

type Effects = Vec<Effect<Server>>;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

/// One of three servers, before it starts.
fn server(me: NodeId, turned: &[(&'static str, &str)], disk: &str) -> Bench<Server> {
    let mut knobs = Knobs::defaults(Server::KNOBS);
    turned.iter().for_each(|(name, option)| knobs.set(name, Setting::Choice((*option).to_owned())));
    Bench::new(me, 3, Server::new(me, 3, &knobs), Server::disk(disk).expect("a disk"))
}

/// Starts it and makes safe what it writes.
fn begun(me: NodeId, turned: &[(&'static str, &str)]) -> (Bench<Server>, Effects) {
    let mut bench = server(me, turned, "");
    bench.start();
    let said = sync(&mut bench);
    (bench, said)
}

fn sync(bench: &mut Bench<Server>) -> Effects {
    let written = bench.disk().written();
    bench.synced(written)
}

fn hear(bench: &mut Bench<Server>, from: NodeId, message: Rpc) -> Effects {
    bench.step(Input::Message { from, message })
}

fn ask(bench: &mut Bench<Server>, op: u32, call: Call) -> Effects {
    let (token, context) = (Token::default(), Token::default());
    bench.step(Input::Request(Request { op: OpId(op), call, level: Level::Set, token, context }))
}

/// The messages among effects.
fn sent(effects: &Effects) -> Vec<(NodeId, Rpc)> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send { to, message } => Some((*to, message.clone())),
        _ => None,
    });
    sent.collect()
}

fn kinds(effects: &Effects) -> Vec<&'static str> {
    sent(effects).iter().map(|(_, message)| message.kind()).collect()
}

fn answers(effects: &Effects) -> Vec<(u32, Outcome)> {
    let answers = effects.iter().filter_map(|effect| match effect {
        Effect::Reply { op, outcome, .. } => Some((op.0, outcome.clone())),
        _ => None,
    });
    answers.collect()
}

fn write(value: i64) -> Call {
    Call::Write { key: "x".into(), value }
}

fn cas(old: i64, new: i64) -> Call {
    Call::Cas { key: "x".into(), old, new }
}

fn entry(view: u64, op: u32) -> Entry {
    Entry { view, op: OpId(op), call: write(op.into()) }
}

fn chain(entries: &[Entry]) -> u64 {
    let mut log = Log::default();
    entries.iter().for_each(|entry| log.push(entry.clone()));
    log.chain_at(log.last()).expect("its own end")
}

fn replicate(view: u64, before: &[Entry], entries: &[Entry]) -> Rpc {
    let (index, prev) = (before.len() as u64, chain(before));
    Rpc::Replicate { view, index, prev, entries: entries.to_vec(), commit: 0, beat: 1, fresh: None }
}

fn acknowledged(view: u64, entries: &[Entry]) -> Rpc {
    Rpc::ReplicateAck { view, upto: entries.len() as u64, chain: chain(entries), beat: 0 }
}

/// Which views its entries are from, and how many of them are done.
fn log(bench: &Bench<Server>) -> (Vec<u64>, u64) {
    let log = bench.node().inspect().log.expect("it has one");
    (log.entries.iter().map(|(view, _)| *view).collect(), log.commit)
}

fn leads(bench: &Bench<Server>) -> bool {
    bench.node().role() == faultline::sim::Role::Leader
}

#[test]
fn nothing_leaves_a_server_before_it_is_on_record_that_it_began() {
    let mut primary = server(N1, &[], "");
    assert_eq!(kinds(&primary.start()), [""; 0]);
    assert!(!leads(&primary));
    assert_eq!(answers(&ask(&mut primary, 1, write(1))), [(1, Outcome::Redirect(None))]);
    // It crashes before that: nobody has heard of it, and this is its first start again.
    assert_eq!(primary.crash(), 1);
    primary.start();
    assert_eq!(kinds(&sync(&mut primary)), ["Heartbeat", "Heartbeat"]);
    assert!(leads(&primary));
}

#[test]
fn a_primary_that_comes_back_with_nothing_leads_no_more() {
    let (mut primary, _) = begun(N1, &[]);
    assert_eq!(kinds(&ask(&mut primary, 1, write(1))), ["Replicate", "Replicate"]);
    // Both others hold it: it is done, though not on its own disk.
    hear(&mut primary, N2, acknowledged(0, &[Entry { view: 0, op: OpId(1), call: write(1) }]));
    let told = hear(&mut primary, N3, acknowledged(0, &[Entry { view: 0, op: OpId(1), call: write(1) }]));
    assert_eq!(answers(&told), [(1, Outcome::ok(1))]);
    assert_eq!(primary.crash(), 1);
    primary.start();
    assert!(!leads(&primary));
    assert_eq!(kinds(&sync(&mut primary)), ["StartViewChange", "StartViewChange"]);
}

/// The nonce of a server that has just started and asks.
fn nonce(effects: &Effects) -> u64 {
    let nonces: Vec<u64> = sent(effects)
        .iter()
        .map(|(_, message)| match message {
            Rpc::Recovery { nonce, .. } => *nonce,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(nonces.len(), 2);
    assert_eq!(nonces[0], nonces[1]);
    nonces[0]
}

#[test]
fn a_server_that_has_forgotten_takes_no_part_before_the_others_have_told_it() {
    let mut lost = server(N3, &[], "lost");
    let nonce = nonce(&lost.start());
    let state = || Some(State { log: vec![entry(1, 7)], commit: 1 });
    let response = |view, nonce, state| Rpc::RecoveryResponse { view, nonce, state };
    // It acknowledges nothing, votes for no view, and answers nobody.
    assert!(hear(&mut lost, N1, replicate(0, &[], &[entry(0, 1)])).is_empty());
    assert!(hear(&mut lost, N1, Rpc::StartViewChange { view: 1 }).is_empty());
    assert!(hear(&mut lost, N1, Rpc::Confirm { view: 0, round: 1 }).is_empty());
    assert!(hear(&mut lost, N2, Rpc::Recovery { view: 0, nonce: 5 }).is_empty());
    let read = ask(&mut lost, 2, Call::Read { key: "x".into() });
    assert_eq!(answers(&read), [(2, Outcome::Redirect(None))]);
    // An answer to another recovery counts for nothing.
    hear(&mut lost, N1, response(1, nonce + 1, None));
    hear(&mut lost, N2, response(1, nonce + 1, state()));
    assert_eq!(log(&lost), (vec![], 0));
    // Nor does the primary of a view that is not the latest of those that it hears of.
    hear(&mut lost, N2, response(1, nonce, state()));
    hear(&mut lost, N1, response(3, nonce, None));
    assert_eq!(log(&lost), (vec![], 0));
    // It asks again, with the same nonce.
    let again = lost.step(Input::Timer(Alarm::Recovery));
    assert_eq!(kinds(&again), ["Recovery", "Recovery"]);
    let log_of_3 = vec![entry(1, 7), entry(3, 8)];
    let told = hear(&mut lost, N1, response(3, nonce, Some(State { log: log_of_3.clone(), commit: 1 })));
    assert_eq!((log(&lost), kinds(&told)), ((vec![1, 3], 1), vec![]));
    // What it was told is on disk before it says that it has it.
    assert!(lost.disk().records().ends_with(&[Record::Formatted]));
    let [(N1, Rpc::ReplicateAck { view: 3, upto: 2, chain: same, .. })] = sent(&sync(&mut lost))[..] else {
        panic!("it acknowledges");
    };
    assert_eq!(same, chain(&log_of_3));
    // Crashed now, it has forgotten nothing.
    lost.crash();
    lost.start();
    assert_eq!(log(&lost).0, [1, 3]);
}

#[test]
fn a_disk_on_which_a_recovery_was_not_completed_is_still_a_lost_one() {
    let mut lost = server(N3, &[], "lost");
    let number = nonce(&lost.start());
    hear(&mut lost, N2, Rpc::RecoveryResponse { view: 0, nonce: number, state: None });
    let state = Some(State { log: vec![entry(0, 7)], commit: 1 });
    hear(&mut lost, N1, Rpc::RecoveryResponse { view: 0, nonce: number, state });
    lost.synced(2);
    lost.crash();
    assert_ne!(nonce(&lost.start()), number);
}

#[test]
fn only_servers_at_work_tell_one_that_has_forgotten() {
    let (mut backup, _) = begun(N2, &[]);
    let told = hear(&mut backup, N3, Rpc::Recovery { view: 0, nonce: 9 });
    assert!(matches!(sent(&told)[..], [(N3, Rpc::RecoveryResponse { view: 0, nonce: 9, state: None })]));
    // Between views it does not know.
    backup.step(Input::Timer(Alarm::Silence));
    sync(&mut backup);
    assert!(hear(&mut backup, N3, Rpc::Recovery { view: 1, nonce: 9 }).is_empty());
    // One that remembers that it had left for a later view does not come back before others are there.
    let (mut primary, _) = begun(N1, &[]);
    assert_eq!(kinds(&hear(&mut primary, N3, Rpc::Recovery { view: 2, nonce: 9 })), [""; 0]);
    assert_eq!(kinds(&sync(&mut primary)), ["StartViewChange", "StartViewChange"]);
}

#[test]
fn a_server_that_remembers_its_view_comes_back_to_no_older_one() {
    let (mut backup, _) = begun(N3, &[("keep", "view")]);
    backup.step(Input::Timer(Alarm::Silence));
    sync(&mut backup);
    backup.crash();
    let nonce = nonce(&backup.start());
    let state = Some(State { log: vec![], commit: 0 });
    hear(&mut backup, N1, Rpc::RecoveryResponse { view: 0, nonce, state });
    hear(&mut backup, N2, Rpc::RecoveryResponse { view: 0, nonce, state: None });
    let asked = backup.step(Input::Timer(Alarm::Recovery));
    assert!(sent(&asked).iter().all(|(_, message)| matches!(message, Rpc::Recovery { view: 1, .. })));
}

#[test]
fn without_views_a_server_that_has_forgotten_is_no_primary() {
    let mut lost = server(N1, &[("promotion", "never")], "lost");
    lost.start();
    assert!(!leads(&lost));
    let mut new = server(N1, &[("promotion", "never")], "");
    new.start();
    assert!(leads(&new));
}

#[test]
fn a_refusal_is_told_once_what_it_speaks_of_is_done_and_is_remembered() {
    let (mut primary, _) = begun(N1, &[]);
    assert_eq!(answers(&ask(&mut primary, 1, write(4))), []);
    assert_eq!(answers(&ask(&mut primary, 2, cas(5, 1))), []);
    assert_eq!(answers(&ask(&mut primary, 3, write(5))), []);
    let entries = [(1, write(4)), (2, cas(5, 1)), (3, write(5))];
    let entries = entries.map(|(op, call)| Entry { view: 0, op: OpId(op), call });
    sync(&mut primary);
    let told = hear(&mut primary, N2, acknowledged(0, &entries));
    let refused = Outcome::Failed("the value is another");
    assert_eq!(answers(&told), [(1, Outcome::ok(4)), (2, refused.clone()), (3, Outcome::ok(5))]);
    // The value is 5 by now: what comes again is answered, not tried again.
    let again = ask(&mut primary, 2, cas(5, 1));
    assert_eq!((answers(&again), kinds(&again)), (vec![(2, refused)], vec![]));
    let read = ask(&mut primary, 4, Call::Read { key: "x".into() });
    assert_eq!(answers(&read), [(4, Outcome::ok(5))]);
}

#[test]
fn what_was_done_in_another_log_is_not_done_in_this_one() {
    let (mut primary, _) = begun(N2, &[("acknowledge", "one backup")]);
    let (newer, older) = ([entry(3, 1)], [entry(0, 5), entry(0, 6), entry(0, 7)]);
    let view_3 = Rpc::StartView { view: 3, log: newer.to_vec(), commit: 0 };
    hear(&mut primary, N1, view_3);
    sync(&mut primary);
    hear(&mut primary, N3, Rpc::StartViewChange { view: 4 });
    sync(&mut primary);
    let older = Rpc::DoViewChange { view: 4, normal: 0, log: older.to_vec(), commit: 3 };
    hear(&mut primary, N1, older);
    assert!(leads(&primary));
    assert_eq!(log(&primary), (vec![3], 0));
    sync(&mut primary);
    // It counts its own copies, and nothing is done before another has it.
    let told = ask(&mut primary, 9, write(9));
    assert_eq!(answers(&told), []);
    assert_eq!(answers(&sync(&mut primary)), []);
    let entries = [entry(3, 1), entry(4, 9)];
    assert_eq!(answers(&hear(&mut primary, N3, acknowledged(4, &entries))), [(9, Outcome::ok(9))]);
}

#[test]
fn the_same_request_in_another_view_is_another_entry() {
    let (mut backup, _) = begun(N3, &[]);
    hear(&mut backup, N1, replicate(0, &[], &[entry(0, 1), entry(0, 2)]));
    sync(&mut backup);
    assert_eq!(log(&backup).0, [0, 0]);
    hear(&mut backup, N2, Rpc::StartView { view: 1, log: vec![entry(0, 1), entry(1, 2)], commit: 1 });
    assert_eq!(log(&backup), (vec![0, 1], 1));
}

#[test]
fn a_log_fits_only_after_the_same_history() {
    let (mut backup, _) = begun(N3, &[("promotion", "never")]);
    // Two lives of one primary took the same request, after another one each.
    hear(&mut backup, N1, replicate(0, &[], &[entry(0, 1), entry(0, 2)]));
    sync(&mut backup);
    let told = hear(&mut backup, N1, replicate(0, &[entry(0, 3), entry(0, 2)], &[entry(0, 4)]));
    assert_eq!(kinds(&told), ["MismatchReply"]);
}

#[test]
fn an_answer_counts_only_for_the_log_that_it_speaks_of() {
    let (mut primary, _) = begun(N1, &[("promotion", "never")]);
    ask(&mut primary, 1, write(1));
    sync(&mut primary);
    assert_eq!(answers(&hear(&mut primary, N2, acknowledged(0, &[entry(0, 2)]))), []);
    assert_eq!(answers(&hear(&mut primary, N2, acknowledged(0, &[entry(0, 1)]))), [(1, Outcome::ok(1))]);
}

#[test]
fn without_views_a_write_is_done_only_if_the_primary_has_it_safe() {
    let (mut primary, _) = begun(N1, &[("promotion", "never"), ("acknowledge", "one backup")]);
    ask(&mut primary, 1, write(1));
    hear(&mut primary, N2, acknowledged(0, &[entry(0, 1)]));
    assert_eq!(answers(&hear(&mut primary, N3, acknowledged(0, &[entry(0, 1)]))), []);
    assert_eq!(answers(&sync(&mut primary)), [(1, Outcome::ok(1))]);
}
