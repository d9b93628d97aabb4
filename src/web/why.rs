//! The player's door to causes: why something happened, and what a message said.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::model::TargetModel;
use super::player::{Player, TargetJs, cold, slip};
use super::read::read;
use crate::run::thread::Thread;
use crate::run::{Run, describe, happened};
use crate::scenario::fields::{Fields, Read, Reads};
use crate::scenario::tree::Item;
use crate::sim::{EventId, NodeId, What};
use crate::view::Target;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Because[]")]
    pub type BecauseJs;
    #[wasm_bindgen(typescript_type = "{ client?: string; key?: string; event?: number } | undefined")]
    pub type ThreadJs;
    #[wasm_bindgen(typescript_type = "string[]")]
    pub type KeysJs;
    #[wasm_bindgen(typescript_type = "[string, string][]")]
    pub type ChangesJs;
}

#[derive(Serialize)]
struct Because {
    event: u32,
    at: f64,
    text: String,
}

#[wasm_bindgen]
impl Player {
    /// Why something is as it is: the causes of the event, of the message, or of the last thing that happened to the
    /// node, back to the first. Throws a `Slip`.
    pub fn because(&self, target: TargetJs) -> Result<BecauseJs, JsValue> {
        let target: TargetModel = read(&target).map_err(slip)?;
        let run = self.session.run();
        let event = target.target(run).and_then(|target| match target {
            Target::Event(id) | Target::Message(id) => Some(id),
            Target::Node(place) | Target::Client(place) => last(run, place),
            Target::Link(..) => None,
        });
        let at = |id: EventId| run.trace().get(id).map_or(0.0, |event| event.at.0 as f64);
        let chain = event.map(|event| happened::chain(run, event)).unwrap_or_default();
        let because = |(id, text): (EventId, String)| Because { event: id.0, at: at(id), text };
        Ok(cold(&chain.into_iter().map(because).collect::<Vec<_>>()))
    }

    /// What the last step changed about a node: names of facts, and what they were before it. Throws a `Slip`.
    pub fn changes(&mut self, target: TargetJs) -> Result<ChangesJs, JsValue> {
        let target: TargetModel = read(&target).map_err(slip)?;
        let Some(Target::Node(id)) = target.target(self.session.run()) else { return Ok(cold(&[(); 0])) };
        self.session.run_mut().before(&mut self.sketch.frame);
        Ok(cold(&describe::changes(&self.sketch.frame, &self.stage.frame, id)))
    }

    /// What a message said when it was sent; nothing, if the event sent none.
    pub fn letter(&mut self, message: u32) -> Option<String> {
        let sent = match self.session.run().trace().get(EventId(message))?.what {
            What::Duplicated { original, .. } | What::Delivered { message: original } => original,
            What::Lost { message: original, .. } | What::Held { message: original } => original,
            _ => EventId(message),
        };
        self.session.run_mut().reread(sent)
    }

    /// Follows a client, a key, or the request that an event came of, through every view; nothing ends it. Returns
    /// false, and follows nothing, if there is no such thing. Throws a `Slip`.
    #[wasm_bindgen(js_name = followThread)]
    pub fn follow_thread(&mut self, thread: ThreadJs) -> Result<bool, JsValue> {
        let run = self.session.run();
        let thread: &JsValue = &thread;
        let thread = if thread.is_undefined() {
            None
        } else {
            let wanted: ThreadModel = read(thread).map_err(slip)?;
            let client = wanted.client.and_then(|name| run.names().find(&name)).map(Thread::Client);
            let key = wanted.key.map(Thread::Key);
            client.or(key).or_else(|| request(run, EventId(wanted.event?)))
        };
        self.stage.thread = thread;
        self.look_again();
        Ok(self.stage.thread.is_some())
    }

    /// The keys that clients asked about so far.
    pub fn keys(&self) -> KeysJs {
        let mut keys: Vec<&str> =
            self.session.run().trace().ops.iter().map(|op| op.call.key().as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        cold(&keys)
    }

    /// The vector clock of an event, in words.
    pub fn clock(&self, event: u32) -> String {
        happened::clock(self.session.run(), EventId(event))
    }
}

/// What a person wants to follow.
struct ThreadModel {
    client: Option<String>,
    key: Option<String>,
    event: Option<u32>,
}

impl Reads for ThreadModel {
    fn read(item: &Item) -> Read<ThreadModel> {
        let fields = Fields::of(item, &["client", "key", "event"])?;
        Ok(ThreadModel {
            client: fields.get("client")?,
            key: fields.get("key")?,
            event: fields.get("event")?,
        })
    }
}

/// The request that an event has at its root.
fn request(run: &dyn Run, event: EventId) -> Option<Thread> {
    let chain = happened::chain(run, event);
    chain.into_iter().find_map(|(id, _)| match run.trace().get(id)?.what {
        What::Invoked { op } | What::Completed { op } | What::TimedOut { op } => Some(Thread::Request(op)),
        _ => None,
    })
}

/// The last thing that happened to a place by now.
fn last(run: &dyn Run, place: NodeId) -> Option<EventId> {
    let known = &run.trace().events[..run.events() as usize];
    known.iter().rposition(|event| event.node == place).map(|id| EventId(id as u32))
}
