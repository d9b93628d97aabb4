//! How a server comes to take part: at its first start, after a restart that forgot nothing, and after one that did
//! (Viewstamped Replication Revisited, section 4.3).
//!
//! A disk that was set up says so from the first ([`Record::Formatted`]), and the first thing that a server writes is
//! that it begins. So an empty disk is never a new one: what is not set up has lost everything, what is set up and never
//! began has never sent a message, since nothing leaves a server before that record is safe.

use super::config::{Keep, Promotion};
use super::log::Entry;
use super::message::Rpc;
use super::storage::{Persistent, Record};
use super::{Alarm, Part, Server, Then};
use crate::sim::{Ctx, NodeId};

/// What a server that has forgotten knows by now.
#[derive(Clone, Debug)]
pub(super) struct Recovery {
    /// Answers to another recovery, one of an earlier life, count for nothing.
    nonce: u64,
    responses: Vec<Response>,
}

/// What another says: its view, and, if it is the primary of that view, its log.
#[derive(Clone, Debug)]
struct Response {
    from: NodeId,
    view: u64,
    state: Option<State>,
}

/// The log of a primary, and how much of it is done.
#[derive(Clone, Debug, Hash)]
pub struct State {
    pub log: Vec<Entry>,
    pub commit: u64,
}

impl Server {
    /// Starts where views are agreed upon.
    pub(super) fn enter_service(&mut self, found: &Persistent, ctx: &mut Ctx<'_, Self>) {
        let forgot = !found.formatted || (found.began && self.config.keep != Keep::Log);
        if forgot && self.config.recovers {
            self.recover(ctx);
        } else if !found.began || forgot {
            self.part = Part::Booting;
            self.append(Record::View { view: self.view, normal: self.normal }, ctx);
            self.once_safe(Then::Begin, ctx);
        } else if self.primary == self.me {
            // What it had sent but not synced others may hold, and clients may have been told of it: it does not go on
            // where it was, but asks for the next view.
            self.suspect(ctx);
        } else {
            self.watch_for_silence(ctx);
        }
    }

    /// That it begins is on record: from now on it takes part.
    pub(super) fn begin(&mut self, ctx: &mut Ctx<'_, Self>) {
        self.part = Part::Backup;
        if self.primary == self.me {
            self.lead(ctx);
        } else {
            self.watch_for_silence(ctx);
        }
    }

    /// Does it answer clients? While it boots or recovers it acknowledges nothing, votes for no view, leads none.
    pub(super) fn takes_part(&self) -> bool {
        !matches!(self.part, Part::Booting | Part::Recovering(_))
    }

    /// It took part before and has forgotten what it said: others have to tell it.
    fn recover(&mut self, ctx: &mut Ctx<'_, Self>) {
        // Nonces of two lives differ, but by an accident that is not worth a thought.
        let nonce = ctx.rng().below(1 << 48);
        ctx.note(|| "has forgotten everything, and takes no part before the others have told it".to_owned());
        self.part = Part::Recovering(Recovery { nonce, responses: Vec::new() });
        self.ask_to_recover(ctx);
    }

    /// Step 1: asks all others, and asks again until it knows enough.
    pub(super) fn ask_to_recover(&mut self, ctx: &mut Ctx<'_, Self>) {
        let Part::Recovering(recovery) = &self.part else { return };
        for peer in ctx.peers() {
            ctx.send(peer, Rpc::Recovery { view: self.view, nonce: recovery.nonce });
        }
        ctx.set_timer(Alarm::Recovery, self.config.heartbeat);
    }

    /// Step 2: "a replica j replies to a Recovery message only when its status is normal"; a primary tells all.
    pub(super) fn receive_recovery(&mut self, from: NodeId, view: u64, nonce: u64, ctx: &mut Ctx<'_, Self>) {
        if self.config.promotion != Promotion::Majority {
            return;
        }
        if view > self.view {
            // What the other remembers is that it had left for this view: it cannot come back before others are there.
            return self.want(view, ctx);
        }
        let state = match &self.part {
            Part::Primary(_) => Some(State { log: self.log.entries().to_vec(), commit: self.commit }),
            Part::Backup if self.normal == self.view => None,
            _ => return,
        };
        // A server that told its view and forgot it could lead that view again, with another log.
        let message = Rpc::RecoveryResponse { view: self.view, nonce, state };
        self.once_safe(Then::Send { to: from, message }, ctx);
    }

    /// Step 3: it waits for f + 1 responses from different replicas, all with the nonce that it sent, and one of them from
    /// the primary of the latest view that it learns of in them.
    ///
    /// The latest view must not be older than one that this server remembers: a server that told a view what it had
    /// would otherwise take part in the view before, and what that acknowledges the later view does not know (Michael
    /// et al., "Recovering Shared Objects Without Stable Storage", DISC 2017, on the protocol of the paper).
    pub(super) fn receive_recovery_response(
        &mut self,
        from: NodeId,
        view: u64,
        nonce: u64,
        state: Option<State>,
        ctx: &mut Ctx<'_, Self>,
    ) {
        // What all that could have begun a newer view without this server have in common with all that answer: f + 1
        // of 2f + 1.
        let cluster = usize::from(ctx.cluster());
        let enough = cluster - cluster / 2;
        let Part::Recovering(recovery) = &mut self.part else { return };
        let newer = |other: &Response| other.from == from && other.view > view;
        if nonce != recovery.nonce || recovery.responses.iter().any(newer) {
            return;
        }
        recovery.responses.retain(|other| other.from != from);
        recovery.responses.push(Response { from, view, state });
        let latest = recovery.responses.iter().map(|response| response.view).max().unwrap_or(0);
        if recovery.responses.len() < enough || latest < self.view {
            return;
        }
        let primary = recovery.responses.iter().filter(|response| response.view == latest);
        let Some((primary, state)) = primary.filter_map(|it| Some((it.from, it.state.clone()?))).next()
        else {
            return;
        };
        self.come_back(primary, latest, &state, ctx);
    }

    /// Knows at least what it knew before it forgot.
    fn come_back(&mut self, primary: NodeId, view: u64, state: &State, ctx: &mut Ctx<'_, Self>) {
        let entries = state.log.len();
        ctx.note(|| format!("is back in view {view}: {primary} has told it {entries} entries"));
        ctx.cancel(Alarm::Recovery);
        (self.view, self.primary, self.part) = (view, primary, Part::Backup);
        self.adopt(&state.log, state.commit, ctx);
        // Last of all: a disk that holds less is still one that has forgotten.
        self.append(Record::Formatted, ctx);
        self.watch_for_silence(ctx);
        self.acknowledge(primary, 0, ctx);
    }
}
