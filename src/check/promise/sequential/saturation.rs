//! What must come before what in every order, as far as that follows step by step (Gibbons and Korach, "Testing Shared
//! Memories", 1997): a write that comes before a read of another's value comes before that other; a read comes before
//! every write that comes after what it read. A circle in it proves that there is no order; without one, the search
//! still has to choose, but seldom wrongly.

use std::collections::{BTreeMap, VecDeque};

use super::super::chains::Clock;
use super::super::order::in_order;
use super::board::{Board, Origin};
use crate::check::budget::{Budget, Spent};

/// Why one comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// One client asked for them in this order.
    Session,
    /// The second needs what the first wrote.
    Finds,
    /// This one comes after the first and finds what the second wrote.
    StillFinds(usize),
    /// The second comes after what the first found.
    Overwrites,
}

/// One comes before another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub why: Why,
}

/// How it ended.
pub enum Fate {
    /// For each piece, what comes before it.
    Order(Vec<Clock>),
    Circle(Vec<Edge>),
    Spent,
}

/// Draws all conclusions.
pub fn saturate(board: &Board, spent: &mut Spent, budget: Budget) -> Fate {
    let writes = writes(board);
    let mut into: Vec<Vec<Edge>> = vec![Vec::new(); board.pieces.len()];
    let mut fresh: Vec<Edge> = Vec::new();
    for (to, piece) in board.pieces.iter().enumerate() {
        into[to].extend(board.waited_for(to).map(|from| Edge { from, to, why: Why::Session }));
        if let Origin::Piece(from) = piece.origin {
            fresh.push(Edge { from, to, why: Why::Finds });
        }
    }
    loop {
        fresh.iter().for_each(|edge| into[edge.to].push(*edge));
        // A clock has a place for every chain.
        spent.steps += board.pieces.len() as u64 * (1 + board.chains.len() as u64 / 64);
        let mut allows = |bytes: u64| spent.allows(board.bytes() + bytes, budget);
        let clocks = match clocks(board, &into, &mut allows) {
            Clocks::Found(clocks) => clocks,
            Clocks::TooLarge => return Fate::Spent,
            Clocks::Circle => {
                let circle = fresh.iter().find_map(|edge| circle(&into, *edge));
                return Fate::Circle(circle.unwrap_or_default());
            }
        };
        fresh.clear();
        for (number, piece) in board.pieces.iter().enumerate().filter(|(_, piece)| !piece.maybe) {
            if piece.origin != Origin::Any {
                conclude(board, &writes[piece.key], &clocks, number, &mut fresh);
            }
        }
        if fresh.is_empty() {
            return Fate::Order(clocks);
        }
    }
}

/// The writes of each key that surely happened, chain by chain.
fn writes(board: &Board) -> Vec<Vec<Vec<usize>>> {
    let mut writes: Vec<Vec<Vec<usize>>> = vec![Vec::new(); board.names.len()];
    for chain in &board.chains {
        let mut here: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in chain {
            let piece = &board.pieces[*number];
            if !piece.maybe && piece.op.leaves().is_some() {
                here.entry(piece.key).or_default().push(*number);
            }
        }
        here.into_iter().for_each(|(key, chain)| writes[key].push(chain));
    }
    writes
}

/// What follows from where one of them has its value from.
fn conclude(board: &Board, writes: &[Vec<usize>], clocks: &[Clock], reader: usize, fresh: &mut Vec<Edge>) {
    let spot = |number: usize| board.pieces[number].spot;
    let knows = |one: usize, other: usize| clocks[one].has(spot(other));
    let found = board.pieces[reader].origin;
    for chain in writes {
        if let Origin::Piece(found) = found {
            let known = chain.partition_point(|write| knows(reader, *write));
            let last = chain[..known].last().copied().filter(|last| *last != found && !knows(found, *last));
            let edge = |from| Edge { from, to: found, why: Why::StillFinds(reader) };
            fresh.extend(last.map(edge));
        }
        let later = match found {
            Origin::Piece(found) => chain.partition_point(|write| !knows(*write, found)),
            _ => 0,
        };
        let next = chain.get(later).copied().filter(|next| *next != reader && !knows(*next, reader));
        fresh.extend(next.map(|to| Edge { from: reader, to, why: Why::Overwrites }));
    }
}

/// What comes before each piece.
enum Clocks {
    Found(Vec<Clock>),
    Circle,
    TooLarge,
}

fn clocks(board: &Board, into: &[Vec<Edge>], allows: &mut impl FnMut(u64) -> bool) -> Clocks {
    let Ok(order) = in_order(into, |edge| edge.from) else { return Clocks::Circle };
    let mut clocks = vec![Clock::default(); into.len()];
    let mut bytes = 0;
    for number in order {
        let mut clock = Clock::default();
        for edge in &into[number] {
            clock.join(&clocks[edge.from]);
            clock.add(board.pieces[edge.from].spot);
        }
        bytes += clock.bytes();
        if !allows(bytes) {
            return Clocks::TooLarge;
        }
        clocks[number] = clock;
    }
    Clocks::Found(clocks)
}

/// A shortest circle through this edge.
fn circle(into: &[Vec<Edge>], edge: Edge) -> Option<Vec<Edge>> {
    // From its beginning backwards, until its end is met.
    let mut leads: Vec<Option<Edge>> = vec![None; into.len()];
    let mut next = VecDeque::from([edge.from]);
    while let Some(at) = next.pop_front() {
        if at == edge.to {
            let mut circle = vec![edge];
            let mut at = at;
            while at != edge.from {
                let step = leads[at]?;
                circle.push(step);
                at = step.to;
            }
            return Some(circle);
        }
        for step in &into[at] {
            if step.from != edge.from && leads[step.from].is_none() {
                leads[step.from] = Some(*step);
                next.push_back(step.from);
            }
        }
    }
    None
}
