//! Echo: the ladder for beginners.
//!
//! Now and then a node greets another and waits for the echo. If none comes, it greets again (or, with the knob
//! off, does not), for a lost request, a lost reply and a slow peer all look the same: silence.

use litemap::LiteMap;

use smol_str::SmolStr;

use super::{Protocol, TOO_STRONG};
use crate::check::{Claim, Evidence, Mode, Property, View};
use crate::sim::{
    ALWAYS, Call, Ctx, Dial, Input, Inspect, Knob, Knobs, Level, Message, Micros, Need, Node, NodeId,
    Outcome, Request, Time,
};

/// One node that greets and answers.
#[derive(Clone, Debug)]
pub struct Echo {
    retry: bool,
    patience: Micros,
    /// The number of the last greeting.
    greeted: u64,
    echoed: u64,
    /// Greetings without an echo so far, and the nodes they went to.
    open: LiteMap<u64, NodeId>,
    /// What clients wrote here, and nowhere else.
    memory: LiteMap<SmolStr, i64>,
}

#[derive(Clone, Debug, Hash)]
pub enum Word {
    Greeting(u64),
    Echo(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    Greet,
    /// The echo of this greeting is overdue.
    Overdue(u64),
}

const EVERY: Micros = Micros::from_millis(400);

impl Node for Echo {
    type Message = Word;
    type Timer = Alarm;
    type Record = ();

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        match input {
            Input::Start { .. } => ctx.set_timer(Alarm::Greet, EVERY),
            Input::Timer(Alarm::Greet) => self.greet(ctx),
            Input::Timer(Alarm::Overdue(number)) => self.greet_again(number, ctx),
            Input::Message { from, message: Word::Greeting(number) } => ctx.send(from, Word::Echo(number)),
            Input::Message { from, message: Word::Echo(number) } => self.hear(from, number, ctx),
            Input::Request(Request { op, level, .. }) if level > Echo::STRONGEST => {
                ctx.reply(op, TOO_STRONG);
            }
            Input::Request(Request { op, call, .. }) => {
                let outcome = self.serve(call);
                ctx.reply(op, outcome);
            }
            Input::Synced { .. } => {}
        }
    }

    fn inspect(&self) -> Inspect {
        let facts = vec![
            ("greetings sent", self.greeted.to_string()),
            ("echoes heard", self.echoed.to_string()),
            ("still open", self.open.len().to_string()),
        ];
        Inspect { facts, ..Inspect::default() }
    }
}

impl Echo {
    fn greet(&mut self, ctx: &mut Ctx<'_, Self>) {
        ctx.set_timer(Alarm::Greet, EVERY);
        let peers: Vec<NodeId> = ctx.peers().collect();
        let Some(peer) = ctx.rng().pick(&peers).copied() else { return };
        self.greeted += 1;
        self.open.insert(self.greeted, peer);
        let number = self.greeted;
        ctx.note(|| format!("greets {peer} (number {number})"));
        self.say(number, peer, ctx);
    }

    fn say(&self, number: u64, peer: NodeId, ctx: &mut Ctx<'_, Self>) {
        ctx.send(peer, Word::Greeting(number));
        if self.retry {
            ctx.set_timer(Alarm::Overdue(number), self.patience);
        }
    }

    fn greet_again(&mut self, number: u64, ctx: &mut Ctx<'_, Self>) {
        let Some(peer) = self.open.get(&number).copied() else { return };
        let patience = self.patience;
        ctx.note(|| format!("heard no echo of {number} for {patience} and greets {peer} again"));
        self.say(number, peer, ctx);
    }

    fn hear(&mut self, from: NodeId, number: u64, ctx: &mut Ctx<'_, Self>) {
        // The echo of a repeated greeting may come twice.
        if self.open.remove(&number).is_some() {
            self.echoed += 1;
            ctx.cancel(Alarm::Overdue(number));
            ctx.note(|| format!("hears the echo of {number} from {from}"));
        }
    }

    fn serve(&mut self, call: Call) -> Outcome {
        let key = call.key().clone();
        let now = self.memory.get(&key).copied();
        match call.on_number(now) {
            Ok(value) => {
                self.memory.insert(key, value);
                Outcome::ok(value)
            }
            Err(outcome) => outcome,
        }
    }
}

