//! Runs beside the one that is played: another way that it has taken, or another variant under the same seed and acts.

use super::compare::difference;
use super::erased::Run;
use super::session::{Session, put_on};
use crate::scenario::plan::in_order;
use crate::scenario::{Overrides, Slip};
use crate::sim::Time;

/// What stands beside the run that is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    /// What was done by hand on another branch, by its place in the list.
    Branch(usize),
    /// Another variant, by name. What is done by hand is done to it as well.
    Variant(String),
}

pub struct Lane {
    pub against: Against,
    pub run: Box<dyn Run>,
}

/// So many may stand beside the run that is played.
pub const MOST_LANES: usize = 3;

impl Session {
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    pub fn lanes_mut(&mut self) -> &mut [Lane] {
        &mut self.lanes
    }

    /// The names of the variants that stand beside this one.
    pub fn variants_beside(&self) -> impl Iterator<Item = &str> {
        self.lanes.iter().filter_map(|lane| match &lane.against {
            Against::Variant(name) => Some(name.as_str()),
            Against::Branch(_) => None,
        })
    }

    /// Puts these beside the run, in place of all that stood there. Nothing stands beside itself.
    ///
    /// # Errors
    /// What is not there, or too much; then nothing changed.
    pub fn put_beside(&mut self, wanted: Vec<Against>) -> Result<(), Slip> {
        let mut lanes: Vec<Lane> = Vec::new();
        for against in wanted {
            if !self.is_here(&against) && !lanes.iter().any(|lane| lane.against == against) {
                lanes.push(Lane { run: self.run_of(&against)?, against });
            }
        }
        if lanes.len() > MOST_LANES {
            let what = format!("{} runs cannot stand beside each other", lanes.len() + 1);
            return Err(Slip::new(what, format!("At most {} can.", MOST_LANES + 1)));
        }
        self.lanes = lanes;
        self.follow_beside();
        Ok(())
    }

    /// What stands beside begins anew, with the seed of now; what is no longer there is gone.
    pub(super) fn put_beside_again(&mut self) {
        let wanted = std::mem::take(&mut self.lanes).into_iter().map(|lane| lane.against);
        for against in wanted.filter(|against| !self.is_here(against)).collect::<Vec<_>>() {
            // Another text may not know it, and nobody has asked for it now.
            if let Ok(run) = self.run_of(&against) {
                self.lanes.push(Lane { against, run });
            }
        }
        self.follow_beside();
    }

    /// Is it what is played?
    fn is_here(&self, against: &Against) -> bool {
        match against {
            Against::Branch(branch) => *branch == self.branches.current(),
            Against::Variant(name) => self.variant.as_ref() == Some(name),
        }
    }

    /// Brings what stands beside to the same moment, and variants to the same acts by hand: those of the script are each
    /// variant's own.
    pub fn follow_beside(&mut self) {
        let current = self.branches.list().get(self.branches.current());
        let by_hand = current.map_or(&[][..], |branch| &branch.acts);
        let now = self.run.now();
        for lane in &mut self.lanes {
            if matches!(lane.against, Against::Variant(_)) {
                let mut acts = lane.run.plan().acts.clone();
                acts.extend(by_hand.iter().cloned());
                in_order(&mut acts);
                if lane.run.acts() != acts {
                    lane.run.set_acts(acts);
                }
            }
            lane.run.seek(now, u32::MAX);
        }
    }

    /// Where the run and what stands beside it in this place part, as far as the run has been run, and what each does
    /// there. Nothing where they do not part, or play two protocols, which are two runs from the beginning.
    pub fn parted(&mut self, place: usize) -> Option<(Time, [String; 2])> {
        let lane = self.lanes.get_mut(place)?;
        if lane.run.plan().protocol != self.run.plan().protocol {
            return None;
        }
        // The run itself stays where it is: what nobody has seen of it is not a future yet.
        lane.run.seek(self.run.plan().until, u32::MAX);
        let parted = difference(&*self.run, &*lane.run);
        let told = parted.map(|parted| (parted.at, parted.told(&*self.run, &*lane.run)));
        lane.run.seek(self.run.now(), u32::MAX);
        told
    }

    /// Another branch or variant as a run of its own, at the beginning.
    fn run_of(&self, against: &Against) -> Result<Box<dyn Run>, Slip> {
        match against {
            Against::Variant(name) => {
                let over = Overrides { seed: self.seed, ..Overrides::default() };
                put_on(self.plan_of(Some(name), over)?)
            }
            Against::Branch(place) => {
                let mut run = put_on(self.plan()?)?;
                let Some(branch) = self.branches.list().get(*place) else {
                    return Err(Slip::new(format!("there is no branch {place}"), ""));
                };
                let mut acts = self.scripted.clone();
                acts.extend(branch.acts.iter().cloned());
                in_order(&mut acts);
                run.set_acts(acts);
                Ok(run)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::session::Change;
    use crate::scenario::tree::Table;

    const READS: &str = include_str!("../../scenarios/stale-leader-read.toml");

    fn variant(name: &str) -> Against {
        Against::Variant(name.to_owned())
    }

    #[test]
    fn an_act_by_hand_goes_to_all_variants() {
        let mut session = Session::open("stale-leader-read", READS).unwrap();
        session.put_beside(vec![variant("read index"), variant("through the log")]).unwrap();
        session.run_mut().seek(Time(3_000_000), u32::MAX);
        session.act(Table::parse("crash = \"n2\"").unwrap()).unwrap();
        session.run_mut().seek(Time(4_000_000), u32::MAX);
        session.follow_beside();
        assert!((0..2).all(|place| session.parted(place).is_some()));
        for lane in session.lanes() {
            assert_eq!(lane.run.now(), Time(4_000_000));
            assert_eq!(lane.run.acts(), session.run().acts());
        }
        session.undo();
        session.follow_beside();
        assert!(session.lanes().iter().all(|lane| lane.run.acts() == session.run().acts()));
    }

    #[test]
    fn another_seed_is_another_seed_for_all() {
        let mut session = Session::open("stale-leader-read", READS).unwrap();
        session.put_beside(vec![variant("read index")]).unwrap();
        session.change(Change { seed: Some(99), ..Change::default() }).unwrap();
        assert_eq!(session.lanes()[0].run.plan().seed, 99);
        session.change(Change { variant: Some("read index".to_owned()), ..Change::default() }).unwrap();
        assert!(session.lanes().is_empty(), "nothing stands beside itself");
    }

    #[test]
    fn what_is_not_there_cannot_stand_beside() {
        let mut session = Session::open("stale-leader-read", READS).unwrap();
        assert!(session.put_beside(vec![variant("none of these")]).is_err());
        assert!(session.put_beside(vec![Against::Branch(7)]).is_err());
        assert!(session.lanes().is_empty());
    }
}
