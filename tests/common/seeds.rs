//! Seeds for tests that look elsewhere each time. `FAULTLINE_SEED` chooses them: `cargo xtask test` takes it from the
//! commit and prints it, so that two commits search in different places and a failure can be repeated.

use std::ops::Range;

use faultline::sim::rng;

/// What all other seeds are drawn from; 0 if nothing is said.
pub fn seed() -> u64 {
    let Ok(text) = std::env::var("FAULTLINE_SEED") else { return 0 };
    text.parse().unwrap_or_else(|error| panic!("FAULTLINE_SEED={text}: {error}"))
}

/// So many seeds in a row: the first ones if nothing is said, others under another `FAULTLINE_SEED`.
pub fn drawn(count: u64) -> Range<u64> {
    let first = if seed() == 0 { 0 } else { rng::mix(&[seed()]) % (1 << 40) };
    first..first + count
}
