//! What a person does with a run: opens it, acts in it, takes back, turns knobs, and passes it on as a link.

use litemap::LiteMap;

use super::branches::Branches;
use super::cast::{self, roles};
use super::erased::Run;
use super::lanes::{Against, Lane};
use crate::scenario::plan::in_order;
use crate::scenario::{Act, LARGEST_SEED, Link, Overrides, Plan, Script, Slip, vocabulary, write};
use crate::sim::{ENGINE, NodeId, Time};

/// A scenario that is open, with all that was done to it.
pub struct Session {
    pub(super) name: String,
    pub(super) text: String,
    /// It is no longer the text that is kept under its name.
    pub(super) rewritten: bool,
    pub(super) script: Script,
    pub(super) variant: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) knobs: LiteMap<String, String>,
    /// The script's acts, the nemesis's among them.
    pub(super) scripted: Vec<Act>,
    /// What was done by hand, on every way the run has taken.
    pub(super) branches: Branches,
    /// What the branches were before each change, and what was taken back.
    pub(super) past: Vec<Branches>,
    pub(super) future: Vec<Branches>,
    pub(super) run: Box<dyn Run>,
    /// What stands beside it.
    pub(super) lanes: Vec<Lane>,
}

/// What a person may change about a run from its beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub variant: Option<String>,
    /// Replaces all that were turned before.
    pub knobs: Option<LiteMap<String, String>>,
    pub seed: Option<u64>,
}

/// A link, opened: where its sender was, and what to say about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    pub at: Option<Time>,
    pub warning: Option<String>,
}

/// Changes that can be taken back.
pub(super) const MEMORY: usize = 500;

impl Session {
    /// Opens a scenario file.
    ///
    /// # Errors
    /// The first slip in it.
    pub fn open(name: &str, text: &str) -> Result<Session, Slip> {
        let script = Script::read(text)?;
        script.check(text, &roles())?;
        let variant = script.variant.first().map(|variant| variant.name.get().clone());
        let plan = script.plan(text, &roles(), variant.as_deref(), &Overrides::default())?;
        let scripted = plan.acts.clone();
        let beside = script.beside.iter().map(|name| Against::Variant(name.get().clone())).collect();
        let mut session = Session {
            name: name.to_owned(),
            text: text.to_owned(),
            rewritten: false,
            script,
            variant,
            seed: None,
            knobs: LiteMap::new(),
            scripted,
            branches: Branches::new(Vec::new()),
            past: Vec::new(),
            future: Vec::new(),
            run: put_on(plan)?,
            lanes: Vec::new(),
        };
        session.put_beside(beside)?;
        Ok(session)
    }

    /// Opens a link; `text` is the scenario that is kept under the link's name.
    ///
    /// # Errors
    /// What is wrong with the scenario or with the link.
    pub fn follow(link: &Link, text: &str) -> Result<(Session, Arrival), Slip> {
        let text = link.text.as_deref().unwrap_or(text);
        let mut session = Session::open(&link.scenario, text)?;
        session.rewritten = link.text.is_some();
        let mut acts = session.script.read_acts(&link.acts)?;
        in_order(&mut acts);
        session.branches = Branches::new(acts);
        if let Some(branch) = &link.branch {
            session.branches.rename(0, branch);
        }
        session.variant = link.variant.clone().or(session.variant);
        session.seed = link.seed.map(|seed| seed.min(LARGEST_SEED));
        session.knobs = link.knobs.clone();
        session.start_over()?;
        if let Some(beside) = &link.beside {
            session.put_beside(beside.iter().cloned().map(Against::Variant).collect())?;
        }
        let mut arrival = Arrival { at: link.at, warning: None };
        if let (Some(at), Some(expected)) = (link.at, &link.fingerprint) {
            session.run.seek(at, u32::MAX);
            let same = session.run.fingerprint().hex() == *expected;
            // What is the same to its end has no later.
            let whole = same && at >= session.run.plan().until;
            arrival.warning = if whole { None } else { differs(same, link.other_engine()) };
        } else {
            arrival.warning = link.other_engine();
        }
        Ok((session, arrival))
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn script(&self) -> &Script {
        &self.script
    }

    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    pub fn run(&self) -> &dyn Run {
        &*self.run
    }

    pub fn run_mut(&mut self) -> &mut dyn Run {
        &mut *self.run
    }

    /// The plan of this variant, seed and knobs; acts by hand not among its acts.
    pub(super) fn plan(&self) -> Result<Plan, Slip> {
        let knobs = self.knobs.iter().map(|(name, setting)| (name.clone(), setting.clone())).collect();
        let over = Overrides { seed: self.seed, knobs, acts: Vec::new() };
        self.plan_of(self.variant.as_deref(), over)
    }

    pub(super) fn plan_of(&self, variant: Option<&str>, over: Overrides) -> Result<Plan, Slip> {
        self.script.plan(&self.text, &roles(), variant, &over)
    }

    /// Runs anew under the same acts and stays at the moment.
    pub(super) fn start_over(&mut self) -> Result<(), Slip> {
        let now = self.run.now();
        let plan = self.plan()?;
        self.scripted.clone_from(&plan.acts);
        self.run = put_on(plan)?;
        self.run.set_acts(self.acts().into_iter().map(|(act, _)| act).collect());
        self.run.seek(now, u32::MAX);
        self.put_beside_again();
        Ok(())
    }

    /// Turns a knob, takes another variant or seed. On a slip everything stays as it was.
    ///
    /// # Errors
    /// What cannot be had.
    pub fn change(&mut self, change: Change) -> Result<(), Slip> {
        let before = (self.variant.clone(), self.seed, self.knobs.clone());
        if let Some(variant) = change.variant {
            // Another variant is another setting of the knobs: what was turned by hand no longer stands.
            self.variant = Some(variant);
            self.knobs.clear();
        }
        self.seed = change.seed.or(self.seed);
        self.knobs = change.knobs.unwrap_or_else(|| std::mem::take(&mut self.knobs));
        let done = self.start_over();
        if done.is_err() {
            (self.variant, self.seed, self.knobs) = before;
        }
        done
    }

    /// Where each knob stands, as text, by the name of the knob.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let knobs = self.run.plan().knobs.iter();
        knobs.map(|(name, setting)| (name, vocabulary::write_setting(setting))).collect()
    }

