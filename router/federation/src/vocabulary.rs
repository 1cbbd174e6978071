//! The federation vocabulary: which directives and types each version of each known specification defines.
//!
//! Definitions come from the public specifications at <https://specs.apollo.dev>. Inside the engine every directive
//! goes by one canonical name (`federation__key`), whatever a subgraph calls it, so no rule looks a name up.

mod definitions;
mod specs;

pub use definitions::{DEFINITIONS, Definition, TYPES};
pub use specs::{COMPOSED_SPECS, ComposedSpec, LATEST_FEDERATION, UPGRADED_FEDERATION, join_version};

use crate::link::{SpecUrl, Version};

/// The identity of the federation specification.
pub const FEDERATION_IDENTITY: &str = "https://specs.apollo.dev/federation";
/// The identity of the link specification.
pub const LINK_IDENTITY: &str = "https://specs.apollo.dev/link";
/// The identity of the core specification, as the link specification was called at first.
pub const CORE_IDENTITY: &str = "https://specs.apollo.dev/core";
/// Where all specifications of federation live.
pub const SPECS_HOME: &str = "https://specs.apollo.dev/";
/// The prefix of canonical names.
pub const CANONICAL_PREFIX: &str = "federation__";

macro_rules! canonical {
    ($($(#[$doc:meta])* $constant:ident = $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: &str = concat!("federation__", $name);)*
    };
}

canonical! {
    /// `@key`
    KEY = "key";
    /// `@requires`
    REQUIRES = "requires";
    /// `@provides`
    PROVIDES = "provides";
    /// `@external`
    EXTERNAL = "external";
    /// `@extends`
    EXTENDS = "extends";
    /// `@shareable`
    SHAREABLE = "shareable";
    /// `@override`
    OVERRIDE = "override";
    /// `@tag`
    TAG = "tag";
    /// `@inaccessible`
    INACCESSIBLE = "inaccessible";
    /// `@composeDirective`
    COMPOSE_DIRECTIVE = "composeDirective";
    /// `@interfaceObject`
    INTERFACE_OBJECT = "interfaceObject";
    /// `@authenticated`
    AUTHENTICATED = "authenticated";
    /// `@requiresScopes`
    REQUIRES_SCOPES = "requiresScopes";
    /// `@policy`
    POLICY = "policy";
    /// `@context`
    CONTEXT = "context";
    /// `@fromContext`
    FROM_CONTEXT = "fromContext";
    /// `@cost`
    COST = "cost";
    /// `@listSize`
    LIST_SIZE = "listSize";
    /// `@cacheTag`
    CACHE_TAG = "cacheTag";
}

/// Whether a federation version exists.
pub fn federation_version_known(version: Version) -> bool {
    version.major == 2 && version.minor <= LATEST_FEDERATION.minor
}

/// Whether a version of the link specification, under its old name or its new one, exists; any of others does.
pub fn link_version_known(url: &SpecUrl) -> bool {
    match url.identity.as_str() {
        LINK_IDENTITY => url.version == Version::new(1, 0),
        CORE_IDENTITY => [Version::new(0, 1), Version::new(0, 2)].contains(&url.version),
        _ => true,
    }
}

/// Whether a specification has a directive at its version; specifications that are not known here have any.
pub fn knows_directive(url: &SpecUrl, element: &str) -> bool {
    if url.identity == FEDERATION_IDENTITY {
        let known = |d: &Definition| d.name == element && d.since <= url.version;
        return DEFINITIONS.iter().any(known);
    }
    if url.identity == LINK_IDENTITY {
        return element == "link";
    }
    match COMPOSED_SPECS.iter().find(|spec| format!("{SPECS_HOME}{}", spec.name) == url.identity) {
        Some(spec) => spec.directives.contains(&element),
        None => true,
    }
}

/// Whether a specification has a type at its version; specifications that are not known here have any.
pub fn knows_type(url: &SpecUrl, element: &str) -> bool {
    if url.identity == FEDERATION_IDENTITY {
        return TYPES.iter().any(|(name, since)| *name == element && *since <= url.version);
    }
    if url.identity == LINK_IDENTITY {
        return element == "Import" || element == "Purpose";
    }
    true
}
