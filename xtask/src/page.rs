//! The page: its npm packages, and Vite, which bundles it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::machine::{self, say};
use crate::sizes;
use crate::wasm::{self, Way};

/// The page's sources.
pub fn folder() -> PathBuf {
    machine::top().join("www")
}

/// A program from the page's npm packages, started in the page's folder.
pub fn program(name: &str) -> Command {
    let ending = if cfg!(windows) { ".cmd" } else { "" };
    let mut program = machine::command(folder().join(format!("node_modules/.bin/{name}{ending}")));
    program.current_dir(folder());
    program
}

/// Makes node_modules what the lock file says; does nothing when it already is.
pub fn packages() -> Result<()> {
    let lock = fs::read_to_string(folder().join("package-lock.json"))?;
    let stamp = folder().join("node_modules/.installed-from.json");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = machine::find(["npm"])
        .context("npm is missing: install Node 20.19 or newer from https://nodejs.org")?;
    say("npm ci");
    machine::run(machine::command(npm).current_dir(folder()).args(["ci", "--no-fund", "--no-audit"]))?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Builds core and page into `dist/` and says how much a first visit loads.
pub fn build(way: Option<Way>) -> Result<()> {
    wasm::build(way)?;
    packages()?;
    machine::run(program("vite").args(["build", "--logLevel", "warn"]))?;
    sizes::report(&machine::top().join("dist"))
}
