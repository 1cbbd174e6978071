//! Writes a command's results to files: each whole or not at all, and none while another one can't be written.
//!
//! What stands in a file's place and is no regular file (a terminal, a pipe, `/dev/null`) is written to; it is never replaced.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
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

/// Writes files that belong together, each to a place of its own and none to a place that was `read`. Nothing is in its place
/// before all of it is on the disk.
pub fn write_all(outputs: &[(&Path, &str)], read: &[PathBuf]) -> Result<(), Failure> {
    let meeting = meeting(outputs, read);
    if !meeting.is_empty() {
        return Err(Failure::environment(format!(
            "{}; nothing is written: give each a file of its own",
            meeting.join("; ")
        )));
    }
    let mut staged = Vec::with_capacity(outputs.len());
    for (path, text) in outputs {
        staged.push((path, stage(path, text).map_err(|error| failure(path, &error))?));
    }
    staged.into_iter().try_for_each(|(path, staged)| staged.finish().map_err(|error| failure(path, &error)))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::path("write", path, error, "give a file in a folder that you can write to")
}

/// Which files would be written over another result or over what was read, in words.
fn meeting(outputs: &[(&Path, &str)], read: &[PathBuf]) -> Vec<String> {
    let read: Vec<PathBuf> = read.iter().filter_map(|path| place(path).ok()).collect();
    let mut taken = Vec::with_capacity(outputs.len());
    let mut meeting = Vec::new();
    for (path, _) in outputs {
        // Where no file can be, or something that takes more than one result, nothing is lost.
        let Some(place) = place(path).ok().filter(|place| place.is_file() || !place.exists()) else { continue };
        if read.contains(&place) {
            meeting.push(format!("{} is both read and to be written", path.display()));
        } else if taken.contains(&place) {
            meeting.push(format!("{} is to be written twice", path.display()));
        }
        taken.push(place);
    }
    meeting
}

fn stage<'a>(path: &Path, text: &'a str) -> io::Result<Staged<'a>> {
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
    fn finish(self) -> io::Result<()> {
        match self {
            Self::Beside(file, place) => file.persist(place).map(drop).map_err(|refused| refused.error),
            Self::Straight(mut file, text) => file.write_all(text.as_bytes()),
        }
    }
}

/// Where a path leads, through symbolic links, whether a file is there already or not.
fn place(path: &Path) -> io::Result<PathBuf> {
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

    fn write(path: &Path, text: &str) -> Result<(), Failure> {
        write_all(&[(path, text)], &[])
    }

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
    fn nothing_is_written_unless_all_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("read"), "read").unwrap();
        symlink("read", path("link")).unwrap();
        fs::create_dir(path("below")).unwrap();
        for (second, says) in [
            ("missing/two", "cannot write"),
            ("below/../one", "to be written twice"),
            ("read", "both read and to be written"),
            ("link", "both read and to be written"),
        ] {
            let (one, two) = (path("one"), path(second));
            let refused = write_all(&[(&one, "1"), (&two, "2")], &[path("read")]).unwrap_err().to_string();
            assert!(refused.contains(says) && refused.contains(&two.display().to_string()), "{refused}");
            assert!(!one.exists() && fs::read_to_string(path("read")).unwrap() == "read", "{second}");
        }
        write_all(&[(&path("one"), "1"), (&path("two"), "2")], &[path("read")]).unwrap();
        assert_eq!(fs::read_to_string(path("two")).unwrap(), "2");
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
