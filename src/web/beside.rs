//! Another branch, shown beside the one that is played, at the same moment.

use super::stage::Stage;
use crate::run::Run;
use crate::sim::Time;

pub struct Beside {
    pub run: Box<dyn Run>,
    pub branch: usize,
    pub stage: Stage,
}

impl Beside {
    pub fn new(run: Box<dyn Run>, branch: usize) -> Beside {
        Beside { run, branch, stage: Stage::new() }
    }

    pub fn follow(&mut self, now: Time, speed: f64) {
        self.run.seek(now, u32::MAX);
        self.stage.take(&*self.run, speed);
    }
}
