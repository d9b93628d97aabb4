//! What breaks a session guarantee, in words.

use std::rc::Rc;

use super::super::told;
use super::write_order::{Holder, Hop, Learnt};
use crate::check::history::{Operation, Verb};
use crate::check::judgement::Blame;
use crate::sim::NodeId;

/// The operations by which a guarantee is broken.
pub(super) struct Words<'a> {
    pub record: &'a [Rc<Operation>],
}

impl Words<'_> {
    fn told(&self, place: usize) -> String {
        told(&self.record[place])
    }

    /// A read found what was there from the start, although its holder knew a write.
    pub(super) fn missed(&self, read: usize, missed: Learnt, holder: Holder) -> Blame {
        let Learnt { write, by, .. } = missed;
        let text = format!("{}, although {}.", self.told(read), self.knew(holder, write, by));
        Blame::new(text, once_each([read, write, by])).about(&self.record[read])
    }

    /// No order of writes meets all demands; the last hop is the one that closed the circle.
    pub(super) fn circle(&self, hops: &[Hop]) -> Blame {
        let Some((last, rest)) = hops.split_last() else { return Blame::default() };
        let reasons: Vec<String> = rest.iter().map(|hop| self.reason(hop)).collect();
        let text = format!(
            "{}, although {}, and {} is older than {}: {}.",
            self.told(last.by),
            self.knew(last.holder, last.from, last.told_by),
            self.told(last.to),
            self.told(last.from),
            reasons.join("; ")
        );
        let blamed = [last.by, last.from, last.told_by, last.to].into_iter();
        let blamed = blamed.chain(rest.iter().flat_map(|hop| [hop.by, hop.from, hop.told_by, hop.to]));
        Blame::new(text, once_each(blamed)).about(&self.record[last.by])
    }

    /// What had to be in a read's set.
    fn knew(&self, holder: Holder, write: usize, by: usize) -> String {
        let named = self.told(write);
        match holder {
            Holder::Client(_) if by == write => {
                format!("the same client had been told that {named} is done")
            }
            Holder::Client(_) => format!("the same client had heard {} before", self.told(by)),
            Holder::Server { server, .. } => {
                let (server, shown) = (server_name(server), self.told(by));
                format!("{server} had answered {shown} before and so held {named}")
            }
        }
    }

    /// Why one write is older than another.
    fn reason(&self, hop: &Hop) -> String {
        let Hop { from, to, by, holder, told_by } = *hop;
        let verb = if told_by == from { "written" } else { "read" };
        let (from, by_told) = (self.told(from), self.told(by));
        match holder {
            Holder::Server { server, .. } => {
                format!("{} held {from} and answered {by_told}", server_name(server))
            }
            Holder::Client(_) if self.record[by].action.verb == Verb::Write => {
                format!("the client of {} had {verb} {from} before", self.told(to))
            }
            Holder::Client(_) => format!("a client that had {verb} {from} heard {by_told}"),
        }
    }
}

fn once_each(places: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut kept = Vec::new();
    for place in places {
        if !kept.contains(&place) {
            kept.push(place);
        }
    }
    kept
}

fn server_name(server: u32) -> String {
    u16::try_from(server).map_or_else(|_| format!("server {server}"), |server| NodeId(server).to_string())
}
