//! Why a request is refused before anything is executed.
//!
//! Every message is safe to show to the client: it speaks of the client's own text and of the API schema only.

use std::fmt;

use crate::diagnostic::Location;

/// The `extensions.code` of request errors.
pub mod code {
    /// Not GraphQL.
    pub const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    /// GraphQL, but not for this schema.
    pub const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
    /// Variables that don't fit their types.
    pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    /// No operation, several without a name, or an unknown name.
    pub const OPERATION_RESOLUTION_FAILURE: &str = "OPERATION_RESOLUTION_FAILURE";
    /// Too many tokens.
    pub const MAX_TOKENS_LIMIT: &str = "MAX_TOKENS_LIMIT";
    /// Nested too deeply: selections, values or types.
    pub const MAX_DEPTH_LIMIT: &str = "MAX_DEPTH_LIMIT";
    /// Too many aliases.
    pub const MAX_ALIASES_LIMIT: &str = "MAX_ALIASES_LIMIT";
    /// Too many fields at the root.
    pub const MAX_ROOT_FIELDS_LIMIT: &str = "MAX_ROOT_FIELDS_LIMIT";
    /// Too many fields altogether.
    pub const MAX_SELECTIONS_LIMIT: &str = "MAX_SELECTIONS_LIMIT";
    /// Introspection nested so that its answer would explode.
    pub const MAX_INTROSPECTION_DEPTH_LIMIT: &str = "MAX_INTROSPECTION_DEPTH_LIMIT";
    /// Introspection that asks for many times the schema.
    pub const MAX_INTROSPECTION_SIZE_LIMIT: &str = "MAX_INTROSPECTION_SIZE_LIMIT";
}

/// One reason. A response carries it as an entry of `errors`, without `path`, and has no `data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// One or two plain sentences.
    pub message: String,
    /// The stable `extensions.code`, one of [`code`].
    pub code: &'static str,
    /// Where in the client's text; may be empty.
    pub locations: Vec<Location>,
}

impl RequestError {
    /// An error that has no place in the text.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { message: message.into(), code, locations: Vec::new() }
    }

    /// Adds a place, if there is one.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.locations.extend(location);
        self
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RequestError {}
