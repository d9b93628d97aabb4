//! THE STAGE MANAGER. Brings script, players and judges together.
//!
//! [`cast`] is the one list of protocols; [`stage`] lets one run happen; [`timeline`] looks at it anywhere and changes
//! it anywhere; [`frame`] is what pictures may know of it, [`story`] what words tell of it.

pub mod branches;
pub mod caption;
pub mod cast;
pub mod compare;
pub mod constants;
pub mod describe;
pub mod erased;
pub mod event_set;
pub mod folded;
pub mod frame;
mod hands;
pub mod happened;
pub mod judging;
pub mod lanes;
pub mod loops;
pub mod order;
mod rewrite;
pub mod session;
mod snapshot;
pub mod stage;
pub mod story;
pub mod sweep;
pub mod thread;
pub mod timeline;
pub mod turns;
pub mod wanted;
pub mod words;

pub use cast::{CAST, Part};
pub use erased::Run;
pub use frame::Frame;
pub use session::Session;
pub use timeline::{BUDGET, Timeline};
pub use words::Names;
