//! Script to plan: every name looked up, every default filled in.

use super::act::ActText;
use super::ask::read_level;
use super::at::At;
use super::client::check_load;
use super::fields::Reads;
use super::people::People;
use super::plan::{Act, Client, Expect, Objectives, Plan, in_order};
use super::script::{KnobText, Named, Script, VariantText};
use super::slip::Slip;
use super::tree::Table;
use super::vocabulary::{self, Role};
use super::weather::Ratio;
use crate::sim::{Knobs, Level, Limits, Machine, Micros, NodeId, Time};

/// What a person changed without touching the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    pub seed: Option<u64>,
    /// Knob and setting, as text.
    pub knobs: Vec<(String, String)>,
    /// Acts by hand, in order of time.
    pub acts: Vec<Act>,
}

/// The largest seed: what a number in JavaScript holds exactly.
pub const LARGEST_SEED: u64 = (1 << 53) - 1;
pub const MOST_NODES: u16 = 1_000;
const MOST_CLIENTS: usize = 100;
const MOST_ACTS: usize = 10_000;
const MOST_BESIDE: usize = 3;
const LONGEST_RUN: Micros = Micros::from_secs(3_600);

impl Script {
    /// What a run needs to know, with this variant (the first, if none is named).
    ///
    /// # Errors
    /// The first slip. `text` is the file that the script was read from.
    pub fn plan(
        &self,
        text: &str,
        roles: &[Role],
        variant: Option<&str>,
        over: &Overrides,
    ) -> Result<Plan, Slip> {
        self.check_numbers(text)?;
        let names = self.clients();
        let people = People { text, nodes: *self.nodes.get(), clients: &names, zones: &[] };
        let zones = self.zones(&people)?;
        let people = People { zones: &zones, ..people };
        self.check_names(&people)?;
        self.check_beside(text)?;
        self.check_only(text)?;
        self.lesson.as_ref().map_or(Ok(()), |lesson| lesson.check(text, &self.variant))?;
        let seed = over.seed.unwrap_or(*self.seed.get()).min(LARGEST_SEED);
        let chosen = self.choose(variant)?;
        let played = |name: &At<String>| {
            vocabulary::role(roles, name.get()).map_err(|slip| slip.at(text, name.offset()))
        };
        let own = played(&self.protocol)?;
        let role = chosen.and_then(|variant| variant.protocol.as_ref()).map_or(Ok(own), played)?;
        let (machines, disks) = self.machines(&people, role)?;
        // A caption may speak of what only another protocol of the script promises.
        let others: Vec<&Role> =
            self.variant.iter().filter_map(|v| v.protocol.as_ref()).map(played).collect::<Result<_, _>>()?;
        let promise = |name: &str| match others.iter().any(|other| other.promise(name).is_ok()) {
            true => Ok(()),
            false => own.promise(name),
        };
        // All are read, so that a slip in one that is for another variant is found, too.
        let mut captions = Vec::with_capacity(self.caption.len());
        for caption in &self.caption {
            let means = caption.mean(&people, promise)?;
            captions.extend(caption.variant.is_for(chosen).then_some(means));
        }
        let clients = self.clients_at_level(&people, chosen, role)?;
        check_load(&self.client, &clients, text)?;
        let until = Time(self.until.get().0.0);
        Ok(Plan {
            protocol: role.name.to_owned(),
            seed,
            until,
            network: self.network.quality(),
            limits: Limits { events: 2_000_000, ..Limits::default() },
            machines,
            disks,
            clients,
            knobs: self.knobs(text, own, role, chosen, over)?,
            acts: self.acts(&people, seed, chosen, over)?,
            captions,
            expect: self.expect(text, role, chosen)?,
            zones: zones.clone(),
            objectives: self
                .objectives
                .as_ref()
                .map_or(Ok(Objectives::default()), |o| o.mean(text, until))?,
        })
    }

    /// The clients, served at the level that the variant names.
    fn clients_at_level(
        &self,
        people: &People<'_>,
        variant: Option<&VariantText>,
        role: &Role,
    ) -> Result<Vec<Client>, Slip> {
        let clients = self.client.iter().enumerate().map(|(i, client)| client.mean(i, people));
        let mut clients: Vec<Client> = clients.collect::<Result<_, _>>()?;
        if let Some(written) = variant.and_then(|variant| variant.level.as_ref()) {
            let level = read_level(written, people.text)?;
            role.serve(level).map_err(|slip| slip.at(people.text, written.offset()))?;
            for client in &mut clients {
                client.level = level;
                client.asks.iter_mut().for_each(|ask| ask.level = Level::Set);
            }
        }
        let mut pairs = self.client.iter().zip(&clients);
        pairs.try_for_each(|(written, client)| written.check_levels(client, role, people.text))?;
        Ok(clients)
    }

    /// The names of the clients.
    pub fn clients(&self) -> Vec<String> {
        self.client.iter().map(|client| client.name.get().clone()).collect()
    }

