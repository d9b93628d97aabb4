//! THE SCRIPT. TOML in, plan out, with errors a person can act on.
//!
//! [`Script`] is the file as written; [`Plan`] is what a run needs to know; [`Slip`] is what stands between them.
//! [`link`] packs a run into a link, in the same grammar.

mod act;
mod ask;
pub mod at;
mod caption;
mod client;
mod deed;
pub mod fields;
pub mod idle;
pub mod length;
pub mod lesson;
pub mod link;
mod links;
mod load;
pub mod nemesis;
mod objectives;
mod only;
mod people;
pub mod plan;
mod read;
mod retry;
#[cfg(not(target_arch = "wasm32"))]
pub mod schema;
pub mod script;
pub mod slip;
pub mod tree;
pub mod vocabulary;
mod weather;
pub mod write;
mod zone;

pub use lesson::Lesson;
pub use link::Link;
pub use plan::{Act, Ask, Caption, Client, Deed, Expect, Objectives, Plan, When};
pub use read::{LARGEST_SEED, Overrides};
pub use script::Script;
pub use slip::Slip;
pub use vocabulary::Role;
pub use zone::Zone;
