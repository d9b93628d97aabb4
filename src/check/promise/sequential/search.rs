//! The search for one order of everything: depth first, with a memory of configurations, as for linearizability, but
//! over chains instead of a line of time (Gibbons and Korach 1997).
//!
//! Two rules keep it narrow, besides what saturation found. An operation that only reads and fits now goes now. And a
//! value is not overwritten while somebody has yet to find it and nobody else will write it.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::super::chains::Clock;
use super::board::{Board, Piece};
use crate::check::budget::{Budget, Spent};
use crate::check::linearizable::memo::Memo;
use crate::check::model::{Code, Model, Register};

/// How a search ended.
pub enum End {
    /// The pieces in an order that explains all answers.
    Found(Vec<usize>),
    Exhausted(Deadlock),
    Spent,
}

/// The furthest that any order came.
#[derive(Clone, Debug, Default)]
pub struct Deadlock {
    pub order: Vec<usize>,
    /// What each key holds then.
    pub state: Vec<Code>,
    /// The next of each chain.
    pub heads: Vec<usize>,
}

/// Who has yet to find a value, and who has yet to write it.
#[derive(Clone, Copy, Debug, Default)]
struct Demand {
    readers: u32,
    writers: u32,
}

struct Frame {
    /// How long the order was here.
    length: usize,
    /// What to try yet, the best last.
    choices: Vec<usize>,
}

/// One search.
pub struct Search<'a> {
    model: &'a Register,
    board: &'a Board,
    clocks: &'a [Clock],
    /// How much of each chain is placed.
    placed: Vec<u32>,
    state: Vec<Code>,
    /// The pieces placed, and what their keys held before.
    order: Vec<(usize, Code)>,
    frames: Vec<Frame>,
    memo: Memo<Rc<[Code]>>,
    demand: FxHashMap<(usize, Code), Demand>,
    left: usize,
    furthest: Deadlock,
    /// Logical bytes that the board and its clocks take.
    bytes: u64,
    /// Numbers in the frames.
    waiting: u64,
}

