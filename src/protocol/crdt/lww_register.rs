//! A register whose last writer wins.

/// A value and its stamp; of two the one with the greater stamp stays (Shapiro et al. 2011, specification 8). Stamps
/// must be unique: of two values with the same stamp it is undefined which stays. Whether the greater stamp is that of
/// the later write is a matter of the clock that made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LwwRegister<S, T> {
    stamp: S,
    value: T,
}

impl<S: Ord + Clone, T: Clone> LwwRegister<S, T> {
    /// A register that was written once.
    pub fn new(stamp: S, value: T) -> LwwRegister<S, T> {
        LwwRegister { stamp, value }
    }

    pub fn stamp(&self) -> &S {
        &self.stamp
    }

    pub fn value(&self) -> &T {
        &self.value
    }

    /// Keeps the value with the greater stamp.
    pub fn merge(&mut self, other: &LwwRegister<S, T>) {
        if other.stamp > self.stamp {
            *self = other.clone();
        }
    }
}
