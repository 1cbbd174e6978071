//! A service's log, by which is known whether anybody of its last run is left.
//!
//! Guard and server hold their log open. It is locked while they do, however they end: so who comes after waits for them, rather than
//! meeting them on their data.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// A guard gives its server five seconds in three steps; then the kernel has to clear its memory away.
const END_MAX: Duration = Duration::from_secs(15);
/// Between two tries.
const TRY_EACH: Duration = Duration::from_millis(50);

/// An empty log that nobody else writes.
pub struct Log {
    /// Where it is.
    pub path: PathBuf,
    /// Locked as long as anybody has it open.
    pub file: File,
}

impl Log {
    /// Opens it once whoever wrote it last has ended.
    pub async fn open(place: &Path, name: &str) -> Result<Self, Failure> {
        let path = place.join(format!("{name}.log"));
        let failed = |error: std::io::Error| Failure::path("write", &path, &error, "choose another --data-dir");
        let file = OpenOptions::new().append(true).create(true).open(&path).map_err(failed)?;
        let deadline = Instant::now() + END_MAX;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => tokio::time::sleep(TRY_EACH).await,
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::environment(format!(
                        "who writes {} since the last run doesn't end; end it, or choose another --data-dir",
                        path.display()
                    )));
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        file.set_len(0).map_err(failed)?;
        Ok(Self { path, file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_comes_after_waits_for_those_who_have_it_open() {
        let place = tempfile::tempdir().unwrap();
        let first = Log::open(place.path(), "redis").await.unwrap();
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .stdout(first.file.try_clone().unwrap())
            .spawn()
            .unwrap();
        drop(first);
        let mut second = Box::pin(Log::open(place.path(), "redis"));
        let early = tokio::time::timeout(TRY_EACH * 4, &mut second).await;
        assert!(early.is_err(), "it didn't wait");
        // Its end ends the child.
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
        second.await.unwrap();
    }
}
