//! What a step does leaves its node when the work of the step is done; until then a crash takes it back, a pause keeps
//! it, and the network has not seen it. And a disk does one sync at a time.

use faultline::run::Session;
use faultline::scenario::tree::Table;
use faultline::sim::{
    Cluster, Ctx, Delay, Dice, EventId, Fault, Input, Inspect, Limits, Links, Machine, Message, Micros,
    Nature, Newcomer, Node, NodeId, Quality, Time, Trace, UnderWay, What,
};

#[derive(Clone, Debug, Hash)]
struct Word;

impl Message for Word {
    fn kind(&self) -> &'static str {
        "Word"
    }
}

/// n1 writes and tells n2 every ten milliseconds; others say nothing.
#[derive(Clone, Debug)]
struct Clockwork {
    every: Micros,
}

impl Node for Clockwork {
    type Message = Word;
    type Timer = ();
    type Record = ();

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        if ctx.me() != N1 {
            return;
        }
        match input {
            Input::Start { .. } => ctx.set_timer((), self.every),
            Input::Timer(()) => {
                ctx.set_timer((), self.every);
                ctx.send(N2, Word);
                ctx.append(());
                ctx.sync();
                ctx.note(|| "told n2".to_owned());
            }
            _ => {}
        }
    }

    fn inspect(&self) -> Inspect {
        Inspect::default()
    }
}

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);

struct World {
    cluster: Cluster<Clockwork>,
    trace: Trace,
}

impl World {
    fn new(every: Micros, machine: Machine) -> World {
        let nature = Nature {
            seed: 7,
            clients: 0,
            network: Quality { latency: Delay::Constant(Micros(1_000)), ..Quality::default() },
            machines: vec![machine; 2],
            limits: Limits::default(),
        };
        let mut trace = Trace::new();
        let newcomers = (0..2).map(|_| Newcomer { node: Clockwork { every }, disk: Vec::new() });
        let cluster = Cluster::new(nature, newcomers.collect(), &mut trace);
        World { cluster, trace }
    }

    fn calm() -> World {
        World::new(Micros::from_millis(10), Machine::default())
    }

    fn run_to(&mut self, at: u64) {
        while self.cluster.world().next_at().is_some_and(|next| next <= Time(at)) {
            self.cluster.step(&mut self.trace);
        }
        self.cluster.world_mut().pass_to(Time(at));
    }

    fn harm(&mut self, at: u64, fault: Fault) {
        self.run_to(at);
        self.cluster.apply(&fault, EventId::NONE, &mut self.trace);
    }

    fn when(&self, such: fn(&What) -> bool) -> Vec<u64> {
        self.trace.events.iter().filter(|event| such(&event.what)).map(|event| event.at.0).collect()
    }

    fn sent(&self) -> Vec<u64> {
        self.when(|what| matches!(what, What::Sent { .. }))
    }
}

// The start takes 100 µs, and the alarm is set when it is over: it rings at 10.1 ms, and what follows leaves at 10.2.
const RINGS: u64 = 10_100;
const LEAVES: u64 = 10_200;

#[test]
fn what_a_step_does_leaves_when_its_work_is_done() {
    let mut world = World::calm();
    world.run_to(RINGS + 50);
    assert_eq!(world.when(|what| matches!(what, What::TimerFired)), [RINGS]);
    assert!(world.sent().is_empty() && world.trace.notes.is_empty(), "it has not left");
    assert_eq!(world.cluster.world().in_flight().count(), 0, "and no picture shows it");
    assert_eq!(world.cluster.seats()[0].disk.written(), 0);
    assert_eq!(world.cluster.world().processor(N1).busy_until(Time(RINGS + 50)), Some(Time(LEAVES)));
    world.run_to(LEAVES);
    assert_eq!(world.sent(), [LEAVES]);
    assert_eq!((world.cluster.world().in_flight().count(), world.trace.notes.len()), (1, 1));
    assert_eq!(world.cluster.seats()[0].disk.written(), 1);
    world.run_to(LEAVES + 10_100);
    assert_eq!(world.sent(), [LEAVES, LEAVES + 10_100], "the alarm is set when the work is done");
}

