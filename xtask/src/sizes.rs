//! What a visitor downloads: gzipped sizes of what was built, against the budget.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::machine::say;

/// The most that a first visit may load, in bytes after gzip: wasm, scripts and styles together.
const BUDGET: usize = 250_000;
/// Header and trailer of a gzip file, around its deflate stream.
const GZIP_FRAME: usize = 18;

/// Prints every script, style and module of `dist` with its gzipped size, and the sum of those that a first
/// visit loads: what index.html names, what that imports at once, and the core.
pub fn report(dist: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    let first = first_load(dist, &files)?;
    let mut total = 0;
    for file in &files {
        let size = gzipped(file)?;
        let name = file.strip_prefix(dist)?.display().to_string();
        let when = if first.contains(file) { "first load" } else { "on demand" };
        total += if first.contains(file) { size } else { 0 };
        say(&format!("{:>8} gzipped  {when}  {name}", kilobytes(size)));
    }
    let verdict = if total <= BUDGET { "within" } else { "OVER" };
    say(&format!(
        "{:>8} gzipped  first load, {verdict} the budget of {}",
        kilobytes(total),
        kilobytes(BUDGET)
    ));
    Ok(())
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1000.0)
}

/// The size of a file after gzip at its best level.
fn gzipped(file: &Path) -> Result<usize> {
    Ok(miniz_oxide::deflate::compress_to_vec(&fs::read(file)?, 9).len() + GZIP_FRAME)
}

/// Scripts, styles and modules below a folder, in order.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, into)?;
        } else if path
            .extension()
            .is_some_and(|ending| ["wasm", "js", "css"].iter().any(|known| ending == *known))
        {
            into.push(path);
        }
    }
    Ok(())
}

/// Follows names from index.html through static imports. The bundler's names carry a hash, so that a file whose
/// name stands in another's text is loaded by it; `import("…")` alone is loaded later.
fn first_load(dist: &Path, files: &[PathBuf]) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut unread = vec![dist.join("index.html")];
    while let Some(file) = unread.pop() {
        let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
        for other in files {
            let name = other.file_name().unwrap_or_default().to_string_lossy();
            if !found.contains(other) && names_at_once(&text, &name) {
                found.insert(other.clone());
                if other.extension().is_some_and(|ending| ending == "js") {
                    unread.push(other.clone());
                }
            }
        }
    }
    Ok(found)
}

/// Whether `text` names a file outside an `import(…)` and outside the list of files that such imports need.
fn names_at_once(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = &text[..at];
        let line = before.rsplit(['\n', ';']).next().unwrap_or(before);
        let lazy = line.rfind("import(").is_some_and(|open| !line[open..].contains(')'));
        !lazy && !line.contains("__vite__mapDeps")
    })
}
