//! What is in the picture of a history: each operation as a bar, with all that is known of it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::Verdict;
use crate::check::budget::Budget;
use crate::check::clients;
use crate::check::court::{Judgement, Ruling};
use crate::check::history::{History, Operation, Outcome, Verb};
use crate::check::linearizable::{Answer, check};
use crate::check::losses;
use crate::check::model::Register;
use crate::check::objective;
use crate::run::Run;
use crate::run::judging;
use crate::sim::{EventId, Fingerprint, NodeId};

/// Steps that the search for instants may take: a picture is drawn many times a second.
const BUDGET: Budget = Budget { steps: 60_000, bytes: 1 << 25 };

/// A history, ready to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// Who asked, in order.
    pub lanes: Vec<String>,
    /// In order of invocation.
    pub bars: Vec<Bar>,
    /// Up to when anything is known: a time, or a place in a log.
    pub now: u64,
    /// Are `from` and the like microseconds?
    pub timed: bool,
    /// One sentence on what a judge found wrong.
    pub complaint: Option<String>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Bar {
    pub lane: usize,
    pub operation: Operation,
    pub from: u64,
    /// When the answer came, or when the client gave up.
    pub to: Option<u64>,
    /// An instant at which it may have taken effect, in an order that explains all answers.
    pub point: Option<u64>,
    /// Does it take part in the proof that something is wrong?
    pub blamed: bool,
}

/// The bars of the last picture: they are looked for anew only when something has happened.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    key: Option<(u32, Fingerprint)>,
    bars: Bars,
}

impl Memory {
    pub(super) fn of(&mut self, run: &dyn Run) -> &Bars {
        let key = (run.events(), run.fingerprint());
        if self.key != Some(key) {
            self.bars = Bars::of_run(run);
            self.key = Some(key);
        }
        self.bars.now = run.now().0;
        &self.bars
    }
}

impl Bar {
    pub fn is_unknown(&self) -> bool {
        self.operation.outcome == Outcome::Unknown
    }

    pub fn failed(&self) -> bool {
        self.operation.outcome == Outcome::Failed
    }

    pub fn reads(&self) -> bool {
        matches!(self.operation.action.verb, Verb::Read | Verb::Contains)
    }

    /// The event that pointing at it means: its end, or its beginning while there is none.
    pub fn event(&self) -> Option<EventId> {
        self.operation.events.into_iter().rev().find(|event| *event != EventId::NONE)
    }
}

impl Bars {
    /// The history of a run up to the present moment.
    pub fn of_run(run: &dyn Run) -> Bars {
        let trace = run.trace();
        let history = judging::history(trace, run.events());
        let time = |event: EventId| trace.get(event).map(|event| event.at.0);
        let report = check(&mut Register::comparing(), &history, BUDGET).ok();
        let now = run.now().0;
        let mut bars = Bars::new(&history, now, |operation| {
            (time(operation.events[0]).unwrap_or(0), time(operation.events[1]))
        });
        match report.map(|report| report.answer) {
            Some(Answer::Linearizable(orders)) => {
                orders.iter().for_each(|order| place(&mut bars.bars, order, now));
            }
            Some(Answer::Illegal(proof)) => place(&mut bars.bars, &proof.prefix, now),
            Some(Answer::Unknown) | None => {}
        }
        bars.timed = true;
        bars.seat(|client| run.names().of(NodeId(client as u16)));
        let broken = run.verdicts().into_iter().find_map(|(claim, verdict)| match verdict {
            Verdict::Broken(violation)
                if clients::claims().chain([&losses::CLAIM]).any(|other| other == claim)
                    || objective::CLAIMS.contains(claim) =>
            {
                Some((claim, violation))
            }
            _ => None,
        });
        if let Some((claim, violation)) = broken {
            bars.complaint = Some(format!("{} is broken: {}", claim.name, violation.evidence.text));
            for bar in &mut bars.bars {
                bar.blamed =
                    bar.operation.events.iter().any(|event| violation.evidence.events.contains(event));
            }
        }
        bars
    }

