//! The stable `extensions.code` values that router and subgraphs share.
//!
//! Clients match on these, so a value never changes its meaning.

/// The call carries no identity, or one that doesn't hold.
pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// The caller is known and may not do or see this.
pub const FORBIDDEN: &str = "FORBIDDEN";
/// The object named by the call doesn't exist.
pub const NOT_FOUND: &str = "NOT_FOUND";
/// A global id that isn't one of this type.
pub const INVALID_ID: &str = "INVALID_ID";
/// `first`, `after`, `last` or `before` that make no page.
pub const INVALID_PAGINATION: &str = "INVALID_PAGINATION";
/// A value of the right type that the domain refuses, or that isn't written as its scalar is.
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// The body isn't a GraphQL request.
pub const BAD_REQUEST: &str = "BAD_REQUEST";
/// The body is larger than the receiver reads.
pub const PAYLOAD_TOO_LARGE: &str = "PAYLOAD_TOO_LARGE";
/// The body's content type isn't one the receiver reads.
pub const UNSUPPORTED_MEDIA_TYPE: &str = "UNSUPPORTED_MEDIA_TYPE";
/// The document doesn't parse.
pub const GRAPHQL_PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
/// The document doesn't fit the schema, or exceeds a limit.
pub const GRAPHQL_VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
/// The operation could make more work than one request may.
pub const OPERATION_TOO_COMPLEX: &str = "OPERATION_TOO_COMPLEX";
/// Something that the answer needs can't be had now: the same request may be answered later.
pub const UNAVAILABLE: &str = "UNAVAILABLE";
/// A fault of ours; the details are in the log under the trace id.
pub const INTERNAL_SERVER_ERROR: &str = "INTERNAL_SERVER_ERROR";
