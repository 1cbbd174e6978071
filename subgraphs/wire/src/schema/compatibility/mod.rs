//! Whether two schemas of one version are compatible: from the first form to the later one only optional fields may have been
//! added.
//!
//! Then code that knows the first form reads what later code writes, as it ignores what it doesn't know; and later code reads
//! what was written in the first form. Everything else is found, with who couldn't read whom any more. Names, descriptions
//! and examples don't matter, nor which parts of a schema have a definition of their own.
//!
//! Where the check doesn't know a keyword, or can't follow, it finds a difference rather than none.

mod difference;
mod object;
mod resolve;
#[cfg(test)]
mod tests;
mod values;
mod walk;

use serde_json::Value;

pub use difference::{Breaks, Change, Difference};

/// What keeps `later` from being the same version as `first`; nothing if it is compatible.
#[must_use]
pub fn differences(first: &Value, later: &Value) -> Vec<Difference> {
    let mut walk = walk::Walk::new(first, later);
    walk.compare(first, later, &walk::Place::root());
    walk.found
}
