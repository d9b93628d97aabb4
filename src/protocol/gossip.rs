//! Gossip: what one node learns, all nodes learn, without a leader.
//!
//! Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (PODC 1987): every so often each node picks
//! others by chance and tells them what it knows (push), asks what they know (pull), or both. A rumour that
//! each node tells only a few times dies before all have heard it (section 1.4: the residue).

mod spread;

use litemap::LiteMap;
use smol_str::SmolStr;

pub use spread::Spread;

use super::{Protocol, TOO_STRONG};
use crate::check::Claim;
use crate::sim::{
    ALWAYS, Call, Ctx, Dial, Epoch, Held, Input, Inspect, Knob, Knobs, Level, LocalTime, Message, Micros,
    Misfit, Need, Node, NodeId, Outcome, Request, Version,
};

/// One node and what it has heard.
#[derive(Clone, Debug)]
pub struct Gossip {
    every: Micros,
    fanout: usize,
    way: Way,
    /// How often each node tells a rumour; 0: for ever.
    tell: u32,
    /// When this process began, by its own clock.
    life: LocalTime,
    known: LiteMap<SmolStr, Heard>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Push,
    Pull,
    PushPull,
}

/// A rumour, and how often it was passed on from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Heard {
    rumour: Rumour,
    told: u32,
}

/// Which of two writes of a key stays: the one with the greater count, and of equals that of the greater node. No two
/// writes have the same: nodes keep nothing on disk, so one that starts again counts from the beginning, and which of
/// its lives wrote something is part of the stamp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp {
    pub count: u64,
    pub by: NodeId,
    pub life: LocalTime,
}

/// A value and its stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rumour {
    pub stamp: Stamp,
    pub value: i64,
}

#[derive(Clone, Debug, Hash)]
pub enum Talk {
    /// What the sender knows.
    Rumours(Vec<(SmolStr, Rumour)>),
    /// The stamps of what the sender knows. A receiver with later ones replies with them.
    Digest(Vec<(SmolStr, Stamp)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    Round,
}

impl Node for Gossip {
    type Message = Talk;
    type Timer = Alarm;
    type Record = ();

    fn step(&mut self, input: Input<'_, Self>, ctx: &mut Ctx<'_, Self>) {
        match input {
            Input::Start { .. } => {
                self.life = ctx.now();
                // Nodes do not all begin at once.
                let first = ctx.rng().below(self.every.0.max(1));
                ctx.set_timer(Alarm::Round, Micros(first));
            }
            Input::Timer(Alarm::Round) => self.round(ctx),
            Input::Message { message: Talk::Rumours(rumours), .. } => self.hear(rumours, ctx),
            Input::Message { from, message: Talk::Digest(digest) } => self.answer(from, &digest, ctx),
            Input::Request(Request { op, level, .. }) if level > Gossip::STRONGEST => {
                ctx.reply(op, TOO_STRONG);
            }
            Input::Request(Request { op, call, .. }) => {
                let outcome = self.serve(call, ctx);
                ctx.reply(op, outcome);
            }
            Input::Synced { .. } => {}
        }
    }

    fn epoch(&self) -> Option<Epoch> {
        let newest = self.known.values().map(|heard| heard.rumour.stamp.count).max();
        Some(Epoch { name: "rumour", number: newest.unwrap_or(0) })
    }

    fn inspect(&self) -> Inspect {
        let mut facts = vec![("keys known", self.known.len().to_string())];
        if let Some((key, heard)) = self.known.iter().max_by_key(|(_, heard)| heard.rumour.stamp) {
            facts.push(("newest", format!("{key} = {}", heard.rumour.value)));
        }
        let held = |(key, heard): (&SmolStr, &Heard)| {
            let Rumour { stamp, value } = heard.rumour;
            let stamp = format!("{} by {}", stamp.count, stamp.by);
            Held { key: key.clone(), versions: vec![Version { value: value.into(), stamp }] }
        };
        let holds = self.known.iter().map(held).collect();
        Inspect { epoch: self.epoch(), holds, facts, ..Inspect::default() }
    }
}

impl Gossip {
    fn round(&mut self, ctx: &mut Ctx<'_, Self>) {
        ctx.set_timer(Alarm::Round, self.every);
        let rumours = if self.way == Way::Pull { Vec::new() } else { self.worth_telling() };
        let digest = || self.known.iter().map(|(key, heard)| (key.clone(), heard.rumour.stamp)).collect();
        let digest: Option<Vec<_>> = (self.way != Way::Push).then(digest);
        for peer in some_others(self.fanout, ctx) {
            if !rumours.is_empty() {
                ctx.send(peer, Talk::Rumours(rumours.clone()));
            }
            if let Some(digest) = &digest {
                ctx.send(peer, Talk::Digest(digest.clone()));
            }
        }
        for (key, _) in &rumours {
            if let Some(heard) = self.known.get_mut(key) {
                heard.told += 1;
            }
        }
    }

    /// What has not been told often enough.
    fn worth_telling(&self) -> Vec<(SmolStr, Rumour)> {
        let fresh = |heard: &Heard| self.tell == 0 || heard.told < self.tell;
        self.known
            .iter()
            .filter(|(_, heard)| fresh(heard))
            .map(|(key, heard)| (key.clone(), heard.rumour))
            .collect()
    }

    /// Takes in what is newer than what is known.
    fn hear(&mut self, rumours: Vec<(SmolStr, Rumour)>, ctx: &mut Ctx<'_, Self>) {
        for (key, rumour) in rumours {
            if self.known.get(&key).is_none_or(|known| rumour > known.rumour) {
                ctx.note(|| format!("hears that {key} is {}", rumour.value));
                self.known.insert(key, Heard { rumour, told: 0 });
            }
        }
    }