    /// Acts that were not written in the file: by hand, or in a link. Slips about them have no place.
    ///
    /// # Errors
    /// The first slip.
    pub fn read_acts(&self, acts: &[Table]) -> Result<Vec<Act>, Slip> {
        let names = self.clients();
        let people = People { text: "", nodes: *self.nodes.get(), clients: &names, zones: &[] };
        let read = |act: &Table| {
            let act = ActText::read(&At::new(act.clone().into(), 0)).map_err(|slip| slip.unplaced())?;
            act.variant.check("", &self.variant).map_err(|slip| Slip { place: None, ..slip })?;
            act.mean(&people).map_err(|slip| Slip { place: None, ..slip })
        };
        let acts: Vec<Vec<Act>> = acts.iter().map(read).collect::<Result<_, _>>()?;
        Ok(acts.into_iter().flatten().collect())
    }

    /// Checks everything at once: every variant, every act.
    pub fn check(&self, text: &str, roles: &[Role]) -> Result<(), Slip> {
        self.plan(text, roles, None, &Overrides::default())?;
        for variant in &self.variant {
            self.plan(text, roles, Some(variant.name.get()), &Overrides::default())?;
        }
        self.check_objectives(roles)
    }

    /// An objective that no variant names is judged nowhere.
    fn check_objectives(&self, roles: &[Role]) -> Result<(), Slip> {
        let (Some(objectives), false) = (&self.objectives, self.variant.is_empty()) else { return Ok(()) };
        let names = |promise: &str| {
            let mut named =
                self.variant.iter().flat_map(|variant| variant.holds.iter().chain(&variant.violates));
            // How long convergence may take is said by `recovery`, too.
            named.any(|name| {
                name.get() == promise || promise == "recovers in time" && name.get() == "replicas converge"
            })
        };
        let known = roles.first().map_or(&[][..], |role| role.objectives);
        match known.iter().find(|(promise, key)| objectives.states(key) && !names(promise)) {
            Some((promise, key)) => Err(Slip::new(
                format!("the objective `{key}` is judged in no variant"),
                format!("Name {promise:?} in a variant's `holds` or `violates`."),
            )),
            None => Ok(()),
        }
    }

    fn check_numbers(&self, text: &str) -> Result<(), Slip> {
        if self.until.get().0 > LONGEST_RUN || self.until.get().0 == Micros::ZERO {
            return Err(self.until.slip(
                text,
                "a run takes between 1 µs and one hour",
                "Write something like \"12s\".",
            ));
        }
        let counts = [
            (self.client.len(), MOST_CLIENTS, "clients"),
            (self.act.len(), MOST_ACTS, "acts"),
            (self.caption.len(), 1_000, "captions"),
            (self.variant.len(), 50, "variants"),
        ];
        for (count, most, what) in counts {
            if count > most {
                return Err(Slip::new(
                    format!("{count} {what} are too many"),
                    format!("At most {most} are possible."),
                ));
            }
        }
        Ok(())
    }

    /// Clients and variants need names of their own.
    fn check_names(&self, people: &People<'_>) -> Result<(), Slip> {
        for (i, client) in self.client.iter().enumerate() {
            people.check_name("client", &client.name)?;
            let name = client.name.get();
            if people.clients[..i].contains(name) {
                return Err(client.name.slip(
                    people.text,
                    format!("two clients are called {name:?}"),
                    "Choose another name.",
                ));
            }
        }
        for (i, variant) in self.variant.iter().enumerate() {
            if self.variant[..i].iter().any(|other| other.name.get() == variant.name.get()) {
                return Err(variant.name.slip(
                    people.text,
                    format!("two variants are called {:?}", variant.name.get()),
                    "Choose another name.",
                ));
            }
        }
        Ok(())
    }

    fn check_beside(&self, text: &str) -> Result<(), Slip> {
        for name in &self.beside {
            self.choose(Some(name.get())).map_err(|slip| slip.at(text, name.offset()))?;
        }
        match self.beside.get(MOST_BESIDE) {
            Some(one) => {
                Err(one.slip(text, "too many stand beside each other", "Four at most, with the first."))
            }
            None => Ok(()),
        }
    }

    /// Whether acts and captions are for variants that there are.
    fn check_only(&self, text: &str) -> Result<(), Slip> {
        let acts = self.act.iter().map(|act| &act.variant);
        let captions = self.caption.iter().map(|caption| &caption.variant);
        acts.chain(captions).try_for_each(|only| only.check(text, &self.variant))
    }

    fn choose(&self, variant: Option<&str>) -> Result<Option<&VariantText>, Slip> {
        let Some(name) = variant else { return Ok(self.variant.first()) };
        let known: Vec<&str> = self.variant.iter().map(|variant| variant.name.get().as_str()).collect();
        let found = self.variant.iter().find(|variant| variant.name.get() == name);
        found.map(Some).ok_or_else(|| Slip::unknown("variant", name, &known))
    }

