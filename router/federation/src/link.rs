//! `@link`: which specifications a schema uses, at which versions, and what their elements are called in it.
//!
//! Every rule asks for an element by specification and canonical name; this module alone knows renames and
//! prefixes. It never fetches a specification: a link is a name, not an address.

mod directive;
mod read;
mod url;

pub use directive::{ElementKind, Import, Link, Purpose};
pub use read::Links;
pub use url::{SpecUrl, Version};

use graphql::SourceSpan;
use thiserror::Error;

/// Something wrong with a link, and where.
#[derive(Clone, Debug)]
pub struct LinkFault {
    /// What is wrong.
    pub error: LinkError,
    /// Where: at the import, if it is one.
    pub location: Option<SourceSpan>,
}

/// What can be wrong with a link.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LinkError {
    /// The URL lacks a path, a name, or a version of the form `vN.M`.
    #[error("Invalid @link url `{0}`: it must end in `/<name>/v<major>.<minor>`")]
    Identifier(String),
    /// The link is used in a way the specification does not allow.
    #[error("{0}")]
    Usage(String),
    /// A federation version that does not exist.
    #[error("Unknown federation version v{0}")]
    FederationVersion(Version),
    /// A version of the link or core specification that does not exist.
    #[error("Unknown version v{0} of the link specification")]
    LinkVersion(Version),
}

impl LinkError {
    /// The stable code of the finding.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Identifier(_) => "INVALID_LINK_IDENTIFIER",
            Self::Usage(_) => "INVALID_LINK_DIRECTIVE_USAGE",
            Self::FederationVersion(_) => "UNKNOWN_FEDERATION_LINK_VERSION",
            Self::LinkVersion(_) => "UNKNOWN_LINK_VERSION",
        }
    }
}
