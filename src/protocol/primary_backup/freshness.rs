//! How old a copy may be. A primary tells with each beat as of when, by its own clock, its commit index covers every
//! write that was acknowledged; a backup that has come so far knows how old its copy is, up to the uncertainty of the
//! two clocks. That the primary was heard of lately proves nothing: what was heard may have been long on its way, and
//! the sender may be primary no more.

use std::collections::VecDeque;

use super::config::{Bound, Promotion};
use super::{Part, Server};
use crate::sim::{Ctx, LocalTime, NodeId};

/// Every write that was acknowledged before `at`, by the clock of its primary, is among the first `upto` entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fresh {
    pub at: LocalTime,
    pub upto: u64,
}

/// The beats of a primary: what each of them claims, and which servers answered it.
#[derive(Clone, Debug)]
pub(super) struct Beats {
    last: u64,
    /// Claims that not enough servers have answered, oldest first.
    open: VecDeque<(u64, Fresh)>,
    /// The last beat that each server answered.
    answered: Vec<u64>,
    /// The newest claim that is proven.
    proven: Option<Fresh>,
}

/// The number of claims that wait for answers at most: a primary that is cut off forgets the oldest.
const OPEN: usize = 64;

impl Beats {
    /// Beats are numbered from the time on at which a server became primary: answers to beats of a reign before this
    /// one count for nothing.
    pub(super) fn new(servers: usize, now: LocalTime) -> Beats {
        let last = now.0.max(0) as u64;
        Beats { last, open: VecDeque::new(), answered: vec![0; servers], proven: None }
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }
}

impl Server {
    /// How many have to have followed the primary after a beat, itself among them, to prove that there was no other
    /// primary whose writes stay: where none is promoted only itself, where views change by majorities a
    /// majority, where any backup may promote itself all.
    fn witnesses(&self, cluster: u16) -> usize {
        match self.config.promotion {
            Promotion::Never => 1,
            Promotion::Majority => usize::from(cluster) / 2 + 1,
            Promotion::Timeout => cluster.into(),
        }
    }

    /// A primary makes a claim, which the answers to what it sends from now on prove. Before all that it inherited is
    /// done it cannot: what was acknowledged under another may be among the rest.
    pub(super) fn beat(&mut self, ctx: &mut Ctx<'_, Self>) {
        let fresh = Fresh { at: ctx.now(), upto: self.commit };
        let Part::Primary(lead) = &mut self.part else { return };
        lead.beats.last += 1;
        if fresh.upto >= lead.inherited {
            if lead.beats.open.len() == OPEN {
                lead.beats.open.pop_front();
            }
            lead.beats.open.push_back((lead.beats.last, fresh));
        }
        let last = lead.beats.last;
        self.count_beat(self.me, last, ctx);
    }

    /// A server answered a beat: after it, it still followed this primary.
    pub(super) fn count_beat(&mut self, from: NodeId, beat: u64, ctx: &Ctx<'_, Self>) {
        let witnesses = self.witnesses(ctx.cluster());
        let Part::Primary(lead) = &mut self.part else { return };
        let beats = &mut lead.beats;
        // A number that was not given out yet answers an earlier reign.
        if beat > beats.last {
            return;
        }
        let known = &mut beats.answered[from.index()];
        *known = beat.max(*known);
        let mut answered = beats.answered.clone();
        answered.sort_unstable_by(|one, other| other.cmp(one));
        let enough = answered[witnesses - 1];
        while let Some((_, fresh)) = beats.open.pop_front_if(|(number, _)| *number <= enough) {
            beats.proven = Some(fresh);
        }
    }

    /// What a primary can show now.
    pub(super) fn claim(&self, ctx: &Ctx<'_, Self>) -> Option<Fresh> {
        let Part::Primary(lead) = &self.part else { return None };
        if self.witnesses(ctx.cluster()) > 1 {
            return lead.beats.proven;
        }
        (self.commit >= lead.inherited).then_some(Fresh { at: ctx.now(), upto: self.commit })
    }

    /// A backup hears a claim and holds everything that it is about. A later one counts more.
    pub(super) fn learn_freshness(&mut self, fresh: Option<Fresh>) {
        let covered = fresh.filter(|fresh| fresh.upto <= self.machine.upto());
        if let Some(fresh) = covered
            && self.fresh.is_none_or(|known| known.at < fresh.at)
        {
            self.fresh = Some(fresh);
        }
    }

    /// Can this server show that what it has is no older than the bound? A claim from further ahead in time than two
    /// clocks may differ shows nothing but that a clock is wrong.
    pub(super) fn is_fresh(&self, ctx: &Ctx<'_, Self>) -> bool {
        let bound = self.config.staleness.0 as i64;
        if self.config.bound == Bound::Hearing {
            return self.is_primary() || ctx.now() - self.heard <= self.config.staleness;
        }
        let (known, uncertainty) = match &self.part {
            Part::Primary(_) => (self.claim(ctx), 0),
            _ => (self.fresh, self.config.uncertainty.0 as i64),
        };
        let Some(Fresh { at, .. }) = known else { return false };
        let age = ctx.now().0.saturating_sub(at.0);
        (-uncertainty..=bound - uncertainty).contains(&age)
    }
}