    fn machines(&self, people: &People<'_>, role: &Role) -> Result<(Vec<Machine>, Vec<String>), Slip> {
        let common = self.machine.over(Machine::default());
        let mut machines = vec![common; people.nodes.into()];
        let disk = |disk: &Option<At<String>>| match disk {
            None => Ok(None),
            Some(disk) => match (role.disk)(disk.get()) {
                Ok(()) => Ok(Some(disk.get().clone())),
                Err(what) => Err(disk.slip(people.text, what, "")),
            },
        };
        let mut disks = vec![disk(&self.machine.disk)?.unwrap_or_default(); people.nodes.into()];
        for (name, machine) in &self.node.0 {
            let NodeId(id) = people.node(name)?;
            machines[id as usize] = machine.over(common);
            if let Some(disk) = disk(&machine.disk)? {
                disks[id as usize] = disk;
            }
        }
        Ok((machines, disks))
    }

    fn knobs(
        &self,
        text: &str,
        own: &Role,
        role: &Role,
        variant: Option<&VariantText>,
        over: &Overrides,
    ) -> Result<Knobs, Slip> {
        // The file's knobs are its own protocol's, and are checked as such even if a variant plays another.
        let mut knobs = Knobs::defaults(own.knobs);
        turn(&mut knobs, text, own, &self.knobs)?;
        if own.name != role.name {
            knobs = Knobs::defaults(role.knobs);
        }
        if let Some(variant) = variant {
            turn(&mut knobs, text, role, &variant.knobs)?;
        }
        // What was turned by hand stays as it was turned: the protocol cuts it down.
        let file = Some(&self.knobs).filter(|_| own.name == role.name);
        let lists = variant.map(|variant| &variant.knobs).into_iter().chain(file);
        let written =
            |name: &str| lists.clone().flat_map(|list| &list.0).find(|(knob, _)| knob.get() == name);
        if let Some(misfit) = (role.misfit)(&knobs, *self.nodes.get(), &|name: &str| written(name).is_some())
        {
            let slip = Slip::new(misfit.what, misfit.hint);
            let place = written(misfit.knob).map(|(_, value)| value.offset());
            return Err(place.map_or(slip.clone(), |place| slip.at(text, place)));
        }
        for (name, value) in &over.knobs {
            let knob = role.knob(name)?;
            knobs.set(knob.name, vocabulary::setting(knob, value)?);
        }
        Ok(knobs)
    }

    fn acts(
        &self,
        people: &People<'_>,
        seed: u64,
        variant: Option<&VariantText>,
        over: &Overrides,
    ) -> Result<Vec<Act>, Slip> {
        let mut acts = Vec::with_capacity(self.act.len());
        for act in &self.act {
            if act.at.get().0 > self.until.get().0 {
                return Err(act.at.slip(
                    people.text,
                    "this act comes after the end",
                    "The run ends at `until`.",
                ));
            }
            let means = act.mean(people)?;
            if act.variant.is_for(variant) {
                acts.extend(means);
            }
        }
        if let Some(nemesis) = &self.nemesis {
            acts.extend(nemesis.mean(people.text)?.acts(seed, people.nodes));
        }
        acts.extend(over.acts.iter().cloned());
        // Acts by hand come behind the script's of the same microsecond.
        in_order(&mut acts);
        Ok(acts)
    }

    fn expect(&self, text: &str, role: &Role, variant: Option<&VariantText>) -> Result<Expect, Slip> {
        let Some(variant) = variant else { return Ok(Expect::default()) };
        let names = |list: &[At<String>]| {
            let known = |name: &At<String>| {
                role.promise(name.get()).map_err(|slip| slip.at(text, name.offset()))?;
                let states = |key: &str| self.objectives.as_ref().is_some_and(|all| all.states(key));
                match role.objective(name.get()).filter(|key| !states(key)) {
                    Some(key) => {
                        let hint = format!("Write `{key} = …` under [objectives].");
                        Err(name.slip(text, format!("{:?} needs a number to be judged by", name.get()), hint))
                    }
                    None => Ok(()),
                }
            };
            list.iter().map(|name| known(name).map(|()| name.get().clone())).collect::<Result<Vec<_>, _>>()
        };
        if let Some(both) = variant.violates.iter().find(|name| variant.holds.contains(name)) {
            let what = format!("{:?} cannot both hold and break", both.get());
            return Err(both.slip(text, what, "Name it in `holds` or in `violates`."));
        }
        if variant.share.is_some() && variant.violates.is_empty() {
            let hint =
                "It says with how many seeds `violates` comes true: name something there, or take it out.";
            return Err(variant.name.slip(text, "this variant has no use for `share`", hint));
        }
        let share = variant.share.map_or(1.0, |Ratio(share)| share);
        Ok(Expect { holds: names(&variant.holds)?, violates: names(&variant.violates)?, share })
    }
}

fn turn(knobs: &mut Knobs, text: &str, role: &Role, list: &Named<At<KnobText>>) -> Result<(), Slip> {
    for (name, value) in &list.0 {
        let knob = role.knob(name.get()).map_err(|slip| slip.at(text, name.offset()))?;
        let setting = vocabulary::setting(knob, &value.get().text());
        knobs.set(knob.name, setting.map_err(|slip| slip.at(text, value.offset()))?);
    }
    Ok(())
}
