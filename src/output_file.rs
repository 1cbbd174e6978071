//! Writes a command's result to a file, whole or not at all.

use std::io::Write;
use std::path::Path;

use crate::failure::Failure;

/// Writes beside the file and renames, so that a reader never sees half a file and a failure leaves the old one.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        let permissions = match path.metadata() {
            Ok(metadata) => metadata.permissions(),
            Err(_) => std::os::unix::fs::PermissionsExt::from_mode(0o644),
        };
        file.as_file().set_permissions(permissions)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| Failure::path("write", path, &error, "give a file in a folder that you can write to"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_the_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.graphql");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_one_line_that_names_the_file() {
        let failure = write(Path::new("/nowhere/at/all.graphql"), "x").unwrap_err().to_string();
        assert!(failure.contains("/nowhere/at/all.graphql") && failure.lines().count() == 1, "{failure}");
    }
}
