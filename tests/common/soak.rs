//! Long searches. A soak test is a test named `soak_*` and marked `#[ignore = "soak"]`; `cargo xtask soak` runs it.

use std::fmt::Display;
use std::ops::Range;

/// How many times a soak test's count is searched (default 1; 0.01 for a try); at least one seed is.
const TIMES: &str = "FAULTLINE_SOAK";
/// The first number of a search (default 0), for other seeds tonight than last night.
const FIRST: &str = "FAULTLINE_SOAK_FIRST";

/// A number from the environment.
fn number<N: std::str::FromStr<Err: Display>>(variable: &str) -> Option<N> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{variable}={text}: {error}")))
}

/// The numbers that a search goes through, `count` of them if the environment asks for no more or less.
pub fn range(count: u64) -> Range<u64> {
    let times: f64 = number(TIMES).unwrap_or(1.0);
    let first: u64 = number(FIRST).unwrap_or(0);
    first..first + ((count as f64 * times) as u64).max(1)
}

/// The same, telling on the way how far the search named `name` is.
pub fn seeds(name: &str, count: u64) -> impl Iterator<Item = u64> + use<> {
    let name = name.to_owned();
    let seeds = range(count);
    let (first, all) = (seeds.start, seeds.end - seeds.start);
    let part = (all / 10).max(1);
    seeds.inspect(move |seed| {
        let done = seed - first;
        if done > 0 && done.is_multiple_of(part) {
            eprintln!("  {name}: {done} of {all}");
        }
    })
}
