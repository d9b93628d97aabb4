//! What crosses the door when it is cold. The shapes are those of `model.d.ts`.

use litemap::LiteMap;
use serde::Serialize;

use crate::check::Verdict;
use crate::run::describe::Description;
use crate::run::frame::{Frame, Life};
use crate::run::session::{Arrival, Session};
use crate::run::story::{Kind, Line};
use crate::run::{Part, Run, words};
use crate::scenario::fields::{Fields, Read, Reads, misread};
use crate::scenario::tree::Item;
use crate::scenario::{Lesson, Slip, script, vocabulary};
use crate::sim::network::Quality;
use crate::sim::{Dial, EventId, Knob, NodeId, Setting};
use crate::view::Target;

#[derive(Serialize)]
pub struct SlipModel {
    what: String,
    hint: String,
    line: Option<usize>,
    column: Option<usize>,
}

impl From<Slip> for SlipModel {
    fn from(slip: Slip) -> SlipModel {
        let (line, column) = slip.place.unzip();
        SlipModel { what: slip.what, hint: slip.hint, line, column }
    }
}

#[derive(Serialize)]
pub struct Opening<'a> {
    name: &'a str,
    title: &'a str,
    about: &'a str,
    teaches: &'a str,
    protocol: Named<'a>,
    variant: &'a str,
    variants: Vec<Variant<'a>>,
    knobs: Vec<KnobModel>,
    seed: f64,
    until: f64,
    nodes: Vec<String>,
    clients: Vec<String>,
    lesson: Option<LessonModel<'a>>,
    at: Option<f64>,
    warning: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    about: &'a str,
}

#[derive(Serialize)]
struct Variant<'a> {
    name: &'a str,
    about: &'a str,
    holds: Vec<&'a str>,
    violates: Vec<&'a str>,
}

#[derive(Serialize)]
struct LessonModel<'a> {
    question: Option<&'a str>,
    choices: &'a [String],
    answer: Option<&'a str>,
    watch: Option<&'a str>,
    remedy: Option<&'a str>,
    follow_up: Option<&'a str>,
    leaves_out: Option<&'a str>,
}

impl<'a> From<&'a Lesson> for LessonModel<'a> {
    fn from(lesson: &'a Lesson) -> LessonModel<'a> {
        LessonModel {
            question: lesson.question.as_deref(),
            choices: &lesson.choices,
            answer: lesson.answer.as_deref(),
            watch: lesson.watch.as_deref(),
            remedy: lesson.remedy.as_deref(),
            follow_up: lesson.follow_up.as_deref(),
            leaves_out: lesson.leaves_out.as_deref(),
        }
    }
}

#[derive(Serialize, Default)]
struct KnobModel {
    name: &'static str,
    about: &'static str,
    kind: &'static str,
    value: String,
    standard: String,
    least: Option<f64>,
    most: Option<f64>,
    amount: Option<f64>,
    options: Option<&'static [&'static str]>,
}

impl KnobModel {
    fn new(knob: &'static Knob, setting: &Setting) -> KnobModel {
        let value = vocabulary::write_setting(setting);
        let standard = vocabulary::write_setting(&knob.dial.default());
        let plain = KnobModel { name: knob.name, about: knob.about, value, standard, ..KnobModel::default() };
        let amount = match setting {
            Setting::Number(number) => Some(*number as f64),
            Setting::Duration(length) => Some(length.0 as f64),
            _ => None,
        };
        match knob.dial {
            Dial::Switch { .. } => KnobModel { kind: "switch", ..plain },
            Dial::Number { least, most, .. } => KnobModel {
                kind: "number",
                least: Some(least as f64),
                most: Some(most as f64),
                amount,
                ..plain
            },
            Dial::Duration { least, most, .. } => KnobModel {
                kind: "duration",
                least: Some(least.0 as f64),
                most: Some(most.0 as f64),
                amount,
                ..plain
            },
            Dial::Choice { options, .. } => KnobModel { kind: "choice", options: Some(options), ..plain },
        }
    }
}

impl<'a> Opening<'a> {
    pub fn of(session: &'a Session, arrival: &'a Arrival) -> Opening<'a> {
        let script = session.script();
        let plan = session.run().plan();
        let part = Part::named(&plan.protocol);
        let knobs = part.map_or(&[][..], |part| part.knobs).iter();
        let names = session.run().names();
        let nodes = plan.machines.len() as u16;
        Opening {
            name: session.name(),
            title: &script.title,
            about: &script.about,
            teaches: &script.teaches,
            protocol: Named { name: &plan.protocol, about: part.map_or("", |part| part.about) },
            variant: session.variant().unwrap_or_default(),
            variants: script
                .variant
                .iter()
                .map(|variant| Variant {
                    name: variant.name.get(),
                    about: &variant.about,
                    holds: variant.holds.iter().map(|name| name.get().as_str()).collect(),
                    violates: variant.violates.iter().map(|name| name.get().as_str()).collect(),
                })
                .collect(),
            knobs: knobs.filter_map(|knob| Some(KnobModel::new(knob, plan.knobs.get(knob.name)?))).collect(),
            seed: plan.seed as f64,
            until: plan.until.0 as f64,
            nodes: (0..nodes).map(|id| names.of(NodeId(id))).collect(),
            clients: names.clients.clone(),
            lesson: script.lesson.as_ref().map(LessonModel::from),
            at: arrival.at.map(|at| at.0 as f64),
            warning: arrival.warning.as_deref(),
            text: session.text(),
        }
    }
}

