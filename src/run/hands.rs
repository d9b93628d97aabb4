//! What hands do to a run that is open: acts, and every way the run takes because of them.

use super::branches::Branches;
use super::lanes::Against;
use super::session::{MEMORY, Session};
use crate::scenario::plan::in_order;
use crate::scenario::tree::Table;
use crate::scenario::{Act, Slip, length};
use crate::sim::{Links, Micros, NodeId};

impl Session {
    /// Every act in order of time, and whether it is by hand.
    pub fn acts(&self) -> Vec<(Act, bool)> {
        let by_hand = self.branches.acts();
        let mut acts = Vec::with_capacity(self.scripted.len() + by_hand.len());
        let mut hands = by_hand.iter().peekable();
        for scripted in &self.scripted {
            while let Some(act) = hands.next_if(|act| act.at < scripted.at) {
                acts.push((act.clone(), true));
            }
            acts.push((scripted.clone(), false));
        }
        acts.extend(hands.map(|act| (act.clone(), true)));
        acts
    }

    /// The ways the run has taken.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// Does something to the world at the present moment, as a script would write it. In the past this takes another
    /// way from there; the way taken before stays as a branch.
    ///
    /// # Errors
    /// What is wrong with the act.
    pub fn act(&mut self, mut deed: Table) -> Result<(), Slip> {
        let now = self.run.now();
        self.run.seek(now, u32::MAX);
        deed.insert("at", length::write(Micros(now.0)));
        let Some(act) = self.script.read_acts(&[deed])?.into_iter().next() else { return Ok(()) };
        let mut branches = self.branches.clone();
        // What lies ahead is only a future if somebody has seen it.
        if self.run.end() > now {
            let name = act.deed.as_ref().map_or_else(String::new, |deed| self.run.names().deed(deed));
            branches.fork(now, &format!("{name}, {now}"));
        }
        branches.act(act);
        self.replace(branches);
        Ok(())
    }

    /// What has to heal so that `node` is with `other` again, and with everybody whom `other` hears and who hears it;
    /// `None` if nothing parts them.
    pub fn rejoins(&self, node: NodeId, other: NodeId) -> Option<Links> {
        let (network, names) = (self.run.network(), self.run.names());
        let parted = |a: NodeId, b: NodeId| network.is_cut(a, b) || network.is_held(a, b);
        let apart = |a: NodeId, b: NodeId| parted(a, b) || parted(b, a);
        let places = (0..names.nodes + names.clients.len() as u16).map(NodeId);
        let group: Vec<NodeId> = places.filter(|place| *place != node && !apart(*place, other)).collect();
        group.iter().any(|member| apart(node, *member)).then(|| Links::Between(vec![vec![node], group]))
    }

    /// Removes the act at this place of [`Session::acts`], if it is by hand.
    pub fn remove(&mut self, place: usize) {
        if let Some(mine) = self.by_hand(place) {
            let mut branches = self.branches.clone();
            let mut acts = branches.acts().to_vec();
            acts.remove(mine);
            branches.replace(acts);
            self.replace(branches);
        }
    }

    /// Puts another act in place of the one at this place of [`Session::acts`], if it is by hand.
    ///
    /// # Errors
    /// What is wrong with the new one; the old one stays then.
    pub fn edit(&mut self, place: usize, act: Table) -> Result<(), Slip> {
        let Some(mine) = self.by_hand(place) else { return Ok(()) };
        let Some(act) = self.script.read_acts(&[act])?.into_iter().next() else { return Ok(()) };
        if act.at > self.run.plan().until {
            return Err(Slip::new("this act comes after the end", "The run ends at `until`."));
        }
        let mut branches = self.branches.clone();
        let mut acts = branches.acts().to_vec();
        acts[mine] = act;
        in_order(&mut acts);
        branches.replace(acts);
        self.replace(branches);
        Ok(())
    }

    /// The place among the acts by hand of an act in [`Session::acts`]; `None` if the script does it.
    fn by_hand(&self, place: usize) -> Option<usize> {
        let acts = self.acts();
        acts.get(place).filter(|(_, by_hand)| *by_hand)?;
        Some(acts[..place].iter().filter(|(_, by_hand)| *by_hand).count())
    }

    /// Plays another branch, and stays at the moment.
    pub fn switch(&mut self, to: usize) -> bool {
        let mut branches = self.branches.clone();
        let there = branches.switch(to);
        if there {
            self.replace(branches);
            // Nothing stands beside itself.
            self.lanes.retain(|lane| lane.against != Against::Branch(to));
        }
        there
    }

    pub fn rename(&mut self, branch: usize, name: &str) {
        self.branches.rename(branch, name);
    }

    /// Gives a branch up that nobody stands on.
    pub fn prune(&mut self, branch: usize) -> bool {
        let mut branches = self.branches.clone();
        let done = branches.remove(branch);
        if done {
            // Branches are known by their place in the list, and that changes.
            self.lanes.retain(|lane| matches!(lane.against, Against::Variant(_)));
            self.replace(branches);
        }
        done
    }

    fn replace(&mut self, branches: Branches) {
        self.future.clear();
        self.past.push(std::mem::replace(&mut self.branches, branches));
        if self.past.len() > MEMORY {
            self.past.remove(0);
        }
        self.rerun();
    }

    fn rerun(&mut self) {
        self.run.set_acts(self.acts().into_iter().map(|(act, _)| act).collect());
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Takes the last change of the acts back; the moment stays.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.branches, before));
        self.rerun();
        true
    }

    pub fn redo(&mut self) -> bool {
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.branches, after));
        self.rerun();
        true
    }
}