    /// The run as a link, at the present moment.
    ///
    /// # Errors
    /// When it would be too long.
    pub fn link(&self, whole: bool, view: Option<&str>) -> Result<String, Slip> {
        let first = self.script.variant.first().map(|variant| variant.name.get());
        let names = |place: NodeId| self.run.names().of(place);
        Link {
            scenario: self.name.clone(),
            text: (whole || self.rewritten).then(|| self.text.clone()),
            variant: self.variant.clone().filter(|variant| Some(variant) != first),
            seed: self.seed,
            knobs: self.knobs.clone(),
            beside: self.beside_for_a_link(),
            branch: (self.branches.list().len() > 1)
                .then(|| self.branches.list()[self.branches.current()].name.clone()),
            acts: self.branches.acts().iter().map(|act| write::write_act(act, &names)).collect(),
            at: Some(self.run.now()),
            view: view.map(str::to_owned),
            fingerprint: Some(self.run.fingerprint().hex()),
            engine: ENGINE,
        }
        .write()
    }

    /// The variants that stand beside, unless they are those that the script puts there.
    fn beside_for_a_link(&self) -> Option<Vec<String>> {
        let scripted = self.script.beside.iter().map(|name| name.get().as_str());
        let scripted = scripted.filter(|name| Some(*name) != self.variant());
        (!self.variants_beside().eq(scripted)).then(|| self.variants_beside().map(str::to_owned).collect())
    }

    /// The scenario as a file that does by itself what was done by hand.
    pub fn as_file(&self) -> String {
        let names = |place: NodeId| self.run.names().of(place);
        let mut file = self.text.trim_end().to_owned();
        for act in self.branches.acts() {
            file.push_str(&format!("\n\n[[act]]\n{}", write::write_act(act, &names).to_toml().trim_end()));
        }
        file.push('\n');
        file
    }
}

/// What to say of a link whose run is the same up to its moment, or not, and whose engine is another, or not.
fn differs(same: bool, engine: Option<String>) -> Option<String> {
    match (same, engine) {
        (true, None) => None,
        (true, Some(engine)) => {
            Some(format!("Up to this moment it is what the sender saw; later it may not be. {engine}"))
        }
        (false, Some(engine)) => Some(format!("This is not what the sender saw. {engine}")),
        (false, None) => Some(
            "This is not what the sender saw: the scenario (or this Faultline) is another version."
                .to_owned(),
        ),
    }
}