#[test]
fn slowness_stretches_work() {
    let mut world = World::calm();
    world.harm(RINGS - 1, Fault::Slow { node: N1, times: 20.0 });
    world.run_to(15_000);
    assert_eq!(world.sent(), [RINGS + 2_000]);
}

#[test]
fn a_crash_takes_back_what_has_not_left() {
    let mut world = World::calm();
    world.harm(RINGS + 99, Fault::Crash(N1));
    world.harm(RINGS + 500, Fault::Restart(N1));
    world.run_to(RINGS + 5_000);
    assert!(world.sent().is_empty() && world.trace.notes.is_empty());
    assert_eq!(world.cluster.seats()[0].disk.written(), 0);
    assert_eq!(world.when(|what| matches!(what, What::Crashed { unsynced: 0 })), [RINGS + 99]);
    let mut late = World::calm();
    late.harm(LEAVES, Fault::Crash(N1));
    assert_eq!(late.sent(), [LEAVES], "an act comes after everything else of its microsecond");
}

#[test]
fn a_pause_keeps_back_what_has_not_left() {
    let mut world = World::calm();
    world.harm(RINGS + 60, Fault::Pause(N1));
    world.harm(RINGS + 3_060, Fault::Resume(N1));
    world.run_to(RINGS + 5_000);
    assert_eq!(world.sent(), [LEAVES + 3_000]);
    let mut dies = World::calm();
    dies.harm(RINGS + 60, Fault::Pause(N1));
    dies.harm(RINGS + 500, Fault::Crash(N1));
    dies.harm(RINGS + 600, Fault::Resume(N1));
    dies.run_to(RINGS + 5_000);
    assert!(dies.sent().is_empty());
}

#[test]
fn the_network_meets_a_message_when_it_leaves() {
    let lost = |world: &World| world.when(|what| matches!(what, What::Lost { .. })).len();
    let cut = || Fault::Cut(Links::All);
    let mut caught = World::calm();
    caught.harm(RINGS + 50, cut());
    assert_eq!(lost(&caught), 0, "what has not left is not on its way");
    caught.run_to(LEAVES + 2_000);
    assert_eq!((caught.sent(), lost(&caught)), (vec![LEAVES], 1));
    let mut spared = World::calm();
    spared.harm(RINGS + 50, cut());
    spared.harm(RINGS + 80, Fault::Heal(Links::All));
    spared.run_to(LEAVES + 2_000);
    assert_eq!((spared.sent(), lost(&spared)), (vec![LEAVES], 0));
}

#[test]
fn what_is_under_way_is_known_by_the_event_that_it_comes_from() {
    const NONE: EventId = EventId::NONE;
    let first = |world: &World| {
        let UnderWay { sync, unsent, message } = world.cluster.first_under_way();
        (sync, unsent, message)
    };
    let event = |world: &World, such: fn(&What) -> bool| {
        EventId(world.trace.events.iter().position(|event| such(&event.what)).expect("it happened") as u32)
    };
    let mut world = World::calm();
    world.run_to(RINGS - 1);
    assert_eq!(first(&world), (NONE, NONE, NONE));
    world.harm(RINGS + 50, Fault::Pause(N1));
    world.run_to(RINGS + 3_000);
    let rang = event(&world, |what| matches!(what, What::TimerFired));
    assert_eq!(first(&world), (NONE, rang, NONE), "a paused node keeps it back");
    world.harm(RINGS + 3_000, Fault::Resume(N1));
    world.run_to(RINGS + 3_060);
    let sent = event(&world, |what| matches!(what, What::Sent { .. }));
    assert_eq!(first(&world), (rang, NONE, sent));
    // What is held and released is no newer, and neither is a copy.
    world.harm(RINGS + 3_100, Fault::Keep(sent));
    world.run_to(RINGS + 4_000);
    assert_eq!(first(&world), (NONE, NONE, sent), "the sync is over");
    world.harm(RINGS + 4_100, Fault::Release(sent));
    world.harm(RINGS + 4_200, Fault::Duplicate(sent));
    let copy = event(&world, |what| matches!(what, What::Duplicated { .. }));
    world.harm(RINGS + 4_300, Fault::Duplicate(copy));
    world.harm(RINGS + 4_400, Fault::Drop(sent));
    world.harm(RINGS + 4_400, Fault::Drop(copy));
    assert_eq!(first(&world), (NONE, NONE, sent), "the copy of the copy is left");
    world.harm(RINGS + 4_500, Fault::Pause(N2));
    world.run_to(RINGS + 8_000);
    assert_eq!(first(&world), (NONE, NONE, sent), "it waits at its receiver");
    world.harm(RINGS + 8_100, Fault::Resume(N2));
    world.run_to(RINGS + 8_101);
    assert_eq!(first(&world), (NONE, NONE, NONE));
    let mut dies = World::calm();
    dies.harm(RINGS + 50, Fault::Pause(N1));
    dies.harm(RINGS + 100, Fault::Crash(N1));
    assert_eq!(first(&dies), (NONE, NONE, NONE), "a crash takes it back");
}