#[derive(Serialize)]
pub struct Status {
    at: f64,
    events: u32,
    fingerprint: String,
    halted: Option<String>,
    nodes: Vec<NodeStatus>,
    verdicts: Vec<VerdictModel>,
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
struct VerdictModel {
    name: &'static str,
    sentence: &'static str,
    source: &'static str,
    verdict: &'static str,
    at: Option<f64>,
    evidence: Option<String>,
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
            caption: run.caption().map(|(at, text)| Caption { at: at.0 as f64, text: text.to_owned() }),
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

fn verdicts(run: &dyn Run) -> Vec<VerdictModel> {
    let expect = &run.plan().expect;
    let expected = |name: &str| {
        if expect.violates.iter().any(|other| other == name) {
            Some("broken")
        } else {
            expect.holds.iter().any(|other| other == name).then_some("holds")
        }
    };
    let model = |(claim, verdict): (&'static crate::check::Claim, &Verdict)| {
        let (word, at, evidence, nodes) = match verdict {
            Verdict::Pending => ("pending", None, None, None),
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
            nodes,
            expected: expected(claim.name),
        }
    };
    run.verdicts().into_iter().map(model).collect()
}

#[derive(Serialize)]
pub struct StoryLine<'a> {
    at: f64,
    event: u32,
    node: Option<String>,
    text: &'a str,
    kind: &'static str,
}

impl<'a> StoryLine<'a> {
    pub fn of(line: &'a Line, run: &dyn Run) -> StoryLine<'a> {
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
        }
    }
}

/// A thing on the stage, by the names that scripts use.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TargetModel {
    Node { id: String },
    Client { id: String },
    Message { id: u32 },
    Link { from: String, to: String },
}

impl TargetModel {
    pub fn of(target: Target, run: &dyn Run) -> TargetModel {
        let name = |id| run.names().of(id);
        match target {
            Target::Node(id) => TargetModel::Node { id: name(id) },
            Target::Client(id) => TargetModel::Client { id: name(id) },
            Target::Message(EventId(id)) => TargetModel::Message { id },
            Target::Link(a, b) => TargetModel::Link { from: name(a), to: name(b) },
        }
    }

    pub fn target(&self, run: &dyn Run) -> Option<Target> {
        let place = |name: &str| run.names().find(name);
        Some(match self {
            TargetModel::Node { id } => Target::Node(place(id)?),
            TargetModel::Client { id } => Target::Client(place(id)?),
            TargetModel::Message { id } => Target::Message(EventId(*id)),
            TargetModel::Link { from, to } => Target::Link(place(from)?, place(to)?),
        })
    }
}

#[derive(Serialize)]
pub struct DescriptionModel {
    title: String,
    subtitle: String,
    facts: Vec<(String, String)>,
}

impl From<Description> for DescriptionModel {
    fn from(said: Description) -> DescriptionModel {
        DescriptionModel { title: said.title, subtitle: said.subtitle, facts: said.facts }
    }
}

#[derive(Serialize)]
pub struct ActLine {
    pub at: f64,
    pub text: String,
    pub by_hand: bool,
    pub index: usize,
}

#[derive(Serialize)]
pub struct Tear {
    pub act: Cut,
    pub sentence: String,
    pub groups: Vec<Vec<String>>,
}

/// The act of cutting, as a script writes it.
#[derive(Serialize)]
pub struct Cut {
    pub cut: Sides,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Sides {
    Between(Vec<Vec<String>>),
    OneWay { from: Vec<String>, to: Vec<String> },
}

#[derive(Serialize)]
pub struct Share {
    pub link: String,
    pub length: usize,
    pub warning: Option<String>,
}

pub struct LookModel {
    pub dark: bool,
    pub reduced_motion: bool,
    pub speed: f64,
}

impl Reads for LookModel {
    fn read(item: &Item) -> Read<LookModel> {
        let fields = Fields::of(item, &["dark", "reduced_motion", "speed"])?;
        Ok(LookModel {
            dark: fields.need("dark")?,
            reduced_motion: fields.need("reduced_motion")?,
            speed: fields.need("speed")?,
        })
    }
}

pub struct ChangeModel {
    pub variant: Option<String>,
    pub knobs: Option<LiteMap<String, String>>,
    pub seed: Option<u64>,
}

impl Reads for ChangeModel {
    fn read(item: &Item) -> Read<ChangeModel> {
        let fields = Fields::of(item, &["variant", "knobs", "seed"])?;
        let knobs = fields.get::<script::Named<String>>("knobs")?;
        Ok(ChangeModel {
            variant: fields.get("variant")?,
            knobs: knobs.map(script::Named::texts),
            seed: fields.get("seed")?,
        })
    }
}

impl Reads for TargetModel {
    fn read(item: &Item) -> Read<TargetModel> {
        let fields = Fields::of(item, &["kind", "id", "from", "to"])?;
        let kind: String = fields.need("kind")?;
        Ok(match kind.as_str() {
            "node" => TargetModel::Node { id: fields.need("id")? },
            "client" => TargetModel::Client { id: fields.need("id")? },
            "message" => TargetModel::Message { id: fields.need("id")? },
            "link" => TargetModel::Link { from: fields.need("from")?, to: fields.need("to")? },
            _ => return misread(item, "a target is a node, a client, a message or a link", ""),
        })
    }
}
