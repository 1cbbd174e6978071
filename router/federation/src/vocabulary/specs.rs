//! The specifications that a supergraph carries on from its subgraphs, and the join version that it is written in.

use crate::link::{Purpose, Version};

/// The newest federation version known.
pub const LATEST_FEDERATION: Version = Version::new(2, 14);
/// The version that a federation 1 schema is upgraded to.
pub const UPGRADED_FEDERATION: Version = Version::new(2, 4);

/// A specification whose directives pass from subgraphs into the supergraph.
#[derive(Clone, Copy, Debug)]
pub struct ComposedSpec {
    /// Its name, under the common home of all specifications.
    pub name: &'static str,
    /// The version that the supergraph links.
    pub version: Version,
    /// What the supergraph says it is for.
    pub purpose: Option<Purpose>,
    /// Its directives, without `@`.
    pub directives: &'static [&'static str],
    /// The first federation version that has it.
    pub since: Version,
}

const fn spec(
    name: &'static str,
    version: Version,
    purpose: Option<Purpose>,
    directives: &'static [&'static str],
    minor: u32,
) -> ComposedSpec {
    ComposedSpec { name, version, purpose, directives, since: Version::new(2, minor) }
}

/// Specifications that are linked in a supergraph when one of their directives is applied, in the order linked.
pub const COMPOSED_SPECS: &[ComposedSpec] = &[
    spec("tag", Version::new(0, 3), None, &["tag"], 0),
    spec("inaccessible", Version::new(0, 2), Some(Purpose::Security), &["inaccessible"], 0),
    spec("authenticated", Version::new(0, 1), Some(Purpose::Security), &["authenticated"], 5),
    spec("requiresScopes", Version::new(0, 1), Some(Purpose::Security), &["requiresScopes"], 5),
    spec("policy", Version::new(0, 1), Some(Purpose::Security), &["policy"], 6),
    spec("context", Version::new(0, 1), Some(Purpose::Security), &["context"], 8),
    spec("cost", Version::new(0, 1), None, &["cost", "listSize"], 9),
    spec("cacheTag", Version::new(0, 1), Some(Purpose::Execution), &["cacheTag"], 12),
];

/// The join version that goes with the highest federation version among the subgraphs.
pub fn join_version(federation: Version) -> Version {
    match federation.minor {
        0..=6 => Version::new(0, 3),
        7 => Version::new(0, 4),
        _ => Version::new(0, 5),
    }
}
