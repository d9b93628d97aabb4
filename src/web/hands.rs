//! The player's door to what hands do on the stage.

use wasm_bindgen::prelude::*;

use super::model::TargetModel;
use super::player::{Player, TargetJs, TargetsJs, cold, slip};
use super::read::read;
use crate::paint::Point;
use crate::run::words;
use crate::scenario::plan::Deed;
use crate::scenario::write::write_deed;
use crate::sim::{EventId, Fault, Flight, NodeId};
use crate::view::Target;
use crate::view::hand::{self, Cut, Hand};

#[wasm_bindgen]
impl Player {
    /// Shows the line that is being drawn across the stage (x, y, x, y, …), with what it would cut.
    pub fn draft(&mut self, line: &[f64], one_way: bool, crossed: bool) {
        self.stage.look.hand = Hand::Cuts { line: points(line), how: Cut { one_way, crossed } };
    }

    /// Cuts along a line. Returns what was cut, in a sentence; nothing, if the line cuts nothing. Throws a `Slip`.
    pub fn cut(&mut self, line: &[f64], one_way: bool, crossed: bool) -> Result<Option<String>, JsValue> {
        self.release();
        let line = points(line);
        let links = hand::cut(&line, Cut { one_way, crossed }, &self.stage.frame, &self.stage.look);
        let Some(links) = links else { return Ok(None) };
        self.stage.look.tear = line;
        self.do_by_hand(Fault::Cut(links)).map(Some)
    }

    /// Shows a band from corner to corner; what lies in it.
    pub fn band(&mut self, x0: f32, y0: f32, x1: f32, y1: f32) -> TargetsJs {
        let (a, b) = (Point::new(x0, y0), Point::new(x1, y1));
        self.stage.look.hand = Hand::Chooses(a, b);
        let run = self.session.run();
        let inside = hand::within(a, b, &self.stage.frame, &self.stage.look);
        cold(&inside.into_iter().map(|target| TargetModel::of(target, run)).collect::<Vec<_>>())
    }

    /// Carries a node, a client or a message to a point of the stage. Throws a `Slip`.
    pub fn carry(&mut self, target: TargetJs, x: f32, y: f32) -> Result<(), JsValue> {
        let target: TargetModel = read(&target).map_err(slip)?;
        let at = Point::new(x, y);
        match target.target(self.session.run()) {
            Some(Target::Message(id)) => self.carry_message(id, at),
            Some(Target::Node(id)) => {
                self.put(id, at);
                let over = hand::beneath(id, at, &self.stage.frame, &self.stage.look);
                self.stage.look.hand = over.map_or(Hand::Free, |over| Hand::Joins(id, over));
            }
            Some(Target::Client(id)) => self.put(id, at),
            _ => {}
        }
        Ok(())
    }

    /// Lets go of what was carried. Returns what came of it, in a sentence. Throws a `Slip`.
    pub fn drop(&mut self) -> Result<Option<String>, JsValue> {
        match self.release() {
            Hand::Moves(message, along) => self.drop_message(message, along),
            Hand::Joins(node, over) => {
                // It stands on another: there is no place for it there.
                self.stage.look.moved.retain(|(id, _)| *id != node);
                match self.session.rejoins(node, over) {
                    Some(links) => self.do_by_hand(Fault::Heal(links)).map(Some),
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// Where a thing stands on the stage, x and y; nothing, if it does not.
    #[wasm_bindgen(js_name = placeOf)]
    pub fn place_of(&self, target: TargetJs) -> Result<Option<Vec<f32>>, JsValue> {
        let target: TargetModel = read(&target).map_err(slip)?;
        let place = target.target(self.session.run());
        let at = place.and_then(|target| hand::place(target, &self.stage.frame, &self.stage.look));
        Ok(at.map(|at| vec![at.x, at.y]))
    }

    /// How it stands with a message: "held" or "flying"; nothing, once it has arrived or died.
    pub fn flight(&self, message: u32) -> Option<String> {
        let envelope = self.session.run().envelope(EventId(message))?;
        let word = match envelope.flight {
            Flight::Held { .. } => "held",
            Flight::Waiting => return None,
            _ => "flying",
        };
        Some(word.to_owned())
    }

    /// Ends what a hand was about to do.
    #[wasm_bindgen(js_name = letGo)]
    pub fn let_go(&mut self) {
        self.release();
    }

    /// Everybody stands where they would by themselves.
    pub fn arrange(&mut self) {
        self.stage.look.moved.clear();
        self.look_again();
    }

    /// Was anybody put somewhere else?
    pub fn arranged(&self) -> bool {
        !self.stage.look.moved.is_empty()
    }
}

impl Player {
    fn release(&mut self) -> Hand {
        std::mem::take(&mut self.stage.look.hand)
    }

    fn put(&mut self, id: NodeId, at: Point) {
        let size = self.stage.look.size;
        let part = |at: f32, of: f32| (at / of.max(1.0)).clamp(0.03, 0.97);
        let place = Point::new(part(at.x, size.width), part(at.y, size.height));
        self.stage.look.moved.retain(|(other, _)| *other != id);
        self.stage.look.moved.push((id, place));
    }

    fn carry_message(&mut self, id: EventId, at: Point) {
        if let Some(along) = hand::along(id, at, &self.stage.frame, &self.stage.look) {
            self.stage.look.hand = Hand::Moves(id, along);
        }
    }

    /// A message that is moved along its way arrives that much sooner or later.
    fn drop_message(&mut self, message: EventId, along: f32) -> Result<Option<String>, JsValue> {
        let Some(envelope) = self.session.run().envelope(message) else { return Ok(None) };
        let takes = (envelope.due - envelope.sent_at).0 as f64;
        let come = f64::from(crate::sim::envelope::along(&envelope, self.session.run().now())) / 1000.0;
        let by = ((come - f64::from(along)) * takes) as i64;
        if by == 0 {
            return Ok(None);
        }
        self.do_by_hand(Fault::Delay { message, by }).map(Some)
    }

    /// Does something as a script would write it; says what.
    fn do_by_hand(&mut self, fault: Fault) -> Result<String, JsValue> {
        let deed = Deed::Fault(fault);
        let names = self.session.run().names();
        let said = names.deed(&deed);
        let table = write_deed(&deed, &|place| names.of(place));
        self.session.act(table).map_err(slip)?;
        self.look_again();
        let run = self.session.run();
        let place =
            run.acts().iter().rposition(|act| act.at == run.now() && act.deed.as_ref() == Some(&deed));
        Ok(place.and_then(|place| words::of_act(run, place)).unwrap_or(said))
    }
}

fn points(line: &[f64]) -> Vec<Point> {
    line.chunks_exact(2).take(2_000).map(|pair| Point::new(pair[0] as f32, pair[1] as f32)).collect()
}
