//! A moment of the run in words.

use serde::Serialize;

use crate::check::Verdict;
use crate::observe::served::{Served, served};
use crate::run::folded::Entry;
use crate::run::frame::{Frame, Life};
use crate::run::session::Session;
use crate::run::story::{Kind, Line};
use crate::run::{Run, words};
use crate::sim::network::Quality;

#[derive(Serialize)]
pub struct Status {
    at: f64,
    events: u32,
    fingerprint: String,
    halted: Option<String>,
    nodes: Vec<NodeStatus>,
    verdicts: Vec<VerdictModel>,
    served: ServedModel,
    caption: Option<Caption>,
    story: usize,
    acts: usize,
    can_undo: bool,
    can_redo: bool,
    network: NetworkModel,
    cuts: usize,
}

#[derive(Serialize)]
struct Caption {
    at: f64,
    text: String,
}

/// What clients saw within the last second.
#[derive(Serialize)]
pub struct ServedModel {
    word: &'static str,
    /// Since when no operation was answered, in µs.
    since: Option<f64>,
}

impl ServedModel {
    pub fn of(run: &dyn Run, waiting: bool) -> ServedModel {
        match served(run, waiting) {
            Served::Answered => ServedModel { word: "answered", since: None },
            Served::Unanswered(last) => ServedModel { word: "unanswered", since: Some(last.0 as f64) },
            Served::Idle => ServedModel { word: "idle", since: None },
        }
    }
}

/// Does any client wait for an answer?
pub fn waits(frame: &Frame) -> bool {
    frame.clients.iter().any(|client| client.waits_for.is_some())
}

#[derive(Serialize)]
pub struct NetworkModel {
    latency: f64,
    loss: f64,
    duplicate: f64,
}

impl NetworkModel {
    pub fn of(quality: &Quality) -> NetworkModel {
        NetworkModel {
            latency: quality.latency.median().0 as f64,
            loss: quality.loss,
            duplicate: quality.duplicate,
        }
    }
}

#[derive(Serialize)]
struct NodeStatus {
    id: String,
    life: &'static str,
    role: &'static str,
    epoch: Option<EpochModel>,
    slowness: f64,
    waiting: usize,
    clock_offset: f64,
    drift_ppm: i32,
    facts: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct EpochModel {
    name: &'static str,
    number: f64,
}

#[derive(Serialize)]
pub struct VerdictModel {
    name: &'static str,
    sentence: &'static str,
    source: &'static str,
    verdict: &'static str,
    at: Option<f64>,
    evidence: Option<String>,
    remark: Option<String>,
    nodes: Option<Vec<String>>,
    expected: Option<&'static str>,
}

impl Status {
    pub fn of(session: &Session, frame: &Frame, story: usize) -> Status {
        let run = session.run();
        let quality = run.network().base();
        Status {
            at: run.now().0 as f64,
            events: run.events(),
            fingerprint: run.fingerprint().hex(),
            halted: run.halted().map(words::halted),
            nodes: nodes(frame),
            verdicts: verdicts(run),
            served: ServedModel::of(run, waits(frame)),
            caption: run.caption().map(|(at, text)| Caption { at: at.0 as f64, text }),
            story,
            acts: run.acts().len(),
            can_undo: session.can_undo(),
            can_redo: session.can_redo(),
            network: NetworkModel::of(quality),
            cuts: frame.links.iter().filter(|link| link.cut || link.held).count(),
        }
    }
}

fn nodes(frame: &Frame) -> Vec<NodeStatus> {
    let status = |node: &crate::run::frame::NodeFrame| NodeStatus {
        id: node.name.clone(),
        life: match node.life {
            Life::Up => "up",
            Life::Paused => "paused",
            Life::Down => "down",
        },
        role: node.inspect.role.name(),
        epoch: node.inspect.epoch.map(|epoch| EpochModel { name: epoch.name, number: epoch.number as f64 }),
        slowness: node.slowness,
        waiting: node.waiting,
        clock_offset: node.clock_offset as f64,
        drift_ppm: node.drift_ppm,
        facts: node.inspect.facts.clone(),
    };
    frame.nodes.iter().map(status).collect()
}

pub(super) fn verdicts(run: &dyn Run) -> Vec<VerdictModel> {
    let expect = &run.plan().expect;
    let expected = |name: &str| {
        if expect.violates.iter().any(|other| other == name) {
            Some("broken")
        } else {
            expect.holds.iter().any(|other| other == name).then_some("holds")
        }
    };
    let model = |((claim, verdict), remark): ((&'static crate::check::Claim, &Verdict), Option<String>)| {
        let (word, at, evidence, nodes) = match verdict {
            Verdict::Pending => ("pending", None, None, None),
            Verdict::Open => ("pending", None, Some(OPEN.to_owned()), None),
            Verdict::Holds => ("holds", None, None, None),
            Verdict::Broken(violation) => {
                let nodes = violation.evidence.nodes.iter().map(|node| run.names().of(*node)).collect();
                ("broken", Some(violation.at.0 as f64), Some(violation.evidence.text.clone()), Some(nodes))
            }
            Verdict::Unknown(why) => ("unknown", None, Some((*why).to_owned()), None),
        };
        VerdictModel {
            name: claim.name,
            sentence: claim.sentence,
            source: claim.source,
            verdict: word,
            at,
            evidence,
            remark: remark.filter(|_| matches!(verdict, Verdict::Holds)),
            nodes,
            expected: expected(claim.name),
        }
    };
    run.verdicts().into_iter().zip(run.remarks()).map(model).collect()
}

/// Why a promise of liveness is not decided yet.
const OPEN: &str = "It is too early to say: only the end of the run tells, or quiet in which all has come.";

#[derive(Serialize)]
pub struct StoryLine<'a> {
    at: f64,
    event: u32,
    node: Option<String>,
    text: &'a str,
    kind: &'static str,
    /// The lines of routine that it stands for.
    folded: Vec<StoryLine<'a>>,
}

impl<'a> StoryLine<'a> {
    pub fn of(entry: &'a Entry, run: &dyn Run) -> StoryLine<'a> {
        let folded = entry.folded.iter().map(|line| StoryLine::single(line, run)).collect();
        StoryLine { folded, ..StoryLine::single(&entry.line, run) }
    }

    fn single(line: &'a Line, run: &dyn Run) -> StoryLine<'a> {
        StoryLine {
            at: line.at.0 as f64,
            event: line.event.0,
            node: line.node.map(|node| run.names().of(node)),
            text: &line.text,
            kind: match line.kind {
                Kind::Note => "note",
                Kind::Act => "act",
                Kind::Fault => "fault",
                Kind::Client => "client",
                Kind::Caption => "caption",
                Kind::Verdict => "verdict",
            },
            folded: Vec::new(),
        }
    }
}
