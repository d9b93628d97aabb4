//! Links: refused, or written anew with the same meaning.

#![no_main]

use faultline::scenario::Link;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(link) = Link::read(text) else { return };
    // What was read from a packed text may be too long for a link that is written plainly.
    if let Ok(written) = link.write() {
        assert_eq!(Link::read(&written).as_ref(), Ok(&link), "{written}");
    }
});
