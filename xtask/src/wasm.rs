//! The core for the browser: cargo compiles it, wasm-bindgen writes its glue, wasm-opt makes it small.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use wasm_bindgen_cli_support::Bindgen;

use crate::machine::{self, say};
use crate::page;

const TARGET: &str = "wasm32-unknown-unknown";
/// Instructions that every browser of the last three years has, and that rustc uses without being asked.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Where the standard library for WebAssembly comes from.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// The active toolchain has it
    Toolchain,
    /// rustup downloads it
    Rustup,
    /// Debian's rustc-web compiles it from its source
    Debian,
}

/// A toolchain that can compile for WebAssembly.
pub struct Toolchain {
    way: Way,
    /// Way 3's linker, which Debian's compiler does not bring.
    linker: Option<PathBuf>,
}

impl Toolchain {
    /// The first way that works on this machine, or exactly the one asked for; says in one line which.
    pub fn find(asked: Option<Way>) -> Result<Toolchain> {
        let toolchain = match asked {
            None => {
                let own = active().or_else(|_| rustup());
                own.or_else(|why| {
                    say(&format!("no WebAssembly from rustup ({why:#}): trying Debian's compiler"));
                    debian()
                })
            }
            Some(Way::Toolchain) => active(),
            Some(Way::Rustup) => rustup(),
            Some(Way::Debian) => debian(),
        }
        .with_context(|| {
            format!(
                "cannot compile for WebAssembly: run `rustup target add {TARGET}`, or as root on Debian \
                 `apt-get install rustc-web cargo-web rust-web-src lld`"
            )
        })?;
        say(match toolchain.way {
            Way::Toolchain => "WebAssembly: the toolchain has the target",
            Way::Rustup => "WebAssembly: rustup added the target",
            Way::Debian => "WebAssembly: Debian's rustc-web, with the standard library from source",
        });
        Ok(toolchain)
    }

    /// Cargo for this target: `verb` is `build`, `clippy`, ... and stands before all arguments added later.
    pub fn cargo(&self, verb: &str) -> Command {
        let Some(linker) = &self.linker else {
            let mut cargo = machine::cargo();
            cargo.args([verb, "--target", TARGET]);
            return cargo;
        };
        let mut cargo = machine::command("/usr/bin/cargo");
        for name in
            ["RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTC"]
        {
            cargo.env_remove(name);
        }
        cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        // A folder of its own: two compilers in one would throw away each other's work.
        cargo.args([
            verb,
            "--target",
            TARGET,
            "-Zbuild-std=std,panic_abort",
            "--target-dir",
            "target/debian",
        ]);
        cargo
    }

    /// The lints for this target. Debian's compiler has no clippy: there, the compiler's own warnings.
    pub fn lint(&self) -> Result<()> {
        match self.way {
            Way::Toolchain | Way::Rustup => {
                machine::run(self.cargo("clippy").args(["--lib", "--", "--deny", "warnings"]))
            }
            Way::Debian => {
                say("Debian has no clippy for this target: the compiler's own warnings only");
                machine::run(self.cargo("rustc").args([
                    "--lib",
                    "--profile",
                    "check",
                    "--",
                    "--deny",
                    "warnings",
                ]))
            }
        }
    }

    /// Compiles the core and returns the file.
    fn compile(&self) -> Result<PathBuf> {
        // A library that is linked cannot be compiled beside what waits for it: only this one build links it.
        machine::run(self.cargo("rustc").args(["--lib", "--crate-type", "cdylib", "--profile", "wasm"]))?;
        let folder = match self.way {
            Way::Toolchain | Way::Rustup => machine::target_folder(),
            Way::Debian => machine::top().join("target/debian"),
        };
        Ok(folder.join(TARGET).join("wasm/faultline.wasm"))
    }
}

/// Way 1: the standard library is already there.
fn active() -> Result<Toolchain> {
    let libraries =
        machine::output(machine::command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    let there = libraries.is_some_and(|folder| Path::new(&folder).is_dir());
    if there {
        Ok(Toolchain { way: Way::Toolchain, linker: None })
    } else {
        bail!("the toolchain lacks {TARGET}")
    }
}

/// Way 2: rustup downloads it, if its network answers.
fn rustup() -> Result<Toolchain> {
    let rustup = machine::find(["rustup"]).context("no rustup")?;
    machine::run_within(Duration::from_secs(120), machine::command(rustup).args(["target", "add", TARGET]))?;
    active().map(|_| Toolchain { way: Way::Rustup, linker: None })
}

/// Way 3: Debian's compiler for the web and the standard library's source.
fn debian() -> Result<Toolchain> {
    let compiler = Path::new("/usr/bin/rustc");
    let source = Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml");
    if !compiler.exists() || !source.exists() {
        if !machine::can_install() {
            bail!("rustc-web and rust-web-src are not installed");
        }
        machine::install(&["rustc-web", "cargo-web", "rust-web-src"])?;
    }
    let linker = match linker() {
        Some(linker) => linker,
        None => {
            machine::install(&["lld"])?;
            linker().context("no linker for WebAssembly: neither rust-lld nor wasm-ld")?
        }
    };
    Ok(Toolchain { way: Way::Debian, linker: Some(linker) })
}

/// A linker for WebAssembly: the active toolchain's own, or LLVM's.
fn linker() -> Option<PathBuf> {
    let sysroot = machine::output(machine::command("rustc").args(["--print", "sysroot"]))?;
    let hosts = fs::read_dir(Path::new(&sysroot).join("lib/rustlib")).ok();
    let own = hosts
        .into_iter()
        .flatten()
        .flatten()
        .map(|host| host.path().join("bin/rust-lld"))
        .find(|at| at.exists());
    own.or_else(|| machine::find(["wasm-ld", "wasm-ld-22", "wasm-ld-21", "wasm-ld-20", "wasm-ld-19"]))
}

/// Compiles the core and writes `www/src/core/`: glue, types and the optimised module.
pub fn build(asked: Option<Way>) -> Result<()> {
    let module = Toolchain::find(asked)?.compile()?;
    let folder = page::folder().join("src/core");
    let stamp = folder.join("made-from.txt");
    let made_from = format!("{} {:?} {FEATURES:?}\n", module.display(), fs::metadata(&module)?.modified()?);
    if fs::read_to_string(&stamp).is_ok_and(|old| old == made_from) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Bindgen::new()
        .input_path(&module)
        .out_name("faultline")
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .generate(&folder)
        .context("wasm-bindgen")?;
    optimise(&folder.join("faultline_bg.wasm"))?;
    fs::write(stamp, made_from)?;
    Ok(())
}

/// Runs the pinned wasm-opt of the npm package `binaryen` over the module.
fn optimise(module: &Path) -> Result<()> {
    say("wasm-opt");
    page::packages()?;
    let smaller = module.with_extension("opt.wasm");
    let mut optimiser = page::program("wasm-opt");
    machine::run(optimiser.arg("-O3").args(FEATURES).arg(module).arg("-o").arg(&smaller))?;
    fs::rename(smaller, module)?;
    Ok(())
}
