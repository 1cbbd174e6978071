//! What a server's log ends with: of its end nobody else tells.

use std::path::Path;

/// The last words of a log file.
pub fn last_words_in(log: &Path) -> String {
    last_words(&read(log))
}

/// The last line that says something, for an error's one line.
pub fn last_words(log: &str) -> String {
    let lines = || log.lines().map(str::trim).filter(|line| !line.is_empty());
    let worst = lines().rfind(|line| line.contains("FATAL") || line.contains("error:"));
    worst.or_else(|| lines().next_back()).unwrap_or("it said nothing").to_owned()
}

/// The log's text so far, bounded.
fn read(path: &Path) -> String {
    const READ_MAX: usize = 64 * 1024;
    let bytes = std::fs::read(path).unwrap_or_default();
    let tail = bytes.get(bytes.len().saturating_sub(READ_MAX)..).unwrap_or_default();
    String::from_utf8_lossy(tail).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_line_is_told_rather_than_the_last() {
        let log = "LOG: starting\nFATAL:  could not create lock file\nLOG:  database system is shut down\n";
        assert_eq!(last_words(log), "FATAL:  could not create lock file");
        assert_eq!(last_words("one\ntwo\n\n"), "two");
        assert_eq!(last_words(""), "it said nothing");
    }
}
