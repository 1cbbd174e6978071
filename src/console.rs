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
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
}

/// With what a terminal would obey, or that would turn lines round, written out: a subgraph's schema may hold anything.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => out.push(character),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                out.extend(character.escape_unicode());
            }
            character if character.is_control() => out.extend(character.escape_default()),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        let text = "type Q\u{1b}[31mRED\u{1b}]0;title\u{7}\r\n\tä\u{9b}2J\u{202e}x";
        assert_eq!(harmless(text), "type Q\\u{1b}[31mRED\\u{1b}]0;title\\u{7}\\r\n\tä\\u{9b}2J\\u{202e}x");
    }
}
