//! Writes the schema of every event, command and reply below a folder: `cargo run -p wire --example write_schemas -- schema`.
//!
//! A version's first form is written when it isn't there yet, and never again: who must change a version that was never
//! published deletes it by hand. Fails, after writing, if a schema is no longer the version that it was at first.

use std::error::Error;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use wire::schema::{catalogue, compatibility::differences};

fn main() -> Result<(), Box<dyn Error>> {
    let root = std::env::args_os().nth(1).ok_or("the folder is missing: schema")?;
    let root = Path::new(&root);
    let mut count = 0;
    for (folder, kind) in catalogue() {
        let (now, first) = (kind.path(folder, kind.version), kind.first_path(folder, kind.version));
        let text = kind.schema_text();
        write(&root.join(&now), &text)?;
        write_once(&root.join(&first), &text)?;
        let first = serde_json::from_str(&fs::read_to_string(root.join(first))?)?;
        for difference in differences(&first, &kind.schema()) {
            eprintln!("{now}: {difference}");
            count += 1;
        }
    }
    if count == 0 { Ok(()) } else { Err("what differs from its first form needs another version".into()) }
}

/// Replaces a file by one that is whole.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("json.new");
    fs::write(&new, text)?;
    fs::rename(new, path)
}

/// Makes a file that there isn't, and leaves one that there is.
fn write_once(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}