    /// A history that somebody else recorded, and what a judge said of it.
    pub fn of_history(history: &History, judgement: Option<&Judgement>) -> Bars {
        let ends = history.operations.iter().flat_map(|op| [Some(op.invoked), op.returned]);
        let now = ends.flatten().max().unwrap_or(0).saturating_add(1);
        let mut bars = Bars::new(history, now, |operation| (operation.invoked, operation.returned));
        if let Some(Judgement { ruling: Ruling::Illegal(blame), .. }) = judgement {
            place(&mut bars.bars, &blame.order, now);
            for guilty in blame.operations.iter().chain(blame.order.last()) {
                bars.bars[*guilty].blamed = true;
            }
            bars.complaint = Some(blame.text.clone());
        }
        bars.seat(|client| format!("client {client}"));
        bars
    }

    /// Leaves out all but the stretch in which the blame lies, with some room round it; nothing where there is no
    /// blame. Answers with that stretch.
    pub fn focus(&mut self) -> Range<u64> {
        let ends = |bar: &Bar| (bar.from, bar.to.unwrap_or(bar.from));
        let blamed = || self.bars.iter().filter(|bar| bar.blamed).map(ends);
        let first = self.bars.first().map_or(0, |bar| bar.from);
        let from = blamed().map(|(from, _)| from).min().unwrap_or(first);
        let to = blamed().map(|(_, to)| to).max().unwrap_or(self.now);
        let room = (to - from) / 4 + 2;
        let window = from.saturating_sub(room).max(first)..to.saturating_add(room).min(self.now);
        let client = |bar: &Bar| (bar.operation.client, self.lanes[bar.lane].clone());
        let names: BTreeMap<u32, String> = self.bars.iter().map(client).collect();
        // What was never answered and began long before reaches through all that follows, and says nothing.
        self.bars.retain(|bar| bar.blamed || ends(bar).1 >= window.start && bar.from <= window.end);
        self.lanes.clear();
        self.seat(|client| names[&client].clone());
        window
    }

    /// The bars in the order of the history.
    fn new(history: &History, now: u64, ends: impl Fn(&Operation) -> (u64, Option<u64>)) -> Bars {
        let bar = |operation: &Operation| {
            let (from, to) = ends(operation);
            Bar { lane: 0, operation: operation.clone(), from, to, point: None, blamed: false }
        };
        Bars { bars: history.operations.iter().map(bar).collect(), now, ..Bars::default() }
    }

    /// Puts the bars in order of time and gives every client a lane.
    fn seat(&mut self, name: impl Fn(u32) -> String) {
        self.bars.sort_by_key(|bar| bar.from);
        let mut lanes: BTreeMap<u32, usize> = self.bars.iter().map(|bar| (bar.operation.client, 0)).collect();
        for (lane, (client, place)) in lanes.iter_mut().enumerate() {
            *place = lane;
            self.lanes.push(name(*client));
        }
        for bar in &mut self.bars {
            bar.lane = lanes[&bar.operation.client];
        }
    }
}

/// Gives each operation of an order an instant: after the one before it, and early enough for all that follow.
fn place(bars: &mut [Bar], order: &[usize], now: u64) {
    let latest = |bar: &Bar| bar.to.filter(|_| !bar.is_unknown()).unwrap_or(now);
    let mut limits: Vec<u64> = order.iter().map(|place| latest(&bars[*place])).collect();
    for i in (1..limits.len()).rev() {
        limits[i - 1] = limits[i - 1].min(limits[i]);
    }
    let mut last = 0;
    for (place, limit) in order.iter().zip(limits) {
        let earliest = bars[*place].from.max(last);
        last = earliest + limit.saturating_sub(earliest) * 2 / 5;
        bars[*place].point = Some(last);
    }
}
