//! Faultline's build tool. `cargo xtask serve` shows the page, `cargo xtask test` runs every check.
//! Both install what they can and name in one line what they cannot.
#![allow(
    clippy::disallowed_types,
    reason = "the build tool lives in real time; only the core has a clock of its own"
)]

mod browser;
mod machine;
mod page;
mod serve;
mod sizes;
mod soak;
mod test;
mod wasm;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, shows and tests Faultline")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Compile for WebAssembly in this way only, instead of the first that works.
    #[arg(long, global = true, env = "FAULTLINE_WASM_WAY", value_enum)]
    wasm_way: Option<wasm::Way>,
}

#[derive(Subcommand)]
enum Command {
    /// Build the core and the page into dist/, a folder that any static host serves
    Build,
    /// Build, then serve dist/ on this machine
    Serve(serve::Options),
    /// Build the core, then serve the page's sources and reload when one changes
    Dev(serve::Options),
    /// Run every check: format, clippy, native tests, the page's types and lint, the browsers
    Test(test::Options),
    /// Search long: many seeds of every scenario, storms, random histories, fuzzing
    Soak(soak::Options),
}

fn main() {
    let Arguments { command, wasm_way } = Arguments::parse();
    let done = match command {
        Command::Build => page::build(wasm_way),
        Command::Serve(options) => serve::built(&options, wasm_way),
        Command::Dev(options) => serve::sources(&options, wasm_way),
        Command::Test(options) => test::all(&options, wasm_way),
        Command::Soak(options) => soak::run(&options),
    };
    if let Err(error) = done {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}
