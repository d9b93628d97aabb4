//! Which server comes after a primary that falls silent: any that thinks so, or the next in a view that a majority moves to
//! (Viewstamped Replication Revisited, section 4.2).

use super::config::Promotion;
use super::log::{Entry, common};
use super::message::Rpc;
use super::storage::Record;
use super::{Alarm, Offer, Part, Server, Then};
use crate::sim::words::counted;
use crate::sim::{Ctx, Micros, NodeId};

impl Server {
    /// Waits for a sign of life; backups do not all lose patience at once.
    pub(super) fn watch_for_silence(&mut self, ctx: &mut Ctx<'_, Self>) {
        if self.config.promotion == Promotion::Never {
            return;
        }
        let timeout = self.config.timeout;
        let rank = u64::from(self.me.0) * (timeout.0 / 4);
        let jitter = ctx.rng().below(timeout.0 / 8 + 1);
        ctx.set_timer(Alarm::Silence, Micros(timeout.0 + rank + jitter));
    }

    /// The primary was silent for too long.
    pub(super) fn suspect(&mut self, ctx: &mut Ctx<'_, Self>) {
        match self.config.promotion {
            Promotion::Never => {}
            Promotion::Timeout => {
                let silent = self.primary;
                ctx.note(|| format!("hears nothing of {silent} and makes itself primary"));
                self.write(Record::Primary(true), ctx);
                // All that it has counts as done: there is no other to ask.
                self.commit = self.log.last();
                self.apply(ctx);
                self.lead(ctx);
            }
            Promotion::Majority => self.want(self.view + 1, ctx),
        }
    }

    /// A primary without the others' leave gives way to another.
    pub(super) fn step_down(&mut self, ctx: &mut Ctx<'_, Self>) {
        self.forget_clients(ctx);
        self.part = Part::Backup;
        ctx.cancel(Alarm::Heartbeat);
        self.write(Record::Primary(false), ctx);
    }

    /// Leaves the view for a newer one and asks the others to come along.
    pub(super) fn want(&mut self, view: u64, ctx: &mut Ctx<'_, Self>) {
        self.forget_clients(ctx);
        self.view = view;
        self.part = Part::Changing { wanted: vec![self.me], sent: false, offers: Vec::new() };
        ctx.cancel(Alarm::Heartbeat);
        self.write(Record::View { view, normal: self.normal }, ctx);
        ctx.note(|| format!("asks for view {view}"));
        for to in ctx.peers() {
            self.once_safe(Then::Send { to, message: Rpc::StartViewChange { view } }, ctx);
        }
        self.watch_for_silence(ctx);
        self.offer(ctx);
    }

    pub(super) fn receive_start_view_change(&mut self, from: NodeId, view: u64, ctx: &mut Ctx<'_, Self>) {
        if self.config.promotion != Promotion::Majority || view < self.view {
            return;
        }
        if view > self.view {
            self.want(view, ctx);
        }
        if let Part::Changing { wanted, .. } = &mut self.part
            && !wanted.contains(&from)
        {
            wanted.push(from);
        }
        self.offer(ctx);
    }

    /// Once a majority wants the view, each server tells its primary what it has.
    fn offer(&mut self, ctx: &mut Ctx<'_, Self>) {
        let primary = self.primary_of(self.view, ctx);
        let Part::Changing { wanted, sent, .. } = &mut self.part else { return };
        if *sent || wanted.len() < usize::from(ctx.cluster()) / 2 + 1 {
            return;
        }
        *sent = true;
        let offer = Offer {
            from: self.me,
            normal: self.normal,
            log: self.log.entries().to_vec(),
            commit: self.commit,
        };
        if primary == self.me {
            self.receive_do_view_change(self.view, offer, ctx);
        } else {
            let Offer { normal, log, commit, .. } = offer;
            let message = Rpc::DoViewChange { view: self.view, normal, log, commit };
            self.once_safe(Then::Send { to: primary, message }, ctx);
        }
    }

    /// The primary of the new view takes the best log of a majority: the one from the latest view, and of those the
    /// longest.
    pub(super) fn receive_do_view_change(&mut self, view: u64, offer: Offer, ctx: &mut Ctx<'_, Self>) {
        if view > self.view {
            self.want(view, ctx);
        }
        if view != self.view {
            return;
        }
        let Part::Changing { offers, .. } = &mut self.part else { return };
        offers.retain(|other| other.from != offer.from);
        offers.push(offer);
        if offers.len() < usize::from(ctx.cluster()) / 2 + 1 || !offers.iter().any(|o| o.from == self.me) {
            return;
        }
        let Some(best) = offers.iter().max_by_key(|offer| (offer.normal, offer.log.len())) else { return };
        // What another had done is done as far as this log has it: where fewer than a majority acknowledge, that may be
        // less, and the rest of the number would speak of entries that no server holds.
        let done = |offer: &Offer| offer.commit.min(common(&offer.log, &best.log));
        let commit = offers.iter().map(done).max().unwrap_or(0);
        let log = best.log.clone();
        self.adopt(&log, commit, ctx);
        ctx.note(|| format!("is the primary of view {view}, with {}", counted(log.len() as u64, "entry")));
        for to in ctx.peers() {
            let message = Rpc::StartView { view, log: log.clone(), commit };
            self.once_safe(Then::Send { to, message }, ctx);
        }
        self.lead(ctx);
    }

    pub(super) fn receive_start_view(
        &mut self,
        from: NodeId,
        view: u64,
        log: Vec<Entry>,
        commit: u64,
        ctx: &mut Ctx<'_, Self>,
    ) {
        if view < self.view || (view == self.view && self.normal == view) {
            return;
        }
        self.enter(view, ctx);
        self.primary = from;
        self.adopt(&log, commit, ctx);
        self.acknowledge(from, 0, ctx);
    }

    /// A backup missed how the view began: its primary says it again, with what there is by now.
    pub(super) fn tell_state(&mut self, from: NodeId, view: u64, ctx: &mut Ctx<'_, Self>) {
        if view == self.view && self.is_primary() {
            let log = self.log.entries().to_vec();
            let message = Rpc::StartView { view, log, commit: self.commit };
            self.once_safe(Then::Send { to: from, message }, ctx);
        }
    }

    /// Another server is in a newer view.
    pub(super) fn fall_behind(&mut self, view: u64, ctx: &mut Ctx<'_, Self>) {
        if view > self.view {
            ctx.note(|| format!("hears of view {view}"));
            self.enter(view, ctx);
        }
    }

    /// Follows in a view that others have begun.
    pub(super) fn enter(&mut self, view: u64, ctx: &mut Ctx<'_, Self>) {
        self.forget_clients(ctx);
        self.view = view;
        self.primary = self.primary_of(view, ctx);
        self.part = Part::Backup;
        ctx.cancel(Alarm::Heartbeat);
        self.write(Record::View { view, normal: self.normal }, ctx);
        self.watch_for_silence(ctx);
    }

    /// Takes a whole log in place of its own, and is normal in this view from now on.
    pub(super) fn adopt(&mut self, log: &[Entry], commit: u64, ctx: &mut Ctx<'_, Self>) {
        let same = common(self.log.entries(), log);
        if same < self.log.last() {
            self.discard(same, ctx);
        }
        for entry in &log[same as usize..] {
            self.log.push(entry.clone());
            self.write(Record::Entry(entry.clone()), ctx);
        }
        self.normal = self.view;
        self.write(Record::View { view: self.view, normal: self.normal }, ctx);
        self.commit = self.commit.max(commit.min(self.log.last()));
        self.apply(ctx);
    }
}
