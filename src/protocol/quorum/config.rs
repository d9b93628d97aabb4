//! The knobs of the quorum store, and what they come to for one operation.

use crate::sim::{ALWAYS, Call, Dial, Knob, Knobs, Level, Micros, Misfit, Need, Outcome};

/// Every parameter, read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// N: how many nodes hold each key.
    pub replicas: usize,
    /// R: how many answer before a read is answered.
    pub read: usize,
    /// W: how many hold a write, safe on disk, before it is acknowledged.
    pub write: usize,
    /// Into how many zones the copies of a key are spread.
    pub zones: u16,
    pub coordinator: Coordinator,
    pub read_repair: bool,
    pub write_back: bool,
    pub sloppy: bool,
    pub hand_off: bool,
    /// From one comparison with another replica to the next; zero: never.
    pub anti_entropy: Micros,
    pub resolve: Resolve,
    /// How long a coordinator tries.
    pub timeout: Micros,
    /// Silence after which a node counts as out of reach.
    pub patience: Micros,
    /// How often a node out of reach is asked whether it is back.
    pub probe: Micros,
}

/// Which node carries an operation through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coordinator {
    /// The node that is asked. One that holds no copy of the key does not count: this is a coordinator in the client, which
    /// needs no copy to ask for others.
    Asked,
    /// The node that is asked if it holds a copy; any other sends the operation on to one that does (Dynamo, section 4.5).
    AnyReplica,
    /// The first in the preference list that is in reach.
    Owner,
}

/// What becomes of two writes of which neither had seen the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolve {
    /// The one with the later stamp stays, by the wall clocks of the coordinators.
    WallClock,
    /// The same, by hybrid logical clocks.
    HybridClock,
    /// Both stay, as siblings.
    VersionVectors,
    /// Counters and sets merge; registers keep siblings.
    Crdt,
}

/// What one operation demands, by its level and the knobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub read: usize,
    pub write: usize,
    /// A read stores what it found before it answers; a write asks for the newest stamp before it makes its own.
    pub write_back: bool,
    pub sloppy: bool,
}

pub const KNOBS: &[Knob] = &[
    number("replicas", "N: how many nodes hold each key.", 3, 1000),
    number("read quorum", "R: how many replicas answer before a read is answered.", 2, 1000),
    number("write quorum", "W: how many replicas hold a write before it is acknowledged.", 2, 1000),
    number(
        "zones",
        "Number of zones. The nodes are divided among them in order, and the copies of a key go to different zones. With 1 they go to neighbours.",
        1,
        1000,
    ),
    Knob {
        name: "coordinator",
        about: "Which node carries an operation through: the one that is asked, as a coordinator in the client would (anybody); the one that is asked if it holds a copy (any replica); or the first in the preference list that is in reach (owner).",
        dial: Dial::Choice { default: "any replica", options: &["anybody", "any replica", "owner"] },
        needs: ALWAYS,
    },
    switch("read repair", "A read sends what it found to replicas that it saw behind.", true),
    switch(
        "write back",
        "A read stores what it found in a write quorum before it answers, and a write asks a read quorum for the newest stamp before it makes its own. With R + W > N and clocks that decide, reads and writes are linearizable.",
        false,
    ),
    switch("sloppy quorum", "Other nodes stand in for replicas out of reach, and count.", false),
    Knob {
        needs: &[Need { knob: "sloppy quorum", is: &["true"] }],
        ..switch(
            "hinted hand-off",
            "A node that stood in for a replica hands the write over when that is back.",
            true,
        )
    },
    Knob {
        name: "anti-entropy",
        about: "How often a node compares hash trees with another replica; 0 is never.",
        dial: Dial::Duration {
            default: Micros::from_secs(1),
            least: Micros::ZERO,
            most: Micros::from_secs(60),
        },
        needs: ALWAYS,
    },
    Knob {
        name: "resolve",
        about: "Of two writes that did not know of each other: the later by wall clock or by hybrid clock stays, both stay as siblings (version vectors), or they merge (CRDTs).",
        dial: Dial::Choice {
            default: "hybrid clock",
            options: &["wall clock", "hybrid clock", "version vectors", "crdt"],
        },
        needs: ALWAYS,
    },
    length("timeout", "How long a coordinator tries before it gives an operation up.", 400),
    length("patience", "Silence after which a node counts as out of reach, until it is heard again.", 100),
    length("probe", "How often a node out of reach is asked whether it is back.", 300),
];

const fn number(name: &'static str, about: &'static str, default: u64, most: u64) -> Knob {
    Knob { name, about, dial: Dial::Number { default, least: 1, most }, needs: ALWAYS }
}

