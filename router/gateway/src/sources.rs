//! The gateway's windows on the machine: files, environment, clock.
//!
//! The crate itself reads none of them, so a test decides what there is and what time it is.

use std::io;

/// What the binary hands in.
pub trait Sources: Send + Sync {
    /// The bytes of a file named by the configuration.
    ///
    /// # Errors
    /// As the file system says.
    fn read_file(&self, path: &str) -> io::Result<Vec<u8>>;

    /// An environment variable named by the configuration.
    fn environment(&self, name: &str) -> Option<String>;

    /// Seconds since 1970, UTC.
    fn unix_seconds(&self) -> u64;

    /// Bytes of memory resident, where the machine can tell.
    fn resident_memory_bytes(&self) -> Option<u64> {
        None
    }
}
