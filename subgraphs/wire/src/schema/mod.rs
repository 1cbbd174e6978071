//! The schemas of everything that travels: a catalogue of all types, their JSON Schemas as text, and the check that a version
//! only ever got optional fields.
//!
//! The schemas are committed, so that a change of a contract is seen where changes are reviewed; beside each stands the first form
//! of its version, written once. Nothing here reads or writes a file: that is for tests and for `write_schemas`.

mod catalogue;
pub mod compatibility;

#[cfg(test)]
mod tests;

pub use catalogue::{Folder, Type, Types, catalogue, is_known};
