//! The data folder of `dev`: where it is, that it is ours alone, and the small secrets in it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

const ADVICE: &str = "give a folder that you can write to with --data-dir";

/// A data folder that no other `supergraph` uses while this value lives.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Locked; the system unlocks it when the process ends, however it ends.
    _lock: File,
}

impl DataFolder {
    /// Opens the folder, making it (mode 0700) if it isn't there. `None` is the platform's place for it.
    pub fn open(path: Option<PathBuf>) -> Result<Self, Failure> {
        let path = place(path)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .map_err(|error| Failure::path("create the data folder", &path, &error, ADVICE))?;
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Its absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a secret of the folder, or makes it by `make` and keeps it, readable by its owner only.
    pub fn secret(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>, Failure>) -> Result<Vec<u8>, Failure> {
        let path = self.path.join(name);
        match std::fs::read(&path) {
            Ok(bytes) => return Ok(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::path("read", &path, &error, ADVICE)),
        }
        let bytes = make()?;
        write_private(&path, &bytes).map_err(|error| Failure::path("write", &path, &error, ADVICE))?;
        Ok(bytes)
    }

    /// Makes a folder in it, closed to others; gives its path.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path.join(name);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
        made.map_err(|error| Failure::path("create", &path, &error, ADVICE))?;
        Ok(path)
    }

    /// Writes a file of the folder that is no secret, by a name such as `keys/router.public.pem`; gives its path.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
        let path = self.path.join(name);
        write_private(&path, bytes).map_err(|error| Failure::path("write", &path, &error, ADVICE))?;
        Ok(path)
    }
}

/// Written beside its place and renamed, so that a crash leaves no half a key.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Where the folder is that is meant. `None` is the platform's place for it.
pub fn place(path: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let path = path.map_or_else(default_path, Ok)?;
    std::path::absolute(&path).map_err(|error| Failure::path("use", &path, &error, ADVICE))
}

fn default_path() -> Result<PathBuf, Failure> {
    directories::ProjectDirs::from("", "", "supergraph")
        .map(|folders| folders.data_local_dir().to_owned())
        .ok_or_else(|| Failure::environment("there is no home folder to keep data in; name a folder with --data-dir"))
}

fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| Failure::path("write to the data folder:", &path, &error, ADVICE))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // Only to name the process: without it the message is less helpful, not wrong.
            let _ = file.read_to_string(&mut owner);
            return Err(Failure::environment(format!(
                "the data folder {} is in use by another supergraph (process {}); stop that one or choose another --data-dir",
                folder.display(),
                owner.trim()
            )));
        }
        Err(TryLockError::Error(error)) => return Err(Failure::path("lock", &path, &error, ADVICE)),
    }
    let written = file.set_len(0).and_then(|()| file.write_all(std::process::id().to_string().as_bytes()));
    written.map_err(|error| Failure::path("write", &path, &error, ADVICE))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_folder_is_used_by_one_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("data");
        let first = DataFolder::open(Some(path.clone())).unwrap();
        let second = DataFolder::open(Some(path.clone())).unwrap_err().to_string();
        assert!(second.contains(&format!("process {}", std::process::id())), "{second}");
        drop(first);
        DataFolder::open(Some(path)).unwrap();
    }

    #[test]
    fn a_secret_is_made_once_and_private() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(Some(place.path().to_owned())).unwrap();
        assert_eq!(folder.secret("key", || Ok(vec![1, 2])).unwrap(), [1, 2]);
        assert_eq!(folder.secret("key", || Ok(vec![3])).unwrap(), [1, 2]);
        let mode = place.path().join("key").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