impl<'a> Search<'a> {
    pub fn new(model: &'a Register, board: &'a Board, clocks: &'a [Clock]) -> Search<'a> {
        let mut demand: FxHashMap<(usize, Code), Demand> = FxHashMap::default();
        for piece in &board.pieces {
            if let Some(value) = piece.op.needs().filter(|_| !piece.maybe) {
                demand.entry((piece.key, value)).or_default().readers += 1;
            }
            if let Some(value) = piece.op.leaves() {
                demand.entry((piece.key, value)).or_default().writers += 1;
            }
        }
        Search {
            model,
            board,
            clocks,
            placed: vec![0; board.chains.len()],
            state: vec![model.start(); board.names.len()],
            order: Vec::new(),
            frames: Vec::new(),
            memo: Memo::new(),
            demand,
            left: board.pieces.iter().filter(|piece| !piece.maybe).count(),
            furthest: Deadlock::default(),
            bytes: board.bytes() + clocks.iter().map(Clock::bytes).sum::<u64>(),
            waiting: 0,
        }
    }

    /// Looks for an order.
    pub fn go(mut self, spent: &mut Spent, budget: Budget) -> End {
        loop {
            self.read_ahead(&mut spent.steps);
            if self.left == 0 {
                return End::Found(self.order.iter().map(|(number, _)| *number).collect());
            }
            if !spent.allows(self.bytes + self.memo.bytes() + 8 * self.waiting, budget) {
                return End::Spent;
            }
            // It takes time to remember much.
            spent.steps += self.placed.len() as u64 / 16;
            let choices = if self.is_new() { self.choices() } else { Vec::new() };
            self.waiting += 2 + choices.len() as u64;
            self.frames.push(Frame { length: self.order.len(), choices });
            loop {
                let Some(frame) = self.frames.last_mut() else { return End::Exhausted(self.furthest) };
                let (length, choice) = (frame.length, frame.choices.pop());
                self.take_back(length);
                match choice {
                    Some(number) => {
                        spent.steps += 1;
                        self.waiting -= 1;
                        self.place(number);
                        break;
                    }
                    None => {
                        self.waiting -= 2;
                        self.frames.pop();
                    }
                }
            }
        }
    }

    /// Whatever only reads and fits goes now.
    fn read_ahead(&mut self, steps: &mut u64) {
        let mut chain = 0;
        let mut since = 0;
        while since < self.placed.len() {
            let fits = self.head(chain).filter(|number| {
                let piece = &self.board.pieces[*number];
                self.model.reads_only(&piece.op) && self.is_ready(*number) && self.leads_to(piece).is_some()
            });
            match fits {
                Some(number) => {
                    *steps += 1;
                    self.place(number);
                    since = 0;
                }
                None => {
                    chain = (chain + 1) % self.placed.len();
                    since += 1;
                }
            }
        }
    }

    /// Was this configuration never met before?
    fn is_new(&mut self) -> bool {
        let word = |pair: &[u32]| u64::from(pair[0]) << 32 | u64::from(*pair.get(1).unwrap_or(&0));
        let words: Vec<u64> = self.placed.chunks(2).map(word).collect();
        self.memo.insert(0, &words, &[], &Rc::from(self.state.as_slice()), self.state.len() as u64)
    }

    /// What can come next, the best last: what surely happened before what may have, and the older before the newer.
    fn choices(&mut self) -> Vec<usize> {
        let heads: Vec<usize> = (0..self.placed.len()).filter_map(|chain| self.head(chain)).collect();
        let mut choices: Vec<usize> =
            heads.iter().copied().filter(|number| self.is_ready(*number) && self.may_come(*number)).collect();
        if choices.is_empty() && self.order.len() >= self.furthest.order.len() {
            let order = self.order.iter().map(|(number, _)| *number).collect();
            self.furthest = Deadlock { order, state: self.state.clone(), heads };
        }
        choices.sort_by_key(|number| std::cmp::Reverse((self.board.pieces[*number].maybe, *number)));
        choices
    }

    fn may_come(&self, number: usize) -> bool {
        let piece = &self.board.pieces[number];
        let now = self.state[piece.key];
        let Some(then) = self.leads_to(piece) else { return false };
        if piece.maybe && then == now {
            return false;
        }
        let finds = u32::from(!piece.maybe && piece.op.needs() == Some(now));
        let demand = self.demand.get(&(piece.key, now)).copied().unwrap_or_default();
        then == now || self.board.sums[piece.key] || demand.readers <= finds || demand.writers > 0
    }

    fn leads_to(&self, piece: &Piece) -> Option<Code> {
        self.model.step(&self.state[piece.key], &piece.op)
    }

    /// The next of a chain.
    fn head(&self, chain: usize) -> Option<usize> {
        self.board.chains[chain].get(self.placed[chain] as usize).copied()
    }

    /// Is everything placed that must come before it?
    fn is_ready(&self, number: usize) -> bool {
        self.clocks[number].spots().all(|spot| self.placed[spot.chain as usize] >= spot.at)
    }

    fn place(&mut self, number: usize) {
        let piece = &self.board.pieces[number];
        let Some(then) = self.leads_to(piece) else { return };
        self.placed[piece.spot.chain as usize] += 1;
        self.left -= usize::from(!piece.maybe);
        self.count(piece, |count| *count -= 1);
        self.order.push((number, std::mem::replace(&mut self.state[piece.key], then)));
    }

    /// Shortens the order to this length.
    fn take_back(&mut self, length: usize) {
        while self.order.len() > length {
            let Some((number, before)) = self.order.pop() else { return };
            let piece = &self.board.pieces[number];
            self.state[piece.key] = before;
            self.count(piece, |count| *count += 1);
            self.left += usize::from(!piece.maybe);
            self.placed[piece.spot.chain as usize] -= 1;
        }
    }

    fn count(&mut self, piece: &Piece, change: impl Fn(&mut u32)) {
        if let Some(value) = piece.op.needs().filter(|_| !piece.maybe)
            && let Some(demand) = self.demand.get_mut(&(piece.key, value))
        {
            change(&mut demand.readers);
        }
        if let Some(value) = piece.op.leaves()
            && let Some(demand) = self.demand.get_mut(&(piece.key, value))
        {
            change(&mut demand.writers);
        }
    }
}
