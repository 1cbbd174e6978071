//! Watches files by looking at them: which file is there, how long, when written.
//!
//! Notifications of the file system would be sooner by some hundred milliseconds, and silent on network file systems, when
//! a folder is replaced, or when a link on the way is turned, which is how Kubernetes changes mounted files. A look at a
//! handful of files costs some microseconds.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::sleep;

/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(500);
/// After a change: files that are being written must be left alone for so long before they are read.
const REST: Duration = Duration::from_millis(100);
/// Looks that a file may go on changing for; then it is read as it is, and again after its next change.
const RESTS_MAX: u32 = 20;

/// Files with how they looked last.
#[derive(Debug, Default)]
pub struct Watch {
    files: Vec<(PathBuf, Look)>,
}

/// How a file looks; none if it can't be seen. Links are followed.
type Look = Option<Signature>;

/// What is different after a change, whatever way the file was changed. The time of the last change of the inode can't
/// be set back, as that of the last writing can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Signature {
    kind: Kind,
    device: u64,
    inode: u64,
    length: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Other,
}

impl Watch {
    /// Looks at the files as they are now. To be called before they are read.
    pub async fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut watch = Self::default();
        watch.set(paths).await;
        watch
    }

    /// Watches these files from now on. Those watched already keep their last look.
    pub async fn set(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut files: Vec<(PathBuf, Look)> = Vec::new();
        for path in paths {
            if files.iter().any(|(known, _)| *known == path) {
                continue;
            }
            let known = self.files.iter().find(|(known, _)| *known == path).map(|(_, look)| *look);
            let seen = match known {
                Some(look) => look,
                None => look(&path).await,
            };
            files.push((path, seen));
        }
        self.files = files;
    }

    /// Watches these files too.
    pub async fn add(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let known: Vec<PathBuf> = self.files.iter().map(|(path, _)| path.clone()).collect();
        self.set(known.into_iter().chain(paths)).await;
    }

    /// One that was something else than a file when it was last looked at.
    pub fn irregular(&self) -> Option<&Path> {
        let other = |look: &Look| look.is_some_and(|signature| signature.kind == Kind::Other);
        self.files.iter().find(|(_, look)| other(look)).map(|(path, _)| path.as_path())
    }

    /// Waits until a file has changed and come to rest; gives the files that have changed.
    pub async fn changed(&mut self) -> Vec<PathBuf> {
        loop {
            sleep(INTERVAL).await;
            let mut changed = self.look_again().await;
            if changed.is_empty() {
                continue;
            }
            for _ in 0..RESTS_MAX {
                sleep(REST).await;
                let more = self.look_again().await;
                // A file that has gone may be one that is being replaced.
                if more.is_empty() && self.files.iter().all(|(_, look)| look.is_some()) {
                    break;
                }
                changed.extend(more);
            }
            changed.sort();
            changed.dedup();
            return changed;
        }
    }

    /// Takes the files as they are now for known.
    pub async fn refresh(&mut self) {
        self.look_again().await;
    }

    async fn look_again(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (path, last) in &mut self.files {
            let now = look(path).await;
            if now != *last {
                *last = now;
                changed.push(path.clone());
            }
        }
        changed
    }
}

async fn look(path: &PathBuf) -> Look {
    let seen: io::Result<_> = tokio::fs::metadata(path).await;
    seen.ok().map(|data| Signature {
        kind: if data.is_file() { Kind::File } else { Kind::Other },
        device: data.dev(),
        inode: data.ino(),
        length: data.len(),
        written: (data.mtime(), data.mtime_nsec()),
        changed: (data.ctime(), data.ctime_nsec()),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    async fn changes(watch: &mut Watch) -> usize {
        tokio::time::timeout(Duration::from_secs(20), watch.changed()).await.expect("a change in time").len()
    }

    #[tokio::test]
    async fn a_file_written_anew_with_equal_length_and_time_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "one").unwrap();
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let mut watch = Watch::new([path.clone()]).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        fs::write(&path, "two").unwrap();
        fs::File::open(&path).unwrap().set_modified(time).unwrap();
        assert_eq!(changes(&mut watch).await, 1);
    }

    #[tokio::test]
    async fn a_file_that_is_renamed_over_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, next) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&path, "one").unwrap();
        let mut watch = Watch::new([path.clone()]).await;
        fs::write(&next, "two").unwrap();
        fs::rename(&next, &path).unwrap();
        assert_eq!(changes(&mut watch).await, 1);
    }

    #[tokio::test]
    async fn a_link_on_the_way_that_is_turned_is_a_change() {
        // As Kubernetes mounts: file → ..data/file, ..data → a folder with a date.
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for version in ["1", "2"] {
            fs::create_dir(at(version)).unwrap();
            fs::write(at(version).join("file"), version).unwrap();
        }
        std::os::unix::fs::symlink("1", at("..data")).unwrap();
        std::os::unix::fs::symlink("..data/file", at("file")).unwrap();
        let mut watch = Watch::new([at("file")]).await;
        std::os::unix::fs::symlink("2", at("..next")).unwrap();
        fs::rename(at("..next"), at("..data")).unwrap();
        assert_eq!(watch.changed().await, [at("file")]);
        assert_eq!(fs::read_to_string(at("file")).unwrap(), "2");
    }

    #[tokio::test]
    async fn a_file_that_goes_and_comes_back_is_one_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "one").unwrap();
        let mut watch = Watch::new([path.clone()]).await;
        fs::remove_file(&path).unwrap();
        let back = async {
            tokio::time::sleep(INTERVAL + REST * 3).await;
            fs::write(&path, "two").unwrap();
        };
        let (found, ()) = tokio::join!(changes(&mut watch), back);
        assert_eq!(found, 1);
        let again = tokio::time::timeout(INTERVAL * 2, watch.changed()).await;
        assert!(again.is_err(), "{again:?}");
    }

    #[tokio::test]
    async fn a_pipe_or_a_folder_in_place_of_a_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (file, pipe) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, "one").unwrap();
        let mut watch = Watch::new([file, pipe.clone()]).await;
        assert_eq!(watch.irregular(), None, "one that is missing is told by who reads it");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert_eq!(watch.changed().await, std::slice::from_ref(&pipe));
        assert_eq!(watch.irregular(), Some(pipe.as_path()));
        let other = Watch::new([folder.path().to_owned()]).await;
        assert_eq!(other.irregular(), Some(folder.path()));
    }

    #[tokio::test]
    async fn files_that_are_added_are_watched_beside_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&one, "one").unwrap();
        let mut watch = Watch::new([one.clone()]).await;
        watch.add([other.clone()]).await;
        fs::write(&other, "other").unwrap();
        assert_eq!(watch.changed().await, [other]);
        fs::write(&one, "another").unwrap();
        assert_eq!(watch.changed().await, [one]);
    }
}
