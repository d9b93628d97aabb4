#![doc = include_str!("README.md")]

pub mod check;
pub mod observe;
pub mod paint;
pub mod protocol;
pub mod run;
pub mod scenario;
pub mod sim;
pub mod view;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod workload;
