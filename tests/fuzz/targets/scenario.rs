//! Scenario files: refused, or played for a moment and written anew.

#![no_main]

use faultline::run::Session;
use faultline::sim::Time;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(mut session) = Session::open("fuzz", text) else { return };
    session.run_mut().seek(Time(20_000), 200);
    let _ = session.link(true, None);
    let _ = session.as_file();
});