    /// Tells a node what its digest lacks.
    fn answer(&self, from: NodeId, digest: &[(SmolStr, Stamp)], ctx: &mut Ctx<'_, Self>) {
        let theirs = |key: &SmolStr| digest.iter().find(|(other, _)| other == key).map(|(_, stamp)| *stamp);
        let news: Vec<_> = self
            .known
            .iter()
            .filter(|(key, heard)| Some(heard.rumour.stamp) > theirs(key))
            .map(|(key, heard)| (key.clone(), heard.rumour))
            .collect();
        if !news.is_empty() {
            ctx.send(from, Talk::Rumours(news));
        }
    }

    fn serve(&mut self, call: Call, ctx: &mut Ctx<'_, Self>) -> Outcome {
        let key = call.key().clone();
        let known = self.known.get(&key).map(|heard| heard.rumour);
        let now = known.map(|rumour| rumour.value);
        if matches!(call, Call::Cas { .. }) {
            return Outcome::Failed("this store cannot compare and set");
        }
        let value = match call.on_number(now) {
            Ok(value) => value,
            Err(outcome) => return outcome,
        };
        let count = known.map_or(0, |rumour| rumour.stamp.count) + 1;
        let rumour = Rumour { stamp: Stamp { count, by: ctx.me(), life: self.life }, value };
        ctx.note(|| format!("starts a rumour: {key} is {value}"));
        self.known.insert(key, Heard { rumour, told: 0 });
        Outcome::ok(value)
    }
}

/// `how_many` other nodes, by chance, each at most once: of those that are left each is as likely.
fn some_others(how_many: usize, ctx: &mut Ctx<'_, Gossip>) -> Vec<NodeId> {
    let others = usize::from(ctx.cluster()).saturating_sub(1);
    // What may not be drawn any more, in order: itself, and those drawn.
    let mut taken = vec![ctx.me()];
    let mut chosen = Vec::new();
    for drawn in 0..how_many.min(others) {
        let mut peer = NodeId(ctx.rng().below((others - drawn) as u64) as u16);
        for other in &taken {
            if *other <= peer {
                peer.0 += 1;
            }
        }
        let place = taken.partition_point(|other| *other < peer);
        taken.insert(place, peer);
        chosen.push(peer);
    }
    chosen
}

impl Message for Talk {
    fn kind(&self) -> &'static str {
        match self {
            Talk::Rumours(_) => "Rumours",
            Talk::Digest(_) => "DigestPing",
        }
    }

    fn size(&self) -> u32 {
        match self {
            Talk::Rumours(rumours) => 32 + 24 * rumours.len() as u32,
            Talk::Digest(digest) => 32 + 16 * digest.len() as u32,
        }
    }

    fn text(&self) -> String {
        let list =
            |words: Vec<String>| if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
        match self {
            Talk::Rumours(all) => list(
                all.iter()
                    .map(|(key, rumour)| format!("{key} is {} ({})", rumour.value, rumour.stamp.count))
                    .collect(),
            ),
            Talk::Digest(all) => {
                let known = all.iter().map(|(key, stamp)| format!("{key} ({})", stamp.count)).collect();
                format!("knows {}", list(known))
            }
        }
    }
}

impl Protocol for Gossip {
    const NAME: &'static str = "gossip";
    const ABOUT: &'static str = "Nodes tell others what they heard, chosen by chance.";
    const KNOBS: &'static [Knob] = &[
        Knob {
            name: "every",
            about: "From one round to the next.",
            dial: Dial::Duration {
                default: Micros::from_millis(200),
                least: Micros::from_millis(10),
                most: Micros::from_secs(10),
            },
            needs: ALWAYS,
        },
        Knob {
            name: "fanout",
            about: "How many others a node turns to in a round.",
            dial: Dial::Number { default: 1, least: 1, most: 10 },
            needs: ALWAYS,
        },
        Knob {
            name: "way",
            about: "Tell what is known, ask for what is not, or both.",
            dial: Dial::Choice { default: "push", options: &["push", "pull", "push and pull"] },
            needs: ALWAYS,
        },
        Knob {
            name: "tell",
            about: "How many rounds a node passes a rumour on; 0 is for ever.",
            dial: Dial::Number { default: 0, least: 0, most: 100 },
            needs: &[Need { knob: "way", is: &["push", "push and pull"] }],
        },
    ];
    const CLAIMS: &'static [Claim] = &[Spread::CLAIM];
    const STRONGEST: Level = Level::Eventual;
    type Property = Spread;

    fn new(_me: NodeId, _cluster: u16, knobs: &Knobs) -> Self {
        let way = match knobs.choice("way") {
            "pull" => Way::Pull,
            "push and pull" => Way::PushPull,
            _ => Way::Push,
        };
        Gossip {
            every: knobs.duration("every"),
            fanout: knobs.number("fanout") as usize,
            way,
            tell: knobs.number("tell") as u32,
            life: LocalTime::default(),
            known: LiteMap::new(),
        }
    }

    fn misfit(knobs: &Knobs, nodes: u16, written: &dyn Fn(&str) -> bool) -> Option<Misfit> {
        let (fanout, others) = (knobs.number("fanout"), u64::from(nodes) - 1);
        (written("fanout") && fanout > others.max(1)).then(|| Misfit {
            knob: "fanout",
            what: format!("a node cannot turn to {fanout} others: there are {others}"),
            hint: format!("Write {} or less, or more `nodes`.", others.max(1)),
        })
    }

    fn properties(_cluster: u16, _knobs: &Knobs) -> Vec<Spread> {
        vec![Spread::default()]
    }
}
