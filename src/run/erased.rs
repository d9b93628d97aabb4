//! A run with its protocol's type forgotten: the only `dyn` of the core.

use crate::check::losses::{self, Fates};
use crate::check::{Claim, Property, Verdict};
use crate::protocol::Protocol;
use crate::scenario::{Act, Plan};
use crate::sim::network::Network;
use crate::sim::{Envelope, EventId, Fingerprint, Halt, Letter, Message, Micros, Time, Trace, What};

use super::frame::Frame;
use super::snapshot::snapshot;
use super::stage::Stage;
use super::story::{Kind, Line, Story, heard_in_short};
use super::timeline::Timeline;
use super::turns::{Spell, Turn};
use super::words::Names;

/// All that a page, a terminal or a test may do with a run.
pub trait Run {
    /// What is played.
    fn plan(&self) -> &Plan;
    /// What nodes and clients are called.
    fn names(&self) -> &Names;
    /// The present moment.
    fn now(&self) -> Time;
    /// How many events have happened until now.
    fn events(&self) -> u32;
    /// How far the run has ever been run since it was last changed.
    fn end(&self) -> Time;
    /// The digest of everything that happened until now.
    fn fingerprint(&self) -> Fingerprint;
    /// The limit that ended the run before its time, if one did.
    fn halted(&self) -> Option<Halt>;
    /// See [`Timeline::seek`].
    fn seek(&mut self, at: Time, budget: u32) -> Time;
    /// See [`Timeline::step`].
    fn step(&mut self, events: i32) -> Time;
    /// See [`Timeline::go_to`].
    fn go_to(&mut self, event: EventId) -> Time;
    /// See [`Timeline::turns`].
    fn turns(&self) -> &[Turn];
    /// See [`Timeline::spells`].
    fn spells(&self) -> &[Spell];
    /// Fills `frame` with another moment, without going there.
    fn glimpse(&mut self, at: Time, frame: &mut Frame);
    /// Fills `frame` with the world before the last step, without going there.
    fn before(&mut self, frame: &mut Frame);
    /// The script's acts and those by hand, in order of time.
    fn acts(&self) -> &[Act];
    /// See [`Timeline::act_now`].
    fn act_now(&mut self, act: Act) -> usize;
    /// See [`Timeline::set_acts`].
    fn set_acts(&mut self, acts: Vec<Act>);
    /// Fills `frame` with the present moment, and with messages that died within the last `memory`.
    fn frame(&self, memory: Micros, frame: &mut Frame);
    /// What each judge says by now, in the order of the claims.
    fn verdicts(&self) -> Vec<(&'static Claim, &Verdict)>;
    /// How much each judge judged, if not everything, in the same order.
    fn remarks(&self) -> Vec<Option<String>>;
    /// What became of all that clients wrote and heard of, as of now.
    fn fates(&self) -> Fates;
    /// The story up to now.
    fn story(&mut self) -> Vec<Line>;
    /// The latest sentence about the run, of a caption or of an act, if one was said by now.
    fn caption(&self) -> Option<(Time, String)>;
    /// All that ever happened in this run, also after the present moment.
    fn trace(&self) -> &Trace;
    /// The network as it is now.
    fn network(&self) -> &Network;
    /// A message in flight or waiting.
    fn envelope(&self, message: EventId) -> Option<Envelope>;
    /// What a message in flight says.
    fn letter(&self, message: EventId) -> Option<String>;
    /// What any message of the run said when it was sent.
    fn reread(&mut self, message: EventId) -> Option<String>;
}

/// The promise that allows several leaders at once, as long as their terms differ.
const ONE_A_TERM: &str = "election safety";

/// A timeline, its story, and the names of its people.
pub struct Play<P: Protocol> {
    timeline: Timeline<P>,
    story: Story,
    names: Names,
}

impl<P: Protocol> Play<P> {
    pub fn new(timeline: Timeline<P>) -> Play<P> {
        let plan = timeline.plan();
        let clients = plan.clients.iter().map(|client| client.name.clone()).collect();
        let names = Names { nodes: plan.machines.len() as u16, clients, zones: plan.zones.clone() };
        Play { timeline, story: Story::default(), names }
    }

    /// What was said and found by now, as lines.
    fn said(&self) -> Vec<Line> {
        let here = self.timeline.here();
        let captions = here.said().iter().filter_map(|said| {
            let caption = self.timeline.plan().captions.get(said.caption)?;
            let text = said.sentence(&caption.say, &self.names);
            Some(Line { at: said.at, event: said.event, node: None, kind: Kind::Caption, text })
        });
        let verdicts = here.judges().iter().filter_map(|judge| {
            let Verdict::Broken(violation) = &judge.verdict else { return None };
            let text = format!("{} is broken: {}", judge.property.claim().name, violation.evidence.text);
            Some(Line { at: violation.at, event: violation.event, node: None, kind: Kind::Verdict, text })
        });
        captions.chain(verdicts).chain(self.legal_pairs()).collect()
    }
}

impl<P: Protocol> Play<P> {
    /// Why it is no breach that two lead at once, where the protocol allows it.
    fn legal_pairs(&self) -> impl Iterator<Item = Line> {
        let here = self.timeline.here();
        let allowed = here.judges().iter().any(|judge| judge.property.claim().name == ONE_A_TERM);
        let pairs = self.timeline.pairs().iter().filter(move |pair| allowed && pair.event.0 < here.events());
        pairs.map(|pair| Line {
            at: pair.at,
            event: pair.event,
            node: Some(pair.old),
            kind: Kind::Note,
            text: self.names.legal_pair(pair),
        })
    }
}

impl<P: Protocol> Run for Play<P> {
    fn plan(&self) -> &Plan {
        self.timeline.plan()
    }