#[test]
fn what_comes_while_a_node_is_at_work_waits_its_turn() {
    let machine = Machine { service: Micros(3_000), ..Machine::default() };
    let mut world = World::new(Micros(1_000), machine);
    world.run_to(40_000);
    // An alarm each 4 ms: 3 ms of work and 1 ms; its record is safe half a millisecond after it left, while n1 is idle.
    let fired = world.when(|what| matches!(what, What::TimerFired));
    assert!(fired.windows(2).all(|two| two[1] - two[0] >= 4_000), "{fired:?}");
    // What the answer of the disk costs stands between an alarm that rings then and what it does.
    let sent = world.sent();
    assert!(sent.len() >= 4 && sent.iter().zip(&fired).all(|(left, rang)| left - rang == 3_000), "{sent:?}");
}

#[test]
fn steps_that_wait_for_a_disk_share_its_next_sync() {
    let sync = Micros::from_millis(50);
    let machine = Machine { service: Micros::ZERO, sync: Delay::Constant(sync), ..Machine::default() };
    let mut world = World::new(Micros(1_250), machine);
    world.run_to(5_000_000);
    let appended = world.sent();
    let (mut safe, mut through) = (Vec::new(), 0);
    for event in &world.trace.events {
        if let What::Synced { through: now } = event.what {
            safe.extend(std::iter::repeat_n(event.at.0, (now - through) as usize));
            through = now;
        }
    }
    let syncs = world.when(|what| matches!(what, What::Synced { .. }));
    assert!(syncs.windows(2).all(|two| two[1] - two[0] == sync.0), "one after the other");
    assert_eq!(syncs.len(), 99);
    let waits: Vec<u64> =
        safe.iter().zip(&appended).skip(1).map(|(safe, appended)| safe - appended).collect();
    assert!(waits.iter().all(|wait| (sync.0..=2 * sync.0).contains(wait)));
    let mean = waits.iter().sum::<u64>() as f64 / waits.len() as f64;
    assert!((mean / sync.0 as f64 - 1.5).abs() < 0.02, "one sync, and half of the one before: {mean}");
}

#[test]
fn a_crash_ends_a_sync_and_a_pause_does_not() {
    let machine = Machine { sync: Delay::Constant(Micros(5_000)), ..Machine::default() };
    let mut crashed = World::new(Micros::from_millis(10), machine);
    crashed.harm(LEAVES + 4_999, Fault::Crash(N1));
    crashed.harm(LEAVES + 5_010, Fault::Restart(N1));
    crashed.run_to(LEAVES + 6_000);
    assert_eq!(crashed.when(|what| matches!(what, What::Crashed { unsynced: 1 })).len(), 1);
    assert_eq!(crashed.cluster.seats()[0].disk.durable(), 0);
    // A process that stands still does not hear of it, but its record is safe: the disk goes on.
    let mut paused = World::new(Micros::from_millis(10), machine);
    paused.harm(LEAVES + 10, Fault::Pause(N1));
    paused.harm(LEAVES + 6_000, Fault::Crash(N1));
    assert_eq!(paused.when(|what| matches!(what, What::Synced { .. })).len(), 0);
    assert_eq!(paused.when(|what| matches!(what, What::Crashed { unsynced: 0 })).len(), 1);
}