pub(super) fn put_on(plan: Plan) -> Result<Box<dyn Run>, Slip> {
    cast::play(plan).ok_or_else(|| Slip::new("the protocol is not in the cast", ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tree::Table;

    const ELECTION: &str = include_str!("../../scenarios/raft-election.toml");

    fn session() -> Session {
        Session::open("raft-election", ELECTION).unwrap()
    }

    fn deed(text: &str) -> Table {
        Table::parse(text).unwrap()
    }

    fn at(session: &mut Session, seconds: u64) -> String {
        session.run_mut().seek(Time(seconds * 1_000_000), u32::MAX);
        session.run().fingerprint().hex()
    }

    #[test]
    fn a_link_opens_to_the_same_run() {
        let mut sent = session();
        sent.change(Change {
            variant: Some("random timeouts".to_owned()),
            seed: Some(99),
            ..Change::default()
        })
        .unwrap();
        at(&mut sent, 2);
        sent.act(deed("cut = [[\"n1\", \"n2\", \"ana\"], [\"n3\", \"n4\", \"n5\", \"ben\"]]")).unwrap();
        at(&mut sent, 3);
        sent.act(deed("crash = \"n3\"")).unwrap();
        sent.act(deed("ask = { node = \"n4\", op = \"write x 5\" }")).unwrap();
        at(&mut sent, 5);
        let link = sent.link(false, None).unwrap();
        assert!(link.len() < 600, "{}", link.len());
        let (mut opened, arrival) = Session::follow(&Link::read(&link).unwrap(), ELECTION).unwrap();
        assert_eq!(arrival, Arrival { at: Some(Time(5_000_000)), warning: None });
        assert_eq!(at(&mut opened, 12), at(&mut sent, 12));
    }

    #[test]
    fn another_version_of_the_scenario_is_said_loudly() {
        let mut sent = session();
        at(&mut sent, 3);
        let link = Link::read(&sent.link(false, None).unwrap()).unwrap();
        let other = ELECTION.replace("12ms", "13ms");
        let (_, arrival) = Session::follow(&link, &other).unwrap();
        assert!(arrival.warning.unwrap().contains("not what the sender saw"));
    }

    #[test]
    fn another_engine_is_said_with_what_changed() {
        let mut sent = session();
        at(&mut sent, 3);
        let mut link = Link::read(&sent.link(false, None).unwrap()).unwrap();
        link.engine = 1;
        let warning = |link: &Link| Session::follow(link, ELECTION).unwrap().1.warning.unwrap();
        let same = warning(&link);
        assert!(same.contains("Up to this moment") && same.contains("share the next one"), "{same}");
        link.fingerprint = Some("00ff".to_owned());
        let other = warning(&link);
        assert!(other.contains("not what the sender saw") && other.contains("engine 1"), "{other}");
        at(&mut sent, 60);
        let mut whole = Link::read(&sent.link(false, None).unwrap()).unwrap();
        whole.engine = 1;
        assert_eq!(Session::follow(&whole, ELECTION).unwrap().1.warning, None, "the whole run is the same");
    }

    #[test]
    fn sixty_acts_fit_into_a_link() {
        let mut session = session();
        for n in 0..60u64 {
            session.run_mut().seek(Time(200_000 + n * 317_431), u32::MAX);
            let node = format!("n{}", 1 + n * 7 % 5);
            let act = match n % 6 {
                0 => format!("crash = \"{node}\""),
                1 => format!("restart = \"n{}\"", 1 + (n - 1) * 7 % 5),
                2 => format!(
                    "cut = [[\"{node}\"], [\"n{}\", \"n{}\"]]",
                    1 + (n + 1) * 7 % 5,
                    1 + (n + 2) * 7 % 5
                ),
                3 => "heal = \"all\"".to_owned(),
                4 => format!("weather = {{ loss = 0.{n:02} }}"),
                _ => format!("clock = {{ node = \"{node}\", jump = \"-{n}ms\" }}"),
            };
            session.act(deed(&act)).unwrap();
        }
        let link = session.link(false, None).unwrap();
        assert!(link.len() <= 2_000, "{} characters", link.len());
    }

    #[test]
    fn what_is_done_can_be_undone_and_done_again() {
        let mut session = session();
        at(&mut session, 2);
        let before = at(&mut session, 2);
        session.act(deed("crash = \"n1\"")).unwrap();
        let crashed = at(&mut session, 4);
        assert!(session.undo());
        let calm = at(&mut session, 4);
        assert_ne!(crashed, calm);
        assert!(session.redo());
        assert_eq!(at(&mut session, 4), crashed);
        let place = session.acts().iter().position(|(_, by_hand)| *by_hand).unwrap();
        session.remove(place);
        assert_eq!(at(&mut session, 4), calm);
        assert_eq!(at(&mut session, 2), before);
    }

    #[test]
    fn a_slip_changes_nothing() {
        let mut session = session();
        let before = at(&mut session, 3);
        let knobs = LiteMap::from_iter([("spread".to_owned(), "very".to_owned())]);
        assert!(session.change(Change { knobs: Some(knobs), ..Change::default() }).is_err());
        assert!(session.change(Change { variant: Some("none".to_owned()), ..Change::default() }).is_err());
        assert!(session.act(deed("crash = \"n9\"")).unwrap_err().what.contains("nobody is called"));
        assert_eq!(at(&mut session, 3), before);
        assert!(!session.can_undo());
    }

    #[test]
    fn a_saved_file_does_by_itself_what_was_done_by_hand() {
        let mut session = session();
        at(&mut session, 2);
        session.act(deed("slow = { node = \"n2\", times = 20.0 }")).unwrap();
        session.act(deed("cut = { from = [\"n1\"], to = [\"n2\", \"n3\"] }")).unwrap();
        let mut saved = Session::open("mine", &session.as_file()).unwrap();
        assert_eq!(at(&mut saved, 9), at(&mut session, 9));
    }
}
