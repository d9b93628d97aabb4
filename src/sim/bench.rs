//! One node on a bench: no world, no network, no time that passes. A test hands it inputs and sees what it
//! wants done.

use super::disk::Disk;
use super::node::{Ctx, Effect, Input, Node, NodeId};
use super::rng::Dice;
use super::time::{LocalTime, Micros, Time};

/// A node, its disk, and a clock that only hands move.
#[derive(Clone, Debug)]
pub struct Bench<N: Node> {
    me: NodeId,
    cluster: u16,
    node: N,
    /// The process before its first step.
    blank: N,
    disk: Disk<N::Record>,
    dice: Dice,
    /// What the node's clock shows.
    pub now: LocalTime,
}

impl<N: Node> Bench<N> {
    /// Puts a node of a cluster on the bench. It has not started yet.
    pub fn new(me: NodeId, cluster: u16, node: N, disk: Vec<N::Record>) -> Bench<N> {
        Bench {
            me,
            cluster,
            blank: node.clone(),
            node,
            disk: Disk::holding(disk),
            dice: Dice::named(1, "bench", me.0.into()),
            now: LocalTime::default(),
        }
    }

    pub fn node(&self) -> &N {
        &self.node
    }

    pub fn disk(&self) -> &Disk<N::Record> {
        &self.disk
    }

    /// The process begins, with what its disk holds.
    pub fn start(&mut self) -> Vec<Effect<N>> {
        self.take_in(None)
    }

    /// The process dies; what was not synced is lost. Says how many records that was. [`Bench::start`] follows.
    pub fn crash(&mut self) -> u32 {
        self.node = self.blank.clone();
        self.disk.crash()
    }

    /// The first `through` records ever written are safe.
    pub fn synced(&mut self, through: u64) -> Vec<Effect<N>> {
        self.disk.synced(through);
        self.step(Input::Synced { through })
    }

    /// One step. What it appends is on the disk, not yet safe; everything else is only told.
    pub fn step(&mut self, input: Input<'static, N>) -> Vec<Effect<N>> {
        self.take_in(Some(input))
    }

    fn take_in(&mut self, input: Option<Input<'static, N>>) -> Vec<Effect<N>> {
        let mut effects = Vec::new();
        let mut ctx = Ctx {
            me: self.me,
            cluster: self.cluster,
            now: self.now,
            listening: false,
            dice: &mut self.dice,
            effects: &mut effects,
            work: Micros::ZERO,
        };
        self.node.step(input.unwrap_or_else(|| Input::Start { disk: self.disk.records() }), &mut ctx);
        for effect in &effects {
            if let Effect::Append(record) = effect {
                self.disk.append(record.clone(), Time::ZERO);
            }
        }
        effects
    }
}
