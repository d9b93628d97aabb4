//! THE PAGE'S DOOR: one narrow type, all that JavaScript can see.
//!
//! JavaScript calls Rust; Rust calls only the canvas it was given. Numbers cross while the picture moves, plain
//! objects on a click ([`model`]); their TypeScript types stand in `model.d.ts`.

mod branch;
mod gaze;
mod hands;
mod lanes;
mod model;
mod panic;
mod player;
mod read;
mod stage;
mod text;
mod time;
mod why;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const MODEL: &str = include_str!("model.d.ts");
