//! Writing a scenario anew while it is open.

use litemap::LiteMap;

use super::cast::roles;
use super::session::Session;
use crate::scenario::write::write_act;
use crate::scenario::{Script, Slip};
use crate::sim::{NodeId, Time};

impl Session {
    /// What is wrong with a scenario's text, if anything is.
    ///
    /// # Errors
    /// The first slip in it.
    pub fn check(text: &str) -> Result<Script, Slip> {
        let script = Script::read(text)?;
        script.check(text, &roles())?;
        Ok(script)
    }

    /// Puts another text in place of the scenario. The moment, the variant, the seed, the knobs that were turned and all
    /// that was done by hand stay, as far as the new text knows them.
    ///
    /// # Errors
    /// The first slip in the text, or the first act by hand that it leaves no room for; nothing changed then.
    pub fn rewrite(&mut self, text: &str) -> Result<(), Slip> {
        let script = Session::check(text)?;
        let names = |place: NodeId| self.run.names().of(place);
        let mut branches = self.branches.clone();
        branches.translate(|act| {
            let moved = script.read_acts(&[write_act(act, &names)]).map_err(|slip| {
                let what = format!("something done by hand has no place in this text: {}", slip.what);
                Slip::new(what, "Take it back in the list of acts, then apply again.")
            })?;
            Ok(moved.into_iter().next().unwrap_or_else(|| act.clone()))
        })?;
        let knows = |variant: &String| script.variant.iter().any(|other| other.name.get() == variant);
        let first = || script.variant.first().map(|variant| variant.name.get().clone());
        let variant = self.variant.clone().filter(knows).or_else(first);
        let mut other = Session {
            name: self.name.clone(),
            text: text.to_owned(),
            rewritten: true,
            script,
            variant,
            seed: self.seed,
            knobs: self.knobs.clone(),
            scripted: Vec::new(),
            branches,
            past: Vec::new(),
            future: Vec::new(),
            run: super::session::put_on(self.run.plan().clone())?,
            lanes: Vec::new(),
        };
        if other.plan().is_err() {
            // What was turned is of another protocol, or of another range.
            other.knobs = LiteMap::new();
        }
        let now = self.run.now();
        other.start_over()?;
        std::mem::swap(&mut self.lanes, &mut other.lanes);
        other.put_beside_again();
        let until = other.run.plan().until;
        other.run.seek(Time(now.0.min(until.0)), u32::MAX);
        *self = other;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Link;
    use crate::scenario::tree::Table;

    const ELECTION: &str = include_str!("../../scenarios/raft-election.toml");

    fn session() -> Session {
        let mut session = Session::open("raft-election", ELECTION).unwrap();
        session.run_mut().seek(Time(2_000_000), u32::MAX);
        session.act(Table::parse("crash = \"n5\"").unwrap()).unwrap();
        session
    }

    #[test]
    fn a_text_that_is_rewritten_keeps_the_moment_and_the_acts() {
        let mut session = session();
        let before = session.run().fingerprint();
        session.rewrite(ELECTION).unwrap();
        assert_eq!((session.run().now(), session.run().fingerprint()), (Time(2_000_000), before));
        session.rewrite(&ELECTION.replace("12ms", "19ms")).unwrap();
        assert_ne!(session.run().fingerprint(), before);
        assert_eq!(session.acts().iter().filter(|(_, by_hand)| *by_hand).count(), 1);
        let link = session.link(false, None).unwrap();
        let (opened, arrival) = Session::follow(&Link::read(&link).unwrap(), ELECTION).unwrap();
        assert_eq!(arrival.warning, None, "a link to a text that was rewritten carries it");
        assert_eq!(opened.run().fingerprint(), session.run().fingerprint());
    }

    #[test]
    fn what_a_text_has_no_room_for_is_said_and_nothing_is_lost() {
        let mut session = session();
        let before = session.run().fingerprint();
        let slip =
            session.rewrite(&ELECTION.replace("nodes = 5", "nodes = 3").replace("nodes    = 5", "nodes = 3"));
        assert!(slip.unwrap_err().what.contains("by hand"), "n5 crashed by hand and is no more");
        let slip = session.rewrite(&ELECTION.replace("protocol", "protocoll")).unwrap_err();
        assert!(slip.place.is_some(), "{slip}");
        assert_eq!(session.run().fingerprint(), before);
        assert_eq!(session.text(), ELECTION);
    }
}
