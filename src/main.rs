//! The terminal's door.

#[path = "terminal/mod.rs"]
mod terminal;

fn main() -> std::process::ExitCode {
    terminal::main()
}
