//! A history of registers, laid out for the search: chains of what each client did, and where values are from.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::super::chains::{Beginning, Chains, Clock, Spot};
use super::super::{Tip, happened, heard, tips};
use crate::check::history::{Operation, Verb};
use crate::check::linearizable::Foreign;
use crate::check::linearizable::sheet::telling;
use crate::check::model::register::Op;
use crate::check::model::{Code, Model, Register};

/// One operation.
#[derive(Clone, Debug)]
pub struct Piece {
    /// In the record.
    pub place: usize,
    pub op: Op,
    pub key: usize,
    pub spot: Spot,
    /// What its client had heard of when it asked.
    pub past: Clock,
    /// Nobody answered it: it may not have happened.
    pub maybe: bool,
    pub origin: Origin,
}

/// Where the value that an operation needs is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Piece(usize),
    Start,
    /// It needs none, or it could be from several.
    Any,
}

/// All of them, in order of invocation.
#[derive(Clone, Debug)]
pub struct Board {
    pub pieces: Vec<Piece>,
    /// The pieces of each chain.
    pub chains: Vec<Vec<usize>>,
    pub names: Vec<SmolStr>,
    /// The keys that are added to: no value there tells who made it.
    pub sums: Vec<bool>,
}

/// A read of a value that cannot be: its place in the record.
pub struct ThinAir(pub usize);

impl Board {
    /// Lays out a record. What failed tells nothing, and what nobody heard of counts only if it can matter to another.
    ///
    /// None if that takes more than so many logical bytes.
    ///
    /// # Errors
    /// An operation that a register does not know.
    pub fn new(model: &mut Register, record: &[Rc<Operation>], most: u64) -> Result<Option<Board>, Foreign> {
        let mut ops = BTreeMap::new();
        for (place, operation) in record.iter().enumerate().filter(|(_, operation)| happened(operation)) {
            if heard(operation).is_some() || operation.action.verb != Verb::Read {
                let op = model.prepare(operation).map_err(|why| Foreign { operation: place, why })?;
                ops.insert(place, op);
            }
        }
        drop_the_idle(model, record, &mut ops);
        let mut board = Board { pieces: Vec::new(), chains: Vec::new(), names: Vec::new(), sums: Vec::new() };
        let (mut chains, mut numbers) = (Chains::default(), vec![0; record.len()]);
        let (mut keys, mut bytes) = (BTreeMap::new(), 0);
        for Tip { place, returns } in tips(record) {
            let Some(op) = ops.get(&place) else { continue };
            let operation = &record[place];
            if returns {
                let piece = &board.pieces[numbers[place]];
                chains.end(operation.client, place, piece.spot, &piece.past);
                continue;
            }
            let key = *keys.entry(&operation.action.key).or_insert(board.names.len());
            if key == board.names.len() {
                board.names.push(operation.action.key.clone());
                board.sums.push(false);
            }
            board.sums[key] |= op.adds();
            let Beginning { spot, past, .. } = chains.begin(operation.client);
            bytes += past.bytes();
            if bytes > most {
                return Ok(None);
            }
            board.chains.resize(board.chains.len().max(spot.chain as usize + 1), Vec::new());
            board.chains[spot.chain as usize].push(board.pieces.len());
            numbers[place] = board.pieces.len();
            let maybe = heard(operation).is_none();
            board.pieces.push(Piece { place, op: *op, key, spot, past, maybe, origin: Origin::Any });
        }
        Ok(Some(board))
    }

    /// Logical bytes of what all clients had heard of.
    pub fn bytes(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.past.bytes()).sum()
    }

    /// Finds out where values are from. What was found did happen.
    ///
    /// # Errors
    /// A read of what nobody wrote.
    pub fn trace_origins(&mut self, start: Code) -> Result<(), ThinAir> {
        if start == Code::ANY {
            return Ok(());
        }
        let mut writers: FxHashMap<(usize, Code), Vec<usize>> = FxHashMap::default();
        for (number, piece) in self.pieces.iter().enumerate() {
            if let Some(value) = piece.op.leaves() {
                writers.entry((piece.key, value)).or_default().push(number);
            }
        }
        let mut sure: Vec<usize> =
            (0..self.pieces.len()).filter(|number| !self.pieces[*number].maybe).collect();
        while let Some(number) = sure.pop() {
            let piece = &self.pieces[number];
            let Some(value) = piece.op.needs().filter(|_| !self.sums[piece.key]) else { continue };
            let others =
                writers.get(&(piece.key, value)).into_iter().flatten().filter(|other| **other != number);
            let origin = match (others.copied().collect::<Vec<_>>().as_slice(), value == start) {
                ([], true) => Origin::Start,
                ([], false) => return Err(ThinAir(piece.place)),
                ([one], false) => Origin::Piece(*one),
                _ => Origin::Any,
            };
            self.pieces[number].origin = origin;
            if let Origin::Piece(one) = origin
                && std::mem::take(&mut self.pieces[one].maybe)
            {
                sure.push(one);
            }
        }
        Ok(())
    }

    /// The pieces that the client of this one waited for.
    pub fn waited_for(&self, number: usize) -> impl Iterator<Item = usize> {
        let piece = &self.pieces[number];
        let before =
            (piece.spot.at > 1).then(|| self.chains[piece.spot.chain as usize][piece.spot.at as usize - 2]);
        let known = before.map(|before| (&self.pieces[before].past, before));
        let fresh = move |spot: &Spot| {
            known.is_none_or(|(known, before)| !known.has(*spot) && self.at(*spot) != before)
        };
        before.into_iter().chain(piece.past.spots().filter(fresh).map(|spot| self.at(spot)))
    }

    /// The piece at this place.
    pub fn at(&self, spot: Spot) -> usize {
        self.chains[spot.chain as usize][spot.at as usize - 1]
    }
}

/// Leaves out what may have happened and could be told by nobody.
fn drop_the_idle(model: &Register, record: &[Rc<Operation>], ops: &mut BTreeMap<usize, Op>) {
    let mut by_key: BTreeMap<&SmolStr, Vec<usize>> = BTreeMap::new();
    for place in ops.keys() {
        by_key.entry(&record[*place].action.key).or_default().push(*place);
    }
    for places in by_key.values() {
        let of_key: Vec<_> =
            places.iter().map(|place| (&ops[place], heard(&record[*place]).is_some())).collect();
        let tells = telling(model, &of_key);
        for (place, _) in places.iter().zip(tells).filter(|(_, tells)| !tells) {
            ops.remove(place);
        }
    }
}
