//! The knobs of the causal store.

use crate::sim::{ALWAYS, Dial, Knob, Knobs, Micros};

/// Every parameter, read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    pub order: Order,
    pub conflicts: Conflicts,
    /// Time after which an update that a peer has not acknowledged goes out again.
    pub resend: Micros,
    /// How long a request waits for what its caller has seen elsewhere.
    pub patience: Micros,
}

/// When an update from elsewhere is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Once everything that it depends on is (COPS, section 4).
    Causal,
    /// As soon as it is here: an eventual store.
    Any,
}

/// Which of two writes of one key stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflicts {
    /// The one with the later stamp, everywhere the same.
    LastWriter,
    /// The one that came last, which is another one elsewhere: wrong.
    LastToArrive,
}

pub const KNOBS: &[Knob] = &[
    Knob {
        name: "order",
        about: "An update waits for all that it depends on (causal), or is applied as soon as it is here (any).",
        dial: Dial::Choice { default: "causal", options: &["causal", "any"] },
        needs: ALWAYS,
    },
    Knob {
        name: "conflicts",
        about: "Which of two writes of one key stays: the one with the later stamp, or, wrongly, the one that came last.",
        dial: Dial::Choice {
            default: "last writer wins",
            options: &["last writer wins", "last to arrive wins"],
        },
        needs: ALWAYS,
    },
    Knob {
        name: "resend",
        about: "Time after which an update that a peer has not acknowledged is sent again.",
        dial: Dial::Duration {
            default: Micros::from_millis(200),
            least: Micros::from_millis(1),
            most: Micros::from_secs(60),
        },
        needs: ALWAYS,
    },
    Knob {
        name: "patience",
        about: "How long a request waits for what its caller has seen elsewhere, before the caller is sent there.",
        dial: Dial::Duration {
            default: Micros::from_millis(300),
            least: Micros::ZERO,
            most: Micros::from_secs(60),
        },
        needs: ALWAYS,
    },
];

impl Config {
    pub fn read(knobs: &Knobs) -> Config {
        Config {
            order: if knobs.choice("order") == "any" { Order::Any } else { Order::Causal },
            conflicts: match knobs.choice("conflicts") {
                "last to arrive wins" => Conflicts::LastToArrive,
                _ => Conflicts::LastWriter,
            },
            resend: knobs.duration("resend"),
            patience: knobs.duration("patience"),
        }
    }
}
