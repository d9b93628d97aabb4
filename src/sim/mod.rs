//! THE WORLD. Everything physical, nothing clever: it knows no protocol and no pixel.
//!
//! Start with [`node`], the contract every protocol signs; then [`world`], what happens next; then [`fault`], what
//! can be done to it; then [`trace`], what is kept.

mod alarm;
pub mod bench;
pub mod call;
pub mod clock;
pub mod cluster;
pub mod delay;
mod departure;
pub mod digest;
pub mod disk;
pub mod engine;
pub mod envelope;
pub mod fault;
pub mod futile;
mod harm;
pub mod knob;
mod letters;
pub mod nature;
pub mod network;
pub mod node;
pub mod outcome;
pub mod processor;
pub mod queue;
pub mod request;
pub mod retained;
pub mod rng;
pub mod time;
pub mod trace;
mod turn;
mod under_way;
pub mod words;
pub mod world;

pub use bench::Bench;
pub use call::Call;
pub use cluster::{Cluster, Dealing, Letter, Newcomer, Step};
pub use delay::Delay;
pub use engine::ENGINE;
pub use envelope::{Envelope, Flight};
pub use fault::{Fault, Links, Weather};
pub use futile::Futile;
pub use knob::{ALWAYS, Dial, Fit, Knob, Knobs, Misfit, Need, Setting};
pub use nature::{Halt, Limits, Nature};
pub use network::Quality;
pub use node::{
    Ctx, Effect, Epoch, HashTree, Held, Input, Inspect, LogView, Message, Node, NodeId, Role, Version,
};
pub use outcome::{Outcome, Value};
pub use processor::Machine;
pub use request::{Level, OpId, Request, Token};
pub use retained::{Fate, Retained};
pub use rng::Dice;
pub use time::{LocalTime, Micros, Time};
pub use trace::{Event, EventId, Fingerprint, Loss, NOWHERE, Trace, What};
pub use under_way::UnderWay;
pub use world::World;
