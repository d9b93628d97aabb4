//! What does not change while a scenario runs, and what is wrong with one that cannot be opened.

use serde::Serialize;

use crate::run::Part;
use crate::run::session::{Arrival, Session};
use crate::scenario::lesson::Difficulty;
use crate::scenario::{Lesson, Slip, vocabulary};
use crate::sim::{Dial, Knob, Knobs, Need, NodeId, Setting};

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
    right: Option<u16>,
    why: &'a [String],
    watch: Option<&'a str>,
    first_try: Option<TryModel<'a>>,
    remedy: Option<&'a str>,
    price: &'a [String],
    mended: Option<&'a str>,
    say: Option<&'a str>,
    follow_up: Option<&'a str>,
    follow_up_answer: Option<&'a str>,
    leaves_out: Option<&'a str>,
    minutes: Option<u16>,
    level: Option<&'static str>,
    after: &'a [String],
}

#[derive(Serialize)]
struct TryModel<'a> {
    touch: &'a str,
    keys: &'a str,
}

impl<'a> From<&'a Lesson> for LessonModel<'a> {
    fn from(lesson: &'a Lesson) -> LessonModel<'a> {
        LessonModel {
            question: lesson.question.as_deref(),
            choices: &lesson.choices,
            answer: lesson.answer.as_deref(),
            right: lesson.right.as_ref().map(|right| *right.get()),
            why: lesson.why.get(),
            watch: lesson.watch.as_deref(),
            first_try: lesson
                .first_try
                .as_ref()
                .map(|first| TryModel { touch: &first.touch, keys: &first.keys }),
            remedy: lesson.remedy.as_deref(),
            price: &lesson.price,
            mended: lesson.mended.as_ref().map(|mended| mended.get().as_str()),
            say: lesson.say.as_deref(),
            follow_up: lesson.follow_up.as_deref(),
            follow_up_answer: lesson.follow_up_answer.as_deref(),
            leaves_out: lesson.leaves_out.as_deref(),
            minutes: lesson.minutes,
            level: lesson.level.map(Difficulty::name),
            after: &lesson.after,
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
    /// What it needs to have an effect, and is not so.
    idle: Option<String>,
}

impl KnobModel {
    fn new(knob: &'static Knob, knobs: &Knobs) -> Option<KnobModel> {
        let setting = knobs.get(knob.name)?;
        let needs = |need: Need| format!("it needs {} set to {}", need.knob, need.is.join(" or "));
        let idle = knob.misses(knobs).map(needs);
        let value = vocabulary::write_setting(setting);
        let standard = vocabulary::write_setting(&knob.dial.default());
        let plain =
            KnobModel { name: knob.name, about: knob.about, value, standard, idle, ..KnobModel::default() };
        let amount = match setting {
            Setting::Number(number) => Some(*number as f64),
            Setting::Duration(length) => Some(length.0 as f64),
            _ => None,
        };
        Some(match knob.dial {
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
        })
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
            knobs: knobs.filter_map(|knob| KnobModel::new(knob, &plan.knobs)).collect(),
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
