//! How much a search may take, and how much it took: steps and bytes, the same on every machine.

/// Bytes that a search may hold unless told otherwise: a quarter of a gigabyte.
pub const BYTES: u64 = 1 << 28;

/// The most that a search may take. Time alone is no bound: a step of some searches remembers a whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    pub steps: u64,
    /// Logical bytes: 8 for each number that is remembered, whatever it takes on this machine, so that an answer
    /// is the same natively and in a browser.
    pub bytes: u64,
}

/// What was taken so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Steps of all searches together.
    pub steps: u64,
    /// The most logical bytes that one search held.
    pub bytes: u64,
}

impl Budget {
    /// So many steps, and the usual number of bytes.
    pub const fn steps(steps: u64) -> Budget {
        Budget { steps, bytes: BYTES }
    }
}

impl Spent {
    /// A search holds so many bytes now. True while that and the steps are within the budget.
    pub fn allows(&mut self, held: u64, budget: Budget) -> bool {
        self.bytes = self.bytes.max(held);
        self.steps < budget.steps && held <= budget.bytes
    }
}