/// Eight hundred writes a second to disks that take 50 ms a sync.
const DISKS: &str = r#"
title    = "Disk queue"
protocol = "raft"
nodes    = 3
seed     = 1
until    = "6s"
[network]
latency = "1ms"
[machine]
sync = "50ms"
[[client]]
name     = "ana"
asks     = ["write x"]
arrivals = { rate = 800.0, kind = "constant" }
timeout  = "3s"
node     = "n1"
from     = "1s"
until    = "5s"
[[act]]
at   = "50ms"
fire = "n1"
"#;

#[test]
fn writes_to_slow_disks_come_back_in_groups() {
    let mut session = Session::open("disks", DISKS).expect("a scenario");
    session.run_mut().seek(Time(6_000_000), u32::MAX);
    let trace = session.run().trace();
    let at = |event| trace.get(event).expect("an event").at.0;
    let mut took: Vec<u64> =
        trace.ops.iter().filter_map(|op| Some(at(op.ended.as_ref()?.0) - at(op.invoked))).collect();
    took.sort_unstable();
    let (offered, answered, p50) = (trace.ops.len(), took.len(), took[took.len() / 2]);
    assert!(offered >= 3_190 && answered == offered, "{answered} of {offered}: group commit keeps up");
    // One sync, and on the average half of the one before.
    assert!((65_000..95_000).contains(&p50), "{p50}");
    assert!(*took.last().expect("answers") < 130_000 && took[0] > 50_000, "{} {:?}", took[0], took.last());
}

/// Work of 30 ms an input: most moments find a node with something that has not left yet.
#[test]
fn looking_back_and_forking_in_the_midst_of_work_changes_nothing() {
    let text = r#"
title    = "Slow"
protocol = "raft"
nodes    = 3
seed     = 5
until    = "8s"
[network]
loss = 0.05
[machine]
service = "3ms"
[[client]]
name  = "ana"
asks  = ["write x", "read x"]
every = "40ms"
[[act]]
at   = "2s"
slow = { node = "n2", times = 10.0 }
"#;
    let end = Time(8_000_000);
    let open = || Session::open("slow", text).expect("a scenario");
    let told = |session: &mut Session| {
        session.run_mut().seek(end, u32::MAX);
        (session.run().fingerprint().hex(), session.run().trace().notes.clone())
    };
    let straight = told(&mut open());
    assert!(straight.1.iter().all(|line| !line.is_empty()) && straight.1.len() > 3);
    let mut dice = Dice::named(3, "moments", 0);
    let mut session = open();
    for n in 0..30 {
        let at = Time(dice.below(end.0));
        session.run_mut().seek(at, u32::MAX);
        session.run_mut().seek(Time(dice.below(at.0 + 1)), u32::MAX);
        session.run_mut().seek(at, u32::MAX);
        let node = 1 + n % 3;
        let deed = if n % 2 == 0 { format!("crash = \"n{node}\"") } else { format!("pause = \"n{node}\"") };
        session.act(Table::parse(&deed).expect("an act")).expect("it can be done");
        let forked = told(&mut session);
        assert!(forked.1.iter().all(|line| !line.is_empty()), "a line was lost at {at}");
        let mut saved = Session::open("saved", &session.as_file()).expect("a scenario");
        assert_eq!(told(&mut saved), forked, "{deed} at {at}");
        assert!(session.undo());
        assert_eq!(told(&mut session), straight, "after {deed} at {at} was taken back");
    }
}
