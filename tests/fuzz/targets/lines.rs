//! Our own JSON lines.

#![no_main]

use faultline::observe::intake::{self, Format};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = intake::read(text, None);
    if let Ok(transcript) = intake::read(text, Some(Format::Lines)) {
        faultline_fuzz::holds_together(&transcript);
    }
});
