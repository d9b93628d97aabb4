//! The futures of a run: whoever acts in the past takes another way there, and the way taken before is kept.

use crate::scenario::{Act, plan::in_order};
use crate::sim::Time;

/// One way the run can go: what was done by hand on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    pub name: String,
    /// In order of time.
    pub acts: Vec<Act>,
    /// The branch it left, and when.
    pub from: Option<(usize, Time)>,
}

/// All of them, and the one that is played. There is always one.
#[derive(Clone, Debug, PartialEq)]
pub struct Branches {
    list: Vec<Branch>,
    current: usize,
}

/// More are not kept: the oldest that nobody stands on and nobody left goes first.
pub const MOST: usize = 24;
const LONGEST_NAME: usize = 60;

impl Branches {
    /// One branch, with these acts.
    pub fn new(acts: Vec<Act>) -> Branches {
        Branches { list: vec![Branch { name: "first".to_owned(), acts, from: None }], current: 0 }
    }

    pub fn list(&self) -> &[Branch] {
        &self.list
    }

    pub fn current(&self) -> usize {
        self.current
    }

    /// What was done by hand on the branch that is played.
    pub fn acts(&self) -> &[Act] {
        &self.list[self.current].acts
    }

    /// Replaces the acts of the branch that is played.
    pub fn replace(&mut self, acts: Vec<Act>) {
        self.list[self.current].acts = acts;
    }

    /// Puts an act on the branch that is played; after others of its time.
    pub fn act(&mut self, act: Act) {
        let acts = &mut self.list[self.current].acts;
        acts.push(act);
        in_order(acts);
    }

    /// Leaves the branch at this moment for a new one, which shares its acts until then.
    pub fn fork(&mut self, at: Time, name: &str) {
        let shared = self.acts().iter().filter(|act| act.at <= at).cloned().collect();
        let from = Some((self.current, at));
        self.list.push(Branch { name: shortened(name), acts: shared, from });
        self.current = self.list.len() - 1;
        if self.list.len() > MOST {
            self.thin_out();
        }
    }

    /// Puts another act in place of each, on every branch.
    ///
    /// # Errors
    /// The first that `other` has; some may have been replaced then.
    pub fn translate<E>(&mut self, other: impl Fn(&Act) -> Result<Act, E>) -> Result<(), E> {
        for branch in &mut self.list {
            branch.acts = branch.acts.iter().map(&other).collect::<Result<_, E>>()?;
        }
        Ok(())
    }

    /// Plays another branch; false if there is no such.
    pub fn switch(&mut self, to: usize) -> bool {
        let there = to < self.list.len() && to != self.current;
        if there {
            self.current = to;
        }
        there
    }

    pub fn rename(&mut self, branch: usize, name: &str) {
        if let Some(branch) = self.list.get_mut(branch)
            && !name.trim().is_empty()
        {
            branch.name = shortened(name);
        }
    }

    /// Gives a branch up, if nobody stands on it; those that left it are then said to have left what it left.
    pub fn remove(&mut self, gone: usize) -> bool {
        if gone == self.current || gone >= self.list.len() || self.list.len() == 1 {
            return false;
        }
        let from = self.list[gone].from;
        self.list.remove(gone);
        for branch in &mut self.list {
            branch.from = match branch.from {
                Some((parent, at)) if parent == gone => from.map(|(parent, left)| (parent, left.min(at))),
                other => other,
            };
            if let Some((parent, _)) = &mut branch.from
                && *parent > gone
            {
                *parent -= 1;
            }
        }
        if self.current > gone {
            self.current -= 1;
        }
        true
    }

    fn thin_out(&mut self) {
        let left =
            |index: usize| self.list.iter().any(|branch| branch.from.is_some_and(|(from, _)| from == index));
        if let Some(oldest) = (0..self.list.len()).find(|index| *index != self.current && !left(*index)) {
            self.remove(oldest);
        }
    }
}

fn shortened(name: &str) -> String {
    name.trim().chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(at: u64) -> Act {
        Act { at: Time(at), deed: None, say: Some(at.to_string()) }
    }

    #[test]
    fn a_fork_shares_the_past_and_keeps_the_future() {
        let mut branches = Branches::new(vec![act(1), act(5)]);
        branches.fork(Time(3), "another way");
        branches.act(act(4));
        assert_eq!(branches.acts(), [act(1), act(4)]);
        assert!(branches.switch(0));
        assert_eq!(branches.acts(), [act(1), act(5)]);
        assert_eq!(branches.list()[1].from, Some((0, Time(3))));
    }

    #[test]
    fn a_branch_that_goes_leaves_its_children_to_its_parent() {
        let mut branches = Branches::new(vec![]);
        branches.fork(Time(5), "second");
        branches.fork(Time(3), "third");
        assert!(!branches.remove(2), "somebody stands on it");
        assert!(branches.remove(1));
        assert_eq!((branches.current(), branches.list()[1].from), (1, Some((0, Time(3)))));
    }

    #[test]
    fn not_more_are_kept_than_can_be_looked_through() {
        let mut branches = Branches::new(vec![act(1)]);
        for at in 0..100 {
            branches.switch(0);
            branches.fork(Time(at), "one more");
        }
        assert_eq!(branches.list().len(), MOST);
        assert_eq!(branches.list()[branches.current()].from, Some((0, Time(99))));
    }
}
