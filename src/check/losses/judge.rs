//! The judge of lost writes.

use std::rc::Rc;

use litemap::LiteMap;

use super::passing::Passing;
use super::{Asked, DISAGREE, Fates, HINTED, NOT_WHOLE, UNAPPLIED, fates};
use crate::check::property::{Evidence, View, is_whole};
use crate::sim::{Call, EventId, Micros, Node, NodeId, OpId, Outcome, Time};

/// Watches for acknowledged writes that are lost: every so often, and when the run is over. A write counts as lost once
/// all has come that was under way while it was missing (see `Passing`).
#[derive(Clone, Debug)]
pub struct Losses {
    /// From one look to the next.
    every: Micros,
    due: Time,
    asked: Vec<Rc<Asked>>,
    /// Where operations under way are, by their number.
    open: LiteMap<OpId, usize>,
    /// What is missing, and what it is waited for since.
    missing: LiteMap<usize, Passing>,
    /// Of some that are missing and cannot be named, the same.
    unnamed: Option<Passing>,
    fates: Fates,
    /// Why it cannot tell, once the run is over.
    unsure: Option<&'static str>,
    over: bool,
}

impl Losses {
    /// A judge of a run of this length.
    pub fn new(until: Time) -> Losses {
        let every = Micros((until.0 / 100).clamp(1_000, 10_000_000));
        Losses {
            every,
            due: Time::ZERO + every,
            asked: Vec::new(),
            open: LiteMap::new(),
            missing: LiteMap::new(),
            unnamed: None,
            fates: Fates::default(),
            unsure: None,
            over: false,
        }
    }

    /// A client begins an operation.
    pub fn invoked(&mut self, op: OpId, client: NodeId, call: &Call, event: EventId) {
        self.open.insert(op, self.asked.len());
        let asked = Asked { op, client, call: call.clone(), invoked: event, heard: None };
        self.asked.push(Rc::new(asked));
    }

    /// An operation ended, however it did.
    pub fn ended(&mut self, op: OpId, outcome: Option<&Outcome>, event: EventId) {
        let Some(place) = self.open.remove(&op) else { return };
        Rc::make_mut(&mut self.asked[place]).heard = outcome.map(|outcome| (event, outcome.clone()));
    }

    /// Looks if it is time to.
    pub fn watch<N: Node>(&mut self, view: &View<'_, N>) -> Option<Evidence> {
        if view.now() < self.due {
            return None;
        }
        self.due = view.now() + self.every;
        self.look(view, false)
    }

    /// The run is over: says what is lost, or remembers why it cannot tell.
    pub fn conclude<N: Node>(&mut self, view: &View<'_, N>) -> Option<Evidence> {
        let writes = self.open.values().any(|place| !self.asked[*place].call.reads_only());
        let whole = is_whole(view.cluster);
        let evidence = self.look(view, whole && !writes);
        self.over = true;
        self.unsure = match &self.fates {
            fates if fates.acknowledged() == 0 => None,
            _ if !whole => Some("not healed in the end: a server is down or paused, or a link is cut"),
            _ if writes => {
                Some("not at rest in the end: clients still write (let them stop some time before)")
            }
            fates if fates.losses() > 0 => Some("not at rest in the end: what is missing may be under way"),
            fates if matches!(fates.why, Some(UNAPPLIED | DISAGREE | HINTED | NOT_WHOLE)) => fates.why,
            fates if fates.kept == 0 => fates.why,
            _ => None,
        };
        evidence
    }

    /// Looks what became of everything. Before all is over and at rest only that counts of which nothing is left anywhere.
    fn look<N: Node>(&mut self, view: &View<'_, N>, at_rest: bool) -> Option<Evidence> {
        self.fates = fates(&self.asked, view.cluster);
        let Fates { absent, replaced, missing: unnamed, .. } = &self.fates;
        let lost = |place: &usize| [absent, replaced].iter().any(|lost| lost.binary_search(place).is_ok());
        self.missing.retain(|place, _| lost(place));
        for place in absent.iter().chain(replaced) {
            self.missing.entry(*place).or_insert(Passing::new(view.event));
        }
        self.unnamed = (*unnamed > 0).then(|| self.unnamed.unwrap_or(Passing::new(view.event)));
        let (first, now) = (view.cluster.first_under_way(), view.event);
        let named = self.missing.iter_mut().map(|(_, passing)| passing);
        named.chain(&mut self.unnamed).for_each(|passing| passing.look(&first, now));
        let sure = |passing: &Passing| passing.is_over(&first, now);
        let counts = |place: &usize| at_rest || absent.binary_search(place).is_ok();
        let mut lost = self.missing.iter().filter(|(place, passing)| counts(place) && sure(passing));
        if let Some((place, _)) = lost.next() {
            let write = &self.asked[*place];
            let heard = write.heard.iter().map(|(event, _)| *event);
            let text = words(write, 1 + lost.count());
            return Some(Evidence::new(text).proved_by([write.invoked].into_iter().chain(heard)));
        }
        self.unnamed.filter(|passing| at_rest && sure(passing))?;
        Some(Evidence::new(match unnamed {
            1 => "Less is there than was added and acknowledged: a write at least is lost.".to_owned(),
            count => {
                format!("Less is there than was added and acknowledged: {count} writes at least are lost.")
            }
        }))
    }

    /// Has anything been judged? Before the end, nothing has.
    pub fn concerned(&self) -> bool {
        self.over && self.unsure.is_none() && self.fates.acknowledged() > 0
    }

    /// Why it cannot tell, once the run is over.
    pub fn unsure(&self) -> Option<&'static str> {
        self.unsure
    }

    /// How many writes it could judge, if not all of them.
    pub fn remark(&self) -> Option<String> {
        let (all, untold) = (self.fates.acknowledged(), self.fates.untold);
        (self.over && untold > 0).then(|| format!("cannot be told for {untold} of {all} acknowledged writes"))
    }
}

fn words(write: &Asked, count: usize) -> String {
    let what = match &write.heard {
        Some((_, Outcome::Ok(value))) if matches!(write.call, Call::Dequeue { .. }) => {
            format!("{} → {value}", write.call)
        }
        _ => write.call.to_string(),
    };
    let rest = match count {
        0 | 1 => String::new(),
        count => format!(" It is one of {count}."),
    };
    format!(
        "“{what}” was acknowledged, and no server has it any more, nor a write that was made with knowledge of it.{rest}"
    )
}
