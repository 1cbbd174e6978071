//! What commands print: results on stdout, and nothing that breaks when the reader has gone.
//!
//! Logs don't go here: they are `tracing`'s.

use std::io::{ErrorKind, Write};

use crate::failure::Failure;

/// Prints a command's result. A reader that has gone (`… | head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::environment(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Tells the person at the terminal something that is no result: progress, a warning. Failing to is no failure.
pub fn tell(text: &str) {
    // Nobody reads stderr any more: then nobody misses the text.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
