//! Writes a command's results to files: each whole or not at all, and none while another one can't be written.
//!
//! What stands in a file's place and is no regular file (a terminal, a pipe, `/dev/null`) is written to; it is never replaced.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// A result that is ready to be put in its place.
enum Staged<'a> {
    /// Written beside the file that it becomes, so that a reader never sees half a file and a failure leaves the old one.
    Beside(NamedTempFile, PathBuf),
    /// To be written to what is there.
    Straight(File, &'a str),
}

/// Writes one file.
pub fn write(path: &Path, text: &str) -> std::result::Result<(), Failure> {
    stage(path, text).and_then(Staged::finish).map_err(|error| failure(path, &error))
}

fn failure(path: &Path, error: &Error) -> Failure {
    Failure::path("write", path, error, "give a file in a folder that you can write to")
}

fn stage<'a>(path: &Path, text: &'a str) -> Result<Staged<'a>> {
    let mode = match path.metadata() {
        Ok(there) if there.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() => return Ok(Staged::Straight(OpenOptions::new().write(true).open(path)?, text)),
        Ok(there) => there.permissions(),
        Err(_) => PermissionsExt::from_mode(0o644),
    };
    let place = place(path)?;
    let mut file = NamedTempFile::new_in(folder(&place))?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(mode)?;
    Ok(Staged::Beside(file, place))
}

impl Staged<'_> {
    fn finish(self) -> Result<()> {
        match self {
            Self::Beside(file, place) => file.persist(place).map(drop).map_err(|refused| refused.error),
            Self::Straight(mut file, text) => file.write_all(text.as_bytes()),
        }
    }
}

/// Where a path leads, through symbolic links, whether a file is there already or not.
fn place(path: &Path) -> Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => match path.read_link() {
            // Links that lead in a circle are another kind of error, so this comes to an end.
            Ok(target) => place(&folder(path).join(target)),
            Err(_) => Ok(folder(path).canonicalize()?.join(path.file_name().ok_or(error)?)),
        },
        found => found,
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{FileTypeExt, symlink};

    use super::*;

    #[test]
    fn replaces_the_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.graphql");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_one_line_that_names_the_file() {
        let failure = write(Path::new("/nowhere/at/all.graphql"), "x").unwrap_err().to_string();
        assert!(failure.contains("/nowhere/at/all.graphql") && failure.lines().count() == 1, "{failure}");
    }

    #[test]
    fn what_is_no_regular_file_is_written_to_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        let link = folder.path().join("link");
        symlink(&pipe, &link).unwrap();
        write(&link, "text").unwrap();
        assert_eq!(reader.join().unwrap(), "text");
        assert!(link.is_symlink() && fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert!(write(folder.path(), "text").is_err(), "a folder");
    }

    #[test]
    fn a_link_leads_to_the_file_that_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second, file) =
            (folder.path().join("first"), folder.path().join("second"), folder.path().join("file"));
        symlink("second", &first).unwrap();
        symlink("file", &second).unwrap();
        for text in ["one", "two"] {
            write(&first, text).unwrap();
            assert!(first.is_symlink() && second.is_symlink(), "{text}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        symlink("circle", folder.path().join("circle")).unwrap();
        assert!(write(&folder.path().join("circle"), "text").is_err());
    }
}
