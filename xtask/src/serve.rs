//! The page on this machine: `serve` shows what was built, `dev` the sources.

use anyhow::Result;
use clap::Args;

use crate::machine::{self, say};
use crate::page;
use crate::wasm::{self, Way};

#[derive(Args)]
pub struct Options {
    /// The port; when it is taken, the next free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in a browser
    #[arg(long)]
    open: bool,
}

/// Builds, then serves `dist/` until interrupted. Vite prints the address.
pub fn built(options: &Options, way: Option<Way>) -> Result<()> {
    page::build(way)?;
    say("serving dist/; Ctrl-C ends it");
    vite(&["preview"], options)
}

/// Builds the core, then serves the sources until interrupted and reloads the page when one changes.
pub fn sources(options: &Options, way: Option<Way>) -> Result<()> {
    wasm::build(way)?;
    page::packages()?;
    say("serving www/; `cargo xtask build` brings in a change in Rust; Ctrl-C ends it");
    vite(&[], options)
}

fn vite(verb: &[&str], options: &Options) -> Result<()> {
    let mut vite = page::program("vite");
    vite.args(verb).args(["--host", "127.0.0.1", "--port", &options.port.to_string()]);
    if options.open {
        vite.arg("--open");
    }
    machine::run(&mut vite)
}
