//! The contents of messages in flight, kept apart from their envelopes.

/// A slab of letters, each read once for every copy of its envelope.
#[derive(Clone, Debug)]
pub(super) struct Letters<L> {
    slots: Vec<Option<(L, u32)>>,
    free: Vec<u32>,
}

impl<L> Default for Letters<L> {
    fn default() -> Self {
        Letters { slots: Vec::new(), free: Vec::new() }
    }
}

impl<L: Clone> Letters<L> {
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn keep(&mut self, letter: L) -> u32 {
        match self.free.pop() {
            Some(place) => {
                self.slots[place as usize] = Some((letter, 1));
                place
            }
            None => {
                self.slots.push(Some((letter, 1)));
                self.slots.len() as u32 - 1
            }
        }
    }

    /// The letter will be read `more` times more.
    pub fn copied(&mut self, place: u32, more: u32) {
        if let Some((_, copies)) = &mut self.slots[place as usize] {
            *copies += more;
        }
    }

    pub fn peek(&self, place: u32) -> Option<&L> {
        self.slots.get(place as usize)?.as_ref().map(|(letter, _)| letter)
    }

    /// Hands one copy out.
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub fn take(&mut self, place: u32) -> L {
        let slot = &mut self.slots[place as usize];
        match slot {
            Some((letter, copies)) if *copies > 1 => {
                *copies -= 1;
                letter.clone()
            }
            _ => {
                self.free.push(place);
                slot.take().expect("an envelope in flight has its letter").0
            }
        }
    }

    /// One copy less will be read.
    pub fn forget(&mut self, place: u32) {
        drop(self.take(place));
    }
}
