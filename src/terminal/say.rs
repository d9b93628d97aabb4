//! What a command prints. A pipe that is closed at its other end, as `head` does, ends a command quietly: nobody wants
//! the rest.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use super::Stop;

/// Prints a line.
///
/// # Errors
/// It cannot be printed; see [`is_closed`].
pub fn line(text: impl Display) -> Result<(), Stop> {
    Ok(writeln!(io::stdout().lock(), "{text}")?)
}

/// Prints a text that has its own ends of lines.
///
/// # Errors
/// It cannot be printed; see [`is_closed`].
pub fn text(text: impl Display) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Says what stopped a command, where errors go. If that is closed, too, there is no place left to say it.
pub fn stopped(stop: &Stop) {
    let _ = writeln!(io::stderr().lock(), "faultline: {stop}");
}

/// Says what a person should know besides, where errors go.
pub fn warning(what: &str) {
    let _ = writeln!(io::stderr().lock(), "warning: {what}");
}

/// Did a command stop because nobody reads any more?
pub fn is_closed(stop: &Stop) -> bool {
    stop.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
