//! What crosses the door when it is cold. The shapes are those of `model.d.ts`.

mod branch;
mod lane;
mod opening;
mod status;
mod target;
mod wish;

pub use branch::BranchLine;
pub use lane::{FigureLine, LaneLine, Parted, SeriesModel};
pub use opening::{Opening, SlipModel};
pub use status::{NetworkModel, Status, StoryLine, waits};
pub use target::{ActLine, DescriptionModel, Share, TargetModel};
pub use wish::{ChangeModel, LookModel, WantedModel};