const fn switch(name: &'static str, about: &'static str, default: bool) -> Knob {
    Knob { name, about, dial: Dial::Switch { default }, needs: ALWAYS }
}

const fn length(name: &'static str, about: &'static str, ms: u64) -> Knob {
    let (least, most) = (Micros::from_millis(1), Micros::from_secs(60));
    Knob {
        name,
        about,
        dial: Dial::Duration { default: Micros::from_millis(ms), least, most },
        needs: ALWAYS,
    }
}

impl Config {
    pub fn read(knobs: &Knobs, cluster: u16) -> Config {
        let replicas = (knobs.number("replicas") as usize).min(cluster.into());
        Config {
            replicas,
            read: (knobs.number("read quorum") as usize).min(replicas),
            write: (knobs.number("write quorum") as usize).min(replicas),
            zones: knobs.number("zones") as u16,
            coordinator: match knobs.choice("coordinator") {
                "anybody" => Coordinator::Asked,
                "owner" => Coordinator::Owner,
                _ => Coordinator::AnyReplica,
            },
            read_repair: knobs.switch("read repair"),
            write_back: knobs.switch("write back"),
            sloppy: knobs.switch("sloppy quorum"),
            hand_off: knobs.switch("hinted hand-off"),
            anti_entropy: knobs.duration("anti-entropy"),
            resolve: match knobs.choice("resolve") {
                "wall clock" => Resolve::WallClock,
                "version vectors" => Resolve::VersionVectors,
                "crdt" => Resolve::Crdt,
                _ => Resolve::HybridClock,
            },
            timeout: knobs.duration("timeout"),
            patience: knobs.duration("patience"),
            probe: knobs.duration("probe"),
        }
    }

    /// A number that is larger than what it is taken from: N than the nodes, R or W than N, the zones than the nodes.
    pub fn misfit(knobs: &Knobs, nodes: u16, written: &dyn Fn(&str) -> bool) -> Option<Misfit> {
        let nodes = u64::from(nodes);
        let replicas = knobs.number("replicas");
        for (knob, what) in [("replicas", "hold each key"), ("zones", "stand in different zones")] {
            let number = knobs.number(knob);
            if number > nodes && written(knob) {
                let what = format!("{number} nodes cannot {what}: there {}", are(nodes, "node"));
                return Some(Misfit { knob, what, hint: format!("Write {nodes} or less, or more `nodes`.") });
            }
        }
        let held = replicas.min(nodes);
        ["read quorum", "write quorum"].into_iter().find_map(|knob| {
            let number = knobs.number(knob);
            let told = [knob, "replicas"].into_iter().find(|knob| written(knob));
            let knob = told.filter(|_| number > held)?;
            let what = format!("{number} replicas cannot answer: there {}", are(held, "replica"));
            let hint = format!("N is {held}: make the read quorum and the write quorum {held} or less.");
            Some(Misfit { knob, what, hint })
        })
    }

    /// Why an operation cannot have the level it asks for, if it cannot. More than eventual is served by the protocol of
    /// Attiya, Bar-Noy and Dolev, and that makes registers: of two writes one has to stay, and none may depend on what
    /// its coordinator read, which another may have read, too.
    pub fn too_much(&self, call: &Call, level: Level) -> Option<Outcome> {
        match (level, call) {
            (Level::Set | Level::Eventual, _) => None,
            _ if !self.by_clock() => Some(Outcome::Failed("more than eventual needs clocks that decide")),
            (_, Call::Read { .. } | Call::Write { .. }) => None,
            _ => Some(Outcome::Failed("more than eventual is for reads and writes only")),
        }
    }

    /// What an operation of this level demands. Nothing between eventual and linearizable is served as such: an
    /// operation that asks for it gets more.
    pub fn terms(&self, level: Level) -> Terms {
        let majority = self.replicas / 2 + 1;
        match level {
            Level::Set => {
                Terms { read: self.read, write: self.write, write_back: self.write_back, sloppy: self.sloppy }
            }
            Level::Eventual => Terms { read: 1, write: 1, write_back: false, sloppy: self.sloppy },
            Level::Causal | Level::Sequential | Level::Linearizable => {
                Terms { read: majority, write: majority, write_back: true, sloppy: false }
            }
        }
    }

    /// Does the later stamp win?
    pub fn by_clock(&self) -> bool {
        matches!(self.resolve, Resolve::WallClock | Resolve::HybridClock)
    }
}

fn are(number: u64, thing: &str) -> String {
    if number == 1 { format!("is 1 {thing}") } else { format!("are {number} {thing}s") }
}