    fn names(&self) -> &Names {
        &self.names
    }

    fn now(&self) -> Time {
        self.timeline.here().now()
    }

    fn events(&self) -> u32 {
        self.timeline.here().events()
    }

    fn end(&self) -> Time {
        self.timeline.end()
    }

    fn fingerprint(&self) -> Fingerprint {
        self.timeline.here().fingerprint()
    }

    fn halted(&self) -> Option<Halt> {
        self.timeline.here().cluster().world().halted()
    }

    fn seek(&mut self, at: Time, budget: u32) -> Time {
        self.timeline.seek(at, budget)
    }

    fn step(&mut self, events: i32) -> Time {
        self.timeline.step(events)
    }

    fn go_to(&mut self, event: EventId) -> Time {
        self.timeline.go_to(event)
    }

    fn spells(&self) -> &[Spell] {
        self.timeline.spells()
    }

    fn turns(&self) -> &[Turn] {
        self.timeline.turns()
    }

    fn glimpse(&mut self, at: Time, frame: &mut Frame) {
        let until = self.timeline.plan().until;
        self.timeline
            .glimpse(at, |stage, trace| snapshot(stage, trace, until, &self.names, Micros::ZERO, frame));
    }

    fn acts(&self) -> &[Act] {
        self.timeline.acts()
    }

    fn act_now(&mut self, act: Act) -> usize {
        let place = self.timeline.act_now(act);
        self.story = Story::default();
        place
    }

    fn set_acts(&mut self, acts: Vec<Act>) {
        self.timeline.set_acts(acts);
        self.story = Story::default();
    }

    fn frame(&self, memory: Micros, frame: &mut Frame) {
        let (here, trace) = (self.timeline.here(), self.timeline.trace());
        snapshot(here, trace, self.timeline.plan().until, &self.names, memory, frame);
    }

    fn verdicts(&self) -> Vec<(&'static Claim, &Verdict)> {
        self.timeline.here().judges().iter().map(|judge| (judge.property.claim(), &judge.verdict)).collect()
    }

    fn remarks(&self) -> Vec<Option<String>> {
        self.timeline.here().judges().iter().map(|judge| judge.property.remark()).collect()
    }

    fn fates(&self) -> Fates {
        losses::fates(&losses::asked(self.trace(), self.events()), self.timeline.here().cluster())
    }

    fn story(&mut self) -> Vec<Line> {
        self.story.tell(self.timeline.trace(), self.timeline.acts(), &self.names);
        self.story.with(self.timeline.here().events(), self.said())
    }

    fn caption(&self) -> Option<(Time, String)> {
        let here = self.timeline.here();
        let said = here.said().last().and_then(|said| {
            let caption = self.timeline.plan().captions.get(said.caption)?;
            Some((said.at, said.sentence(&caption.say, &self.names)))
        });
        let acted = &self.timeline.acts()[..here.acted().min(self.timeline.acts().len())];
        let told = acted.iter().rev().find_map(|act| Some((act.at, act.say.clone()?)));
        // What an act says is about what comes next: a caption of the same moment has seen more.
        [told, said].into_iter().flatten().max_by_key(|(at, _)| *at)
    }

    fn trace(&self) -> &Trace {
        self.timeline.trace()
    }

    fn network(&self) -> &Network {
        self.timeline.here().cluster().world().network()
    }

    fn envelope(&self, message: EventId) -> Option<Envelope> {
        self.timeline
            .here()
            .cluster()
            .world()
            .in_flight()
            .find(|envelope| envelope.message == message)
            .copied()
    }

    fn before(&mut self, frame: &mut Frame) {
        let Play { timeline, names, .. } = self;
        let until = timeline.plan().until;
        timeline.before(|stage, trace| snapshot(stage, trace, until, names, Micros(0), frame));
    }

    fn reread(&mut self, message: EventId) -> Option<String> {
        let What::Sent { .. } = self.trace().get(message)?.what else { return None };
        self.timeline.glimpse_event(message, |stage, trace| said(stage, trace, message))
    }

    fn letter(&self, message: EventId) -> Option<String> {
        said(self.timeline.here(), self.timeline.trace(), message)
    }
}

/// What a message in flight says.
fn said<P: Protocol>(stage: &Stage<P>, trace: &Trace, message: EventId) -> Option<String> {
    let cluster = stage.cluster();
    let envelope = cluster.world().in_flight().find(|envelope| envelope.message == message)?;
    Some(match cluster.letter(envelope.letter)? {
        Letter::Peer(letter) => letter.text(),
        Letter::Ask(request) => request.to_string(),
        Letter::Answer { op, outcome, .. } => match trace.ops.get(op.0 as usize) {
            Some(asked) => heard_in_short(&asked.call, outcome),
            None => outcome.to_string(),
        },
    })
}
