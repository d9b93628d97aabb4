//! This machine: where the project lies, which programs it has, how to run one and how to install one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The project's top folder.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project").to_owned()
}

/// A command that starts in the project's top folder, without what `cargo run` left in the environment:
/// a compiler started from here must see the same variables as one started by hand, or it rebuilds everything.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(top());
    for (name, _) in std::env::vars_os() {
        let left_by_cargo = name.to_str().is_some_and(|name| {
            ["CARGO", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "LD_LIBRARY_PATH"]
                .contains(&name)
                || ["CARGO_MANIFEST_", "CARGO_PKG_", "RUST_RECURSION_"]
                    .iter()
                    .any(|start| name.starts_with(start))
        });
        if left_by_cargo {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that runs this tool.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The first of these programs that the machine has; a path is taken as it is.
pub fn find<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<PathBuf> {
    names.into_iter().find_map(|name| which::which(name).ok())
}

/// Runs a command with its output visible; an error names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// What a command prints, trimmed; nothing when it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Like [`run`], but gives up after `limit`: for programs that wait for a network that never answers.
pub fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let began = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start `{}`", shown(command)))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(()) } else { bail!("`{}` ended with {status}", shown(command)) };
        }
        if began.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("`{}` took longer than {} s", shown(command), limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether [`install`] has a chance: apt, and the right to use it.
pub fn can_install() -> bool {
    which::which("apt-get").is_ok() && output(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// Installs Debian packages.
pub fn install(packages: &[&str]) -> Result<()> {
    say(&format!("installing {} with apt-get", packages.join(", ")));
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        apt
    };
    // Old package lists may still do: only the installation itself decides.
    let _ = run(apt().arg("update"));
    run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages).stdout(Stdio::null()))
}

/// Makes sure that a part of the Rust toolchain (`rustfmt`, `clippy`) is there, with rustup where it is not.
pub fn component(name: &str, subcommand: &str) -> Result<()> {
    if output(cargo().args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    say(&format!("installing {name} with rustup"));
    run(command("rustup").args(["component", "add", name]))
        .with_context(|| format!("{name} is missing: run `rustup component add {name}`"))
}

/// One line of progress.
pub fn say(line: &str) {
    println!("\u{b7} {line}");
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Where cargo puts what it makes.
pub fn target_folder() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR");
    top().join(named.map_or_else(|| "target".into(), PathBuf::from))
}
