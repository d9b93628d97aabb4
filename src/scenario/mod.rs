//! THE SCRIPT. TOML in, plan out, with errors a person can act on.

pub mod plan;

pub use plan::{Act, Ask, Caption, Client, Deed, Expect, Plan, When};
