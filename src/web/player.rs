//! The one type that the page holds.

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::model::{
    ActLine, ChangeModel, DescriptionModel, LookModel, NetworkModel, Opening, Share, SlipModel, Status,
    StoryLine, TargetModel,
};
use super::read::read;
use super::stage::{Stage, View};
use crate::paint::{Point, Size};
use crate::run::folded::folded;
use crate::run::session::{Arrival, Change};
use crate::run::story::Kind;
use crate::run::wanted::Wanted;
use crate::run::{BUDGET, Session, describe, happened, words};
use crate::scenario::link::LONG_LINK;
use crate::scenario::tree::Table;
use crate::scenario::write::write_act;
use crate::scenario::{LARGEST_SEED, Link, Slip};
use crate::sim::Time;
use crate::view::Target;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Opening")]
    pub type OpeningJs;
    #[wasm_bindgen(typescript_type = "Status")]
    pub type StatusJs;
    #[wasm_bindgen(typescript_type = "StoryLine[]")]
    pub type StoryJs;
    #[wasm_bindgen(typescript_type = "Target")]
    pub type TargetJs;
    #[wasm_bindgen(typescript_type = "Target | undefined")]
    pub type MaybeTargetJs;
    #[wasm_bindgen(typescript_type = "Target[]")]
    pub type TargetsJs;
    #[wasm_bindgen(typescript_type = "Description | undefined")]
    pub type DescriptionJs;
    #[wasm_bindgen(typescript_type = "Network | undefined")]
    pub type WeatherJs;
    #[wasm_bindgen(typescript_type = "Act")]
    pub type ActJs;
    #[wasm_bindgen(typescript_type = "ActLine[]")]
    pub type ActsJs;
    #[wasm_bindgen(typescript_type = "Share")]
    pub type ShareJs;
    #[wasm_bindgen(
        typescript_type = "{ dark: boolean; reduced_motion: boolean; speed: number; view: string }"
    )]
    pub type LookJs;
    #[wasm_bindgen(typescript_type = "{ variant?: string; knobs?: Record<string, string>; seed?: number }")]
    pub type ChangeJs;
}

/// A scenario that plays: all that the page can see of the simulator.
#[wasm_bindgen]
pub struct Player {
    pub(super) session: Session,
    arrival: Arrival,
    pub(super) stage: Stage,
    /// Of all that stands beside it.
    pub(super) stages: Vec<Stage>,
    /// For pictures of other moments than the present.
    pub(super) sketch: Stage,
    /// Where playing stops by itself.
    pub(super) stops: Vec<Wanted>,
    speed: f64,
}

/// Hands a plain object to JavaScript.
pub(super) fn cold<T: JsCast>(value: &impl Serialize) -> T {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible().serialize_missing_as_null(false);
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED).unchecked_into()
}

pub(super) fn slip(slip: Slip) -> JsValue {
    cold(&SlipModel::from(slip))
}

#[wasm_bindgen]
impl Player {
    /// The name of the scenario file that a link needs; `undefined` if it carries its own. Throws a `Slip`.
    #[wasm_bindgen(js_name = scenarioOf)]
    pub fn scenario_of(link: &str) -> Result<Option<String>, JsValue> {
        let link = Link::read(link).map_err(slip)?;
        Ok(link.text.is_none().then_some(link.scenario))
    }

    /// A seed from the browser's own source of chance: the one thing here that is not a function of its input.
    #[wasm_bindgen(js_name = freshSeed)]
    pub fn fresh_seed() -> f64 {
        let seed = getrandom::u64().unwrap_or_default();
        // Short enough to say aloud.
        (seed % 1_000_000).min(LARGEST_SEED) as f64
    }

