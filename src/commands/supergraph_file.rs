//! The file that holds a supergraph schema, for the commands that take one.

use std::path::Path;
use std::sync::Arc;

use federation::Supergraph;

use crate::compose;
use crate::failure::Failure;

/// Reads and loads it.
pub fn read(path: &Path) -> Result<Arc<Supergraph>, Failure> {
    load(path, &text(path)?)
}

/// Reads its text.
pub fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::path("read the supergraph schema", path, &error, "write one with supergraph compose"))
}

/// Loads its text, which was read from `path`.
pub fn load(path: &Path, text: &str) -> Result<Arc<Supergraph>, Failure> {
    compose::supergraph(text, &path.display().to_string())
}
