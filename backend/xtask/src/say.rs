//! What the tool tells its user. A reader who went away (`| head`) is no reason to fail.

use std::fmt::Display;
use std::io::{IsTerminal, Write, stdout};

pub(crate) fn line(text: impl Display) {
    let _ = writeln!(stdout(), "{text}");
}

/// The beginning of something that may take a while.
pub(crate) fn step(text: impl Display) {
    line(format!("==> {text}"));
}

/// Something below the present step.
pub(crate) fn note(text: impl Display) {
    line(format!("    {text}"));
}

pub(crate) fn complaint(text: impl Display) {
    eprintln!("error: {text}");
}

/// Overwrites itself on a terminal; elsewhere it would only fill a log.
pub(crate) fn clock(seconds: u64) {
    if stdout().is_terminal() {
        let _ = write!(stdout(), "\r    {seconds} s ");
        let _ = stdout().flush();
    } else if seconds.is_multiple_of(30) {
        note(format!("{seconds} s"));
    }
}

pub(crate) fn clear_clock() {
    if stdout().is_terminal() {
        let _ = write!(stdout(), "\r\x1b[K");
        let _ = stdout().flush();
    }
}