    /// Opens a scenario, or a link with the scenario that is kept under its name. Throws a `Slip`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, toml: &str, link: Option<String>) -> Result<Player, JsValue> {
        let opened = match link {
            Some(link) => Link::read(&link).and_then(|link| Session::follow(&link, toml)),
            None => Session::open(name, toml).map(|session| (session, Arrival::default())),
        };
        let (session, arrival) = opened.map_err(slip)?;
        let mut player = Player {
            session,
            arrival,
            stage: Stage::new(),
            stages: Vec::new(),
            sketch: Stage::new(),
            stops: Vec::new(),
            speed: 0.05,
        };
        player.look_again();
        Ok(player)
    }

    pub fn opening(&self) -> OpeningJs {
        cold(&Opening::of(&self.session, &self.arrival))
    }

    /// Goes to a moment, in µs. Returns the time reached: less, when the budget of one call is spent or the run halts.
    pub fn seek(&mut self, us: f64) -> f64 {
        let before = self.session.run().events();
        let mut reached = self.session.run_mut().seek(Time(us.max(0.0) as u64), BUDGET);
        let after = self.session.run().events();
        if let Some(event) = self.stop_among(before..after) {
            reached = self.session.run_mut().go_to(event);
        }
        self.look_again();
        reached.0 as f64
    }

    /// Goes on or back by so many events. Returns the time.
    pub fn step(&mut self, events: i32) -> f64 {
        let reached = self.session.run_mut().step(events.clamp(-1_000, 1_000));
        self.look_again();
        reached.0 as f64
    }

    /// How far the run has been run, in µs.
    pub fn end(&self) -> f64 {
        self.session.run().end().0 as f64
    }

    pub fn fingerprint(&self) -> String {
        self.session.run().fingerprint().hex()
    }

    #[wasm_bindgen(js_name = setLook)]
    pub fn set_look(&mut self, look: LookJs) -> Result<(), JsValue> {
        let look: LookModel = read(&look).map_err(slip)?;
        self.stage.look.dark = look.dark;
        self.stage.look.still = look.reduced_motion;
        self.stage.view = View::named(&look.view);
        self.speed = look.speed;
        self.look_again();
        Ok(())
    }

    /// Draws the present moment; sizes in CSS pixels.
    pub fn draw(&mut self, context: &CanvasRenderingContext2d, width: f32, height: f32, ratio: f64) {
        self.stage.draw(self.session.run(), context, Size::new(width, height), ratio);
    }

    /// The picture that was drawn last, in words.
    #[wasm_bindgen(js_name = inWords)]
    pub fn in_words(&self) -> String {
        self.stage.in_words()
    }

    /// What lies under a point of the stage.
    pub fn hit(&self, x: f32, y: f32, slack: f32) -> MaybeTargetJs {
        let target = self.stage.hit(Point::new(x, y), slack);
        cold(&target.map(|target| TargetModel::of(target, self.session.run())))
    }

    /// Marks what the pointer rests on.
    pub fn hover(&mut self, target: MaybeTargetJs) -> Result<(), JsValue> {
        let target: &JsValue = &target;
        self.stage.look.hover = match target.is_undefined() {
            true => None,
            false => read::<TargetModel>(target).map_err(slip)?.target(self.session.run()),
        };
        Ok(())
    }

    /// Marks what is chosen.
    pub fn select(&mut self, targets: TargetsJs) -> Result<(), JsValue> {
        let targets: Vec<TargetModel> = read(&targets).map_err(slip)?;
        let run = self.session.run();
        self.stage.look.selected = targets.iter().filter_map(|target| target.target(run)).collect();
        Ok(())
    }

    pub fn describe(&self, target: TargetJs) -> Result<DescriptionJs, JsValue> {
        let target: TargetModel = read(&target).map_err(slip)?;
        let (run, frame) = (self.session.run(), &self.stage.frame);
        let said = target.target(run).and_then(|target| match target {
            Target::Node(id) => describe::node(frame, id),
            Target::Client(id) => describe::client(frame, id),
            Target::Message(id) => describe::message(run, id).or_else(|| happened::event(run, id)),
            Target::Event(id) => happened::event(run, id),
            Target::Link(a, b) => Some(describe::link(run, a, b)),
        });
        Ok(cold(&said.map(DescriptionModel::from)))
    }

    /// What a link is like at present, the way from the first to the second.
    pub fn weather(&self, link: TargetJs) -> Result<WeatherJs, JsValue> {
        let link: TargetModel = read(&link).map_err(slip)?;
        let run = self.session.run();
        let weather = link.target(run).and_then(|target| match target {
            Target::Link(a, b) => Some(NetworkModel::of(run.network().quality(a, b))),
            _ => None,
        });
        Ok(cold(&weather))
    }

    /// The moment, for the words around the stage.
    pub fn status(&mut self) -> StatusJs {
        let story = self.session.run_mut().story().len();
        cold(&Status::of(&self.session, &self.stage.frame, story))
    }

    /// The last lines of the story up to now, routine folded, with what clients heard or without: of the run (0) or of
    /// what stands beside it.
    pub fn story(&mut self, place: usize, most: usize, clients: bool) -> StoryJs {
        let beside = place.checked_sub(1);
        let mut lines = match beside.map(|place| self.session.lanes_mut().get_mut(place)) {
            None => self.session.run_mut().story(),
            Some(lane) => lane.map_or_else(Vec::new, |lane| lane.run.story()),
        };
        lines.retain(|line| clients || line.kind != Kind::Client);
        let entries = folded(lines);
        let lane = beside.and_then(|place| self.session.lanes().get(place));
        let run = lane.map_or(self.session.run(), |lane| &*lane.run);
        let shown = &entries[entries.len().saturating_sub(most)..];
        cold(&shown.iter().map(|entry| StoryLine::of(entry, run)).collect::<Vec<_>>())
    }

    /// Does something to the world at the present moment. Throws a `Slip`.
    pub fn act(&mut self, act: ActJs) -> Result<(), JsValue> {
        read(&act).and_then(|deed| self.session.act(deed)).map_err(slip)?;
        self.look_again();
        Ok(())
    }

    pub fn acts(&self) -> ActsJs {
        let acts = self.session.acts();
        let line = |(index, (act, by_hand)): (usize, &(crate::scenario::Act, bool))| {
            let deed = words::of_act(self.session.run(), index);
            let text = deed.or_else(|| act.say.clone()).unwrap_or_default();
            ActLine { at: act.at.0 as f64, text, by_hand: *by_hand, index }
        };
        cold(&acts.iter().enumerate().map(line).collect::<Vec<_>>())
    }

    #[wasm_bindgen(js_name = removeAct)]
    pub fn remove_act(&mut self, index: usize) {
        self.session.remove(index);
        self.look_again();
    }

    /// The act in this place of the list, as lines of a scenario file.
    #[wasm_bindgen(js_name = actText)]
    pub fn act_text(&self, index: usize) -> String {
        let names = |place| self.session.run().names().of(place);
        let acts = self.session.acts();
        acts.get(index).map_or_else(String::new, |(act, _)| write_act(act, &names).to_toml())
    }

    /// Puts another act in place of one by hand. Throws a `Slip`, and then nothing changed.
    #[wasm_bindgen(js_name = editAct)]
    pub fn edit_act(&mut self, index: usize, text: &str) -> Result<(), JsValue> {
        Table::parse(text).and_then(|act| self.session.edit(index, act)).map_err(slip)?;
        self.look_again();
        Ok(())
    }

    pub fn undo(&mut self) -> bool {
        let done = self.session.undo();
        self.look_again();
        done
    }

    pub fn redo(&mut self) -> bool {
        let done = self.session.redo();
        self.look_again();
        done
    }

    /// Another variant, seed or setting of the knobs, under the same acts. Throws a `Slip`, and then nothing changed.
    pub fn change(&mut self, change: ChangeJs) -> Result<(), JsValue> {
        let change: ChangeModel = read(&change).map_err(slip)?;
        self.session
            .change(Change { variant: change.variant, knobs: change.knobs, seed: change.seed })
            .map_err(slip)?;
        self.look_again();
        Ok(())
    }

    /// The run up to the present moment as a link. Throws a `Slip` when it would be too long.
    pub fn link(&self, whole: bool) -> Result<ShareJs, JsValue> {
        let link = self.session.link(whole, None).map_err(slip)?;
        let length = link.len();
        let warning = (length > LONG_LINK)
            .then(|| format!("{length} characters: some chats cut links off after {LONG_LINK}."));
        Ok(cold(&Share { link, length, warning }))
    }

    /// The scenario as a file that does by itself what was done by hand.
    pub fn file(&self) -> String {
        self.session.as_file()
    }

    /// The present moment as SVG.
    pub fn figure(&mut self, width: f32, height: f32) -> String {
        self.stage.figure(self.session.run(), Size::new(width, height))
    }

    pub(super) fn look_again(&mut self) {
        self.stage.take(self.session.run(), self.speed);
        self.look_beside(self.speed);
    }
}
