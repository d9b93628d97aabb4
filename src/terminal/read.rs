//! Files that commands are given.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use faultline::observe::intake::{MOST_BYTES, Unreadable};

use super::Stop;

/// The text of a file, as long as it is one and not too long.
///
/// # Errors
/// What is wrong, and in which line.
pub fn text(file: &Path) -> Result<String, Stop> {
    let of_file = |what: String| format!("{}: {what}", file.display());
    let failed = |error: std::io::Error| of_file(error.to_string());
    // A pipe or a device has no length, and may have no end: one byte more than may be read shows that it is too long.
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(failed)?;
    opened.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > MOST_BYTES {
        return Err(of_file(Unreadable::too_long().to_string()).into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let hint = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "It begins like UTF-16; save the file as UTF-8.",
            [0x1f, 0x8b, ..] => "It begins like a gzip archive; unpack it first.",
            _ => "Save the file as UTF-8.",
        };
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(&bytes[..good]).into_owned();
        of_file(Unreadable::at(&text, good, "here is a byte that no text has", hint).to_string()).into()
    })
}