impl Message for Word {
    fn kind(&self) -> &'static str {
        match self {
            Word::Greeting(_) => "Greeting",
            Word::Echo(_) => "GreetingReply",
        }
    }

    fn text(&self) -> String {
        match self {
            Word::Greeting(number) => format!("hello, number {number}"),
            Word::Echo(number) => format!("hello back, number {number}"),
        }
    }
}

/// Every greeting is echoed within [`Answered::GRACE`], counted from when both nodes are up and not paused.
#[derive(Clone, Default)]
pub struct Answered {
    since: LiteMap<(NodeId, u64), Time>,
    /// Some echo was heard.
    heard: bool,
}

impl Answered {
    /// How long an echo may take, repeated greetings included.
    pub const GRACE: Micros = Micros::from_secs(2);
    const CLAIM: Claim = Claim {
        name: "every greeting is echoed",
        sentence: "A node that greets another hears the echo within two seconds of both being up.",
        source: "the end-to-end argument: Saltzer, Reed and Clark 1984",
        mode: Mode::Eventually,
    };

    fn overdue(&self, view: &View<'_, Echo>) -> Option<Evidence> {
        let world = view.cluster.world();
        // Since when a node takes in what comes.
        let runs = |id: NodeId| {
            let processor = world.processor(id);
            (processor.is_up() && !processor.is_paused()).then_some(processor.since())
        };
        let late = |((node, number), since): (&(NodeId, u64), &Time)| {
            let peer = *view.cluster.node(*node)?.open.get(number)?;
            let from = (*since).max(runs(*node)?).max(runs(peer)?);
            (view.now() - from > Answered::GRACE).then_some((*node, *number, peer, *since))
        };
        let (node, number, peer, since) = self.since.iter().find_map(late)?;
        let text = format!("{node} greeted {peer} (number {number}) at {since} and never heard the echo.");
        Some(Evidence::new(text).about([node, peer]))
    }
}

impl Property<Echo> for Answered {
    fn claim(&self) -> &'static Claim {
        &Answered::CLAIM
    }

    fn watch(&mut self, view: &View<'_, Echo>) -> Option<Evidence> {
        let node = view.changed?;
        let open = &view.cluster.node(node)?.open;
        let before = self.since.len();
        self.since.retain(|(other, number), _| *other != node || open.contains_key(number));
        self.heard |= self.since.len() < before;
        for number in open.keys() {
            self.since.entry((node, *number)).or_insert(view.now());
        }
        self.overdue(view)
    }

    fn conclude(&mut self, view: &View<'_, Echo>) -> Option<Evidence> {
        self.overdue(view)
    }

    fn concerned(&self) -> bool {
        self.heard
    }
}

impl Protocol for Echo {
    const NAME: &'static str = "echo";
    const ABOUT: &'static str = "Nodes greet each other and wait for the echo.";
    const KNOBS: &'static [Knob] = &[
        Knob {
            name: "retry",
            about: "Greet again when no echo comes in time.",
            dial: Dial::Switch { default: true },
            needs: ALWAYS,
        },
        Knob {
            name: "patience",
            about: "How long to wait for an echo before greeting again.",
            dial: Dial::Duration {
                default: Micros::from_millis(200),
                least: Micros::from_millis(1),
                most: Micros::from_secs(10),
            },
            needs: &[Need { knob: "retry", is: &["true"] }],
        },
    ];
    const CLAIMS: &'static [Claim] = &[Answered::CLAIM];
    const STRONGEST: Level = Level::Eventual;
    type Property = Answered;

    fn new(_me: NodeId, _cluster: u16, knobs: &Knobs) -> Self {
        Echo {
            retry: knobs.switch("retry"),
            patience: knobs.duration("patience"),
            greeted: 0,
            echoed: 0,
            open: LiteMap::new(),
            memory: LiteMap::new(),
        }
    }

    fn properties(_cluster: u16, _knobs: &Knobs) -> Vec<Answered> {
        vec![Answered::default()]
    }
}
