//! Our own slips: the last words of a panic, for the page that reports it.

use std::sync::Mutex;

use wasm_bindgen::prelude::wasm_bindgen;

static LAST_WORDS: Mutex<String> = Mutex::new(String::new());

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
fn listen() {
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut words) = LAST_WORDS.lock() {
            *words = panic.to_string();
        }
    }));
}

/// What the last panic said; empty if there was none.
#[wasm_bindgen(js_name = lastWords)]
pub fn last_words() -> String {
    LAST_WORDS.lock().map(|words| words.clone()).unwrap_or_default()
}
